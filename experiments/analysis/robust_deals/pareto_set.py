"""The Pareto set of deals for both gains and peace, how sure it is, and the deal that keeps the peace most often."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from experiments.analysis.paired_differences import paired_difference
from experiments.analysis.sensitivity.bootstrap import LEVEL, resample_counts
from experiments.analysis.shares_and_survival import wilson
from experiments.errors import InputError
from model.array_axes import Floats
from model.states.deal import TERMS

OBJECTIVES = ("ukraine_gain", "united_states_gain", "peace")
SHARES = ("both_sign", "ukraine_signs", "united_states_signs", "peace")


def non_dominated(points: Floats) -> NDArray[np.bool_]:
    """Which rows of (row, objective) belong to the Pareto set, more being better of each objective.

    A row is left out if another is as good in all objectives and better in one, so that equal rows are in or out
    together. A row with NaN is not in, and takes nobody else out.
    """
    known = np.flatnonzero(~np.isnan(points).any(axis=1))
    # In descending lexical order nobody is dominated by a row after it, so that the first that is left is in.
    left = known[np.lexsort(-points[known].T[::-1])]
    inside = np.zeros(len(points), dtype=bool)
    while left.size:
        first, rest = points[left[0]], points[left]
        inside[left[0]] = True
        beaten = (rest <= first).all(axis=1) & (rest < first).any(axis=1)
        left = left[1:][~beaten[1:]]
    return inside


def deal_table(worlds: xr.Dataset, threshold: float = 0.5, resamples: int = 400, seed: int = 0) -> pd.DataFrame:
    """One row for each deal of `deal_worlds`, with its terms and what it does, over all states together.

    `ukraine_gain`, `united_states_gain` (percent of Ukraine's GDP, means), `both_sign`, `ukraine_signs`,
    `united_states_signs` and `peace` (shares of the worlds known, NaN where none is) with intervals of 95 % `_low` to
    `_high` (Wilson 1927 for one state, percentiles of the bootstrap for several) and the worlds `_known`. `signable`:
    both would sign in the `threshold` of worlds. `pareto`: in the Pareto set of OBJECTIVES; `pareto_sure`: in what
    share of bootstrap resamples of the replicates, the same for all deals, it is so. `best_sure`: in what share of
    them it is the signable deal that keeps the peace most often. What is not known is in no set.
    """
    if not 0 <= threshold <= 1:
        raise InputError(f"threshold={threshold}: allowed 0 to 1, a share of worlds")
    values = {name: worlds[name] for name in (*OBJECTIVES, "ukraine_signs", "united_states_signs")}
    values["both_sign"] = worlds["ukraine_signs"] * worlds["united_states_signs"]
    sums = {name: each.fillna(0).sum("state").values for name, each in values.items()}
    known = {name: each.notnull().sum("state").values for name, each in values.items()}
    counts = resample_counts(worlds.sizes["replicate"], resamples, seed)
    draws = {name: _ratio(counts @ sums[name].T, counts @ known[name].T) for name in (*OBJECTIVES, *SHARES)}
    columns: dict[str, Any] = {name: worlds[name].values for name in TERMS if name in worlds.coords}
    means = {name: _ratio(sums[name].sum(axis=1), known[name].sum(axis=1)) for name in values}
    columns |= {name: means[name] for name in OBJECTIVES[:2]}
    for name in SHARES:
        total = known[name].sum(axis=1)
        low, high = wilson(sums[name].sum(axis=1), total)[1:]
        some = total > 0
        if worlds.sizes["state"] > 1 and some.any():
            low[some], high[some] = np.nanquantile(draws[name][:, some], LEVEL, axis=0)
        columns |= {name: means[name], f"{name}_low": low, f"{name}_high": high, f"{name}_known": total}
    points = np.stack([draws[name] for name in OBJECTIVES], axis=2)
    columns["signable"] = means["both_sign"] >= threshold
    columns["pareto"] = non_dominated(np.stack([means[name] for name in OBJECTIVES], axis=1))
    columns["pareto_sure"] = np.mean([non_dominated(each) for each in points], axis=0)
    columns["best_sure"] = _best_sure(draws["peace"], draws["both_sign"], threshold)
    unknown = np.isnan(np.stack([means[name] for name in OBJECTIVES])).any(axis=0)
    table = pd.DataFrame(columns, index=pd.Index(worlds["deal"].values, name="deal"))
    table.loc[unknown, "pareto_sure"] = np.nan
    return table


def _ratio(part: Any, whole: Any) -> Floats:
    """The quotient, NaN where the whole is nothing."""
    return np.asarray(part / np.where(whole > 0, whole, np.nan))


def _best_sure(peace: Floats, both: Floats, threshold: float) -> Floats:
    """In what share of resamples (resample, deal) each deal has the most peace among the signable; equals share one."""
    score = np.where((both >= threshold) & ~np.isnan(peace), peace, -np.inf)
    first = (score == score.max(axis=1, keepdims=True)) & np.isfinite(score)
    return np.asarray((first / np.maximum(first.sum(axis=1, keepdims=True), 1)).mean(axis=0))


def best_deal(table: pd.DataFrame) -> str | None:
    """The signable deal of a `deal_table` that keeps the peace most often; None if no deal known is signable.

    Of several that keep it equally often, the one that both would sign most often.
    """
    candidates = table[table["signable"] & table["peace"].notna()]
    if candidates.empty:
        return None
    ordered = candidates.sort_values(["peace", "both_sign"], ascending=False, kind="stable")
    return str(ordered.index[0])


def rivals(worlds: xr.Dataset, table: pd.DataFrame, best: str) -> list[str]:
    """Other signable deals whose paired difference of peace from the best has an interval that holds nought."""
    own = worlds["peace"].sel(deal=best).mean("state")
    others = table.index[table["signable"] & table["peace"].notna() & (table.index != best)]
    changes = {name: paired_difference(own, worlds["peace"].sel(deal=name).mean("state")) for name in others}
    return [str(name) for name, change in changes.items() if change.low <= 0 <= change.high]


def checked_peace(worlds: xr.Dataset, threshold: float = 0.5) -> float:
    """Peace under the best deal where one half of the replicates chooses it and the other measures, the mean of both.

    The best of many deals looks better than it is in the worlds that chose it (the winner's curse); this does not. NaN
    where either half has no signable deal.
    """
    halves = [worlds.isel(replicate=slice(start, None, 2)) for start in (0, 1)]
    found = []
    for choose, measure in (halves, halves[::-1]):
        best = best_deal(deal_table(choose, threshold, resamples=1))
        found.append(np.nan if best is None else float(measure["peace"].sel(deal=best).mean()))
    return float(np.mean(found))


def by_closeness(table: pd.DataFrame, threshold: float = 1.0) -> pd.DataFrame:
    """A `deal_table` from the deal that is nearest to being signed by both: by the share of worlds in which they would.

    Deals beyond the `threshold` stay in their order; of others with equal shares, as where nobody would sign, that is
    nearest in which those who lose by it lose least together.
    """
    score = table["both_sign"].clip(upper=threshold)
    loss = table[["ukraine_gain", "united_states_gain"]].clip(upper=0).sum(axis=1).where(score < threshold, 0.0)
    order = pd.DataFrame({"score": score, "loss": loss})
    return table.loc[order.sort_values(["score", "loss"], ascending=False, kind="stable").index]


def nearest_deal(table: pd.DataFrame) -> str:
    """The deal that is nearest to being signed by both. Raises InputError if no answer is known."""
    if table["both_sign"].isna().all():
        raise InputError("no answer is known: the store needs talks=fixed, and a block that is computed")
    return str(by_closeness(table).index[0])
