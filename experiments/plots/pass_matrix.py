"""The pass matrix: every pattern line on its own scale, so that inside and outside are seen at a glance."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from experiments.plots.style import PALETTE, axes_or_new, figure_of, name_rows, styled

USES = {"C": "used in tuning (C)", "H": "held out (H)"}
ENDS = (-1.08, 2.08)
"""Ends of the scale, on which every tolerance reaches from 0 to 1, with room for what lies beyond it."""


@styled
def pass_matrix(lines: pd.DataFrame, *, ax: Axes | None = None, title: str = "") -> Axes:
    """Pattern lines (`matrices.lines`) as rows: the tolerance as a band, the median and middle four fifths.

    A line that passes is blue, a miss vermilion; hollow where a table or a script puts the value in. What
    lies beyond the scale sits at its edge. Verdict and numbers stand to the right of each row.
    """
    ax = axes_or_new(ax, 12.5, 1.7 + 0.3 * (len(lines) + lines["use"].nunique()))
    ax.set(xlim=ENDS, xticks=[0, 1])
    ax.set_xticklabels(["lower bound", "upper bound"], fontsize=8)
    beside = ax.secondary_yaxis("right")
    row, ticks = 0, []
    for use in dict.fromkeys(lines["use"]):
        ax.text(ENDS[0], row, USES.get(use, use), fontsize=9, fontweight="bold", va="center")
        for line in lines[lines["use"] == use].to_dict("records"):
            row += 1
            _draw(ax, row, line)
            ticks.append((row, f"{line['quantity']}  {line['pattern']}", _said(line), line["passed"]))
        row += 1
    rows = [row for row, *_ in ticks]
    name_rows(ax, rows, [words for _, words, *_ in ticks])
    name_rows(beside, rows, [said for *_, said, _ in ticks], 8)
    for text, (*_, passed) in zip(beside.get_yticklabels(), ticks, strict=True):
        text.set(color=PALETTE["black" if passed else "vermilion"], fontweight="normal" if passed else "bold")
    ax.set_ylim(row - 0.3, -0.8)
    ax.spines["left"].set_visible(False)
    beside.spines["right"].set_visible(False)
    if title:
        ax.set_title(title, fontsize=10)
    figure_of(ax).legend(handles=_entries(lines), ncols=3, loc="outside lower center", fontsize=8)
    return ax


def _draw(ax: Axes, row: int, line: dict[Any, Any]) -> None:
    """One line of the matrix."""
    tone = PALETTE["blue" if line["passed"] else "vermilion"]
    ax.barh(row, line["band"], height=0.62, color=PALETTE["green"], alpha=0.2, lw=0)
    if np.isfinite(line["at_low"]) and np.isfinite(line["at_high"]):
        ends = [line["at_low"], line["at_high"]]
        ax.plot(ends, [row, row], color=tone, lw=2.2, alpha=0.7, solid_capstyle="butt")
    if np.isfinite(line["at_observed"]):
        ax.plot([line["at_observed"]], [row], "|", ms=13, mew=2, color="black")
    shape, face = "o" if line["passed"] else "X", "white" if line["given"] else tone
    ax.plot([line["at"]], [row], shape, ms=7, mec=tone, mfc=face, mew=1.5, zorder=4)


def _said(line: dict[Any, Any]) -> str:
    """Verdict, median, middle four fifths and tolerance, in words."""
    low, high = line["low"], line["high"]
    spread = f" ({_number(low)} to {_number(high)})" if not np.isnan(low) and low != high else ""
    verdict = ("pass" if line["passed"] else "MISS") + (", put in" if line["given"] else "")
    return f"{verdict}: {_number(line['middle'])}{spread}; tolerance: {line['asked']}"


def _number(value: float) -> str:
    return "no end" if np.isinf(value) else f"{value:.3g}" if abs(value) >= 5e-4 else "0"


def _entries(lines: pd.DataFrame) -> list[Line2D | Patch]:
    """The key of the matrix."""
    blue, red = PALETTE["blue"], PALETTE["vermilion"]
    entries: list[Line2D | Patch] = [
        Patch(facecolor=PALETTE["green"], alpha=0.2, label="tolerance, stated beforehand"),
        Line2D(
            [], [], color=blue, marker="o", label="pass: median (or share) inside; bar: middle four fifths of worlds"
        ),
        Line2D([], [], color=red, marker="X", label="MISS: outside (at the edge: beyond the scale)"),
    ]
    if lines["given"].any():
        entries.append(
            Line2D([], [], ls="", marker="o", mfc="white", mec=blue, label="hollow: put in by a table or script")
        )
    if lines["observed"].notna().any():
        entries.append(Line2D([], [], ls="", marker="|", ms=12, mew=2, color="black", label="observed"))
    return entries
