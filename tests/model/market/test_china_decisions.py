"""What China computes when it decides, against answers worked out by hand: options, licences, quota, accounts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from model import GeopoliticalEconomy, Parameters
from model.agents.china import China
from model.array_axes import CN, COUNTRIES, MAGNET, MATERIALS, RW, US, Floats
from model.calendar import Month
from model.rules.export_policy import OPTIONS
from model.states.market import MarketState

OBJECTIVES = ("profit", "share", "leverage")
WORLDS = len(OBJECTIVES)
EXPORTS = np.array([2.0, 5.0, 3.0])
"""What China would export of each material, bn USD a year."""
HAND = {
    "china_objective": np.array(OBJECTIVES),
    "leverage_profit_weight": 0.25,
    "china_security_weight": 0.5,
    "china_cost_advantage": 0.6,
    "quota_growth": 0.1,
    "long_run_elasticity": 2.0,
    "licence_share": 0.5,
    "entry_rate": 0.05,
    "discount_rate": 0.1,
    "breach_cost": 0.4,
    "leverage_value": 3.0,
    "initial_tension": 2.0,
    "tension_volatility": 0.0,
}


@contextmanager
def at_the_start(worlds: int = WORLDS, **given: Any) -> Iterator[GeopoliticalEconomy]:
    """A model before its first month."""
    model = GeopoliticalEconomy(Parameters(**given), worlds=worlds, months=60, rng=0)
    yield model
    model.close()


def rows(*values: float) -> np.ndarray:
    """Numbers of materials, the same in every world."""
    return np.repeat(np.array(values)[:, None], WORLDS, axis=1)


def with_goods(market: MarketState, used: Floats, supply: Floats) -> MarketState:
    """The market with other use and supply (country, material, worlds), t/month."""
    sums = {"world_use": used.sum(axis=0), "world_supply": supply.sum(axis=0)}
    return replace(market, consumed=used, supply=supply, **sums)


def market_by_hand(model: GeopoliticalEconomy) -> MarketState:
    """China sells 2, 5 and 3 bn a year abroad, 24 in all; others could cover a quarter of what Americans use.

    Cutting these off would cost the United States 8, 16 and 4 bn a year; they are three quarters of the demand abroad.
    """
    state, tonnes = model.market.state, EXPORTS / (12 * 1000 * 1e-6)
    consumed, supply, demand = (np.zeros_like(state.consumed) for _ in range(3))
    consumed[US], consumed[RW], consumed[CN] = rows(*tonnes), rows(*tonnes / 4), 7.0
    supply[RW], supply[CN] = rows(*tonnes / 4), 1e9
    demand[:, MAGNET] = 0.5
    demand[US, MAGNET], demand[RW, MAGNET], demand[CN, MAGNET] = 6.0, 1.0, 90.0
    price, share, sales = (np.zeros_like(each) for each in (state.price, state.mine_share, state.sales))
    price[CN], share[CN], sales[CN] = 1000.0, 0.6, 2.0
    return replace(
        with_goods(state, consumed, supply),
        demand_scale=demand,
        price=price,
        mine_share=share,
        sales=sales,
        cut_off_loss=rows(8.0, 16.0, 4.0) / model.setting.start.gdp[US],
        licence_premium=np.ones(WORLDS),
        highest_log_price=np.full(WORLDS, np.log(3.0)),
    )


# Options


def test_entrants_of_all_countries_build_all_that_is_built() -> None:
    """China's build plants and no mines, for which there are quotas; the parts of all countries add up to one."""
    with at_the_start() as model:
        assert np.sum([country.build_shares for country in model.cast], axis=0) == pytest.approx([1, 1])
        mines, plants = model.china.build_shares
    assert mines == 0 < plants


@pytest.mark.parametrize(
    ("option", "profit", "share", "lost", "breach", "harm"),
    [
        # A tenth on a revenue of 24, less .6/2 of it in price and .4 in cost; of the 10 abroad .4 are won
        ("open", 0.0, 0.0, 0.0, 0.0, 0.0),
        ("tighten", -0.72, -0.4, 0.0, 0.0, 0.0),
        ("expand", 0.72, 0.4, 0.0, 0.0, 0.0),
        # A quarter of 3 at twice the price, a cost of .4, half shipped; entrants take .05 of 1.8 a year, for ever.
        ("licence_heavy", 0.15, 0.0, 0.225, 0.3, 1.0),
        ("licence_all", 0.5, 0.0, 0.75, 1.0, 7.0),
        # Three quarters withheld would bring four times the price, but users leave at three; a quarter is covered.
        ("embargo", 0.125, 0.0, 1.5, 1.0, 10.5),
    ],
)
def test_what_an_option_is_worth(
    option: str, profit: float, share: float, lost: float, breach: float, harm: float
) -> None:
    """Half of each: money, and harm at three times its size; per 10 of exports, with the weights of the objectives."""
    with at_the_start(**HAND) as model:
        worth = model.china.payoffs(market_by_hand(model))[OPTIONS.index(option)]
    goals = np.array([profit, share, 0.25 * profit]) - lost - breach
    assert worth == pytest.approx((0.5 * goals + 0.5 * 3 * harm) / 10)


def test_costs_at_home_are_below_the_price() -> None:
    """At .95 of it, at the most: half at twice the price brings 10/4 x (.525 - .05), entrants take 1/16."""
    given = HAND | {"china_cost_advantage": 0.0, "china_security_weight": 0.0, "breach_cost": 0.0}
    with at_the_start(**given) as model:
        worth = model.china.payoffs(market_by_hand(model))[OPTIONS.index("licence_all")]
    assert worth[0] == pytest.approx((1.1875 - 0.0625) / 10)


def test_worth_is_per_year_of_exports() -> None:
    """Where all that is worth money is worth a hundredth of it, every option is worth the same."""
    with at_the_start(**HAND) as model:
        market = market_by_hand(model)
        cents = replace(market, **{name: getattr(market, name) / 100 for name in ("price", "sales", "cut_off_loss")})
        assert model.china.payoffs(cents) == pytest.approx(model.china.payoffs(market))


def test_without_exports_every_option_has_a_worth() -> None:
    with at_the_start(**HAND) as model:
        market = market_by_hand(model)
        worth = model.china.payoffs(with_goods(market, np.zeros_like(market.consumed), market.supply))
    assert np.isfinite(worth).all()


def test_others_cover_no_more_than_is_used() -> None:
    """With more abroad than Americans use an embargo harms nobody."""
    with at_the_start(**HAND | {"china_security_weight": 1.0}) as model:
        market = market_by_hand(model)
        supply = market.supply.copy()
        supply[RW] = 2.0 * market.consumed[US]
        consumed = market.consumed.copy()
        consumed[RW] = supply[RW]
        worth = model.china.payoffs(with_goods(market, consumed, supply))
    assert worth[OPTIONS.index("embargo")] == pytest.approx([0] * WORLDS)
    assert (worth[OPTIONS.index("licence_all")] > 0).all()


# Policies


def decided(china: China, market: MarketState, *months: int) -> None:
    """Let China decide in some months of 2025."""
    for month in months:
        china.choose_export_policy(market, Month(month, 2025))


@pytest.mark.parametrize("option", OPTIONS)
def test_who_needs_a_licence_for_what(option: str) -> None:
    """Licences bind all buyers abroad and let a part through, an embargo the United States alone, and lets nothing."""
    with at_the_start(china_policy=option, licence_share=0.4) as model:
        decided(model.china, model.market.state, 3)
        policy, restricting = model.china.policy, model.china.restricting()
    needed = {(COUNTRIES[row], MATERIALS[good]) for row, good in np.argwhere((policy.licensed == 1).all(-1))}
    abroad = set(COUNTRIES) - {"china"}
    goods = {"licence_heavy": {"heavy"}, "licence_all": set(MATERIALS), "embargo": set(MATERIALS)}.get(option, set())
    buyers = {"united_states"} if option == "embargo" else abroad
    assert needed == {(buyer, material) for buyer in buyers for material in goods}
    assert policy.licensed.sum() == WORLDS * len(needed)
    assert policy.quota is None and policy.mines is None
    through = {"open": 1.0, "embargo": 0.0}.get(option, 0.4)
    assert policy.let_through.tolist() == [through] * WORLDS
    assert policy.mining_cut.tolist() == policy.cut_months.tolist() == [0] * WORLDS
    assert (restricting == bool(goods)).all()


def test_what_is_chosen_comes_into_force_once_a_quarter() -> None:
    """In a month of it that is the world's own; a fixed option does at once, in the first quarter that is decided."""
    fixed = ("open", "embargo", "expand")
    named = np.array([*fixed, *["strategic"] * 60])
    with at_the_start(len(named), china_policy=named, china_precision=1.0) as model:
        options = []
        for month in range(60):
            decided(model.china, model.market.state, month)
            options.append(model.china.option.copy())
    assert (np.array(options)[:3, :3] == 0).all()
    for world, option in enumerate(fixed):
        assert (np.array(options)[3:, world] == OPTIONS.index(option)).all()
    moved = np.diff(np.array(options)[:, 3:], axis=0) != 0
    months = [set((np.flatnonzero(world) + 1) % 3) for world in moved.T]
    assert all(len(each) == 1 for each in months)
    assert set.union(*months) == {0, 1, 2}
    assert not moved[:2].any()


def test_the_more_precise_the_more_often_the_best() -> None:
    """In the market by hand an embargo is worth most by far."""
    with at_the_start(**HAND | {"china_precision": 200.0}) as model:
        decided(model.china, market_by_hand(model), 3, 4, 5)
        assert (model.china.option == OPTIONS.index("embargo")).all()


# The quota


def test_the_quota_follows_use_and_price_by_their_worth() -> None:
    """Use grows by .02 a month, .24 a year: the trend by an hundredth of what it lacks of that; prices add .034.

    What is decided in a month holds in the next; before anything has been used there is no growth.
    """
    given = {"quota_growth": 0.04, "quota_gain": 0.12, "quota_response": 0.2, "china_policy": "open"}
    with at_the_start(**given) as model:
        china, state = model.china, model.market.state
        assert china.policy.growth == pytest.approx([0.04 / 12] * WORLDS)
        price = np.zeros_like(state.expected_log_price)
        price[CN] = rows(0.1, 0.2, 0.3)
        weights, used = rows(0.5, 0.3, 0.2), np.zeros_like(state.consumed)
        market = with_goods(replace(state, value_weights=weights, expected_log_price=price), used, state.supply)
        decided(china, market, 0)
        used = used + rows(1.0, 2.0, 3.0)
        decided(china, with_goods(market, used, state.supply), 1)
        assert china.trend == pytest.approx([0.04] * WORLDS)
        decided(china, with_goods(market, used * np.exp(rows(0.04, 0.0, 0.0)), state.supply), 2)
        assert china.trend == pytest.approx([0.042] * WORLDS)
        policy = china.policy
    assert policy.trend == pytest.approx([0.042] * WORLDS)
    assert policy.growth == pytest.approx([(0.04 + 0.034) / 12] * WORLDS)
    assert policy.next_growth == pytest.approx([(0.042 + 0.034) / 12] * WORLDS)


@pytest.mark.parametrize(("option", "growth"), [("tighten", 0.0), ("open", 0.04), ("expand", 0.08)])
def test_options_move_the_quota_by_a_normal_growth(option: str, growth: float) -> None:
    with at_the_start(china_policy=option, quota_growth=0.04, quota_response=0.0, quota_gain=0.0) as model:
        decided(model.china, model.market.state, 3)
        assert 12 * model.china.policy.next_growth == pytest.approx([growth] * WORLDS)


# Tension and accounts


def test_a_month_of_tension() -> None:
    """From 2, its normal: a deal adds .05; of a month of restriction a fifth is left behind, and counted."""
    with at_the_start(initial_tension=2.0, tension_volatility=0, deal_provocation=0.05, tension_spent=0.2) as model:
        china = model.china
        china.option = np.array([OPTIONS.index(name) for name in ("open", "expand", "licence_heavy")])
        china.update_tension(np.array([False, True, True]), Month(3, 2025))
        assert china.tension == pytest.approx([2.0, 2.05, 1.65])
        china.update_tension(np.zeros(WORLDS, dtype=bool), Month(4, 2025))
        assert china.tension == pytest.approx([2.0, 2.045, 1.65 + 0.035 - 0.33])
        assert china.restricted_months.tolist() == [0, 0, 2]


def test_the_news_of_tension_spread_as_declared() -> None:
    with at_the_start(4000, tension_volatility=0.2, initial_tension=2.0, deal_provocation=0.0) as model:
        model.china.update_tension(np.zeros(4000, dtype=bool), Month(0, 2025))
        assert model.china.tension.mean() == pytest.approx(2.0, abs=0.02)
        assert model.china.tension.std() == pytest.approx(0.2, rel=0.05)


def test_the_accounts_of_a_month() -> None:
    """Profit of the year; three times the harm it could do; .4 of what is under licence: 10, 3 and nothing."""
    with at_the_start(**HAND) as model:
        china, market = model.china, market_by_hand(model)
        profit = np.zeros_like(market.profit)
        profit[CN] = 0.5
        china.option = np.array([OPTIONS.index(name) for name in ("embargo", "licence_heavy", "tighten")])
        china.book(replace(model.known(), market=replace(market, profit=profit)), np.full(WORLDS, 0.5))
        account, percent = china.account, 100 / china.gdp
    assert account.money == pytest.approx([6.0 * percent] * WORLDS)
    assert account.security == pytest.approx([3 * 28.0 * percent] * WORLDS)
    assert account.politics == pytest.approx([-4.0 * percent, -1.2 * percent, 0.0])
    assert account.utility == pytest.approx((0.5 * (6.0 - np.array([4.0, 1.2, 0.0])) + 0.5 * 84.0) * percent)
    assert account.welfare == pytest.approx(account.utility * 0.5 / 12)
