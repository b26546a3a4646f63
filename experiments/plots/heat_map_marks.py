"""What is drawn upon a map over two terms: who would sign where, the zone of agreement, drafts, points, the unknown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib.patheffects as effects
import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from experiments.plots.style import PALETTE, entry, figure_of, unknown

OUTLINES = {
    "ukraine": ("Ukraine", PALETTE["vermilion"], "-"),
    "united_states": ("the United States", PALETTE["black"], "--"),
}
UNKNOWN: dict[str, Any] = {"facecolor": "white", "edgecolor": "#C8C8C8", "hatch": "\\\\\\"}
"""How cells look of which nothing is known."""


def portion(threshold: float) -> str:
    """A share of worlds in words."""
    return "half of worlds" if threshold == 0.5 else f"{threshold:.0%} of worlds"


def draw_outlines(ax: Axes, zone: xr.Dataset, across: xr.DataArray, up: xr.DataArray) -> None:
    """Draw where each signs, and say what cannot be drawn; of unknown points say nothing."""
    threshold = float(zone.attrs["threshold"])
    both = zone["both_sign"].transpose(up.name, across.name).values
    where = "here" if np.isfinite(both).all() else "among the points known"
    notes = []
    for who, (name, colour, dashes) in OUTLINES.items():
        shares = zone[f"{who}_signs"].transpose(up.name, across.name).values
        least, most = np.nanmin(shares), np.nanmax(shares)
        if not least < threshold <= most or 1 in shares.shape:
            if least >= threshold or most < threshold:
                notes.append(f"{name} would sign {'nowhere' if most < threshold else 'everywhere'} {where}")
            continue
        lines = ax.contour(across, up, shares, levels=[threshold], colors=[colour], linestyles=[dashes], linewidths=2)
        solid = {"dash_offset": 0, "dash_list": None}
        ticks = effects.TickedStroke(angle=90, spacing=14, length=0.5, foreground=colour, dashes=solid, linewidth=1.2)
        lines.set_path_effects([effects.Stroke(linewidth=4, foreground="white", alpha=0.8), ticks, effects.Normal()])
    if not bool(zone["zone"].any()):
        notes.insert(0, f"no zone of agreement: nowhere {where}\nwould both sign in {portion(threshold)}")
    if notes:
        text_box(ax, [f"{each[0].upper()}{each[1:]}" for each in notes])


def text_box(ax: Axes, lines: Sequence[str]) -> None:
    """Lines of text in a box at the upper right of a map."""
    box = {"facecolor": "white", "edgecolor": PALETTE["grey"], "alpha": 0.92, "boxstyle": "round,pad=0.35"}
    size = 9 if len(figure_of(ax).axes) <= 2 else 7
    ax.text(0.97, 0.97, "\n".join(lines), transform=ax.transAxes, ha="right", va="top", fontsize=size, bbox=box,
            zorder=7)  # fmt: skip


def map_entries(table: xr.DataArray, zone: xr.Dataset | None, drafts: xr.Dataset | None) -> list[Any]:
    """The legend of a map."""
    entries: list[Any] = []
    if zone is not None:
        share = portion(zone.attrs["threshold"])
        words = f"{{}} would sign in {share} (ticks: in more)"
        entries += [
            entry(words.format(f"{name[0].upper()}{name[1:]}"), tone, ls=dashes, lw=2)
            for name, tone, dashes in OUTLINES.values()
        ]
        if bool(zone["zone"].any()):
            words = f"zone of agreement: both would sign in at least {share}"
            entries.append(Patch(fc="white", ec="black", hatch="////", label=words))
    if not bool(np.isfinite(table).all()):
        entries.append(Patch(**UNKNOWN, label=unknown(table.attrs)))
    if drafts is not None:
        words = "recorded draft, by date (*: its other terms differ from this map's)"
        entries.append(entry(words, marker="D", mfc="white", mec="black", ms=7))
    return entries


def drafts_within(drafts: xr.Dataset, across: xr.DataArray, up: xr.DataArray) -> xr.Dataset | None:
    """The recorded drafts that lie within a map; None where none does."""
    if not {across.name, up.name} <= set(drafts):
        return None
    inside = np.ones(drafts.sizes["draft"], dtype=bool)
    for axis in (across, up):
        values = drafts[axis.name].values
        inside &= (axis.values.min() <= values) & (values <= axis.values.max())
    return drafts.isel(draft=inside) if inside.any() else None


def mark_drafts(ax: Axes, drafts: xr.Dataset, across: str, up: str) -> None:
    """Mark the recorded drafts; filled if all their terms are those of the map."""
    stacked: dict[tuple[float, float], list[str]] = {}
    for date in drafts["draft"].values:
        one = drafts.sel(draft=date)
        point = float(one[across]), float(one[up])
        stacked.setdefault(point, []).append(str(date)[2:] + ("" if bool(one["same_terms"]) else "*"))
    right = ax.get_xlim()[1]
    for (x, y), dates in stacked.items():
        face = "white" if any(date.endswith("*") for date in dates) else PALETTE["yellow"]
        ax.plot([x], [y], "D", ms=8, mfc=face, mec="black", mew=1.3, clip_on=False, zorder=5)
        side, shift = ("right", -9) if x > 0.7 * right else ("left", 9)
        box = {"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 1.0}
        ax.annotate("\n".join(dates), (x, y), (shift, 4), textcoords="offset points", fontsize=7.5, zorder=6,
                    ha=side, va="bottom", bbox=box)  # fmt: skip


def mark_point(ax: Axes, name: str, point: xr.Dataset, across: str, up: str) -> Any:
    """Mark a point of theory, unless there is none; its entry in the legend."""
    look: dict[str, Any] = {"marker": "*" if name == "Nash" else "P", "ms": 12, "mfc": PALETTE["purple"], "ls": ""}
    ax.plot([float(point[across])], [float(point[up])], mec="black", clip_on=False, zorder=8, **look)
    return entry(f"{name} point" + ("" if bool(point[up].notnull()) else ": none"), mec="black", **look)
