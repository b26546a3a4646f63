"""Where a guarantee that takes time to build opens a window for war."""

from __future__ import annotations

import textwrap
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from experiments.plots.heat_map_marks import UNKNOWN
from experiments.plots.style import axes_grid, caption, country_name, figure_of, label, style

COLOURS = "RdBu_r"
LEVELS = (0.25, 0.5, 0.75, 0.9, 1.1, 1.25, 1.5, 2.0)
"""Levels of the thin contours; the bold one is at 1."""
TICKS = (0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 4.0)


@style()
def window_maps(table: xr.Dataset) -> Any:
    """Ratios to nothing promised over strength and build-up (of `preventive_war.windows`), red where war is likelier.

    A row for renewed war within each number of years, the longest first, and one for the attack rate while unbuilt;
    a column for each speed of Russia's rearming; one scale, on which half and double are as far from 1. Returns
    the array of Axes.
    """
    rows = [
        (f"Renewed war within\n{years:g} years of a ceasefire", table["renewed"].sel(years=years))
        for years in sorted(table["years"].values, reverse=True)
    ]
    rows.append(("Attack rate while it is unbuilt\nand Russia not rearmed", table["attack"]))
    rates = table["regrouping"].values
    axes = axes_grid(len(rows), len(rates), 2.2 + 3.1 * len(rates), 1.9 + 2.4 * len(rows))
    every = np.concatenate([ratios.values.ravel() for _, ratios in rows])
    reach = max(float(np.nanmax(np.abs(np.log(every)), initial=0.0)), np.log(1.5))
    norm = LogNorm(float(np.exp(-reach)), float(np.exp(reach)))
    for (words, ratios), own in zip(rows, axes, strict=True):
        for rate, ax in zip(rates, own, strict=True):
            _map(ax, ratios.sel(regrouping=rate), norm)
        own[0].set_ylabel(f"{words}\n\nstrength of the guarantee (0-1)", fontsize=9)
    for rate, ax in zip(rates, axes[0], strict=True):
        ax.set_title(f"Russia rearms in {0.25 / rate:.3g} years\n({label(table['regrouping'])}: {rate:g})", fontsize=9)
    for ax in axes[-1]:
        ax.set_xlabel("months of ceasefire until\nit is built, in the mean", fontsize=9)
    _key(axes, norm)
    caption(axes[0, 0], textwrap.fill(_words(table), 42 * len(rates) + 14))
    return axes


def _map(ax: Axes, ratios: xr.DataArray, norm: LogNorm) -> None:
    """One map of ratios, with the bold contour at 1, beyond which war is likelier."""
    strength, buildup = (ratios[name].values for name in ratios.dims)
    values = np.ma.masked_invalid(ratios.values)
    ax.patch.set(**UNKNOWN)
    ax.pcolormesh(buildup, strength, values, cmap=COLOURS, norm=norm, shading="nearest", rasterized=True)
    ax.set(xlim=(buildup[0], buildup[-1]), ylim=(strength[0], strength[-1]))
    for levels, width in ((LEVELS, 0.7), ((1.0,), 2.4)):
        inside = [level for level in levels if values.min() < level < values.max()]
        if inside:
            lines = ax.contour(buildup, strength, values, inside, colors="black", linewidths=width)
            ax.clabel(lines, fmt="%g", fontsize=8)


def _key(axes: Any, norm: LogNorm) -> None:
    """The colour bar, in plain numbers."""
    bar = figure_of(axes[0, 0]).colorbar(axes[0, 0].collections[0], ax=axes, shrink=0.7, aspect=35)
    inside = [tick for tick in TICKS if -1e-9 <= norm(tick) <= 1 + 1e-9]
    bar.ax.yaxis.set_major_locator(FixedLocator(inside))
    bar.ax.yaxis.set_minor_locator(NullLocator())
    bar.ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    bar.set_label(
        "times that with nothing promised\n(red: war is likelier with the guarantee; bold line: no difference)"
    )


def _words(table: xr.Dataset) -> str:
    """What the maps rest on."""
    assumed, guarantor = table.attrs["assumed"], country_name(table.attrs["guarantor"])
    hatched = "; hatched: built at once, it never is" if table["attack"].isnull().any() else ""
    return (
        f"Preset {table.attrs['preset']}{f' with {assumed}' if assumed else ''}; {guarantor} guarantee alone, in force "
        "when the ceasefire begins and built up from then on; solved, not simulated. The last row is a rate while the "
        "guarantee is unbuilt, which it may not be for long: what comes of it is in the rows above"
        f"{hatched}."
    )
