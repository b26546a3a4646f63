"""The rules of war and peace: values of the chain against dense solves, choices against integration."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import integrate, stats

from model.rules import war_and_peace as rules

Floats = NDArray[np.float64]
CHAINS = 2000
odds = st.floats(-20, 20)
rates = st.floats(0.001, 3)
chances = st.floats(0, 1)


def chain(guarantors: int, seed: int = 0, worlds: int = CHAINS) -> dict[str, Any]:
    """Random rates, flows and lumps, what is of a phase (phase, worlds)."""
    rng = np.random.default_rng(seed)
    count = rules.phase_count(guarantors)

    def rate(*shape: int) -> Floats:
        return np.exp(rng.uniform(np.log(0.003), np.log(3.0), (*shape, worlds)))

    return {
        "attack": rate(count),
        "rearming": rate(),
        "build_up": rate(guarantors),
        "settlement": rate(),
        "ceasefire": rate(),
        "discount": rng.uniform(0.01, 0.3, worlds),
        "war": rng.normal(size=worlds),
        "peace": rng.normal(size=(count, worlds)),
        "lump": rng.normal(size=(count, worlds)),
    }


def generator(c: dict[str, Any]) -> Floats:
    """Rates from state to state (worlds, state, state): war first, then the phases, by their meaning."""
    guarantors, worlds = c["build_up"].shape
    states: list[Any] = ["war"]
    states += [(rearmed, mask) for rearmed in (False, True) for mask in range(2**guarantors)]
    states.append("settled")
    index = {state: number for number, state in enumerate(states)}
    move = np.zeros((worlds, len(states), len(states)))
    move[:, 0, index[(False, 0)]] = c["ceasefire"]
    for number, state in enumerate(states[1:], 1):
        move[:, number, 0] = c["attack"][number - 1]
        if state == "settled":
            continue
        rearmed, mask = state
        move[:, number, index["settled"]] = c["settlement"]
        if not rearmed:
            move[:, number, index[(True, mask)]] = c["rearming"]
        for guarantor in range(guarantors):
            if not mask & (1 << guarantor):
                move[:, number, index[(rearmed, mask | 1 << guarantor)]] = c["build_up"][guarantor]
    states_on = np.arange(len(states))
    move[:, states_on, states_on] = -move.sum(axis=2)
    return move


def closed_form(c: dict[str, Any], discount: Any) -> tuple[Floats, Floats]:
    """The yearly equivalent of war, and the gaps of the phases over it (phase, worlds)."""
    clocks = list(c["attack"]), discount, c["rearming"], list(c["build_up"]), c["settlement"]
    payoff = rules.until_next_war(list(c["peace"] + c["attack"] * c["lump"]), *clocks)
    years = rules.until_next_war(list(np.ones_like(c["peace"])), *clocks)
    war = rules.value_of_war(c["war"], c["ceasefire"], payoff[0], years[0])
    return war, np.array(payoff) - np.array(years) * war


def income(c: dict[str, Any]) -> Floats:
    """Flow of every state with its expected lump, (worlds, state)."""
    return np.vstack([c["war"][None], c["peace"] + c["attack"] * c["lump"]]).T


@pytest.mark.parametrize("guarantors", [0, 1, 2])
def test_values_are_those_of_a_dense_solve(guarantors: int) -> None:
    c = chain(guarantors)
    states = rules.phase_count(guarantors) + 1
    matrix = c["discount"][:, None, None] * np.eye(states) - generator(c)
    values = np.linalg.solve(matrix, income(c)[..., None])[..., 0].T
    war, gaps = closed_form(c, c["discount"])
    np.testing.assert_allclose(war / c["discount"], values[0], rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(gaps, values[1:] - values[0], rtol=1e-10, atol=1e-9)


@pytest.mark.parametrize("guarantors", [0, 1, 2])
def test_without_discounting_it_is_the_average_over_time(guarantors: int) -> None:
    """Income weighed by the stationary distribution of the chain."""
    c = chain(guarantors)
    move = generator(c).transpose(0, 2, 1)
    move[:, -1] = 1.0
    right = np.zeros(move.shape[:2])
    right[:, -1] = 1.0
    stationary = np.linalg.solve(move, right[..., None])[..., 0]
    average = (stationary * income(c)).sum(axis=1)
    np.testing.assert_allclose(closed_form(c, np.zeros(CHAINS))[0], average, rtol=0, atol=1e-10)
    np.testing.assert_allclose(closed_form(c, np.full(CHAINS, 1e-9))[0], average, rtol=0, atol=1e-6)


def test_two_phases_alike_are_one() -> None:
    """(u_F (r + a) + u_C c) / (r (r + a + c)), whatever clocks run where nothing depends on them."""
    c = chain(2)
    for name in ("attack", "peace", "lump"):
        c[name] = np.broadcast_to(c[name][0], c[name].shape)
    r, a, rate = c["discount"], c["attack"][0], c["ceasefire"]
    ceasefire = c["peace"][0] + a * c["lump"][0]
    expected = (c["war"] * (r + a) + ceasefire * rate) / (r * (r + a + rate))
    np.testing.assert_allclose(closed_form(c, r)[0] / r, expected, rtol=0, atol=1e-10)


def test_phases_count_two_for_each_guarantor_and_clock() -> None:
    assert [rules.phase_count(guarantors) for guarantors in range(4)] == [3, 5, 9, 17]


# Choices


def test_log_odds_and_back() -> None:
    probability = np.array([0.05, 0.5, 0.9])
    np.testing.assert_allclose(rules.logit(probability), np.log(probability / (1 - probability)), rtol=1e-14)
    np.testing.assert_allclose(rules.logistic(rules.logit(probability))[0], probability, rtol=1e-14)
    ends = rules.logit(np.array([0.0, 1.0]))
    np.testing.assert_allclose(ends, [np.log(1e-12), -np.log(1e-12)], rtol=1e-4)


@given(odds)
def test_the_log_sum_is_what_choosing_gains(log_odds: float) -> None:
    """The mean of the better of nought and `log_odds` under a logistic shock, and its slope is the chance."""
    chance, log_sum = rules.logistic(np.array(log_odds))
    gain = integrate.quad(lambda x: (log_odds + x) * stats.logistic.pdf(x), -log_odds, np.inf, epsabs=1e-11, limit=200)[
        0
    ]
    np.testing.assert_allclose(log_sum, gain, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(chance, stats.logistic.cdf(log_odds), rtol=1e-12)
    step = 1e-5
    slope = (rules.logistic(np.array(log_odds + step))[1] - rules.logistic(np.array(log_odds - step))[1]) / (2 * step)
    np.testing.assert_allclose(slope, chance, atol=1e-8)


def test_choices_are_defined_at_any_odds() -> None:
    chance, log_sum = rules.logistic(np.array([-1e4, -800.0, 0.0, 800.0, 1e4]))
    np.testing.assert_allclose(chance, [0, 0, 0.5, 1, 1])
    np.testing.assert_allclose(log_sum, [0, 0, np.log(2), 800, 1e4])


@given(st.floats(-2, 2), st.floats(-2, 2), st.floats(0.01, 0.5), st.floats(0.05, 1), st.floats(0.2, 4))
def test_attacks_rise_with_what_they_gain(gain: float, reference: float, base: float, scale: float, nu: float) -> None:
    """At the reference the base rate and nothing gained; the flow's slope in the gain is the rate."""
    log_odds = rules.logit(base)

    def at(value: float) -> tuple[Any, Any]:
        return rules.attack_rate(np.array(value), np.array(reference), log_odds, np.array(scale), nu)

    rate, flow = at(reference)
    np.testing.assert_allclose([rate, flow], [nu * base, 0], atol=1e-12)
    rate, flow = at(gain)
    assert 0 <= rate <= nu
    if rate < 0.999 * nu:
        np.testing.assert_allclose(
            np.log(rate / (nu - rate)), log_odds + (gain - reference) / scale, rtol=1e-6, atol=1e-6
        )
    step = 1e-5 * scale
    np.testing.assert_allclose((at(gain + step)[1] - at(gain - step)[1]) / (2 * step), rate, atol=1e-6)


@given(rates, chances, chances, odds, st.floats(0.05, 1))
def test_both_must_want_a_ceasefire(base: float, first: float, second: float, log_odds: float, scale: float) -> None:
    indifferent = np.array(0.5)
    np.testing.assert_allclose(rules.ceasefire_rate(np.array(base), indifferent, indifferent), base)
    rate = rules.ceasefire_rate(np.array(base), np.array(first), np.array(second))
    np.testing.assert_allclose(rate, 4 * base * first * second)
    assert rules.ceasefire_rate(np.array(base), np.array(0.0), np.array(second)) == 0

    def surplus(at: float) -> Any:
        return rules.ceasefire_surplus(
            np.array(base), np.array(first), rules.logistic(np.array(at))[1], np.array(scale)
        )

    np.testing.assert_allclose(surplus(0.0), 0, atol=1e-12)
    # The envelope: a little more to be had of a ceasefire is worth the rate at which it comes.
    step = 1e-5
    slope = (surplus(log_odds + step) - surplus(log_odds - step)) / (2 * step * scale)
    own = rules.logistic(np.array(log_odds))[0]
    np.testing.assert_allclose(slope, rules.ceasefire_rate(np.array(base), np.array(first), own), atol=1e-5)
