"""The pictures of a store: which of its rows and variables they show, and what is said beside them."""

from __future__ import annotations

import itertools
import json
import textwrap
from typing import TYPE_CHECKING, Any

from experiments.cli import output
from experiments.errors import InputError

if TYPE_CHECKING:
    import xarray as xr

SIGNS = {"ukraine_accepts": "Ukraine would sign", "united_states_accepts": "the United States would sign",
         "both": "both would sign"}  # fmt: skip
"""What is shown of a sweep where no variable is named; `both` is of the two before it in the same world."""
MOST_ROWS = 30
"""Rows of a table that stand side by side; of more a cloud is drawn."""
FANS = ("fighting", "china_mine_share", "price_magnet_united_states", "price_heavy_united_states")
UTILITY = {
    "utility": ("blue", "-"), "money": ("green", "--"), "security": ("vermilion", ":"), "politics": ("purple", "-."),
}  # fmt: skip
"""A country's utility and its parts, with colour and dashes."""


def swept_axes(results: xr.Dataset) -> list[str]:
    """The axes along which a store has more than one row."""
    return [dim for dim in axes_of(results["signed"]) if results.sizes[dim] > 1]


def number_axes(results: xr.Dataset, axes: list[str]) -> list[str]:
    """Those axes that are parameters with numbers."""
    return [dim for dim in axes if dim in results.coords and results[dim].dtype.kind in "iuf"]


def axes_of(table: xr.DataArray) -> list[str]:
    """What was swept over."""
    return [str(dim) for dim in table.dims if dim not in ("month", "replicate", "quantile")]


def draw_store(results: xr.Dataset, what: str, variable: str, country: str, by: str) -> Any:
    """The picture `what` of a store: its Axes, or an array of them. Raises InputError where the store has none."""
    results = results.squeeze([dim for dim in axes_of(results["signed"]) if results.sizes[dim] == 1])
    if what in ("zone", "map"):
        return _map(results, what, variable or "both", by)
    if what in ("curve", "intervals", "sample"):
        return _effects(results, what, [variable] if variable else list(SIGNS))
    if what == "prices":
        return _fans(results, [str(name) for name in results if str(name).startswith("price_")
                               and "month" in results[name].dims], by)  # fmt: skip
    if what == "fan":
        war = _start(results) == "2025"
        fans = [name for name in FANS if name in results and "month" in results[name].dims]
        return _fans(results, [variable] if variable else [name for name in fans if war or name != "fighting"], by)
    if what == "utility":
        return _utility(results, country, by)
    return _of_terms(results, what)


def _start(results: xr.Dataset) -> str:
    return str(json.loads(results.attrs["parameters"]).get("start", ""))


def _outcome(results: xr.Dataset, name: str) -> xr.DataArray:
    """An outcome by name, in words that say what it is; `both` is that both would sign in the same world."""
    if name == "both":
        both = [_known(results, f"{who}_accepts", "--variable") for who in ("ukraine", "united_states")]
        return (both[0] * both[1]).assign_attrs(unit="0/1", meaning="both would sign")
    outcome = _known(results, name, "--variable")
    if "month" in outcome.dims:
        raise InputError(f"--variable {name} is kept by month: choose an outcome, or --what fan of a store of one row")
    if name == "signed" and json.loads(results.attrs["parameters"]).get("talks") == "fixed":
        return outcome.assign_attrs(meaning="Ukraine would sign (the terms are on the table)")
    return outcome


def _table(results: xr.Dataset, name: str) -> xr.Dataset:
    """Mean, interval and worlds known of an outcome by row; of renewed war as Kaplan and Meier estimate it."""
    from experiments.analysis.quantile_bands import means
    from experiments.analysis.shares_and_survival import renewed_war_by_row

    years = {"renewed_war_5y": 5, "renewed_war_10y": 10}.get(name)
    if years and {"ceasefire_month", "renewal_month"} <= set(results):
        return renewed_war_by_row(results, years)
    return means(_outcome(results, name), "replicate")


def _map(results: xr.Dataset, what: str, variable: str, by: str) -> Any:
    """The zone of agreement, or one variable, over two axes of a sweep, in facets where there are three."""
    from experiments.analysis.deal import agreement_zones as deals

    plots = output.headless_plots()
    axes = axes_of(results["signed"])
    if not by and len(axes) == 3:
        by = min(axes, key=lambda dim: (dim in number_axes(results, axes), results.sizes[dim]))
    listed = ", ".join(axes) or "none"
    if by and by not in axes:
        raise InputError(f"--by {by}: the store has the axes {listed}")
    if len(axes) != 2 + bool(by):
        raise InputError(f"a {what} needs two axes, or three with one as --by, the store has {listed}")
    if what == "zone":
        zone = deals.agreement(results)
        if by:
            return plots.facets(zone, plots.zone_map, by=by)
        return plots.zone_map(zone, drafts=deals.recorded_drafts(results))
    table = _table(results, variable)
    shown, limits = table["mean"], None
    share = shown.attrs["unit"] == "0/1"
    if share and bool(shown.notnull().any()):
        # Colours spread over four intervals at least, lest noise looks like more.
        low, high = float(shown.min()), float(shown.max())
        short = max(4 * float((table["high"] - table["low"]).max()) - (high - low), 0.0) / 2
        limits = max(low - short, 0.0), min(high + short, 1.0)
    some = shown.attrs["unit"] == "months" and bool((table["known"] < results.sizes["replicate"]).any())
    kind = f"{'share' if share else 'mean'} of worlds{' where it happens' if some else ''}"
    shown = shown.assign_attrs(deals.facts(results) | {"long_name": f"{kind}: {shown.attrs['meaning']}"})
    return plots.facets(shown, plots.heat_map, by=by, limits=limits) if by else plots.heat_map(shown, limits=limits)


def _effects(results: xr.Dataset, what: str, names: list[str]) -> Any:
    """Outcomes against one parameter, side by side for a few rows, or over the parameters of a sample."""
    from experiments.analysis.deal.agreement_zones import facts

    plots = output.headless_plots()
    about = facts(results)
    tables = {SIGNS.get(name, ""): _table(results, name).assign_attrs(about) for name in names}
    first = next(iter(tables.values()))
    axes = [str(dim) for dim in first["mean"].dims]
    numbers = number_axes(results, axes)
    if what == "sample":
        varied = [str(name) for name, each in results.coords.items()
                  if each.dims == ("design",) and each.dtype.kind in "iuf"]  # fmt: skip
        if axes != ["design"] or not varied:
            raise InputError(f"--what sample needs a sample or a table of rows, the store has {', '.join(axes)}")
        return plots.sample_clouds(_table(results, names[-1]).assign_attrs(about), varied)
    if what == "intervals":
        rows = {name: table.stack(row=axes) for name, table in tables.items()}
        if (count := first["mean"].size) > MOST_ROWS:
            raise InputError(f"--what intervals shows {MOST_ROWS} rows, the store has {count}")
        return plots.intervals(rows, _row_names(results, axes))
    if not numbers or len(axes) > 2:
        raise InputError(f"a curve needs one parameter with numbers and one more axis at most, got {', '.join(axes)}")
    for other in (dim for dim in axes if dim != numbers[0]):
        chosen = list(tables)[-1]
        levels = first[other].values
        tables = {f"{other.replace('_', ' ')} {level}: {chosen}".removesuffix(": "):
                  tables[chosen].isel({other: at}) for at, level in enumerate(levels)}  # fmt: skip
    return plots.curves(tables)


def _row_names(results: xr.Dataset, axes: list[str]) -> list[str]:
    """What the rows of a store are called: the policy, or what varies with its value."""
    columns = {
        str(name): each.broadcast_like(results["signed"].isel(replicate=0)).values.ravel()
        for name, each in results.coords.items()
        if each.dims and set(each.dims) <= set(axes)
    }
    if "policy" in columns:
        return [str(name) for name in columns["policy"]]
    words = [[f"{name.replace('_', ' ')} {output.cell(value)}" for value in each] for name, each in columns.items()]
    return [", ".join(row) for row in zip(*words, strict=True)]


def _fans(results: xr.Dataset, names: list[str], by: str) -> Any:
    """Fans of one or several variables; the first of them alone where there are facets."""
    from experiments.analysis import quantile_bands as bands
    from experiments.analysis.deal.agreement_zones import facts

    plots = output.headless_plots()
    if not names:
        again = "the same call with --record trajectories and another --out or --store keeps them"
        raise InputError(f"this store keeps no months: {again}")
    for name in names:
        by = _one_facet(_known(results, name, "--variable"), by, "fan")

    def draw(name: str, **options: Any) -> Any:
        paths = results[name]
        truth = paths.attrs["unit"] == "0/1"
        chart = plots.mean_chart if truth else plots.fan_chart
        table = bands.means(paths) if truth else bands.bands(paths)
        options |= {} if truth else {"log": name.startswith("price")}
        if by:
            return plots.facets(table.assign_attrs(facts(results)), chart, by=by, **options)
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
    said = plots.about(facts(results), plots.worlds_a_point(facts(results)).replace(" a point", ""))
    plots.caption(axes.flat[0], textwrap.fill(f"{said}; {plots.BANDS}", 70 * columns))
    return axes


def _one_facet(paths: xr.DataArray, by: str, what: str) -> str:
    """The dimension of the facets: `by`, or the hypotheses where the store varies nothing else."""
    rows = axes_of(paths)
    by = by or ("tripwire" if rows == ["tripwire"] else "")
    if rows != [by] * bool(by):
        raise InputError(f"a {what} shows one row, and the store has several: {', '.join(rows)}; see --by")
    return by


def _utility(results: xr.Dataset, country: str, by: str) -> Any:
    """A country's utility by month and its three parts, means over worlds on one Axes."""
    from experiments.analysis import quantile_bands as bands
    from experiments.analysis.deal.agreement_zones import facts

    plots = output.headless_plots()
    by = _one_facet(_known(results, f"utility_{country}", "--country"), by, "utility")
    title = f"utility of {plots.country_name(country)}, a year"

    def draw(table: xr.Dataset, ax: Any = None, key: bool = True) -> Any:
        for part, (colour, dashes) in UTILITY.items():
            name = part + ("" if part == "utility" else " (before its weight)")
            shown = bands.means(table[f"{part}_{country}"].load())
            ax = plots.mean_chart(shown, ax=ax, name=name, colour=colour, dashes=dashes, title=title, key=key)
        return ax

    wanted = results[[f"{part}_{country}" for part in UTILITY]].assign_attrs(facts(results) | {"long_name": title})
    if by:
        return plots.facets(wanted, draw, by=by)
    ax = draw(wanted)
    worlds = f"{results.sizes['replicate']} worlds"
    plots.caption(ax, textwrap.fill(f"{plots.about(facts(results), worlds)}; {plots.BANDS}", 92))
    return ax


def _of_terms(results: xr.Dataset, what: str) -> Any:
    """Pictures that follow from the terms which all rows of a store share."""
    from experiments.analysis.deal.draft_responses import reasons, turning_points
    from experiments.analysis.trade_flows import flow_map, observe
    from model.parameters.table import DECLARATIONS, Parameters

    plots = output.headless_plots()
    shared = json.loads(results.attrs["parameters"])
    shared |= {name: each.item() for name, each in results.coords.items() if name in DECLARATIONS and each.size == 1}
    if missing := [name for name in DECLARATIONS if name not in shared]:
        raise InputError(
            f"--what {what} needs one row: {missing[0]} varies in this store; use a store of `subsoil run`"
        )
    parameters, seed = Parameters(**shared), int(results.attrs["seed"])
    origin = {name: results.attrs[name] for name in ("preset", "parameters", "seed")}
    if what == "trade":
        date = f"{parameters.start}-12"
        flows = flow_map(observe(parameters, date, seed=seed), date, **origin)
        return plots.trade_flows(flows.sel(material="magnet"))
    cases = {"The terms of this run": reasons(parameters, seed)}
    axes = plots.reasons_figure(cases, turning_points(parameters, seed=seed))
    plots.caption(axes[0], f"{plots.about(origin)}; gains before the private types", below=True)
    return axes


def _known(results: xr.Dataset, name: str, option: str) -> xr.DataArray:
    """The variable `name` of a store, or a column of one such as deal_gain_ukraine; InputError with the nearest."""
    from experiments.store.dataset import flat_columns
    from model.record.variables import DIMENSIONS

    columns = flat_columns(results, DIMENSIONS)
    if name not in columns:
        from model.parameters.declaration import nearest

        raise InputError(f"{option}: the store has no variable {name!r}; {nearest(name, map(str, columns))}")
    return columns[name].load()
