"""Competitive storage: its coefficients against their equations, its limits, and a solution by collocation."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize

from model.rules import storage

NAMES = ("elasticity", "cover", "response", "habit_gain", "quota_feedback", "slow_elasticity", "adjustment")
DEFAULT = dict(zip(NAMES, (0.132, 2.7, 0.1, 1 / 6, 0.7 * 0.15 / 12, 0.378, 1 / 24), strict=True))
RANGES = ((0.08, 0.3), (1, 6), (0.03, 0.3), (0.1, 0.5), (0.0, 0.025), (0.0, 1.92), (1 / 60, 1 / 6))
"""What the parameters allow."""


def rule_of(**changes: float) -> storage.StorageRule:
    """The rule at the defaults with some numbers changed, one world."""
    return storage.storage_rule(*(np.array([value]) for value in (DEFAULT | changes).values()))


def test_coefficients_solve_their_equations_at_all_corners() -> None:
    """Put into supply of storage and the balance of stocks, both linear, every state's coefficient vanishes.

    s' = s - (g - e x); s' = c (g - e x) + a (E x' - x), with E x' = -A s' + B u' + C X' + Q m' + V v', a = c / k.
    """
    corners = np.array(list(product(*RANGES))).T
    e, c, k, gain, quota, slow, speed = corners
    rule = storage.storage_rule(*corners)
    a, persistence = c / k, 0.8
    responses = (-rule.stock, rule.demand, rule.substitution, rule.habit, rule.passing(np.full_like(e, persistence)))
    for state in range(5):  # a unit of s, u, X, m, v
        x, gap, s = responses[state], float(state in (1, 2, 4)), float(state == 0)
        after = s - (gap - e * x)
        u = (state == 1) - quota * (state == 3)
        substitution = (state == 2) * (1 - speed) - slow * speed * (state == 3)
        habit = (state == 3) * (1 - gain) + gain * x
        passing = rule.passing(np.full_like(e, persistence)) * persistence * (state == 4)
        expected = (
            -rule.stock * after + rule.demand * u + rule.substitution * substitution + rule.habit * habit + passing
        )
        residual = after - c * (gap - e * x) - a * (expected - x)
        assert (np.abs(residual) < 1e-12 * (1 + a * np.abs(x))).all()
    assert (rule.stock > 0).all()
    assert (rule.steepness - e > 0.1).all()


def test_without_slow_laws_it_is_muth() -> None:
    """A is the root of the quadratic of Muth (1961): A (e (1 + c) + e a A) = 1, a = c / k."""
    rule, a, e, c = rule_of(quota_feedback=0.0, slow_elasticity=0.0), 2.7 / 0.1, 0.132, 2.7
    root = (-e * (1 + c) + np.sqrt((e * (1 + c)) ** 2 + 4 * e * a)) / (2 * e * a)
    assert rule.stock[0] == pytest.approx(root, rel=1e-12)
    assert rule.habit[0] == 0.0


def test_as_the_response_vanishes_the_price_is_a_martingale() -> None:
    """Deaton and Laroque (1992): whatever is stored, its expected price is today's."""
    changes = []
    for response in (0.3, 0.03, 0.003, 0.0003):
        rule = rule_of(response=response, quota_feedback=0.0, slow_elasticity=0.0)
        x = -rule.stock  # one month of supply too much in stock
        changes.append(abs(float((-rule.stock * (1 + 0.132 * x) - x)[0])))
    assert changes == sorted(changes, reverse=True)
    assert changes[-1] < 2e-3


def test_a_gap_that_never_ends_is_a_lasting_one() -> None:
    rule = rule_of()
    assert rule.passing(np.array([1.0])) == pytest.approx(rule.demand)
    assert 0 < rule.passing(np.array([0.0])) < rule.passing(np.array([0.75])) < rule.demand


def test_near_the_base_storers_make_the_price_that_the_rule_foresees() -> None:
    """Supply, demand and the stock that they want clear at x = -A s + B u + C X + Q m + V v, to first order, anywhere.

    They are given E x' less what this month's stock and price do to it: u falls by what the quota adds, X and m go on.
    """
    corners = np.array(list(product(*RANGES))).T
    e, c, _, gain, quota, slow, speed = corners
    rule, persistence, small = storage.storage_rule(*corners), 0.8, 1e-6
    v_price = rule.passing(np.full_like(e, persistence))
    for state in range(5):
        s, u, substitution, m, v = (small * (state == each) for each in range(5))
        expected = rule.demand * (u - quota * m) + rule.substitution * (substitution * (1 - speed) - slow * speed * m)
        expected += rule.habit * m * (1 - gain) + v_price * persistence * v
        gap, choke = np.full_like(e, u + substitution + v), np.full_like(e, 3.0)
        shift = storage.stock_shift(rule, expected, gap, choke)
        x = storage.market_price(1 + c + s, np.exp(gap), c, shift, e, rule.steepness, choke)
        foreseen = -rule.stock * s + rule.demand * u + rule.substitution * substitution + rule.habit * m + v_price * v
        np.testing.assert_allclose(x / small, foreseen / small, rtol=1e-5, atol=1e-5)


def test_nobody_stores_for_a_price_beyond_the_choke() -> None:
    """Expectations beyond the choke or the floor count as these; at the choke nobody wants more than cover."""
    rule, choke = rule_of(), np.array([2.0])

    def shift(expected: float, gap: float = 0.0) -> float:
        return float(storage.stock_shift(rule, np.array([expected]), np.array([gap]), choke)[0])

    assert shift(99.0) == shift(2.0) > shift(1.9)
    assert shift(-99.0) == shift(storage.FLOOR) < shift(storage.FLOOR + 0.1)
    assert shift(2.0) * float(rule.spread[0]) == pytest.approx(2.0)
    assert shift(2.0, 50.0) == pytest.approx(2.0 * float(rule.steepness[0]))


def test_where_users_leave_and_producers_hold_back() -> None:
    """From a factor e before the choke; at 49/20 of it e^4.65 (less what it is at the onset) of the log is gone."""
    assert np.exp(storage.FLOOR) == pytest.approx(0.1)
    gone = storage.beyond(np.array([-50.0, -1.0, -0.99, np.log(49 / 20)]))
    assert gone[:2] == pytest.approx([0, 0], abs=1e-12)
    assert gone[2] > 1e-4
    assert gone[3] == pytest.approx(np.exp(4.65), abs=0.01)
    assert np.isfinite(storage.beyond(np.array([1e6]))).all()


@pytest.mark.parametrize(("kind", "digits"), [(np.float64, 1e-13), (np.float32, 1e-5)])
def test_the_clearing_price_has_all_digits_of_its_kind(kind: type[np.floating], digits: float) -> None:
    rng, count = np.random.default_rng(0), 5000
    use, stock, e = (rng.uniform(low, high, count).astype(kind) for low, high in ((-6, 6), (-40, 40), (0.08, 0.3)))
    k = e + rng.uniform(0.3, 8, count).astype(kind)
    x = storage.clearing_log_price(use, stock, e, k)
    assert x.dtype == kind
    use, stock, e, k, x = (each.astype(np.float64) for each in (use, stock, e, k, x))
    assert np.abs(np.logaddexp(use - e * x, stock - k * x)).max() < digits


@given(st.floats(-6, 6), st.floats(-40, 40), st.floats(0.08, 0.3), st.floats(0.3, 8))
def test_the_price_clears_the_market(use: float, stock: float, elasticity: float, steeper: float) -> None:
    """Whatever is wanted: e^(use - e x) + e^(stock - k x) = 1 to ten digits."""
    e, k = np.array([elasticity]), np.array([elasticity + steeper])
    x = storage.clearing_log_price(np.array([use]), np.array([stock]), e, k)
    assert np.exp(use - e * x) + np.exp(stock - k * x) == pytest.approx(1.0, rel=1e-9)


@pytest.mark.parametrize("gap", [-60.0, -3.0, -0.5, 0.0, 0.5, 3.0, 60.0])
def test_the_bounds_hold_whatever_is_wanted(gap: float) -> None:
    """At most 49/20 of the choke, at least a fortieth of the base; within, and beyond, the root of what is left."""
    e, k, choke = np.array([0.132]), np.array([1.07]), np.array([np.log(9.0)])
    one, cover = np.array([1.0]), np.array([2.7])
    x = storage.market_price(one * 3.7, one * np.exp(gap), cover * np.exp(gap), 0 * one, e, k, choke)

    def excess(y: float) -> float:
        taken = np.logaddexp(gap - e[0] * y, np.log(2.7) + gap - k[0] * y) - np.log(3.7)
        over, under = storage.beyond(np.array([y - choke[0]])), storage.beyond(np.array([storage.FLOOR - y]))
        return float(taken - over[0] + under[0])

    assert x[0] == pytest.approx(optimize.brentq(excess, -5, 5, xtol=1e-13), abs=1e-7)
    assert np.log(0.025) < x[0] < choke[0] + np.log(49 / 20)


@pytest.mark.parametrize(("kind", "digits"), [(np.float64, 1e-12), (np.float32, 1e-4)])
@pytest.mark.parametrize("choke", [1.5, np.log(9.0), 4.0])
@pytest.mark.parametrize("steepness", [0.4, 1.07, 5.0])
def test_what_is_taken_at_the_price_is_what_there_is(
    steepness: float, choke: float, kind: type[np.floating], digits: float
) -> None:
    """Used and stored, and unsold on top, are what is available, be it scarce or plenty, near the bounds or not."""
    gap = np.linspace(-60, 60, 241, dtype=kind)
    one = np.ones_like(gap)
    use, stock, shift = np.exp(gap), 2 * np.exp(gap), 0.3 * one
    given = kind(0.132) * one, kind(steepness) * one, kind(choke) * one
    x = storage.market_price(3.7 * one, use, stock, shift, *given)
    used, stored, unsold = storage.taken(x, shift, *given)
    taken = np.log((use * used + stock * stored) / 3.7) + np.log1p(unsold)
    assert np.abs(taken).max() < digits
    assert (np.diff(x) > 0).all()
    near = (x > choke - 1) | (x < storage.FLOOR + 1)
    assert (storage.near_bounds(x, given[2]) == near).all()
    assert (unsold[x > storage.FLOOR + 1] == 0).all()


def test_a_market_without_stock_or_without_use() -> None:
    """A tenth more use than supply at an elasticity of a half; stock alone, half of what is wanted, at one of two."""
    one, none, choke = np.array([1.0]), np.array([0.0]), np.array([9.0])
    users = storage.market_price(one, 1.1 * one, none, none, 0.5 * one, 2.0 * one, choke)
    assert users == pytest.approx(2 * np.log(1.1))
    storers = storage.market_price(one, none, 2.0 * one, none, 0.5 * one, 2.0 * one, choke)
    assert storers == pytest.approx(0.5 * np.log(2.0))
    nothing = storage.market_price(none, one, one, none, 0.132 * one, one, choke)
    assert choke < nothing < choke + np.log(49 / 20)


def test_what_is_used_and_stored_between_the_bounds_and_beyond_them() -> None:
    """By hand: e^(-e x) and e^(shift - k x), less what leaves above the choke; below the floor some is unsold."""
    e, k, choke = np.array([0.2]), np.array([1.1]), np.array([np.log(9.0)] * 3)
    x = np.array([0.5, np.log(9.0) + 0.1, storage.FLOOR - 0.1])
    used, stored, unsold = storage.taken(x, np.array([0.3, 0.0, 0.0]), e, k, choke)
    beyond = np.exp(storage.SHARPNESS * 0.1) - np.exp(-storage.SHARPNESS)
    assert np.log(used) == pytest.approx([-0.1, -0.2 * x[1] - beyond, -0.2 * x[2]])
    assert np.log(stored) == pytest.approx([0.3 - 0.55, -1.1 * x[1] - beyond, -1.1 * x[2]])
    assert np.log1p(unsold) == pytest.approx([0.0, 0.0, beyond])


def solved_by_collocation(c: float, k: float, rho: float, sigma: float, e: float = 0.132) -> tuple[np.ndarray, ...]:
    """Stock (month's supply) kept on a grid of availability and a passing gap of demand, and the grids.

    Holds S = c u e^((E x' - x) / k), u + S = w, w' = 1 + S, v' = rho v + news; iterated to a fixed point.
    """
    w = np.linspace(1 + 0.15 * c, 1 + 2.4 * c, 44)[:, None, None]
    v = np.linspace(-4, 4, 41)[None, :, None] * sigma / np.sqrt(1 - rho**2)
    nodes, weights = np.polynomial.hermite_e.hermegauss(7)
    weights = weights / weights.sum()
    v_next = rho * v + sigma * nodes
    column = np.clip((v_next - v[0, 0, 0]) / (v[0, 1, 0] - v[0, 0, 0]), 0, 40 - 1e-9)
    j, part_j = column.astype(int), column % 1

    def at(x: np.ndarray, availability: np.ndarray) -> np.ndarray:
        row = np.clip((availability - w[0, 0, 0]) / (w[1, 0, 0] - w[0, 0, 0]), 0, 43 - 1e-9)
        i, part_i = row.astype(int), row % 1
        low, high = (x[i, j] * (1 - part_j) + x[i, j + 1] * part_j for i in (i, i + 1))
        return low * (1 - part_i) + high * part_i

    x = (v[..., 0] - np.log(w[..., 0] / (1 + c))) / (2 * e) * 0.3
    for _ in range(250):
        low, high = np.full(x.shape, 1e-6), w[..., 0] - 1e-6 + 0 * x
        for _ in range(28):
            stock = 0.5 * (low + high)
            now = (v[..., 0] - np.log(w[..., 0] - stock)) / e
            expected = (at(x, 1 + stock[..., None]) * weights).sum(-1)
            more = np.log(c * (w[..., 0] - stock) / stock) + (expected - now) / k > 0
            low, high = np.where(more, stock, low), np.where(more, high, stock)
        new = (v[..., 0] - np.log(w[..., 0] - stock)) / e
        if np.abs(new - x).max() < 1e-5:
            break
        x = 0.5 * x + 0.5 * new
    return stock, w[:, 0, 0], v[0, :, 0]


@pytest.mark.long
@pytest.mark.parametrize(
    ("cover", "response", "rho", "sigma"), [(2.7, 0.1, 0.9, 0.03), (2.7, 0.05, 0.8, 0.04), (1.0, 0.1, 0.8, 0.03)]
)
def test_it_moves_as_the_solution_by_collocation(cover: float, response: float, rho: float, sigma: float) -> None:
    """On the same news the standard deviation of monthly changes is within 3 % of the true one's."""
    kept, w, v_grid = solved_by_collocation(cover, response, rho, sigma)
    e, one = 0.132, np.ones(400)
    rule = rule_of(cover=cover, response=response, quota_feedback=0.0, slow_elasticity=0.0)
    rng, paths = np.random.default_rng(1), {"true": [], "closed form": []}  # type: ignore[var-annotated]
    v, stocks = 0 * one, {name: cover * one for name in paths}
    for _ in range(240):
        v = rho * v + sigma * rng.standard_normal(400)
        available = 1 + stocks["true"]
        row = np.clip(np.interp(available, w, np.arange(44.0)), 0, 43 - 1e-9)
        column = np.clip(np.interp(v, v_grid, np.arange(41.0)), 0, 40 - 1e-9)
        i, j = row.astype(int), column.astype(int)
        corners = [kept[i + a, j + b] * abs(1 - a - row % 1) * abs(1 - b - column % 1) for a in (0, 1) for b in (0, 1)]
        stocks["true"] = sum(corners)  # type: ignore[assignment]
        paths["true"].append((v - np.log(available - stocks["true"])) / e)
        available = 1 + stocks["closed form"]
        push = rule.passing(np.array([rho])) * rho * v
        shift = storage.stock_shift(rule, push, v, 9 * one)
        x = storage.market_price(available, np.exp(v), cover * one, shift, e * one, rule.steepness * one, 9 * one)
        stocks["closed form"] = available - np.exp(v - e * x)
        paths["closed form"].append(x)
    true, ours = (np.diff(np.array(each)[40:], axis=0).std() for each in paths.values())
    assert ours == pytest.approx(true, rel=0.03)
