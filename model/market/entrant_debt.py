"""What entrants outside China owe, and what becomes of their plants when they cannot pay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from model.dimensions import MINE, total
from model.rules import investment as rules
from model.units import BN_USD_PER_T_AT_1_USD_PER_KG as BN

if TYPE_CHECKING:
    from model.agents.country import Country
    from model.initial_state import Scheduled
    from model.market.market import Market
    from model.parameters.declaration import Spread

Floats = NDArray[np.floating]

RESTART_YEARS = 1.0
"""Years from the decision to reopen an idle plant until it works: Mountain Pass, sold in 2017, mined in 2018."""


class Loans:
    """Debt of the plants that come on stream during the run, by country; default closes, a better price reopens them.

    New capacity is borrowed for to `debt_share` of its cost; projects of the table owe what is on record.
    Only interest is due, as on bonds. What the plants earn pays it; once `lender_patience` years of interest
    are in arrears, the debt is written off and the plants stand idle until a mine pays its restart.
    """

    def __init__(self, parameters: Spread, borrowers: list[Country], capacity: Floats, due: list[Scheduled]) -> None:
        self.p, self.borrowers, self.due = parameters, borrowers, due
        self.financed, self.idle, self.reopening = (np.zeros_like(capacity) for _ in range(3))
        """Capacity on credit, closed by default, and about to work again (country, stage, worlds), t/month."""
        self.interest, self.unpaid = (np.zeros_like(capacity[:, 0]) for _ in range(2))
        """Interest due (bn USD a year) and in arrears (bn USD), (country, worlds)."""
        self.part = np.zeros_like(self.interest)
        """Part of a country's plants, by their cost, that stands on credit (0-1), as of the last January."""
        self.defaults = np.zeros_like(capacity[0, 0])
        """Defaults so far, (worlds,)."""

    def lend(self, opened: Floats, capacity: Floats, year: int) -> None:
        """Book the debt of what `opened` in a year, already in `capacity` (both country, stage, worlds; t/month)."""
        on_credit = opened.copy()
        for project in self.due:
            if project.year == year:
                on_credit[project.country, project.stage] -= project.size
                self.interest[project.country] += project.debt * project.interest
                self.financed[project.country, project.stage] += project.size * (project.debt > 0)
        for country in self.borrowers:
            cost = 12 * BN * self.worth(country, on_credit)
            self.interest[country.row] += self.p.debt_share * self.p.loan_interest * cost
            self.financed[country.row] += on_credit[country.row] * (self.p.debt_share > 0)
            whole = np.maximum(self.worth(country, capacity), 1e-9)
            self.part[country.row] = np.minimum(self.worth(country, self.financed) / whole, 1.0)

    def collect(self, market: Market) -> None:
        """A month's interest is paid from what the plants earn: the part of the country's profit that their cost is."""
        if not self.interest.any():
            return
        for country in self.borrowers:
            row = country.row
            earned = market.profit[row] * self.part[row]
            self.unpaid[row] = rules.unpaid_interest(self.unpaid[row], self.interest[row] / 12, earned)
        fails = rules.in_default(self.unpaid, self.interest, self.p.lender_patience)
        if fails.any():
            self.foreclose(market, fails)

    def foreclose(self, market: Market, fails: NDArray[np.bool_]) -> None:
        """Plants on credit stand idle from now on in the countries and worlds marked, and nobody owes for them."""
        capacity = market.states["capacity"]
        closed = np.minimum(self.financed * fails[:, None], capacity)
        market.states["capacity"], self.idle = capacity - closed, self.idle + closed
        self.financed = self.financed * ~fails[:, None]
        self.interest, self.unpaid = self.interest * ~fails, self.unpaid * ~fails
        self.defaults = self.defaults + total(fails.astype(self.defaults.dtype))

    def reopen(self, margins: Floats) -> Floats:
        """Idle capacity (country, stage, worlds) that works again, a year after its mine was worth its restart.

        `margins` are those expected (country, stage, worlds), USD/kg. Who bought it out of bankruptcy owes nothing.
        """
        ready, self.reopening = self.reopening, np.zeros_like(self.idle)
        for country in self.borrowers:
            row, p = country.row, self.p
            if self.idle[row].any():
                cost = p.restart_share * country.capital_costs()[MINE]
                value = rules.project_value(
                    margins[row, MINE], cost, p.discount_rate, country.project_hazard(),
                    RESTART_YEARS, p.project_life, p.insured_share,
                )  # fmt: skip
                self.reopening[row] = self.idle[row] * (value > cost * country.model.trigger)
                self.idle[row] = self.idle[row] - self.reopening[row]
        return ready

    @staticmethod
    def worth(country: Country, capacity: Floats) -> Floats:
        """What a country's part of some capacity cost to build (worlds,), in USD per kg a year times t/month."""
        parts = [cost * stage for cost, stage in zip(country.capital_costs(), capacity[country.row], strict=True)]
        return total(np.stack(parts))
