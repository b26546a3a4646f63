"""How much of the variance between worlds is the inputs', the random draws', and that of both together."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from experiments.analysis.sensitivity.bootstrap import Estimate
from experiments.analysis.shares_and_survival import Z
from model.array_axes import Floats

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
    rows, replicates = worlds.shape[1:]
    if rows // unit < 2 or replicates < 2:
        empty = np.full(len(worlds), np.nan)
        unknown = Estimate(empty, empty, empty)
        return VarianceShares(unknown, unknown, unknown, empty)
    random = np.random.default_rng(seed)
    members = _members(rows, unit, random), _members(replicates, 1, random)
    parts = [_of_one(np.asarray(each, dtype=np.float64), *members) for each in worlds]
    value, error, noise = (np.stack(each, axis=-1) for each in zip(*parts, strict=True))
    low, high = np.maximum(value - Z * error, 0), np.minimum(value + Z * error, 1)
    inputs, draws, both = map(Estimate, value, low, high)
    return VarianceShares(inputs, draws, both, noise)


def _members(size: int, unit: int, random: np.random.Generator) -> Floats:
    """Which group each row or replicate is in, 0 or 1, (size, group); `unit` in a row stay together."""
    units = -(-size // unit)
    count = min(GROUPS, units)
    return np.eye(count)[np.repeat(random.permutation(units) % count, unit)[:size]]


def _of_one(worlds: Floats, rows: Floats, replicates: Floats) -> tuple[Floats, Floats, Floats]:
    """Shares (3,) of an outcome (row, replicate), their standard errors, and the noise of a point's mean.

    `rows` and `replicates` are the groups (.., group) that the jackknife leaves out in turn.
    """
    worlds = worlds - worlds.mean()
    whole = _left_out(worlds, np.zeros((len(worlds), 1)))
    error = np.zeros(3)
    for left in (_left_out(worlds, rows), _left_out(worlds.T, replicates)[[1, 0, 2]]):
        shares, count = _shares(left), left.shape[1]
        error += ((shares - shares.mean(axis=1, keepdims=True)) ** 2).sum(axis=1) * (count - 1) / count
    return _shares(whole)[:, 0], np.sqrt(error), whole[2, 0] / worlds.shape[1]


def _left_out(worlds: Floats, groups: Floats) -> Floats:
    """Variances of rows, of columns, and of what neither explains, each group of rows left out in turn, (3, group)."""
    columns = worlds.shape[1]
    kept = len(worlds) - groups.sum(axis=0)
    sums, squares = worlds.sum(axis=1), np.einsum("rc,rc->r", worlds, worlds)
    row_squares, square = (sums**2).sum() - sums**2 @ groups, squares.sum() - squares @ groups
    column_sums = worlds.sum(axis=0) - groups.T @ worlds
    mean = column_sums.sum(axis=1) ** 2 / (kept * columns)
    between_rows, between_columns = row_squares / columns - mean, (column_sums**2).sum(axis=1) / kept - mean
    rest = np.maximum(square - mean - between_rows - between_columns, 0) / ((kept - 1) * (columns - 1)).clip(1)
    of_rows = np.maximum(between_rows / (kept - 1).clip(1) - rest, 0) / columns
    of_columns = np.maximum(between_columns / max(columns - 1, 1) - rest, 0) / kept
    return np.stack([of_rows, of_columns, rest])


def _shares(components: Floats) -> Floats:
    """The components as parts of their sum; NaN where that is nothing."""
    whole = components.sum(axis=0)
    return np.asarray(components / np.where(whole > 0, whole, np.nan))
