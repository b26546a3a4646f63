"""The tables of trade add up to what was sold."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.trade import dependence_table, trade_table
from model import COUNTRIES, GeopoliticalEconomy


@pytest.fixture(scope="module")
def model() -> GeopoliticalEconomy:
    model = GeopoliticalEconomy(china_policy="licence_heavy", worlds=1, months=24)
    model.simulate()
    model.close()
    return model


def test_imports_and_home_supply_are_what_arrives(model: GeopoliticalEconomy) -> None:
    table = trade_table(model)
    assert len(table) == len(COUNTRIES) ** 2 * 3
    arrived = table.groupby("material", sort=False)["tonnes_per_year"].sum().to_numpy()
    assert arrived == pytest.approx(12 * model.market.supply.sum(0)[:, 0], rel=1e-9)
    value = table["million_usd_per_year"].sum()
    assert value == pytest.approx(12_000 * model.market.sales.sum(), rel=1e-9)


def test_dependence_lies_between_none_and_all(model: GeopoliticalEconomy) -> None:
    table = dependence_table(model)
    assert set(table["country"]) == set(COUNTRIES) - {"china"}
    for name in ("controlled_by_china", "herfindahl"):
        assert table[name].between(0, 1 + 1e-9).all()
    assert (table["loss_percent_of_gdp"] >= 0).all()
    states = table[table["country"] == "united_states"]["controlled_by_china"].to_numpy()
    assert states == pytest.approx(np.asarray(model.dependence)[:, 0])
