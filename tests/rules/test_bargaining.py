"""The rules of bargaining: solutions of the theory, also by other routes and by other people's solvers."""

from __future__ import annotations

import io
from typing import Any

import nashpy
import numpy as np
import pygambit
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize

from model.rules import bargaining
from tests.theory import yardsticks

EXACT = 1e-6
shares = st.floats(0, 1)
patience = st.floats(0.05, 0.999)
money = st.floats(-1e3, 1e3)

# Russia picks the row (attack, hold), the United States the column (ready, idle): readiness costs .2, an
# attack on the unready costs 1. Nobody is sure of anything in equilibrium.
INSPECTION_RUSSIA = np.array([[-0.5, 0.6], [0.0, 0.0]])
INSPECTION_UNITED_STATES = np.array([[-0.3, -1.0], [-0.2, 0.0]])
# Chance that Russia attacks and that the United States is ready at logit precisions .5, 2 and 10, as found
# once by Gambit 17.0.0b2 (logit_solve_lambda), which is asked again below.
GAMBIT = {0.5: (0.50192898, 0.53142553), 2.0: (0.46573189, 0.60785803), 10.0: (0.28163366, 0.63057932)}


def close(actual: Any, expected: Any, within: float = EXACT) -> None:
    np.testing.assert_allclose(actual, expected, rtol=0, atol=within)


# Known answers


def test_t2_rubinstein() -> None:
    close(bargaining.rubinstein_share(0.95, 0.90), 0.689655)


@pytest.mark.parametrize(("first", "second"), [(0.95, 0.90), (0.5, 0.99), (0.9, 0.9)])
def test_t2_is_the_limit_of_the_finite_game_played_backwards(first: float, second: float) -> None:
    share_of_first_proposing = 1.0
    for _ in range(3000):
        share_of_second_proposing = 1.0 - first * share_of_first_proposing
        share_of_first_proposing = 1.0 - second * share_of_second_proposing
    close(bargaining.rubinstein_share(first, second), share_of_first_proposing, 1e-12)


def test_t4_outside_option_binds_only_above_the_bargain() -> None:
    base = 1 - bargaining.rubinstein_share(0.95, 0.95)
    close(base, 0.487179)
    close(bargaining.outside_option_share(base, 0.60), 0.60, 0)
    close(bargaining.outside_option_share(base, 0.30), base, 0)


@pytest.mark.parametrize("option", [0.0, 0.3, 0.48, 0.49, 0.6, 0.9])
def test_t4_is_the_limit_of_the_finite_game_with_an_exit(option: float) -> None:
    """The responder takes an offer that is worth both a counter-offer next round and leaving now."""
    proposing_responder = 1.0
    for _ in range(2000):
        proposing_first = 1.0 - max(0.95 * proposing_responder, option)
        proposing_responder = 1.0 - 0.95 * proposing_first
    base = 1 - bargaining.rubinstein_share(0.95, 0.95)
    close(bargaining.outside_option_share(base, option), 1.0 - proposing_first)


def test_half_of_new_licences_after_ten_years_is_seven_per_cent() -> None:
    close(bargaining.effective_stake(0.5, 0.4, 10, 0.1), 0.5 * 0.4 / np.e)


# Solvers of other people


def logit_equilibrium(precision: float) -> tuple[float, float]:
    """Chance of attack and of readiness that answer each other by the model's own choice rules."""

    def answers(attack: float) -> tuple[float, float]:
        ready = quantal(INSPECTION_UNITED_STATES.T @ [attack, 1 - attack], precision)
        return quantal(INSPECTION_RUSSIA @ [ready, 1 - ready], precision), ready

    attack = optimize.brentq(lambda x: answers(x)[0] - x, 0.0, 1.0, xtol=1e-14)
    return attack, answers(attack)[1]


def quantal(payoffs: np.ndarray[Any, Any], precision: float) -> float:
    """Chance of the first of two options; the rule for two and the rule for many agree on it."""
    chance = float(bargaining.quantal_response(payoffs, precision)[0])
    close(bargaining.acceptance_probability(payoffs[0] - payoffs[1], precision), chance, 1e-12)
    return chance


@pytest.mark.parametrize("precision", GAMBIT)
def test_quantal_response_equilibrium_is_gambits(precision: float) -> None:
    close(logit_equilibrium(precision), GAMBIT[precision])


@pytest.mark.parametrize("precision", GAMBIT)
def test_gambit_still_says_so(precision: float) -> None:
    pairs = zip(INSPECTION_RUSSIA.T.flat, INSPECTION_UNITED_STATES.T.flat, strict=True)
    numbers = " ".join(f"{russia} {united_states}" for russia, united_states in pairs)
    text = f'NFG 1 R "inspection" {{ "Russia" "United States" }} {{ 2 2 }}\n\n{numbers}\n'
    (solution,) = pygambit.qre.logit_solve_lambda(pygambit.read_nfg(io.StringIO(text)), precision)
    (attack, _), (ready, _) = ([chance for _, chance in strategy] for strategy in solution.profile)
    close((attack, ready), logit_equilibrium(precision))


def test_sharp_quantal_response_is_the_nash_equilibrium_of_nashpy() -> None:
    game = nashpy.Game(INSPECTION_RUSSIA, INSPECTION_UNITED_STATES)
    ((russia, united_states),) = game.support_enumeration()
    close(logit_equilibrium(1e6), (russia[0], united_states[0]), 1e-5)


# Properties


@given(patience, patience, st.floats(0, 0.3))
def test_patience_pays(first: float, second: float, more: float) -> None:
    share = bargaining.rubinstein_share(first, second)
    assert 0 <= share <= 1
    assert bargaining.rubinstein_share(min(first + more, 1), second) >= share - 1e-12
    assert bargaining.rubinstein_share(first, min(second + more, 1)) <= share + 1e-12


def test_shares_are_defined_at_the_ends() -> None:
    first, second = np.array([[1.0, 1.0, 0.5, 0.0, 0.0], [1.0, 0.5, 1.0, 0.0, 1.0]])
    close(bargaining.rubinstein_share(first, second), [0.5, 1, 0, 1, 0])
    first, second = np.array([[0.0, 0.0, 0.1], [0.0, 0.1, 0.0]])
    close(yardsticks.rubinstein_limit(first, second), [0.5, 1, 0])


@given(shares, shares, st.floats(0, 20), st.floats(0.01, 0.3))
def test_effective_stake_never_exceeds_the_headline(own: float, base: float, years: float, rate: float) -> None:
    stake = bargaining.effective_stake(own, base, years, rate)
    assert 0 <= stake <= own * base
    assert bargaining.effective_stake(own, base, years + 1, rate) <= stake
    assert bargaining.effective_stake(min(own + 0.1, 1), base, years, rate) >= stake


@given(shares, shares, st.floats(0, 1e3), st.floats(-10, 1e3))
def test_costs_and_repayment_keep_their_signs(own: float, base: float, aid: float, left: float) -> None:
    cost = bargaining.sovereignty_cost(own, base, aid, 5.0, 0.05)
    close(cost, 5 * own * base + 0.05 * aid)
    recovered = bargaining.recovered_aid(aid, left)
    assert 0 <= recovered <= aid
    assert recovered <= max(left, 0)


payoff_table = st.lists(st.lists(st.floats(-50, 50), min_size=3, max_size=3), min_size=1, max_size=5)


@given(payoff_table, st.floats(0, 1e4), st.floats(0, 1, exclude_max=True))
def test_choices_are_probabilities_and_picks_are_possible(
    table: list[list[float]], precision: float, draw: float
) -> None:
    payoffs = np.array(table)
    chances = bargaining.quantal_response(payoffs, precision)
    assert np.all((chances >= 0) & (chances <= 1))
    close(chances.sum(axis=0), 1, 1e-12)
    close(bargaining.quantal_response(payoffs + 7, precision), chances, 1e-8)
    picked = bargaining.pick(chances, np.full(3, draw))
    assert np.all(chances[picked, range(3)] > 0)
    for world in range(3):
        alone = bargaining.quantal_response(payoffs[:, world : world + 1], np.full(1, precision))
        assert alone.tobytes() == np.ascontiguousarray(chances[:, world : world + 1]).tobytes()


def test_choice_at_the_ends_of_precision() -> None:
    payoffs = np.array([[1.0, 2.0, -np.inf, -np.inf], [3.0, 2.0, -4.0, -np.inf], [3.0, 1.0, -9.0, -np.inf]])
    sharp = bargaining.quantal_response(payoffs, np.inf)
    close(sharp.T, [[0, 0.5, 0.5], [0.5, 0.5, 0], [0, 1, 0], [0, 0, 0]], 0)
    blind = bargaining.quantal_response(payoffs, 0.0)
    close(blind.T, [[1 / 3] * 3, [1 / 3] * 3, [0, 0.5, 0.5], [0, 0, 0]], 1e-15)
    close(bargaining.acceptance_probability(np.array([-1.0, 0.0, 1.0]), np.inf), [0, 0.5, 1], 0)


def test_custom_weighs_halves_and_vanishes_where_there_is_none() -> None:
    shares = np.array([[0.25], [0.5], [0.75], [1.0]])
    close(bargaining.customary_weight(shares, 2 / 3)[:, 0], [1 / 12, 3 / 4, 1 / 12, 1 / 12], 1e-12)
    close(bargaining.customary_weight(shares, np.array([0.0, 0.5])).sum(axis=0), 1, 1e-12)
    close(bargaining.customary_weight(shares, 0.0), 1 / 4)
    close(bargaining.customary_weight(np.array([[0.2], [0.3]]), 0.9), 1 / 2)
    twice = np.array([[0.5], [0.5], [1.0]])
    close(bargaining.customary_weight(twice, 0.5)[:, 0], [5 / 12, 5 / 12, 1 / 6], 1e-12)


def test_a_draw_on_the_border_is_the_next_options() -> None:
    chances = np.repeat([[0.25], [0.25], [0.5]], 3, axis=1)
    assert bargaining.pick(chances, np.array([0.0, 0.25, 0.5])).tolist() == [0, 1, 2]


def test_pick_follows_the_chances() -> None:
    draws = np.linspace(0, 1, 1000, endpoint=False)
    chances = np.repeat([[0.2], [0.0], [0.5], [0.3]], 1000, axis=1)
    close(np.bincount(bargaining.pick(chances, draws), minlength=4), [200, 0, 500, 300], 1)
    tenths = np.full((10, 1), 0.1)  # adds up to less than 1 in binary
    assert bargaining.pick(np.vstack([tenths, [[0.0]]]), np.array([1 - 2**-53])) == 9


@given(st.lists(st.floats(0, 1), min_size=2, max_size=4), st.lists(st.floats(0, 1), min_size=4, max_size=4))
def test_bayes(weights: list[float], chances: list[float]) -> None:
    total = sum(weights)
    prior = np.array(weights) / total if total > 0 else np.full(len(weights), 1 / len(weights))
    likelihood = np.array(chances[: len(weights)])
    belief = bargaining.posterior(prior[:, None], likelihood[:, None])[:, 0]
    close(belief.sum(), 1, 1e-9)
    assert np.all((belief >= 0) & (belief <= 1 + 1e-12))
    if prior @ likelihood > 0:
        close(belief * (prior @ likelihood), prior * likelihood, 1e-12)
    else:
        close(belief, prior, 0)


def test_a_signal_that_three_types_send_by_hand() -> None:
    """Priors of .5, .3 and .2 and chances of .2, .5 and .75: .1, .15 and .15 of .4."""
    belief = bargaining.posterior(np.array([[0.5], [0.3], [0.2]]), np.array([[0.2], [0.5], [0.75]]))
    close(belief[:, 0], [0.25, 0.375, 0.375], 1e-15)


def test_offer_is_worth_its_answer() -> None:
    close(bargaining.expected_offer_value(np.array([0.0, 0.25, 1.0]), 8.0, 4.0), [4, 5, 8])


# Reasons


@given(st.lists(st.floats(-9, 9), min_size=2, max_size=8), st.floats(0, 1))
def test_flip_is_where_the_answer_turns_and_the_nearest(gains: list[float], current: float) -> None:
    values = np.linspace(0, 1, len(gains))
    flip = bargaining.flip_value(values, np.array(gains), current)
    accepts = np.array(gains) >= 0
    if accepts.all() or not accepts.any():
        assert np.isnan(flip)
        return
    close(np.interp(flip, values, gains), 0, 1e-9)
    nearer = np.linspace(current - abs(flip - current) * 0.999, current + abs(flip - current) * 0.999, 50)
    between = np.interp(nearer[(nearer >= 0) & (nearer <= 1)], values, gains)
    assert np.all(between >= -1e-9) or np.all(between <= 1e-9)


def test_of_two_flips_equally_near_the_lower_is_named() -> None:
    """Taken below .25 and above .75 only, and now at a half; a gain of nought still accepts; one value never turns."""
    assert np.isnan(bargaining.flip_value(np.array([0.5]), np.array([1.0]), 0.5))
    assert bargaining.flip_value(np.array([0.0, 0.5, 1.0]), np.array([1.0, -1.0, 1.0]), 0.5) == 0.25
    assert bargaining.flip_value(np.array([0.0, 2.0, 4.0]), np.array([3.0, 0.0, -1.0]), 0.0) == 2.0


def test_flip_of_a_known_line_in_many_worlds() -> None:
    values = np.linspace(0, 1, 6)
    gains = np.stack([0.3 - values, 2 - values, np.cos(3 * np.pi * values)], axis=1)
    flips = bargaining.flip_value(values, gains, np.array([0.5, 0.5, 0.6]))
    close(flips[0], 0.3, 1e-12)
    assert np.isnan(flips[1])
    close(flips[2], 0.5, 0.02)
