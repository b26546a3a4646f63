"""Chance, drawn before the run: one stream per seed, purpose and replicate."""

from __future__ import annotations

import zlib
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
UNIT = 256
"""Replicates that share one generator; a replicate is a column of its unit, whoever else is run."""


class Tape:
    """The draws of one purpose: `tape(t)` is one number per world, shape (worlds,)."""

    def __init__(self, draws: Floats, columns: NDArray[np.int64]) -> None:
        self._draws, self._columns = draws, columns
        self._in_order = np.array_equal(columns, np.arange(draws.shape[1]))

    def __call__(self, time: int) -> Floats:
        """The draws of one time, (worlds,)."""
        row: Floats = self._draws[time]
        return row if self._in_order else row[self._columns]


class Luck:
    """What chance has in store for each world, keyed by (seed, purpose, replicate).

    Worlds of the same replicate share their luck, so that two policies are compared on the same
    shocks. A longer run keeps the earlier draws, and a new purpose leaves the others alone.
    """

    def __init__(self, seed: int, replicates: NDArray[np.int64]) -> None:
        self.seed = seed
        self._units, place = np.unique(replicates // UNIT, return_inverse=True)
        self._columns = place * UNIT + replicates % UNIT

    def uniform(self, purpose: str, length: int) -> Tape:
        """Numbers in [0, 1)."""
        return self._tape(purpose, lambda rng: rng.random((length, UNIT)))

    def normal(self, purpose: str, length: int) -> Tape:
        """Standard normal numbers."""
        return self._tape(purpose, lambda rng: rng.standard_normal((length, UNIT)))

    def _tape(self, purpose: str, draw: Callable[[np.random.Generator], Floats]) -> Tape:
        key = zlib.crc32(purpose.encode())
        streams = [np.random.SeedSequence(self.seed, spawn_key=(key, int(unit))) for unit in self._units]
        draws = np.concatenate([draw(np.random.default_rng(stream)) for stream in streams], axis=1)
        return Tape(draws, self._columns)
