"""The rules of war: contest, bargaining range, power shift, renewal, against theory and by other routes."""

from __future__ import annotations

from typing import Any

import nashpy
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, linalg, optimize

from model.rules import conflict
from model.rules.credibility import intervention_probability
from tests.theory import yardsticks

EXACT = 1e-6
chances = st.floats(0, 1)
strengths = st.floats(0, 1e4)
decisiveness = st.floats(0.5, 1.5)


def close(actual: Any, expected: Any, within: float = EXACT) -> None:
    np.testing.assert_allclose(actual, expected, rtol=0, atol=within)


# The contest


@given(strengths, strengths, decisiveness)
def test_contest_is_a_ratio_of_strengths(attacker: float, defender: float, gamma: float) -> None:
    win = conflict.contest_probability(attacker, defender, gamma)
    assert 0 <= win <= 1
    close(win + conflict.contest_probability(defender, attacker, gamma), 1, 1e-12)
    assert conflict.contest_probability(attacker + 1, defender, gamma) >= win
    if attacker > 0.01 and defender > 0.01:
        close(win, attacker**gamma / (attacker**gamma + defender**gamma), 1e-12)


def test_contest_without_strength() -> None:
    close(conflict.contest_probability(np.array([0.0, 0.0, 5.0]), np.array([0.0, 5.0, 0.0]), 1.0), [0.5, 0, 1])


def test_t8_is_an_equilibrium_of_nashpy() -> None:
    """On a grid of efforts that holds the solution, neither side has a better row or column."""
    efforts = np.arange(1, 19) / 18
    win = conflict.contest_probability(efforts[:, None], efforts[None, :], 1.0)
    game = nashpy.Game(2 * win - efforts[:, None], (1 - win) - efforts[None, :])
    first, second = np.eye(18)[7], np.eye(18)[3]  # 8/18 and 4/18
    assert game.is_best_response(first, second) == (True, True)
    assert game.is_best_response(first, np.eye(18)[4]) != (True, True)


# Bargaining in the shadow of war


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
    close(conflict.preventive_incentive(threshold, discount, destroyed, riser), 0)
    assert conflict.preventive_incentive(threshold + 0.01, discount, destroyed, riser) > 0


@given(chances, chances, chances, chances)
def test_t6_incentive_and_threshold_agree(shift: float, discount: float, destroyed: float, riser: float) -> None:
    threshold = yardsticks.power_shift_threshold(discount, destroyed, riser)
    incentive = conflict.preventive_incentive(shift, discount, destroyed, riser)
    assert threshold >= 0
    if abs(incentive) > 1e-9:
        assert (incentive > 0) == (shift > threshold)
    assert conflict.preventive_incentive(shift, discount, min(destroyed + 0.1, 1), riser) <= incentive


# War and ceasefire


def test_t14_constant_hazard() -> None:
    close(conflict.cumulative_probability(0.035, 10), 1 - np.exp(-0.35))
    close(conflict.cumulative_probability(0.035, 10), 0.295, 5e-4)
    monthly = conflict.monthly_probability(0.035)
    close(1 - np.prod(np.full(120, 1 - monthly)), conflict.cumulative_probability(0.035, 10), 1e-12)


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
    from_war, from_ceasefire = integrate.simpson(np.exp(-rate * times)[:, None] * at_war, x=times, axis=0)
    close(conflict.expected_war_years(rate, ceasefire, renewal), from_war)
    close(yardsticks.expected_war_years_in_ceasefire(rate, ceasefire, renewal), from_ceasefire)


@given(st.floats(0.01, 0.3), st.floats(0, 2), st.floats(0, 1))
def test_years_of_war_keep_their_order(rate: float, ceasefire: float, renewal: float) -> None:
    war = conflict.expected_war_years(rate, ceasefire, renewal)
    peace = yardsticks.expected_war_years_in_ceasefire(rate, ceasefire, renewal)
    assert 0 <= peace <= war <= 1 / rate + 1e-9
    assert conflict.expected_war_years(rate, ceasefire, renewal + 0.1) >= war - 1e-12
    assert conflict.expected_war_years(rate, ceasefire + 0.1, renewal) <= war + 1e-12


@given(st.floats(0, 1), st.floats(-50, 50), st.floats(0, 5))
def test_renewal_rises_with_what_attack_gains(base: float, gain: float, inertia: float) -> None:
    hazard = conflict.renewal_hazard(base, gain, inertia)
    assert 0 <= hazard <= 1
    assert conflict.renewal_hazard(base, gain + 1, inertia) >= hazard
    assert conflict.renewal_hazard(base, gain, inertia + 1) <= hazard
    close(conflict.renewal_hazard(base, 0.0), base, 1e-9)
    assert 0 <= conflict.monthly_probability(hazard) <= hazard


@given(chances, chances, chances, strengths, strengths, st.floats(0, 1e4))
def test_a_stronger_guarantee_never_raises_the_gain_from_attack(
    weak: float, strong: float, trust: float, attacker: float, defender: float, guarantor: float
) -> None:
    """From the promise to the hazard, through the chance of intervention and the contest."""
    promises = np.sort([weak, strong])
    fights = intervention_probability(
        promises, 1.0, trust, base_probability=0.05, full_probability=0.41, reference_reliability=0.22
    )
    win = conflict.contest_probability(attacker, defender + fights * guarantor, 1.0)
    hazard = conflict.renewal_hazard(0.06, 4.0 * (win - 0.5))
    assert fights[1] >= fights[0]
    assert win[1] <= win[0]
    assert hazard[1] <= hazard[0]


@given(st.floats(0, 1e4), st.floats(0, 1), st.floats(0, 100), chances)
def test_strength_is_never_negative(strength: float, attrition: float, supply: float, fighting: float) -> None:
    assert conflict.strength_change(strength, attrition, supply, fighting) >= 0
    assert conflict.strength_change(strength, attrition, supply, 0.0) == strength
    rested = conflict.reconstitution(strength, 500.0, attrition)
    assert min(strength, 500.0) - 1e-9 <= rested <= max(strength, 500.0) + 1e-9


def test_strength_in_a_long_war_is_supply_over_attrition() -> None:
    strength: Any = 100.0
    for _ in range(600):
        strength = conflict.strength_change(strength, 0.04, 6.0, 1.0)
    close(strength, 6.0 / 0.04)


def test_rest_closes_a_part_of_the_gap() -> None:
    """A quarter of the way from 100 to 180, and all of it at once at any rate from one up."""
    close(conflict.reconstitution(100.0, 180.0, np.array([0.25, 1.0, 3.0])), [120, 180, 180], 0)


def test_front_sanctions_and_will() -> None:
    close(conflict.territory_change(np.array([0.0, 0.5, 1.0]), 18.0), [-18, 0, 18], 0)
    close(5 * conflict.sanctions_cost(0.01, 0.06), 0.003, 1e-15)
    close(conflict.willingness(np.array([-50.0, 0.0, 50.0]), 1.0), [0, 0.5, 1], 1e-15)
    close(conflict.willingness(np.log(3.0), 1.0), 0.75, 1e-15)
    close(conflict.willingness(np.log(3.0), 2.0), 0.9, 1e-15)


def test_rules_are_defined_where_no_one_would_use_them() -> None:
    ends = np.array([0.0, 1.0])
    assert np.isinf(yardsticks.power_shift_threshold(ends, 0.2, 0.4)).tolist() == [True, False]
    for rule in (conflict.expected_war_years, yardsticks.expected_war_years_in_ceasefire):
        assert np.all(np.isfinite(rule(ends, ends, ends)))
    assert np.all(np.isfinite(conflict.renewal_hazard(ends, 1.0, ends)))
    assert np.all(np.isfinite(yardsticks.tullock_efforts(ends * 0, ends)))
