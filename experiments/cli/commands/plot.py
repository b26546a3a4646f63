"""`subsoil plot`: pictures of a store."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli import output
from experiments.cli.options import one_of
from experiments.errors import InputError

if TYPE_CHECKING:
    import xarray as xr

KINDS = ("zone", "map", "fan", "utility", "reasons", "prices", "trade")
FANS = ("fighting", "china_mine_share", "price_magnet_united_states", "price_heavy_united_states")
UTILITY = {"utility": ("blue", "-"), "revenue_part": ("green", "--"), "security_part": ("vermilion", ":")}
"""The parts of a country's utility, with colour and dashes."""


def plot(
    store: Annotated[str, typer.Argument(help="A store of `subsoil run` or `subsoil sweep`.")],
    what: Annotated[str, typer.Option(help=f"{', '.join(KINDS)}; by default what fits.")] = "",
    variable: Annotated[str, typer.Option(help="Which variable, for map and fan.")] = "",
    country: Annotated[str, typer.Option(help="Which country, for utility.")] = "ukraine",
    by: Annotated[str, typer.Option(help="Facets over one more parameter; over tripwire they come by default.")] = "",
    out: Annotated[str | None, typer.Option(help="Picture to write; by default beside the store.")] = None,
) -> None:
    """Draw what a store shows.

    The zone of agreement of a sweep over two terms, the fan of a run, the reasons of both signatories, ...

    Example: subsoil plot results/demo.zarr --what map --variable renewed_war_10y
    """
    if what:
        one_of("--what", what, KINDS)
    from experiments.store.dataset import open_results

    results = open_results(store)
    wanted = what or _fitting(results)
    name = "-".join(part for part in (Path(store).name.removesuffix(".zarr"), wanted, variable) if part)
    target = out or str(Path(store).with_name(f"{name}.png"))
    output.save_pictures({target: _draw(results, wanted, variable, country, by)}, quiet=True)
    further = ("info", store) if what else ("plot", store, "--what", "map" if wanted == "zone" else "reasons")
    typer.echo(f"Drawn in {target}. Next: {output.call(*further)}")


def _fitting(results: xr.Dataset) -> str:
    """What suits a store best."""
    wide = [dim for dim in _axes(results["signed"]) if results.sizes[dim] > 1]
    months = any("month" in each.dims for each in results.data_vars.values())
    if len(wide) >= 2:
        return "zone"
    if wide and not (wide == ["tripwire"] and months):
        raise InputError(
            f"this sweep has the one axis {wide[0]}: a map needs two; choose --what fan, reasons or prices"
        )
    return "fan" if months else "reasons"


def _axes(table: xr.Dataset | xr.DataArray) -> list[str]:
    """What was swept over."""
    return [str(dim) for dim in table.dims if dim not in ("month", "replicate", "quantile")]


def _draw(results: xr.Dataset, what: str, variable: str, country: str, by: str) -> Any:
    results = results.squeeze([dim for dim in _axes(results) if results.sizes[dim] == 1])
    if what in ("zone", "map"):
        return _map(results, what, variable or "signed", by)
    if what == "fan":
        return _fans(results, [variable] if variable else [name for name in FANS if name in results], by)
    if what == "utility":
        return _utility(results, country, by)
    if what == "prices":
        from experiments.validation.price_record import recorded_prices

        return output.headless_plots().price_record(recorded_prices())
    return _of_terms(results, what)


def _map(results: xr.Dataset, what: str, variable: str, by: str) -> Any:
    """The zone of agreement, or one variable, over two axes of a sweep, in facets where there are three."""
    from experiments.analysis import agreement_zones as deals

    plots = output.headless_plots()
    axes = _axes(results)
    by = by or ("tripwire" if len(axes) == 3 and "tripwire" in axes else "")
    listed = ", ".join(axes) or "none"
    if len(axes) != 2 + bool(by):
        raise InputError(f"a {what} needs two axes{' beside --by' if by else ''}, the store has {listed}")
    if by and by not in axes:
        raise InputError(f"--by {by}: the store has the axes {listed}")
    if what == "zone":
        zone = deals.agreement(results)
        if by:
            return plots.facets(zone, plots.zone_map, by=by)
        return plots.zone_map(zone, drafts=deals.recorded_drafts(results))
    outcome = _known(results, variable, "--variable")
    limits = None
    if outcome.attrs["unit"] == "0/1":
        shares = deals.share_of_worlds(outcome)
        shown = shares["share"]
        # Colours spread over eight errors at least, lest noise looks like more.
        low, high = float(shown.min()), float(shown.max())
        short = max(8 * float(shares.error.max()) - (high - low), 0.0) / 2
        limits = max(low - short, 0.0), min(high + short, 1.0)
    else:
        words = f"mean of worlds: {outcome.attrs['meaning']}"
        shown = outcome.mean("replicate").assign_attrs(outcome.attrs | {"long_name": words})
    shown.attrs |= _facts(results)
    return plots.facets(shown, plots.heat_map, by=by, limits=limits) if by else plots.heat_map(shown, limits=limits)


def _fans(results: xr.Dataset, names: list[str], by: str) -> Any:
    """Fans of one or several variables; the first of them alone where there are facets."""
    from experiments.analysis import quantile_bands as bands

    plots = output.headless_plots()
    if not names:
        raise InputError("this store keeps no months: run it with --record trajectories")
    for name in names:
        by = _one_facet(_known(results, name, "--variable"), by, "fan")

    def draw(name: str, **options: Any) -> Any:
        paths = results[name]
        truth = paths.attrs["unit"] == "0/1"
        chart = plots.mean_chart if truth else plots.fan_chart
        table = bands.means(paths) if truth else bands.bands(paths)
        options |= {} if truth else {"log": name.startswith("price")}
        if by:
            return plots.facets(table.assign_attrs(_facts(results)), chart, by=by, **options)
        return chart(table, **options)

    if by:
        return draw(names[0])
    columns, rows = min(2, len(names)), -(-len(names) // 2)
    axes = plots.axes_grid(rows, columns, 6.8 * columns, 3.6 * rows)
    for name, ax in itertools.zip_longest(names, axes.flat):
        if name:
            draw(name, ax=ax)
        else:
            ax.set_visible(False)
    return axes


def _facts(results: xr.Dataset) -> dict[str, Any]:
    """What a picture of a store says about where it comes from."""
    kept = {key: results.attrs[key] for key in ("preset", "seed", "parameters") if key in results.attrs}
    return kept | {"replicates": results.sizes["replicate"]} if "replicate" in results.sizes else kept


def _one_facet(paths: xr.DataArray, by: str, what: str) -> str:
    """The dimension of the facets: `by`, or the hypotheses where the store varies nothing else."""
    rows = _axes(paths)
    by = by or ("tripwire" if rows == ["tripwire"] else "")
    if rows != [by] * bool(by):
        raise InputError(f"a {what} shows one row, and the store has several: {', '.join(rows)}; see --by")
    return by


def _utility(results: xr.Dataset, country: str, by: str) -> Any:
    """A country's utility by month and its two parts, means over worlds on one Axes."""
    from experiments.analysis import quantile_bands as bands

    plots = output.headless_plots()
    by = _one_facet(_known(results, f"utility_{country}", "--country"), by, "utility")
    title = f"utility of {plots.country_name(country)}, a year"

    def draw(table: xr.Dataset, ax: Any = None, key: bool = True) -> Any:
        for part, (colour, dashes) in UTILITY.items():
            name = part.replace("_", " ") + ("" if part == "utility" else " (before its weight)")
            shown = bands.means(table[f"{part}_{country}"].load())
            ax = plots.mean_chart(shown, ax=ax, name=name, colour=colour, dashes=dashes, title=title, key=key)
        return ax

    wanted = results[[f"{part}_{country}" for part in UTILITY]].assign_attrs(_facts(results) | {"long_name": title})
    return plots.facets(wanted, draw, by=by) if by else draw(wanted)


def _of_terms(results: xr.Dataset, what: str) -> Any:
    """Pictures that follow from the terms which all rows of a store share."""
    from experiments.analysis.acceptance_reasons import reasons, turning_points
    from experiments.analysis.trade_flows import flow_map, observe
    from model.parameters.table import DECLARATIONS, Parameters

    plots = output.headless_plots()
    shared = json.loads(results.attrs["parameters"])
    if missing := [name for name in DECLARATIONS if name not in shared]:
        raise InputError(
            f"--what {what} needs one row: {missing[0]} varies in this store; use a store of `subsoil run`"
        )
    parameters, seed = Parameters(**shared), int(results.attrs["seed"])
    if what == "trade":
        date = f"{parameters.start}-12"
        flows = flow_map(observe(parameters, date, seed=seed), date, seed=seed)
        return plots.trade_flows(flows.sel(material="magnet"))
    cases = {"The terms of this run": reasons(parameters, seed)}
    return plots.reasons_figure(cases, turning_points(parameters, seed=seed))


def _known(results: xr.Dataset, name: str, option: str) -> xr.DataArray:
    """The variable `name` of a store. Raises InputError with the nearest if it has none."""
    if name not in results:
        from model.parameters.declaration import nearest

        raise InputError(f"{option}: the store has no variable {name!r}; {nearest(name, map(str, results.data_vars))}")
    return results[name].load()
