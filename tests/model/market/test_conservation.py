"""Ore, oxide and money are neither made nor lost, and every number stays where it may be."""

from __future__ import annotations

import numpy as np
import pytest

from model import GeopoliticalEconomy, Parameters
from model.array_axes import RARE_EARTHS
from model.record.variables import OUTCOMES, TRAJECTORIES
from tests.model.test_worlds import draws

WORLDS = 40


@pytest.fixture(scope="module")
def months() -> list[dict[str, np.ndarray]]:
    """A run of random worlds, with what a bookkeeper writes down each month."""
    model = GeopoliticalEconomy(Parameters(**draws(WORLDS, seed=3)), worlds=WORLDS, months=72, rng=2)
    kept = []
    for _ in range(72):
        before = model.market.state
        model.step()
        market = model.market.state
        kept.append(
            {name: getattr(before, name) for name in ("ore", "oxide", "stock")}
            | {f"{name}_after": getattr(market, name) for name in ("ore", "oxide", "stock")}
            | {
                "mined": market.mined[:, None] * model.plants.state.baskets,
                "separated": market.separated,
                "supply": market.supply,
                "arrivals": market.arrivals,
                "consumed": market.consumed,
                "flows": market.flows(),
                "from_china": market.shipped(3, 0),
                "price": market.price,
                "sales": market.sales,
                "capacity": model.plants.state.capacity,
                "wedge": market.wedge,
                "cap": market.cap,
            }
        )
    model.close()
    return kept


def same(left: np.ndarray, right: np.ndarray) -> None:
    """Equal to 1e-9 of the larger side."""
    np.testing.assert_allclose(left, right, rtol=1e-9, atol=1e-9 * np.abs(right).max())


def test_ore_is_separated_or_kept(months: list[dict[str, np.ndarray]]) -> None:
    for month in months:
        same(month["ore"].sum(0) + month["mined"].sum(0), month["separated"].sum(0) + month["ore_after"].sum(0))


def test_oxide_is_sold_or_kept(months: list[dict[str, np.ndarray]]) -> None:
    for month in months:
        bulk, separated, supply = month["separated"][:, 0], month["separated"][:, 1:], month["supply"][:, 1:]
        same(month["supply"][:, 0], bulk)
        same(month["oxide"].sum(0) + separated.sum(0), supply.sum(0) + month["oxide_after"].sum(0))


def test_what_is_sold_is_used_or_stored(months: list[dict[str, np.ndarray]]) -> None:
    for month in months:
        same(month["supply"].sum(0), month["arrivals"].sum(0))
        same(month["stock"] + month["arrivals"], month["consumed"] + month["stock_after"])


def test_flows_sum_to_supply_and_demand(months: list[dict[str, np.ndarray]]) -> None:
    for month in months:
        assert (month["flows"] >= 0).all()
        same(month["flows"][3, 0], month["from_china"])
        same(month["flows"].sum(0) - month["flows"].sum(1), month["arrivals"] - month["supply"])


def test_buyers_pay_what_sellers_earn(months: list[dict[str, np.ndarray]]) -> None:
    for month in months:
        paid = (month["arrivals"] * month["price"]).sum((0, 1)) * 1e-6
        same(month["sales"].sum(0), paid)


def test_nothing_is_negative(months: list[dict[str, np.ndarray]]) -> None:
    for month in months:
        for name in (
            "ore_after",
            "oxide_after",
            "stock_after",
            "capacity",
            "supply",
            "consumed",
            "wedge",
            "cap",
        ):
            assert (month[name] >= 0).all(), name
        assert (month["price"] > 0).all()


def test_china_ships_no_more_to_the_licensed_than_it_may() -> None:
    model = GeopoliticalEconomy(Parameters(china_policy="licence_heavy"), worlds=5, months=9, rng=0)
    model.simulate()
    market = model.market.state
    shipped = market.flows()[3, :, 2].sum(0) - market.flows()[3, 3, 2]
    assert (shipped <= market.cap[2] * (1 + 1e-9)).all()
    assert market.binding[2].all()


@pytest.mark.long
def test_every_number_stays_in_its_range() -> None:
    model = GeopoliticalEconomy(Parameters(**draws(WORLDS, seed=9)), worlds=WORLDS, months=48, rng=1)
    model.simulate()
    variables = TRAJECTORIES | OUTCOMES
    for name, values in (model.trajectories() | model.outcomes()).items():
        known = values[~np.isnan(values)]
        assert np.isfinite(known).all(), name
        assert (known >= variables[name].low - 1e-6).all(), name
        assert (known <= variables[name].high + 1e-6).all(), name
    for name, values in model.trajectories().items():
        assert not np.isnan(values).any(), name


def test_deal_money_adds_up() -> None:
    model = GeopoliticalEconomy(
        Parameters(guarantee_strength=0.1, ownership_share=0.3, recognised_aid=5),
        worlds=30,
        months=60,
        rng=0,
    )
    earned = 0.0
    for _ in range(60):
        model.step()
        agreement = model.agreement.state
        minerals = 12 * np.maximum(model.market.state.profit[1], 0.0)
        streams = model.resources.state.revenue
        np.testing.assert_array_equal(streams[RARE_EARTHS], minerals)
        np.testing.assert_allclose(
            agreement.paid_to_united_states + agreement.kept_by_ukraine, streams.sum(axis=0), rtol=1e-12
        )
        earned = earned + agreement.paid_to_united_states / 12
    np.testing.assert_allclose(agreement.received_by_united_states, earned, rtol=1e-12)
    assert (agreement.owed <= 5).all()
    assert earned.max() > 0
