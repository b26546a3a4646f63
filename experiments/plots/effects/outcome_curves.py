"""What a sweep does to an outcome: curves over one parameter, intervals side by side, clouds of a sample."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from experiments.analysis.deal.agreement_zones import ordered
from experiments.errors import InputError
from experiments.plots.style import (
    PALETTE,
    about,
    axes_grid,
    axes_or_new,
    caption,
    equal_ratios,
    figure_of,
    label,
    log_scale,
    name_rows,
    note,
    shorten,
    style,
    unknown,
    worlds_a_point,
)

LOOKS = tuple(zip(("blue", "vermilion", "green", "purple", "orange", "black"), ("-", "--", "-.", ":", "-", "--"),
                  ("o", "s", "D", "^", "v", "P"), strict=True))  # fmt: skip
"""Colour, dashes and marker of one quantity after the other."""
INTERVAL = "bars and bands: 95 % interval of the mean"
WINDOW = 8
"""A running mean takes in one part of so many of a sample's points."""


@style()
def curves(tables: Mapping[str, xr.Dataset], *, ax: Axes | None = None) -> Axes:
    """Means over worlds against one parameter with their intervals; name -> table (of `quantile_bands.means`).

    Levels are drawn in ascending order; where no world is known the curve has a gap, and the picture says so. Raises
    InputError for more dimensions, words, a level twice, or more curves than there are looks.
    """
    first = next(iter(tables.values()))
    if len(first["mean"].dims) != 1 or len(tables) > len(LOOKS):
        got = ", ".join(map(str, first["mean"].dims))
        raise InputError(f"a curve needs one parameter and {len(LOOKS)} curves at most, got {got} and {len(tables)}")
    name = str(first["mean"].dims[0])
    ax = axes_or_new(ax, 7.5, 5.2)
    for (words, unordered), (colour, dashes, marker) in zip(tables.items(), LOOKS, strict=False):
        table = ordered(unordered, name)
        ax.fill_between(table[name], table["low"], table["high"], color=PALETTE[colour], alpha=0.2, lw=0)
        ax.plot(table[name], table["mean"], color=PALETTE[colour], ls=dashes, marker=marker, ms=4, label=words)
    if equal_ratios(ordered(first, name)[name].values):
        log_scale(ax, "x")
    if first[name].size > 1:
        ax.set_xlim(float(first[name].min()), float(first[name].max()))
    meaning = str(first[name].attrs.get("meaning", "")).partition(":")[0]
    ax.set(xlabel=label(first[name]) + (f"\n{textwrap.fill(meaning, 70)}" if meaning else ""))
    return _finished(ax, tables, "y")


@style()
def intervals(tables: Mapping[str, xr.Dataset], names: Sequence[str], *, ax: Axes | None = None) -> Axes:
    """Means over worlds with their intervals, a row for each of `names` and a mark for each table."""
    ax = axes_or_new(ax, 8.0, 2.2 + len(names) * (0.35 + 0.15 * len(tables)))
    rows = np.arange(len(names), 0, -1.0)
    shifts = np.linspace(0.22, -0.22, len(tables)) if len(tables) > 1 else np.zeros(1)
    for (words, table), shift, (colour, _, marker) in zip(tables.items(), shifts, LOOKS, strict=False):
        mean = table["mean"].values
        error = np.abs(np.stack([mean - table["low"].values, table["high"].values - mean]))
        look: dict[str, Any] = {"fmt": marker, "ms": 6, "capsize": 3, "lw": 1.3, "color": PALETTE[colour]}
        ax.errorbar(mean, rows + shift, xerr=error, label=words, **look)
    name_rows(ax, rows, [textwrap.fill(shorten(name), 30) for name in names])
    ax.set_ylim(0.4, len(names) + 0.6)
    ax.grid(axis="x", alpha=0.3)
    return _finished(ax, tables, "x")


def _finished(ax: Axes, tables: Mapping[str, xr.Dataset], which: str) -> Axes:
    """The Axes with what its means are, the key, the caption, and what is not known."""
    first = next(iter(tables.values()))
    attrs = first["mean"].attrs
    share = attrs.get("unit") == "0/1"
    words = "share of worlds (0-1)" if share else f"mean of worlds: {attrs.get('unit', '')}"
    getattr(ax, f"set_{which}label")(words)
    if share:
        getattr(ax, f"set_{which}lim")(-0.02, 1.02)
    if len(tables) > 1:
        figure_of(ax).legend(loc="outside lower center", ncols=2)
    else:
        ax.set_title(textwrap.fill(str(attrs.get("meaning", "")), 70), fontsize=9.5)
    if lost := sum(int(table["mean"].isnull().sum()) for table in tables.values()):
        total = sum(table["mean"].size for table in tables.values())
        said = "nothing known" if lost == total else f"{lost} of {total} points not known"
        note(ax, f"{said}: {unknown(first.attrs)}", (0.02, 0.5 if lost == total else 0.02), (0, 0), 10)
    few, most = (int(f(table["known"].values.min() for table in tables.values())) for f in (min, max))
    known = f"; of these known in {few} or more" if few < first.attrs.get("replicates", most) else ""
    caption(ax, textwrap.fill(f"{about(first.attrs, worlds_a_point(first.attrs))}{known}; {INTERVAL}", 100))
    return ax


@style()
def sample_clouds(table: xr.Dataset, names: Sequence[str]) -> Any:
    """Means over worlds of a sample's points (of `quantile_bands.means`) against each of `names`, with running means.

    Returns the array of Axes.
    """
    columns, rows = min(3, len(names)), -(-len(names) // 3)
    axes = axes_grid(rows, columns, 4.0 * columns, 3.4 * rows + 0.5)
    known = table.where(table["mean"].notnull(), drop=True)
    width = max(known["mean"].size // WINDOW, 2)
    for name, ax in zip(names, axes.flat, strict=False):
        order = np.argsort(known[name].values, kind="stable")
        across, up = known[name].values[order], known["mean"].values[order]
        ax.plot(across, up, "o", ms=3, color=PALETTE["sky"], alpha=0.6)
        if len(up) > width:
            weights = np.ones(width) / width
            centre, mean = (np.convolve(each, weights, "valid") for each in (across, up))
            ax.plot(centre, mean, color=PALETTE["vermilion"])
        ax.set_xlabel(textwrap.fill(label(table[name]), 36))
    for ax in axes.flat[len(names) :]:
        ax.set_visible(False)
    attrs = table["mean"].attrs
    unit = "share of worlds" if attrs.get("unit") == "0/1" else attrs.get("unit", "")
    figure_of(axes.flat[0]).supylabel(textwrap.fill(f"{attrs.get('meaning', '')} ({unit})", 60), fontsize=9)
    lost = table["mean"].size - known["mean"].size
    points = f"{known['mean'].size} points" + (f" ({lost} not known)" if lost else "")
    line = f"line: mean of the {width} nearest points"
    caption(axes.flat[0], textwrap.fill(about(table.attrs, points, worlds_a_point(table.attrs), line), 40 * columns))
    return axes
