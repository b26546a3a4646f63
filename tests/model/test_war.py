"""War in the whole model: base rates, guarantees, land with its deposits, aid and its replacement."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from experiments.validation.aid_and_war import hazard_cut, support_patterns, war_patterns, weak_tripwire
from experiments.validation.pass_matrix import PatternLine
from model import GeopoliticalEconomy, Parameters, data, preset
from model.states.war import RUSSIA, UKRAINE_AREA
from tests.model.test_worlds import draws


@pytest.fixture(scope="module")
def patterns() -> dict[str, PatternLine]:
    """Lines of the patterns of war and support by name."""
    return {line.pattern: line for line in [*war_patterns(800, 0, {}), *support_patterns(0, {})]}


@pytest.mark.parametrize(
    "name", ["P20", "P21 Europe", "P21 US", "P22 hazard", "P22 decade", "P23 trust", "P23 pact", "P24"]
)
def test_base_rates_hold(patterns: dict[str, PatternLine], name: str) -> None:
    assert patterns[name].passed, patterns[name].verdict


def test_the_cut_grows_with_strength_and_form() -> None:
    usual = preset("documented")
    cuts = [hazard_cut(usual, strength) for strength in (0.0, 0.1, 0.4, 0.7, 1.0)]
    assert cuts[0] == pytest.approx(0)
    assert (np.diff(cuts) > 0).all()
    assert hazard_cut(usual, 0.7, formality=0.3) < hazard_cut(usual, 0.7)


def test_a_stake_moves_intervention_only_where_a_hypothesis_says_so() -> None:
    assert 0.5 < weak_tripwire(worlds=600, stake=200.0) < 1.0
    assert weak_tripwire(worlds=600, stake=0.0) == 1.0


# What war does


def test_the_front_carries_the_deposits_with_it() -> None:
    model = GeopoliticalEconomy(worlds=3, rng=0)
    war, at_start = model.war.state, model.setting.p.deposit_occupied
    moved = np.array([0.5, 1.0, 1.5]) * model.setting.start.occupied_area
    free = replace(war, occupied_area=moved).free_deposits(at_start)
    assert free[0] > free[1] > free[2]
    assert free[1] == pytest.approx(1 - 0.5)
    assert (replace(war, occupied_area=np.full(3, UKRAINE_AREA)).free_deposits(at_start) == 0).all()


def test_land_moves_to_the_stronger_side() -> None:
    effort = np.array([100.0, 149.0, 215.0])
    model = GeopoliticalEconomy(worlds=3, months=24, russian_effort=effort, replicates=np.zeros(3, dtype=int), rng=0)
    model.simulate()
    assert (np.diff(model.war.state.occupied_area) > 0).all()


def test_aid_withdrawn_weakens_ukraine_and_europe_makes_up_in_part() -> None:
    ends = {}
    for replaced in (0.3, 0.73, 1.0):
        model = GeopoliticalEconomy(
            worlds=1,
            months=24,
            support_at_stake=0,
            ceasefire_hazard=0.02,
            europe_replacement=replaced,
            rng=0,
        )
        model.simulate()
        ends[replaced] = float(model.war.state.strength_ukraine[0])
    assert ends[0.3] < ends[0.73] < ends[1.0]


def test_both_regroup_in_a_ceasefire_and_bleed_in_war() -> None:
    model = GeopoliticalEconomy(worlds=2, rng=0)
    model.war.state = before = replace(model.war.state, fighting=np.array([1.0, 0.0]))
    model.war.arm(np.zeros(2), model.agreement.state, model.outlook)
    after = model.war.state
    assert (after.aid == 0).all()
    assert after.strength_russia[1] > before.strength_russia[1]
    assert after.strength_russia[0] == pytest.approx(before.strength_russia[0])
    assert after.strength_ukraine[0] < before.strength_ukraine[0]


def test_sanctions_and_war_cost_russia() -> None:
    lost = GeopoliticalEconomy(worlds=2, sanctioned_trade=np.array([0.0, 0.4]), rng=0)
    assert lost.russia.sanctions_loss()[1] == pytest.approx(0.4 * 0.06)
    win = np.full(2, 0.5)
    assert lost.russia.ceasefire_gain(win)[1] > lost.russia.ceasefire_gain(win)[0]


def test_an_attack_tests_the_guarantee() -> None:
    """Whoever is attacked under a guarantee in force is helped or let down, and everyone takes note."""
    model = GeopoliticalEconomy(
        worlds=600,
        months=120,
        guarantee_strength=0.7,
        guarantee_buildup=0,
        renege_cost=60,
        ceasefire_hazard=1.5,
        renewal_hazard=0.3,
        congress_support=1,
        support_at_stake=0.9,
        record=["fighting", "win_probability", "reliability_russia"],
        rng=0,
    )
    helped = np.zeros(600, dtype=bool)
    for _ in range(120):
        trust = model.trust.state.reliability(RUSSIA)
        model.step()
        joins = model.war.state.joins
        assert (model.war.state.fighting[joins] == 1).all()
        assert (model.trust.state.reliability(RUSSIA)[joins] > trust[joins]).all()
        helped |= joins
    assert helped.any()
    assert model.agreement.state.broken.any()
    assert not (helped & model.agreement.state.broken).all()


def test_war_stays_in_bounds_in_random_worlds() -> None:
    worlds = 60
    model = GeopoliticalEconomy(Parameters(**draws(worlds, seed=8)), worlds=worlds, months=120, rng=0)  # type: ignore[arg-type]
    model.simulate()
    paths = model.trajectories()
    for name in ("renewal_hazard_now", "intervention_probability", "win_probability", "occupied_share", "fighting"):
        assert (paths[name] >= 0).all() and (paths[name] <= 1).all(), name
    assert (paths["investors_hazard"] >= 0).all()
    assert (paths["strength_russia"] >= 0).all()
    assert (paths["strength_ukraine"] >= 0).all()


def test_the_generic_base_rate_is_the_tables() -> None:
    rate = data.value("conflict", topic="base_rate", parameter="renewed_war_hazard")
    ten = data.value("conflict", topic="base_rate", parameter="renewed_war_10y")
    assert 1 - np.exp(-10 * rate) == pytest.approx(ten, abs=0.01)
