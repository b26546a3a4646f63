"""What the market's rules do with tonnes, each against an answer worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.rules import market


def column(values: object) -> np.ndarray:
    """Numbers of countries or materials as an array with one world."""
    return np.asarray(values, dtype=float)[..., None]


def goods(*values: float) -> np.ndarray:
    """A number for each country, of one material in one world."""
    return np.array(values, dtype=float)[:, None, None]


def flat(array: np.ndarray) -> list[float]:
    """The numbers of an array in its order."""
    return array.ravel().tolist()


def test_share_of_nothing_is_nothing() -> None:
    assert flat(market.share_of(np.array([3.0, 0.0]), np.array([4.0, 0.0]))) == [0.75, 0.0]


# Plants


def test_routing_by_hand() -> None:
    """Ore of 12 and 2 meets plants for 6, 4 and 4: the first keeps 6, two and four of its six go abroad."""
    content = np.array([[8.0, 4.0], [1.0, 1.0], [0.0, 0.0]])[..., None]
    done, left = market.routed(content, column([6.0, 4.0, 4.0]))
    assert done[..., 0] == pytest.approx(np.array([[4, 2], [1 + 4 / 3, 1 + 2 / 3], [8 / 3, 4 / 3]]))
    assert left == pytest.approx(0 * content)


def test_what_nobody_can_process_stays_where_it_is() -> None:
    """Ten tonnes, plants for four at home and two abroad: four wait, all of them at home."""
    done, left = market.routed(column([[10.0], [0.0]]), column([4.0, 2.0]))
    assert flat(done) == pytest.approx([4.0, 2.0])
    assert flat(left) == pytest.approx([4.0, 0.0])


# Demand


def test_demand_by_hand() -> None:
    """At four times the price an elasticity of a half halves demand; a shift of ln 3 trebles it."""
    quadrupled, half = np.log([4.0]), np.array([0.5])
    assert flat(market.demand(np.array([10.0]), quadrupled, half)) == pytest.approx([5.0])
    assert flat(market.demand(np.array([10.0]), quadrupled, half, np.log(3.0))) == pytest.approx([15.0])


def test_substitution_of_a_month() -> None:
    """A twenty-fourth of what is missing: the log of demand is -.1 and is to be -.5 × .68."""
    after = market.substituted(np.array([-0.1]), np.array([0.68]), np.array([0.5]), np.array([1.0]), 24.0)
    assert after == pytest.approx(-0.1 - 0.24 / 24)


# The licence


def test_what_a_licence_lets_through() -> None:
    """Half of 10 is licensed; of the other half so much leaks: 1 - e^(-2 ln 2), three quarters."""
    cap = market.licence_cap(column([10.0, 10.0]), column([0.5, 1.0]), np.array([2.0]), np.log(2.0))
    assert flat(cap) == pytest.approx([10 * (0.5 + 0.5 * 0.75), 10.0])
    assert flat(market.licence_cap(column([10.0]), column([1.5]), np.array([2.0]), np.log(2.0))) == [15.0]


def test_tonnes_shift_to_what_earns_more() -> None:
    """Rents of 3 and 1 against a mean of 2, or cents, are half above and below it: e^(±.1) at a speed of .2."""
    for unit in (1.0, 0.01):
        moved = market.shifted_quota(column([0.5, 0.5]), column([3 * unit, unit]), np.array([0.2]))
        assert flat(moved) == pytest.approx([np.exp(0.1) / (2 * np.cosh(0.1)), np.exp(-0.1) / (2 * np.cosh(0.1))])


def test_the_speed_bounds_the_shift_of_a_month() -> None:
    """A rent of 19 times the mean counts as twice it, and no rent as nothing: e^(.2) to e^(-.2)."""
    moved = market.shifted_quota(column([0.05, 0.95]), column([100.0, 0.0]), np.array([0.2]))
    assert moved[0] / moved[1] == pytest.approx(0.05 / 0.95 * np.exp(0.4))


def test_a_share_that_has_gone_can_come_back() -> None:
    moved = market.shifted_quota(column([1.0, 0.0]), column([1.0, 9.0]), np.array([0.0]))
    assert moved[1] == pytest.approx(1e-6, rel=1e-5)


@pytest.mark.parametrize(("binds", "inside", "outside"), [(1.0, [3, 2, 2], [0, 0, 8]), (0.0, [0, 0, 0], [3, 2, 10])])
def test_who_sells_where_a_licence_binds(binds: float, inside: list[float], outside: list[float]) -> None:
    """The third country licenses 2 of its 10; the others sell all they have where the price is higher."""
    supply, cap, binding = goods(3, 2, 10), np.array([[2.0]]), np.array([[bool(binds)]])
    assert [flat(pool) for pool in market.offers(supply, cap, binding, 2)] == [inside, outside]
    parts = market.sales(supply, goods(4, 3, 8), goods(1, 0, 0), cap, binding, 2)
    wanted = [[4, 0, 0], [0, 3, 8]] if binds else [[0, 0, 0], [4, 3, 8]]
    assert [flat(part) for part in parts] == [inside, wanted[0], outside, wanted[1]]


def test_a_licensor_with_less_than_it_licenses_ships_what_it_has() -> None:
    inside, outside = market.offers(goods(3, 1), np.array([[2.0]]), np.array([[True]]), 1)
    assert (flat(inside), flat(outside)) == ([3, 1], [0, 0])


# Trade


def test_flows_by_hand() -> None:
    """Each serves itself first; 5 and 1 to spare meet what the others lack, 4 and 2, in proportion."""
    offered, wanted = goods(7, 3, 1, 0), goods(2, 2, 5, 2)
    flows = market.pooled_flows(offered, wanted)[..., 0, 0]
    assert flows == pytest.approx(np.array([[2, 0, 10 / 3, 5 / 3], [0, 2, 2 / 3, 1 / 3], [0, 0, 1, 0], [0, 0, 0, 0]]))
    for exporter, importer in ((0, 2), (0, 3), (1, 2), (1, 3), (2, 3)):
        pair = market.pair_flow(offered, wanted, exporter, importer)
        assert flat(pair) == pytest.approx([flows[exporter, importer]])


def test_stock_sold_again_is_for_sale() -> None:
    """One sells all it made, 1, and 2 of its stock to who lacks 3 and has made none."""
    offered, wanted = goods(1, 0), goods(-2, 3)
    assert market.pooled_flows(offered, wanted)[..., 0, 0] == pytest.approx(np.array([[0, 3], [0, 0]]))
    assert flat(market.pair_flow(offered, wanted, 0, 1)) == [3.0]


def test_who_controls_what_a_country_uses() -> None:
    """Of 10 it makes 4 itself; of the 16 that others offer 12 are the exporter's: .6 × .75."""
    share = market.controlled_share(goods(4, 12, 4), np.array([[10.0]]), 1, 0)
    assert flat(share) == pytest.approx([0.45])
    assert flat(market.controlled_share(goods(4, 12, 4), np.array([[3.0]]), 1, 0)) == [0.0]


# Mines


@pytest.mark.parametrize(("margin", "after"), [(0.5, 0.44), (-0.5, 0.36), (20.0, 1.0), (-20.0, 0.05)])
def test_use_of_a_mine_follows_the_margin(margin: float, after: float) -> None:
    """From .4, a fifth of the log margin more, within bounds."""
    assert flat(market.mine_use(np.array([0.4]), np.array([0.2]), np.array([margin]), 0.05)) == pytest.approx([after])


def test_new_mines_lower_the_use_of_all() -> None:
    """Thirty tonnes at .8 and ten that begin at .16 are forty at .64; where none opens, use stays."""
    working, opened = np.array([[30.0, 30.0, 0.0, 1.5, 0.0], [10.0, 0.0, 5.0, 0.5, 0.0]])
    use = market.blended_use(np.array([0.8, 0.8, 0.3, 0.8, 0.3]), working, opened, 0.16)
    assert flat(use) == pytest.approx([0.64, 0.8, 0.16, 0.64, 0.3])
    assert flat(market.blended_use(np.array([0.8]), np.array([30.0]), np.array([10.0]), 0.4)) == pytest.approx([0.7])


@pytest.mark.parametrize(("share", "loss"), [(0.69, 0.39), (0.91, 0.80), (0.98, 1.30)])
def test_cut_off_loss(share: float, loss: float) -> None:
    """T13."""
    value = market.cut_off_loss(np.array(share), np.array(1.0), np.array(4.0))
    assert value == pytest.approx(-np.log(1 - share) / 3, abs=1e-9)
    assert value == pytest.approx(loss, abs=0.005)
    half_of_cost = market.cut_off_loss(np.array(share), np.array(0.5), np.array(4.0))
    assert half_of_cost == pytest.approx(value / 2)


def test_the_loss_of_a_cut_off_is_bounded() -> None:
    """Whoever controls all is taken to control 999 parts in a thousand: a loss of ln 1000 at σ = 2."""
    assert market.cut_off_loss(np.array(1.0), np.array(1.0), np.array(2.0)) == pytest.approx(3 * np.log(10))


# Properties


@given(st.integers(0, 10_000))
def test_routing_keeps_every_tonne(seed: int) -> None:
    rng = np.random.default_rng(seed)
    content = rng.uniform(0, 10, (5, 2, 3)) * (rng.random((5, 1, 3)) < 0.8)
    capacity = rng.uniform(0, 30, (5, 3)) * (rng.random((5, 3)) < 0.8)
    done, left = market.routed(content, capacity)
    assert (done >= 0).all()
    assert (left >= 0).all()
    assert (done.sum(1) <= capacity + 1e-9).all()
    assert done.sum(0) + left.sum(0) == pytest.approx(content.sum(0), rel=1e-12, abs=1e-12)
    idle, waiting = capacity.sum(0) - done.sum((0, 1)), left.sum((0, 1))
    assert (np.minimum(idle, waiting) < 1e-9).all()


@given(st.integers(0, 10_000))
def test_flows_sum_to_supply_and_demand(seed: int) -> None:
    rng = np.random.default_rng(seed)
    offered = rng.uniform(0, 5, (5, 1, 1))
    wanted = rng.uniform(-1, 5, (5, 1, 1))
    wanted[0] += offered.sum() - wanted.sum()
    flows = market.pooled_flows(offered, wanted)
    assert (flows >= 0).all()
    sold_again = np.minimum(wanted, 0.0)
    assert flows.sum(0) == pytest.approx(wanted - sold_again, abs=1e-9)
    assert flows.sum(1) == pytest.approx(offered - sold_again, abs=1e-9)


def test_substitution_reaches_the_long_run_elasticity() -> None:
    left = np.array([0.0])
    for _ in range(600):
        left = market.substituted(left, np.array([0.5]), np.array([0.85]), np.array([0.1 / 12]), 24.0)
    assert left[0] == pytest.approx(-0.85 * 0.5, abs=1e-6)


@given(st.floats(-5, 5), st.floats(-1.6, 0.7))
def test_substitution_is_never_faster_than_the_record(price: float, left: float) -> None:
    after = market.substituted(np.array([left]), np.array([price]), np.array([0.85]), np.array([0.1 / 12]), 24.0)
    assert abs(after[0] - left) <= 0.1 / 12 + 1e-12


def test_routing_with_no_capacity_to_spare() -> None:
    """Where all plants are full to the last bit, rounding leaves nothing to hand out (and no tonnes from nowhere)."""
    rng = np.random.default_rng(0)
    content = rng.uniform(1, 10, (5, 2, 20_000))
    capacity = rng.uniform(0, 2, (5, 20_000))
    done, left = market.routed(content, capacity)
    assert (done.sum(1) <= capacity * (1 + 1e-12)).all()
    assert done.sum(0) + left.sum(0) == pytest.approx(content.sum(0), rel=1e-12)


def test_shifting_a_quota_ends_in_one_rent_per_kilogram() -> None:
    """Rents that fall with the tonnes let through, P = a/share - c, become the same number of dollars."""
    scale, cost = column([60.0, 25.0, 8.0]), column([10.0, 2.0, 30.0])
    shares = column([1 / 3] * 3)
    for _ in range(2000):
        shares = market.shifted_quota(shares, np.maximum(scale / shares - cost, 0.0), np.array([0.2]))
    rent = (scale / shares - cost)[:, 0]
    assert shares.sum() == pytest.approx(1.0)
    assert rent == pytest.approx(rent.mean(), rel=1e-6)


def test_a_quota_keeps_its_shares_without_shifting_or_rent() -> None:
    shares, rents = column([0.7, 0.28, 0.02]), column([1.0, 5.0, 900.0])
    assert market.shifted_quota(shares, rents, np.array([0.0])) == pytest.approx(shares)
    assert market.shifted_quota(shares, 0.0 * rents, np.array([0.5])) == pytest.approx(shares)
