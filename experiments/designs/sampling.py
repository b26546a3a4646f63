"""Samples of the unit cube, (row, parameter), and the ranges of parameters over which they are stretched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Range:
    """The values a sampled parameter may take: from `low` to `high`, or one of `choices`."""

    low: float = 0.0
    high: float = 1.0
    log: bool = False
    integer: bool = False
    choices: tuple[str, ...] = ()

    def values(self, unit: Floats) -> NDArray[Any]:
        """The values at these positions in 0-1; whole numbers and choices get equal parts of the interval."""
        if self.choices or self.integer:
            count = len(self.choices) or int(self.high - self.low) + 1
            part = np.minimum((unit * count).astype(np.int64), count - 1)
            return np.array(self.choices)[part] if self.choices else int(self.low) + part
        if self.log:
            low, high = np.log(self.low), np.log(self.high)
            return np.asarray(np.clip(np.exp(low + (high - low) * unit), self.low, self.high))
        return np.asarray(np.clip(self.low + (self.high - self.low) * unit, self.low, self.high))

    def facts(self) -> dict[str, Any]:
        """The range, as JSON."""
        if self.choices:
            return {"choices": list(self.choices)}
        return {"low": self.low, "high": self.high, "log": self.log, "integer": self.integer}


def latin_hypercube_points(n: int, dimensions: int, seed: int) -> Floats:
    """One point in each of `n` slices of every dimension (McKay, Beckman, Conover 1979)."""
    from scipy.stats import qmc

    return np.asarray(qmc.LatinHypercube(dimensions, rng=seed).random(n))


def saltelli_points(base: int, dimensions: int, seed: int, second_order: bool) -> Floats:
    """Scrambled Sobol' points crossed for variance-based sensitivity, in the row order of SALib.

    For each of `base` points, a power of two: A, A with one column of B in turn, with `second_order` B with
    one column of A in turn, B (Saltelli and others 2010).
    """
    from scipy.stats import qmc

    pairs = qmc.Sobol(2 * dimensions, rng=seed).random(base)[:, None]
    a, b = pairs[..., :dimensions], pairs[..., dimensions:]
    one = np.eye(dimensions, dtype=bool)
    parts = [a, np.where(one, b, a), *([np.where(one, a, b)] if second_order else []), b]
    return np.concatenate(parts, axis=1).reshape(-1, dimensions)


def morris_points(trajectories: int, dimensions: int, seed: int, levels: int) -> Floats:
    """Walks of dimensions + 1 points that change one dimension at a time by a fixed step (Morris 1991).

    `levels`, an even number, is the grid of each axis, and the step is levels / (2 (levels - 1)).
    """
    start, direction, turn = np.random.default_rng(seed).random((3, trajectories, 1, dimensions))
    moved = np.argsort(np.argsort(turn)) < np.arange(dimensions + 1)[:, None]
    half = levels // 2
    level = np.floor(start * half) + np.where(moved == (direction < 0.5), half, 0)
    return np.asarray(level / (levels - 1)).reshape(-1, dimensions)
