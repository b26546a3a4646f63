"""Samples of the unit cube, (row, parameter), and the values of a parameter over which they are stretched."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.parameters.declaration import Declaration

Floats = NDArray[np.float64]
Groups = Sequence[Sequence[int]]
"""Numbers of the dimensions of each group; of none, each dimension stands alone."""


def sample_values(declared: Declaration, unit: Floats, log: bool) -> NDArray[Any]:
    """The values of a parameter at these positions in 0-1, `log` by equal ratios, where there is a choice.

    Whole numbers and choices get equal parts of the interval.
    """
    low, high = declared.low, declared.high
    if declared.choices or declared.integer:
        count = len(declared.choices) or int(high - low) + 1
        part = np.minimum((unit * count).astype(np.int64), count - 1)
        return np.array(declared.choices)[part] if declared.choices else int(low) + part
    if log:
        return np.asarray(np.clip(np.exp(np.log(low) + (np.log(high) - np.log(low)) * unit), low, high))
    return np.asarray(np.clip(low + (high - low) * unit, low, high))


def latin_hypercube_points(n: int, dimensions: int, seed: int) -> Floats:
    """One point in each of `n` slices of every dimension (McKay, Beckman, Conover 1979)."""
    from scipy.stats import qmc

    return np.asarray(qmc.LatinHypercube(dimensions, rng=seed).random(n))


def saltelli_points(base: int, dimensions: int, seed: int, second_order: bool, groups: Groups = ()) -> Floats:
    """Scrambled Sobol' points crossed for variance-based sensitivity, in the row order of SALib.

    For each of `base` points, a power of two: A, A with the columns of one group from B in turn, with `second_order` B
    with the columns of one group from A in turn, B (Saltelli and others 2010).
    """
    from scipy.stats import qmc

    pairs = qmc.Sobol(2 * dimensions, rng=seed).random(base)[:, None]
    a, b = pairs[..., :dimensions], pairs[..., dimensions:]
    one = _group_of(dimensions, groups) == np.arange(len(groups) or dimensions)[:, None]
    parts = [a, np.where(one, b, a), *([np.where(one, a, b)] if second_order else []), b]
    return np.concatenate(parts, axis=1).reshape(-1, dimensions)


def morris_points(trajectories: int, dimensions: int, seed: int, levels: int, groups: Groups = ()) -> Floats:
    """Walks of a point for each group and one more, that move one group at a time by a fixed step (Morris 1991).

    `levels`, an even number, is the grid of each axis, and the step is levels / (2 (levels - 1)); every dimension of a
    group moves, each up or down as it is drawn (Campolongo and others 2007).
    """
    start, direction, turn = np.random.default_rng(seed).random((3, trajectories, 1, dimensions))
    size = len(groups) or dimensions
    turned = np.argsort(np.argsort(turn[..., :size])) < np.arange(size + 1)[:, None]
    moved = turned[..., _group_of(dimensions, groups)]
    half = levels // 2
    level = np.floor(start * half) + np.where(moved == (direction < 0.5), half, 0)
    return np.asarray(level / (levels - 1)).reshape(-1, dimensions)


def _group_of(dimensions: int, groups: Groups) -> NDArray[np.int64]:
    """The number of the group in which each dimension is, (dimension,)."""
    owner = np.arange(dimensions)
    for number, members in enumerate(groups):
        owner[list(members)] = number
    return owner
