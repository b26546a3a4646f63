"""Trade as people expect to see it: who ships what to whom, and what a cut-off would cost."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from model import COUNTRIES, MATERIALS, GeopoliticalEconomy, ParameterError, Parameters
from model.dimensions import CN, total
from model.initial_state import start_year
from model.rules.market import cut_off_loss
from model.simulation import LONGEST
from model.units import BN_USD_PER_T_AT_1_USD_PER_KG as BN
from model.units import PERCENT

Floats = NDArray[np.floating]
MILLION = 1000.0
"""Millions in a billion."""

NO_GDP = "rest_of_world"
"""The country for which the tables hold no gross domestic product."""


@dataclass(frozen=True)
class Traded:
    """Trade of one month or the mean of several, at a year's rate, in every world."""

    flows: Floats
    """(exporter, importer, material, worlds), t/year; the diagonal is home supply."""
    worth: Floats
    """The same at the importer's price, million USD a year."""
    supply: Floats
    """Finished material made (country, material, worlds), t/year."""
    arrivals: Floats
    """Used and put into stock (country, material, worlds), t/year; below zero where stocks are sold again."""
    controlled: Floats
    """Part of a country's use that China controls in the pool it buys from (country, material, worlds), 0-1."""
    loss: Floats
    """Loss from a cut-off by China (country, material, worlds), percent of GDP."""
    gdp: Floats
    """Gross domestic product (country,), bn USD, NaN where the tables hold none."""


def traded_now(model: GeopoliticalEconomy) -> Traded:
    """Trade of the model's last month, at a year's rate."""
    p, market = model.spread, model.market
    flows = 12 * market.flows()
    controlled = np.stack([market.controlled_share(row) for row in range(len(COUNTRIES))])
    loss = PERCENT * market.value_weights * cut_off_loss(controlled, p.rare_earth_cost_share, p.source_elasticity)
    return Traded(
        flows=flows,
        worth=flows * market.price[None] * BN * MILLION,
        supply=12 * market.supply,
        arrivals=12 * market.arrivals,
        controlled=controlled,
        loss=loss,
        gdp=np.array([np.nan if name == NO_GDP else model.start.gdp[row] for row, name in enumerate(COUNTRIES)]),
    )


def observe(parameters: Parameters, date: str = "", worlds: int = 200, seed: int = 0) -> Traded:
    """Trade in a month written 2025-06, or over a year written 2025 (default: the run's first year).

    Raises ParameterError for a date that is neither, or that the run does not reach.
    """
    first, last = months_of(date or start_year(parameters.start), parameters)
    model = GeopoliticalEconomy(parameters, worlds=worlds, months=last + 1, rng=seed, record="outcomes")
    months = []
    while model.month < model.months:
        model.step()
        if model.month > first:
            months.append(traded_now(model))
    model.close()
    return Traded(**{f.name: sum(getattr(m, f.name) for m in months) / len(months) for f in fields(Traded)})


def months_of(date: object, parameters: Parameters) -> tuple[int, int]:
    """First and last month of a date, counted from the start of the run; raises ParameterError."""
    start = start_year(parameters.start)
    end = start + LONGEST // 12 - 1
    found = re.fullmatch(r"(\d{4})(?:-(0[1-9]|1[0-2]))?", str(date))
    if not found or not start <= int(found[1]) <= end:
        raise ParameterError(f"date={date!r}: needs a year from {start} to {end}, or a month such as {start}-06")
    year = 12 * (int(found[1]) - start)
    return (year, year + 11) if found[2] is None else (year + int(found[2]) - 1,) * 2


def trade_table(traded: Traded) -> pd.DataFrame:
    """Exports by exporter, importer and material; one row per pair and material, home supply where the two are one.

    Tonnes a year over the worlds (mean, median, middle four fifths) and median value (million USD a
    year) at the importer's price. Means add up to supply and to what is bought; medians need not.
    """
    low, middle, high = np.quantile(traded.flows, [0.1, 0.5, 0.9], axis=-1)
    value, mean = np.median(traded.worth, axis=-1), traded.flows.mean(axis=-1)
    rows = [
        {
            "material": material,
            "exporter": exporter,
            "importer": importer,
            "tonnes_per_year": middle[i, j, m],
            "tonnes_10%": low[i, j, m],
            "tonnes_90%": high[i, j, m],
            "tonnes_mean": mean[i, j, m],
            "million_usd_per_year": value[i, j, m],
        }
        for m, material in enumerate(MATERIALS)
        for i, exporter in enumerate(COUNTRIES)
        for j, importer in enumerate(COUNTRIES)
    ]
    return pd.DataFrame(rows)


def balance_table(traded: Traded) -> pd.DataFrame:
    """Whether trade adds up; one row per material, tonnes a year as means over worlds.

    Made and sold again from stock on one side, kept at home and sent abroad on the other. What leaves a
    country less what reaches it must be what it makes less what it takes in; `off` is the largest
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
    """What China controls of each country's use, and the loss if it cut the country off.

    One row per country and material, medians over worlds: the share controlled (0-1, what the loss is
    reckoned with), the share of what it buys that comes from China (0-1), the Herfindahl index of its
    sources, home supply being one (0-1), and the loss in percent of GDP and in million USD a year (NaN
    where the tables hold no GDP). China is left out.
    """
    money = traded.loss / PERCENT * traded.gdp[:, None, None] * MILLION
    rows = []
    for row, country in enumerate(COUNTRIES):
        if row == CN:
            continue
        bought = traded.flows[:, row]
        shares = bought / np.maximum(total(bought), 1e-12)
        columns = {
            "controlled_by_china": traded.controlled[row],
            "bought_from_china": shares[CN],
            "herfindahl": total(shares * shares),
            "loss_percent_of_gdp": traded.loss[row],
            "loss_million_usd": money[row],
        }
        medians = {name: np.median(values, axis=-1) for name, values in columns.items()}
        rows += [
            {"country": country, "material": material} | {name: values[m] for name, values in medians.items()}
            for m, material in enumerate(MATERIALS)
        ]
    return pd.DataFrame(rows)


def flow_map(traded: Traded, date: str = "", **facts: object) -> xr.DataArray:
    """Mean trade over worlds (material, exporter, importer) in t/year, with what a picture says about it."""
    return xr.DataArray(
        np.moveaxis(traded.flows.mean(axis=-1), -1, 0),
        {"material": list(MATERIALS), "exporter": list(COUNTRIES), "importer": list(COUNTRIES)},
        ("material", "exporter", "importer"),
        name="trade",
        attrs={"unit": "t/year", "long_name": "trade", "month": date, "worlds": traded.flows.shape[-1], **facts},
    )
