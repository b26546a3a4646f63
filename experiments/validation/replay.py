"""What a replay is watched for: monthly series of every world, by date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model import GeopoliticalEconomy
from model.china_policy_record import month_number, replay_months
from model.dimensions import CN, HEAVY, MAGNET, MATERIALS, RW, US, total
from model.parameters.declaration import Value
from model.parameters.presets import preset

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Watched:
    """Monthly series of a run, each (month, world), counted from January of the year `start`."""

    start: int
    series: dict[str, Floats]

    def at(self, name: str, date: str) -> Floats:
        """One series in one month, written 2010-07, (world,)."""
        result: Floats = self.series[name][month_number(date, self.start)]
        return result

    def between(self, name: str, first: str, last: str) -> Floats:
        """One series from one month to another, both included, (month, world)."""
        return self.series[name][month_number(first, self.start) : month_number(last, self.start) + 1]

    def year(self, name: str, year: int) -> Floats:
        """Mean of one series over a year, (world,)."""
        result: Floats = self.between(name, f"{year}-01", f"{year}-12").mean(axis=0)
        return result


def watch(
    replay: str,
    worlds: int,
    *,
    rng: int = 0,
    months: int | None = None,
    replicates: NDArray[np.int64] | None = None,
    values: Mapping[str, Value] | None = None,
) -> Watched:
    """Run a replay in many worlds, with some parameters changed to `values`; keep what the patterns ask for."""
    model = GeopoliticalEconomy(
        preset(replay, **(values or {})),
        worlds=worlds,
        months=months or replay_months(replay),
        rng=rng,
        replicates=replicates,
        record="outcomes",
    )
    pages = []
    while model.month < model.months:
        model.step()
        pages.append(_page(model))
    model.close()
    return Watched(model.start.year, {name: np.stack([page[name] for page in pages]) for name in pages[0]})


def _page(model: GeopoliticalEconomy) -> dict[str, Floats]:
    """The month's values of every series, (world,)."""
    market = model.market
    exports = np.maximum(market.supply[CN] - market.arrivals[CN], 0.0)
    past_quotas = total(market.past_quotas)
    leaked = (market.cap - market.past_quotas - market.normal_imports * market.passed_share) * market.binding
    all_abroad = market.supply[CN] * 0.0 + market.passed_share
    quota = np.full(model.worlds, np.inf) if market.quota is None else market.quota
    page = {
        "exports": total(exports),
        "exports_heavy": exports[HEAVY],
        "licensed_exports": total(exports) - total(leaked) - past_quotas,
        "smuggled": total(leaked) + past_quotas,
        "quota": quota.copy(),
        "passed_share": all_abroad[HEAVY],
        "mine_share": market.mine_share[CN],
        "separation_share": market.separation_share[CN],
        "magnet_share": market.magnet_share[CN],
        "mined_world": market.mined_world,
        "mined_abroad": market.mined_world - model.states["mined"][CN],
        "kept_demand": model.states["substitution"][RW, MAGNET].copy(),
    }
    for place, material in enumerate(MATERIALS):
        page[f"price_{material}"] = market.price[US, place]
        page[f"home_price_{material}"] = market.price[CN, place]
    return page
