"""Russia: fights on, stops, regroups, or returns to war."""

from __future__ import annotations

import mesa
import numpy as np

from model.agents.country import Country
from model.calendar import Month
from model.dimensions import Floats, Truths
from model.rules import conflict
from model.states.known import Known
from model.states.setting import Setting


class Russia(Country):
    """Weighs control of Ukraine against the cost of war and sanctions."""

    name = "russia"
    build_shares = (0.02, 0.02)

    def __init__(self, model: mesa.Model, setting: Setting) -> None:
        super().__init__(model, setting, setting.p.russia_security_weight)
        self._attack_stream = setting.streams.uniform("attack", setting.months)

    def attack(self, known: Known, now: Month) -> Truths:
        """Where it returns to war this month (worlds,): at the hazard that everybody expects of it, and no other."""
        chance = conflict.monthly_probability(known.outlook.hazard)
        return (known.war.fighting == 0) & (self._attack_stream(now.number) < chance)

    def ceasefire_willingness(self, known: Known) -> Floats:
        """Chance that it is ready to stop fighting, (worlds,), 0-1."""
        return conflict.willingness(self.ceasefire_gain(known.outlook.win), self.p.ceasefire_precision)

    def ceasefire_gain(self, win: Floats) -> Floats:
        """Worth of stopping over going on, percent of GDP a year, given its chance of winning, both (worlds,).

        Saved: the cost of war and half the sanctions. Forgone: the hope of control, beyond even odds.
        """
        p = self.p
        saved = 100 * (p.war_cost_russia + (1.0 - p.sanctions_kept) * self.sanctions_loss())
        forgone = 100 * p.control_value * (win - 0.5)
        return self.weigh(saved, -forgone)

    def sanctions_loss(self) -> Floats:
        """Loss of income to sanctions, (worlds,), share of GDP a year."""
        return conflict.sanctions_cost(self.p.sanctioned_trade, self.p.sanctions_loss)

    def book(self, known: Known, discount: Floats) -> None:
        """Revenue: rare earths less war and sanctions. Security: the share of Ukraine under its control."""
        p, war = self.p, known.war
        minerals = 12 * known.market.profit[self.row] / self.gdp
        relief = np.where(war.fighting > 0, 1.0, p.sanctions_kept)
        relief = relief * np.where(known.agreement.russian_deal > 0, p.sanctions_kept, 1.0)
        revenue = minerals - p.war_cost_russia * war.fighting - relief * self.sanctions_loss()
        control = p.control_value * war.occupied_share
        self._close_month(100 * revenue, 100 * control, discount)
