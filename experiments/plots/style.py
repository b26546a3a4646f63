"""One style for all pictures: a context, a palette that the colour-blind can read, labels from attributes."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import xarray as xr
from matplotlib import ticker
from matplotlib.axes import Axes
from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.rcsetup import cycler

from experiments.errors import InputError
from model.parameters.presets import PRESETS, preset

PALETTE = {
    "blue": "#0072B2",
    "vermilion": "#D55E00",
    "green": "#009E73",
    "orange": "#E69F00",
    "sky": "#56B4E9",
    "purple": "#CC79A7",
    "yellow": "#F0E442",
    "black": "#000000",
    "grey": "#6E6E6E",
}
"""Colours of Okabe and Ito (2008), distinct to the colour-blind, and a grey."""

PARTS = {"money": (PALETTE["sky"], ""), "security": (PALETTE["orange"], "////"), "politics": (PALETTE["purple"], "..")}
"""Colour and hatch of the parts of a utility."""

STYLE: Any = {
    "figure.dpi": 100,
    "savefig.dpi": 160,
    "font.size": 10,
    "axes.titlesize": 11,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.labelsize": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.prop_cycle": cycler("color", [PALETTE[name] for name in ("blue", "vermilion", "green", "orange", "purple")]),
    "legend.frameon": False,
    "legend.fontsize": 9,
    "hatch.linewidth": 0.8,
    "image.cmap": "viridis",
    "lines.linewidth": 1.8,
}
BANDS = "bands: 50 and 90 % of worlds; of shares and means their 95 % interval"
"""What the bands of charts over months are, for a caption."""
BARE_UNITS = ("0/1", "1", "name", "choice", "")
PLAIN_UNITS = {"share": "0-1", "probability": "0-1"}


@contextmanager
def style() -> Iterator[None]:
    """A context, or decorator, in which Matplotlib draws in this project's style; afterwards nothing has changed."""
    # A notebook turns its display on when Matplotlib first draws; within the context that would be undone at its end.
    plt.draw_if_interactive()  # type: ignore[no-untyped-call]
    with mpl.rc_context(STYLE):
        yield


def axes_or_new(ax: Axes | None, width: float = 7.0, height: float = 5.0) -> Axes:
    """The Axes given, or those of a new figure (inches)."""
    return plt.figure(figsize=(width, height), layout="constrained").add_subplot() if ax is None else ax


@style()
def axes_grid(rows: int, columns: int, width: float, height: float) -> Any:
    """A figure (inches) with rows × columns of Axes; the array of Axes."""
    return plt.subplots(rows, columns, figsize=(width, height), squeeze=False, layout="constrained")[1]


def figure_of(ax: Axes) -> Figure:
    """The figure an Axes belongs to."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    return figure


def label(table: xr.DataArray, width: int = 60) -> str:
    """Name and unit of a table or coordinate, from its attributes, for an axis."""
    words = str(table.attrs.get("long_name", "" if table.name is None else table.name)).replace("_", " ")
    unit = str(table.attrs.get("unit", ""))
    if unit not in BARE_UNITS:
        words += f" ({PLAIN_UNITS.get(unit, unit)})"
    return textwrap.fill(words, width)


def log_scale(ax: Axes, which: str = "y") -> None:
    """A logarithmic axis (x or y) with plain numbers."""
    getattr(ax, f"set_{which}scale")("log")
    axis = getattr(ax, f"{which}axis")
    axis.set_major_locator(ticker.LogLocator(subs=(1.0, 2.0, 5.0), numticks=12))
    axis.set_major_formatter(ticker.FuncFormatter(lambda value, _: f"{value:,.10g}"))
    axis.set_minor_formatter(ticker.NullFormatter())


def equal_ratios(levels: Any) -> bool:
    """Whether three or more ascending levels stand at equal ratios, so that an axis of them is logarithmic."""
    values = np.asarray(levels, dtype=float)
    return len(values) > 2 and values[0] > 0 and np.allclose(np.diff(np.log(values)), np.log(values[1] / values[0]))


def country_name(name: str) -> str:
    """A country's name as people write it."""
    return name.replace("_", " ").title().replace(" Of ", " of ")


def about(attrs: Mapping[str, Any], *more: str) -> str:
    """Where a picture comes from: preset, what differs from it, seed, months, and what else is said."""
    said = [f"preset {attrs['preset']}"] if "preset" in attrs else []
    said += [f"with {differences}"] if (differences := changed(attrs)) else []
    said += [f"seed {attrs['seed']}"] if "seed" in attrs else []
    year = attrs.get("start", json.loads(attrs.get("parameters", "{}")).get("start"))
    said += [f"{attrs['months']} months from January {year}"] if year and "months" in attrs else []
    return "; ".join([*said, *(text for text in more if text)])


def changed(attrs: Mapping[str, Any], most: int = 6) -> str:
    """The parameters that all rows share and that are not the preset's, with their values; at most so many."""
    if attrs.get("preset") not in PRESETS:
        return ""
    usual, held = preset(attrs["preset"]), json.loads(attrs.get("parameters", "{}"))
    other = [
        f"{name.replace('_', ' ')} {value:g}" if isinstance(value, float) else f"{name.replace('_', ' ')} {value}"
        for name, value in held.items()
        if value != getattr(usual, name)
    ]
    return ", ".join(other[:most]) + (f" and {len(other) - most} more" if len(other) > most else "")


def computed(attrs: Mapping[str, Any]) -> str:
    """How much of a store is there, where it is not all: 3 of 89 blocks; else nothing."""
    done, blocks = attrs.get("blocks_done", 0), attrs.get("blocks", 0)
    return f"{done} of {blocks} blocks are computed" if done < blocks else ""


def unknown(attrs: Mapping[str, Any]) -> str:
    """Why something is not known, for the legend."""
    done, blocks, failed = (attrs.get(name, 0) for name in ("blocks_done", "blocks", "rows_failed"))
    if done < blocks:
        return f"not computed: {blocks - done} of {blocks} blocks"
    if failed:
        return f"not computed: {failed} rows failed"
    return "in no world of this run" if attrs.get("unit") == "months" else "not known in this run"


def worlds_a_point(attrs: Mapping[str, Any]) -> str:
    """How many worlds each point of a sweep has, and how much of the sweep is there."""
    worlds = f"{attrs['replicates']} worlds a point" if "replicates" in attrs else ""
    return f"{worlds} where computed; {part}" if (part := computed(attrs)) else worlds


def caption(ax: Axes, words: str, size: float = 8, below: bool = False) -> None:
    """Small grey words above (or `below`) the whole figure of an Axes: what its numbers rest on."""
    write = figure_of(ax).supxlabel if below else figure_of(ax).suptitle
    write(words, fontsize=size, color=PALETTE["grey"], x=0.01, ha="left")


def note(ax: Axes, words: str, at: tuple[float, float], shift: tuple[float, float], size: float, **style: Any) -> None:
    """Small grey words beside an Axes, at a point of it (0-1) and shifted from there (points)."""
    ax.annotate(words, at, shift, "axes fraction", "offset points", fontsize=size, color=PALETTE["grey"], **style)


def shorten(words: str, width: int = 80) -> str:
    """Words cut to a width, at a blank where there is one."""
    return words if len(words) <= width else f"{words[:width].rsplit(' ', 1)[0]} ..."


def name_rows(ax: Any, rows: Any, names: Sequence[str], size: float = 8.5) -> None:
    """Names at the left of the rows of a chart of bars, without ticks."""
    ax.set_yticks(rows, names, fontsize=size)
    ax.tick_params(axis="y", length=0)


def entry(words: str, colour: str = "black", marker: str = "", ls: str = "", **look: Any) -> Line2D:
    """An entry of a legend: a marker, a line of the style `ls`, or both."""
    return Line2D([], [], color=colour, marker=marker, ls=ls, label=words, **look)


def parts_key(table: xr.Dataset) -> list[Any]:
    """Entries of a legend for those parts of a utility that a table has."""
    looks = {part: look for part, look in PARTS.items() if part in table["part"]}
    return [Patch(fc=tone, ec="black", hatch=hatch, label=part) for part, (tone, hatch) in looks.items()]


def draw_bands(
    ax: Axes, bands: xr.DataArray, colour: str, dashes: str, alphas: Sequence[float], name: str | None = None
) -> dict[float, Any]:
    """Draw the median of worlds and, where `alphas` are given, bands of 90 % and 50 %; values by quantile (month,).

    `name` is the median's in a legend; without one the median and the bands are there by what they are.
    """
    months, tone = bands["month"].values, PALETTE[colour]
    at = {q: bands.sel(quantile=q, method="nearest").values for q in (0.05, 0.25, 0.5, 0.75, 0.95)}
    for part, low, high, alpha in zip(("90", "50"), (0.05, 0.25), (0.95, 0.75), alphas, strict=False):
        words = f"{part} % of worlds" if name is None else ""
        ax.fill_between(months, at[low], at[high], color=tone, alpha=alpha, lw=0, label=words)
    ax.plot(months, at[0.5], color=tone, ls=dashes, label="median" if name is None else name)
    return at


def check_picture(path: str | Path) -> Path:
    """The path, if a picture can have that name; raises InputError otherwise."""
    kinds = sorted(FigureCanvasBase.get_supported_filetypes())
    if Path(path).suffix.removeprefix(".") not in kinds:
        raise InputError(f"picture {str(path)!r}: the name must end in .png or another of {', '.join(kinds)}")
    return Path(path)


@style()
def save(drawn: Any, path: str | Path, *, also: tuple[str, ...] = ()) -> Path:
    """Write the figure of an Axes (or of the first of several) to `path`, `also` with other endings, and close it."""
    target = check_picture(path)
    figure = np.ravel(drawn)[0].get_figure(root=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    for each in (target, *(target.with_suffix(ending) for ending in also)):
        figure.savefig(each)
    plt.close(figure)
    return target
