"""Bars of what each outcome depends on: indices with intervals, or a tornado of changes; one panel per outcome."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from experiments.analysis.sensitivity.indices_for_design import WIDE
from experiments.analysis.sensitivity.report import group_words, main_index, notes, ranked_inputs
from experiments.plots.style import (
    PALETTE,
    about,
    axes_grid,
    caption,
    entry,
    figure_of,
    name_rows,
    note,
    style,
    worlds_a_point,
)

if TYPE_CHECKING:
    import pandas as pd

MOST_BARS = 10
MOST_NAMED = 6
"""Inputs of a group that are named one by one."""
SEEN = 0.02
"""Part of the longest bar from which on a bar is named."""
AXES = {
    "total": "part of the variance, alone and with others (total index)",
    "mean absolute effect": "mean change over the whole range",
    "Shapley": "share of the variance (Shapley effect)",
    "change": "change against the preset, same random draws",
}
SHARES = ("total", "Shapley")
VAGUE = f"hollow: the interval is wider than {WIDE:g} and says little; more points make it narrower"
RANGES = "what an input does holds for the ranges in which all were varied"
LOOKS: dict[str, Any] = {"edgecolor": "black", "lw": 0.6}
HOLLOW: dict[str, Any] = {"facecolor": "white", "edgecolor": PALETTE["blue"], "hatch": "////"}
MARK: dict[str, Any] = {"fmt": "none", "ecolor": "black", "capsize": 3, "lw": 1.2}


@style()
def sensitivity_bars(
    table: pd.DataFrame, attrs: Mapping[str, Any], groups: Mapping[str, Sequence[str]] | None = None
) -> Any:
    """A panel for each outcome of a table of `report.sensitivity_table`, its inputs ranked; returns the array of Axes.

    At most MOST_BARS inputs a panel. Lines are intervals of 95 %; `attrs` are those of the results, and `groups` those
    of inputs that the table judges as one, if the design does not say them.
    """
    outcomes, index = list(dict.fromkeys(table["outcome"])), main_index(table)
    columns = min(2, len(outcomes))
    rows = -(-len(outcomes) // columns)
    count = min(table.loc[table["index"] == index, "input"].nunique(), MOST_BARS)
    axes = axes_grid(rows, columns, 6.2 * columns, rows * (1.5 + 0.34 * count) + 0.6)
    for outcome, ax in zip(outcomes, axes.flat, strict=False):
        _panel(ax, table, outcome, index)
    for ax in axes.flat[len(outcomes) :]:
        ax.set_visible(False)
    if index == "change":
        keys = [("blue", "set lower, or to another word"), ("orange", "set higher")]
        marks = [entry(words, PALETTE[tone], marker="s") for tone, words in keys]
        figure_of(axes.flat[0]).legend(handles=marks, loc="outside lower center", ncols=2)
    elif index in SHARES and any(_vague(row) for _, row in table[table["index"] == index].iterrows()):
        figure_of(axes.flat[0]).legend(handles=[Patch(**HOLLOW, label=VAGUE)], loc="outside lower center")
    words = about(attrs, worlds_a_point(attrs), "lines: 95 % intervals", "" if index == "change" else RANGES)
    grouped = group_words(attrs, groups, MOST_NAMED).replace("_", " ")
    words += f". Judged as one: {grouped}" if grouped else ""
    caption(axes.flat[0], textwrap.fill(words, 85 * columns))
    return axes


def _panel(ax: Axes, table: pd.DataFrame, outcome: str, index: str) -> None:
    own = table[(table["outcome"] == outcome) & (table["index"] == index)]
    ranked = ranked_inputs(table, outcome)
    names = ranked[:MOST_BARS]
    rows = dict(zip(names, range(len(names), 0, -1), strict=True))
    bars = own[own["input"].isin(names) & own["value"].notna()]
    bars = bars if bars["value"].any() else bars.iloc[:0]
    ends = _high_ends(bars) if index == "change" else np.zeros(len(bars), dtype=bool)
    up = bars["input"].map(rows).to_numpy(dtype=float)
    value, low, high = (bars[name].to_numpy(dtype=float) for name in ("value", "low", "high"))
    tones = np.where(ends, PALETTE["orange"], PALETTE["blue"])
    shift = _shifts(bars) if index == "change" else np.zeros(len(bars))
    height = 0.7 / (bars.groupby("input")["value"].transform("count") if index == "change" else 1)
    for drawn, row in zip(
        ax.barh(up + shift, value, color=list(tones), height=height, **LOOKS), bars.index, strict=True
    ):
        drawn.set(**(HOLLOW if index in SHARES and _vague(bars.loc[row]) else {}))
    ax.errorbar(value, up + shift, xerr=np.abs(np.stack([value - low, high - value])), **MARK)
    if index == "change":
        _name_settings(ax, bars, up + shift)
    if not bars.empty:
        ax.axvline(0, color="black", lw=0.8)
    name_rows(ax, list(rows.values()), [name.replace("_", " ") for name in names])
    unit = str(own["unit"].iloc[0])
    unit = "share of worlds" if unit == "0/1" else unit
    ax.set_xlabel(AXES[index] + (f" ({unit})" if index in ("change", "mean absolute effect") else ""), fontsize=8.5)
    ax.set_title(textwrap.fill(str(own["meaning"].iloc[0]), 52), fontsize=9.5)
    ax.set_ylim(0.4, len(names) + 0.6)
    ax.grid(axis="x", alpha=0.3)
    if index in ("total", "Shapley"):
        ax.set_xlim(min(-0.05, float(np.min(low, initial=0))), max(1.05, float(np.max(high, initial=1))))
    if bars.empty:
        ax.set(xticks=[], yticks=[], xlabel="")
        ax.spines[["left", "bottom"]].set_visible(False)
    said = notes(own, outcome) if bars.empty else []
    said += [f"{len(ranked) - len(names)} more inputs, of less effect"] if len(ranked) > len(names) else []
    if said:
        at = (0.0, 0.5) if bars.empty else (0.4, 0.04)
        note(ax, textwrap.fill("; ".join(said), 56), at, (0, 0), 9)


def _vague(row: pd.Series[Any]) -> bool:
    """Whether the interval of a share is too wide to rank by."""
    return bool(row["high"] - row["low"] > WIDE)


def _high_ends(bars: pd.DataFrame) -> Any:
    """Which rows of a tornado are settings above the preset's own number."""
    import pandas as pd

    setting, base = (pd.to_numeric(bars[name], errors="coerce") for name in ("setting", "base"))
    return (setting > base).to_numpy()


def _shifts(bars: pd.DataFrame) -> Any:
    """How far above the middle of an input's row each of its settings stands."""
    groups = bars.groupby("input")["value"]
    count = groups.transform("count").to_numpy()
    return 0.35 - 0.7 * (groups.cumcount().to_numpy() + 0.5) / count


def _name_settings(ax: Axes, bars: pd.DataFrame, heights: Any) -> None:
    """Write at the end of each bar of a tornado that can be seen what its input was set to."""
    for row, height in zip(bars.to_dict("records"), heights, strict=True):
        if abs(row["value"]) > SEEN * bars["value"].abs().max():
            side = 1 if row["value"] > 0 else -1
            at = row["high"] if side > 0 else row["low"]
            look: dict[str, Any] = {"ha": "left" if side > 0 else "right", "va": "center", "fontsize": 7.5}
            ax.annotate(str(row["setting"]), (at, height), (4 * side, 0), textcoords="offset points", **look)
    ax.margins(x=0.12)
