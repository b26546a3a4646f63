"""Shapley effects: the variance of an outcome shared out among inputs, correlated or not, from given rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from math import comb
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.sensitivity.bootstrap import Estimate, percentile_estimate, resample_counts
from model.array_axes import Floats

MOST_EXACT = 8
"""Up to so many inputs or groups every subset is used; of more, random orders."""
ORDERS = 200
JITTER, APART = 1e-6, 100.0

Subset = frozenset[int]


def shapley_effects(
    columns: Sequence[NDArray[Any]],
    values: Floats,
    noise: Floats | float = 0.0,
    groups: Sequence[Sequence[int]] = (),
    resamples: int = 1000,
    seed: int = 0,
) -> Estimate:
    """Shares of the variance of outcomes `values` (row, outcome) that are each input's, (input, outcome).

    `columns` hold an input each (row,), words or numbers, drawn in any joint distribution; `groups` of their numbers
    are judged as one. `noise` is the variance (outcome,) that the inputs do not explain: the shares add up to the rest.
    Owen (2014), Song and others (2016); conditional variances of given data from nearest neighbours (Broto and
    others 2020). Intervals resample rows as if their neighbours were others: they leave out the bias of neighbours that
    are not near, which grows with the number of inputs. NaN for an outcome that is constant or unknown at a row.
    """
    values = np.asarray(values, dtype=np.float64)
    players = [list(each) for each in groups] or [[at] for at in range(len(columns))]
    space = [_coordinates(column, np.random.default_rng([seed, at])) for at, column in enumerate(columns)]
    rows, outcomes = values.shape
    shares = np.zeros((rows, len(players), outcomes))
    unexplained = np.broadcast_to(np.asarray(noise, dtype=np.float64), (rows, outcomes))
    squares = (values - values.mean(axis=0)) ** 2 * rows / (rows - 1)
    costs: dict[Subset, Floats] = {frozenset(): unexplained, frozenset(range(len(players))): squares}
    for player, before, weight in _increments(len(players), seed):
        for subset, sign in ((before | {player}, weight), (before, -weight)):
            if subset not in costs:
                rest = [space[at] for other in range(len(players)) if other not in subset for at in players[other]]
                costs[subset] = _unexplained_by(np.concatenate(rest, axis=1), values)
            shares[:, player] += sign * costs[subset]
    counts = resample_counts(rows, resamples, seed)
    with np.errstate(invalid="ignore"):
        value = shares.mean(axis=0) / np.where(np.ptp(values, axis=0) > 0, squares.mean(axis=0), np.nan)
    draws = (counts @ shares.reshape(rows, -1) / rows).reshape(resamples, len(players), outcomes)
    variance = counts @ values**2 / rows - (counts @ values / rows) ** 2
    variance = np.where(variance > 0, variance, np.nan)
    return percentile_estimate(value, draws / variance[:, None])


def _increments(players: int, seed: int) -> Iterator[tuple[int, Subset, float]]:
    """Each input, those that come before it, and the weight of that: of all orders, or of ORDERS random ones."""
    everyone = range(players)
    if players <= MOST_EXACT:
        for player in everyone:
            others = [other for other in everyone if other != player]
            for size in range(players):
                weight = 1 / (players * comb(players - 1, size))
                yield from ((player, frozenset(before), weight) for before in combinations(others, size))
        return
    random = np.random.default_rng(seed)
    for order in (random.permutation(players) for _ in range(ORDERS // 2)):
        for one in (order, order[::-1]):  # an order and its reverse: their errors cancel in part
            for at, player in enumerate(one.tolist()):
                yield player, frozenset(one[:at].tolist()), 1 / (2 * (ORDERS // 2))


def _coordinates(column: NDArray[Any], random: np.random.Generator) -> Floats:
    """An input as coordinates (row, ...) in standard deviations: different words far apart, ties broken at random."""
    if column.dtype.kind in "fiu":
        numbers = np.asarray(column, dtype=np.float64)[:, None]
        spread = numbers.std() or 1.0
        return np.asarray(numbers / spread + JITTER * random.standard_normal(numbers.shape))
    codes = np.unique(column, return_inverse=True)[1]
    return np.asarray(APART * np.eye(int(codes.max()) + 1)[codes] + JITTER * random.standard_normal((len(codes), 1)))


def _unexplained_by(coordinates: Floats, values: Floats) -> Floats:
    """Half the squared difference of outcomes to the row nearest in these coordinates, (row, outcome)."""
    from scipy.spatial import cKDTree

    nearest = cKDTree(coordinates).query(coordinates, k=2)[1][:, 1]
    return np.asarray((values - values[nearest]) ** 2 / 2)
