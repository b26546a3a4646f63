"""Random numbers, drawn apart from what happens: one stream per seed, name and unit of replicates."""

from __future__ import annotations

import zlib

import numpy as np

from model.array_axes import DType, Floats, Integers

UNIFORM, NORMAL = "random", "standard_normal"
"""What is drawn, as NumPy's generators call it."""

UNIT = 256
"""Replicates that share one generator; a replicate is a column of its unit, whoever else is run."""

PAGE = 12
"""Times drawn at once, so that a long stream takes no more memory than a short one."""


class RandomStream:
    """The draws of one name, made to be read in order: `stream(t)` is one number per world, shape (worlds,)."""

    def __init__(
        self, seeds: list[np.random.SeedSequence], kind: str, length: int, columns: Integers, dtype: DType
    ) -> None:
        self._seeds, self._kind, self._length, self._columns = seeds, kind, length, columns
        self._page = np.empty((len(seeds), min(length, PAGE), UNIT), dtype)
        self._in_order = np.array_equal(columns, np.arange(len(seeds) * UNIT))
        self._turned = 0

    def __call__(self, time: int) -> Floats:
        """The draws of one time, (worlds,); raises IndexError beyond the length of the stream."""
        if not 0 <= time < self._length:
            raise IndexError(f"time={time}: the stream has {self._length}")
        page, line = divmod(time, self._page.shape[1])
        self._turn_to(page)
        row: Floats = self._page[:, line].flatten()
        return row if self._in_order else row[self._columns]

    def _turn_to(self, page: int) -> None:
        """Draw the pages up to this one; an earlier page is drawn again from the beginning."""
        if page + 1 < self._turned or not self._turned:
            self._draws = [getattr(np.random.default_rng(seed), self._kind) for seed in self._seeds]
            self._turned = 0
        for _ in range(self._turned, page + 1):
            for draw, part in zip(self._draws, self._page, strict=True):
                part[:] = draw(part.shape)
            if self._kind == UNIFORM:  # a number a little below one must not be rounded up to it
                np.minimum(self._page, np.nextafter(self._page.dtype.type(1), 0), out=self._page)
        self._turned = page + 1


class RandomStreams:
    """The random numbers of a run, keyed by (seed, name, replicate): common random numbers.

    Worlds of the same replicate share them, so that two policies are compared on the same shocks. A
    longer run keeps the earlier draws, and a new name leaves the others alone. Numbers are drawn in
    double precision and kept in `dtype`, so that worlds of another precision see the same shocks.
    """

    def __init__(self, seed: int, replicates: Integers, dtype: DType = np.float64) -> None:
        self.seed, self.dtype = seed, dtype
        self._units, column = np.unique(replicates // UNIT, return_inverse=True)
        self._columns = column * UNIT + replicates % UNIT
        self._names: set[str] = set()

    def uniform(self, name: str, length: int) -> RandomStream:
        """Numbers in [0, 1) for so many times; raises ValueError for a name that is taken."""
        return self._stream(name, UNIFORM, length)

    def normal(self, name: str, length: int) -> RandomStream:
        """Standard normal numbers for so many times; raises ValueError for a name that is taken."""
        return self._stream(name, NORMAL, length)

    def _stream(self, name: str, kind: str, length: int) -> RandomStream:
        if name in self._names:
            raise ValueError(f"the random stream {name!r} is taken: each decision has its own")
        self._names.add(name)
        key = zlib.crc32(name.encode())
        seeds = [np.random.SeedSequence(self.seed, spawn_key=(key, int(unit))) for unit in self._units]
        return RandomStream(seeds, kind, length, self._columns, self.dtype)
