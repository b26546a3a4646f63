"""Ukraine's state revenue from natural resources."""

from __future__ import annotations

import numpy as np

from model.calendar import Month
from model.dimensions import UA, Floats
from model.parameters.table import WorldParameters
from model.rules import investment
from model.states.market import MarketState
from model.states.setting import Setting
from model.states.war import WarState


class Resources:
    """What the resources earn: present revenue, new prospects, rare earths."""

    def __init__(self, setting: Setting) -> None:
        self.p = setting.p
        self.prospects_left = setting.per_world(1.0)
        """Part of the new prospects that the war has spared so far, (worlds,), 0-1."""

    def revenue(self, market: MarketState, now: Month) -> Floats:
        """Revenue this month (worlds,), bn USD/year; new prospects earn late, and less what war has destroyed."""
        p, year = self.p, now.number / 12
        earning = (year >= p.prospect_lead) & (year < p.prospect_lead + p.project_life)
        prospects = p.new_licence_revenue * self.prospects_left * earning
        return p.resource_revenue + prospects + 12 * np.maximum(market.profit[UA], 0.0)

    def damage(self, war: WarState) -> None:
        """A month of war destroys a part of the prospects."""
        self.prospects_left = self.prospects_left * (1.0 - self.p.war_loss * war.fighting / 12)


def resource_value(p: WorldParameters, at_war: Floats) -> Floats:
    """Present value of Ukraine's resource revenue (bn USD), given the discounted share of time at war (0-1)."""
    return p.resource_revenue / p.discount_rate + p.new_licence_revenue * investment.annuity(
        p.discount_rate, p.war_loss * at_war, p.prospect_lead, p.project_life
    )
