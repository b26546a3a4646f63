"""Ukraine: signs or refuses, fights, rebuilds."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.agents.believer import Believer
from model.agents.country import Country
from model.dimensions import MINE
from model.parameters.declaration import Spread
from model.rules import bargaining, conflict, investment, ratification
from model.units import PERCENT

Floats = NDArray[np.floating]


PROSPECT_LEAD = 8.0
"""Years until a new prospect earns: the average of new rare-earth facilities (IEA 2025, table mine_economics)."""


class Ukraine(Country, Believer):
    """Weighs its resources and its sovereignty against fewer years of war."""

    name = "ukraine"

    def prepare(self, p: Spread) -> None:
        """Set up what it remembers and its luck."""
        self.begin_to_watch(self.model.per_world(0.0))
        self.luck_of_word = self.model.luck.uniform("withholding", self.model.months)
        self.strength = (
            (p.ukrainian_effort + self.model.start.united_states_aid + self.model.start.european_aid) / 12 / p.attrition
        )
        self.first_supply = self.strength * p.attrition
        self.potential = 2.0 * self.strength
        worthwhile = self.model.luck.uniform("deposits", 1)(0) < p.deposit_chance
        self.deposit_left = np.where(worthwhile, p.deposit_capacity / 12, 0.0)
        self.first_output_month = self.model.per_world(np.nan)
        self.prospects_left = self.model.per_world(1.0)
        """Part of the new prospects that the war has spared so far (0-1), (worlds,)."""

    # The deal

    def resource_value(self, renewal: Floats) -> Floats:
        """Present value of the state's resource revenue (bn USD), given the hazard of renewed war."""
        p = self.p
        at_war = p.discount_rate * conflict.expected_war_years(p.discount_rate, p.ceasefire_hazard, renewal)
        present = p.resource_revenue / p.discount_rate
        return present + p.new_licence_revenue * investment.annuity(
            p.discount_rate, p.war_loss * at_war, PROSPECT_LEAD, p.project_life
        )

    def political_cost(self, terms: Spread) -> Floats:
        """What ceding resources and owning up to debt costs at home, percent of GDP (present value)."""
        p = self.p
        debt = terms.recognised_aid * PERCENT / self.gdp
        return bargaining.sovereignty_cost(
            terms.ownership_share, terms.revenue_base, debt, p.sovereignty_per_ownership, p.sovereignty_per_aid
        )

    def licence_revenue(self, month: int) -> Floats:
        """State revenue from the new prospects this month (bn USD a year): late, and less what war has destroyed."""
        p, year = self.p, month / 12
        earning = (year >= PROSPECT_LEAD) & (year < PROSPECT_LEAD + p.project_life)
        return p.new_licence_revenue * self.prospects_left * earning

    def deal_parts(self, terms: Spread) -> dict[str, Floats]:
        """What signing changes for Ukraine, by reason, in percent of its GDP (present value).

        Positive is a gain over refusing. Ceded and repaid revenue, the political cost of ownership
        and of debt, support kept, a larger pie, and fewer years of war.
        """
        p = self.p
        trust, war = self.reliability(), self.model.war
        without = war.expected_renewal(trust, np.zeros_like(trust), terms, signed=0.0)
        with_deal = war.expected_renewal(trust, terms.guarantee_strength, terms, signed=1.0)
        war_without = conflict.expected_war_years(p.discount_rate, p.ceasefire_hazard, without)
        war_with = conflict.expected_war_years(p.discount_rate, p.ceasefire_hazard, with_deal)
        pie, larger = self.resource_value(without), self.resource_value(with_deal)
        stake = bargaining.effective_stake(
            terms.ownership_share, terms.revenue_base, terms.reinvestment_years, p.discount_rate
        )
        left = np.maximum(terms.revenue_base - stake, 0.0) * larger
        aid_at_stake = p.support_at_stake * (1 - p.europe_replacement) * self.model.start.united_states_aid
        points = PERCENT / self.gdp
        return {
            "ceded": -stake * larger * points,
            "repaid": -bargaining.recovered_aid(terms.recognised_aid, left) * points,
            "sovereignty": -self.political_cost(terms),
            "support": (aid_at_stake + terms.future_aid) * war_with * points,
            "pie": (larger - pie) * points,
            "security": PERCENT * p.war_cost_ukraine * (war_without - war_with),
        }

    def deal_gain(self, terms: Spread) -> Floats:
        """Utility of signing over refusing, percent of GDP, before its private type."""
        return self.deal_worth(self.deal_parts(terms))

    def deal_worth(self, parts: dict[str, Floats]) -> Floats:
        """Utility of the parts of a deal, revenue and security weighed."""
        revenue = parts["ceded"] + parts["repaid"] + parts["sovereignty"] + parts["support"] + parts["pie"]
        return self.weigh(revenue, parts["security"])

    def votes(self, gain: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """What a vote in the Rada on a deal worth `gain` rests on: chance of a yes, seats, quota, correlation."""
        p = self.p
        return (
            ratification.yes_probability(gain, p.public_support, p.deputy_precision),
            p.seats,
            p.quota,
            p.bloc_correlation,
        )

    # Its word

    def keeps_paying(self, month: int, talks: Any) -> NDArray[np.bool_]:
        """Whether it goes on paying under the deal this year, as reviewed in a month (worlds,).

        Holding back saves what is being paid, for good; it costs a reputation and, unless the United
        States has broken its own word, the support that hinges on the deal.
        """
        p, war = self.p, self.model.war
        years = conflict.expected_war_years(p.discount_rate, p.ceasefire_hazard, war.hazard)
        hinges = p.support_at_stake * (1 - p.europe_replacement) * self.model.start.united_states_aid
        lost = (hinges + talks.promised_aid()) * years * ~talks.broken
        saved = talks.paid_to_united_states / p.discount_rate
        gain = bargaining.renege_gain(saved, lost + p.renege_cost_ukraine) * PERCENT / self.gdp
        chance = conflict.cumulative_probability(bargaining.acceptance_probability(gain, p.choice_precision), 1.0)
        return ~((saved > 0) & (self.luck_of_word(month) < chance))

    # The war

    def rearm(self, fighting: Floats, supply: Floats) -> None:
        """A month of losses and supply (bn USD) while fighting, of regrouping at the same rate in a ceasefire."""
        p = self.p
        fought = conflict.strength_change(self.strength, p.attrition, supply, fighting)
        rate = p.regrouping / 3 * supply / self.first_supply
        rested = conflict.reconstitution(self.strength, self.potential, rate)
        self.strength = np.where(fighting > 0, fought, rested)

    def ceasefire_gain(self, renewal: Floats) -> Floats:
        """Worth of stopping over going on, percent of GDP a year.

        A year without war, less the fear of its return, and an end to the pressure of the United States.
        """
        p = self.p
        feared = renewal * conflict.expected_war_years(p.discount_rate, p.ceasefire_hazard, renewal)
        worth = self.weigh(np.zeros_like(renewal), PERCENT * p.war_cost_ukraine * (1.0 - feared))
        return worth + 12.0 * self.model.talks.pressure()

    def project_hazard(self) -> Floats:
        """Hazard per year of losing a project, as investors expect it."""
        return self.model.investors.expected_hazard

    def choose_projects(self, margins: Floats, year: int) -> Floats:
        """Open the free part of the deposits once it pays and, while there is fighting, only with the fund."""
        financed = (self.model.war.fighting == 0) | self.model.talks.in_force
        begun = self.mine_start(margins[MINE]) * self.model.war.free_deposits()
        begun = np.where(financed, begun, 0.0)
        self.deposit_left = self.deposit_left - begun
        started = np.zeros_like(margins)
        started[MINE] = begun
        return started

    def mine_start(self, margin: Floats) -> Floats:
        """Capacity of a first mine (t/month): the whole free deposit, where its value clears the trigger."""
        p = self.p
        value = investment.project_value(
            margin,
            p.mine_capital,
            p.discount_rate,
            self.project_hazard(),
            p.mine_lead,
            p.project_life,
            p.insured_share,
        )
        return np.where(value > p.mine_capital * self.model.trigger, self.deposit_left, 0.0)

    def lead_years(self) -> tuple[Floats, ...]:
        """Years to output: Ukraine has no mine to extend."""
        p = self.p
        return p.mine_lead, p.plant_lead, p.plant_lead, p.plant_lead

    def see_output(self, month: int) -> None:
        """Remember the month of the first ore."""
        first = (self.mined > 0) & np.isnan(self.first_output_month)
        self.first_output_month = np.where(first, month, self.first_output_month)

    def account(self, discount: Floats) -> None:
        """Revenue: resource revenue kept, aid in war, less a year of the deal's political cost. Security: war's cost.

        As in `deal_parts`: aid is worth its dollars while there is fighting, and the peace it buys after
        that; a cost with a present value of C is borne as rC a year for as long as the deal is in force.
        """
        p, talks, war = self.p, self.model.talks, self.model.war
        self.prospects_left = self.prospects_left * (1.0 - p.war_loss * war.fighting / 12)
        losses = 12 * np.minimum(self.model.market.profit[self.row], 0.0)
        yearly = losses + talks.kept_by_ukraine + war.aid_received * war.fighting
        borne = p.discount_rate * self.political_cost(talks.terms) * (talks.in_force & ~talks.withheld)
        revenue = PERCENT * yearly / self.gdp - borne
        self.close_month(revenue, -PERCENT * p.war_cost_ukraine * war.fighting, discount)
