"""Paired differences as pictures: all outcomes of a comparison on one scale, or some outcomes of many rows."""

from __future__ import annotations

import textwrap
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from experiments.errors import InputError
from experiments.plots.style import PALETTE, axes_grid, axes_or_new, caption, name_rows, shorten, style

PERCENT = {"0/1": "percentage points of worlds", "share": "percentage points"}
"""Units that are drawn as hundredths, and their words."""
BARS = "bars: 95 % interval by common random numbers, hollow where it holds nought"
SCALE = "(2 is the most: all that varies is which of the two it is)"
SHOWN = 24
"""Outcomes that a comparison shows at most."""


@style()
def comparison(table: pd.DataFrame, first: str, second: str, *, note: str = "", ax: Axes | None = None) -> Axes:
    """The clearest differences of a comparison in standard deviations, with their intervals.

    `table` is that of `paired_differences.compare`, whose order stays; the number beside a row is the difference in
    its own unit. A standard deviation is that of the worlds of both runs together, so that no difference is beyond 2.
    What differs by the same in every pair has no error, and is left out. Raises InputError where nothing is left.
    """
    scaled = table[(table["error"] > 0) & (table["difference"] != 0)].head(SHOWN)
    if scaled.empty:
        raise InputError(f"{first} and {second} differ in no outcome that varies between worlds: nothing to draw")
    ax = axes_or_new(ax, 10.5, 1.9 + 0.36 * len(scaled))
    rows = np.arange(len(scaled), 0, -1.0)
    _draw(ax, scaled, rows, 1 / scaled["spread"].to_numpy())
    for at, (_, row) in zip(rows, scaled.iterrows(), strict=True):
        scale, unit = (100, PERCENT[row["unit"]]) if row["unit"] in PERCENT else (1, row["unit"])
        words = f"{scale * row['difference']:+.3g} {unit if unit != '1' else ''}"
        ax.annotate(words, (1, at), (6, 0), ("axes fraction", "data"), "offset points", va="center", fontsize=8)
    name_rows(ax, rows, [textwrap.fill(shorten(words, 110), 54) for words in scaled["meaning"]])
    ax.set_xlabel(f"{second} less {first}, in standard deviations of the worlds of both\n{SCALE}")
    caption(ax, textwrap.fill(f"{note}; {BARS}; at the right: in its own unit", 110))
    return ax


@style()
def differences_by_row(table: pd.DataFrame, base: str, *, note: str = "") -> Any:
    """The difference of each row from `base`, a panel for each outcome in its own unit; the array of Axes.

    `table` is that of `paired_differences.differences_from`; rows stand in its order, from above.
    """
    names, outcomes = list(dict.fromkeys(table["row"])), list(dict.fromkeys(table["outcome"]))
    axes = axes_grid(1, len(outcomes), 2.6 + 2.9 * len(outcomes), 1.9 + 0.3 * len(names))[0]
    rows = np.arange(len(names), 0, -1.0)
    for at, (outcome, ax) in enumerate(zip(outcomes, axes, strict=True)):
        own = table[table["outcome"] == outcome]
        unit = own["unit"].iloc[0]
        _draw(ax, own, rows, np.full(len(own), 100.0 if unit in PERCENT else 1.0))
        ax.set_title(textwrap.fill(own["meaning"].iloc[0], 32), fontsize=9)
        ax.set_xlabel(f"difference, {PERCENT.get(unit, unit)}", fontsize=8.5)
        name_rows(ax, rows, names if not at else [""] * len(names))
    caption(axes[0], textwrap.fill(f"difference from: {base}; {note}; {BARS}", 110))
    return axes


def _draw(ax: Axes, table: pd.DataFrame, rows: Any, scale: Any) -> None:
    """Differences with their intervals, hollow where the interval holds nought, on a line at nought."""
    middle, low, high = (table[name].to_numpy() * scale for name in ("difference", "low", "high"))
    clear = (low > 0) | (high < 0)
    for chosen, colour, fill in ((clear, PALETTE["blue"], None), (~clear, PALETTE["grey"], "white")):
        error = np.maximum(np.stack([middle - low, high - middle])[:, chosen], 0)
        ax.errorbar(middle[chosen], rows[chosen], xerr=error, fmt="o", ms=5, capsize=3, color=colour, mfc=fill)
    ax.axvline(0, color="black", lw=0.8)
    ax.grid(alpha=0.3)
    ax.set_ylim(0.4, len(rows) + 0.6)
