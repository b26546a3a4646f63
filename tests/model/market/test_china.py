"""What China's choices come to, and the limits in which the market must give a known answer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model import GeopoliticalEconomy, Parameters
from model.array_axes import CN, HEAVY_SEPARATION, MAGNETS, RW, SEPARATION, total
from model.rules import export_policy
from model.rules.storage import FLOOR, ONSET

WORLDS, MONTHS = 60, 120
OPTIONS = export_policy.OPTIONS


def policies(**changes: object) -> tuple[np.ndarray, GeopoliticalEconomy]:
    """Option chosen by China, (month, world), from the first quarter in which it decides."""
    model = GeopoliticalEconomy(Parameters(**changes), worlds=WORLDS, months=MONTHS, record="outcomes", rng=0)  # type: ignore[arg-type]
    chosen = []
    while model.month < MONTHS:
        model.step()
        chosen.append(model.china.option.copy())
    model.close()
    return np.array(chosen[3:]), model


def part(chosen: np.ndarray, *names: str) -> float:
    """Part of all months spent in some options."""
    return float(np.isin(chosen, [OPTIONS.index(name) for name in names]).mean())


RESTRICTING = ("licence_heavy", "licence_all", "embargo")


@pytest.fixture(scope="module")
def default() -> np.ndarray:
    return policies()[0]


def test_restrictions_come_out_temporary_recurrent_and_selective(default: np.ndarray) -> None:
    """Reported, not assumed: most spells last two quarters or less, there are several, heavy material goes first."""
    restricting = np.isin(default, [OPTIONS.index(name) for name in RESTRICTING]).astype(int)
    edges = np.diff(np.pad(restricting, ((1, 1), (0, 0))), axis=0)
    starts, ends = np.argwhere((edges == 1).T), np.argwhere((edges == -1).T)
    lengths = ends[:, 1] - starts[:, 1]
    assert np.median(lengths) <= 6
    assert len(lengths) / WORLDS >= 2
    assert 0.02 < restricting.mean() < 0.6
    assert part(default, "licence_heavy") > part(default, "licence_all")


def test_tension_brings_restriction(default: np.ndarray) -> None:
    calm, tense = (policies(initial_tension=level)[0] for level in (0.0, 2.5))
    assert part(calm, *RESTRICTING) < part(default, *RESTRICTING) < part(tense, *RESTRICTING)


def test_a_china_that_values_leverage_restricts_more(default: np.ndarray) -> None:
    assert part(policies(leverage_value=10.0)[0], *RESTRICTING) > part(default, *RESTRICTING)


def test_objectives_differ(default: np.ndarray) -> None:
    share = policies(china_objective="share")[0]
    leverage = policies(china_objective="leverage")[0]
    assert part(share, "expand") > 1.1 * part(share, "tighten")
    shares = np.array([[part(chosen, name) for name in OPTIONS] for chosen in (default, share, leverage)])
    assert np.abs(shares[0] - shares[1]).max() > 0.02
    assert np.abs(shares[0] - shares[2]).max() > 0.01


def test_fear_of_entry_holds_china_back() -> None:
    """Where entrants are quick, fewer restrictions: the discipline of limit pricing."""
    slow, quick = (policies(entry_rate=rate)[0] for rate in (0.005, 0.1))
    assert part(quick, *RESTRICTING) < part(slow, *RESTRICTING)


def test_licence_on_heavy_hardly_moves_bulk() -> None:
    model = GeopoliticalEconomy(china_policy="licence_heavy", worlds=20, months=48, rng=0)
    model.simulate()
    outcomes = model.outcomes()
    model.close()
    assert (outcomes["peak_wedge_heavy"] > 0.3).all()
    assert (outcomes["peak_wedge_bulk"] < 0.05).all()


def test_leak_narrows_the_gap() -> None:
    wedges = []
    for leak in (0.0, 0.2, 0.6):
        model = GeopoliticalEconomy(china_policy="licence_heavy", licence_leak=leak, worlds=10, months=36, rng=0)
        model.simulate()
        wedges.append(np.median(model.outcomes()["peak_wedge_heavy"]))
        model.close()
    assert wedges[0] > wedges[1] > wedges[2] > 0


def test_without_stocks_and_stages_the_price_is_the_analytic_one() -> None:
    """One stage, no inventories: Δln P = ln(demand/supply)/ε, every month and world between the floor and the choke."""
    model = GeopoliticalEconomy(
        Parameters(
            china_policy="open",
            inventories="none",
            freight_share=0,
            demand_elasticity=np.linspace(0.1, 0.3, 8),
            magnet_choke=1100,
            heavy_choke=5000,
            bulk_choke=300,
            stockpile_budget=0,
        ),
        worlds=8,
        months=60,
        rng=0,
    )
    capacity = model.plants.state.capacity.copy()
    for stage in (SEPARATION, HEAVY_SEPARATION, MAGNETS):
        capacity[CN, stage] *= 1e3
    model.plants.state = replace(model.plants.state, capacity=capacity)
    for _ in range(60):
        before = model.market.state.substitution
        model.step()
        market = model.market.state
        level = total(market.demand_scale * before) * np.exp(market.demand_level)
        mined = market.mined[:, None] * model.plants.state.baskets
        expected = np.log(level / total(mined)) / model.setting.p.demand_elasticity
        between = (expected > FLOOR + ONSET) & (expected < model.market._storers.choke - ONSET)
        assert between.mean() > 0.5
        price = np.log(market.price[CN] / model.market.base_price)
        assert price[between] == pytest.approx(expected[between], abs=1e-9)
    model.close()


def test_plenty_brings_the_price_to_marginal_cost() -> None:
    """With mines far beyond demand the ore fetches its operating cost and mines stand mostly idle."""
    model = GeopoliticalEconomy(
        Parameters(
            china_policy="open",
            inventories="none",
            demand_volatility=0,
            mine_response=0.1,
            bulk_growth=0,
            magnet_growth=0,
            quota_growth=0,
            quota_gain=0,
            quota_response=0,
            entry_rate=0.005,
            long_run_elasticity=0.5,
        ),
        worlds=2,
        months=360,
        rng=0,
    )

    def price_over_cost() -> np.ndarray:
        """What Chinese ore fetches over the cost of mining it, (worlds,)."""
        return model.margins.ore_price_today(model.market.state)[CN] / model.margins.mine_cost[CN]

    first = price_over_cost()
    model.plants.state = replace(model.plants.state, capacity=3.0 * model.plants.state.capacity)
    ratios = []
    while model.month < model.months:
        model.step()
        ratios.append(np.log(price_over_cost()))
    assert (first > 1.5).all()
    assert np.mean(ratios[120:]) == pytest.approx(0.0, abs=0.2)
    assert (model.plants.state.use[CN] < 0.9).all()
    model.close()


def test_who_is_released_from_a_licence_does_not_hoard_and_sell_back() -> None:
    """The shadow price ends with the licence, and so does the expectation of it: no stock flows back to China."""
    model = GeopoliticalEconomy(worlds=60, months=24, record="outcomes", rng=0)
    for _ in range(24):
        model.step()
        market = model.market.state
        assert (market.flows()[RW, CN].sum(axis=0) < 0.02 * market.consumed[RW].sum(axis=0)).all()
    model.close()
