"""The yardsticks themselves, against known answers and by other routes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, linalg, optimize

from model.rules import bargaining, conflict
from tests.theory import yardsticks

EXACT = 1e-6
chances = st.floats(0, 1)
money = st.floats(-1e3, 1e3)


def close(actual: Any, expected: Any, within: float = EXACT) -> None:
    np.testing.assert_allclose(actual, expected, rtol=0, atol=within)


# Bargaining


def test_t1_nash_bargaining() -> None:
    close(yardsticks.nash_shares(1, 2, 10, 0.5), (4.5, 5.5))


@pytest.mark.parametrize("weight", [0.2, 0.5, 0.7])
def test_t1_maximises_the_weighted_product_of_gains(weight: float) -> None:
    first, second = yardsticks.nash_shares(1, 2, 10, weight)
    best = optimize.minimize_scalar(
        lambda x: -(weight * np.log(x - 1) + (1 - weight) * np.log(10 - x - 2)),
        bounds=(1 + 1e-9, 8 - 1e-9),
        method="bounded",
        options={"xatol": 1e-10},
    )
    close(best.x, first, 1e-5)
    close(first + second, 10)


def test_t3_rubinstein_without_delay() -> None:
    close(yardsticks.rubinstein_limit(0.05, 0.10), 2 / 3)
    interval = 1e-7
    close(bargaining.rubinstein_share(np.exp(-0.05 * interval), np.exp(-0.10 * interval)), 2 / 3)


def test_t7_sealed_bids_by_simulation() -> None:
    rng = np.random.default_rng(1983)
    value, cost = rng.uniform(size=(2, 200_000))
    trade, price = yardsticks.chatterjee_samuelson_trade(*yardsticks.chatterjee_samuelson_bids(value, cost))
    surplus = np.where(trade, value - cost, 0.0)
    for sample, expected in ((trade, 9 / 32), (surplus, 9 / 64), (np.maximum(value - cost, 0), 1 / 6)):
        error = np.std(sample) / np.sqrt(sample.size)
        assert abs(np.mean(sample) - expected) < 3 * error
    # Away from the margin, where rounding decides, trade is exactly where it gains a quarter or more.
    clear = np.abs(value - cost - 0.25) > 1e-9
    assert np.array_equal(trade[clear], (value - cost >= 0.25)[clear])
    assert np.all((price[trade] <= value[trade]) & (price[trade] >= cost[trade]))
    assert np.all(np.isnan(price[~trade]))


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (-2.0, 6.0)])
@pytest.mark.parametrize("part", [0.4, 0.7, 0.95])
def test_t7_bids_answer_each_other_best(low: float, high: float, part: float) -> None:
    """No bid earns a buyer more against asks spread as the rule has it, and the same for the seller."""
    tried = np.linspace(low, high, 100_001)
    value, cost = low + part * (high - low), high - part * (high - low)
    (lowest_bid, lowest_ask), (highest_bid, highest_ask) = (
        yardsticks.chatterjee_samuelson_bids(end, end, low, high) for end in (low, high)
    )
    met = np.clip((tried - lowest_ask) / (highest_ask - lowest_ask), 0, 1)
    mean_ask = 0.5 * (lowest_ask + np.clip(tried, lowest_ask, highest_ask))
    best = tried[int(np.argmax(met * (value - 0.5 * (tried + mean_ask))))]
    close(best, yardsticks.chatterjee_samuelson_bids(value, cost, low, high)[0], 1e-4 * (high - low))
    met = np.clip((highest_bid - tried) / (highest_bid - lowest_bid), 0, 1)
    mean_bid = 0.5 * (highest_bid + np.clip(tried, lowest_bid, highest_bid))
    best = tried[int(np.argmax(met * (0.5 * (tried + mean_bid) - cost)))]
    close(best, yardsticks.chatterjee_samuelson_bids(value, cost, low, high)[1], 1e-4 * (high - low))


@given(money, money, money, chances)
def test_nash_shares_waste_nothing_and_never_hurt(first: float, second: float, pie: float, weight: float) -> None:
    got = yardsticks.nash_shares(first, second, pie, weight)
    close(got[0] + got[1], max(pie, first + second), 1e-9)
    assert got[0] >= first
    assert got[1] >= second
    assert yardsticks.nash_product(got[0] - first, got[1] - second) >= 0


# War, and bargaining in its shadow


@pytest.mark.parametrize(("discount", "destroyed", "riser"), [(0.9, 0.2, 0.4), (0.95, 0.1, 0.2), (0.7, 0.05, 0.5)])
def test_t6_from_the_payoffs_themselves(discount: float, destroyed: float, riser: float) -> None:
    """War shares out what it leaves for ever; in peace the riser must later get its worth of war."""
    weights = discount ** np.arange(3000)

    def worth_of_war_now(shift: float) -> float:
        fight = float(np.sum(weights * (1 - destroyed) * (1 - riser)))
        riser_later = float(np.sum(weights * (1 - destroyed) * (riser + shift)))
        pie_later = float(np.sum(weights))
        best_peace = 1.0 + discount * (pie_later - riser_later)
        return fight - best_peace

    threshold = optimize.brentq(worth_of_war_now, 0.0, 1.0, xtol=1e-12)
    close(yardsticks.power_shift_threshold(discount, destroyed, riser), threshold)


@given(chances, chances, chances)
def test_t6_what_makes_war_dear_raises_the_threshold(discount: float, destroyed: float, riser: float) -> None:
    threshold = yardsticks.power_shift_threshold(discount, destroyed, riser)
    assert threshold >= 0
    assert yardsticks.power_shift_threshold(discount, min(destroyed + 0.1, 1), riser) >= threshold


@pytest.mark.parametrize(("rate", "ceasefire", "renewal"), [(0.1, 0.3, 0.06), (0.04, 1.5, 0.3), (0.1, 0.0, 0.2)])
def test_years_of_war_are_those_of_the_markov_chain(rate: float, ceasefire: float, renewal: float) -> None:
    """Its transition matrix followed by the fortnight for twenty times 1/r years, by Simpson's rule."""
    step = 1 / 24
    times = np.arange(0, int(20 / rate / step) + 1) * step
    change = linalg.expm(step * np.array([[-ceasefire, ceasefire], [renewal, -renewal]]))
    at_war, state = np.empty((len(times), 2)), np.eye(2)
    for row in at_war:
        row[:] = state[:, 0]
        state = state @ change
    years = integrate.simpson(np.exp(-rate * times)[:, None] * at_war, x=times, axis=0)
    close(yardsticks.expected_war_years(rate, ceasefire, renewal), years)


def test_t8_tullock() -> None:
    efforts = yardsticks.tullock_efforts(2, 1)
    close(efforts, (4 / 9, 2 / 9))
    close(conflict.contest_probability(*efforts, 1.0), 2 / 3)


@pytest.mark.parametrize("gamma", [0.5, 1.0, 1.3])
@pytest.mark.parametrize("values", [(2.0, 1.0), (1.0, 1.0), (3.0, 2.0)])
def test_t8_efforts_answer_each_other_best(gamma: float, values: tuple[float, float]) -> None:
    efforts = yardsticks.tullock_efforts(*values, gamma)
    for me, other in ((0, 1), (1, 0)):

        def loss(effort: float, me: int = me, other: int = other) -> float:
            win = conflict.contest_probability(effort, efforts[other], gamma)
            return float(effort - values[me] * win)

        best = optimize.minimize_scalar(loss, bounds=(0, values[me]), method="bounded", options={"xatol": 1e-10})
        close(best.x, efforts[me])
        assert best.fun <= EXACT  # worth entering at all


def test_t5_fearon() -> None:
    demand = yardsticks.fearon_demand(0.5, 0.1, 0.0, 0.4)
    close(demand, 0.65)
    close(yardsticks.fearon_war_probability(demand, 0.5, 0.0, 0.4), 0.375)


@given(chances, st.floats(0, 0.5), st.floats(0, 0.3), st.floats(0.01, 0.6))
def test_t5_no_other_demand_is_worth_more(win: float, cost: float, low: float, width: float) -> None:
    high = low + width
    demands = np.append(np.linspace(0, 1, 2001), yardsticks.fearon_demand(win, cost, low, high))
    refused = np.mean(demands[:, None] - win > np.linspace(low, high, 4001), axis=1)
    worth = (1 - refused) * demands + refused * (win - cost)
    assert worth[-1] >= worth.max() - 1e-3
    war = yardsticks.fearon_war_probability(demands[-1], win, low, high)
    assert 0 <= war <= 1
    close(war, refused[-1], 1e-3)
    if demands[-1] < 1:
        close(war, max(0.5 * (high - cost) - low, 0) / width, 1e-9)


def test_t5_without_private_information_there_is_no_war() -> None:
    demand = yardsticks.fearon_demand(0.5, 0.1, 0.2, 0.2)
    close(demand, 0.7)
    close(yardsticks.fearon_war_probability(np.array([0.6, 0.7, 0.71]), 0.5, 0.2, 0.2), [0, 0, 1])


def test_t6_power_shift() -> None:
    close(yardsticks.power_shift_threshold(0.9, 0.2, 0.4), 0.29 / 0.9)
    close(yardsticks.power_shift_threshold(0.9, 0.2, 0.4), 0.3222, 5e-5)


# Tied hands and sunk costs (Fearon 1997): interest v in the prize, uniform on 0-1; war is won with chance p
# and costs c; a challenger attacks whoever promised nothing, and whoever did with chance k.

INTERESTS = np.linspace(0, 1, 2001)
CASES = [(0.6, 0.2, 0.3), (0.5, 0.4, 0.1), (0.9, 0.5, 0.7)]


def payoffs(p: float, c: float, k: float, sunk: float, audience: float) -> tuple[Any, Any, Any]:
    """Worth of signalling and of keeping quiet to each interest, and whether it fights after a signal."""
    fight = p * INTERESTS - c
    fights = yardsticks.honours_commitment(p * INTERESTS, c, audience)
    tested = np.where(fights, fight, -audience)
    return (1 - k) * INTERESTS + k * tested - sunk, np.maximum(fight, 0.0), fights


def tied_and_sunk(p: float, c: float, k: float) -> list[tuple[float, tuple[Any, Any, Any]]]:
    """Threshold and payoffs of the two separating equilibria."""
    audience = float(yardsticks.separating_audience_cost(p, c, k))
    sunk = float(yardsticks.separating_sunk_cost(p, c, k))
    return [
        (float(yardsticks.hand_tying_threshold(p, c, k)), payoffs(p, c, k, 0.0, audience + 1e-12)),
        (float(yardsticks.sunk_cost_threshold(p, c)), payoffs(p, c, k, sunk, 0.0)),
    ]


@pytest.mark.parametrize(("p", "c", "k"), CASES)
def test_nobody_bluffs_and_nobody_would_rather_do_otherwise(p: float, c: float, k: float) -> None:
    for threshold, (signal, quiet, fights) in tied_and_sunk(p, c, k):
        sends = threshold + 1e-9 < INTERESTS
        keeps_quiet = threshold - 1e-9 > INTERESTS
        assert np.all(fights[sends]), "a signal that would not be honoured"
        assert np.all(signal[sends] >= quiet[sends] - 1e-9)
        assert np.all(signal[keeps_quiet] <= quiet[keeps_quiet] + 1e-9)


@pytest.mark.parametrize(("p", "c", "k"), CASES)
def test_tied_hands_bring_more_wars_and_are_still_worth_more(p: float, c: float, k: float) -> None:
    (tied_from, tied), (sunk_from, sunk) = tied_and_sunk(p, c, k)
    assert tied_from < sunk_from
    war_when_tied, war_when_sunk = (k * np.mean(from_ < INTERESTS) for from_ in (tied_from, sunk_from))
    assert war_when_tied > war_when_sunk
    tied_worth, sunk_worth = (np.mean(np.maximum(signal, quiet)) for signal, quiet, _ in (tied, sunk))
    assert tied_worth > sunk_worth


def test_signals_are_defined_where_war_is_hopeless() -> None:
    p, k = np.array([[0.0, 0.0, 0.5], [0.5, 1.0, 1.0]])
    close(yardsticks.hand_tying_threshold(p, 0.2, k), [0.2, np.inf, 0.4])
    close(yardsticks.sunk_cost_threshold(p, 0.2), [np.inf, np.inf, 0.4])
    close(yardsticks.separating_audience_cost(p, 0.2, k), [0.2, 0.2, 0.0])


# The dominant producer


def test_dominant_firm() -> None:
    """T9: cost 1, demand P^-1.5, fringe supply .1 P; first-order condition and the Lerner rule agree."""
    best = optimize.minimize_scalar(
        lambda p: -(p - 1) * (p**-1.5 - 0.1 * p), bounds=(1, 5), method="bounded", options={"xatol": 1e-10}
    )
    price = best.x
    share = (price**-1.5 - 0.1 * price) / price**-1.5
    assert price == pytest.approx(1.594, abs=1e-3)
    assert share == pytest.approx(0.679, abs=1e-3)
    assert yardsticks.lerner_index(share, 1.5, 1.0) == pytest.approx((price - 1) / price, abs=1e-4)


def test_static_mark_up_is_refused_where_it_has_no_optimum() -> None:
    with pytest.raises(ValueError, match=r"share=0\.91.*Lerner index.*limit_pricing"):
        yardsticks.lerner_index(0.91, 0.2, 0.1)


def test_limit_pricing() -> None:
    """T10 (Gaskins)."""
    assert yardsticks.limit_pricing_fringe_share(0.5, 0.5, 0.04, 0.05) == pytest.approx(0.35, abs=1e-12)


def test_hotelling() -> None:
    """T15: price 10 - q, stock 8, r .1, two periods."""
    first, second = yardsticks.hotelling_prices(10, 8, 0.1)
    assert (first, second) == pytest.approx((5.714285714, 6.285714286), abs=1e-6)
    assert (10 - first) + (10 - second) == pytest.approx(8)


# Two levels


@given(chances, st.floats(0, 0.5), st.integers(3, 450), st.data())
def test_tied_hands_give_away_less(middle: float, spread: float, seats: int, data: st.DataObject) -> None:
    """A higher quota weakly lowers what can be ceded, hence what is ceded, and never makes passing easier."""
    quota = data.draw(st.integers(1, seats - 1))
    limits = yardsticks.pivotal_share(middle, spread, seats, np.array([quota, quota + 1]))
    assert 0 <= limits[1] <= limits[0] <= 1
    nash = data.draw(chances)
    bargain = yardsticks.win_set_bound(nash, limits)
    assert bargain[1] <= bargain[0] <= nash
    assert np.all(bargain <= limits)


def test_simple_majority_is_the_median_deputy() -> None:
    close(yardsticks.pivotal_share(0.3, 0.1, 401, 201), 0.3, 1e-12)
    close(yardsticks.win_set_bound(np.array([0.2, 0.5]), 0.3), [0.2, 0.3], 0)
