"""Sobol' indices: parts of an outcome's variance that an input explains alone, in pairs, and in all."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from experiments.analysis.sensitivity.bootstrap import Estimate, percentile_estimate, resample_counts
from experiments.errors import InputError
from model.array_axes import Floats

Pairs = tuple[tuple[int, int], ...]


class SobolIndices(NamedTuple):
    """First and total order (input, outcome), and second order (pair, outcome) with the `pairs` of inputs."""

    first: Estimate
    total: Estimate
    second: Estimate | None
    pairs: Pairs


def sobol_indices(
    worlds: Floats, inputs: int, second_order: bool = False, resamples: int = 1000, seed: int = 0
) -> SobolIndices:
    """Indices of the expected outcomes of `worlds` (outcome, row, replicate) at the rows of `designs.builders.sobol`.

    First order by Saltelli and others (2010), total by Jansen (1999), second by Saltelli (2002), with products of
    different replicates only, so that random draws do not count as interactions of inputs; of one replicate they
    do. Intervals by resampling base points. NaN for an outcome that is constant or unknown in a world. Raises
    InputError for a number of rows that no such design has.
    """
    step, rows = (2 if second_order else 1) * inputs + 2, worlds.shape[1]
    if rows % step or not rows:
        raise InputError(f"{rows} rows are no whole number of base points of {step} rows")
    pairs = tuple((j, k) for j in range(inputs) for k in range(j + 1, inputs)) if second_order else ()
    base = rows // step
    counts = np.concatenate([np.ones((1, base)), resample_counts(base, resamples, seed)])
    parts = [_of_one(_scaled(each).reshape(base, step, -1), inputs, pairs, counts) for each in worlds]
    draws = [np.stack(each, axis=-1) for each in zip(*parts, strict=True)]
    first, total, second = (percentile_estimate(each[0], each[1:]) for each in draws)
    return SobolIndices(first, total, second if second_order else None, pairs)


def _scaled(worlds: Floats) -> Floats:
    """Worlds (row, replicate) with mean 0 in each replicate and variance 1; NaN where constant or not all known."""
    worlds = np.asarray(worlds, dtype=np.float64)
    spread = worlds.std() if np.ptp(worlds.mean(axis=1)) > 0 else np.nan
    return np.asarray((worlds - worlds.mean(axis=0)) / spread)


def _of_one(rows: Floats, inputs: int, pairs: Pairs, counts: Floats) -> tuple[Floats, Floats, Floats]:
    """First, total and second order of an outcome (base, row of it, replicate), (resample, input or pair)."""
    a, b = rows[:, :1], rows[:, -1:]
    ab, ba = rows[:, 1 : inputs + 1], rows[:, inputs + 1 : -1]
    left, right = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    change = ab - a
    terms = [
        _products(change, b)[..., 0],
        _squares(change) / 2,
        _products(ba, ab)[:, left, right] - _products(a, b)[:, 0] if pairs else np.empty((len(rows), 0)),
        (a + b).mean(axis=2) / 2,
        (_squares(a) + _squares(b)) / 2,
    ]
    ends = np.cumsum([each.shape[1] for each in terms])[:-1]
    sums = np.split(counts @ np.concatenate(terms, axis=1) / len(rows), ends, axis=1)
    first, total, second, mean, square = sums
    variance = square - mean**2
    variance = np.where(variance > 0, variance, np.nan)
    first, total = first / variance, total / variance
    return first, total, second / variance - first[:, left] - first[:, right]


def _products(one: Floats, other: Floats) -> Floats:
    """Mean products of rows (base, row, replicate) of one with rows of the other, (base, row, row of the other)."""
    means = one.mean(axis=2)[:, :, None] * other.mean(axis=2)[:, None]
    return _of_different(one @ other.transpose(0, 2, 1), means, one.shape[2])


def _squares(rows: Floats) -> Floats:
    """Mean squares of rows (base, row, replicate), (base, row)."""
    return _of_different(np.einsum("bir,bir->bi", rows, rows), rows.mean(axis=2) ** 2, rows.shape[2])


def _of_different(sums: Floats, means: Floats, replicates: int) -> Floats:
    """The mean product of different replicates, by the sum over equal ones; that of equal ones where there is one."""
    return np.asarray(means if replicates == 1 else means - (sums / replicates - means) / (replicates - 1))
