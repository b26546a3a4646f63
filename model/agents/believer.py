"""Whoever watches whether promises are kept, and learns from it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.rules import beliefs

Floats = NDArray[np.floating]
Counts = Floats | NDArray[np.bool_] | float


class Believer:
    """Counts promises kept and broken before its eyes; its trust is what Bayes' rule makes of the counts."""

    honoured: Floats
    broken: Floats

    def begin_to_watch(self, nothing: Floats) -> None:
        """Start from the record since 1945 alone: `nothing` seen, (worlds,)."""
        self.honoured, self.broken = nothing.copy(), nothing.copy()

    def see_promises(self, kept: Counts = 0.0, broken: Counts = 0.0) -> None:
        """Add promises kept and broken, parts of one allowed, (worlds,)."""
        self.honoured += kept
        self.broken += broken

    def reliability(self) -> Floats:
        """Its belief that the United States keeps a promise (0-1)."""
        return beliefs.updated_reliability(self.honoured, self.broken)
