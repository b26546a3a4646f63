"""Investors: they look at the war and at the promises made about it, and change their mind slowly."""

from __future__ import annotations

import numpy as np

from model.array_axes import Floats
from model.rules import beliefs
from model.states.run_setting import Setting
from model.states.war import WarState
from model.states.war_game import Outlook


class Investors:
    """Those who finance projects in Ukraine: no country, no utility, only a belief about the danger.

    They expect tomorrow's hazard to be like those seen so far, the newest weighing most. While there is
    no fighting the hazard they see is that of its return.
    """

    def __init__(self, setting: Setting) -> None:
        self.p = setting.p
        self.expected_hazard: Floats = self.p.war_loss
        """Hazard of losing a project in Ukraine, as they expect it, (worlds,), 1/year."""

    def update(self, war: WarState, outlook: Outlook) -> None:
        """Adapt to this month's war."""
        observed = self.p.war_loss * np.where(war.fighting > 0, 1.0, outlook.hazard)
        self.expected_hazard = beliefs.adaptive_expectation(self.expected_hazard, observed, self.p.investor_gain)
