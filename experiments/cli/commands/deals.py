"""`subsoil deals`: the zone of agreement of a sweep over terms, and the points at which theory would settle."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli.options import Json, plain

if TYPE_CHECKING:
    import xarray as xr


def deals(
    store: Annotated[str, typer.Argument(help="A store of `subsoil sweep` over terms of the deal.")],
    threshold: Annotated[
        float, typer.Option(help="Share of worlds in which both must sign for a point to be in the zone.", min=0, max=1)
    ] = 0.5,
    json: Json = False,
    out: Annotated[str | None, typer.Option(metavar="FIG.png", help="Map of the zone with the points in it.")] = None,
) -> None:
    """Zone of agreement and Nash point of a sweep.

    And the Kalai-Smorodinsky point; the sweep must be one over terms.

    The points are yardsticks: what the two theories would choose on the grid by the mean gains before private
    types, with no deal as the alternative. Other axes of the sweep, as tripwire, give a row each.

    Example: subsoil deals results/demo.zarr --out points.png
    """
    from experiments.analysis import agreement_zones as rooms
    from experiments.store.dataset import open_results
    from model.talks.talks import TERMS

    results = open_results(store)
    short = [str(dim) for dim in results["signed"].dims if dim != "replicate" and results.sizes[dim] == 1]
    results = results.squeeze(short)
    axes = [str(dim) for dim in results["signed"].dims if dim != "replicate"]
    terms = [dim for dim in axes if dim in TERMS]
    if not terms:
        found = ", ".join(axes) or "none"
        raise ValueError(f"{store}: no axis is a term of the deal, the axes are {found}; sweep over ownership_share")
    table = rooms.agreement(results, threshold)
    bounds = rooms.zone_bounds(table, *terms)
    points = {
        "Nash": rooms.nash_point(table, *terms),
        "Kalai-Smorodinsky": rooms.kalai_smorodinsky_point(table, *terms),
    }
    others = [dim for dim in axes if dim not in terms]
    rows = [_row(where, bounds, points, terms) for where in _places(table, others)]
    if json:
        import json as text

        typer.echo(text.dumps({"store": store, "threshold": threshold, "terms": terms, "rows": rows}, indent=1))
    else:
        typer.echo("\n\n".join(_lines(row, threshold) for row in rows))
        typer.echo(f"\n{table.attrs['replicates']} worlds a point. Gains in percent of Ukraine's GDP, before types.")
    if out:
        _draw(table, points, terms, others, out)
        if not json:
            typer.echo(f"Drawn in {out}.")


def _places(table: xr.Dataset, others: list[str]) -> list[dict[str, Any]]:
    """Every combination of the values of the axes that are no terms."""
    return [dict(zip(others, values, strict=True)) for values in product(*(table[dim].values for dim in others))]


def _row(where: dict[str, Any], bounds: xr.Dataset, points: dict[str, xr.Dataset], terms: list[str]) -> dict[str, Any]:
    zone = bounds.sel(where)
    row: dict[str, Any] = {
        "where": {name: value if isinstance(value, str) else plain(value) for name, value in where.items()},
        "area": plain(zone["area"]),
        "bounds": {term: [plain(zone[f"{term}_low"]), plain(zone[f"{term}_high"])] for term in terms},
    }
    for name, point in points.items():
        row[name] = {str(key): plain(value) for key, value in point.sel(where).data_vars.items()}
    return row


def _lines(row: dict[str, Any], threshold: float) -> str:
    """One combination in words."""
    head = ", ".join(f"{name} {value}" for name, value in row["where"].items())
    lines = [head] if head else []
    if row["area"]:
        sides = "; ".join(f"{term} {low:g} to {high:g}" for term, (low, high) in row["bounds"].items())
        lines.append(
            f"  zone: both sign in {threshold:.0%} of worlds or more on {row['area']:.1%} of the grid; {sides}"
        )
    else:
        lines.append(f"  zone: empty, nowhere do both sign in {threshold:.0%} of worlds")
    for name in ("Nash", "Kalai-Smorodinsky"):
        lines.append(f"  {name}: {_point(row[name], list(row['bounds']))}")
    return "\n".join(lines)


def _point(point: dict[str, Any], terms: list[str]) -> str:
    if point[terms[0]] is None:
        return "none, every point of the grid harms somebody"
    place = ", ".join(f"{term} {point[term]:g}" for term in terms)
    return (
        f"{place}; Ukraine gains {point['ukraine_gain']:+.2f} and signs in {point['ukraine_signs']:.0%}, "
        f"the United States {point['united_states_gain']:+.2f} and {point['united_states_signs']:.0%}"
    )


def _draw(table: xr.Dataset, points: dict[str, xr.Dataset], terms: list[str], others: list[str], out: str) -> None:
    if len(terms) != 2 or any(dim != "tripwire" for dim in others):
        raise ValueError(f"--out: a map needs two terms and no other axis but tripwire, the store has {terms + others}")
    import matplotlib as mpl

    mpl.use("Agg")
    from experiments import plots

    options: dict[str, Any] = {} if others else {"points": points}
    plots.save(plots.zone_map(table, **options), out)
