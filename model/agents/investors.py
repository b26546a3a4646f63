"""Investors: they look at the war and at the promises made about it, and change their mind slowly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from model.agents.believer import Believer
from model.rules import beliefs

if TYPE_CHECKING:
    from model.simulation import GeopoliticalEconomy


class Investors(Believer):
    """Those who finance projects in Ukraine: no country, no utility, only a belief about the danger.

    They expect tomorrow's hazard to be like those seen so far, the newest weighing most. While there is
    no fighting the hazard they see is that of its return, with their own trust in the guarantee.
    """

    def __init__(self, model: GeopoliticalEconomy) -> None:
        self.model = model
        self.begin_to_watch(model.per_world(0.0))
        self.expected_hazard = model.spread.war_loss.copy()
        """Hazard per year of losing a project in Ukraine, as investors expect it, (worlds,)."""

    def watch(self) -> None:
        """See this month's war and adapt."""
        p, war = self.model.spread, self.model.war
        observed = p.war_loss * np.where(war.fighting > 0, 1.0, war.hazard_to_investors)
        self.expected_hazard = beliefs.adaptive_expectation(self.expected_hazard, observed, p.investor_gain)
