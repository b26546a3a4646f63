"""Where a run begins: the world of January 2025, read from the tables."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model import data
from model.agents.country import Country
from model.declare import Spread
from model.state import (
    CN,
    COUNTRIES,
    HEAVY_SEPARATION,
    MAGNETS,
    MATERIALS,
    MINE,
    RU,
    RW,
    SEPARATION,
    STAGES,
    UA,
    US,
    Pipeline,
    State,
    total,
)
from model.units import USD_PER_EUR_2024

Floats = NDArray[np.float64]

YEAR = 2025
LONGEST_PROJECT = 26
"""Years of pipeline kept: one more than the longest lead time allowed."""

HEADROOM = 1.10
"""Capacity of plants over their output at the start (our assumption: no plant runs without slack)."""

REO_PER_TONNE = {"t magnets/yr": 0.3}
"""Rare-earth content of a tonne of product; neodymium magnets hold about three tenths (our assumption)."""

PRICE_OF = {"bulk": "Ce", "magnet": "Nd", "heavy": "Dy"}
"""The element whose oxide price stands for a material."""


@dataclass(frozen=True)
class Start:
    """What every world has in common at the start."""

    baskets: Floats
    """Share of each material in each country's ore, (country, material)."""
    base_price: Floats
    """Oxide prices of 2024 by material, USD/kg."""
    gdp: Floats
    """Gross domestic product by country, bn USD."""
    united_states_aid: float
    """US military aid of 2024, bn USD a year."""
    european_aid: float
    """European military aid of 2024, bn USD a year."""
    world_output: float
    """World mine output, t REO a month."""
    occupied_area: float
    """Ukrainian land under Russian control, thousand km2."""


def read_start() -> Start:
    """The start of 2025 from the tables."""
    return Start(
        baskets=np.array([[_basket(country, m) for m in MATERIALS] for country in COUNTRIES]),
        base_price=np.array([_price(m) for m in MATERIALS]),
        gdp=np.array([_gdp(country) for country in COUNTRIES]),
        united_states_aid=_aid_of_2024("united_states"),
        european_aid=_aid_of_2024("europe"),
        world_output=data.value("mine_production", country="world", year=YEAR) / 12,
        occupied_area=data.value("war_series", series="territory_controlled_by_russia", date="2024-12") / 1000,
    )


def first_states(start: Start, p: Spread, worlds: int) -> dict[str, Floats]:
    """All states of all countries at the start, name -> (country, [axis,] worlds)."""
    declared = {name: state for name, state in vars(Country).items() if isinstance(state, State)}
    states = {name: state.empty(worlds) for name, state in declared.items()}
    states["capacity"] = _capacities(start, p, worlds)
    states["use"] += 1.0
    states["substitution"] += 1.0
    states["reserve"] = _reserves(p, worlds)
    mined = states["capacity"][:, MINE]
    supply = total(mined[:, None] * start.baskets[:, :, None])
    buyers = np.array([data.value("start_shares", kind="buyer", country=country) for country in COUNTRIES])
    states["demand_scale"] = buyers[:, None, None] * supply
    holding = np.where(p.inventories == 0, p.cover_months, 0.0)
    states["stock"] = states["demand_scale"] * holding
    return states


def first_projects(worlds: int) -> Pipeline:
    """Plants already financed at the start, by the year in which they are due."""
    pipeline = Pipeline(LONGEST_PROJECT, worlds)
    for row in data.table("projects"):
        year = row["start_year"]
        if isinstance(year, float) and row["status"] in ("committed", "building") and int(year) > YEAR:
            size = np.zeros((len(COUNTRIES), len(STAGES), worlds))
            size[COUNTRIES.index(str(row["country"])), STAGES.index(str(row["stage"]))] = (
                float(str(row["value"])) / 12 * REO_PER_TONNE.get(str(row["unit"]), 1.0)
            )
            pipeline.start(size, np.full(size.shape, int(year) - YEAR), 0)
    return pipeline


def _capacities(start: Start, p: Spread, worlds: int) -> Floats:
    """Capacity by country and stage (t/month): output of 2025 where it is known, with headroom in plants."""
    capacity = np.zeros((len(COUNTRIES), len(STAGES), worlds))
    for row, country in enumerate(COUNTRIES):
        capacity[row, MINE] = data.value("mine_production", country=country, year=YEAR) / 12
    capacity[UA, MINE] += p.ukraine_output_share * start.world_output
    ore = capacity[:, MINE][:, None] * start.baskets[:, :, None]
    light, heavy, magnets = total(ore[:, 0] + ore[:, 1]), total(ore[:, 2]), total(ore[:, 1] + ore[:, 2])
    for stage, amount in ((SEPARATION, light), (HEAVY_SEPARATION, heavy), (MAGNETS, magnets)):
        for row, country in enumerate(COUNTRIES):
            capacity[row, stage] = (
                data.value("start_shares", kind="plant", country=country, item=STAGES[stage]) * amount
            )
    capacity[CN, SEPARATION:] *= HEADROOM
    return capacity


def _reserves(p: Spread, worlds: int) -> Floats:
    reserves = np.zeros((len(COUNTRIES), worlds))
    for row in (US, RU, RW):
        reserves[row] = data.value("reserves", country=COUNTRIES[row], year=2024, kind="estimate")
    reserves[UA] = p.deposit_capacity * p.project_life + p.ukraine_output_share * 1e7
    reserves[CN] = p.china_reserves
    return reserves


def _basket(country: str, material: str) -> float:
    return data.value("start_shares", kind="basket", country=country, item=material)


def _price(material: str) -> float:
    return data.value("prices", element=PRICE_OF[material], date="2024", date_type="annual_average")


def _gdp(country: str) -> float:
    if country == "rest_of_world":
        return 1.0  # never used: the rest of the world weighs nothing
    return data.value("countries", country=country, variable="gdp", year=2025 if country == "ukraine" else 2023)


def _aid_of_2024(donor: str) -> float:
    ends = [
        data.value("aid", kind="stock", date=f"{year}-12", donor=donor, measure="military") for year in (2023, 2024)
    ]
    return (ends[1] - ends[0]) * USD_PER_EUR_2024
