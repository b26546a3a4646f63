"""Why a deal is signed or refused: bars of reasons and the table of what would turn a side."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from experiments.plots.deal_effects import caption_of, change_bars
from experiments.plots.style import PALETTE, PARTS, axes_or_new, country_name, name_rows, parts_key, styled


@styled
def reasons_bars(
    table: xr.Dataset, country: str, *, ax: Axes | None = None, limits: tuple[float, float] | None = None
) -> Axes:
    """The reasons of one country as bars to the left (against signing) and right, and their sum."""
    ax = axes_or_new(ax, 7.5, 3.6)
    own = table.isel(reason=np.flatnonzero(table["of"].values == country))
    gain = float(table["gain"].sel(country=country))
    names = [textwrap.fill(str(words), 34) for words in own["meaning"].values]
    values = own["contribution"].values
    rows = np.arange(len(values), 0, -1)
    for part, (tone, hatch) in PARTS.items():
        mask = own["part"].values == part
        ax.barh(rows[mask], values[mask], color=tone, hatch=hatch, edgecolor="black", lw=0.6, height=0.72)
    ax.barh([0], [gain], color=PALETTE["grey"], edgecolor="black", lw=0.6, height=0.72)
    name_rows(ax, [*rows, 0], [*names, f"together: {'signs' if gain >= 0 else 'refuses'}"], 8)
    ax.get_yticklabels()[-1].set_fontweight("bold")
    ax.axvline(0, color="black", lw=0.8)
    ax.axhline(0.5, color=PALETTE["grey"], lw=0.6)
    low, high = limits or _room([*values, gain])
    ax.set_xlim(low, high)
    for row, value in zip([*rows, 0], [*values, gain], strict=True):
        side = "left" if value >= 0 else "right"
        shown = "0" if abs(value) < 0.005 else f"{value:+.1f}" if abs(value) >= 0.05 else f"{value:+.2f}"
        ax.annotate(shown, (value, row), (3 if value >= 0 else -3, 0), textcoords="offset points",
                    ha=side, va="center", fontsize=8)  # fmt: skip
    ax.set_xlabel(f"weighted gain by signing ({table['gain'].attrs.get('unit', '')})", fontsize=8.5)
    ax.set_title(country_name(country), fontsize=10)
    return ax


@styled
def changes_table(changes: xr.Dataset, *, ax: Axes | None = None, title: str = "") -> Axes:
    """What would turn it: for each term alone, now, needed, and what the other side then says."""
    ax = axes_or_new(ax, 7.5, 3.0)
    ax.axis("off")
    country, other = (country_name(changes.attrs[name]) for name in ("country", "other"))
    rows = [_row(changes.sel(term=term), other) for term in changes["term"].values]
    drawn = ax.table(
        cellText=rows,
        colLabels=["term, changed alone", "now", "turns at", f"most {country} gains", f"{other} there"],
        colWidths=[0.27, 0.17, 0.17, 0.2, 0.19], cellLoc="left", colLoc="left", loc="center", edges="horizontal",
    )  # fmt: skip
    drawn.auto_set_font_size(False)
    drawn.set_fontsize(8.5)
    drawn.scale(1, 1.25)
    for (row, _), cell in drawn.get_celld().items():
        cell.set_linewidth(0.5)
        if row == 0 or rows[row - 1][2] != "never":
            cell.set_text_props(fontweight="bold")
    turned = "refuse" if changes.attrs["gain"] >= 0 else "sign"
    words = f"What would make {country} {turned} (gain now {changes.attrs['gain']:+.1f} {changes.attrs['unit']})"
    ax.set_title(f"{title}{words}", fontsize=9.5, pad=10)
    return ax


@styled
def reasons_figure(
    cases: Mapping[str, xr.Dataset], changes: xr.Dataset | None = None, effects: xr.Dataset | None = None
) -> Any:
    """Reasons of both signatories for each deal in `cases`, a row each, and below what would turn the first.

    `cases` maps a title to a table of `reasons`; `changes` is a table of `turning_points`
    for the first of them, and `effects` of `deal_effects.with_and_without`, which adds a row with the change
    of every country's utility. Returns the array of Axes.
    """
    heights = [3.1] * len(cases) + [2.9] * (changes is not None) + [1.5] * (effects is not None)
    figure = plt.figure(figsize=(11, sum(heights)), layout="constrained")
    cells = figure.add_gridspec(len(heights), 1, height_ratios=heights)
    every = [float(v) for table in cases.values() for v in (*table["contribution"].values, *table["gain"].values)]
    axes = []
    for row, (title, table) in enumerate(cases.items()):
        pair = cells[row].subgridspec(1, 2)
        for column, country in enumerate(("ukraine", "united_states")):
            ax = reasons_bars(table, country, ax=figure.add_subplot(pair[column]), limits=_room(every))
            verb = "signs" if float(table["gain"].sel(country=country)) >= 0 else "refuses"
            ax.set_title(f"{f'{title}: ' * (column == 0)}{country_name(country)} {verb}", fontsize=10)
            axes.append(ax)
    if changes is not None:
        title = f"{next(iter(cases))}. " if len(cases) > 1 else ""
        axes.append(changes_table(changes, ax=figure.add_subplot(cells[len(cases)]), title=title))
    if effects is not None:
        row_of_four = cells[len(heights) - 1].subgridspec(1, effects.sizes["country"])
        for column, country in enumerate(effects["country"].values):
            axes.append(change_bars(effects, str(country), ax=figure.add_subplot(row_of_four[column]), names=False))
        figure.supxlabel(f"Last row: utility with the deal less without it. {caption_of(effects)}", fontsize=8)
    figure.legend(handles=_key(effects is not None), loc="outside upper center", ncols=4)
    return np.array(axes, dtype=object)


def _key(effects: bool) -> list[Any]:
    """The legend of a figure of reasons."""
    words = "utility with the deal less without (± 2 standard errors)"
    change = Line2D([], [], color="black", marker="D", label=words)
    return [*parts_key(), Patch(fc=PALETTE["grey"], ec="black", label="all reasons together"), *[change] * effects]


def _row(term: xr.Dataset, other: str) -> list[str]:
    unit = str(term["unit"].values)
    shown = "" if unit == "share" else f" {unit}"
    needed, there = float(term["needed"]), float(term["other_gain"])
    name = str(term["term"].values).replace("_", " ")
    now = f"{float(term['now']):.3g}{shown}"
    best = f"{float(term['best_gain']):+.1f} at {float(term['best']):.3g}"
    if np.isnan(needed):
        return [name, now, "never", best, ""]
    verb = "signs" if there >= 0 else "refuses"
    return [name, now, f"{needed:.3g}{shown}", best, f"{verb} ({there:+.1f})"]


def _room(values: list[float]) -> tuple[float, float]:
    """Limits with room for the numbers at the ends of the bars."""
    low, high = min(0.0, *values), max(0.0, *values)
    width = max(high - low, 1e-9)
    return low - 0.14 * width, high + 0.14 * width
