"""`subsoil deals`: the zone of agreement of a sweep over terms, and the points at which theory would settle."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import product
from typing import Annotated, Any

import typer

from experiments.cli import output
from experiments.cli.options import Json, Picture
from experiments.errors import InputError


def deals(
    store: Annotated[str, typer.Argument(help="A store of `subsoil sweep` over terms of the deal.")],
    threshold: Annotated[
        float, typer.Option(help="The zone is where both would sign in at least this share of worlds.", min=0, max=1)
    ] = 0.5,
    json: Json = False,
    out: Picture = None,
) -> None:
    """Zone of agreement and Nash point of a sweep.

    And the Kalai-Smorodinsky point; the sweep must be one over terms.

    The points are yardsticks: what the two theories would choose on the grid by the mean gains before private
    types, with no deal as the alternative. Other axes of the sweep, as tripwire, give a row each.

    Example: subsoil deals results/demo.zarr --out points.png
    """
    from experiments.analysis.deal import agreement_zones as zones
    from experiments.store.dataset import open_results
    from model.states.deal import TERMS

    results = open_results(store)
    short = [str(dim) for dim in results["signed"].dims if dim != "replicate" and results.sizes[dim] == 1]
    results = results.squeeze(short)
    axes = [str(dim) for dim in results["signed"].dims if dim != "replicate"]
    terms = [dim for dim in axes if dim in TERMS]
    if not terms:
        listed = ", ".join(axes) or "none"
        raise InputError(f"{store}: no axis is a term of the deal, the axes are {listed}; sweep over ownership_share")
    table = zones.agreement(results, threshold)
    bounds = zones.zone_bounds(table, *terms)
    points = {
        "Nash": zones.nash_point(table, *terms),
        "Kalai-Smorodinsky": zones.kalai_smorodinsky_point(table, *terms),
    }
    others = [dim for dim in axes if dim not in terms]
    rows = []
    for values in product(*(table[dim].values.tolist() for dim in others)):
        where = dict(zip(others, values, strict=True))
        zone = {str(name): float(value) for name, value in bounds.sel(where).items()}
        edges = {term: [zone[f"{term}_low"], zone[f"{term}_high"]] for term in terms}
        at = {name: {key: float(each) for key, each in point.sel(where).items()} for name, point in points.items()}
        rows.append({"where": where, "area": zone["area"], "unknown": zone["unknown"], "bounds": edges} | at)
    if json:
        output.print_json({"store": store, "threshold": threshold, "terms": terms, "rows": rows})
    else:
        for row in rows:
            _show(row, threshold)
        run = f"Preset {table.attrs['preset']}, seed {table.attrs['seed']}, {table.attrs['replicates']} worlds a point"
        output.print_text(f"{run}. Gains in percent of Ukraine's GDP, before types.")
    if out:
        if len(terms) != 2 or any(dim != "tripwire" for dim in others):
            needs = "a map needs two terms and no other axis but tripwire"
            raise InputError(f"--out: {needs}, the store has {', '.join(terms + others)}")
        options: dict[str, Any] = {} if others else {"points": points}
        output.save_pictures({out: output.headless_plots().zone_map(table, **options)}, quiet=json)


def _show(row: dict[str, Any], threshold: float) -> None:
    """Print one combination in words."""
    if row["where"]:
        typer.echo(", ".join(f"{name} {output.cell(value)}" for name, value in row["where"].items()))
    share = "half" if threshold == 0.5 else f"{threshold:.0%}"
    if math.isnan(row["area"]):
        output.print_text("zone, Nash, Kalai-Smorodinsky: unknown, no point of the grid is known", "  ", "    ")
        return
    part = f"{row['unknown']:.1%} of the grid is not known; in the rest, " if row["unknown"] else ""
    zone = f"zone: {part or 'empty, '}nowhere would both sign in at least {share} of worlds"
    if row["area"] > 0:
        sides = "; ".join(f"{term} {low:g} to {high:g}" for term, (low, high) in row["bounds"].items())
        zone = f"zone: {part}both would sign in at least {share} of worlds on {row['area']:.1%} of the grid; {sides}"
    output.print_text(zone, "  ", "    ")
    for name in ("Nash", "Kalai-Smorodinsky"):
        output.print_text(f"{name}: {_point(row[name], row['bounds'], bool(part))}", "  ", "    ")
    typer.echo()


def _point(point: dict[str, float], terms: Iterable[str], in_part: bool) -> str:
    if any(map(math.isnan, point.values())):
        return "unknown, each point known harms somebody" if in_part else "none, every point of the grid harms somebody"
    where = "of the points known, " * in_part + ", ".join(f"{term} {point[term]:g}" for term in terms)
    return (
        f"{where}; Ukraine gains {point['ukraine_gain']:+.2f} and signs in {point['ukraine_signs']:.0%}, "
        f"the United States {point['united_states_gain']:+.2f} and {point['united_states_signs']:.0%}"
    )
