"""Maps over two terms of the deal: who would sign where, and facets of them over a third parameter."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import matplotlib.patheffects as effects
import matplotlib.pyplot as plt
import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.patches import Patch

from experiments.errors import InputError
from experiments.plots.style import PALETTE, about, axes_or_new, caption, entry, figure_of, label, note, style

OUTLINES = {"ukraine": ("Ukraine", PALETTE["vermilion"], "-"), "united_states": ("US", PALETTE["black"], "--")}
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
    hatches the overlap, or says that there is none; `drafts` (of `recorded_drafts`) and `points` (of `nash_point`
    and its like, by name) are marked; `key` draws the colour bar and the legend. Returns the Axes, or an array of
    them. Raises InputError unless the table has two dimensions of numbers beside `tripwire`.
    """
    if table.ndim == 3 and HYPOTHESIS in table.dims and zone is None:
        return facets(table, heat_map, by=HYPOTHESIS, drafts=drafts, limits=limits)
    if table.ndim != 2:
        listed = ", ".join(map(str, table.dims)) or "none"
        first = "average over worlds first (agreement_zones.share_of_worlds, agreement_zones.agreement)"
        raise InputError(f"a heat map needs two dimensions, got {listed}; {first}")
    across, up = (table[dim] for dim in table.dims)
    for axis in (across, up):
        if axis.dtype.kind not in "iuf":
            named = f"two dimensions of numbers, and {axis.name} has words"
            raise InputError(f"a heat map needs {named}; sweep over two numbers")
    ax = axes_or_new(ax, 7.4, 6.2 if zone is not None else 5.4)
    low, high = limits or ((0.0, 1.0) if table.attrs.get("unit") in SHARES else (None, None))
    ax.pcolormesh(across, up, table.transpose().values, shading="nearest", cmap="viridis", vmin=low, vmax=high)
    xlim, ylim = ((each.values.min(), each.values.max()) for each in (across, up))
    ax.set(xlabel=_axis(across, key), ylabel=_axis(up, key), xlim=xlim, ylim=ylim)
    if zone is not None:
        _outline(ax, zone, across, up)
    names = str(across.name), str(up.name)
    if drafts is not None:
        _mark(ax, drafts, *names)
    stars = [_star(ax, name, each, *names) for name, each in (points or {}).items()]
    if key:
        draw_key([ax], ax, label(table), [*_entries(zone, drafts), *stars])
        _caption(ax, table if zone is None else zone)
    return ax


@style()
def zone_map(agreement: xr.Dataset, *, colour: str = "both_sign", **options: Any) -> Any:
    """The zone of possible agreement over the share of worlds in which both would sign (or `colour`).

    A picture for each hypothesis where the agreement has the dimension `tripwire`.
    """
    if HYPOTHESIS in agreement.dims:
        return facets(agreement, zone_map, by=HYPOTHESIS, colour=colour, **options)
    return heat_map(agreement[colour], zone=agreement, **options)


@style()
def facets(
    table: xr.Dataset | xr.DataArray, plot: Callable[..., Axes], by: str, *, columns: int = 3, **options: Any
) -> Any:
    """One small picture for each value of `by`, drawn by `plot` on one scale, with one key; the array of Axes."""
    if by not in table.dims:
        raise InputError(f"by={by!r}: the table has the dimensions {', '.join(map(str, table.dims))}")
    values = table[by].values
    if plot is heat_map and options.get("limits") is None and table.attrs.get("unit") not in SHARES:
        options["limits"] = float(table.min()), float(table.max())
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
    if any(isinstance(each, QuadMesh) for each in first.collections):
        zone = table if isinstance(table, xr.Dataset) and "zone" in table else None
        colour = options.get("colour", "both_sign" if "both_sign" in table else "share")
        one = table[colour] if isinstance(table, xr.Dataset) else table
        drawn = {words: each for ax in axes.flat for each, words in zip(*ax.get_legend_handles_labels(), strict=True)}
        entries = [*_entries(zone, options.get("drafts")), *drawn.values()]
        draw_key(list(axes.flat), first, label(one, 60 if rows > 1 else 40), entries, columns=2)
    elif (named := first.get_legend_handles_labels())[0]:
        figure.legend(*named, ncols=4, loc="outside lower center")
    caption(first, _subject(table) + _fixed(table))
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
        heat_map(table[colour], zone=table, drafts=drafts, ax=ax, key=False)
        ax.set_title(title, fontsize=10, pad=28)
        _caption(ax, table)
        ax.label_outer()
    entries = max((_entries(table, cases[0][2]) for _, table, _ in cases), key=len)
    draw_key(list(axes.flat), axes.flat[0], label(cases[0][1][colour]), entries, columns=2)
    return axes


def _caption(ax: Axes, table: xr.Dataset | xr.DataArray) -> None:
    """Above the Axes, small: what all points share."""
    note(ax, _fixed(table), (0, 1), (0, 4), 7.5, va="bottom")


def draw_key(axes: list[Axes], mapped: Axes, words: str, handles: list[Any], columns: int = 1) -> None:
    """A colour bar for the first mesh of `mapped` and a legend below, for all `axes` together."""
    figure = figure_of(mapped)
    alone = len(figure.axes) == len(axes)
    figure.colorbar(mapped.collections[0], ax=axes, label=words, shrink=0.9)
    if handles and alone:
        figure.legend(handles=handles, ncols=columns, loc="outside lower center")
    elif handles:
        mapped.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.5, -0.16))


def _outline(ax: Axes, zone: xr.Dataset, across: xr.DataArray, up: xr.DataArray) -> None:
    """Draw where each signs and the overlap, and say what cannot be drawn."""
    threshold = float(zone.attrs["threshold"])
    notes, clips = [], []
    for who, (name, colour, dashes) in OUTLINES.items():
        shares = zone[f"{who}_signs"].transpose(up.name, across.name).values
        if not shares.min() < threshold <= shares.max():
            notes.append(f"{name} would sign {'nowhere' if shares.max() < threshold else 'everywhere'} here")
            continue
        clips.append(shares)
        lines = ax.contour(across, up, shares, levels=[threshold], colors=[colour], linestyles=[dashes], linewidths=2)
        solid = {"dash_offset": 0, "dash_list": None}
        ticks = effects.TickedStroke(angle=90, spacing=14, length=0.5, foreground=colour, dashes=solid, linewidth=1.2)
        lines.set_path_effects([effects.Stroke(linewidth=4, foreground="white", alpha=0.8), ticks, effects.Normal()])
    if bool(zone["zone"].any()):
        _hatch(ax, across, up, clips, threshold)
    else:
        notes.insert(0, f"no zone of agreement: nowhere would\nboth sign in {threshold:.0%} of worlds")
    box = {"facecolor": "white", "edgecolor": PALETTE["grey"], "alpha": 0.92, "boxstyle": "round,pad=0.35"}
    size = 9 if len(figure_of(ax).axes) <= 2 else 7
    if notes:
        ax.text(0.97, 0.97, "\n".join(notes), transform=ax.transAxes, ha="right", va="top", fontsize=size, bbox=box,
                zorder=7)  # fmt: skip


def _entries(zone: xr.Dataset | None, drafts: xr.Dataset | None) -> list[Any]:
    """The legend of a map."""
    entries: list[Any] = []
    if zone is not None:
        words = f"{{}} would sign in {zone.attrs['threshold']:.0%} of worlds or more (ticks point there)"
        entries += [entry(words.format(name), tone, ls=dashes, lw=2) for name, tone, dashes in OUTLINES.values()]
        if bool(zone["zone"].any()):
            entries.append(Patch(fc="white", ec="black", hatch="////", label="zone of possible agreement"))
    if drafts is not None:
        words = "recorded draft, by date (*: its other terms differ from this map's)"
        entries.append(entry(words, marker="D", mfc="white", mec="black", ms=7))
    return entries


def _hatch(ax: Axes, across: xr.DataArray, up: xr.DataArray, shares: list[Any], threshold: float) -> None:
    """Hatch where all `shares` reach the threshold, exactly between the lines drawn for them."""
    regions = [ax.contourf(across, up, each, levels=[threshold, 1.01], colors="none") for each in shares]
    whole = np.ones((up.size, across.size))
    hatched = ax.contourf(across, up, whole, levels=[0.5, 1.5], colors="none", hatches=["////"])
    if regions:
        hatched.set_paths(regions[0].get_paths())
    for region in regions[1:]:
        hatched.set_clip_path(region.get_paths()[0], ax.transData)


def _mark(ax: Axes, drafts: xr.Dataset, across: str, up: str) -> None:
    """Mark the recorded drafts; filled if all their terms are those of the map."""
    if not {across, up} <= set(drafts):
        return
    stacked: dict[tuple[float, float], list[str]] = {}
    for date in drafts["draft"].values:
        one = drafts.sel(draft=date)
        point = float(one[across]), float(one[up])
        stacked.setdefault(point, []).append(str(date)[2:] + ("" if bool(one["same_terms"]) else "*"))
    for (x, y), dates in stacked.items():
        face = "white" if any(date.endswith("*") for date in dates) else PALETTE["yellow"]
        ax.plot([x], [y], "D", ms=8, mfc=face, mec="black", mew=1.3, clip_on=False, zorder=5)
        side, shift = ("right", -9) if x > 0.7 * ax.get_xlim()[1] else ("left", 9)
        box = {"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 1.0}
        ax.annotate("\n".join(dates), (x, y), (shift, 4), textcoords="offset points", fontsize=7.5, zorder=6,
                    ha=side, va="bottom", bbox=box)  # fmt: skip


def _star(ax: Axes, name: str, point: xr.Dataset, across: str, up: str) -> Any:
    """Mark a point of theory, unless there is none; its entry in the legend."""
    look: dict[str, Any] = {"marker": "*" if name == "Nash" else "P", "ms": 12, "mfc": PALETTE["purple"], "ls": ""}
    ax.plot([float(point[across])], [float(point[up])], mec="black", clip_on=False, zorder=8, **look)
    return entry(f"{name} point" + ("" if bool(point[up].notnull()) else ": none"), mec="black", **look)


def _fixed(table: xr.Dataset | xr.DataArray) -> str:
    """What all points of a map share, and how many worlds each has."""
    attrs = table.attrs
    held = json.loads(attrs.get("parameters", "{}"))
    fixed = [name for name in TERMS if name in held and name not in table.dims]
    words = ", ".join(f"{name.replace('_', ' ')} {held[name]:g}" for name in fixed)
    worlds = f"{attrs['replicates']} worlds a point" if "replicates" in attrs else ""
    return about(attrs, worlds) + (f"\nheld: {words}" if words else "")


def _axis(values: xr.DataArray, full: bool) -> str:
    """The label of an axis, with what the parameter means where there is room."""
    words = str(values.attrs.get("meaning", "")).partition(":")[0]
    return f"{label(values)}\n{textwrap.fill(words, 62)}" if words and full else label(values)
