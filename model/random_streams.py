"""Chance, drawn apart from what happens: one stream per seed, purpose and unit of replicates."""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]
DType = type[np.floating]
UNIFORM, NORMAL = "random", "standard_normal"
"""What is drawn, as NumPy's generators call it."""

UNIT = 256
"""Replicates that share one generator; a replicate is a column of its unit, whoever else is run."""

PAGE = 12
"""Times drawn at once, so that a long tape takes no more memory than a short one."""


class Tape:
    """The draws of one purpose, made to be read in order: `tape(t)` is one number per world, shape (worlds,)."""

    def __init__(
        self, streams: list[np.random.SeedSequence], kind: str, length: int, columns: NDArray[np.int64], dtype: DType
    ) -> None:
        self._streams, self._kind, self._length, self._columns = streams, kind, length, columns
        self._page = np.empty((len(streams), min(length, PAGE), UNIT), dtype)
        self._in_order = np.array_equal(columns, np.arange(len(streams) * UNIT))
        self._turned = 0

    def __call__(self, time: int) -> Floats:
        """The draws of one time, (worlds,); raises IndexError beyond the length of the tape."""
        if not 0 <= time < self._length:
            raise IndexError(f"time={time}: the tape has {self._length}")
        page, line = divmod(time, self._page.shape[1])
        self._turn_to(page)
        row: Floats = self._page[:, line].flatten()
        return row if self._in_order else row[self._columns]

    def _turn_to(self, page: int) -> None:
        """Draw the pages up to this one; an earlier page is drawn again from the beginning."""
        if page + 1 < self._turned or not self._turned:
            self._draws = [getattr(np.random.default_rng(stream), self._kind) for stream in self._streams]
            self._turned = 0
        for _ in range(self._turned, page + 1):
            for draw, part in zip(self._draws, self._page, strict=True):
                part[:] = draw(part.shape)
        if self._kind == UNIFORM:  # a number a little below one must not be rounded up to it
            np.minimum(self._page, np.nextafter(self._page.dtype.type(1), 0), out=self._page)
        self._turned = page + 1


class Luck:
    """What chance has in store for each world, keyed by (seed, purpose, replicate).

    Worlds of the same replicate share their luck, so that two policies are compared on the same
    shocks. A longer run keeps the earlier draws, and a new purpose leaves the others alone. Numbers are drawn
    in double precision and kept in `dtype`, so that worlds of another precision live with the same luck.
    """

    def __init__(self, seed: int, replicates: NDArray[np.int64], dtype: DType = np.float64) -> None:
        self.seed, self.dtype = seed, dtype
        self._units, place = np.unique(replicates // UNIT, return_inverse=True)
        self._columns = place * UNIT + replicates % UNIT

    def uniform(self, purpose: str, length: int) -> Tape:
        """Numbers in [0, 1)."""
        return self._tape(purpose, UNIFORM, length)

    def normal(self, purpose: str, length: int) -> Tape:
        """Standard normal numbers."""
        return self._tape(purpose, NORMAL, length)

    def _tape(self, purpose: str, kind: str, length: int) -> Tape:
        key = zlib.crc32(purpose.encode())
        streams = [np.random.SeedSequence(self.seed, spawn_key=(key, int(unit))) for unit in self._units]
        return Tape(streams, kind, length, self._columns, self.dtype)
