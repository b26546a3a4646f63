"""War in the whole model: base rates, guarantees, land with its deposits, aid and its replacement."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from experiments.validation.pass_matrix import PatternLine
from experiments.validation.war_patterns import hazard_cut, support_patterns, war_patterns, weak_tripwire
from model import GeopoliticalEconomy, Parameters, data, preset
from model.states.war import UKRAINE_AREA
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
    replaced = np.array([0.3, 0.73, 1.0])
    model = GeopoliticalEconomy(talks="none", worlds=3, months=24, europe_replacement=replaced, rng=0)
    model.simulate()
    strength, start = model.war.state.strength_ukraine, model.setting.start
    assert (np.diff(strength) > 0).all()
    assert (strength < 64.7 + start.united_states_aid + start.european_aid).all()


def test_strength_is_what_arrives_in_a_year_and_a_rearmed_russia_has_more() -> None:
    model = GeopoliticalEconomy(worlds=2, rng=0)
    model.war.state = replace(model.war.state, rearmed=np.array([False, True]))
    model.war.arm(np.array([10.0, 10.0]), model.agreement.state, model.outlook.resource_value)
    after = model.war.state
    np.testing.assert_allclose(after.strength_ukraine, 64.7 + after.aid)
    np.testing.assert_allclose(after.aid, model.agreement.state.american_aid + 10.0)
    np.testing.assert_allclose(after.strength_russia, 149 * np.exp([0.0, 0.5]))


def test_a_stake_adds_to_ukraines_own_strength_under_h3_alone() -> None:
    model = GeopoliticalEconomy(worlds=2, tripwire=["H0", "H3"], talks="imposed", talks_start=0, rng=0)
    model.step()
    strength = model.war.state.strength_ukraine - model.war.state.aid
    assert strength[0] == pytest.approx(64.7)
    assert 64.7 < strength[1] <= 64.7 * 1.1


def test_sanctions_and_war_cost_make_russia_want_a_ceasefire() -> None:
    for cost, values in (("sanctioned_trade", [0.0, 0.4]), ("war_cost_russia", [0.01, 0.12])):
        model = GeopoliticalEconomy(worlds=2, rng=0, **{cost: np.array(values)})
        assert (
            model.russia.ceasefire_willingness(model.known())[1] > model.russia.ceasefire_willingness(model.known())[0]
        )
    lost = GeopoliticalEconomy(worlds=2, sanctioned_trade=np.array([0.0, 0.4]), rng=0)
    assert lost.russia.sanctions_loss()[1] == pytest.approx(0.4 * 0.06)


@pytest.mark.long
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
