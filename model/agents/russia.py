"""Russia: fights on, stops, regroups, or returns to war."""

from __future__ import annotations

import mesa
import numpy as np

from model.agents.country import Country
from model.array_axes import Floats, Truths
from model.calendar import Month
from model.rules import conflict
from model.states.common_knowledge import Known
from model.states.run_setting import Setting


class Russia(Country):
    """Weighs control of Ukraine against the cost of war and sanctions."""

    name = "russia"
    build_shares = (0.02, 0.02)

    def __init__(self, model: mesa.Model, setting: Setting) -> None:
        super().__init__(model, setting, setting.p.russia_security_weight)
        self._attack_stream = setting.streams.uniform("attack", setting.months)

    def attack(self, known: Known, now: Month) -> Truths:
        """Where it returns to war this month (worlds,): at the rate that everybody expects of it, and no other."""
        chance = conflict.monthly_probability(known.outlook.hazard)
        return (known.war.fighting == 0) & (self._attack_stream(now.number) < chance)

    def ceasefire_willingness(self, known: Known) -> Floats:
        """Chance that it wants to stop fighting, (worlds,), 0-1."""
        return known.outlook.equilibrium.wants[0]

    def sanctions_loss(self) -> Floats:
        """Loss of income to sanctions, (worlds,), share of GDP a year."""
        return conflict.sanctions_cost(self.p.sanctioned_trade, self.p.sanctions_loss)

    def book(self, known: Known, discount: Floats) -> None:
        """Money: rare earths less war, sanctions and harm by those who answer an attack. Security: control gained.

        Harm and the control that an outbreak decides are those of a month. Nothing is assumed of its politics.
        """
        p, war = self.p, known.war
        at_peace = np.where(war.settled, p.sanctions_kept * p.sanctions_kept, p.sanctions_kept)
        relief = np.where(war.fighting > 0, 1.0, at_peace)
        relief = relief * np.where(known.agreement.russian_deal > 0, p.sanctions_kept, 1.0)
        answers = war.american_joins + p.european_commitment / p.united_states_commitment * war.european_joins
        cost = p.war_cost_russia * war.fighting + relief * self.sanctions_loss() + 12 * p.intervention_harm * answers
        money = 12 * known.market.profit[self.row] / self.gdp - cost
        control = 12 * p.control_value * (war.advanced + p.prize_share * war.lead)
        self._close_month(100 * money, 100 * control, np.zeros_like(money), discount)
