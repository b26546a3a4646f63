"""The United States: offers a deal, keeps or breaks its word, builds mines at home."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.agents.country import Country
from model.dimensions import MAGNET
from model.parameters.declaration import Spread
from model.rules import bargaining, conflict, credibility, market
from model.units import PERCENT

Floats = NDArray[np.floating]
FLOOR_MONTHS = (6, 6 + 120)
"""Months from January 2025 in which the price floor holds: ten years from July 2025."""


SHAME, SHARPNESS = 0.5, 0.3
"""A deal with Russia costs this part of a settlement's worth at home; precision per bn USD (our assumptions)."""


class UnitedStates(Country):
    """Weighs mineral revenue and aid against supply security and the cost of a guarantee."""

    name = "united_states"
    build_shares = (0.28, 0.2)
    borrows = True

    def prepare(self, p: Spread) -> None:
        """Set up what it remembers and its luck."""
        self.luck_of_word = self.model.luck.uniform("reneging", self.model.months)
        self.luck_of_intervention = self.model.luck.uniform("intervention", self.model.months)
        self.luck_of_option = self.model.luck.uniform("deal with Russia", self.model.months)
        option = p.russian_option * (p.settlement_value + p.resource_revenue / p.discount_rate)
        sharpness = self.model.per_world(SHARPNESS)
        leaning = bargaining.acceptance_probability(option - SHAME * p.settlement_value, sharpness)
        self.chance_of_option = conflict.monthly_probability(leaning)
        """Chance that it takes Russia's offer in a month in which it may, (worlds,)."""

    # The deal

    def deal_parts(self, terms: Spread) -> dict[str, Floats]:
        """What a signed deal changes for the United States, by reason, in percent of Ukraine's GDP.

        The smaller economy is the yardstick of both signatories: on its scale both have something at
        stake. Present values of the stake, of aid repaid, of the settlement, of aid promised, of a
        second source of supply, and of the guarantee's upkeep and risk.
        """
        p, ukraine = self.p, self.model.ukraine
        war, trust, none = self.model.war, self.model.prior_reliability, self.model.per_world(0.0)
        renewal = war.expected_renewal(trust, terms.guarantee_strength, terms, signed=1.0)
        at_war = conflict.expected_war_years(p.discount_rate, p.ceasefire_hazard, renewal)
        wars = renewal * np.maximum(1.0 / p.discount_rate - at_war, 0.0)
        worth = ukraine.resource_value(renewal)
        stake = bargaining.effective_stake(
            terms.ownership_share, terms.revenue_base, terms.reinvestment_years, p.discount_rate
        )
        left = np.maximum(terms.revenue_base - stake, 0.0) * worth
        risk = war.intervention_probability(trust, terms.guarantee_strength, terms, none, 1.0)
        added_risk = risk - war.intervention_probability(trust, none, terms, none, 0.0)
        points = PERCENT / ukraine.gdp
        return {
            "stake": stake * worth * points,
            "repaid": bargaining.recovered_aid(terms.recognised_aid, left) * points,
            "settlement": self.settlement_points(),
            "aid": -terms.future_aid * at_war * points,
            "supply": self.supply_security(terms) * points,
            "upkeep": -p.guarantee_upkeep * terms.guarantee_strength / p.discount_rate * points,
            "risk": -np.maximum(added_risk, 0.0) * wars * p.intervention_cost * points,
        }

    def deal_gain(self, terms: Spread) -> Floats:
        """Utility of signing over not signing, percent of Ukraine's GDP, before its private type."""
        return self.deal_worth(self.deal_parts(terms))

    def deal_worth(self, parts: dict[str, Floats]) -> Floats:
        """Utility of the parts of a deal, revenue and security weighed."""
        revenue = parts["stake"] + parts["repaid"] + parts["aid"] + parts["settlement"]
        return self.weigh(revenue, parts["supply"] + parts["upkeep"] + parts["risk"])

    def settlement_points(self) -> Floats:
        """Worth of a settlement in itself, percent of Ukraine's GDP."""
        result: Floats = PERCENT * self.p.settlement_value / self.model.ukraine.gdp
        return result

    def supply_security(self, terms: Spread) -> Floats:
        """Present value (bn USD) of the part of a Chinese cut-off that Ukrainian ore would spare.

        The owned part of the deposits, if they are ever economic, replaces Chinese supply after the
        lead time; the yearly chance of a cut-off is the chance that buyers see today.
        """
        p, model = self.p, self.model
        need = np.maximum(model.market.purchases(self.row), 1.0)
        ore = terms.ownership_share * p.deposit_chance * (1.0 - p.deposit_occupied) * p.deposit_capacity / 12
        spared = np.clip(ore * model.start.baskets[model.ukraine.row, MAGNET] / need, 0.0, 1.0)
        dependence = model.dependence[MAGNET]
        loss = market.cut_off_loss(dependence, p.rare_earth_cost_share, p.source_elasticity)
        less = market.cut_off_loss(dependence * (1.0 - spared), p.rare_earth_cost_share, p.source_elasticity)
        later = np.exp(-p.discount_rate * p.mine_lead) / p.discount_rate
        return (loss - less) * self.gdp * later

    # Its word

    def keeps_word(self, month: int, terms: Spread, in_force: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Whether the guarantee is kept this year, as reviewed in a month.

        Breaking it saves its upkeep and a year's risk of having to fight, and costs a reputation, the
        more the more formal the promise was (audience cost); a cost that goes to infinity makes it
        enforceable. A quantal response, on the scale of Ukraine's GDP, as all decisions on the deal.
        """
        p, war, none = self.p, self.model.war, self.model.per_world(0.0)
        trust = self.model.prior_reliability
        with_it = war.intervention_probability(trust, terms.guarantee_strength, terms, none, 1.0)
        risk = np.maximum(with_it - war.intervention_probability(trust, none, terms, none, 0.0), 0.0)
        saved = (
            p.guarantee_upkeep * terms.guarantee_strength / p.discount_rate + risk * war.hazard * p.intervention_cost
        )
        cost = credibility.audience_cost(1.0, terms.guarantee_formality, p.renege_cost)
        gain = bargaining.renege_gain(saved, cost) * PERCENT / self.model.ukraine.gdp
        chance = conflict.cumulative_probability(bargaining.acceptance_probability(gain, p.choice_precision), 1.0)
        return ~(in_force & (terms.guarantee_strength > 0) & (self.luck_of_word(month) < chance))

    def fights(self, month: int) -> NDArray[np.bool_]:
        """Whether it honours a guarantee that an attack has put to the test.

        At the chance that the record since 1945 gives a promise of this strength, and surely where
        standing aside would cost it more than the war: tied hands (Fearon 1997).
        """
        p, talks, war = self.p, self.model.talks, self.model.war
        record = war.intervention_probability(
            self.model.prior_reliability, talks.guarantee, talks.terms, talks.stake(), talks.in_force
        )
        shame = credibility.audience_cost(talks.guarantee, talks.terms.guarantee_formality, p.renege_cost)
        gain = (shame - p.intervention_cost) * PERCENT / self.model.ukraine.gdp
        tied = bargaining.acceptance_probability(gain, p.choice_precision)
        return self.luck_of_intervention(month) < np.maximum(record, tied)

    def turns_to_russia(self, month: int, talks_failed: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Whether it takes Russia's offer this month, once the talks have failed (outside-option principle)."""
        return talks_failed & (self.luck_of_option(month) < self.chance_of_option)

    # Industry

    def supported_price(self, prices: Floats) -> Floats:
        """Prices with the floor under magnet material, while it holds."""
        since_2025 = self.model.month - 12 * (2025 - self.model.start.year)
        if not FLOOR_MONTHS[0] <= since_2025 < FLOOR_MONTHS[1]:
            return prices
        held = prices.copy()
        held[MAGNET] = np.maximum(prices[MAGNET], self.p.price_floor)
        return held

    def account(self, discount: Floats) -> None:
        """Revenue: minerals, payments and a deal's worth less aid. Security: minus dependence and the guarantee.

        As in `deal_parts`: a settlement with a present value of S is worth rS a year for as long as it is in force.
        """
        p, talks, war = self.p, self.model.talks, self.model.war
        settled = p.discount_rate * p.settlement_value * talks.in_force
        yearly = 12 * self.model.market.profit[self.row] + talks.paid_to_united_states - talks.promised_aid() + settled
        loss = self.model.cut_off_loss
        exposed = loss[0] + loss[1] + loss[2]
        fights = np.where(war.joins, 12.0, war.intervention * war.hazard * ~war.joined)
        promise = p.guarantee_upkeep * talks.guarantee + fights * p.intervention_cost
        self.close_month(PERCENT * yearly / self.gdp, -PERCENT * (exposed + promise / self.gdp), discount)
