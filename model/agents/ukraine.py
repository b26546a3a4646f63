"""Ukraine: signs or refuses, pays or holds back, fights, opens its deposits."""

from __future__ import annotations

import mesa
import numpy as np

from model.agents.country import Country
from model.array_axes import MINE, Floats, Truths
from model.calendar import Month
from model.resources.revenue_values import resource_value
from model.rules import bargaining, investment, ratification
from model.states.common_knowledge import Known
from model.states.deal import Terms
from model.states.decisions import Projects
from model.states.run_setting import Setting
from model.states.war_game import DealProspect
from model.units import PERCENT


class Ukraine(Country):
    """Weighs its resources and its sovereignty against fewer years of war."""

    name = "ukraine"

    def __init__(self, model: mesa.Model, setting: Setting) -> None:
        p, streams = setting.p, setting.streams
        super().__init__(model, setting, p.ukraine_security_weight)
        self.private_type = p.type_spread * streams.normal("type of ukraine", 1)(0)
        """How much more it needs a deal than it seems, (worlds,), percent of its GDP."""
        self._answer_draw = streams.uniform("answer of ukraine", 1)(0)
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

    def deal_parts(self, terms: Terms, prospect: DealProspect, known: Known) -> dict[str, Floats]:
        """What signing changes for Ukraine, by reason, in percent of its GDP (present value).

        Positive is a gain over refusing. Money: revenue ceded and repaid, resources worth more in a safer country.
        Security: what the support that hinges on the deal and the guarantee change in war and peace. Politics: the
        cost of ownership and of debt. `prospect` is what the terms change in war and peace.
        """
        p, points = self.p, PERCENT / self.gdp
        pie, larger = (
            resource_value(p, known.resources, p.discount_rate * years)
            for years in (prospect.war_years_before, prospect.war_years)
        )
        stake = bargaining.effective_stake(
            terms.ownership_share, terms.revenue_base, terms.reinvestment_years, p.discount_rate
        )
        left = np.maximum(terms.revenue_base - stake, 0.0) * larger
        return {
            "resources": -stake * larger * points,
            "repaid": -bargaining.recovered_aid(terms.recognised_aid, left) * points,
            "pie": (larger - pie) * points,
            "support": PERCENT * prospect.support,
            "guarantee": PERCENT * (prospect.security - prospect.support),
            "sovereignty": -self.political_cost(terms),
        }

    def deal_gain(self, terms: Terms, prospect: DealProspect, known: Known) -> Floats:
        """Utility of signing over refusing, percent of GDP, before its private type."""
        return self.deal_worth(self.deal_parts(terms, prospect, known))

    def accepts(self, gain: Floats) -> Truths:
        """Whether it signs an offer that gains it so much before its private type, both (worlds,)."""
        chance = bargaining.acceptance_probability(gain + self.private_type, self.p.choice_precision)
        return self._answer_draw < chance

    def votes(self, gain: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """What a vote in the Rada on a deal worth `gain` rests on: chance of a yes, seats, quota, correlation."""
        p = self.p
        yes = ratification.yes_probability(gain, p.public_support, p.deputy_precision)
        return yes, p.seats, p.quota, p.bloc_correlation

    # The war

    def ceasefire_willingness(self, known: Known) -> Floats:
        """Chance that it wants to stop fighting, (worlds,), 0-1."""
        return known.outlook.equilibrium.wants[1]

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
        return Projects(size, restarts=np.zeros(begun.shape, dtype=bool))

    def book(self, known: Known, discount: Floats) -> None:
        """Money: resource revenue kept. Security: war, lost land, armed peace. Politics: the deal's cost at home.

        Losses at an outbreak are those of a month; a cost with a present value of C is borne as rC a year for as
        long as the deal holds.
        """
        p, agreement, war = self.p, known.agreement, known.war
        losses = 12 * np.minimum(known.market.profit[self.row], 0.0)
        land = war.advanced + p.prize_share * p.prize_land * war.lead
        peace = (war.fighting == 0) & ~war.settled
        lost = p.war_cost_ukraine * war.fighting + p.armed_peace_cost * peace
        lost = lost + 12 * (p.land_worth * land + p.outbreak_loss * war.attacked)
        politics = -p.discount_rate * self.political_cost(agreement.terms) * agreement.holds
        self._close_month(
            PERCENT * (losses + agreement.kept_by_ukraine) / self.gdp, -PERCENT * lost, politics, discount
        )
