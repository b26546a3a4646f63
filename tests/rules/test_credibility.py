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

LEVELS = {"base_probability": 0.05, "full_probability": 0.41}
BOUNDS = 0.05, 0.25, 0.05
"""Largest effects on the chance of intervention under H1, H2 and H5."""
chances = st.floats(0, 1)
stakes = st.floats(0, 500)
hypotheses = st.integers(0, 5)


def close(actual: Any, expected: Any, within: float = 1e-6) -> None:
    np.testing.assert_allclose(actual, expected, rtol=0, atol=within)


# The guarantee


def test_levels_are_those_of_the_record() -> None:
    """Nothing promised, a full and formal guarantee, a spoken one; nothing else known."""
    strength, formality = np.array([[0.0, 1.0, 1.0], [1.0, 1.0, 0.0]])
    close(credibility.intervention_probability(strength, formality, 0.0, **LEVELS), [0.05, 0.41, 0.05], 1e-12)


@given(chances, chances, chances, st.floats(-4, 4))
def test_intervention_is_a_probability_that_rises_in_all_of_it(
    strength: float, formality: float, path: float, other: float
) -> None:
    terms = (strength, formality, path, other)
    chance = credibility.intervention_probability(*terms, **LEVELS)
    assert 0 <= chance <= 1
    for number in range(4):
        more = list(terms)
        more[number] = min(terms[number] + 0.1, 1.0) if number < 3 else terms[number] + 0.1
        assert credibility.intervention_probability(*more, **LEVELS) >= chance - 1e-12


@given(chances, chances, chances)
def test_no_promise_exceeds_a_full_one_or_falls_short_of_none(strength: float, formality: float, path: float) -> None:
    chance = credibility.intervention_probability(strength, formality, path, **LEVELS)
    assert 0.05 - 1e-12 <= chance <= 0.41 + 1e-12
    levels = LEVELS | {"full_probability": 0.01}
    close(credibility.intervention_probability(strength, formality, path, **levels), 0.05, 1e-12)


@pytest.mark.parametrize(("promised", "path"), [(0.5, 0.0), (0.0, 0.5), (0.25, 1 / 3)])
def test_half_an_assurance_is_half_way_in_log_odds(promised: float, path: float) -> None:
    """Odds of 1/9 and of 1 meet at 1/3; what a promise leaves open the path to an alliance half fills."""
    levels = {"base_probability": 0.1, "full_probability": 0.5}
    close(credibility.intervention_probability(promised, 1.0, path, **levels), 0.25, 1e-12)
    close(credibility.intervention_probability(1.0, promised, path, **levels), 0.25, 1e-12)
    # Log odds of 1 added multiply the odds by e.
    odds = np.e / 3
    close(credibility.intervention_probability(promised, 1.0, path, 1.0, **levels), odds / (1 + odds), 1e-12)


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


@given(hypotheses, stakes, st.floats(0, 50), stakes)
def test_bounds_of_the_hypotheses_hold_exactly(hypothesis: int, stake: float, more: float, rival: float) -> None:
    """What is added to the chance of intervention itself, and what a rival's stake takes from it."""

    def effect(size: float, rival_size: float) -> Any:
        return credibility.stake_intervention_effect(size, 50.0, hypothesis, rival_size, *BOUNDS)

    assert 0 <= effect(stake, 0.0) <= (0.0, 0.05, 0.25, 0.0, 0.0, 0.0)[hypothesis]
    assert effect(stake + more, 0.0) >= effect(stake, 0.0)
    taken = effect(stake, 0.0) - effect(stake, rival)
    assert 0 <= taken <= (0.05 if hypothesis == credibility.COUNTER else 0.0)


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
    solutions = list(nashpy.Game(attacker, guarantor).vertex_enumeration())
    assert any(np.allclose(x, row) and np.allclose(y, column) for x, y in solutions)
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
        (solution,) = pygambit.qre.logit_solve_lambda(game, precision)
        fights = acceptance_probability(VALUE - COST + audience, precision)
        attacks = acceptance_probability(fights * DEFEAT + (1 - fights) * PRIZE, precision)
        close(chances(solution.profile), [attacks, fights], 1e-5)
    attack, fight = chances(pygambit.nash.logit_solve(game).equilibrium)
    honours = bool(yardsticks.honours_commitment(VALUE, COST, audience))
    assert (fight > 0.5) == honours
    close(attack, 0.0 if honours else 1.0, 1e-3)
