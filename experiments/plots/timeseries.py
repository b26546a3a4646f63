"""Charts over time: fans of many worlds, shares of worlds, and the record of prices."""

from __future__ import annotations

import textwrap
from itertools import cycle
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator

from experiments.errors import InputError
from experiments.plots.heat_map_marks import UNKNOWN
from experiments.plots.heat_maps import HYPOTHESIS, facets
from experiments.plots.style import (
    PALETTE,
    PLAIN_UNITS,
    axes_or_new,
    draw_bands,
    figure_of,
    label,
    log_scale,
    note,
    style,
    unknown,
)

NAMES = {
    "Nd": "neodymium", "Pr": "praseodymium", "Dy": "dysprosium", "Tb": "terbium", "Ce": "cerium", "La": "lanthanum"
}  # fmt: skip
GAP = np.timedelta64(4 * 365, "D")
"""Points of the record further apart are not joined by a line."""
WHITE: Any = {"facecolor": "white", "linewidth": 0, "pad": 1.5}
"""What words stand on where the ground is hatched."""
DASHES = ("-", "--", ":", "-.")


@style()
def fan_chart(
    bands: xr.DataArray, *, ax: Axes | None = None, name: str = "", colour: str = "blue", dashes: str = "-",
    log: bool = False, only_median: bool = False, title: str = "", key: bool = True,
) -> Any:  # fmt: skip
    """Median, 50 % and 90 % of worlds over time, of `quantile_bands.bands` (quantile, month); `tripwire` makes facets.

    `name` puts the fan in a legend when several share the Axes, else its right end says what the bands are (neither
    without `key`). Returns the Axes, or an array of them. Raises InputError unless quantile and month are there.
    """
    if HYPOTHESIS in bands.dims:
        return facets(bands, fan_chart, by=HYPOTHESIS, colour=colour, log=log, only_median=only_median)
    if set(bands.dims) != {"quantile", "month"}:
        got = ", ".join(map(str, bands.dims))
        raise InputError(f"a fan chart needs quantile and month, got {got}; see quantile_bands.bands")
    ax = axes_or_new(ax, 7.5, 4.2)
    at = draw_bands(ax, bands, colour, dashes, () if only_median else (0.18, 0.38), name if key else None)
    known = np.isfinite(bands.sel(quantile=0.5).values)
    if not known.all():
        _hatch_unknown(ax, bands, known)
    if log:
        log_scale(ax)
    if name and key:
        ax.legend(loc="upper left")
    elif key:
        last = int(np.flatnonzero(known)[-1]) if known.any() else 0
        ends = [(at[0.5][last], "median"), (at[0.75][last], "50 % of worlds"), (at[0.95][last], "90 % of worlds")]
        _end_labels(ax, bands["month"].values[: last + 1], ends[: 1 if only_median else 3], PALETTE[colour], log)
    unit = str(bands.attrs.get("unit", ""))
    return _titled(ax, f"{unit} ({PLAIN_UNITS[unit]})" if unit in PLAIN_UNITS else unit, title, bands)


@style()
def mean_chart(
    means: xr.Dataset, *, ax: Axes | None = None, name: str = "", colour: str = "blue", dashes: str = "-",
    title: str = "", key: bool = True,
) -> Any:  # fmt: skip
    """The mean over worlds (or the share of worlds) by month, with its interval of 95 %.

    `means` (of `quantile_bands.means`) holds mean, low and high (month,); with `tripwire` there is a picture per
    hypothesis. `name` puts the line in a legend, where `key`. Returns the Axes, or an array of them.
    """
    if HYPOTHESIS in means.dims:
        return facets(means, mean_chart, by=HYPOTHESIS, name=name, colour=colour, dashes=dashes)
    ax = axes_or_new(ax, 7.5, 4.2)
    months = means["month"].values
    ax.fill_between(months, means["low"], means["high"], color=PALETTE[colour], alpha=0.25, lw=0)
    ax.plot(months, means["mean"], color=PALETTE[colour], ls=dashes, label=name)
    if name and key:
        ax.legend(loc="best")
    unit = str(means["mean"].attrs.get("unit", ""))
    if unit == "0/1":
        ax.set_ylim(0, 1)
    return _titled(ax, "share of worlds (0-1)" if unit == "0/1" else f"mean of worlds: {unit}", title, means["mean"])


def _hatch_unknown(ax: Axes, bands: xr.DataArray, known: Any) -> None:
    """Hatch the months of which nothing is known, so that they are not taken for the end of a run, and say so."""
    months = bands["month"].values
    around = ~known | np.append(~known[1:], False) | np.insert(~known[:-1], 0, False)
    ax.fill_between(months, 0, 1, where=around, transform=ax.get_xaxis_transform(), **UNKNOWN, lw=0, zorder=0)
    note(ax, f"hatched: {unknown(bands.attrs)}", (1, 0.03), (-4, 0), 8, ha="right", bbox=WHITE)


def _titled(ax: Axes, unit: str, title: str, shown: xr.DataArray) -> Axes:
    """The Axes of a chart over months, with its unit and its title, else what is shown."""
    ax.set(ylabel=unit, xlabel="")
    ax.set_title(title or str(shown.attrs.get("meaning", "")), fontsize=9.5)
    ax.margins(x=0.01)
    ax.xaxis.set_major_locator(AutoDateLocator(minticks=3, maxticks=8))  # type: ignore[no-untyped-call]
    return ax


@style()
def price_record(prices: xr.DataArray, *, ax: Axes | None = None) -> Axes:
    """Recorded prices (series, date) on a logarithmic axis: a colour for each element, a line for each market.

    `prices` is a table of `price_record.recorded_prices`; its sources stand below.
    """
    ax = axes_or_new(ax, 9.0, 6.4)
    tones = dict(zip(dict.fromkeys(prices["element"].values.tolist()), PALETTE.values(), strict=False))
    looks = dict(zip(dict.fromkeys(prices["market"].values.tolist()), zip("os^Dv", cycle(DASHES)), strict=False))
    for each in prices.transpose("series", "date"):
        known, element, market = each.dropna("date"), str(each["element"].values), str(each["market"].values)
        marker, dashes = looks[market]
        words = f"{NAMES.get(element, element)}: {market}"
        days, values = known["date"].values, known.values
        gaps = np.flatnonzero(np.diff(days) > GAP) + 1
        days, values = np.insert(days, gaps, days[gaps]), np.insert(values, gaps, np.nan)
        ax.plot(days, values, marker, ls=dashes, ms=3.5, lw=1.2, color=tones[element], label=words)
    log_scale(ax)
    ax.set(ylabel=label(prices), xlabel="")
    ax.set_title(
        "Prices on record: averages in the middle of their time, no line over four years without a price", fontsize=10
    )
    figure_of(ax).legend(loc="outside lower center", ncols=2, fontsize=8)
    note(ax, textwrap.fill(f"Sources: {prices.attrs.get('source', '')}", 170), (0, 0), (-30, -22), 5.5, va="top")
    return ax


def _end_labels(ax: Axes, times: Any, ends: list[tuple[float, str]], colour: str, log: bool) -> None:
    """Words at the right end of lines, moved apart where they would overlap."""
    scale = (lambda value: np.log10(max(value, 1e-9))) if log else float
    low, high = (scale(edge) for edge in ax.get_ylim())
    points = 72 * ax.bbox.height / figure_of(ax).dpi
    apart = 10.5 / points * (high - low)
    height = -np.inf
    for value, words in sorted(each for each in ends if np.isfinite(each[0])):
        height = max(scale(value), height + apart)
        shift = 5, (height - scale(value)) / max(high - low, 1e-12) * points
        ax.annotate(words, (times[-1], value), shift, textcoords="offset points", color=colour, fontsize=8.5,
                    va="center", annotation_clip=False)  # fmt: skip
