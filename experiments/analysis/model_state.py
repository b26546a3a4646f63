"""What analyses and validation read of a running model: its records, in the shapes that tables are made of."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.dimensions import CN, COUNTRIES, HEAVY, MAGNET, MATERIALS, MINE, RW, US, Floats, total
from model.record.variables import DECIDING
from model.rules.bargaining import effective_stake
from model.simulation import GeopoliticalEconomy
from model.states.war import RUSSIA
from model.war import outlook

# The market


def trade(model: GeopoliticalEconomy) -> dict[str, Floats]:
    """Goods of the month in t/month, prices in USD/kg, and what China controls.

    `flows` (exporter, importer, material, world), with home supply on the diagonal; `price`, `supply`,
    `arrivals` and `controlled`, the part of a country's use that China controls in the pool it buys from
    (0-1), (country, material, world); `value_weights`, what a material is worth of all used.
    """
    market = model.market.state
    return {
        "flows": market.flows(),
        "price": market.price,
        "supply": market.supply,
        "arrivals": market.arrivals,
        "controlled": np.stack([market.controlled_share(row) for row in range(len(COUNTRIES))]),
        "value_weights": market.value_weights,
    }


def market_series(model: GeopoliticalEconomy) -> dict[str, Floats]:
    """The month's market by name, each (world,): t/month, shares 0-1, prices in USD/kg."""
    market = model.market.state
    exports = np.maximum(market.supply[CN] - market.arrivals[CN], 0.0)
    leaked = (market.cap - market.past_quotas - market.normal_imports * market.passed_share) * market.binding
    series = {
        "exports_heavy": exports[HEAVY],
        "licensed_exports": total(exports) - total(leaked) - total(market.past_quotas),
        "quota": np.full(model.worlds, np.inf) if market.quota is None else market.quota,
        "mine_share": market.mine_share[CN],
        "separation_share": market.separation_share[CN],
        "magnet_share": market.magnet_share[CN],
        "mined_world": market.mined_world,
        "mined_abroad": market.mined_world - market.mined[CN],
        "kept_demand": market.substitution[RW, MAGNET],
    }
    for index, material in enumerate(MATERIALS):
        series[f"price_{material}"] = market.price[US, index]
        series[f"home_price_{material}"] = market.price[CN, index]
    return series


def export_option(model: GeopoliticalEconomy) -> NDArray[np.int64]:
    """China's export policy in force, as its index in OPTIONS, (world,)."""
    return model.china.option


def mines_on_credit(model: GeopoliticalEconomy) -> Floats:
    """Capacity of mines still owed for, t/month, (country, world)."""
    return model.debt.state.financed[:, MINE]


# Deals and war


def utility_parts(model: GeopoliticalEconomy) -> Floats:
    """Revenue and security part of the month's utility, percent of GDP a year, (deciding country, part, world)."""
    accounts = model.snapshot().accounts
    rows = (accounts[row] for row in range(len(DECIDING)))
    return np.stack([np.stack([account.revenue, account.security]) for account in rows])


def first_gains(model: GeopoliticalEconomy) -> dict[str, tuple[Floats, Floats]]:
    """For both signatories the gain of signing the first terms and the private type, percent of Ukraine's GDP."""
    reasons = model.talks.state.reasons
    types = {"ukraine": model.ukraine.private_type, "united_states": model.united_states.private_type}
    return {name: (reasons[f"{name}_gain"], own) for name, own in types.items()}


def answers_to_drafts(model: GeopoliticalEconomy) -> tuple[Floats, Floats, Floats]:
    """Ukraine's chance of accepting each recorded draft, its gain (percent of GDP), and the Rada's chance of a yes.

    Each (draft, world), NaN where a draft was not put.
    """
    answers = model.talks.draft_answers
    assert answers is not None
    return answers.chance, answers.gain, answers.ratification


def final_stake(model: GeopoliticalEconomy) -> Floats:
    """US share of resource revenue in present value (0-1) by the terms last on the table, (world,)."""
    terms, p = model.talks.state.terms, model.setting.p
    return effective_stake(terms.ownership_share, terms.revenue_base, terms.reinvestment_years, p.discount_rate)


def replaced_aid(model: GeopoliticalEconomy) -> Floats:
    """Part of the US military aid lost since the start that Europe replaced in the month just over, (world,)."""
    fatigue = np.exp(-model.setting.p.europe_fatigue * (model.month - 1) / 12)
    lost = model.setting.start.united_states_aid - model.war.state.american_aid
    return model.rest_of_world.replacement * fatigue / lost


def expected_renewal(model: GeopoliticalEconomy, strength: float, signed: float) -> Floats:
    """Hazard of renewed war at the start, 1/year, (world,), under a guarantee of `strength` (0-1) grown to the full.

    `signed` is 1 with the deal, 0 without.
    """
    known, guarantee = model.known(), np.full(model.worlds, strength)
    trust = known.trust.reliability(RUSSIA)
    return outlook.expected_renewal(model.setting.p, known, trust, guarantee, known.table.terms, signed)
