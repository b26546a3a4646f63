"""Russia: fights on, stops, regroups, or returns to war."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.agents.believer import Believer
from model.agents.country import Country
from model.dimensions import UA
from model.parameters.declaration import Spread
from model.rules import conflict

Floats = NDArray[np.floating]


SANCTIONS_KEPT = 0.5
"""Part of the sanctions left by a ceasefire, and again by a deal with the United States (our assumption)."""


class Russia(Country, Believer):
    """Weighs control of Ukraine against the cost of war and sanctions."""

    name = "russia"
    build_shares = (0.02, 0.02)

    def prepare(self, p: Spread) -> None:
        """Set up what it remembers and its luck."""
        self.begin_to_watch(self.model.per_world(0.0))
        self.strength = p.russian_effort / 12 / p.attrition
        self.potential = 2.0 * self.strength
        self.parity = self.model.per_world(0.0)

    def rearm(self, fighting: Floats) -> None:
        """A month of losses and supply while fighting, of regrouping in a ceasefire."""
        p = self.p
        fought = conflict.strength_change(self.strength, p.attrition, p.russian_effort / 12, fighting)
        rested = conflict.reconstitution(self.strength, self.potential, p.regrouping / 3)
        self.strength = np.where(fighting > 0, fought, rested)

    def win_probability(self, intervention: Floats) -> Floats:
        """Chance of winning a war now (0-1), given the chance of US intervention."""
        p = self.p
        defender = self.model.states["strength"][UA] + intervention * p.united_states_commitment / 12 / p.attrition
        return conflict.contest_probability(self.strength, defender, p.contest_decisiveness)

    def ceasefire_gain(self, win: Floats) -> Floats:
        """Worth of stopping over going on, percent of GDP a year.

        Saved: the cost of war and half the sanctions. Forgone: the hope of control, beyond even odds.
        """
        p = self.p
        saved = 100 * (p.war_cost_russia + (1.0 - SANCTIONS_KEPT) * self.sanctions_loss())
        forgone = 100 * p.control_value * (win - 0.5)
        return self.weigh(saved, -forgone)

    def attack_gain(self, win: Floats, win_later: Floats, years_to_shift: Floats) -> Floats:
        """Worth of returning to war over keeping the peace, percent of GDP, nought at the start's odds.

        A stronger defender lowers it. A guarantee still building up raises it: what is lost by
        waiting counts for war now, where it exceeds Powell's threshold.
        """
        p = self.p
        shift = np.maximum(win - win_later, 0.0)
        patience = np.exp(-p.discount_rate * np.maximum(years_to_shift, 1 / 12))
        incentive = conflict.preventive_incentive(shift, patience, p.destroyed_share, 1.0 - win)
        worth = win - self.parity + np.maximum(incentive, 0.0)
        return self.weigh(np.zeros_like(win), 100 * p.control_value * worth)

    def sanctions_loss(self) -> Floats:
        """Loss of income to sanctions, share of GDP a year."""
        return conflict.sanctions_cost(self.p.sanctioned_trade)

    def account(self, discount: Floats) -> None:
        """Revenue: rare earths less war and sanctions. Security: the share of Ukraine under its control."""
        p, war = self.p, self.model.war
        minerals = 12 * self.model.market.profit[self.row] / self.gdp
        relief = np.where(war.fighting > 0, 1.0, SANCTIONS_KEPT)
        relief = relief * np.where(self.model.talks.russian_deal > 0, SANCTIONS_KEPT, 1.0)
        revenue = minerals - p.war_cost_russia * war.fighting - relief * self.sanctions_loss()
        control = p.control_value * war.occupied_share()
        self.close_month(100 * revenue, 100 * control, discount)
