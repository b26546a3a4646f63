"""The United States: offers a deal, keeps or breaks its word, builds mines at home."""

from __future__ import annotations

from collections.abc import Mapping

import mesa
import numpy as np

from model.agents.country import Country
from model.calendar import Month
from model.dimensions import MAGNET, MATERIALS, UA, Floats, Truths
from model.resources.stream_values import resource_value
from model.rules import bargaining, conflict, credibility, market
from model.states.deal import Terms
from model.states.known import Known
from model.states.setting import Setting
from model.units import PERCENT
from model.war.outlook import expected_renewal, intervention_probability, war_years

FLOOR_MONTHS = (6, 6 + 120)
"""Months from January 2025 in which the price floor holds: ten years from July 2025 (mp_dod_2025)."""


class UnitedStates(Country):
    """Weighs mineral revenue and aid against supply security and the cost of a guarantee."""

    name = "united_states"
    build_shares = (0.28, 0.2)
    borrows = True

    def __init__(self, model: mesa.Model, setting: Setting) -> None:
        p, streams, months = setting.p, setting.streams, setting.months
        super().__init__(model, setting, p.united_states_security_weight)
        self._points = PERCENT / self.start.gdp[UA]
        self._none = setting.per_world(0.0)
        self.private_type = p.type_spread * streams.normal("type of united states", 1)(0)
        """How much more it needs a deal than it seems, (worlds,), percent of Ukraine's GDP."""
        self._answer_draw = streams.uniform("answer of united states", 1)(0)
        self._word_stream = streams.uniform("reneging", months)
        self._intervention_stream = streams.uniform("intervention", months)
        self._option_stream = streams.uniform("deal with Russia", months)
        option = p.russian_option * (p.settlement_value + p.resource_revenue / p.discount_rate)
        shame = p.russian_deal_shame * p.settlement_value
        leaning = bargaining.acceptance_probability(option - shame, p.russian_option_precision)
        self._option_chance = conflict.monthly_probability(leaning)

    # The deal

    def deal_parts(self, terms: Terms, known: Known) -> dict[str, Floats]:
        """What a signed deal changes for the United States, by reason, in percent of Ukraine's GDP.

        The smaller economy is the yardstick of both signatories: on its scale both have something at
        stake. Present values of the stake, of aid repaid, of the settlement, of aid promised, of a
        second source of supply, and of the guarantee's upkeep and risk.
        """
        p, trust, none, points = self.p, known.trust.prior, self._none, self._points
        renewal = expected_renewal(p, known, trust, terms.guarantee_strength, terms, signed=1.0)
        at_war = war_years(p, renewal)
        wars = renewal * np.maximum(1.0 / p.discount_rate - at_war, 0.0)
        worth = resource_value(p, known.resources, p.discount_rate * at_war)
        stake = bargaining.effective_stake(
            terms.ownership_share, terms.revenue_base, terms.reinvestment_years, p.discount_rate
        )
        left = np.maximum(terms.revenue_base - stake, 0.0) * worth
        added_risk = self._added_risk(terms, known)
        return {
            "stake": stake * worth * points,
            "repaid": bargaining.recovered_aid(terms.recognised_aid, left) * points,
            "settlement": self.settlement_points(),
            "aid": -terms.future_aid * at_war * points,
            "supply": self._supply_security(terms, known) * points,
            "upkeep": -p.guarantee_upkeep * terms.guarantee_strength / p.discount_rate * points,
            "risk": -np.maximum(added_risk, none) * wars * p.intervention_cost * points,
        }

    def _added_risk(self, terms: Terms, known: Known) -> Floats:
        """What a guarantee of these terms adds to the chance of having to fight in a war (worlds,)."""
        trust, none = known.trust.prior, self._none
        risk = intervention_probability(self.p, known, trust, terms.guarantee_strength, terms, none, 1.0)
        return risk - intervention_probability(self.p, known, trust, none, terms, none, 0.0)

    def deal_worth(self, parts: Mapping[str, Floats]) -> Floats:
        """Utility of the parts of a deal, revenue and security weighed, before its private type."""
        revenue = parts["stake"] + parts["repaid"] + parts["aid"] + parts["settlement"]
        return self.weigh(revenue, parts["supply"] + parts["upkeep"] + parts["risk"])

    def deal_gain(self, terms: Terms, known: Known) -> Floats:
        """Utility of signing over not signing, percent of Ukraine's GDP, before its private type."""
        return self.deal_worth(self.deal_parts(terms, known))

    def settlement_points(self) -> Floats:
        """Worth of a settlement in itself, percent of Ukraine's GDP, (worlds,)."""
        return PERCENT * self.p.settlement_value / self.start.gdp[UA]

    def accepts(self, gain: Floats) -> Truths:
        """Whether it would sign an offer that gains it so much before its private type, both (worlds,)."""
        chance = bargaining.acceptance_probability(gain + self.private_type, self.p.choice_precision)
        return self._answer_draw < chance

    def _supply_security(self, terms: Terms, known: Known) -> Floats:
        """Present value (bn USD) of the part of the market's loss by a cut-off that Ukrainian ore would spare.

        The owned part of the free deposits, if they are ever economic, replaces Chinese supply after the
        lead time; being exposed to the loss counts as in `book`. Of a cut-off of all materials the model's
        loss is 1.6 bn USD a year; published costs are from 1 bn to fifty and more times it (table embargo_costs).
        """
        p, known_market = self.p, known.market
        need = np.maximum(known_market.magnet_demand(self.row), 1.0)
        free = known.war.free_deposits(p.deposit_occupied)
        ore = terms.ownership_share * p.deposit_chance * free * p.deposit_capacity / 12
        spared = np.clip(ore * self.start.baskets[UA, MAGNET] / need, 0.0, 1.0)
        dependence = known_market.dependence[MAGNET] * (1.0 - spared)
        left = market.cut_off_loss(dependence, p.rare_earth_cost_share, p.source_elasticity)
        less = known_market.cut_off_loss[MAGNET] - known_market.value_weights[MAGNET] * left
        return less * self.gdp * np.exp(-p.discount_rate * p.mine_lead) / p.discount_rate

    def turns_to_russia(self, talks_failed: Truths, now: Month) -> Truths:
        """Whether it takes Russia's offer this month, once the talks have failed (outside-option principle)."""
        return talks_failed & (self._option_stream(now.number) < self._option_chance)

    # Its word

    def keeps_word(self, known: Known, now: Month) -> Truths:
        """Whether the guarantee is kept this year, as reviewed in a January.

        Breaking it saves its upkeep and a year's risk of having to fight, and costs a reputation, the
        more the more formal the promise was (audience cost); a cost that goes to infinity makes it
        enforceable. A quantal response, on the scale of Ukraine's GDP, as all decisions on the deal.
        """
        p, terms = self.p, known.agreement.terms
        risk = np.maximum(self._added_risk(terms, known), 0.0)
        upkeep = p.guarantee_upkeep * terms.guarantee_strength / p.discount_rate
        saved = upkeep + risk * known.outlook.hazard * p.intervention_cost
        cost = credibility.audience_cost(1.0, terms.guarantee_formality, p.renege_cost)
        gain = bargaining.renege_gain(saved, cost) * PERCENT / self.start.gdp[UA]
        chance = conflict.cumulative_probability(bargaining.acceptance_probability(gain, p.choice_precision), 1.0)
        promised = known.agreement.holds & (terms.guarantee_strength > 0)
        return ~(promised & (self._word_stream(now.number) < chance))

    def fights(self, attacks: Truths, known: Known, now: Month) -> Truths:
        """Where it honours a guarantee that an attack has put to the test (worlds,).

        At the chance that the record since 1945 gives a promise of this strength, and surely where
        standing aside would cost it more than the war: tied hands (Fearon 1997).
        """
        p, agreement = self.p, known.agreement
        tested = attacks & (agreement.guarantee > 0)
        if not tested.any():
            return tested
        stake = agreement.stake(known.outlook.resource_value)
        record = intervention_probability(
            p, known, known.trust.prior, agreement.guarantee, agreement.terms, stake, agreement.in_force
        )
        shame = credibility.audience_cost(agreement.guarantee, agreement.terms.guarantee_formality, p.renege_cost)
        gain = (shame - p.intervention_cost) * PERCENT / self.start.gdp[UA]
        tied = bargaining.acceptance_probability(gain, p.choice_precision)
        return tested & (self._intervention_stream(now.number) < np.maximum(record, tied))

    # Industry

    def price_floor(self, now: Month) -> Floats | None:
        """The floor under magnet material, while it holds, (material, worlds), USD/kg."""
        if not FLOOR_MONTHS[0] <= now.since_2025 < FLOOR_MONTHS[1]:
            return None
        floor = np.zeros((len(MATERIALS), *self.p.price_floor.shape), self.start.dtype)
        floor[MAGNET] = self.p.price_floor
        return floor

    def book(self, known: Known, discount: Floats) -> None:
        """Revenue: minerals, payments and a deal's worth less aid. Security: minus dependence and the guarantee.

        As in `deal_parts`: a settlement with a present value of S is worth rS a year for as long as it is in force.
        """
        p, agreement, war = self.p, known.agreement, known.war
        settled = p.discount_rate * p.settlement_value * agreement.in_force
        profit = 12 * known.market.profit[self.row]
        yearly = profit + agreement.paid_to_united_states - agreement.promised_aid + settled
        loss = known.market.cut_off_loss
        exposed = loss[0] + loss[1] + loss[2]
        fights = np.where(war.joins, 12.0, known.outlook.intervention * known.outlook.hazard * ~war.joined)
        promise = p.guarantee_upkeep * agreement.guarantee + fights * p.intervention_cost
        self._close_month(PERCENT * yearly / self.gdp, -PERCENT * (exposed + promise / self.gdp), discount)
