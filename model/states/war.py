"""The war at the end of a month, what everyone expects of it, and the trust in promises made about it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from model.dimensions import Floats, Truths
from model.rules import beliefs
from model.states.frozen import Frozen

UKRAINE_AREA = 603.5
"""Land area of Ukraine in its recognised borders, thousand km2."""

UKRAINE, RUSSIA, INVESTORS = range(3)
"""Those who watch whether promises are kept: rows of the counts of trust."""


@dataclass(frozen=True)
class WarState(Frozen):
    """Owned by the war; every array is (worlds,)."""

    fighting: Floats  #: 1 while there is fighting, else 0
    settled: Truths  #: whether a ceasefire has become a settlement
    joins: Truths  #: whether the United States joins the war this month
    joined: Truths  #: whether the United States fights in the present war
    strength_ukraine: Floats  #: military strength, as spending not yet used up, bn USD
    strength_russia: Floats  #: the same of Russia
    first_balance: Floats  #: Ukraine's strength over Russia's at the start
    occupied_area: Floats  #: Ukrainian land under Russian control, thousand km2
    first_occupied_area: float  #: the same at the start, one number for all worlds
    american_aid: Floats  #: US military support of Ukraine, bn USD/year
    aid: Floats  #: military support by the United States and Europe, bn USD/year
    ceasefires: Floats  #: ceasefires so far
    renewals: Floats  #: returns to war so far
    ceasefire_month: Floats  #: month of the run of the first ceasefire, nan before
    renewed_month: Floats  #: month of the run of the first return to war, nan before
    months_of_fighting: Floats  #: months that began with fighting

    @property
    def balance(self) -> Floats:
        """Ukraine's strength over Russia's, (worlds,)."""
        return self.strength_ukraine / np.maximum(self.strength_russia, 1e-9)

    @property
    def occupied_share(self) -> Floats:
        """Part of Ukraine's land under Russian control, (worlds,), 0-1."""
        return self.occupied_area / UKRAINE_AREA

    def free_deposits(self, occupied_at_start: Floats) -> Floats:
        """Part of the rare-earth deposits in Ukrainian hands (worlds,), 0-1: it moves with the front."""
        moved = self.occupied_area / self.first_occupied_area
        return np.clip(1.0 - occupied_at_start * moved, 0.0, 1.0)


@dataclass(frozen=True)
class Outlook(Frozen):
    """What is expected of the war, as Russia sees it unless said otherwise; every array is (worlds,)."""

    intervention: Floats  #: chance that the United States fights for Ukraine, 0-1
    win: Floats  #: Russia's chance of winning a war, 0-1
    hazard: Floats  #: hazard that a ceasefire ends in renewed war, 1/year
    hazard_to_investors: Floats  #: the same in the eyes of investors, 1/year
    parity: Floats  #: Russia's chance of winning at the start's strengths, 0-1
    resource_value: Floats  #: present value of Ukraine's resource revenue, given the hazard of renewed war, bn USD

    def revalued(self, resource_value: Floats) -> Outlook:
        """The same outlook on the war, with another worth of the resources, (worlds,), bn USD."""
        return replace(self, resource_value=resource_value)


@dataclass(frozen=True)
class TrustState(Frozen):
    """Promises seen kept and broken; who watches is a row, (watcher, worlds). Owned by the trust."""

    honoured: Floats  #: promises seen kept, parts of one allowed, (watcher, worlds)
    broken: Floats  #: promises seen broken, (watcher, worlds)
    prior_honoured: Floats  #: promises kept that the record before the start is worth, (worlds,)
    prior_broken: Floats  #: promises broken that it is worth, (worlds,)

    def reliability(self, watcher: int) -> Floats:
        """A watcher's trust that the United States keeps a promise, (worlds,), 0-1."""
        seen = self.honoured[watcher], self.broken[watcher]
        return beliefs.updated_reliability(*seen, self.prior_honoured, self.prior_broken)

    @property
    def prior(self) -> Floats:
        """The same before anything is seen, (worlds,), 0-1."""
        return beliefs.updated_reliability(0.0, 0.0, self.prior_honoured, self.prior_broken)
