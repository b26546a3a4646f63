"""Whoever watches whether promises are kept, and learns from it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.rules import beliefs

Floats = NDArray[np.float64]


class Believer:
    """Counts promises kept and broken before its eyes; its trust is what Bayes' rule makes of the counts."""

    honoured: Floats
    broken: Floats

    def begin_to_watch(self, worlds: int) -> None:
        """Start from the record since 1945 alone."""
        self.honoured, self.broken = np.zeros(worlds), np.zeros(worlds)

    def see_promises(self, kept: Floats, broken: Floats) -> None:
        """Add promises kept and broken, parts of one allowed, (worlds,)."""
        self.honoured, self.broken = self.honoured + kept, self.broken + broken

    def reliability(self) -> Floats:
        """Its belief that the United States keeps a promise (0-1)."""
        return beliefs.updated_reliability(self.honoured, self.broken)
