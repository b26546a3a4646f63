"""What every country has, wants and decides alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np
from numpy.typing import NDArray

from model.agents.state import State
from model.dimensions import COUNTRIES
from model.parameters.declaration import Spread
from model.rules import investment

if TYPE_CHECKING:
    from model.simulation import GeopoliticalEconomy

Floats = NDArray[np.floating]


class Country(mesa.Agent):
    """One country, in every world at once.

    States are its own row of the model's arrays. Each country weighs revenue against security,
    U = (1 - w) R + w S, both in percent of its GDP and a year.
    """

    name = ""
    model: GeopoliticalEconomy
    build_shares = (0.0, 0.0)
    """Parts of the world's new mines and of its new plants that this country's entrants build."""
    borrows = False
    """Whether entrants build on credit: not in China, whose state stands behind them, nor where nobody lends."""

    capacity = State("t/month", "capacity by stage", "stage")
    use = State("share", "part of mine capacity in use")
    mined = State("t/month", "ore mined this month")
    reserve = State("t REO", "ore left in the ground")
    ore = State("t", "ore in stock, by material it contains", "material")
    oxide = State("t", "oxide that waits to become magnets", "material")
    stock = State("t", "material held by buyers", "material")
    demand_scale = State("t/month", "demand at the base price and the start's level", "material")
    substitution = State("share", "part of demand not yet substituted away", "material")
    log_price = State("log", "log of the price over the base price", "material")
    expected_log_price = State("log", "expected log of the price over the base price", "material")
    cut_off_chance = State("share", "chance that buyers see of being cut off", "material")
    strength = State("bn USD", "military strength, as spending not yet used up")
    revenue_part = State("percent of GDP", "revenue part of utility, a year")
    security_part = State("percent of GDP", "security part of utility, a year")
    utility = State("percent of GDP", "utility, a year")
    welfare = State("percent of GDP", "present value of utility since the start")

    def __init__(self, model: GeopoliticalEconomy) -> None:
        super().__init__(model)
        self.row = COUNTRIES.index(self.name)
        self.gdp = model.start.gdp[self.row]
        self.luck_of_projects = model.luck.normal(f"project cost {self.name}", model.years)
        self.prepare(model.spread)

    def prepare(self, p: Spread) -> None:
        """What a country sets up once; the parameters `p` are one value per world."""

    @property
    def p(self) -> Spread:
        """The parameters, one value per world."""
        return self.model.spread

    @property
    def security_weight(self) -> Floats:
        """Weight of security in this country's utility (0-1)."""
        weight: Floats = getattr(self.p, f"{self.name}_security_weight")
        return weight

    def weigh(self, revenue: Floats, security: Floats) -> Floats:
        """Utility of a revenue and a security part, in their unit."""
        return (1.0 - self.security_weight) * revenue + self.security_weight * security

    def project_hazard(self) -> Floats:
        """Hazard per year of losing a project here to war."""
        return self.model.per_world(0.0)

    def supported_price(self, prices: Floats) -> Floats:
        """Prices that sellers at home are assured (material, worlds), USD/kg."""
        return prices

    def choose_projects(self, margins: Floats, year: int) -> Floats:
        """Capacity begun this year by stage (stage, worlds), t/month, given margins (stage, worlds) in USD/kg."""
        p = self.p
        hazard = self.project_hazard()
        luck = np.exp(p.project_spread * self.luck_of_projects(year))
        mines, plants = self.build_shares
        markets = self.model.market.stage_markets * np.array([mines, plants, plants, plants], self.model.dtype)[:, None]
        started = []
        for margin, capital, lead, market in zip(
            margins, self.capital_costs(), self.lead_years(), markets, strict=True
        ):
            value = investment.project_value(
                margin, capital, p.discount_rate, hazard, lead, p.project_life, p.insured_share
            )
            trigger = self.model.trigger
            started.append(investment.entry(value, capital * luck, trigger, p.entry_rate, market))
        return np.stack(started)

    def capital_costs(self) -> tuple[Floats, ...]:
        """Capital cost of a kilogram a year of capacity, by stage (USD)."""
        p = self.p
        return p.mine_capital, p.separation_capital, p.separation_capital, p.magnet_capital

    def lead_years(self) -> tuple[Floats, ...]:
        """Years from decision to output, by stage."""
        lead = self.p.plant_lead
        return lead, lead, lead, lead

    def close_month(self, revenue: Floats, security: Floats, discount: Floats) -> None:
        """Book the month's parts of utility (percent of GDP, a year) and add to welfare."""
        self.revenue_part, self.security_part = revenue, security
        self.utility = self.weigh(revenue, security)
        self.welfare = self.welfare + self.utility * discount / 12
