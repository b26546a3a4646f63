"""The new projects of the table of streams: their economics, and their part of the revenue from new licences."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model import data
from model.array_axes import NEW, STREAMS, DType, Floats
from model.parameters.table import WorldParameters
from model.rules import investment, mean_reverting_price
from model.states.frozen import Frozen


@dataclass(frozen=True)
class NewProjects(Frozen):
    """Lithium, titanium and graphite in free land at the start; every array is (mineral, 1)."""

    price: Floats  #: base price, USD/t
    volatility: Floats  #: volatility of the price, 1/sqrt(year)
    cost: Floats  #: operating cost, USD/t
    capital: Floats  #: capital cost, USD per t/year
    take: Floats  #: the state's share of sales, 0-1
    chance: Floats  #: chance that the deposits are economic, 0-1
    occupied: Floats  #: part of all deposits under occupation at the start, 0-1
    revenue_share: Floats  #: part of the expected revenue of all three at base prices, 0-1

    def worth_building(self, p: WorldParameters, price: Floats, hazard: Floats) -> Floats:
        """Value over cost to an investor, over the trigger of waiting (mineral, worlds): above 1 it is built.

        `price` is the index (mineral, worlds), `hazard` that of losing the project (worlds,), 1/year.
        """
        years = investment.annuity(p.discount_rate, hazard, p.mine_lead, p.project_life)
        priced = mean_reverting_price.index_annuity(
            p.discount_rate, hazard, p.mine_lead, p.project_life, price, p.resource_price_reversion
        )
        margin = (1.0 - self.take) * self.price * priced / years - self.cost
        value = investment.project_value(
            margin, self.capital, p.discount_rate, hazard, p.mine_lead, p.project_life, p.insured_share
        )
        return value / (self.capital * investment.option_trigger(p.discount_rate, p.price_drift, p.price_volatility))


def read_new_projects(dtype: DType) -> NewProjects:
    """The new projects from the table, arrays of a `dtype`."""

    def column(quantity: str) -> Floats:
        cells = [data.value("ukraine_streams", mineral=mineral, quantity=quantity) for mineral in STREAMS[NEW]]
        return np.array(cells, dtype)[:, None]

    capacity, price, take, chance = column("capacity"), column("price"), column("take"), column("chance")
    expected = take * price * capacity * chance
    return NewProjects(
        price=price,
        volatility=column("volatility"),
        cost=column("unit_cost"),
        capital=1e6 * column("capital") / capacity,
        take=take,
        chance=chance,
        occupied=column("occupied"),
        revenue_share=expected / expected.sum(),
    )
