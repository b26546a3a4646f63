"""Where a guarantee that takes time to build opens a window for war."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from experiments.plots.maps import HYPOTHESIS, facets
from experiments.plots.style import PALETTE, about, axes_or_new, figure_of, label, styled

DARK = 0.55
"""Share of the colour range above which a number is written in black."""

OPEN: dict[str, Any] = {
    "fill": False, "ec": PALETTE["vermilion"], "lw": 2.5, "label": "window open: war is likelier than with no guarantee"
}  # fmt: skip


@styled
def window_map(
    table: xr.Dataset, *, ax: Axes | None = None, key: bool = True, limits: tuple[float, float] | None = None
) -> Any:
    """Share of worlds with renewed war, strength × build-up, and outlined the cells in which the window is open.

    `table` is one of `windows.window_sweep`; with several hypotheses in it there is a picture for each.
    In every cell stands its excess over no guarantee, in points. Returns the Axes, or an array of them.
    """
    every = float(table["share"].min()), float(table["share"].max())
    if HYPOTHESIS in table.dims and table.sizes[HYPOTHESIS] > 1:
        return facets(table, window_map, by=HYPOTHESIS, limits=every)
    table = table.squeeze(HYPOTHESIS) if HYPOTHESIS in table.dims else table
    ax = axes_or_new(ax, 7.6, 5.2)
    low, high = limits or every
    grid = table["share"].transpose("guarantee_strength", "guarantee_buildup").values
    ax.pcolormesh(grid, cmap="viridis", vmin=low, vmax=high, edgecolors="white", lw=1)
    for row, column in np.ndindex(*grid.shape):
        cell = table.isel(guarantee_strength=row, guarantee_buildup=column)
        light = (grid[row, column] - low) / max(high - low, 1e-9) > DARK
        ax.text(
            column + 0.5, row + 0.5, _points(float(cell["excess"])), ha="center", va="center",
            color="black" if light else "white", fontsize=9 if key else 7.5,
        )  # fmt: skip
        if bool(cell["open"]):
            ax.add_patch(Rectangle((column + 0.04, row + 0.04), 0.92, 0.92, **OPEN))
    for which, name in (("x", "guarantee_buildup"), ("y", "guarantee_strength")):
        values = table[name].values
        getattr(ax, f"set_{which}ticks")(np.arange(len(values)) + 0.5, [f"{value:g}" for value in values])
        getattr(ax, f"set_{which}label")(label(table[name]))
    if key:
        figure_of(ax).colorbar(ax.collections[0], ax=ax, label=label(table["share"]))
        if bool(table["open"].any()):
            figure_of(ax).legend(*(each[:1] for each in ax.get_legend_handles_labels()), loc="outside lower center")
        count = table.attrs["replicates"]
        words = about(table.attrs, f"{count} worlds a cell; number: percentage points above no guarantee")
        ax.set_title(f"Does a promise that takes time invite war?\n{words}", fontsize=9)
    return ax


def _points(excess: float) -> str:
    """A share as signed percentage points, 0 without a sign."""
    points = round(100 * excess)
    return f"{points:+d}" if points else "0"
