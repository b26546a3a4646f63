"""Deals by both gains and the peace, with those that both would sign; and how they do across states of the world."""

from __future__ import annotations

import textwrap
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize

from experiments.errors import InputError
from experiments.plots.heat_maps import HYPOTHESES
from experiments.plots.style import PALETTE, axes_grid, axes_or_new, caption, entry, figure_of, name_rows, style

ALL = "all"
LEAST_SPREAD = 0.1
"""Range of peace over which colours spread at least, lest noise looks like more."""
HOLDS = "satisfies in (share of states of the world)"
REGRET = "largest regret in any state (share of worlds; short is robust)"


@style()
def pareto_scatter(
    table: pd.DataFrame, *, best: str | None = None, peace: str = "", note: str = "", ax: Axes | None = None
) -> Axes:  # fmt: skip
    """Each deal of a `deal_table` by what both gain, coloured by peace: squares are signable, rings the Pareto set.

    `best` is marked by name, `peace` says what the colour means. Deals whose peace or gains are unknown are not drawn,
    and counted below. Raises InputError where none is known.
    """
    known = table.dropna(subset=["ukraine_gain", "united_states_gain", "peace"])
    if known.empty:
        raise InputError("nothing to draw: of no deal both gains and the peace are known")
    ax = axes_or_new(ax, 8.2, 6.6)
    low, high = known["peace"].min(), known["peace"].max()
    room = max(LEAST_SPREAD - (high - low), 0) / 2
    norm = Normalize(low - room, high + room)
    for signable, marker, size in ((False, "o", 34), (True, "s", 95)):
        for inside, edge, width in ((False, PALETTE["grey"], 0.5), (True, PALETTE["vermilion"], 2.0)):
            own = known[(known["signable"] == signable) & (known["pareto"] == inside)]
            ax.scatter(
                own["united_states_gain"], own["ukraine_gain"], c=own["peace"], norm=norm,
                marker=marker, s=size,
                edgecolors=edge, linewidths=width, zorder=2 + signable + inside,
            )  # fmt: skip
    for line in (ax.axhline, ax.axvline):
        line(0, color="black", lw=0.8, zorder=1)
    ax.set_xlabel("gain of the United States by signing (percent of Ukraine's GDP, before its private type)")
    ax.set_ylabel("gain of Ukraine by signing (percent of its GDP, before its private type)")
    figure_of(ax).colorbar(
        ScalarMappable(norm), ax=ax, label=textwrap.fill(f"peace: {peace or 'share of worlds'} (0-1)", 60)
    )
    handles = [
        entry("both would sign", PALETTE["grey"], "s", ms=9),
        entry("one of the two would refuse", PALETTE["grey"], "o", ms=6),
        entry("ringed: in the Pareto set of both gains and the peace", "white", "o", ms=8,
              markeredgecolor=PALETTE["vermilion"], markeredgewidth=2.0),
    ]  # fmt: skip
    if best is not None and best in known.index:
        star: dict[str, Any] = {"marker": "*", "ms": 11, "mfc": "black", "mec": "white", "ls": ""}
        ax.plot(known.loc[best, "united_states_gain"], known.loc[best, "ukraine_gain"], zorder=7, **star)
        handles.append(entry(f"{best}: signed by both, keeps the peace most often", "black", **star))
    figure_of(ax).legend(handles=handles, loc="outside lower center", ncols=2, fontsize=8.5)
    left_out = len(table) - len(known)
    words = note + (f"; {left_out} deals of which something is unknown are not drawn" if left_out else "")
    caption(ax, textwrap.fill(words, 105))
    return ax


def group_name(group: str) -> str:
    """What a group of states is called beside its bars."""
    words = "all states" if group == ALL else f"{group}  {HYPOTHESES[group]}" if group in HYPOTHESES else group
    return textwrap.fill(words, 24)


@style()
def robustness_bars(robust: pd.DataFrame, *, holds: float = 0.6, threshold: float = 0.5, note: str = "") -> Any:
    """For each deal of a `robustness` table, in how many states it satisfies, and its largest regret, by their group.

    A bar with its interval of 95 % on the left; on the right the largest regret and, hollow, the checked one (one below
    nought at nought). What is unknown is not drawn, and said. Returns the array of Axes.
    """
    deals, groups = list(dict.fromkeys(robust["deal"])), list(dict.fromkeys(robust["group"]))
    height = 1.8 + 0.2 * len(deals) * len(groups)
    axes = axes_grid(1, 2, 11.0, height)[0]
    tones = [PALETTE[name] for name in ("blue", "vermilion", "green", "orange", "purple", "sky", "black")]
    step = 0.8 / len(deals)
    for number, deal in enumerate(deals):
        own = robust[robust["deal"] == deal].set_index("group").loc[groups]
        rows = np.arange(len(groups), 0, -1.0) + 0.4 - step * (number + 0.5)
        tone = tones[number % len(tones)]
        axes[0].barh(
            rows, own["share"], height=step * 0.86, color=tone, edgecolor="black", lw=0.5, alpha=0.85, label=deal
        )
        error = np.maximum([own["share"] - own["low"], own["high"] - own["share"]], 0)
        axes[0].errorbar(own["share"], rows, xerr=error, fmt="none", ecolor="black", capsize=2, lw=1.0)
        axes[1].barh(rows, own["max_regret"], height=step * 0.86, color=tone, edgecolor="black", lw=0.5, alpha=0.85)
        axes[1].plot(np.maximum(own["checked_regret"], 0), rows, "D", ms=4, mfc="white", mec="black")
        for row, share, regret in zip(rows, own["share"], own["max_regret"], strict=True):
            for ax, value in zip(axes, (share, regret), strict=True):
                if np.isnan(value):
                    ax.annotate("unknown", (0, row), (3, 0), textcoords="offset points", va="center", fontsize=7)
    for ax, words in zip(axes, (HOLDS, REGRET), strict=True):
        ax.set(xlim=(0, None), ylim=(0.45, len(groups) + 0.55))
        ax.set_xlabel(words)
        ax.grid(axis="x", alpha=0.3)
        for row in np.arange(1.5, len(groups)):
            ax.axhline(row, color=PALETTE["grey"], lw=0.5)
    name_rows(axes[0], np.arange(len(groups), 0, -1.0), [group_name(each) for each in groups])
    name_rows(axes[1], np.arange(len(groups), 0, -1.0), [""] * len(groups))
    handles, names = axes[0].get_legend_handles_labels()
    handles = [*handles, entry("checked on the other half of the draws", marker="D", ms=4, mfc="white")]
    figure_of(axes[0]).legend(
        handles, [*names, handles[-1].get_label()], loc="outside lower center", ncols=4, fontsize=8.5
    )
    met = f"a state satisfies where both sign in {threshold:.0%} of its worlds and the peace holds in {holds:.0%}"
    caption(axes[0], textwrap.fill(f"{note}; {met}; bars: 95 % interval over states", 130))
    return axes
