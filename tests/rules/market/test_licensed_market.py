"""Licences: the two prices against other people's solvers, what is held back, and how long it is expected to last."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize

from model.array_axes import CN
from model.rules import licensed_market, storage

EPS, STEEP, CHOKE = np.array([0.15]), np.array([1.1]), np.array([6.0])
"""An elasticity of use and of stock, and a choke far from everything here."""


def random_market(rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Five countries, one good, one world, near its base price: China supplies most and licenses some of the others."""
    use = rng.uniform(0.1, 2, (5, 1))
    supply = rng.uniform(0, 0.2, (5, 1)) * use
    supply[CN] += use.sum() - supply.sum()
    capped = (rng.random((5, 1)) < 0.6) * (np.arange(5) != CN)[:, None] * 1.0
    return {"supply": supply, "stock": 2.5 * use, "use": use, "wanted_stock": 2.7 * use, "capped": capped}


def solved(
    case: dict[str, np.ndarray], shipped: float, held: float, fear: float = 0.0
) -> tuple[list[float], bool, float]:
    """Log prices inside and outside, whether the licence binds, and the price without it."""
    pools = licensed_market.pools(**case, shipped=np.array([shipped]), held_back=np.array([held]), licensor=CN)
    total = [case[name].sum(axis=0) for name in ("use", "wanted_stock")]
    everyone = storage.market_price(
        case["stock"].sum(axis=0) + case["supply"].sum(axis=0), *total, np.zeros(1), EPS, STEEP, CHOKE
    )
    shifts = np.array([[fear], [0.0]])
    prices, binds = licensed_market.spatial_equilibrium(pools, np.array([shipped]), everyone, shifts, EPS, STEEP, CHOKE)
    return prices[:, 0].tolist(), bool(binds[0]), float(everyone[0])


def excess(x: float, case: dict[str, np.ndarray], who: np.ndarray, supply: float, fear: float) -> float:
    """What the buyers marked 1 want at a log price beyond what they hold and are supplied."""
    use, stock, held = (case[name][:, 0] * who for name in ("use", "wanted_stock", "stock"))
    return float((use * np.exp(-EPS[0] * x) + stock * np.exp(fear - STEEP[0] * x) - held).sum() - supply)


@pytest.mark.parametrize("seed", range(40))
def test_prices_are_those_of_another_solver(seed: int) -> None:
    """Inside by bisection; outside too where producers hold all they can, else the price without a licence."""
    rng = np.random.default_rng(seed)
    case, fear = random_market(rng), float(rng.uniform(0, 0.3))
    inside = case["capped"][:, 0]
    others = case["supply"].sum() - case["supply"][CN, 0]
    home = float(case["supply"][CN, 0])
    imports = max(float((case["use"][:, 0] * inside).sum()) - others, 0.0)
    shipped, held = imports * rng.uniform(0.5, 1.3), imports * rng.uniform(0, 0.4)
    prices, binds, everyone = solved(case, shipped, held, fear)
    wanted = excess(everyone, case, inside, others, 0.0)
    assert binds == (inside.any() and shipped < wanted)
    if not binds:
        assert prices == pytest.approx([everyone] * 2)
        return
    true = optimize.brentq(excess, -5, 20, args=(case, inside, others + shipped, fear), xtol=1e-12)
    low = optimize.brentq(excess, -5, 20, args=(case, 1 - inside, home - shipped - held, 0.0), xtol=1e-12)
    assert prices == pytest.approx([true, min(low, everyone)], abs=1e-7)


@given(st.integers(0, 10_000), st.floats(0.3, 1.5))
def test_a_licence_never_lowers_the_price_inside_or_raises_it_outside(seed: int, passed: float) -> None:
    case = random_market(np.random.default_rng(seed))
    prices, _, everyone = solved(case, passed * float((case["use"] * case["capped"]).sum()), 0.0)
    assert prices[0] >= everyone - 1e-9
    assert prices[1] <= everyone + 1e-9


@pytest.mark.parametrize("plenty", [0.02, 0.5, 1.0, 2.0, 50.0])
def test_a_licence_binds_below_what_buyers_would_import_without_it(plenty: float) -> None:
    """Where all buyers are alike those inside take their part of all there is, dear or cheap, unsold or not.

    Three tenths of 35 tonnes, of which they hold 7.5 and others sell them one: they would import two.
    """
    use, inside = np.array([[3.0], [0.0], [0.0], [5.0], [2.0]]), np.array([[1.0], [0.0], [0.0], [0.0], [0.0]])
    supply = plenty * np.array([[0.0], [0.0], [0.0], [9.0], [1.0]])
    case = {"supply": supply, "stock": 2.5 * plenty * use, "use": use, "wanted_stock": 2.7 * use, "capped": inside}
    for imports, expected in ((1.99, True), (2.01, False)):
        prices, binds, everyone = solved(case, imports * plenty, 0.0)
        assert binds == expected
        assert (prices[0] > everyone + 1e-6) == expected


def test_producers_who_hold_back_keep_the_price_at_home() -> None:
    """With room for what they may not ship it is the price without a licence; without any room it falls."""
    case = random_market(np.random.default_rng(1))
    shipped = 0.2 * float((case["use"] * case["capped"]).sum())
    kept, fallen = (solved(case, shipped, held) for held in (10.0, 0.0))
    assert kept[0][1] == pytest.approx(kept[2])
    assert fallen[0][1] < fallen[2] - 0.01


def test_how_long_a_licence_is_expected_to_last() -> None:
    """With an outlook of four months: three quarters are there after the first; after four more, seven eighths."""
    assert licensed_market.persistence(np.array([0.0, 4.0]), np.array(4.0)).tolist() == [0.75, 0.875]


def test_what_is_left_of_a_licence_when_a_plant_opens() -> None:
    """The same hazard month by month: of one that is four months old, with four to go, an eighth after 56 months."""
    left = np.prod([licensed_market.persistence(np.array(float(month)), np.array(5.0)) for month in range(4, 60)])
    assert licensed_market.still_there(np.array(4.0), np.array(4.0), 56 / 12) == pytest.approx(left, rel=1e-9)
    assert left == pytest.approx(1 / 8)


def test_the_gap_of_a_pool() -> None:
    """Demand twice the supply in a world that is short by half: a third of it more than elsewhere."""
    gap = licensed_market.passing_gap(np.array([4.0]), np.array([2.0]), np.log([1.5]))
    assert gap == pytest.approx(np.log(4 / 3))


def test_the_mean_so_far() -> None:
    mean = np.array(0.0)
    for months, blocked in enumerate((0.45, 0.74, 0.38)):
        mean = licensed_market.mean_so_far(mean, np.array(blocked), np.array(float(months)))
    assert mean == pytest.approx((0.45 + 0.74 + 0.38) / 3)
