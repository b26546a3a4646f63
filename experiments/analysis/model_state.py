"""What analyses and validation read of a running model beyond its outcomes, in the shapes that tables are made of."""

from __future__ import annotations

import numpy as np

from model.dimensions import CN, HEAVY, MAGNET, MATERIALS, RW, US, Floats, total
from model.simulation import GeopoliticalEconomy
from model.states.known import Snapshot
from model.states.reasons import SIGNATORIES


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


def first_gains(model: GeopoliticalEconomy) -> dict[str, tuple[Floats, Floats]]:
    """For both signatories the gain of signing the first terms and the private type, percent of Ukraine's GDP."""
    types = model.ukraine.private_type, model.united_states.private_type
    return dict(zip(SIGNATORIES, zip(model.snapshot().table.gains, types, strict=True), strict=True))
