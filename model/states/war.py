"""The war at the end of a month, and the trust in promises made about it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.array_axes import Floats, Truths
from model.rules import beliefs
from model.states.frozen import Frozen

UKRAINE_AREA = 603.5
"""Land area of Ukraine in its recognised borders, thousand km2."""


@dataclass(frozen=True)
class WarState(Frozen):
    """Owned by the war; every array is (worlds,)."""

    fighting: Floats  #: 1 while there is fighting, else 0
    rearmed: Truths  #: whether Russia has rearmed in the present ceasefire
    american_built: Truths  #: whether an American guarantee has had the time to be built up in it
    european_built: Truths  #: the same of a European one
    settled: Truths  #: whether a ceasefire has become a settlement
    attacked: Truths  #: whether Russia returns to war this month
    american_joins: Truths  #: whether the United States answers an attack this month
    european_joins: Truths  #: whether Europe does
    strength_ukraine: Floats  #: military spending with support, bn USD/year
    strength_russia: Floats  #: the same of Russia; a rearmed Russia's counts for more
    advanced: Floats  #: land that Russia takes this month by advancing, part of Ukraine's
    lead: Floats  #: Russia's lead in the war that begins this month, 2p - 1, 0 where none does
    occupied_area: Floats  #: Ukrainian land under Russian control, thousand km2
    first_occupied_area: float  #: the same at the start, one number for all worlds
    american_aid: Floats  #: US military support of Ukraine, bn USD/year
    aid: Floats  #: military support by the United States and Europe, bn USD/year
    renewals: Floats  #: returns to war so far
    ceasefire_month: Floats  #: month of the run of the first ceasefire, nan before
    renewed_month: Floats  #: month of the run of the first return to war, nan before
    months_of_fighting: Floats  #: months that began with fighting

    @property
    def occupied_share(self) -> Floats:
        """Part of Ukraine's land under Russian control, (worlds,), 0-1."""
        return self.occupied_area / UKRAINE_AREA

    def free_deposits(self, occupied_at_start: Floats) -> Floats:
        """Part of the rare-earth deposits in Ukrainian hands (worlds,), 0-1: it moves with the front."""
        moved = self.occupied_area / self.first_occupied_area
        return np.clip(1.0 - occupied_at_start * moved, 0.0, 1.0)


@dataclass(frozen=True)
class TrustState(Frozen):
    """Promises seen kept and broken, by everybody. Owned by the trust; every array is (worlds,)."""

    honoured: Floats  #: promises seen kept, parts of one allowed
    broken: Floats  #: promises seen broken
    prior_honoured: Floats  #: promises kept that the record before the start is worth
    prior_broken: Floats  #: promises broken that it is worth

    @property
    def reliability(self) -> Floats:
        """Trust that the United States keeps a promise, (worlds,), 0-1."""
        return beliefs.updated_reliability(self.honoured, self.broken, self.prior_honoured, self.prior_broken)

    @property
    def prior(self) -> Floats:
        """The same before anything is seen, (worlds,), 0-1."""
        return beliefs.updated_reliability(0.0, 0.0, self.prior_honoured, self.prior_broken)
