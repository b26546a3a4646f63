"""The rules of the contest of arms, of chances over time, and of what war moves and costs."""

from __future__ import annotations

from typing import Any

import nashpy
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from model.rules import conflict
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


# War and ceasefire


def test_t14_constant_hazard() -> None:
    close(yardsticks.cumulative_probability(0.035, 10), 1 - np.exp(-0.35))
    close(yardsticks.cumulative_probability(0.035, 10), 0.295, 5e-4)
    monthly = conflict.monthly_probability(0.035)
    close(1 - np.prod(np.full(120, 1 - monthly)), yardsticks.cumulative_probability(0.035, 10), 1e-12)


def test_front_and_sanctions() -> None:
    close(conflict.territory_change(np.array([0.0, 0.5, 1.0]), 18.0), [-18, 0, 18], 0)
    close(5 * conflict.sanctions_cost(0.01, 0.06), 0.003, 1e-15)


@given(st.floats(0, 1), st.floats(0, 50))
def test_a_chance_over_time_grows_with_both(hazard: float, years: float) -> None:
    chance = yardsticks.cumulative_probability(hazard, years)
    assert 0 <= chance <= 1
    assert yardsticks.cumulative_probability(hazard, years + 1) >= chance
    assert 0 <= conflict.monthly_probability(hazard) <= hazard


@given(st.floats(0.01, 100), st.floats(0.01, 100), st.floats(0.5, 1.5))
def test_a_lead_is_nought_at_even_odds_and_the_others_turned(first: float, second: float, decisiveness: float) -> None:
    assert conflict.contest_lead(first, first, decisiveness) == 0
    lead = conflict.contest_lead(first, second, decisiveness)
    close(lead, -conflict.contest_lead(second, first, decisiveness), 1e-12)
    assert (lead > 0) == (first > second) or abs(lead) < 1e-12


def test_support_that_stands_is_never_more_than_all_of_it() -> None:
    close(conflict.standing_share(0.2, 0.35, np.array([False, True])), [0.2, 0.55])
    assert conflict.standing_share(0.5, 0.8, np.array([True])) == 1
