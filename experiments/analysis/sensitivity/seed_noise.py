"""How much of the variance between worlds is the inputs', the random draws', and that of both together."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from experiments.analysis.sensitivity.bootstrap import Estimate
from experiments.analysis.statistics import Z
from model.dimensions import Floats

GROUPS = 20


class VarianceShares(NamedTuple):
    """Shares of the variance of single worlds, (outcome,), and the variance of a point's mean that is noise.

    `inputs` is what the design's points differ by; `draws` what replicates differ by at every point alike, which
    cancels in a comparison with common random numbers; `both` what the draws do differently from point to point.
    """

    inputs: Estimate
    draws: Estimate
    both: Estimate
    noise: Floats


def variance_shares(worlds: Floats, unit: int = 1, seed: int = 0) -> VarianceShares:
    """The shares of `worlds` (outcome, row, replicate), where a replicate has the same random draws in all rows.

    Components of a two-way table of random effects (Henderson 1953). Intervals by a jackknife that leaves out a
    twentieth of the rows, `unit` of them in a row staying together, then a twentieth of the replicates. NaN for an
    outcome that is constant, unknown in a world, or has one replicate.
    """
    worlds = np.asarray(worlds, dtype=np.float64)
    rows, replicates = worlds.shape[1:]
    if rows // unit < 2 or replicates < 2:
        empty = np.full(len(worlds), np.nan)
        unknown = Estimate(empty, empty, empty)
        return VarianceShares(unknown, unknown, unknown, empty)
    random = np.random.default_rng(seed)
    parts = _components(worlds)
    value, error = _shares(parts), np.zeros((3, len(worlds)))
    for axis, (size, together) in enumerate(((rows, unit), (replicates, 1)), start=1):
        count = min(GROUPS, size // together)
        group = np.repeat(random.permutation(-(-size // together)), together)[:size] % count
        left = np.stack([_shares(_components(worlds.compress(group != each, axis))) for each in range(count)])
        error += ((left - left.mean(axis=0)) ** 2).sum(axis=0) * (count - 1) / count
    half = Z * np.sqrt(error)
    low, high = np.maximum(value - half, 0), np.minimum(value + half, 1)
    inputs, draws, both = map(Estimate, value, low, high)
    return VarianceShares(inputs, draws, both, parts[2] / replicates)


def _components(worlds: Floats) -> Floats:
    """Variances of rows, of replicates, and of what neither explains, (3, outcome)."""
    rows, replicates = worlds.shape[1:]
    by_row, by_replicate, mean = worlds.mean(axis=2), worlds.mean(axis=1), worlds.mean(axis=(1, 2))
    between_rows, between_draws = (
        size * ((each - mean[:, None]) ** 2).sum(axis=1) for size, each in ((replicates, by_row), (rows, by_replicate))
    )
    total = ((worlds - mean[:, None, None]) ** 2).sum(axis=(1, 2))
    rest = np.maximum(total - between_rows - between_draws, 0) / max((rows - 1) * (replicates - 1), 1)
    of_rows = np.maximum(between_rows / max(rows - 1, 1) - rest, 0) / replicates
    of_draws = np.maximum(between_draws / max(replicates - 1, 1) - rest, 0) / rows
    return np.stack([of_rows, of_draws, rest])


def _shares(components: Floats) -> Floats:
    """The components as parts of their sum; NaN where that is nothing."""
    whole = components.sum(axis=0)
    return np.asarray(components / np.where(whole > 0, whole, np.nan))
