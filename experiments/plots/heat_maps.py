"""Maps over two terms of the deal: who would sign where, and facets of them over a third parameter."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh

from experiments.analysis.deal.agreement_zones import ordered
from experiments.errors import InputError
from experiments.plots.heat_map_marks import (
    UNKNOWN,
    drafts_within,
    draw_outlines,
    map_entries,
    mark_drafts,
    mark_point,
    text_box,
)
from experiments.plots.style import (
    BANDS,
    about,
    axes_or_new,
    caption,
    changed,
    equal_ratios,
    figure_of,
    label,
    log_scale,
    note,
    style,
    unknown,
    worlds_a_point,
)

TERMS = ("ownership_share", "revenue_base", "recognised_aid", "guarantee_strength", "reinvestment_years", "future_aid")
GRID: dict[str, Any] = {"sharex": True, "sharey": True, "squeeze": False, "layout": "constrained"}
SHARES = ("share", "probability", "0/1")
HYPOTHESIS = "tripwire"
"""The dimension by which a picture splits of itself: what a stake does to safety is not known."""
HYPOTHESES = {
    "H0": "the stake changes nothing",
    "H1": "weak tripwire",
    "H2": "empire trap: capital pulls its owner in",
    "H3": "stake strengthens Ukraine",
    "H4": "hostage: assets invite coercion",
    "H5": "US stakes in Russia weaken it",
}


@style()
def heat_map(
    table: xr.DataArray, *, zone: xr.Dataset | None = None, drafts: xr.Dataset | None = None,
    points: Mapping[str, xr.Dataset] | None = None, ax: Axes | None = None, key: bool = True,
    limits: tuple[float, float] | None = None,
) -> Any:  # fmt: skip
    """A table over two parameters as colours, the first dimension across; with `tripwire` a picture per hypothesis.

    `zone` (of `agreement_zones.agreement`) outlines where each signatory would sign in its threshold of worlds and
    hatches where both would, or says that there is none; `drafts` (of `recorded_drafts`) and `points` (of
    `nash_point` and its like, by name) are marked; `key` draws the colour bar and the legend. Levels are drawn in
    ascending order, on a logarithmic axis where they stand at equal ratios; cells of which nothing is known stay
    white. Returns the Axes, or an array of them. Raises InputError unless the table has two dimensions of numbers
    beside `tripwire`, each level once.
    """
    if table.ndim == 3 and HYPOTHESIS in table.dims and zone is None:
        return facets(table, heat_map, by=HYPOTHESIS, drafts=drafts, limits=limits)
    if table.ndim != 2:
        listed = ", ".join(map(str, table.dims)) or "none"
        first = "average over worlds first (agreement_zones.share_of_worlds, agreement_zones.agreement)"
        raise InputError(f"a heat map needs two dimensions, got {listed}; {first}")
    if words := [dim for dim in table.dims if table[dim].dtype.kind not in "iuf"]:
        raise InputError(
            f"a heat map needs two dimensions of numbers, and {words[0]} has words; sweep over two numbers"
        )
    names = str(table.dims[0]), str(table.dims[1])
    table = ordered(table.where(np.isfinite(table)), *names)
    across, up = (table[name] for name in names)
    ax = axes_or_new(ax, 7.4, 6.2 if zone is not None else 5.4)
    ax.patch.set(**UNKNOWN)
    values = np.ma.masked_invalid(table.transpose().values)
    low, high = limits or ((0.0, 1.0) if table.attrs.get("unit") in SHARES else (None, None))
    edges = _edges(across.values), _edges(up.values)
    ax.pcolormesh(*edges, values, cmap="viridis", vmin=low, vmax=high)
    _scales(ax, across, up, key)
    if not values.count():
        text_box(ax, [textwrap.fill(f"nothing to show here: {unknown(table.attrs)}", 34)])
    elif zone is not None:
        draw_outlines(ax, ordered(zone, *names), across, up)
        zones = np.ma.masked_equal(ordered(zone, *names)["zone"].transpose(*names[::-1]).values, False)
        ax.pcolor(*edges, zones, facecolor="none", edgecolor="black", hatch="////", lw=0)
    drafts = None if drafts is None else drafts_within(drafts, across, up)
    if drafts is not None:
        mark_drafts(ax, drafts, *names)
    stars = [mark_point(ax, name, each, *names) for name, each in (points or {}).items()]
    if key:
        draw_key([ax], ax, label(table), [*map_entries(table, zone, drafts), *stars])
        _caption(ax, table if zone is None else zone)
    return ax


def _scales(ax: Axes, across: xr.DataArray, up: xr.DataArray, key: bool) -> None:
    """Both axes of a map, from their lowest to their highest level, with their words."""
    for which, axis in (("x", across), ("y", up)):
        getattr(ax, f"set_{which}label")(_axis(axis, key))
        if equal_ratios(axis.values):
            log_scale(ax, which)
        if axis.size > 1:
            getattr(ax, f"set_{which}lim")(axis.values[0], axis.values[-1])


def _edges(levels: Any) -> Any:
    """The edges of cells around ascending levels: half way between them, by ratio where these stand at equal ones."""
    if len(levels) == 1:
        return np.array([levels[0] - 0.5, levels[0] + 0.5])
    values = np.log(levels) if equal_ratios(levels) else np.asarray(levels, dtype=float)
    half = np.diff(values) / 2
    edges = np.concatenate([values[:1] - half[:1], values[:-1] + half, values[-1:] + half[-1:]])
    return np.exp(edges) if equal_ratios(levels) else edges


@style()
def zone_map(agreement: xr.Dataset, *, colour: str = "both_sign", **options: Any) -> Any:
    """The zone of possible agreement over the share of worlds in which both would sign (or `colour`).

    A picture for each hypothesis where the agreement has the dimension `tripwire`.
    """
    if HYPOTHESIS in agreement.dims:
        return facets(agreement, zone_map, by=HYPOTHESIS, colour=colour, **options)
    return heat_map(agreement[colour].assign_attrs(agreement.attrs), zone=agreement, **options)


@style()
def facets(
    table: xr.Dataset | xr.DataArray, plot: Callable[..., Axes], by: str, *, columns: int = 3, **options: Any
) -> Any:
    """One small picture for each value of `by`, drawn by `plot` on one scale, with one key; the array of Axes."""
    if by not in table.dims:
        raise InputError(f"by={by!r}: the table has the dimensions {', '.join(map(str, table.dims))}")
    values = table[by].values
    if plot is heat_map and options.get("limits") is None and table.attrs.get("unit") not in SHARES:
        options["limits"] = (float(table.min()), float(table.max())) if bool(table.notnull().any()) else (0.0, 1.0)
    columns = min(columns, len(values))
    rows = -(-len(values) // columns)
    figure, axes = plt.subplots(rows, columns, figsize=(3.3 * columns, 3.1 * rows + 0.9), **GRID)
    for value, ax in zip(values, axes.flat, strict=False):
        plot(table.sel({by: value}), ax=ax, key=False, **options)
        shown = f"{value:g}" if isinstance(value, float | np.floating) else str(value)
        known = by == HYPOTHESIS and shown in HYPOTHESES
        title = f"{shown}  {HYPOTHESES[shown]}" if known else f"{label(table[by])}: {shown}"
        ax.set_title(textwrap.fill(title, 34), fontsize=8.5)
        ax.label_outer()
    for ax in axes.flat[len(values) :]:
        ax.set_visible(False)
    first = axes.flat[0]
    if meshes := [ax for ax in axes.flat if any(isinstance(each, QuadMesh) for each in ax.collections)]:
        zone = table if isinstance(table, xr.Dataset) and "zone" in table else None
        colour = options.get("colour", "both_sign" if "both_sign" in table else "share")
        one = (table[colour] if isinstance(table, xr.Dataset) else table).assign_attrs(table.attrs)
        drawn = {words: each for ax in axes.flat for each, words in zip(*ax.get_legend_handles_labels(), strict=True)}
        entries = [*map_entries(one, zone, options.get("drafts")), *drawn.values()]
        known = next(filter(_shows, meshes), first)
        draw_key(list(axes.flat), known, label(one, 60 if rows > 1 else 40), entries, columns=2 if columns > 2 else 1)
    elif (named := first.get_legend_handles_labels())[0]:
        figure.legend(*named, ncols=4, loc="outside lower center")
    caption(first, _subject(table) + _fixed(table) + ("" if meshes else f"\n{BANDS}"))
    return axes


def _subject(table: xr.Dataset | xr.DataArray) -> str:
    """What small pictures over months show, a line of its own; nothing where the table does not say."""
    attrs = table["mean"].attrs if isinstance(table, xr.Dataset) and "mean" in table else table.attrs
    words = str(attrs.get("meaning", attrs.get("long_name", "")))
    return f"{words}\n" if words and "month" in table.dims else ""


@style()
def maps_beside(cases: Sequence[tuple[str, xr.Dataset, xr.Dataset | None]], *, colour: str = "both_sign") -> Any:
    """Zone maps of several agreements side by side, with one key; each case is a title, a table and drafts."""
    _, axes = plt.subplots(1, len(cases), figsize=(5.6 * len(cases) + 1, 6.6), **GRID)
    for (title, table, drafts), ax in zip(cases, axes.flat, strict=True):
        zone_map(table, colour=colour, drafts=drafts, ax=ax, key=False)
        ax.set_title(title, fontsize=10, pad=12 + 9 * (1 + _fixed(table).count("\n")))
        _caption(ax, table)
        ax.label_outer()
    entries = max((map_entries(table[colour], table, drafts) for _, table, drafts in cases), key=len)
    draw_key(list(axes.flat), axes.flat[0], label(cases[0][1][colour]), entries, columns=2)
    return axes


def _caption(ax: Axes, table: xr.Dataset | xr.DataArray) -> None:
    """Above the Axes, small: what all points share."""
    note(ax, _fixed(table), (0, 1), (0, 4), 7.5, va="bottom")


def _shows(ax: Axes) -> bool:
    """Whether any cell of the first mesh of an Axes is known."""
    mesh = ax.collections[0].get_array()
    return mesh is not None and bool(np.ma.count(mesh))


def draw_key(axes: list[Axes], mapped: Axes, words: str, handles: list[Any], columns: int = 1) -> None:
    """A colour bar for the first mesh of `mapped`, if it shows anything, and a legend below, for all `axes`."""
    figure = figure_of(mapped)
    alone = len(figure.axes) == len(axes)
    if _shows(mapped):
        figure.colorbar(mapped.collections[0], ax=axes, label=words, shrink=0.9)
    if handles and alone:
        figure.legend(handles=handles, ncols=columns, loc="outside lower center")
    elif handles:
        mapped.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.5, -0.16))


def _fixed(table: xr.Dataset | xr.DataArray) -> str:
    """What all points of a map share, and how many worlds each has."""
    attrs = table.attrs
    held, said = json.loads(attrs.get("parameters", "{}")), changed(attrs)
    names = {name: name.replace("_", " ") for name in TERMS if name in held and name not in table.dims}
    words = ", ".join(f"{name} {held[key]:g}" for key, name in names.items() if f"{name} " not in said)
    lines = about(attrs, worlds_a_point(attrs)) + (f"\nheld: {words}" if words else "")
    return "\n".join(textwrap.fill(line, 92) for line in lines.splitlines())


def _axis(values: xr.DataArray, full: bool) -> str:
    """The label of an axis, with what the parameter means where there is room."""
    words = str(values.attrs.get("meaning", "")).partition(":")[0]
    return f"{label(values)}\n{textwrap.fill(words, 62)}" if words and full else label(values)
