"""Errors of the model's monthly forecasts over those of random walks, by series and months ahead."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from experiments.plots.style import PALETTE, axes_or_new, entry, figure_of, name_rows, note, style

SHAPES = ("o", "s")
"""Marker of one rival after the other."""
TONES = {"skill": "blue", "no skill": "grey", "worse": "vermilion"}
"""Result -> colour."""
NOTE = "Root mean squared errors of log prices. Left of the line the model's are smaller."


@style()
def forecast_errors(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Rows of `monthly_price_scores.monthly_scores`: a line per series and horizon, a mark per rival.

    A mark is the model's error over the rival's; filled where the test tells the two apart, hollow where not. A rival
    without error has none.
    """
    lines = table[["series", "months_ahead"]].drop_duplicates()
    ax = axes_or_new(ax, 9.0, 2.2 + 0.4 * len(lines))
    ax.axvline(1.0, color="black", lw=1)
    rivals = table["rival"].unique().tolist()
    heights = {key: -float(row) for row, key in enumerate(lines.itertuples(index=False, name=None))}
    for row in table.assign(ratio=table["rmse_model"] / table["rmse_rival"]).to_dict("records"):
        at, tone = rivals.index(row["rival"]), PALETTE[TONES[row["result"]]]
        height = heights[row["series"], row["months_ahead"]] + np.linspace(0.15, -0.15, len(rivals))[at]
        face = "white" if row["result"] == "no skill" else tone
        ax.plot([row["ratio"]], [height], SHAPES[at], ms=7, mec=tone, mfc=face, mew=1.5)
    name_rows(
        ax, [*heights.values()], [f"{series}, {ahead} month{'s' * (ahead != 1)} ahead" for series, ahead in heights]
    )
    ax.set_ylim(-len(lines) + 0.4, 0.6)
    ax.set_xlabel("error of the model / error of the random walk")
    note(ax, NOTE, (0, 1), (0, 5), 8, va="bottom")
    handles = [entry(rival, marker=shape) for rival, shape in zip(rivals, SHAPES, strict=True)]
    handles += [
        entry(words, PALETTE[tone], "o", mfc="white" if words == "no skill" else PALETTE[tone])
        for words, tone in TONES.items()
    ]
    figure_of(ax).legend(handles=handles, ncols=3, loc="outside lower center", fontsize=8)
    return ax
