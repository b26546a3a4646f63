"""Where a run begins: the world of January 2025, 2024 or 2008, read from the tables."""

from __future__ import annotations

import numpy as np

from model import data
from model.array_axes import (
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
    DType,
    Floats,
    total,
)
from model.parameters.declaration import ParameterError, Value
from model.parameters.table import WorldParameters
from model.states.run_setting import ScheduledProject, Start
from model.units import USD_PER_EUR_2024

SHARES_OF = {2025: 2025, 2024: 2025, 2008: 2008}
"""Start -> year of the shares of plants and buyers and of the ore baskets."""

PRICES_OF = {2025: (2024,), 2024: (2024,), 2008: (2008, 2009)}
"""Start -> years whose mean price is the base price."""

PROJECTS_OF = {2025: ("committed", "building"), 2024: ("committed", "building"), 2008: ("under_way_2008",)}
"""Start -> which projects of the table are due to come on stream."""

REO_PER_TONNE = {"t magnets/yr": 0.3}
"""Rare-earth content of a tonne of product; neodymium magnets hold about three tenths (our assumption)."""

PRICE_OF = {"bulk": "Ce", "magnet": "Nd", "heavy": "Dy"}
"""The element whose oxide price stands for a material."""


def start_year(start: Value) -> int:
    """The year in which all worlds of a run begin; raises ParameterError when they differ."""
    years = np.unique(np.asarray(start).astype(str))
    if len(years) > 1:
        raise ParameterError(f"start={', '.join(years)}: all worlds of a run begin in the same year")
    return int(years[0])


def read_start(year: int = 2025, dtype: DType = np.float64) -> Start:
    """The start of 2025, 2024 or 2008 from the tables, its arrays of a `dtype`."""
    return Start(
        year=year,
        baskets=_baskets("basket", year).astype(dtype),
        new_baskets=_baskets("new_basket", year).astype(dtype),
        base_price=np.array([_price(m, year) for m in MATERIALS], dtype),
        gdp=np.array([_gdp(country) for country in COUNTRIES], dtype),
        united_states_aid=_aid_of_2024("united_states"),
        european_aid=_aid_of_2024("europe"),
        world_output=data.value("mine_production", country="world", year=year) / 12,
        occupied_area=data.value("war_series", series="territory_controlled_by_russia", date="2024-12") / 1000,
        unregistered=_unregistered(year),
    )


def first_market(start: Start, p: WorldParameters) -> tuple[Floats, Floats, Floats]:
    """The market at the start of every world: capacity, reserves, and demand at base prices.

    Capacity (country, stage, worlds) in t/month, reserves (country, worlds) in t REO, demand (country,
    material, worlds) in t/month.
    """
    recorded = _mined(start, p)
    buyers = _buyers(start.year).astype(start.dtype)
    abroad = np.where(np.arange(len(buyers)) == CN, 0.0, buyers) / (1.0 - buyers[CN])
    supply = total(recorded[:, None] * start.baskets[:, :, None])
    past_quotas = start.unregistered * start.baskets[CN]
    demand = buyers[:, None, None] * supply + abroad[:, None, None] * past_quotas[:, None]
    return _capacities(start, p, recorded), _reserves(p, start.dtype), demand


def scheduled_projects(start: int = 2025) -> list[ScheduledProject]:
    """Plants already financed at the start."""
    return [
        ScheduledProject(
            year=int(row["start_year"]) - start,
            country=COUNTRIES.index(str(row["country"])),
            stage=STAGES.index(str(row["stage"])),
            size=float(str(row["value"])) / 12 * REO_PER_TONNE.get(str(row["unit"]), 1.0),
            debt=float(row["debt_million_usd"] or 0.0) / 1000,
            interest=float(row["interest"] or 0.0),
        )
        for row in data.table("projects")
        if isinstance(row["start_year"], float) and row["status"] in PROJECTS_OF[start] and row["start_year"] > start
    ]


def _baskets(kind: str, year: int) -> Floats:
    """Share of each material in each country's ore, (country, material), of the mines of the start or of new ones.

    New mines dig what the country's mines do, unless the table has a `new_basket` for it.
    """
    rows = {(row["kind"], row["country"], row["year"]) for row in data.table("start_shares")}
    kinds = [kind if (kind, country, SHARES_OF[year]) in rows else "basket" for country in COUNTRIES]
    shares = [[_share(k, country, m, year) for m in MATERIALS] for k, country in zip(kinds, COUNTRIES, strict=True)]
    return np.array(shares)


def _mined(start: Start, p: WorldParameters) -> Floats:
    """Recorded mine output by country (country, worlds), t REO a month."""
    mined = np.zeros((len(COUNTRIES), *p.ukraine_output_share.shape), start.dtype)
    for row, country in enumerate(COUNTRIES):
        mined[row] = data.value("mine_production", country=country, year=start.year) / 12
    mined[UA] += p.ukraine_output_share * start.world_output
    return mined


def _buyers(year: int) -> Floats:
    """Share of each country in the use of recorded output, (country,)."""
    return np.array([_share("buyer", country, "all", year) for country in COUNTRIES])


def _unregistered(year: int) -> float:
    """Ore that leaves China past its records (t REO a month): a part of what is exported on record.

    The exports on record are what buyers abroad use less what is mined there.
    """
    mined = np.array([data.value("mine_production", country=country, year=year) for country in COUNTRIES]) / 12
    world = float(sum(mined))
    exported = (1.0 - _buyers(year)[CN]) * world - (world - mined[CN])
    return _share("unregistered", "china", "exports", year) * float(exported)


def _capacities(start: Start, p: WorldParameters, recorded: Floats) -> Floats:
    """Capacity by country and stage (t/month): output of the first year where it is known, with headroom in plants."""
    capacity = np.zeros((len(COUNTRIES), len(STAGES), recorded.shape[-1]), start.dtype)
    capacity[:, MINE] = recorded
    capacity[CN, MINE] += start.unregistered
    ore = capacity[:, MINE][:, None] * start.baskets[:, :, None]
    light, heavy, magnets = total(ore[:, 0] + ore[:, 1]), total(ore[:, 2]), total(ore[:, 1] + ore[:, 2])
    for stage, amount in ((SEPARATION, light), (HEAVY_SEPARATION, heavy), (MAGNETS, magnets)):
        for row, country in enumerate(COUNTRIES):
            capacity[row, stage] = _share("plant", country, STAGES[stage], start.year) * amount
    capacity[CN, SEPARATION:] *= p.headroom
    return capacity


def _reserves(p: WorldParameters, dtype: DType) -> Floats:
    reserves = np.zeros((len(COUNTRIES), *p.china_reserves.shape), dtype)
    for row in (US, RU, RW):
        reserves[row] = data.value("reserves", country=COUNTRIES[row], year=2024, kind="estimate")
    reserves[UA] = p.deposit_capacity * p.project_life + p.ukraine_output_share * 1e7
    reserves[CN] = p.china_reserves
    return reserves


def _share(kind: str, country: str, item: str, start: int) -> float:
    return data.value("start_shares", kind=kind, country=country, item=item, year=SHARES_OF[start])


def _price(material: str, start: int) -> float:
    years = PRICES_OF[start]
    prices = [
        data.value("prices", element=PRICE_OF[material], date=str(year), date_type="annual_average") for year in years
    ]
    return sum(prices) / len(prices)


def _gdp(country: str) -> float:
    if country == "rest_of_world":
        return 1.0  # never used: the rest of the world weighs nothing
    return data.value("countries", country=country, variable="gdp", year=2025 if country == "ukraine" else 2023)


def _aid_of_2024(donor: str) -> float:
    ends = [
        data.value("aid", kind="stock", date=f"{year}-12", donor=donor, measure="military") for year in (2023, 2024)
    ]
    return (ends[1] - ends[0]) * USD_PER_EUR_2024
