"""Two sets of worlds on common random numbers: the difference of every outcome, world by world, with its interval."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import xarray as xr

from experiments.analysis.shares_and_survival import Z
from experiments.designs.design import LABELS
from experiments.errors import InputError
from experiments.store.dataset import flat_columns
from model.array_axes import Floats
from model.record.variables import DIMENSIONS

SAME = ("months", "start", "seed")
"""What two runs must have in common for their worlds to be pairs."""
VERSIONS = ("code_version", "data_hash", "model", "precision")
"""What two runs may have apart, of which a comparison then says so."""


class Difference(NamedTuple):
    """A mean difference, its 95 % interval, its standard error, the pairs that say it, and what pairing does.

    `variance_ratio` is the variance of the paired difference over that of two independent worlds': below 1 pairing
    helps. NaN where fewer than two pairs are known; the ratio also where neither side varies.
    """

    difference: float
    low: float
    high: float
    error: float
    pairs: int
    variance_ratio: float

    @property
    def half_width(self) -> float:
        """Half the width of the interval."""
        return (self.high - self.low) / 2

    @property
    def in_errors(self) -> float:
        """The size of the difference in units of its error; infinite where every pair has the same one."""
        if self.error:
            return abs(self.difference) / self.error
        return math.inf if self.difference else 0.0

    def __str__(self) -> str:
        """In words: +0.12 (+0.08 to +0.16), or +1 in every pair, or unknown."""
        if math.isnan(self.difference):
            return "unknown"
        interval = f"({self.low:+.3g} to {self.high:+.3g})" if self.error else "in every pair"
        return f"{self.difference:+.3g} {interval}"


def paired_difference(first: Any, second: Any, binary: bool | None = None) -> Difference:
    """The mean of `second` - `first` over the pairs in which both are known, each (replicate,).

    Of numbers Student's interval of the paired differences, of `binary` outcomes Tango's (1998) score interval, which
    has a width when no pair differs; its error is that width over 2 Z. Where `binary` is None the unit of `first` says
    it, and of what has no unit, whether all are 0 or 1. Unknown is NaN or infinite. NaN for fewer than two pairs.
    """
    pairs = np.stack([np.asarray(values, dtype=np.float64).ravel() for values in (first, second)])
    pairs = pairs[:, np.isfinite(pairs).all(axis=0)]
    count, change = pairs.shape[1], pairs[1] - pairs[0]
    if count < 2:
        return Difference(math.nan, math.nan, math.nan, math.nan, count, math.nan)
    if binary is None:
        unit = getattr(first, "attrs", {}).get("unit")
        binary = unit == "0/1" if unit else bool(np.isin(pairs, (0, 1)).all())
    apart = float(pairs.var(axis=1, ddof=1).sum())
    ratio = float(change.var(ddof=1)) / apart if apart else math.nan
    difference = float(change.mean())
    if binary:
        low, high = score_interval(int((change > 0).sum()), int((change < 0).sum()), count)
        return Difference(difference, low, high, (high - low) / (2 * Z), count, ratio)
    from scipy.special import stdtrit

    error = float(change.std(ddof=1)) / math.sqrt(count) if np.ptp(change) else 0.0
    half = float(stdtrit(count - 1, 0.975)) * error
    return Difference(difference, difference - half, difference + half, error, count, ratio)


def score_interval(more: int, fewer: int, pairs: int) -> tuple[float, float]:
    """The 95 % interval of a difference of paired shares, of which `more` and `fewer` pairs speak for either sign.

    Tango (1998): the differences at which the score statistic, with the nuisance share at its likeliest, is Z.
    """
    from scipy.optimize import brentq

    def score(difference: float) -> float:
        """How far the data are from this difference, in standard errors."""
        middle = (2 * pairs - more + fewer) * difference - more - fewer
        last = -fewer * difference * (1 - difference)
        nuisance = (math.sqrt(max(middle**2 - 8 * pairs * last, 0.0)) - middle) / (4 * pairs)
        variance = pairs * (2 * nuisance + difference * (1 - difference))
        return (more - fewer - pairs * difference) / math.sqrt(variance)

    centre, edge = (more - fewer) / pairs, 1e-9
    low = -1.0 if fewer == pairs else float(brentq(lambda each: score(each) - Z, -1 + edge, centre - edge))
    high = 1.0 if more == pairs else float(brentq(lambda each: score(each) + Z, centre + edge, 1 - edge))
    return low, high


def compare(first: xr.Dataset, second: xr.Dataset) -> pd.DataFrame:
    """Every outcome of two results side by side, sorted by the size of its difference in units of its error.

    Columns: `outcome`, `meaning`, `unit`, `first` and `second` (means over the pairs), those of a Difference,
    `in_errors`, and `spread`, the standard deviation of the worlds of both together. Of results of several rows a
    replicate counts by its mean over the rows. Raises InputError where the two have no pairs, saying why.
    """
    first, second = (with_both_accept(each.squeeze(_single(each), drop=True)) for each in (first, second))
    check_comparable(first, second)
    first, second = (flat_columns(each, DIMENSIONS) for each in (first, second))
    rows = []
    for name, one in first.data_vars.items():
        if "replicate" not in one.dims or "month" in one.dims:
            continue
        pair = _by_replicate(one, second[name])
        known = pair[:, np.isfinite(pair).all(axis=0)]
        means = known.mean(axis=1) if known.size else [math.nan] * 2
        binary = one.attrs["unit"] == "0/1" and bool(np.isin(known, (0, 1)).all())
        change = paired_difference(pair[0], pair[1], binary)
        words = {"meaning": str(one.attrs["meaning"]), "unit": str(one.attrs["unit"])}
        sizes = {"in_errors": change.in_errors, "spread": float(known.std()) if known.size else math.nan}
        rows.append({"outcome": str(name), **words, "first": means[0], "second": means[1], **change._asdict(), **sizes})
    return pd.DataFrame(rows).sort_values("in_errors", ascending=False, kind="stable", ignore_index=True)


def differences_from(results: xr.Dataset, base: str, outcomes: Sequence[str], dim: str = "policy") -> pd.DataFrame:
    """The difference of some outcomes in every other row of `dim` from the row `base`, on common random numbers.

    One line for each row and outcome: `row`, `outcome`, `meaning`, `unit`, those of a Difference, and `in_errors`.
    Raises InputError where there is no such row.
    """
    rows = [str(row) for row in results[dim].values]
    if base not in rows:
        raise InputError(f"{base!r} is no {dim} of these results; known: {', '.join(rows)}")
    table = flat_columns(with_both_accept(results), DIMENSIONS)
    lines = []
    for row in (row for row in rows if row != base):
        for name in outcomes:
            outcome = table[name]
            change = paired_difference(outcome.isel({dim: rows.index(base)}), outcome.isel({dim: rows.index(row)}))
            words = {"outcome": name, "meaning": outcome.attrs["meaning"], "unit": outcome.attrs["unit"]}
            lines.append({"row": row, **words, **change._asdict(), "in_errors": change.in_errors})
    return pd.DataFrame(lines)


def with_both_accept(results: xr.Dataset) -> xr.Dataset:
    """The results with one more outcome: both signatories would sign the terms."""
    both = results["ukraine_accepts"] * results["united_states_accepts"]
    return results.assign(both_accept=both.assign_attrs(unit="0/1", meaning="both would sign the terms"))


def check_comparable(first: xr.Dataset, second: xr.Dataset) -> None:
    """Raise InputError, saying what differs, unless world r of one is to be set beside world r of the other."""
    for name in SAME:
        one, other = (each.attrs.get(name) for each in (first, second))
        if one != other:
            raise InputError(
                f"these cannot be paired world by world: {name} is {one} in the first, {other} in the second"
            )
    axes = [
        {str(dim): each.sizes[dim] for dim in each["signed"].dims if dim != "replicate"} for each in (first, second)
    ]
    if axes[0] != axes[1]:
        shapes = [" × ".join(f"{dim} ({size})" for dim, size in each.items()) or "one row" for each in axes]
        raise InputError(f"the designs differ: {shapes[0]} in the first, {shapes[1]} in the second")
    columns = [
        {name for name, each in data.coords.items() if set(each.dims) & set(axes[0])} for data in (first, second)
    ]
    if odd := sorted(map(str, columns[0] ^ columns[1])):
        raise InputError(f"the designs differ: {odd[0]} is a column of only one of them")
    for name in sorted(map(str, columns[0])):
        if not np.array_equal(first[name].values, second[name].values):
            raise InputError(f"the designs differ: {name} has other values in the second")


def changed_settings(first: xr.Dataset, second: xr.Dataset) -> dict[str, tuple[Any, Any]]:
    """What is not the same in two results: parameters that all rows share, code, data, model class, precision."""
    held = []
    for each in (first, second):
        row = each.squeeze(_single(each))
        own = {name: row[name].item() for name in row.coords if row[name].ndim == 0 and name not in LABELS}
        held.append(json.loads(each.attrs["parameters"]) | own | {name: each.attrs[name] for name in VERSIONS})
    names = [name for name in held[0] if name in held[1]]
    return {name: (held[0][name], held[1][name]) for name in names if held[0][name] != held[1][name]}


def _single(results: xr.Dataset) -> list[str]:
    """The dimensions of a design of one row."""
    return [str(dim) for dim in results["signed"].dims if dim != "replicate" and results.sizes[dim] == 1]


def _by_replicate(first: xr.DataArray, second: xr.DataArray) -> Floats:
    """Means over the rows in which both are known of both, for their common replicates: (2, replicate)."""
    pair = [each.astype(np.float64).where(np.isfinite(each)) for each in xr.align(first, second, join="inner")]
    known = pair[0].notnull() & pair[1].notnull()
    over = [dim for dim in first.dims if dim != "replicate"]
    return np.stack([each.where(known).mean(over).values for each in pair])
