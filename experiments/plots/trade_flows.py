"""Who sells to whom: a matrix of exporters and importers, and ribbons between them."""

from __future__ import annotations

import textwrap
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from experiments.errors import InputError
from experiments.plots.style import PALETTE, about, axes_or_new, country_name, figure_of, label, style

TONES = {
    "united_states": "blue", "ukraine": "yellow", "russia": "purple", "china": "vermilion", "rest_of_world": "green"
}  # fmt: skip
"""Country -> colour of what it sells."""
SPACE = 0.055
"""Free height between two countries, in parts of the height."""
TRACE = 0.05
"""Amounts below this are shown as nothing."""


@style()
def trade_flows(flows: xr.DataArray, *, ax: Axes | None = None, key: bool = True) -> Axes:
    """Trade (exporter, importer) as a matrix with the amounts written in; the diagonal is home supply."""
    ax, amounts = axes_or_new(ax, 7.0, 5.2), _amounts(flows)
    shown = np.where(amounts >= TRACE, amounts, np.nan)
    top = float(np.nanmax(shown)) if np.isfinite(shown).any() else 1.0
    scale = LogNorm(max(top / 1e4, TRACE), top)
    picture = ax.imshow(shown, cmap="cividis", norm=scale)
    for (row, column), amount in np.ndenumerate(amounts):
        tone = PALETTE["grey"] if amount < TRACE else "white" if scale(amount) < 0.55 else "black"
        weight = "bold" if row == column else "normal"
        ax.text(column, row, _tonnes(amount), ha="center", va="center", color=tone, fontsize=8.5, fontweight=weight)
    names = [country_name(str(name)) for name in flows["exporter"].values]
    ax.set_yticks(range(len(names)), names, fontsize=8.5)
    ax.set_xticks(range(len(names)), [name.replace(" ", "\n", 1) for name in names], fontsize=8.5)
    ax.set(xlabel="importer (bold: home supply)", ylabel="exporter")
    ax.set_title(f"{_title(flows)}\n{textwrap.fill(_facts(flows), 62)}", fontsize=9)
    if key:
        figure_of(ax).colorbar(picture, ax=ax, label=label(flows), shrink=0.85)
    return ax


@style()
def trade_ribbons(flows: xr.DataArray, *, ax: Axes | None = None) -> Axes:
    """Trade across borders (exporter, importer) as ribbons from left to right, as wide as the amounts.

    Home supply, the diagonal, is written beside the country and not drawn: it would hide the rest.
    """
    ax, amounts = axes_or_new(ax, 6.4, 5.6), _amounts(flows)
    across = np.where(np.eye(len(amounts), dtype=bool) | (amounts < TRACE), 0.0, amounts)
    names = [str(name) for name in flows["exporter"].values]
    ax.set(xlim=(-0.62, 1.62), ylim=(1.02, -0.06))
    ax.axis("off")
    ax.set_title(_title(flows), fontsize=10)
    if not across.any():
        ax.text(0.5, 0.4, "nothing crosses a border", ha="center")
        return ax
    scale = (1 - SPACE * len(names)) / across.sum()
    sums: list[Any] = [across.sum(axis=1), across.sum(axis=0)]
    tops: list[Any] = [np.concatenate([[0.0], np.cumsum(each * scale + SPACE)[:-1]]) for each in sums]
    starts = [list(top) for top in tops]
    for row, exporter in enumerate(names):
        for column in np.argsort(tops[1]):
            width = across[row, column] * scale
            if width > 0:
                ax.add_patch(_ribbon(starts[0][row], starts[1][column], width, PALETTE[TONES.get(exporter, "grey")]))
                starts[0][row] += width
                starts[1][column] += width
    for side, row in np.ndindex(2, len(names)):
        amount = sums[side][row]
        _end(ax, side, tops[side][row], amount * scale, names[row], amount, amounts[row, row])
    return ax


@style()
def trade_figure(flows: xr.DataArray, *, note: str = "") -> Any:
    """Ribbons of every material (material, exporter, importer) side by side; the array of Axes."""
    count = flows.sizes["material"]
    figure, axes = plt.subplots(1, count, figsize=(5.6 * count, 5.6), squeeze=False, layout="constrained")
    for material, ax in zip(flows["material"].values, axes.flat, strict=True):
        trade_ribbons(flows.sel(material=material), ax=ax)
    words = f"Sellers left, buyers right; {flows.attrs.get('unit', '')}, {_facts(flows)}. {note}"
    figure.supxlabel(textwrap.fill(words, 64 * count), fontsize=8, color=PALETTE["grey"], x=0.01, ha="left")
    return axes


def _amounts(flows: xr.DataArray) -> Any:
    """Trade (exporter, importer); raises InputError where it has other dimensions."""
    if set(flows.dims) != {"exporter", "importer"}:
        got = ", ".join(map(str, flows.dims))
        raise InputError(f"trade flows need exporter and importer, got {got}; choose a material")
    return flows.transpose("exporter", "importer").values


def _title(flows: xr.DataArray) -> str:
    material = f"{flows['material'].values} material" if "material" in flows.coords else ""
    return ", ".join(filter(None, [material, str(flows.attrs.get("month", ""))]))


def _facts(flows: xr.DataArray) -> str:
    return about(flows.attrs, f"mean of {flows.attrs['worlds']} worlds" if "worlds" in flows.attrs else "")


def _tonnes(amount: float) -> str:
    return "0" if amount < TRACE else f"{amount:,.0f}" if amount >= 10 else f"{amount:.1f}"


def _ribbon(left: float, right: float, width: float, colour: str) -> PathPatch:
    """A band of constant height that bends from one side to the other."""
    upper = [(0.0, left), (0.5, left), (0.5, right), (1.0, right)]
    lower = [(1.0, right + width), (0.5, right + width), (0.5, left + width), (0.0, left + width)]
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    return PathPatch(Path([*upper, *lower, upper[0]], codes), facecolor=colour, alpha=0.55, lw=0.4, edgecolor=colour)


def _end(ax: Axes, side: int, top: float, height: float, name: str, amount: float, home: float) -> None:
    """A country's bar and what is written beside it."""
    tone = PALETTE[TONES.get(name, "grey")] if side == 0 else PALETTE["grey"]
    ax.add_patch(Rectangle((-0.03 + side * 1.03, top), 0.03, max(height, 0.002), facecolor=tone, lw=0))
    words = f"{country_name(name)}: {_tonnes(amount)}"
    words += f"\nhome supply {_tonnes(home)}" if side == 0 and home >= TRACE else ""
    ink = PALETTE["grey"] if amount < TRACE and (side == 1 or home < TRACE) else "black"
    edge = "left" if side else "right"
    ax.text(-0.05 + side * 1.1, top + height / 2, words, ha=edge, va="center", fontsize=8, color=ink)
