"""Capacity under construction."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.dimensions import COUNTRIES, STAGES, DType, Floats


class Pipeline:
    """Capacity under construction by year of completion, country, stage and world (t REO per month)."""

    def __init__(self, years: int, worlds: int, dtype: DType = np.float64) -> None:
        self.cohorts = np.zeros((years, len(COUNTRIES), len(STAGES), worlds), dtype=dtype)

    def start(self, size: Floats, lead_years: NDArray[np.int64], year: int) -> None:
        """Begin capacity `size` (country, stage, worlds) that is ready after `lead_years` (at least one)."""
        slots = (year + np.clip(lead_years, 1, len(self.cohorts) - 1)) % len(self.cohorts)
        rows = np.indices(size.shape, sparse=True)
        self.cohorts[(slots, *rows)] += size

    def complete(self, year: int) -> Floats:
        """Take out what is ready in this year, shape (country, stage, worlds)."""
        slot = year % len(self.cohorts)
        ready = self.cohorts[slot].copy()
        self.cohorts[slot] = 0.0
        return ready

    def lose(self, row: int, surviving_share: Floats) -> None:
        """Keep only `surviving_share` (worlds,) of what one country has under construction."""
        self.cohorts[:, row] *= surviving_share
