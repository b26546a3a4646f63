"""Ukraine: signs or refuses, pays or holds back, fights, opens its deposits."""

from __future__ import annotations

from collections.abc import Mapping

import mesa
import numpy as np

from model.agents.country import Country
from model.calendar import Month
from model.dimensions import MINE, Floats, Truths
from model.resources.stream_values import resource_value
from model.rules import bargaining, conflict, investment, ratification
from model.states.deal import Terms
from model.states.decisions import Projects
from model.states.known import Known
from model.states.setting import Setting
from model.states.war import UKRAINE
from model.units import PERCENT
from model.war.outlook import expected_renewal, war_years


class Ukraine(Country):
    """Weighs its resources and its sovereignty against fewer years of war."""

    name = "ukraine"

    def __init__(self, model: mesa.Model, setting: Setting) -> None:
        p, streams = setting.p, setting.streams
        super().__init__(model, setting, p.ukraine_security_weight)
        self.private_type = p.type_spread * streams.normal("type of ukraine", 1)(0)
        """How much more it needs a deal than it seems, (worlds,), percent of its GDP."""
        self._answer_draw = streams.uniform("answer of ukraine", 1)(0)
        self._word_stream = streams.uniform("withholding", setting.months)
        worthwhile = streams.uniform("deposits", 1)(0) < p.deposit_chance
        self.deposit_left = np.where(worthwhile, p.deposit_capacity / 12, 0.0)
        """Capacity that the deposits not yet opened would have, (worlds,), t/month."""

    # The deal

    def political_cost(self, terms: Terms) -> Floats:
        """What ceding resources and owning up to debt costs at home, percent of GDP (present value)."""
        p = self.p
        debt = terms.recognised_aid * PERCENT / self.gdp
        return bargaining.sovereignty_cost(
            terms.ownership_share, terms.revenue_base, debt, p.sovereignty_per_ownership, p.sovereignty_per_aid
        )

    def deal_parts(self, terms: Terms, known: Known) -> dict[str, Floats]:
        """What signing changes for Ukraine, by reason, in percent of its GDP (present value).

        Positive is a gain over refusing. Ceded and repaid revenue, the political cost of ownership
        and of debt, support kept, a larger pie, and fewer years of war.
        """
        p, trust, points = self.p, known.trust.reliability(UKRAINE), PERCENT / self.gdp
        without = expected_renewal(p, known, trust, np.zeros_like(trust), terms, signed=0.0)
        with_deal = expected_renewal(p, known, trust, terms.guarantee_strength, terms, signed=1.0)
        war_without, war_with = war_years(p, without), war_years(p, with_deal)
        pie, larger = (resource_value(p, known.resources, p.discount_rate * war) for war in (war_without, war_with))
        stake = bargaining.effective_stake(
            terms.ownership_share, terms.revenue_base, terms.reinvestment_years, p.discount_rate
        )
        left = np.maximum(terms.revenue_base - stake, 0.0) * larger
        return {
            "ceded": -stake * larger * points,
            "repaid": -bargaining.recovered_aid(terms.recognised_aid, left) * points,
            "sovereignty": -self.political_cost(terms),
            "support": (self._aid_at_stake() + terms.future_aid) * war_with * points,
            "pie": (larger - pie) * points,
            "security": PERCENT * p.war_cost_ukraine * (war_without - war_with),
        }

    def _aid_at_stake(self) -> Floats:
        """US support that hinges on a deal and that Europe would not replace, (worlds,), bn USD/year."""
        return self.p.support_at_stake * (1 - self.p.europe_replacement) * self.start.united_states_aid

    def deal_worth(self, parts: Mapping[str, Floats]) -> Floats:
        """Utility of the parts of a deal, revenue and security weighed, before its private type."""
        revenue = parts["ceded"] + parts["repaid"] + parts["sovereignty"] + parts["support"] + parts["pie"]
        return self.weigh(revenue, parts["security"])

    def deal_gain(self, terms: Terms, known: Known) -> Floats:
        """Utility of signing over refusing, percent of GDP, before its private type."""
        return self.deal_worth(self.deal_parts(terms, known))

    def accepts(self, gain: Floats) -> Truths:
        """Whether it signs an offer that gains it so much before its private type, both (worlds,)."""
        chance = bargaining.acceptance_probability(gain + self.private_type, self.p.choice_precision)
        return self._answer_draw < chance

    def votes(self, gain: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """What a vote in the Rada on a deal worth `gain` rests on: chance of a yes, seats, quota, correlation."""
        p = self.p
        yes = ratification.yes_probability(gain, p.public_support, p.deputy_precision)
        return yes, p.seats, p.quota, p.bloc_correlation

    def keeps_paying(self, known: Known, now: Month) -> Truths:
        """Whether it goes on paying under the deal this year, as reviewed in a January (worlds,).

        Holding back saves what is being paid, for good; it costs a reputation and, unless the United
        States has broken its own word, the support that hinges on the deal.
        """
        p, agreement = self.p, known.agreement
        hinges = self._aid_at_stake() + agreement.promised_aid
        lost = hinges * war_years(p, known.outlook.hazard) * ~agreement.broken
        saved = agreement.paid_to_united_states / p.discount_rate
        gain = bargaining.renege_gain(saved, lost + p.renege_cost_ukraine) * PERCENT / self.gdp
        chance = conflict.cumulative_probability(bargaining.acceptance_probability(gain, p.choice_precision), 1.0)
        return ~((saved > 0) & (self._word_stream(now.number) < chance))

    # The war

    def ceasefire_willingness(self, known: Known) -> Floats:
        """Chance that it is ready to stop fighting, (worlds,), 0-1."""
        gain = self.ceasefire_gain(known.outlook.hazard, known.table.pressure.harm)
        return conflict.willingness(gain, self.p.ceasefire_precision)

    def ceasefire_gain(self, renewal: Floats, pressure: Floats) -> Floats:
        """Worth of stopping over going on, percent of GDP a year, given the hazard of renewed war (1/year).

        A year without war, less the fear of its return, and an end to the `pressure` of the United States
        (percent of GDP a month); all (worlds,).
        """
        p = self.p
        feared = renewal * war_years(p, renewal)
        worth = self.weigh(np.zeros_like(renewal), PERCENT * p.war_cost_ukraine * (1.0 - feared))
        return worth + 12.0 * pressure

    # Industry

    def project_hazard(self, known: Known) -> Floats:
        """Hazard per year of losing a project, as investors expect it, (worlds,)."""
        return known.investors_hazard

    def choose_projects(self, margins: Floats, known: Known, now: Month) -> Projects:
        """Open the free part of the deposits once it pays and, while there is fighting, only with the fund."""
        p = self.p
        value = investment.project_value(
            margins[MINE],
            p.mine_capital,
            p.discount_rate,
            self.project_hazard(known),
            p.mine_lead,
            p.project_life,
            p.insured_share,
        )
        mine = np.where(value > p.mine_capital * self._trigger, self.deposit_left, 0.0)
        financed = (known.war.fighting == 0) | known.agreement.in_force
        begun = np.where(financed, mine * known.war.free_deposits(p.deposit_occupied), 0.0)
        self.deposit_left = self.deposit_left - begun
        size = np.zeros_like(margins)
        size[MINE] = begun
        return Projects(size, np.stack(self.lead_years()), self.restarts(margins[MINE], known))

    def lead_years(self) -> tuple[Floats, ...]:
        """Years to output, by stage, each (worlds,): Ukraine has no mine to extend."""
        p = self.p
        return p.mine_lead, p.plant_lead, p.plant_lead, p.plant_lead

    def book(self, known: Known, discount: Floats) -> None:
        """Revenue: resource revenue kept, aid in war, less a year of the deal's political cost. Security: war's cost.

        As in `deal_parts`: aid is worth its dollars while there is fighting, and the peace it buys after
        that; a cost with a present value of C is borne as rC a year for as long as the deal is in force.
        """
        p, agreement, war = self.p, known.agreement, known.war
        losses = 12 * np.minimum(known.market.profit[self.row], 0.0)
        yearly = losses + agreement.kept_by_ukraine + war.aid * war.fighting
        borne = p.discount_rate * self.political_cost(agreement.terms) * (agreement.in_force & ~agreement.withheld)
        revenue = PERCENT * yearly / self.gdp - borne
        self._close_month(revenue, -PERCENT * p.war_cost_ukraine * war.fighting, discount)
