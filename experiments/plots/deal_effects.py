"""What a deal does to each country: utility with it and without, and its revenue and security parts."""

from __future__ import annotations

import textwrap
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from experiments.plots.style import (
    PALETTE,
    PARTS,
    about,
    axes_or_new,
    caption,
    country_name,
    figure_of,
    name_rows,
    parts_key,
    styled,
)

SIGNATORIES = {"ukraine": ("Ukraine", "blue", "o"), "united_states": ("United States", "vermilion", "s")}


@styled
def change_bars(effects: xr.Dataset, country: str, *, ax: Axes | None = None, names: bool = True) -> Axes:
    """Change of a country's utility by each draft: bars for its parts, a mark with two standard errors for the sum.

    `effects` is a table of `deal_effects.with_and_without`; `names` writes the drafts at the left.
    """
    drafts = [str(name) for name in effects["draft"].values]
    ax = axes_or_new(ax, 6.0, 1.6 + 0.7 * len(drafts))
    own = effects.sel(country=country)
    rows = np.arange(len(drafts), 0, -1.0)
    for part, shift in (("revenue", 0.15), ("security", -0.15)):
        tone, hatch = PARTS[part]
        values = own["change"].sel(part=part).values
        ax.barh(rows + shift, values, color=tone, hatch=hatch, edgecolor="black", lw=0.6, height=0.3)
    total, error = (own[name].sel(part="utility").values for name in ("change", "error"))
    ax.errorbar(total, rows, xerr=2 * error, fmt="D", ms=6, color="black", capsize=3, lw=1.2)
    ax.axvline(0, color="black", lw=0.8)
    name_rows(ax, rows, [textwrap.fill(name, 24) if names else "" for name in drafts])
    ax.set_ylim(0.4, len(drafts) + 0.6)
    ax.margins(x=0.12)
    ax.locator_params(axis="x", nbins=4)
    ax.set_xlabel("% of its own GDP, present value", fontsize=8.5)
    without = float(own["without"].sel(part="utility").isel(draft=0))
    ax.set_title(f"{country_name(country)}\n(without a deal {without:+.3g})", fontsize=9.5)
    return ax


@styled
def chances_chart(responses: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Chance that each signatory signs each draft, with the central 80 % over its private types, and of ratification.

    `responses` is a table of `draft_responses.answers`.
    """
    ax = axes_or_new(ax, 6.0, 1.6 + 0.7 * len(responses))
    rows = np.arange(len(responses), 0, -1.0)
    for shift, (country, (_, tone, marker)) in zip((0.18, -0.02), SIGNATORIES.items(), strict=True):
        low, mean, high = (responses[f"{country}_{name}"].to_numpy(float) for name in ("low", "signs", "high"))
        ax.hlines(rows + shift, low, high, color=PALETTE[tone], lw=3, alpha=0.4)
        ax.plot(mean, rows + shift, marker, ms=7, color=PALETTE[tone], clip_on=False)
    rada = responses["rada"].to_numpy(float)
    ax.plot(rada, rows - 0.22, "^", ms=7, color=PALETTE["green"], clip_on=False)
    name_rows(ax, rows, [textwrap.fill(str(name), 24) for name in responses.index])
    ax.set(xlim=(0, 1), ylim=(0.4, len(responses) + 0.6))
    ax.set_xlabel("chance (0-1)", fontsize=8.5)
    ax.set_title("Who would say yes", fontsize=9.5)
    return ax


@styled
def deal_effects_figure(responses: pd.DataFrame, effects: xr.Dataset) -> Any:
    """For each draft a row: who would say yes, and what the deal would do to each of the four countries.

    `responses` and `effects` are the tables of `draft_responses.answers` and `deal_effects.with_and_without` for
    the same drafts. Every country has its own scale. Returns the array of Axes.
    """
    countries = [str(name) for name in effects["country"].values]
    _, axes = plt.subplots(
        1, 1 + len(countries), figsize=(15, 2.5 + 0.75 * len(responses)), layout="constrained",
        gridspec_kw={"width_ratios": [1.5, *[1] * len(countries)]},
    )  # fmt: skip
    chances_chart(responses, ax=axes[0])
    for country, ax in zip(countries, axes[1:], strict=True):
        change_bars(effects, country, ax=ax, names=False)
    dots = [
        Line2D([], [], color=PALETTE[tone], marker=marker, ms=7, lw=3, alpha=0.7,
               label=f"{name} signs: mean and central 80 % over its private types")
        for name, tone, marker in SIGNATORIES.values()
    ]  # fmt: skip
    rada = Line2D([], [], color=PALETTE["green"], marker="^", ls="", ms=7, label="the Rada ratifies, if asked")
    both = Line2D([], [], color="black", marker="D", label="utility with the deal less without (± 2 standard errors)")
    handles = [*dots, rada, *parts_key(), both]
    figure_of(axes[0]).legend(handles=handles, loc="outside lower center", ncols=3, fontsize=8.5)
    caption(axes[0], f"Right: utility with the deal in force less without any. {caption_of(effects)}")
    return axes


def caption_of(effects: xr.Dataset) -> str:
    """What the numbers of a table of effects rest on, in one line."""
    worlds, months = (int(effects.attrs[name]) for name in ("worlds", "months"))
    since = f"January {effects.attrs['start']}" if "start" in effects.attrs else "the start"
    paired = f"{worlds:,} worlds with and without by common random numbers"
    return about(effects.attrs, f"{paired}, {months} months from {since}")
