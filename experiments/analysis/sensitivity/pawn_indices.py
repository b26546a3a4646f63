"""PAWN: how far the distribution of an outcome moves when an input is held in a slice of its range."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.sensitivity.bootstrap import Estimate, resample_counts
from experiments.analysis.shares_and_survival import Z
from model.array_axes import Floats

SLICES = 10


def pawn_indices(
    columns: list[NDArray[Any]], values: Floats, slices: int = SLICES, resamples: int = 100, seed: int = 0
) -> Estimate:
    """Median over slices of the Kolmogorov-Smirnov distance to the whole sample, (input, outcome), 0 to 1.

    Of outcomes `values` (row, outcome). `columns` hold an input each (row,), words or numbers; each word, or number
    where there are at most `slices` of them, is a slice, and other numbers are cut into `slices` of equal size. Pianosi
    and Wagener (2015, 2018); intervals by the bootstrap's standard error, which leave out that few rows in a
    slice push small indices up: compare them with `pawn_floor`. NaN for an outcome that is constant or unknown at a
    row.
    """
    values = np.asarray(values, dtype=np.float64)
    members = [slice_members(column, slices) for column in columns]
    weights = np.concatenate([np.ones((1, len(values))), resample_counts(len(values), resamples, seed)])
    result = np.full((3, len(columns), values.shape[1]), np.nan)
    for at in np.flatnonzero(np.ptp(values, axis=0) > 0):
        draws = _medians(members, values[:, at], weights)
        error = Z * draws[1:].std(axis=0, ddof=1)
        result[..., at] = draws[0], np.maximum(draws[0] - error, 0), np.minimum(draws[0] + error, 1)
    return Estimate(*result)


def pawn_floor(values: Floats, slices: int = SLICES, trials: int = 40, seed: int = 0) -> Floats:
    """What 95 % of inputs that do nothing stay below, (outcome,): the index of random columns."""
    random = np.random.default_rng(seed).random((trials, len(values)))
    index = pawn_indices(list(random), values, slices, resamples=2).value
    return np.asarray(np.quantile(index, 0.95, axis=0))


def slice_members(column: NDArray[Any], slices: int) -> Floats:
    """Which rows lie in which slice of an input, 0 or 1, (row, slice); no slice is empty."""
    known, codes = np.unique(column, return_inverse=True)
    if column.dtype.kind in "fiu" and len(known) > slices:
        edges = np.quantile(column, np.arange(1, slices) / slices)
        codes = np.unique(np.searchsorted(edges, column, side="right"), return_inverse=True)[1]
    return np.eye(int(codes.max()) + 1)[codes]


def _medians(members: list[Floats], values: Floats, weights: Floats) -> Floats:
    """The index of each input under each weighting of the rows, (weighting, input)."""
    order = np.argsort(values, kind="stable")
    ends = np.append(np.diff(values[order]) > 0, True)
    sides = np.cumsum([each.shape[1] for each in members])[:-1]
    inside = np.concatenate(members, axis=1)[order]
    rows = []
    for weight in weights[:, order]:
        below, whole = np.cumsum(inside * weight[:, None], axis=0)[ends], np.cumsum(weight)[ends]
        with np.errstate(invalid="ignore"):  # a slice that a resample leaves empty does not count
            distance = np.abs(below / below[-1] - (whole / whole[-1])[:, None]).max(axis=0)
        rows.append([np.nanmedian(part) for part in np.split(distance, sides)])
    return np.array(rows)
