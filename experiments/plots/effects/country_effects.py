"""What a deal does to each country: money, security and politics with it and without, and what it changes."""

from __future__ import annotations

import textwrap
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from experiments.analysis.shares_and_survival import Z
from experiments.plots.style import (
    PALETTE,
    PARTS,
    about,
    axes_grid,
    axes_or_new,
    caption,
    country_name,
    entry,
    figure_of,
    name_rows,
    parts_key,
    shorten,
    style,
)

SHIFTS = {"money": 0.32, "security": 0.1, "politics": -0.12}
"""Where the bar of a part stands in its row; utility stands at the bottom."""
HEIGHT = 0.2
"""Height of a bar, of the distance of two rows."""
UTILITY = "utility: money and politics weighed against security"
INTERVAL = "95 % interval of the mean over worlds"


@style()
def change_bars(effects: xr.Dataset, country: str, *, ax: Axes | None = None, names: bool = True) -> Axes:
    """What each draft changes for a country: bars for its three parts, a mark for the utility that weighs them.

    `effects` is a table of `deal_effects.with_and_without`; lines are 95 % intervals by common random numbers; `names`
    writes the drafts at the left. At the right each change stands in bn USD, by which countries can be compared.
    """
    drafts = [str(name) for name in effects["draft"].values]
    ax = axes_or_new(ax, 6.0, 1.8 + 0.9 * len(drafts))
    own = effects.sel(country=country)
    _bars(ax, own["change"], own["change_error"], drafts if names else [""] * len(drafts))
    ax.set_xlabel("change, % of its own GDP", fontsize=8.5)
    look: dict[str, Any] = {
        "xycoords": ax.get_yaxis_transform(),
        "fontsize": 8,
        "va": "center",
        "annotation_clip": False,
    }
    for row, draft in zip(range(len(drafts), 0, -1), drafts, strict=True):
        for part, shift in SHIFTS.items():
            dollars = float(own["change"].sel(draft=draft, part=part) * own["gdp"]) / 100
            ax.annotate(f"{dollars:+,.2f} bn" if dollars else "0", (1.02, row + shift), **look)
    ax.set_title(country_name(country), fontsize=9.5)
    return ax


@style()
def value_bars(effects: xr.Dataset, country: str, *, ax: Axes | None = None, names: bool = True) -> Axes:
    """Present values of a country without a deal and with each draft: bars for its three parts, a mark for utility."""
    drafts = [str(name) for name in effects["draft"].values]
    ax = axes_or_new(ax, 6.0, 1.8 + 0.9 * (len(drafts) + 1))
    own = effects.sel(country=country)
    means, errors = (
        xr.concat([own[f"without{kind}"].isel(draft=[0]), own[f"with_deal{kind}"]], "draft") for kind in ("", "_error")
    )
    _bars(ax, means, errors, ["no deal", *drafts] if names else [""] * (len(drafts) + 1))
    ax.set_xlabel("present value, % of its own GDP", fontsize=8.5)
    ax.set_title(country_name(country), fontsize=9.5)
    return ax


@style()
def country_figure(effects: xr.Dataset) -> Any:
    """The four countries with each draft and without any, above, and what it changes, below; the array of Axes.

    Every panel has its own scale, since the countries differ a thousandfold.
    """
    countries, drafts = [str(name) for name in effects["country"].values], effects.sizes["draft"]
    axes = axes_grid(2, len(countries), 3.6 * len(countries) + 0.6, 3.4 + 0.75 * (2 * drafts + 1))
    for column, country in enumerate(countries):
        value_bars(effects, country, ax=axes[0, column], names=column == 0)
        change_bars(effects, country, ax=axes[1, column], names=column == 0)
        axes[1, column].set_title("")
    for words, ax in (("with the deal and without", axes[0, 0]), ("what the deal changes", axes[1, 0])):
        ax.set_ylabel(words, fontweight="bold")
    handles = [*parts_key(effects), entry(UTILITY, marker="D", ms=6), entry(INTERVAL, ls="-", lw=1.2)]
    figure_of(axes[0, 0]).legend(handles=handles, loc="outside lower center", ncols=5, fontsize=8.5)
    words = f"{caption_of(effects)}. Each panel has its own scale; at the right of the lower ones: bn USD."
    caption(axes[0, 0], textwrap.fill(words, 42 * len(countries)))
    return axes


def caption_of(effects: xr.Dataset) -> str:
    """What the numbers of a table of effects rest on, in one line."""
    paired = f"{int(effects.attrs['worlds']):,} worlds with and without by common random numbers"
    since = "" if "start" in effects.attrs else f", {int(effects.attrs['months'])} months from the start"
    return about(effects.attrs, f"{paired}{since}")


def _bars(ax: Axes, values: xr.DataArray, errors: xr.DataArray, names: list[str]) -> None:
    """A row for each name with a bar for each part, its interval, and a mark for utility below them."""
    rows = np.arange(len(names), 0, -1.0)
    interval: dict[str, Any] = {"color": "black", "lw": 1.2, "capsize": 2}
    for part, (tone, hatch) in PARTS.items():
        shift = SHIFTS[part]
        mean, error = values.sel(part=part).values, errors.sel(part=part).values
        ax.barh(rows + shift, mean, color=tone, hatch=hatch, height=HEIGHT, edgecolor="black", lw=0.6)
        ax.errorbar(mean, rows + shift, xerr=Z * error, fmt="none", **interval)
    mean, error = values.sel(part="utility").values, errors.sel(part="utility").values
    ax.errorbar(mean, rows - 0.32, xerr=Z * error, fmt="D", ms=5, **interval)
    ax.axvline(0, color="black", lw=0.8)
    for row in rows[1:]:
        ax.axhline(row + 0.5, color=PALETTE["grey"], lw=0.4)
    name_rows(ax, rows, [textwrap.fill(shorten(name), 24) for name in names])
    ax.set_ylim(0.45, len(names) + 0.5)
    ax.margins(x=0.12)
    ax.locator_params(axis="x", nbins=4)
