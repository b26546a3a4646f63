"""Trade as people expect to see it: who ships what to whom, and what a cut-off would cost."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from itertools import islice
from operator import attrgetter

import numpy as np
import pandas as pd
import xarray as xr

from experiments.analysis.run_worlds import each_month
from model import COUNTRIES, MATERIALS, ParameterError, Parameters
from model.array_axes import CN, Floats, total
from model.initial_state import read_start, start_year
from model.parameters.table import WorldParameters
from model.rules.market import cut_off_loss
from model.simulation import LONGEST
from model.states.market import MarketState
from model.units import BN_USD_PER_T_AT_1_USD_PER_KG as BN
from model.units import PERCENT

MILLION = 1000.0
"""Millions in a billion."""
NO_GDP = "rest_of_world"
"""The country for which the tables hold no gross domestic product."""


@dataclass(frozen=True)
class Traded:
    """Trade of one month or the mean of several, at a year's rate, in every world."""

    flows: Floats  #: (exporter, importer, material, worlds), t/year; the diagonal is home supply
    worth: Floats  #: the same at the importer's price, million USD a year
    supply: Floats  #: finished material made, (country, material, worlds), t/year
    arrivals: Floats  #: used and put into stock (below zero: sold again), (country, material, worlds), t/year
    controlled: Floats  #: part of use that China controls in the pool bought from, (country, material, worlds), 0-1
    loss: Floats  #: loss from a cut-off by China, (country, material, worlds), percent of GDP
    gdp: Floats  #: gross domestic product, (country,), bn USD, NaN where the tables hold none


def traded_now(market: MarketState, p: WorldParameters) -> Traded:
    """Trade of the last month, at a year's rate."""
    flows, gdp = 12 * market.flows(), read_start().gdp
    controlled = np.stack([market.controlled_share(row) for row in range(len(COUNTRIES))])
    loss = cut_off_loss(controlled, p.rare_earth_cost_share, p.source_elasticity)
    return Traded(
        flows=flows,
        worth=flows * market.price[None] * BN * MILLION,
        supply=12 * market.supply,
        arrivals=12 * market.arrivals,
        controlled=controlled,
        loss=PERCENT * market.value_weights * loss,
        gdp=np.array([np.nan if name == NO_GDP else gdp[row] for row, name in enumerate(COUNTRIES)]),
    )


def observe(parameters: Parameters, date: str = "", worlds: int = 200, seed: int = 0) -> Traded:
    """Trade in a month written 2025-06, or over a year written 2025 (default: the first); raises ParameterError."""
    first, last = months_of(date or start_year(parameters.start), parameters)
    p = parameters.by_world(worlds)
    markets = each_month(attrgetter("market"), parameters, worlds, last + 1, seed)
    months = [traded_now(market, p) for market in islice(markets, first, None)]
    return Traded(**{f.name: sum(getattr(m, f.name) for m in months) / len(months) for f in fields(Traded)})


def months_of(date: object, parameters: Parameters) -> tuple[int, int]:
    """First and last month of a date, from the start of the run; raises ParameterError where it does not reach."""
    start = start_year(parameters.start)
    end = start + LONGEST // 12 - 1
    parts = re.fullmatch(r"(\d{4})(?:-(0[1-9]|1[0-2]))?", str(date))
    if not parts or not start <= int(parts[1]) <= end:
        raise ParameterError(f"date={date!r}: needs a year from {start} to {end}, or a month such as {start}-06")
    year = 12 * (int(parts[1]) - start)
    return (year, year + 11) if parts[2] is None else (year + int(parts[2]) - 1,) * 2


def trade_table(traded: Traded) -> pd.DataFrame:
    """Exports by exporter, importer and material; one row per pair and material, home supply where the two are one.

    Tonnes a year (median, middle four fifths and mean, which alone adds up) and median value at the importer's price.
    """
    parts = {"tonnes_per_year": 0.5, "tonnes_10%": 0.1, "tonnes_90%": 0.9}
    columns = dict(zip(parts, np.quantile(traded.flows, list(parts.values()), axis=-1), strict=True))
    columns |= {"tonnes_mean": traded.flows.mean(axis=-1), "million_usd_per_year": np.median(traded.worth, axis=-1)}
    names = ["material", "exporter", "importer"]
    index = pd.MultiIndex.from_product([MATERIALS, COUNTRIES, COUNTRIES], names=names)
    flat = {name: np.moveaxis(values, -1, 0).ravel() for name, values in columns.items()}
    return pd.DataFrame(flat, index).reset_index()


def balance_table(traded: Traded) -> pd.DataFrame:
    """Whether trade adds up; one row per material, tonnes a year as means over worlds.

    What leaves a country less what reaches it must be what it makes less what it takes in; `off` is the largest
    difference over countries and worlds, as a part of the world's supply.
    """
    left, reached = traded.flows.sum(axis=1), traded.flows.sum(axis=0)
    gap = np.abs(left - reached - (traded.supply - traded.arrivals)).max(axis=0) / total(traded.supply)
    home = np.stack([traded.flows[row, row] for row in range(len(COUNTRIES))])
    columns = {
        "made": total(traded.supply),
        "sold_from_stock": np.maximum(total(left) - total(traded.supply), 0.0),
        "kept_at_home": total(home),
        "sent_abroad": total(left) - total(home),
        "bought": total(reached),
    }
    table = pd.DataFrame({name: values.mean(axis=-1) for name, values in columns.items()})
    table.insert(0, "material", list(MATERIALS))
    return table.assign(off=gap.max(axis=-1))


def dependence_table(traded: Traded) -> pd.DataFrame:
    """What China controls of each other country's use of a material, and the loss if it cut it off; medians of worlds.

    The share controlled, which the loss is reckoned with, the share bought from China, and the Herfindahl index of
    the sources, home supply being one (all 0-1); dollars are NaN where the tables hold no GDP.
    """
    bought = total(traded.flows)
    shares = traded.flows / np.maximum(bought, 1e-12)
    columns = {
        "controlled_by_china": traded.controlled,
        "bought_from_china": shares[CN],
        "herfindahl": total(shares * shares),
        "loss_percent_of_gdp": traded.loss,
        "loss_million_usd": traded.loss / PERCENT * traded.gdp[:, None, None] * MILLION,
    }
    index = pd.MultiIndex.from_product([COUNTRIES, MATERIALS], names=["country", "material"])
    medians = {name: np.median(values, axis=-1).ravel() for name, values in columns.items()}
    return pd.DataFrame(medians, index).drop(COUNTRIES[CN], level="country").reset_index()


def flow_map(traded: Traded, date: str = "", **facts: object) -> xr.DataArray:
    """Mean trade over worlds (material, exporter, importer) in t/year, with what a picture says about it."""
    return xr.DataArray(
        np.moveaxis(traded.flows.mean(axis=-1), -1, 0),
        {"material": list(MATERIALS), "exporter": list(COUNTRIES), "importer": list(COUNTRIES)},
        ("material", "exporter", "importer"),
        name="trade",
        attrs={"unit": "t/year", "long_name": "trade", "month": date, "worlds": traded.flows.shape[-1], **facts},
    )
