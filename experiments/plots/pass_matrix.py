"""The pass matrix: every pattern line on its own scale, so that inside and outside are seen at a glance."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from experiments.plots.style import PALETTE, axes_or_new, entry, figure_of, name_rows, style

KINDS = {"C": "used in tuning (C)", "H": "held out (H)"}
EDGE = 1.0
"""How far beyond its tolerance a line is shown, in widths of the tolerance."""
ENDS = (-EDGE - 0.08, 1 + EDGE + 0.08)
"""Ends of the scale, on which every tolerance reaches from 0 to 1, with room for what lies beyond it."""


@style()
def pass_matrix(table: pd.DataFrame, *, ax: Axes | None = None, title: str = "") -> Axes:
    """A pass matrix (see `validation.pass_matrix`), a row per line: the tolerance as a band, the model's figure in it.

    A line that passes is blue, a miss vermilion; hollow where a table or a script puts the value in. What
    lies beyond the scale is drawn at its edge. Verdict and numbers stand to the right of each row.
    """
    ax = axes_or_new(ax, 12.5, 1.7 + 0.3 * (len(table) + table["kind"].nunique()))
    ax.set_xlim(ENDS)
    ax.set_xticks([0, 1], ["lower bound", "upper bound"], fontsize=8)
    beside = ax.secondary_yaxis("right")
    row, lines = 0, {}
    for kind, own in table.groupby("kind"):
        ax.text(ENDS[0], row, KINDS[str(kind)], fontsize=9, fontweight="bold", va="center")
        for line in own.to_dict("records"):
            row += 1
            _draw(ax, row, line)
            lines[row] = line
        row += 1
    name_rows(ax, [*lines], [f"{line['meaning']}  {line['pattern']}" for line in lines.values()])
    name_rows(beside, [*lines], [line["verdict"] for line in lines.values()], 8)
    for text, line in zip(beside.get_yticklabels(), lines.values(), strict=True):
        if not line["passed"]:
            text.set(color=PALETTE["vermilion"], fontweight="bold")
    ax.set_ylim(row - 0.3, -0.8)
    ax.spines["left"].set_visible(False)
    beside.spines["right"].set_visible(False)
    if title:
        ax.set_title(title, fontsize=10)
    figure_of(ax).legend(handles=_entries(table), ncols=3, loc="outside lower center", fontsize=8)
    return ax


def _draw(ax: Axes, row: int, line: dict[Any, Any]) -> None:
    """One line of the matrix."""
    tone = PALETTE["blue" if line["passed"] else "vermilion"]
    at = scaled(line)
    ax.barh(row, 1.0 if np.isfinite(line["high"]) else 1 + EDGE, height=0.62, color=PALETTE["green"], alpha=0.2, lw=0)
    if not np.isnan(line["measured_low"]):
        ends = [at["measured_low"], at["measured_high"]]
        ax.plot(ends, [row, row], color=tone, lw=2.2, alpha=0.7, solid_capstyle="butt")
    if not np.isnan(line["observed"]):
        ax.plot([at["observed"]], [row], "|", ms=13, mew=2, color="black")
    shape, face = "o" if line["passed"] else "X", "white" if line["given"] else tone
    ax.plot([at["measured"]], [row], shape, ms=7, mec=tone, mfc=face, mew=1.5, zorder=4)


def scaled(line: dict[Any, Any]) -> dict[str, float]:
    """The numbers of a line on a scale on which its tolerance reaches from 0 to 1, held within EDGE of it.

    Without an upper bound the farthest number sets the scale.
    """
    names = ("measured", "measured_low", "measured_high", "observed")
    low, width = line["low"], line["high"] - line["low"]
    if not np.isfinite(width):
        far = [abs(line[name] - low) for name in names if np.isfinite(line[name])]
        width = max([*far, 0.1 * abs(low), 1e-9])
    return {name: float(np.clip((line[name] - low) / width, -EDGE, 1 + EDGE)) for name in names}


def _entries(table: pd.DataFrame) -> list[Any]:
    """The key of the matrix."""
    blue, red = PALETTE["blue"], PALETTE["vermilion"]
    entries = [
        Patch(facecolor=PALETTE["green"], alpha=0.2, label="tolerance, stated beforehand"),
        entry("pass: median (or share) inside; bar: middle four fifths of worlds", blue, "o", "-"),
        entry("MISS: outside (at the edge: beyond the scale)", red, "X", "-"),
    ]
    if table["given"].any():
        entries.append(entry("hollow: put in by a table or script", marker="o", mfc="white", mec=blue))
    if table["observed"].notna().any():
        entries.append(entry("observed", marker="|", ms=12, mew=2))
    return entries
