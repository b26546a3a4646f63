"""The model's prices beside the record: fans and points, each point marked by kind, basis and use in tuning."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import matplotlib.dates as mdates
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.axes import Axes

from experiments.plots.style import PALETTE, about, axes_or_new, caption, draw_bands, entry, log_scale, note, style

FANS = {"abroad": ("blue", "abroad", "-"), "home": ("vermilion", "in China", "--")}
"""Side -> colour, words and dashes of the model's fan."""
MARKERS = {
    "average of a year": "D", "average of a quarter": "d", "year end": "s", "dated quote": "o", "peak of a year": "^"
}  # fmt: skip
TONES = {
    "china domestic": "vermilion",
    "china export": "blue",
    "europe import": "green",
    "unstated unstated": "sky",
    "your series, in China": "orange",
    "your series, abroad": "black",
}
"""Market of a point -> colour."""
NOTE = (
    "Log scale. The model's price abroad is that of all buyers outside China; where nothing is licensed both prices "
    "are one and the two fans lie on each other."
)
PUT_IN, TUNED = "sets the model's first price", "used in tuning"


@style()
def price_panel(fans: xr.Dataset, points: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """The model's price abroad and in China (fans over worlds) and the points of the record, on a log axis.

    `fans` holds abroad and home (quantile, month); `points` are rows of `price_record.price_points`. A point's
    shape is its kind, its colour the market, the bar what it is an average of; it is white where tuning
    has used it and grey where it was put in. `replay_prices` draws the key.
    """
    ax = axes_or_new(ax, 7.5, 4.6)
    for side, (tone, _, dashes) in FANS.items():
        draw_bands(ax, fans[side], tone, dashes, (0.13, 0.25), "")
    stands_for = str(fans.attrs.get("meaning", ""))
    for row in points.to_dict("records"):
        _point(ax, row)
        if f"as {row['element']} oxide" not in stands_for:
            ax.annotate(row["element"], (row["middle"], row["value"]), (5, 5), textcoords="offset points", fontsize=7)
    log_scale(ax)
    locator = mdates.AutoDateLocator(minticks=3, maxticks=8)  # type: ignore[no-untyped-call]
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(mdates.ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
    ax.set(ylabel=str(fans.attrs.get("unit", "")), xlabel="")
    ax.set_title(stands_for, fontsize=9.5)
    ax.margins(x=0.01)
    return ax


@style()
def replay_prices(panels: Sequence[tuple[xr.Dataset, pd.DataFrame]], *, sources: str = "") -> Any:
    """All panels of a replay side by side, the key and the `sources` below; the array of Axes."""
    width = max(5.2 * len(panels), 11.0)
    figure = plt.figure(figsize=(width, 7.0), layout="constrained")
    grid = figure.add_gridspec(2, len(panels), height_ratios=(5.0, 1.9))
    axes = np.array([price_panel(*each, ax=figure.add_subplot(grid[0, n])) for n, each in enumerate(panels)])
    attrs = panels[0][0].attrs
    caption(axes[0], about(attrs, f"{attrs.get('worlds', '')} worlds"), 9)
    below = figure.add_subplot(grid[1, :])
    below.axis("off")
    shown = pd.concat([points for _, points in panels], ignore_index=True)
    look: dict[str, Any] = {"fontsize": 8, "borderaxespad": 0.0, "columnspacing": 1.2}
    key = below.legend(handles=_entries(shown), ncols=3, loc="upper left", **look)
    given = " The model's first price is the mean of the grey points." if PUT_IN in set(shown["use"]) else ""
    said = NOTE + given + (f" Record: {sources}." if sources else "")
    note(below, textwrap.fill(said, int(16.5 * width)), (0, 0), (0, 0), 7, va="bottom", in_layout=False)
    key.set_in_layout(False)
    return axes


def _point(ax: Axes, row: dict[Any, Any]) -> None:
    colour = PALETTE["grey" if row["use"] == PUT_IN else TONES[row["market"]]]
    face = "white" if row["use"] == TUNED else colour
    if row["first"] != row["last"] and "average" in row["kind"]:
        span = [row["first"], row["last"]]
        ax.plot(span, [row["value"]] * 2, color=colour, lw=2.2, alpha=0.75, solid_capstyle="butt")
    ax.plot([row["middle"]], [row["value"]], MARKERS[row["kind"]], ms=6, mfc=face, mec=colour, mew=1.4, zorder=4)


def _entries(points: pd.DataFrame) -> list[Any]:
    """The key: fans, markets, kinds, and what was used for what."""
    words = "model {}: median, 50 and 90 % of worlds"
    handles = [entry(words.format(where), PALETTE[tone], ls=dashes) for tone, where, dashes in FANS.values()]
    bases = points.drop_duplicates("market").set_index("market")["basis"]
    for market in (name for name in TONES if name in bases):
        handles.append(entry(f"record: {bases[market]}", PALETTE[TONES[market]], "o"))
    for kind in (name for name in MARKERS if name in set(points["kind"])):
        handles.append(entry(f"shape: {kind}", marker=MARKERS[kind]))
    for use in dict.fromkeys(points["use"]):
        tone = PALETTE["grey"] if use == PUT_IN else "black"
        face, fill = ("white", "white") if use == TUNED else (tone, "grey" if use == PUT_IN else "filled")
        handles.append(entry(f"{fill}: {use}", marker="o", mec=tone, mfc=face, mew=1.4))
    return handles
