"""Boxes of what fails: each restriction within its input's range, and what coverage costs in density."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib import ticker
from matplotlib.axes import Axes
from matplotlib.layout_engine import ConstrainedLayoutEngine

from experiments.analysis.discovery.boxes import HIGH, LOW, Limit
from experiments.analysis.discovery.discovery import Discovery, Restriction
from experiments.analysis.discovery.report import Extent, candidate_table, extent, ordered, sentence, share_words, small
from experiments.plots.style import PALETTE, PLAIN_UNITS, about, caption, entry, name_rows, note, style, worlds_a_point

if TYPE_CHECKING:
    import pandas as pd

INSIDE: dict[str, Any] = {"color": PALETTE["sky"], "ec": "black", "lw": 0.8, "height": 0.5}
BOX: dict[str, Any] = {"marker": "D", "ms": 8, "mec": "black", "ls": ""}
OTHER: dict[str, Any] = {"marker": "X", "ms": 8, "mec": "black", "ls": ""}
KEY: tuple[dict[str, Any], ...] = (
    {"words": "the box, with intervals of 95 %", "colour": PALETTE["vermilion"], **BOX},
    {"words": "boxes of half of the points, in the other half", "colour": PALETTE["orange"], **OTHER},
    {"words": "share that fails over all points", "colour": PALETTE["grey"], "ls": ":"},
)
WHOLE: dict[str, Any] = {"color": "white", "ec": PALETTE["grey"], "lw": 0.8, "height": 0.5}
UNITLESS = ("", "1", "choice", "0/1")


@style()
def discovery_boxes(discoveries: Sequence[Discovery], attrs: Mapping[str, Any]) -> Any:
    """A row for each failure: its box at the left, its choice at the right; returns the array of Axes (failure, 2).

    Where nothing was found, the left says why. `attrs` are those of the results.
    """
    counts = [max(2, len({each.side[0] for each in found.restrictions})) for found in discoveries]
    heights = [2.0 + 0.62 * count for count in counts]
    figure, axes = plt.subplots(
        len(discoveries), 2, figsize=(12, sum(heights) + 0.7), squeeze=False,
        layout=ConstrainedLayoutEngine(h_pad=0.12, w_pad=0.1),
        gridspec_kw={"width_ratios": (1.7, 1), "height_ratios": heights},
    )  # fmt: skip
    tried = [candidate_table(found) for found in discoveries]
    most = max([1, *(int(table["restricted"].max()) for table in tried if len(table))])
    for found, table, (left, right) in zip(discoveries, tried, axes, strict=True):
        _box(left, found)
        _choice(right, found, table, most)
    figure.legend(handles=[entry(**each) for each in KEY], loc="outside lower right", ncols=3)
    held = "what a box leaves open may have any value of its range"
    words = about(attrs, worlds_a_point(attrs), "blue: the box, where failures are dense", held)
    caption(axes.flat[0], textwrap.fill(words, 150))
    return axes


def _box(ax: Axes, found: Discovery) -> None:
    """The restricted inputs, each over its whole range."""
    sides: dict[str, list[Restriction]] = {}
    for each in ordered(found):
        sides.setdefault(each.side[0], []).append(each)
    heights = range(len(sides), 0, -1)
    for height, (name, own) in zip(heights, sides.items(), strict=True):
        whole = extent(found.points, name)
        draw = _words_row if whole.words else _numbers_row
        draw(ax, height, whole, {each.side[1]: each.limit for each in own})
    name_rows(ax, list(heights), [_row_name(found, name, own) for name, own in sides.items()])
    ax.set(xlim=(-0.02, 1.02), ylim=(0.4, len(sides) + 0.75) if len(sides) > 1 else (0, 2), xticks=[])
    words = [textwrap.fill(f"Fails: {found.failure.meaning}", 70)]
    if sides:
        density, base, coverage = map(share_words, (found.measures.density, found.points.base, found.measures.coverage))
        words.append(f"{density} of worlds fail in the box, {base} in all; {coverage} of failures are inside")
    ax.set_title("\n".join(words), fontsize=9.5)
    for spine in ax.spines.values():
        spine.set_visible(False)
    if not sides:
        note(ax, textwrap.fill(sentence(found.note), 56), (0.02, 0.5), (0, 0), 10, va="center")
        return
    free = [name.replace("_", " ") for name in found.points.inputs if name not in sides]
    rest = f"Not restricted: {', '.join(free)}." if free else "Every input that varies is restricted."
    note(ax, textwrap.fill(rest, 100), (0, 0), (0, -4), 8, va="top")


def _row_name(found: Discovery, name: str, own: Sequence[Restriction]) -> str:
    """The input, its unit, and the quasi-p of each restricted side."""
    unit = extent(found.points, name).unit
    unit = "" if unit in UNITLESS else f" ({PLAIN_UNITS.get(unit, unit)})"
    values = dict.fromkeys(small(each.quasi_p) for each in own)
    words = textwrap.fill(f"{name.replace('_', ' ')}{unit}", 34)
    return f"{words}\nquasi-p {' and '.join(values)}"


def _numbers_row(ax: Axes, height: float, whole: Extent, limits: Mapping[str, Limit]) -> None:
    """A range of numbers with the part inside the box, ends and limits named."""
    low, high = (float(limits.get(side, end)) for side, end in ((LOW, whole.low), (HIGH, whole.high)))  # type: ignore[arg-type]
    ends = _positions(whole, low, high)
    ax.barh(height, 1, left=0, **WHOLE)
    ax.barh(height, ends[1] - ends[0], left=ends[0], **INSIDE)
    look: dict[str, Any] = {"va": "bottom", "fontsize": 8}
    for side, at, value in ((LOW, ends[0], low), (HIGH, ends[1], high)):
        if side in limits:
            words = f"{'≥' if side == LOW else '≤'} {value:.3g}"
            ax.text(at, height + 0.27, words, ha=_toward_middle(at), weight="bold", **look)
    for at, value, side in ((0, whole.low, "left"), (1, whole.high, "right")):
        ax.text(at, height - 0.27, f"{value:.3g}", ha=side, color=PALETTE["grey"], va="top", fontsize=7.5)


def _toward_middle(at: float) -> str:
    """On which side of a limit its words stand so that they stay within the range."""
    return "left" if at < 0.12 else "right" if at > 0.88 else "center"


def _positions(whole: Extent, *values: float) -> list[float]:
    """Where numbers lie within a range, 0 to 1."""
    if whole.log:
        return [float(np.log(value / whole.low) / np.log(whole.high / whole.low)) for value in values]
    return [(value - whole.low) / (whole.high - whole.low) for value in values]


def _words_row(ax: Axes, height: float, whole: Extent, limits: Mapping[str, Limit]) -> None:
    """A cell for each word, those inside the box filled."""
    (kept,) = limits.values()
    width = 1 / len(whole.words)
    for at, word in enumerate(whole.words):
        within = isinstance(kept, tuple) and word in kept
        ax.barh(height, width, left=at * width, **(INSIDE if within else WHOLE))
        look: dict[str, Any] = {"weight": "bold"} if within else {"color": PALETTE["grey"]}
        ax.text((at + 0.5) * width, height, word.replace("_", " "), ha="center", va="center", fontsize=8, **look)


def _choice(ax: Axes, found: Discovery, table: pd.DataFrame, most: int) -> None:
    """Coverage against density of the boxes to choose from, the box, and what is expected of it elsewhere."""
    if table.empty:
        ax.set_visible(False)
        return
    look: dict[str, Any] = {"cmap": plt.get_cmap("viridis_r", most + 1), "vmin": -0.5, "vmax": most + 0.5}
    drawn = ax.scatter(table["coverage"], table["density"], c=table["restricted"], s=22, ec="black", lw=0.3, **look)
    bar = plt.colorbar(drawn, ax=ax, label="inputs restricted", pad=0.02)
    bar.locator = ticker.MaxNLocator(integer=True)
    bar.update_ticks()
    ax.axhline(found.points.base, color=PALETTE["grey"], ls=":", lw=1.2)
    if found.restrictions and found.held_out is not None:
        across, up = (np.array(found.intervals[name]) for name in ("coverage", "density"))
        ends: dict[str, Any] = {"xerr": np.abs(across[1:, None] - across[0]), "yerr": np.abs(up[1:, None] - up[0])}
        ax.errorbar(across[0], up[0], **ends, color=PALETTE["vermilion"], ecolor="black", capsize=2, **BOX)
        ax.plot(found.held_out.coverage, found.held_out.density, color=PALETTE["orange"], **OTHER)
    ax.set(xlim=(0, 1.04), ylim=(0, 1.04), xlabel="coverage: share of failures inside")
    ax.set_ylabel("density: share inside that fails")
    ax.set_title("Boxes tried", fontsize=10)
    ax.grid(alpha=0.3)
