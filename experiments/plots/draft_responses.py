"""What a deal does: who would say yes and for which reasons, what would turn them, and utility with it and without."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from experiments.analysis.deal.draft_responses import own_reasons
from experiments.plots.effects.country_effects import UTILITY, caption_of, change_bars
from experiments.plots.style import (
    PALETTE,
    PARTS,
    axes_or_new,
    caption,
    country_name,
    entry,
    figure_of,
    name_rows,
    parts_key,
    shorten,
    style,
)

SIGNATORIES = {"ukraine": ("Ukraine", "blue", "o"), "united_states": ("United States", "vermilion", "s")}
BARS: dict[str, Any] = {"edgecolor": "black", "lw": 0.6}


@style()
def chances_chart(responses: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Chance that each signatory signs each draft, with the central 80 % over its private types, and of ratification.

    `responses` is a table of `draft_responses`.
    """
    ax = axes_or_new(ax, 6.0, 1.6 + 0.7 * len(responses))
    rows = np.arange(len(responses), 0, -1.0)
    for shift, (country, (_, tone, marker)) in zip((0.18, -0.02), SIGNATORIES.items(), strict=True):
        low, mean, high = (responses[f"{country}_{name}"].to_numpy(float) for name in ("low", "signs", "high"))
        ax.hlines(rows + shift, low, high, color=PALETTE[tone], lw=3, alpha=0.4)
        ax.plot(mean, rows + shift, marker, ms=7, color=PALETTE[tone], clip_on=False)
    rada = responses["rada"].to_numpy(float)
    ax.plot(rada, rows - 0.22, "^", ms=7, color=PALETTE["green"], clip_on=False)
    name_rows(ax, rows, [textwrap.fill(shorten(str(name)), 24) for name in responses.index])
    ax.set(xlim=(0, 1), ylim=(0.4, len(responses) + 0.6))
    ax.set_xlabel("chance (0-1)", fontsize=8.5)
    ax.set_title("Who would say yes", fontsize=9.5)
    return ax


@style()
def deal_effects_figure(responses: pd.DataFrame, effects: xr.Dataset) -> Any:
    """For each draft a row: who would say yes, and what the deal would do to each of the four countries.

    `responses` (of `draft_responses`) and `effects` (of `with_and_without`) are of the same drafts. Every country
    has its own scale. Returns the array of Axes.
    """
    countries = [str(name) for name in effects["country"].values]
    size, widths = (15, 2.5 + 0.75 * len(responses)), [1.5, *[1] * len(countries)]
    _, axes = plt.subplots(1, len(widths), figsize=size, layout="constrained", width_ratios=widths)
    chances_chart(responses, ax=axes[0])
    for country, ax in zip(countries, axes[1:], strict=True):
        change_bars(effects, country, ax=ax, names=False)
    words = "{} signs: mean and central 80 % over its private types"
    handles: list[Any] = [
        entry(words.format(name), PALETTE[tone], marker, "-", ms=7, lw=3, alpha=0.7)
        for name, tone, marker in SIGNATORIES.values()
    ]
    handles += [entry("the Rada ratifies, if asked", PALETTE["green"], "^", ms=7), *parts_key(effects)]
    handles.append(entry(f"{UTILITY} (lines: 95 % intervals)", marker="D", ls="-"))
    figure_of(axes[0]).legend(handles=handles, loc="outside lower center", ncols=3, fontsize=8.5)
    caption(axes[0], f"Right: present values with the deal in force less without any. {caption_of(effects)}")
    return axes


@style()
def reasons_bars(
    table: xr.Dataset, country: str, *, ax: Axes | None = None, limits: tuple[float, float] | None = None
) -> Axes:
    """The reasons of one country as bars to the left (against signing) and right, and their sum."""
    ax = axes_or_new(ax, 7.5, 3.6)
    own = own_reasons(table, country)
    gain = float(own["gain"])
    names = [textwrap.fill(str(words), 34) for words in own["reason_meaning"].values]
    values = own["contribution"].values
    rows = np.arange(len(values), 0, -1)
    for part, (tone, hatch) in PARTS.items():
        mask = own["part"].values == part
        ax.barh(rows[mask], values[mask], color=tone, hatch=hatch, height=0.72, **BARS)
    ax.barh([0], [gain], color=PALETTE["grey"], height=0.72, **BARS)
    name_rows(ax, [*rows, 0], [*names, f"together: {'signs' if gain >= 0 else 'refuses'}"], 8)
    ax.get_yticklabels()[-1].set_fontweight("bold")
    ax.axvline(0, color="black", lw=0.8)
    ax.axhline(0.5, color=PALETTE["grey"], lw=0.6)
    ax.set_xlim(limits or _room([*values, gain]))
    look: dict[str, Any] = {"textcoords": "offset points", "va": "center", "fontsize": 8}
    for row, value in zip([*rows, 0], [*values, gain], strict=True):
        side, shift = ("left", 3) if value >= 0 else ("right", -3)
        shown = "0" if abs(value) < 0.005 else f"{value:+.1f}" if abs(value) >= 0.05 else f"{value:+.2f}"
        ax.annotate(shown, (value, row), (shift, 0), ha=side, **look)
    ax.set_xlabel(f"weighted gain by signing ({table['gain'].attrs.get('unit', '')})", fontsize=8.5)
    ax.set_title(country_name(country), fontsize=10)
    return ax


@style()
def changes_table(changes: xr.Dataset, *, ax: Axes | None = None, title: str = "") -> Axes:
    """What would turn it: for each term alone, now, needed, and what the other side then says."""
    ax = axes_or_new(ax, 7.5, 3.0)
    ax.axis("off")
    country, other = (country_name(changes.attrs[name]) for name in ("country", "other"))
    signs = changes.attrs["gain"] >= 0
    turned, end = ("refuse", "least") if signs else ("sign", "most")
    rows = [_row(changes.sel(term=term)) for term in changes["term"].values]
    drawn = ax.table(
        cellText=rows,
        colLabels=["term, changed alone", "now", "turns at", f"{end} {country} gains", f"{other} there"],
        colWidths=[0.27, 0.17, 0.17, 0.2, 0.19], cellLoc="left", colLoc="left", loc="center", edges="horizontal",
    )  # fmt: skip
    drawn.auto_set_font_size(False)
    drawn.set_fontsize(8.5)
    drawn.scale(1, 1.25)
    for (row, _), cell in drawn.get_celld().items():
        cell.set_linewidth(0.5)
        if row == 0 or rows[row - 1][2] != "never":
            cell.set_text_props(fontweight="bold")
    words = f"What would make {country} {turned} (gain now {changes.attrs['gain']:+.1f} {changes.attrs['unit']})"
    ax.set_title(textwrap.fill(f"{title}{words}", 100), fontsize=9.5, pad=10)
    return ax


@style()
def reasons_figure(
    cases: Mapping[str, xr.Dataset], changes: xr.Dataset | None = None, effects: xr.Dataset | None = None
) -> Any:
    """Reasons of both signatories for each deal in `cases` (title -> `reasons`), a row each; the array of Axes.

    Below, where given, what would turn the first (`changes`, of `turning_points`) and what it changes for every
    country (`effects`, of `deal_effects.with_and_without`).
    """
    heights = [3.1] * len(cases) + [2.9] * (changes is not None) + [1.5] * (effects is not None)
    figure = plt.figure(figsize=(11, sum(heights)), layout="constrained")
    cells = figure.add_gridspec(len(heights), 1, height_ratios=heights)
    sides = [own_reasons(table, country) for table in cases.values() for country in SIGNATORIES]
    every = [float(value) for own in sides for value in (*own["contribution"].values, own["gain"])]
    axes = []
    for row, (title, table) in enumerate(cases.items()):
        pair = cells[row].subgridspec(1, 2)
        for column, country in enumerate(SIGNATORIES):
            ax = reasons_bars(table, country, ax=figure.add_subplot(pair[column]), limits=_room(every))
            verb = "signs" if float(table["gain"].sel(signatory=country)) >= 0 else "refuses"
            words = f"{shorten(title)}: " * (column == 0)
            ax.set_title(textwrap.fill(f"{words}{country_name(country)} {verb}", 46), fontsize=10)
            axes.append(ax)
    if changes is not None:
        title = f"{shorten(next(iter(cases)))}. " if len(cases) > 1 else ""
        axes.append(changes_table(changes, ax=figure.add_subplot(cells[len(cases)]), title=title))
    if effects is not None:
        row_of_four = cells[len(heights) - 1].subgridspec(1, effects.sizes["country"])
        for column, country in enumerate(effects["country"].values):
            axes.append(change_bars(effects, str(country), ax=figure.add_subplot(row_of_four[column]), names=False))
        figure.supxlabel(
            f"Last row: present values with the deal less without it, not weighed. {caption_of(effects)}", fontsize=8
        )
    together = Patch(fc=PALETTE["grey"], ec="black", label="all reasons together")
    key = [*parts_key(next(iter(cases.values())) if effects is None else effects), together]
    key += [entry(f"{UTILITY} (lines: 95 % intervals)", marker="D", ls="-")] * (effects is not None)
    figure.legend(handles=key, loc="outside upper center", ncols=5)
    return np.array(axes, dtype=object)


def _row(term: xr.Dataset) -> list[str]:
    unit = "" if term["unit"] == "share" else f" {term['unit'].values}"
    now, needed, there, gain, extreme = (
        float(term[name]) for name in ("now", "needed", "other_gain", "extreme_gain", "extreme")
    )
    turns, answer = f"{needed:.3g}{unit}", f"{'signs' if there >= 0 else 'refuses'} ({there:+.1f})"
    turning = ("never", "") if np.isnan(needed) else (turns, answer)
    name = str(term["term"].values).replace("_", " ")
    return [name, f"{now:.3g}{unit}", turning[0], f"{gain:+.1f} at {extreme:.3g}", turning[1]]


def _room(values: list[float]) -> tuple[float, float]:
    """Limits with room for the numbers at the ends of the bars."""
    low, high = min(0.0, *values), max(0.0, *values)
    width = max(high - low, 1e-9)
    return low - 0.14 * width, high + 0.14 * width
