"""The United States: offers a deal, keeps or breaks its word, builds mines at home."""

from __future__ import annotations

import mesa
import numpy as np

from model.agents.country import Country
from model.array_axes import MAGNET, UA, Floats, Truths, total
from model.calendar import Month
from model.resources.revenue_values import resource_value
from model.rules import bargaining, buyer_policy, conflict, market
from model.states.common_knowledge import Known
from model.states.deal import Terms
from model.states.decisions import ExportPolicy, PriceFloor
from model.states.market import MarketState
from model.states.run_setting import Setting
from model.states.war_game import DealProspect
from model.units import PERCENT

FLOOR_MONTHS = (6, 6 + 120)
"""Months from January 2025 in which the price floor holds: ten years from July 2025 (mp_dod_2025)."""
STOCKPILE_FROM = 13
"""Month from January 2025 in which the stockpile was announced: February 2026 (gbdaily_2026)."""


class UnitedStates(Country):
    """Weighs mineral revenue and aid against supply security and the cost of a guarantee."""

    name = "united_states"
    build_shares = (0.28, 0.2)
    borrows = True

    def __init__(self, model: mesa.Model, setting: Setting) -> None:
        p, streams, months = setting.p, setting.streams, setting.months
        super().__init__(model, setting, p.united_states_security_weight)
        self._points = PERCENT / self.start.gdp[UA]
        self.private_type = p.type_spread * streams.normal("type of united states", 1)(0)
        """How much more it needs a deal than it seems, (worlds,), percent of Ukraine's GDP."""
        self._answer_draw = streams.uniform("answer of united states", 1)(0)
        self._intervention_stream = streams.uniform("intervention", months)
        self._option_stream = streams.uniform("deal with Russia", months)
        option = p.russian_option * (p.settlement_value + p.resource_revenue / p.discount_rate)
        shame = p.russian_deal_shame * p.settlement_value
        leaning = bargaining.acceptance_probability(option - shame, p.russian_option_precision)
        self._option_chance = conflict.monthly_probability(leaning)

    # The deal

    def deal_parts(self, terms: Terms, prospect: DealProspect, known: Known) -> dict[str, Floats]:
        """What a signed deal changes for the United States, by reason, in percent of Ukraine's GDP.

        The smaller economy is the yardstick of both signatories: on its scale both have something at stake.
        Money: the stake, aid repaid, support paid for. Security: a second source of supply, the guarantee's
        upkeep, the wars it adds, and its word where it stands aside. Politics: having signed. `prospect` is what
        the terms change in war and peace.
        """
        p, points = self.p, self._points
        worth = resource_value(p, known.resources, p.discount_rate * prospect.war_years)
        stake = bargaining.effective_stake(
            terms.ownership_share, terms.revenue_base, terms.reinvestment_years, p.discount_rate
        )
        left = np.maximum(terms.revenue_base - stake, 0.0) * worth
        added = p.support_cost_share * p.support_at_stake * self.start.united_states_aid + terms.future_aid
        goes_on = p.support_without_deal * self.start.united_states_aid
        paid = added * prospect.supported_years + goes_on * (prospect.war_years - prospect.war_years_before)
        upkeep = p.guarantee_upkeep * np.square(terms.guarantee_strength) * prospect.guarded_years
        return {
            "resources": stake * worth * points,
            "repaid": bargaining.recovered_aid(terms.recognised_aid, left) * points,
            "support": -paid * points,
            "supply": self._supply_security(terms, known) * points,
            "upkeep": -upkeep * points,
            "risk": -p.intervention_cost * prospect.interventions * points,
            "word": -p.broken_word_cost * prospect.broken_words * points,
            "settlement": self.settlement_points(),
        }

    def deal_gain(self, terms: Terms, prospect: DealProspect, known: Known) -> Floats:
        """Utility of signing over not signing, percent of Ukraine's GDP, before its private type."""
        return self.deal_worth(self.deal_parts(terms, prospect, known))

    def settlement_points(self) -> Floats:
        """Worth of a settlement in itself, percent of Ukraine's GDP, (worlds,)."""
        return PERCENT * self.p.settlement_value / self.start.gdp[UA]

    def russian_option(self) -> Floats:
        """Worth of a deal with Russia instead, utility in percent of Ukraine's GDP, (worlds,)."""
        return self.weigh(self.p.russian_option * self.settlement_points(), np.zeros_like(self.p.russian_option))

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
        if not talks_failed.any():
            return talks_failed
        return talks_failed & (self._option_stream(now.number) < self._option_chance)

    # The war

    def fights(self, attacks: Truths, known: Known, now: Month) -> Truths:
        """Where it answers an attack (worlds,), at the chance that the record since 1945 gives such a promise."""
        return attacks & (self._intervention_stream(now.number) < known.outlook.american_answer)

    # Industry

    def price_floor(self, now: Month) -> PriceFloor | None:
        """The floor under magnet material, while it holds."""
        if not FLOOR_MONTHS[0] <= now.since_2025 < FLOOR_MONTHS[1]:
            return None
        return PriceFloor(self.p.price_floor, most=np.inf, for_entrants=True)

    def stockpile_order(self, today: MarketState, policy: ExportPolicy, now: Month) -> Floats | None:
        """What the stockpile buys this month (material, worlds), t, None before it is announced.

        It spends its budget evenly on what needs no licence of China, and releases what is cut off.
        """
        if now.since_2025 < STOCKPILE_FROM:
            return None
        p, used = self.p, today.consumed[self.row]
        spent = total(today.stockpile.cost)
        money = np.clip(p.stockpile_budget - spent, 0.0, p.stockpile_budget / (12 * p.stockpile_years))
        licensed = policy.licensed[self.row] > 0
        supply, pile = today.world_supply, today.stockpile.held
        lacking = used * today.blocked_share * today.binding
        return buyer_policy.stockpile_order(money, today.price[self.row], used, supply, pile, licensed, lacking)

    def book(self, known: Known, discount: Floats) -> None:
        """Money: minerals and payments less support, floors and stockpile. Security: dependence, guarantee, wars, word.

        Politics: a settlement with a present value of S is worth rS a year for as long as the deal holds. Wars and
        broken words cost in the month in which they come.
        """
        p, agreement, war = self.p, known.agreement, known.war
        hinging = p.support_cost_share * p.support_at_stake * agreement.holds
        support = (p.support_without_deal + hinging) * self.start.united_states_aid + agreement.promised_aid
        state_pays = known.market.floor_paid[self.row] + known.market.stockpile_paid
        earned = 12 * (known.market.profit[self.row] - state_pays)
        yearly = earned + agreement.paid_to_united_states - support * war.fighting
        loss = known.market.cut_off_loss
        promise = p.guarantee_upkeep * np.square(agreement.guarantee) + 12 * (
            p.intervention_cost * war.american_joins + p.broken_word_cost * agreement.ends
        )
        exposed = loss[0] + loss[1] + loss[2] + promise / self.gdp
        politics = p.discount_rate * p.settlement_value * agreement.holds
        self._close_month(PERCENT * yearly / self.gdp, -PERCENT * exposed, PERCENT * politics / self.gdp, discount)
