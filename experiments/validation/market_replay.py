"""A market crisis replayed: monthly series of every world by date, and its prices beside the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
import xarray as xr

from experiments.analysis.quantile_bands import bands
from experiments.analysis.run_worlds import Replicates, each_month
from experiments.validation.price_record import price_points
from model.array_axes import CN, HEAVY, MAGNET, MATERIALS, RW, US, Floats, total
from model.calendar import month_number
from model.china_policy_record import REPLAY_MONTHS, replay_months
from model.initial_state import PRICE_OF, start_year
from model.parameters.declaration import ParameterError, Value, nearest
from model.parameters.presets import preset
from model.states.common_knowledge import Snapshot

Panel = tuple[xr.Dataset, pd.DataFrame]
"""The model's price fans (see `price_fans`) and points of the record (see `price_points`) or of a user."""

CRISIS, LICENCES = "quota_crisis_2010", "licences_2025"
WORLDS = 200
LONG_CRISIS = 204
"""Months from January 2008 to December 2024."""

SHOWN: dict[str, dict[str, tuple[str, ...]]] = {
    CRISIS: {"magnet": ("Nd",), "heavy": ("Dy",), "bulk": ("Ce",)},
    LICENCES: {"heavy": ("Dy",), "magnet": ("Nd", "NdPr")},
}
"""Replay -> material -> elements whose record stands beside it."""

SIDES = {"abroad": "price_{}", "home": "home_price_{}"}
"""Where a price is paid -> the series: buyers outside China (the US price), and in China."""


@dataclass(frozen=True)
class Replay:
    """Monthly series of a run (see `market_series`), each (month, world), from January of the year `start`."""

    start: int
    series: dict[str, Floats]

    def at(self, name: str, date: str) -> Floats:
        """One series in one month, written 2010-07, (world,)."""
        return self.between(name, date, date)[0]

    def between(self, name: str, first: str, last: str) -> Floats:
        """One series from one month to another, both included, (month, world)."""
        return self.series[name][month_number(first, self.start) : month_number(last, self.start) + 1]

    def year(self, name: str, year: int) -> Floats:
        """Mean of one series over a year, (world,)."""
        return np.mean(self.between(name, f"{year}-01", f"{year}-12"), axis=0)


def run_replay(
    name: str, worlds: int, *, seed: int = 0, months: int = 0, replicates: Replicates = None,
    values: Mapping[str, Value] | None = None,
) -> Replay:  # fmt: skip
    """Run a replay in many worlds, with parameters changed to `values`; its own length unless `months` are given."""
    parameters = preset(name, **(values or {}))
    rows = list(each_month(market_series, parameters, worlds, months or replay_months(name), seed, replicates))
    return Replay(start_year(parameters.start), {name: np.stack([row[name] for row in rows]) for name in rows[0]})


@cache
def replayed(name: str, worlds: int, seed: int) -> Replay:
    """A replay in many worlds, run once; the quota crisis is carried on to the end of 2024."""
    return run_replay(name, worlds, seed=seed, months=LONG_CRISIS if name == CRISIS else 0)


def replay_panels(name: str, worlds: int = WORLDS, seed: int = 0) -> list[Panel]:
    """All panels of a replay's figure; raises ParameterError for an unknown replay."""
    if name not in SHOWN:
        raise ParameterError(f"unknown replay {name!r}: {nearest(name, SHOWN)}")
    panels = []
    for material, elements in SHOWN[name].items():
        fans = price_fans(name, material, worlds, seed)
        panels.append((fans, price_points(elements, fans.attrs["start"], REPLAY_MONTHS[name])))
    return panels


def price_fans(name: str, material: str, worlds: int = WORLDS, seed: int = 0) -> xr.Dataset:
    """The model's price of a material `abroad` and at `home` in China by month, quantiles over worlds, USD/kg."""
    replay, months = replayed(name, worlds, seed), REPLAY_MONTHS[name]
    calendar = (np.datetime64(f"{replay.start}-01", "M") + np.arange(months)).astype("datetime64[ns]")
    coords = {"month": calendar, "world": np.arange(worlds)}
    attrs = {"unit": "USD/kg", "meaning": f"{material} material, priced as {PRICE_OF[material]} oxide"}
    paths = {side: replay.series[series.format(material)][:months] for side, series in SIDES.items()}
    dims = ("month", "world")
    fans = {side: bands(xr.DataArray(values, coords, dims, attrs=attrs)) for side, values in paths.items()}
    facts = {"preset": name, "start": replay.start, "seed": seed, "worlds": worlds, "material": material}
    return xr.Dataset(fans, attrs=facts | attrs)


def market_series(now: Snapshot) -> dict[str, Floats]:
    """The month's market by name, each (world,): t/month, shares 0-1, prices in USD/kg."""
    market = now.market
    exports = np.maximum(market.supply[CN] - market.arrivals[CN], 0.0)
    leaked = (market.cap - market.past_quotas - market.normal_imports * market.passed_share) * market.binding
    prices = {
        f"{side}price_{material}": market.price[country, index]
        for side, country in (("", US), ("home_", CN))
        for index, material in enumerate(MATERIALS)
    }
    return prices | {
        "exports_heavy": exports[HEAVY],
        "licensed_exports": total(exports) - total(leaked) - total(market.past_quotas),
        "quota": np.full_like(market.mined_world, np.inf) if market.quota is None else market.quota,
        "mine_share": market.mine_share[CN],
        "separation_share": market.separation_share[CN],
        "magnet_share": market.magnet_share[CN],
        "mined_world": market.mined_world,
        "mined_abroad": market.mined_world - market.mined[CN],
        "kept_demand": market.substitution[RW, MAGNET],
    }
