"""The prices of the market's rules, by hand and against other people's solvers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize

from model.dimensions import CN
from model.rules import market

EPS, KAPPA = np.array([0.15]), np.array([0.15])


def column(value: float) -> np.ndarray:
    """A number as an array with one world."""
    return np.array([value])


def test_supply_cut_of_forty_percent() -> None:
    """T17: without stocks, elasticities adding to .2 turn a cut of 40 % into 2.55 log points."""
    before, after = (
        market.clearing_log_price(column(q), column(1.0), column(0.0), np.array([0.2]), KAPPA) for q in (1.0, 0.6)
    )
    assert (after - before)[0] == pytest.approx(np.log(1 / 0.6) / 0.2, abs=1e-9)
    assert (after - before)[0] == pytest.approx(2.55, abs=0.01)


@given(
    use=st.floats(0.01, 100),
    cover=st.floats(0.0, 20),
    available=st.floats(0.01, 1000),
    elasticity=st.floats(0.05, 0.5),
    response=st.floats(0.05, 0.5),
)
def test_clearing_price_clears(use: float, cover: float, available: float, elasticity: float, response: float) -> None:
    eps, kappa = np.array([elasticity]), np.array([response])
    x = market.clearing_log_price(column(available), column(use), column(use * cover), eps, kappa)
    taken = use * np.exp(-eps * x) + use * cover * np.exp(-(eps + 1 / kappa) * x)
    assert taken[0] == pytest.approx(available, rel=1e-9)


def test_storage_rule_is_the_cover_rule() -> None:
    """With last month's price expected, ln P' - ln P = κ ln(cover*/cover)."""
    last, cover = 0.7, 3.0
    stock_scale = cover * np.exp(last / KAPPA)
    x = market.clearing_log_price(column(3.1), column(1.0), stock_scale, EPS, KAPPA)
    used = np.exp(-EPS * x)
    held = (3.1 - used) / used
    assert x - last == pytest.approx(KAPPA * np.log(cover / held), abs=1e-9)


def two_groups(supply: list[float], cap: float, expected: list[float]) -> tuple[list[float], bool]:
    """Log prices where one of three buyers, all using 1 and storing 1, is capped, and whether the licence binds."""
    goods = (
        np.array(each, dtype=float)[:, None, None] for each in (supply, [0, 0, 0], [1, 1, 1], [1, 1, 1], [1, 0, 0])
    )
    added = np.array(expected, dtype=float)[:, None, None]
    prices, binding = market.spatial_equilibrium(*goods, np.array([[cap]]), 2, EPS, KAPPA, added)
    return prices.ravel().tolist(), bool(binding[0, 0])


def alone(supply: float, buyers: float, expected: float) -> float:
    """The log price at which so many of those buyers take a supply, found by bisection."""

    def excess(x: float) -> float:
        return float(np.exp(-EPS[0] * x) + np.exp(expected - (EPS[0] + 1 / KAPPA[0]) * x) - supply / buyers)

    return float(optimize.brentq(excess, -60, 400, xtol=1e-13))


def test_a_licence_parts_the_prices_of_two_groups() -> None:
    """One buyer gets the .5 of the free seller and .25 that is licensed; two share the other 3.75 of 4."""
    prices, binds = two_groups([0.5, 0, 4], 0.25, [0, 0, 0])
    assert binds
    assert prices == pytest.approx([alone(0.75, 1, 0), alone(3.75, 2, 0), alone(3.75, 2, 0)], abs=1e-9)


def test_a_licence_that_lets_through_as_much_as_is_wanted_does_not_bind() -> None:
    prices, binds = two_groups([0, 0, 3], 1.0, [0, 0, 0])
    assert not binds
    assert prices == pytest.approx([alone(3, 3, 0)] * 3, abs=1e-9)


def test_what_one_group_expects_is_nothing_to_the_other() -> None:
    """However high the price that those inside expect: e^1000 is a number that no float holds."""
    prices, binds = two_groups([0.5, 0, 4], 0.25, [1000, 5, 5])
    assert binds
    assert prices[1] == pytest.approx(alone(3.75, 2, 5), abs=1e-9)


@pytest.mark.parametrize("expected", [-30.0, -3.0, 0.5, 8.0, 40.0])
@pytest.mark.parametrize("available", [0.1, 0.9, 1.1, 3.0, 50.0])
def test_the_steps_of_the_price_are_enough(expected: float, available: float) -> None:
    """Four of them leave an error below 1e-9, whatever holders expect."""
    x = market.clearing_log_price(column(available), column(1.0), column(1.0), EPS, KAPPA, expected)
    assert x[0] == pytest.approx(alone(available, 1, expected), abs=1e-9)


def random_market(rng: np.random.Generator) -> dict[str, np.ndarray]:
    supply = rng.uniform(0, 1, (5, 1, 1))
    supply[CN] += 5
    use = rng.uniform(0.1, 2, (5, 1, 1))
    return {
        "supply": supply,
        "stock": rng.uniform(0, 3, (5, 1, 1)),
        "use_scale": use,
        "stock_scale": use * rng.uniform(0, 4, (5, 1, 1)),
        "capped": (rng.random((5, 1, 1)) < 0.6) * (np.arange(5) != CN)[:, None, None] * 1.0,
        "cap": rng.uniform(0, 2, (1, 1)),
    }


@pytest.mark.parametrize("seed", range(40))
def test_spatial_equilibrium_against_a_convex_program(seed: int) -> None:
    """The prices are those of an independent solver: consumers' surplus maximised subject to the licence.

    With isoelastic use and stock demand the equilibrium maximises the integral of inverse demand; we
    solve its dual, the sum of surplus functions plus the value of supplies, over the two prices.
    """
    case = random_market(np.random.default_rng(seed))
    log_price, binding = market.spatial_equilibrium(**case, licensor=CN, elasticity=EPS, storage_response=KAPPA)
    flat = {name: value.reshape(value.shape[0], -1)[:, 0] for name, value in case.items()}
    eps, steep = EPS[0], EPS[0] + 1 / KAPPA[0]

    def excess(x: float, who: np.ndarray, supply: float) -> float:
        wanted = flat["use_scale"] * np.exp(-eps * x) + flat["stock_scale"] * np.exp(-steep * x) - flat["stock"]
        return float((wanted * who).sum() - supply)

    inside = flat["capped"]
    cap, home = min(flat["cap"][0], flat["supply"][CN]), flat["supply"][CN]
    others = flat["supply"].sum() - home
    free = optimize.brentq(excess, -60, 200, args=(np.ones(5), others + home), xtol=1e-12)
    if inside.any():
        x_in = optimize.brentq(excess, -60, 200, args=(inside, others + cap), xtol=1e-12)
        x_out = optimize.brentq(excess, -60, 200, args=(1 - inside, home - cap), xtol=1e-12)
    expected = np.full(5, free)
    if inside.any() and x_in > x_out:
        expected = np.where(inside > 0, x_in, x_out)
    assert log_price[:, 0, 0] == pytest.approx(expected, abs=1e-6)
    assert bool(binding[0, 0]) == bool(inside.any() and x_in > x_out)


@pytest.mark.parametrize("seed", range(10))
def test_spatial_equilibrium_against_linear_program(seed: int) -> None:
    """Stepwise demand: the quantities of the licence regime are the optimum of a transport program."""
    rng = np.random.default_rng(seed)
    case = random_market(rng)
    log_price, _ = market.spatial_equilibrium(**case, licensor=CN, elasticity=EPS, storage_response=KAPPA)
    eps, steep = EPS[0], EPS[0] + 1 / KAPPA[0]
    grid = np.linspace(-4, 6, 4001)
    use, stock, held = (case[name][:, 0, 0] for name in ("use_scale", "stock_scale", "stock"))
    curves = use[:, None] * np.exp(-eps * grid) + stock[:, None] * np.exp(-steep * grid)
    steps, worth = -np.diff(curves, axis=1), np.exp((grid[1:] + grid[:-1]) / 2)
    floor = curves[:, -1]
    capped, cap = case["capped"][:, 0, 0], min(case["cap"][0, 0], case["supply"][CN, 0, 0])
    count = steps.shape[1]
    bounds = [(0, s) for row in steps for s in row] + [(0, cap), (None, None)]
    cost = np.concatenate([np.tile(-worth, 5), [0.0, 0.0]])
    # Inside: purchases = others' sales inside + licensed; the rest likewise; sold_inside is the last variable.
    others = case["supply"].sum() - case["supply"][CN].sum()
    rows, right = np.zeros((2, 5 * count + 2)), np.zeros(2)
    for country in range(5):
        group = 0 if capped[country] else 1
        rows[group, country * count : (country + 1) * count] = 1.0
        right[group] += held[country] - floor[country]
    rows[0, -2:] = -1.0
    rows[1, -2:] = 1.0
    right[1] += others + case["supply"][CN, 0, 0]
    bounds[-1] = (0, others)
    if not capped.any():
        rows, right = rows[1:, :-2], right[1:]
        solved = optimize.linprog(cost[:-2], A_eq=rows, b_eq=right, bounds=bounds[:-2])
    else:
        solved = optimize.linprog(cost, A_eq=rows, b_eq=right, bounds=bounds)
    assert solved.success
    bought = solved.x[: 5 * count].reshape(5, count).sum(1) + floor
    ours = use * np.exp(-eps * log_price[:, 0, 0]) + stock * np.exp(-steep * log_price[:, 0, 0])
    assert ours == pytest.approx(bought, abs=0.02 * ours.max())


@given(st.integers(0, 10_000))
def test_licence_never_lowers_the_price_of_the_capped(seed: int) -> None:
    case = random_market(np.random.default_rng(seed))
    free = dict(case, capped=np.zeros_like(case["capped"]))
    with_licence, _ = market.spatial_equilibrium(**case, licensor=CN, elasticity=EPS, storage_response=KAPPA)
    without, _ = market.spatial_equilibrium(**free, licensor=CN, elasticity=EPS, storage_response=KAPPA)
    capped = case["capped"] > 0
    assert (with_licence[capped] >= without[capped] - 1e-9).all()
