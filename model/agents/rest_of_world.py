"""The rest of the world: other suppliers and buyers, and Europe's support of Ukraine."""

from __future__ import annotations

import mesa
import numpy as np

from model import data
from model.agents.country import Country
from model.array_axes import Floats, Truths
from model.calendar import Month
from model.states.common_knowledge import Known
from model.states.deal import AgreementState
from model.states.decisions import PriceFloor
from model.states.run_setting import Setting

JAPANESE_FLOOR = (14, 168)
"""Months from January 2025 in which Japan's floor holds: March 2026 to the end of 2038 (thewest_2026)."""


class RestOfWorld(Country):
    """Trades, builds, and replaces part of the aid that the United States withdraws; it weighs nothing."""

    name = "rest_of_world"
    build_shares = (0.7, 0.38)
    borrows = True

    def __init__(self, model: mesa.Model, setting: Setting) -> None:
        super().__init__(model, setting, security_weight=setting.per_world(0.0))
        self.replacement = setting.per_world(0.0)
        """European support that replaces American, (worlds,), bn USD/year."""
        self._japanese_floor = PriceFloor(
            self.p.japanese_floor,
            most=data.value("buyer_policy", batch="lynas_firm") / 12,
            for_entrants=False,
            returned_above=data.value("buyer_policy", batch="returned_above"),
            returned_share=data.value("buyer_policy", batch="returned_share"),
            returned_most=data.value("buyer_policy", batch="returned_most") / 1000 / 12,
        )
        self._intervention_stream = setting.streams.uniform("european intervention", setting.months)

    def price_floor(self, now: Month) -> PriceFloor | None:
        """Japan's floor under what it buys of Lynas, while it holds; a part of high prices goes back."""
        holds = JAPANESE_FLOOR[0] <= now.since_2025 < JAPANESE_FLOOR[1]
        return self._japanese_floor if holds else None

    def support_ukraine(self, agreement: AgreementState, now: Month) -> Floats:
        """European military aid (worlds,), bn USD/year: its own, and what it replaces after a lag, less fatigue."""
        p, start = self.p, self.start
        shortfall = np.maximum(start.united_states_aid - agreement.american_aid, 0.0)
        self.replacement = self.replacement + (p.europe_replacement * shortfall - self.replacement) / p.europe_lag
        return (start.european_aid + self.replacement) * np.exp(-p.europe_fatigue * now.number / 12)

    def fights(self, attacks: Truths, known: Known, now: Month) -> Truths:
        """Where Europe answers an attack on what it guarantees, (worlds,)."""
        chance = known.outlook.european_answer
        return attacks & (self._intervention_stream(now.number) < chance) if chance.any() else np.zeros_like(attacks)
