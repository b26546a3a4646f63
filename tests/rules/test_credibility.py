"""The rules of credibility: levels, the hypotheses on the stake, tied hands and sunk costs."""

from __future__ import annotations

import io
from typing import Any

import nashpy
import numpy as np
import pygambit
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.rules import credibility
from model.rules.bargaining import acceptance_probability
from tests.theory import yardsticks

LEVELS = {"base_probability": 0.05, "full_probability": 0.41, "reference_reliability": 0.22}
BOUNDS = 0.05, 0.25, 0.05
"""Largest effects on the chance of intervention under H1, H2 and H5."""
chances = st.floats(0, 1)
stakes = st.floats(0, 500)
hypotheses = st.integers(0, 5)


def close(actual: Any, expected: Any, within: float = 1e-6) -> None:
    np.testing.assert_allclose(actual, expected, rtol=0, atol=within)


# The guarantee


def test_levels_are_those_of_the_record() -> None:
    """Nothing promised, a full and formal guarantee, a spoken one; all at the reference of trust."""
    strength, formality = np.array([[0.0, 1.0, 1.0], [1.0, 1.0, 0.0]])
    close(credibility.intervention_probability(strength, formality, 0.22, **LEVELS), [0.05, 0.41, 0.05], 1e-12)


@given(
    chances,
    chances,
    st.floats(0.001, 0.999),
    st.floats(-0.3, 0.3),
    st.floats(-2, 2),
    chances,
    st.floats(0, 3),
)
def test_intervention_is_a_probability_with_the_right_signs(
    strength: float, formality: float, trust: float, stake: float, arms: float, path: float, cost: float
) -> None:
    terms = (strength, formality, trust, stake, arms, path, cost)
    chance = credibility.intervention_probability(*terms, **LEVELS)
    assert 0 <= chance <= 1
    for place, sign in ((0, 1), (1, 1), (2, 1), (3, 1), (4, 1), (5, 1), (6, -1)):
        more = list(terms)
        more[place] = min(terms[place] + 0.1, 1.0) if place in (0, 1, 5) else terms[place] + 0.1
        assert sign * (credibility.intervention_probability(*more, **LEVELS) - chance) >= -1e-12


@given(chances, chances, chances)
def test_no_promise_exceeds_a_full_one_or_falls_short_of_none(strength: float, formality: float, path: float) -> None:
    chance = credibility.intervention_probability(strength, formality, 0.22, alliance_path=path, **LEVELS)
    assert 0.05 - 1e-12 <= chance <= 0.41 + 1e-12
    levels = LEVELS | {"full_probability": 0.01}
    close(credibility.intervention_probability(strength, formality, 0.22, **levels), 0.05, 1e-12)


@given(chances, st.floats(0, 200), st.integers(0, 120))
def test_a_guarantee_builds_up_evenly(strength: float, months: float, buildup: int) -> None:
    in_force = credibility.guarantee_in_force(strength, months, buildup)
    assert 0 <= in_force <= strength
    assert credibility.guarantee_in_force(strength, months + 1, buildup) >= in_force
    assert credibility.guarantee_in_force(strength, months, buildup + 1) <= in_force
    assert credibility.guarantee_in_force(strength, -1.0, buildup) == 0
    close(credibility.guarantee_in_force(strength, months, 0.0), strength, 0)
    close(credibility.guarantee_in_force(strength, buildup / 2, buildup), strength / 2 if buildup else strength)


def test_a_guarantee_is_in_force_from_the_day_it_is_signed() -> None:
    months, buildup = np.array([[0.0, -1.0, 0.5, 0.25], [0.0, 0.0, 2.0, 0.5]])
    close(credibility.guarantee_in_force(0.8, months, buildup), [0.8, 0, 0.2, 0.4], 1e-15)


def test_no_stake_makes_more_than_sure() -> None:
    close(credibility.intervention_probability(1.0, 1.0, 0.9, 0.9, **LEVELS), 1.0, 0)
    close(credibility.intervention_probability(0.0, 1.0, 0.1, -0.9, **LEVELS), 0.0, 0)


@pytest.mark.parametrize(("promised", "path"), [(0.5, 0.0), (0.0, 0.5), (0.25, 1 / 3)])
def test_half_an_assurance_is_half_way_in_log_odds(promised: float, path: float) -> None:
    """Odds of 1/9 and of 1 meet at 1/3; what a promise leaves open the path to an alliance half fills."""
    levels = {"base_probability": 0.1, "full_probability": 0.5, "reference_reliability": 0.2}
    close(credibility.intervention_probability(promised, 1.0, 0.2, alliance_path=path, **levels), 0.25, 1e-12)
    # Trust of 1/2 in place of 1/5 multiplies the odds by 4, arms by e and their cost by 1/e².
    terms = {"arms_in_place": 1.0, "cost": 2.0, "alliance_path": path}
    odds = 4 / 3 / np.e
    chance = credibility.intervention_probability(promised, 1.0, 0.5, **terms, **levels)
    close(chance, odds / (1 + odds), 1e-12)


# The stake


def effects(stake: Any, hypothesis: Any, rival: Any = 0.0) -> tuple[Any, Any, Any]:
    """Through intervention, strength and coercion, at a full effect from 50 billion on."""
    return (
        credibility.stake_intervention_effect(stake, 50.0, hypothesis, rival, *BOUNDS),
        credibility.stake_strength_effect(stake, 50.0, hypothesis, 0.1),
        credibility.stake_coercion_effect(stake, 50.0, hypothesis, 0.5),
    )


@given(stakes, stakes)
def test_under_h0_a_stake_does_nothing(stake: float, rival: float) -> None:
    close(effects(stake, credibility.NONE, rival), 0, 0)


def test_each_hypothesis_opens_one_channel() -> None:
    full = np.array(effects(50.0, np.arange(6), 50.0))
    close(full, [[0, 0.05, 0.25, 0, 0, -0.05], [0, 0, 0, 0.10, 0, 0], [0, 0, 0, 0, 0.50, 0]], 0)
    close(np.array(effects(np.zeros(6), np.arange(6), 0.0)), 0, 0)
    close(np.array(effects(np.full(6, 500.0), np.arange(6), 500.0)), full, 0)


@given(hypotheses, stakes, st.floats(0, 50), stakes, chances, st.floats(0.01, 0.99))
def test_bounds_of_the_hypotheses_hold_exactly(
    hypothesis: int, stake: float, more: float, rival: float, strength: float, trust: float
) -> None:
    """On the chance of intervention itself, wherever it stands, and not only on its log odds."""

    def chance(size: float, rival_size: float) -> Any:
        effect = credibility.stake_intervention_effect(size, 50.0, hypothesis, rival_size, *BOUNDS)
        return credibility.intervention_probability(strength, 1.0, trust, effect, **LEVELS)

    added = chance(stake, 0.0) - chance(0.0, 0.0)
    assert -1e-12 <= added <= (0.0, 0.05, 0.25, 0.0, 0.0, 0.0)[hypothesis] + 1e-12
    assert chance(stake + more, 0.0) >= chance(stake, 0.0)
    taken = chance(stake, 0.0) - chance(stake, rival)
    assert -1e-12 <= taken <= (0.05 if hypothesis == credibility.COUNTER else 0.0) + 1e-12


def test_a_stake_works_evenly_up_to_its_scale() -> None:
    """Two fifths of 50 are two fifths of the effect; a rival's stake alone works under H5 alone."""
    part = np.array(effects(20.0, np.arange(6)))
    close(part, [[0, 0.02, 0.1, 0, 0, 0], [0, 0, 0, 0.04, 0, 0], [0, 0, 0, 0, 0.2, 0]], 1e-15)
    close(np.array(effects(20.0, credibility.COUNTER, 30.0)), [-0.03, 0, 0], 1e-15)
    close(credibility.stake_intervention_effect(20.0, 50.0, credibility.COUNTER, 0.0, *BOUNDS), 0.0, 0)


def test_hypotheses_mix_over_worlds() -> None:
    codes = np.array([2, 0, 1, 5, 3, 4])
    together = effects(np.full(6, 20.0), codes, np.full(6, 30.0))
    for world, code in enumerate(codes):
        for channel, alone in zip(together, effects(20.0, int(code), 30.0), strict=True):
            assert channel[world] == alone


# What a broken promise costs


def test_a_weak_or_informal_promise_ties_less() -> None:
    strength, formality = np.array([[1.0, 0.5, 1.0, 0.0], [1.0, 1.0, 0.5, 1.0]])
    costs = credibility.audience_cost(strength, formality, 30.0)
    close(costs, [30, 15, 15, 0], 0)
    assert yardsticks.honours_commitment(10.0, 30.0, costs).tolist() == [True, False, False, False]


# The entry-deterrence game that a guarantee plays with an attacker, by solvers of other people: the attacker
# attacks or holds, the guarantor then fights (worth 4 less 5) or stands aside (paying the audience cost).

VALUE, COST, PRIZE, DEFEAT = 4.0, 5.0, 2.0, -1.5
AUDIENCE = [0.0, 0.9, 1.1, 3.0]


@pytest.mark.parametrize("audience", AUDIENCE)
def test_a_guarantee_deters_where_it_would_be_honoured(audience: float) -> None:
    """Of the equilibria of nashpy, the one in which standing aside is no empty threat is the predicate's."""
    attacker = np.array([[DEFEAT, PRIZE], [0.0, 0.0]])
    guarantor = np.array([[VALUE - COST, -audience], [VALUE, VALUE]])
    honours = bool(yardsticks.honours_commitment(VALUE, COST, audience))
    column = np.eye(2)[0 if honours else 1]
    row = np.eye(2)[1 if honours else 0]
    found = list(nashpy.Game(attacker, guarantor).vertex_enumeration())
    assert any(np.allclose(x, row) and np.allclose(y, column) for x, y in found)
    better = guarantor @ column - guarantor @ (1 - column)
    assert np.all(better >= 0)
    assert better[0] > 0  # weakly dominant, and strictly better once attacked


@pytest.mark.parametrize("audience", AUDIENCE)
def test_gambit_plays_the_tree_as_the_choice_rules_do(audience: float) -> None:
    """Agent quantal response along the tree: the guarantor's answer, and the attack that expects it."""
    tree = (
        'EFG 2 R "deterrence" { "Attacker" "Guarantor" }\n'
        'p "" 1 1 "" { "attack" "hold" } 0\n'
        'p "" 2 1 "" { "fight" "stand aside" } 0\n'
        f't "" 1 "" {{ {DEFEAT} {VALUE - COST} }}\n'
        f't "" 2 "" {{ {PRIZE} {-audience} }}\n'
        f't "" 3 "" {{ 0 {VALUE} }}\n'
    )
    game = pygambit.read_efg(io.StringIO(tree))

    def chances(profile: Any) -> list[float]:
        """Chance of the first action at each player's only move: of attack, of fighting."""
        return [next(iter(action))[1] for player in profile for _, action in player]

    for precision in (1.0, 4.0):
        (found,) = pygambit.qre.logit_solve_lambda(game, precision)
        fights = acceptance_probability(VALUE - COST + audience, precision)
        attacks = acceptance_probability(fights * DEFEAT + (1 - fights) * PRIZE, precision)
        close(chances(found.profile), [attacks, fights], 1e-5)
    attack, fight = chances(pygambit.nash.logit_solve(game).equilibrium)
    honours = bool(yardsticks.honours_commitment(VALUE, COST, audience))
    assert (fight > 0.5) == honours
    close(attack, 0.0 if honours else 1.0, 1e-3)
