"""The rules of learning: Bayes on promises kept and broken, adaptive expectations."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate

from model.rules.beliefs import adaptive_expectation, updated_reliability

PRIOR_HONOURED, PRIOR_BROKEN = 2.2, 7.8
PRIOR = PRIOR_HONOURED, PRIOR_BROKEN

counts = st.integers(0, 40)


def test_known_answers() -> None:
    honoured, broken = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    expected = [2.2 / 10, 3.2 / 11, 2.2 / 11]
    np.testing.assert_allclose(updated_reliability(honoured, broken, *PRIOR), expected, rtol=0, atol=1e-12)
    np.testing.assert_allclose(expected, [0.22, 0.291, 0.200], rtol=0, atol=5e-4)


@given(counts, counts)
def test_reliability_is_the_mean_of_the_posterior(honoured: int, broken: int) -> None:
    """Bayes' rule written out: prior density times the chance of what was seen, integrated."""

    def weight(x: float) -> float:
        return float(x ** (PRIOR_HONOURED - 1 + honoured) * (1 - x) ** (PRIOR_BROKEN - 1 + broken))

    whole = integrate.quad(weight, 0, 1, epsabs=0, epsrel=1e-10, limit=200)[0]
    mean = integrate.quad(lambda x: x * weight(x), 0, 1, epsabs=0, epsrel=1e-10, limit=200)[0] / whole
    np.testing.assert_allclose(updated_reliability(honoured, broken, *PRIOR), mean, rtol=0, atol=1e-6)


@given(counts, counts)
def test_a_promise_kept_raises_trust_and_a_broken_one_lowers_it(honoured: int, broken: int) -> None:
    trust = updated_reliability(honoured, broken, *PRIOR)
    assert 0 < trust < 1
    assert updated_reliability(honoured + 1, broken, *PRIOR) > trust > updated_reliability(honoured, broken + 1, *PRIOR)


@given(counts, counts)
def test_what_is_learned_does_not_depend_on_when(honoured: int, broken: int) -> None:
    """Learning in two steps, the first posterior being the next prior, is learning at once."""
    early = honoured // 2
    steps = updated_reliability(honoured - early, broken, PRIOR_HONOURED + early, PRIOR_BROKEN)
    np.testing.assert_allclose(steps, updated_reliability(honoured, broken, *PRIOR), rtol=0, atol=1e-12)


@given(st.floats(-5, 5), st.floats(-5, 5), st.floats(0, 1))
def test_expectations_move_towards_what_is_seen(expected: float, observed: float, gain: float) -> None:
    updated = adaptive_expectation(expected, observed, gain)
    assert min(expected, observed) - 1e-12 <= updated <= max(expected, observed) + 1e-12
    assert adaptive_expectation(expected, observed, 0.0) == expected
    error = observed - expected
    np.testing.assert_allclose(observed - updated, (1 - gain) * error, rtol=0, atol=1e-12)
