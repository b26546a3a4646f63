"""Ore, oxide and money are neither made nor lost, and every number stays where it may be."""

from __future__ import annotations

import numpy as np
import pytest

from model import GeopoliticalEconomy, Parameters
from model.record.recorder import OUTCOMES, TRAJECTORIES
from tests.model.test_worlds import draws

WORLDS = 40


@pytest.fixture(scope="module")
def months() -> list[dict[str, np.ndarray]]:
    """A run of random worlds, with what a bookkeeper writes down each month."""
    model = GeopoliticalEconomy(Parameters(**draws(WORLDS, seed=3)), worlds=WORLDS, months=72, rng=2)
    pages = []
    for _ in range(72):
        before = {name: model.states[name].copy() for name in ("ore", "oxide", "stock")}
        model.step()
        market = model.market
        pages.append(
            before
            | {f"{name}_after": model.states[name].copy() for name in ("ore", "oxide", "stock")}
            | {
                "mined": model.states["mined"][:, None] * model.start.baskets[:, :, None],
                "separated": market.separated,
                "supply": market.supply,
                "arrivals": market.arrivals,
                "consumed": market.consumed,
                "flows": market.flows(),
                "from_china": market.shipped(3, 0),
                "price": market.price,
                "sales": market.sales,
                "capacity": model.states["capacity"].copy(),
                "wedge": market.wedge,
                "cap": market.cap,
            }
        )
    model.close()
    return pages


def same(left: np.ndarray, right: np.ndarray) -> None:
    """Equal to 1e-9 of the larger side."""
    np.testing.assert_allclose(left, right, rtol=1e-9, atol=1e-9 * np.abs(right).max())


def test_ore_is_separated_or_kept(months: list[dict[str, np.ndarray]]) -> None:
    for page in months:
        same(page["ore"].sum(0) + page["mined"].sum(0), page["separated"].sum(0) + page["ore_after"].sum(0))


def test_oxide_is_sold_or_kept(months: list[dict[str, np.ndarray]]) -> None:
    for page in months:
        same(
            page["oxide"].sum(0) + page["separated"].sum(0),
            page["supply"].sum(0) + page["oxide_after"].sum(0),
        )


def test_what_is_sold_is_used_or_stored(months: list[dict[str, np.ndarray]]) -> None:
    for page in months:
        same(page["supply"].sum(0), page["arrivals"].sum(0))
        same(page["stock"] + page["arrivals"], page["consumed"] + page["stock_after"])


def test_flows_sum_to_supply_and_demand(months: list[dict[str, np.ndarray]]) -> None:
    for page in months:
        assert (page["flows"] >= 0).all()
        same(page["flows"][3, 0], page["from_china"])
        same(page["flows"].sum(0) - page["flows"].sum(1), page["arrivals"] - page["supply"])


def test_buyers_pay_what_sellers_earn(months: list[dict[str, np.ndarray]]) -> None:
    for page in months:
        paid = (page["arrivals"] * page["price"]).sum((0, 1)) * 1e-6
        same(page["sales"].sum(0), paid)


def test_nothing_is_negative(months: list[dict[str, np.ndarray]]) -> None:
    for page in months:
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
            assert (page[name] >= 0).all(), name
        assert (page["price"] > 0).all()


def test_china_ships_no_more_to_the_capped_than_it_may() -> None:
    model = GeopoliticalEconomy(Parameters(china_policy="licence_heavy"), worlds=5, months=9)
    model.simulate()
    shipped = model.market.flows()[3, :, 2].sum(0) - model.market.flows()[3, 3, 2]
    assert (shipped <= model.market.cap[2] * (1 + 1e-9)).all()
    assert model.market.binding[2].all()


def test_every_number_stays_in_its_range() -> None:
    model = GeopoliticalEconomy(Parameters(**draws(WORLDS, seed=9)), worlds=WORLDS, months=48, rng=1)
    model.simulate()
    for names, record in (
        (TRAJECTORIES, model.recorder.trajectories()),
        (OUTCOMES, model.recorder.outcomes()),
    ):
        for name, values in record.items():
            known = values[~np.isnan(values)]
            assert np.isfinite(known).all(), name
            assert (known >= names[name].low - 1e-6).all(), name
            assert (known <= names[name].high + 1e-6).all(), name
    for name, values in model.recorder.trajectories().items():
        assert not np.isnan(values).any(), name


def test_deal_money_adds_up() -> None:
    model = GeopoliticalEconomy(
        Parameters(guarantee_strength=0.1, ownership_share=0.3, recognised_aid=5), worlds=30, months=60
    )
    earned = 0.0
    for _ in range(60):
        model.step()
        talks = model.talks
        minerals = 12 * np.maximum(model.market.profit[1], 0.0)
        np.testing.assert_allclose(
            talks.paid_to_united_states + talks.kept_by_ukraine,
            model.spread.resource_revenue + minerals,
            rtol=1e-12,
        )
        earned = earned + talks.paid_to_united_states / 12
    np.testing.assert_allclose(talks.received_by_united_states, earned, rtol=1e-12)
    assert (talks.owed <= 5).all()
    assert earned.max() > 0
