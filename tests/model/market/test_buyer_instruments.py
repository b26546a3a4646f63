"""What buyers' governments do in the market: floors and a stockpile, off before their dates, and conserved."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model import GeopoliticalEconomy, preset
from model.array_axes import HEAVY, MAGNET, RW, US
from model.calendar import month_number

WORLDS = 50


def floor_costs(name: str = "floor_cost_united_states", **changes: float) -> np.ndarray:
    """Cost of a floor, (month, world), mn USD a quarter, from January 2024 on."""
    model = GeopoliticalEconomy(preset("licences_2025", **changes), worlds=WORLDS, months=36, rng=0, record=[name])
    model.simulate()
    model.close()
    return model.trajectories()[name]


def test_floors_cost_nothing_before_their_dates() -> None:
    for name, first in (("floor_cost_united_states", "2025-07"), ("floor_cost_japan", "2026-03")):
        cost, start = floor_costs(name), month_number(first, 2024)
        assert (cost[:start] == 0).all()
        assert (cost[start:] != 0).any()


def test_a_higher_floor_costs_more_and_none_costs_nothing() -> None:
    none, low, high = (floor_costs(price_floor=floor)[30:].mean() for floor in (0, 90, 150))
    assert 0 == none < low < high


def test_what_the_state_pays_its_sellers_is_no_income_of_the_country() -> None:
    """A floor moves money between Americans: the account of the first months is the same with and without it."""
    money = []
    for floor in (0, 150):
        model = GeopoliticalEconomy(price_floor=floor, stockpile_budget=0, worlds=WORLDS, months=12, rng=0)
        model.simulate()
        money.append(model.united_states.account.money)
        assert (model.market.state.floor_paid[US] > 0).any() == (floor > 0)
        model.close()
    np.testing.assert_allclose(*money, rtol=1e-9)


def test_the_stockpile_buys_from_february_2026_within_its_budget() -> None:
    model = GeopoliticalEconomy(
        stockpile_budget=1, stockpile_years=1, china_policy="open", worlds=WORLDS, months=36, rng=0
    )
    while model.month < 36:
        model.step()
        pile = model.market.state.stockpile
        if model.month <= 13:
            assert (pile.held == 0).all()
    assert pile.cost.sum(axis=0) == pytest.approx(1.0, rel=0.02)
    assert (pile.held > 0).all()
    model.close()


def test_a_stockpile_is_a_part_of_what_is_stored() -> None:
    """What it buys and releases is neither made nor lost: supply is what arrives, stocks are what is left of it."""
    model = GeopoliticalEconomy(stockpile_budget=6, stockpile_years=2, worlds=WORLDS, months=60, rng=0)
    while model.month < 60:
        before = model.market.state
        model.step()
        market = model.market.state
        assert market.supply.sum(0) == pytest.approx(market.arrivals.sum(0), rel=1e-9)
        assert before.stock + market.arrivals == pytest.approx(market.consumed + market.stock, rel=1e-9)
        assert (market.stock[US] >= market.stockpile.held * (1 - 1e-9)).all()
    model.close()


def test_in_a_cut_off_it_is_released_and_dampens_the_price_abroad() -> None:
    """China licenses heavy material in 2029; who has bought by then sells, and pays less than who has not."""
    paths = []
    for budget in (0.0, 6.0):
        model = GeopoliticalEconomy(
            china_policy="open", stockpile_budget=budget, stockpile_years=1, worlds=4, months=60, rng=0
        )
        held = []
        while model.month < 60:
            if model.month == 48:
                licensed = np.zeros_like(model.market.state.licensed)
                licensed[[US, RW], HEAVY] = 1.0
                through = np.full(4, 0.3)
                model.china.policy = replace(model.china.policy, licensed=licensed, let_through=through)
            if model.month >= 48:
                model.china.choose_export_policy = lambda market, now, fixed=model.china.policy: fixed  # type: ignore[method-assign]
            model.step()
            held.append(model.market.state.stockpile.held[[MAGNET, HEAVY]])
        paths.append(model.market.state.log_price[US, HEAVY])
        assert (held[59][1] <= held[47][1]).all()
        assert (held[59][1] < held[47][1]).all() == (budget > 0)
        model.close()
    assert (paths[1] < paths[0]).all()
