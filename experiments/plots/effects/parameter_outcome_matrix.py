"""The coupling matrix as a picture."""

from __future__ import annotations

import textwrap

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm

from experiments.plots.style import axes_or_new, caption, figure_of, style

DARK = 0.45
"""Share of the colour range above which a number is written in white."""
MOST = 300
"""Effect, in units of the smallest that counts, at which the colours end."""


@style()
def coupling_matrix(table: xr.Dataset, *, ax: Axes | None = None) -> Axes:
    """The table of `coupling`: in each cell the effect in the outcome's own unit, white where there is none."""
    ax = axes_or_new(ax, 12.5, 7.2)
    table = table.transpose("outcome", "group")
    effect, empty = table["effect"].values, table["empty"].values
    scaled = np.where(empty, np.nan, effect / table["least"].values[:, None])
    norm = LogNorm(1, MOST, clip=True)
    mesh = ax.pcolormesh(scaled, cmap="Blues", norm=norm, edgecolors="lightgrey", lw=0.8)
    for row, column in np.ndindex(*effect.shape):
        words = "·" if empty[row, column] else _short(float(effect[row, column]))
        shade = 0.0 if empty[row, column] else float(norm(scaled[row, column]))
        ink = "white" if shade > DARK else "black"
        ax.text(column + 0.5, row + 0.5, words, ha="center", va="center", color=ink, fontsize=9)
    heads = [f"{words}, {unit}" for words, unit in zip(table["words"].values, table["unit"].values, strict=True)]
    ax.set_yticks(np.arange(len(heads)) + 0.5, heads)
    names = [textwrap.fill(str(group), 9, break_long_words=False) for group in table["group"].values]
    ax.set_xticks(np.arange(len(names)) + 0.5, names, fontsize=8.5)
    ax.xaxis.tick_top()
    ax.invert_yaxis()
    ax.tick_params(length=0)
    bar = figure_of(ax).colorbar(mesh, ax=ax, extend="max", shrink=0.8)
    bar.set_label("effect, in units of the smallest that counts")
    ax.set_title("What moves what: the most that one parameter of a group (column) does over its range", pad=14)
    about = (
        f"Preset {table.attrs['preset']}, {table.attrs['replicates']} worlds a row with the same random draws, seed "
        f"{table.attrs['seed']}. A dot: no effect beyond its error or the smallest that counts. Worths and answers: "
        "largest on February's draft, April's agreement and Ukraine's own offer; all from fighting on, under April's."
    )
    caption(ax, textwrap.fill(about, 150))
    return ax


def _short(value: float) -> str:
    """A number in two or three digits."""
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}" if value >= 1 else f"{value:.2f}".lstrip("0")
