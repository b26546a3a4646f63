"""Samples of the unit cube, row by row from an index: Latin hypercube, Sobol'/Saltelli, Morris.

Row `i` is computed from `i` alone, so a design of a million rows needs no memory before it runs. Values
lie in 0-1; `experiments.designs.builders` stretches them over the ranges of the parameters.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Index = NDArray[np.int64]
Floats = NDArray[np.float64]
_Bits = NDArray[np.uint64]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


class Sample(Protocol):
    """Points of the unit cube: how many, in how many dimensions, and where."""

    @property
    def size(self) -> int:
        """Number of rows."""

    @property
    def dimensions(self) -> int:
        """Number of columns."""

    def unit(self, index: Index) -> Floats:
        """The points with these indices, shape (index, dimensions), in 0-1."""

    def facts(self) -> dict[str, Any]:
        """What an analysis must know of the sample, as JSON."""


def _mix(words: _Bits) -> _Bits:
    """Sixty-four well-mixed bits of each word (the finaliser of SplitMix64; Steele, Lea, Flood 2014)."""
    words = words + _GOLDEN
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: _Bits = words ^ (words >> np.uint64(31))
    return mixed


def _key(seed: int, purpose: int) -> _Bits:
    words = np.array([seed, purpose], dtype=np.uint64)
    key: _Bits = _mix(_mix(words[:1]) ^ words[1:])
    return key


def shuffled(index: Index, size: int, seed: int, purpose: int) -> Index:
    """The places of `index` in a random order of range(size), without holding the order in memory.

    A Feistel network over the next even number of bits; places outside `size` walk on until they are
    inside (Black and Rogaway 2002, Ciphers with arbitrary finite domains).
    """
    half = np.uint64(max(1, (int(size - 1).bit_length() + 1) // 2))
    mask = np.uint64((1 << int(half)) - 1)
    key = _key(seed, purpose)

    def step(places: _Bits) -> _Bits:
        left, right = places >> half, places & mask
        for turn in range(8):
            left, right = right, left ^ (_mix(right ^ _mix(key + np.uint64(turn))) & mask)
        return (left << half) | right

    places = step(index.astype(np.uint64))
    while np.any(outside := places >= np.uint64(size)):
        places[outside] = step(places[outside])
    return places.astype(np.int64)


def uniform(index: Index, seed: int, purpose: int) -> Floats:
    """One number in [0, 1) for each index."""
    bits = _mix(_mix(index.astype(np.uint64)) ^ _key(seed, purpose))
    return np.asarray((bits >> np.uint64(11)).astype(np.float64) * 2.0**-53)


@dataclass(frozen=True)
class LatinHypercube:
    """One point in each of `size` slices of every dimension (McKay, Beckman, Conover 1979)."""

    size: int
    dimensions: int
    seed: int

    def unit(self, index: Index) -> Floats:
        """The points with these indices, shape (index, dimensions), in 0-1."""
        columns = [
            (shuffled(index, self.size, self.seed, 2 * column) + uniform(index, self.seed, 2 * column + 1)) / self.size
            for column in range(self.dimensions)
        ]
        return np.stack(columns, axis=-1)

    def facts(self) -> dict[str, Any]:
        """What an analysis must know of the sample, as JSON."""
        return {"method": "latin_hypercube", "n": self.size, "seed": self.seed}


@dataclass(frozen=True)
class Saltelli:
    """Sobol' points crossed for variance-based sensitivity, in the row order of SALib.

    For each of `base` points: A, A with one column of B in turn, (B with one column of A,) B
    (Saltelli and others 2010). `base` is a power of two, or the Sobol' points are not balanced.
    """

    base: int
    dimensions: int
    seed: int
    second_order: bool

    @property
    def stride(self) -> int:
        """Rows made of one base point."""
        return (2 if self.second_order else 1) * self.dimensions + 2

    @property
    def size(self) -> int:
        """Number of rows."""
        return self.base * self.stride

    def unit(self, index: Index) -> Floats:
        """The points with these indices, shape (index, dimensions), in 0-1."""
        if not len(index):
            return np.empty((0, self.dimensions))
        base, place = np.divmod(index, self.stride)
        first = int(base.min())
        pairs = _sobol_points(2 * self.dimensions, self.seed, first, int(base.max()) + 1)[base - first]
        a, b = pairs[:, : self.dimensions], pairs[:, self.dimensions :]
        column = np.arange(self.dimensions)
        # Place 0 is A, 1..D are A with a column of B, D+1..2D are B with a column of A, the last is B.
        from_b = (place[:, None] - 1) == column
        if self.second_order:
            from_b |= (place[:, None] > self.dimensions) & (place[:, None] - 1 - self.dimensions != column)
        from_b |= place[:, None] == self.stride - 1
        return np.asarray(np.where(from_b, b, a))

    def facts(self) -> dict[str, Any]:
        """What an analysis must know of the sample, as JSON."""
        return {"method": "sobol", "n": self.base, "seed": self.seed, "second_order": self.second_order}


@functools.lru_cache(maxsize=2)
def _sobol_points(dimensions: int, seed: int, start: int, stop: int) -> Floats:
    """Scrambled Sobol' points `start` to `stop`, shape (points, dimensions)."""
    from scipy.stats import qmc

    engine = qmc.Sobol(dimensions, scramble=True, rng=seed)
    if start:
        engine.fast_forward(start)
        return np.asarray(engine.random(stop - start))
    # From the first point on, SciPy insists on a power of two.
    return np.asarray(engine.random(1 << (stop - 1).bit_length())[:stop])


@dataclass(frozen=True)
class Morris:
    """Trajectories that change one dimension at a time by a fixed step (Morris 1991).

    Each of `trajectories` gives dimensions + 1 rows; `levels`, an even number, is the grid of each axis,
    and the step is levels / (2 (levels - 1)).
    """

    trajectories: int
    dimensions: int
    seed: int
    levels: int

    @property
    def size(self) -> int:
        """Number of rows."""
        return self.trajectories * (self.dimensions + 1)

    def unit(self, index: Index) -> Floats:
        """The points with these indices, shape (index, dimensions), in 0-1."""
        walk, step = np.divmod(index, self.dimensions + 1)
        # Everything is keyed by the trajectory: where it starts, which way each axis goes, and when.
        low, way, turn = (
            np.stack([uniform(walk, self.seed, 3 * d + part) for d in range(self.dimensions)], axis=-1)
            for part in range(3)
        )
        moved = np.argsort(np.argsort(turn, axis=-1), axis=-1) < step[:, None]
        half = self.levels // 2
        place = np.floor(low * half) + np.where(moved == (way < 0.5), half, 0)
        return np.asarray(place / (self.levels - 1), dtype=np.float64)

    def facts(self) -> dict[str, Any]:
        """What an analysis must know of the sample, as JSON."""
        return {"method": "morris", "n": self.trajectories, "seed": self.seed, "levels": self.levels}
