"""Where a guarantee that takes time to build opens a window for war."""

from __future__ import annotations

import textwrap
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from experiments.plots.maps import HYPOTHESIS, facets
from experiments.plots.style import PALETTE, about, axes_or_new, caption, figure_of, label, style, worlds_a_point

DARK = 0.55
"""Share of the colour range above which a number is written in black."""
OPEN = "window open: war is likelier than with no guarantee"


@style()
def window_map(
    table: xr.Dataset, *, ax: Axes | None = None, key: bool = True, limits: tuple[float, float] | None = None
) -> Any:
    """Share of worlds with renewed war, strength × build-up (of `window_sweep`), a picture for each hypothesis.

    In every cell stands its excess over no guarantee, in points; where the window is open it is outlined. Returns
    the Axes, or an array of them.
    """
    every = float(table["share"].min()), float(table["share"].max())
    if HYPOTHESIS in table.dims and table.sizes[HYPOTHESIS] > 1:
        axes = facets(table, window_map, by=HYPOTHESIS, limits=every)
        said = f"{about(table.attrs, worlds_a_point(table.attrs))}. {_assumed(table)}"
        caption(axes.flat[0], textwrap.fill(said, 44 * axes.shape[1]))
        return axes
    table = table.squeeze(HYPOTHESIS) if HYPOTHESIS in table.dims else table
    ax = axes_or_new(ax, 7.6, 5.2)
    low, high = limits or every
    grid = table["share"].transpose("guarantee_strength", "guarantee_buildup").values
    ax.pcolormesh(grid, cmap="viridis", vmin=low, vmax=high, edgecolors="white", lw=1)
    for row, column in np.ndindex(*grid.shape):
        cell = table.isel(guarantee_strength=row, guarantee_buildup=column)
        points = round(100 * float(cell["excess"]))
        ink = "black" if (grid[row, column] - low) / max(high - low, 1e-9) > DARK else "white"
        look: dict[str, Any] = {"ha": "center", "va": "center", "color": ink, "fontsize": 9 if key else 7.5}
        ax.text(column + 0.5, row + 0.5, f"{points:+d}" if points else "0", **look)
        if bool(cell["open"]):
            corner = column + 0.04, row + 0.04
            ax.add_patch(Rectangle(corner, 0.92, 0.92, fill=False, ec=PALETTE["vermilion"], lw=2.5, label=OPEN))
    for which, name in (("x", "guarantee_buildup"), ("y", "guarantee_strength")):
        values = table[name].values
        getattr(ax, f"set_{which}ticks")(np.arange(len(values)) + 0.5, [f"{value:g}" for value in values])
        getattr(ax, f"set_{which}label")(label(table[name]))
    if key:
        figure_of(ax).colorbar(ax.collections[0], ax=ax, label=label(table["share"]))
        if bool(table["open"].any()):
            figure_of(ax).legend(*(each[:1] for each in ax.get_legend_handles_labels()), loc="outside lower center")
        number = f"{table.attrs['replicates']} worlds a cell; number: percentage points above no guarantee"
        ax.set_title("Does a promise that takes time invite war?", fontsize=10)
        caption(ax, textwrap.fill(f"{about(table.attrs, number)}. {_assumed(table)}", 108))
    return ax


def _assumed(table: xr.Dataset) -> str:
    """That the war and Russia are not the preset's, where it is so: parameters chosen for the window to open."""
    assumed = table.attrs.get("assumed", "")
    deal = "The deal is imposed in the first month and the fighting soon stops"
    return f"Not the preset's war and Russia, but chosen: {assumed}. {deal}." if assumed else f"{deal}."
