"""The outcomes of one set of terms as a table: estimates with their intervals, and what is not known."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from experiments.analysis.shares_and_survival import renewed_war, share_interval
from experiments.cli import output
from experiments.store.dataset import flat_columns
from model.record.variables import DIMENSIONS

DEAL = (
    "ukraine_accepts", "united_states_accepts", "both_accept", "signed", "ratified", "month_signed",
    "deal_gain_ukraine", "deal_gain_united_states", "guarantee_broken",
)  # fmt: skip
WAR = ("peace_holds", "renewed_war_5y", "renewed_war_10y", "months_of_fighting", "occupied_share_end")
MINE = ("first_output_month", "received_by_united_states")
MARKET = (
    "china_mine_share_2025", "china_mine_share_end", "china_separation_share_end", "price_magnet_end",
    "price_heavy_end", "peak_wedge_heavy",
)  # fmt: skip
HAPPENINGS = ("month_signed", "days_to_signature", "ceasefire_month", "renewal_month", "first_output_month")
"""Times that are NaN in a world in which what they date does not happen in the run."""
FIRST_YEAR_OF_WAR = 2022
Z = 1.96
"""Standard errors on either side of a mean within which 95 % lie."""
RENEWED = {"renewed_war_5y": 5, "renewed_war_10y": 10}
"""Outcomes of which a run tells more than its worlds whose window is over: Kaplan and Meier's estimate does."""


def summary(results: xr.Dataset) -> dict[str, dict[str, Any]]:
    """Estimates over worlds of every outcome of `results` with one row; NaN or None for what is not known.

    `mean`, with its 95 % interval `low` to `high` (Wilson's for shares); `known`, the number of worlds that say
    it; `never`, the number of those in which it does not happen in the run, which the mean leaves out; of numbers
    `median`, `p5` and `p95`; of war again `censored`, the part of the worlds with a ceasefire whose run ends too
    soon. An outcome with dimensions of its own has one row for each of their labels: deal_gain_ukraine.
    """
    results = flat_columns(results, DIMENSIONS)
    both = results["ukraine_accepts"] * results["united_states_accepts"]
    both = both.assign_attrs(unit="0/1", meaning="both would sign the terms")
    outcomes = {str(name): each for name, each in results.data_vars.items() if each.dims == ("replicate",)}
    ran = results["peace_holds"].notnull().values
    table: dict[str, dict[str, Any]] = {}
    for name, outcome in (outcomes | {"both_accept": both}).items():
        values = np.asarray(outcome.values, dtype=np.float64)
        row: dict[str, Any] = {"unit": outcome.attrs["unit"], "meaning": _meaning(name, outcome.attrs, results.attrs)}
        estimate: tuple[Sequence[str], Sequence[Any]]
        if name in RENEWED:
            estimate = ("mean", "low", "high", "known", "censored"), renewed_war(results, RENEWED[name])
        elif row["unit"] == "0/1":
            estimate = ("mean", "low", "high", "known"), share_interval(values)
        else:
            estimate = _spread(values[ran], name in HAPPENINGS)
        table[name] = row | dict(zip(*estimate, strict=True))
    return table


def show(table: Mapping[str, Mapping[str, Any]], about: Mapping[str, Any]) -> None:
    """Print the outcomes that most people want of a run with the attributes `about`."""
    worlds, start = int(about["replicates"]), _start(about)
    before_war = start < FIRST_YEAR_OF_WAR
    names = MARKET if before_war else (*DEAL, *WAR, *MINE, *MARKET)
    rows = [_row(table[name], worlds) for name in names if name in table]
    title = f"{worlds:,} worlds, {int(about['months'])} months from January {start}, preset {about['preset']}"
    output.print_table(rows, title=f"{title}, seed {about['seed']}")
    if before_war:
        output.print_text("The run begins before the war and the talks; what the store holds of them means nothing.")


def _start(about: Mapping[str, Any]) -> int:
    """The year in which a run begins."""
    return int(json.loads(about["parameters"])["start"])


def _meaning(name: str, declared: Mapping[str, Any], about: Mapping[str, Any]) -> str:
    """What an outcome is in this run: terms on the table are those of the United States, which only Ukraine answers."""
    meaning = str(declared["meaning"])
    if name in RENEWED:
        return meaning.partition(" (")[0]
    fixed = json.loads(about["parameters"])["talks"] == "fixed"
    return "Ukraine would sign (the terms are on the table)" if fixed and name == "signed" else meaning


def _spread(values: NDArray[np.float64], happening: bool) -> tuple[Sequence[str], Sequence[Any]]:
    """Names and numbers: the mean of what happens, with its interval, and the range over worlds."""
    known = values[np.isfinite(values)]
    never = int(np.isnan(values).sum()) if happening else 0
    p5, median, p95 = np.quantile(known, [0.05, 0.5, 0.95]) if len(known) else [None] * 3
    mean = known.mean() if len(known) else None
    half = Z * known.std(ddof=1) / np.sqrt(len(known)) if len(known) > 1 else np.nan
    low, high = (mean - half, mean + half) if mean is not None else (None, None)
    names = ("mean", "low", "high", "known", "never", "median", "p5", "p95")
    return names, (mean, low, high, len(known) + never, never, median, p5, p95)


def _row(row: Mapping[str, Any], worlds: int) -> dict[str, str]:
    """One line of the table that is printed."""
    known, never, mean = row["known"], row.get("never", 0), row["mean"]
    said = []
    if "censored" in row and known:
        said.append(f"Kaplan-Meier: {known:,} worlds with a ceasefire, {row['censored']:.0%} of them end too soon")
    elif "censored" in row:
        said.append("no world has a ceasefire")
    elif known < worlds:
        said.append(f"known in {known:,} worlds of {worlds:,}")
    if 0 < never < known:
        said.append(f"happens in {known - never:,} worlds of {known:,}")
    shown = {"outcome": row["meaning"] + (f" ({'; '.join(said)})" if said else "")}
    scale, unit = (100.0, "% of worlds") if row["unit"] == "0/1" else (1.0, row["unit"])
    if mean is None or mean != mean:
        shown["mean"] = "never" if known and never == known else "unknown"
        unit = ""
    else:
        shown["mean"] = f"{scale * mean:.3g}"
    shown |= {"95 % interval": _range(row["low"], row["high"], scale), "median": "", "5 % to 95 % of worlds": ""}
    if row.get("median") is not None:
        shown |= {"median": f"{row['median']:.3g}", "5 % to 95 % of worlds": _range(row["p5"], row["p95"])}
    return shown | {"unit": unit}


def _range(low: float | None, high: float | None, scale: float = 1.0) -> str:
    """From and to in three digits; nothing where there is no range."""
    if low is None or high is None or not low < high:
        return ""
    return f"{scale * low:.3g} to {scale * high:.3g}"
