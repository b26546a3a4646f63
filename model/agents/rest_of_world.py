"""The rest of the world: other suppliers and buyers, and Europe's support of Ukraine."""

from __future__ import annotations

import mesa
import numpy as np

from model.agents.country import Country
from model.calendar import Month
from model.dimensions import Floats, Truths
from model.states.deal import AgreementState
from model.states.known import Known
from model.states.setting import Setting


class RestOfWorld(Country):
    """Trades, builds, and replaces part of the aid that the United States withdraws; it weighs nothing."""

    name = "rest_of_world"
    build_shares = (0.7, 0.38)
    borrows = True

    def __init__(self, model: mesa.Model, setting: Setting) -> None:
        super().__init__(model, setting, security_weight=setting.per_world(0.0))
        self.replacement = setting.per_world(0.0)
        """European support that replaces American, (worlds,), bn USD/year."""
        self._intervention_stream = setting.streams.uniform("european intervention", setting.months)

    def support_ukraine(self, agreement: AgreementState, now: Month) -> Floats:
        """European military aid (worlds,), bn USD/year: its own, and what it replaces after a lag, less fatigue."""
        p, start = self.p, self.start
        shortfall = np.maximum(start.united_states_aid - agreement.american_aid, 0.0)
        self.replacement = self.replacement + (p.europe_replacement * shortfall - self.replacement) / p.europe_lag
        return (start.european_aid + self.replacement) * np.exp(-p.europe_fatigue * now.number / 12)

    def fights(self, attacks: Truths, known: Known, now: Month) -> Truths:
        """Where Europe answers an attack on what it guarantees, (worlds,)."""
        return attacks & (self._intervention_stream(now.number) < known.outlook.european_answer)
