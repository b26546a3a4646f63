"""The rules of ratification: votes counted exactly, and what a quota does to a bargain."""

from __future__ import annotations

from fractions import Fraction
from math import comb
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.special import expit

from model.rules.ratification import ratification_forecast, ratification_probability, yes_probability
from tests.theory.yardsticks import pivotal_share

EXACT = 1e-6
chances = st.floats(0, 1)
correlations = st.floats(0, 0.5)
chambers = st.integers(1, 450)


def close(actual: Any, expected: Any, within: float = EXACT) -> None:
    np.testing.assert_allclose(actual, expected, rtol=0, atol=within)


# Votes


def test_t18_ratification() -> None:
    yes = Fraction(3, 5)
    counted = sum(comb(401, k) * yes**k * (1 - yes) ** (401 - k) for k in range(226, 402))
    close(ratification_probability(0.60, 401, 226), float(counted))
    close(ratification_probability(0.60, 401, 226), 0.938, 5e-4)
    close(ratification_probability(0.55, 401, 226), 0.31, 5e-3)


@given(chances, chambers, chances)
def test_votes_cast_alone_are_binomial(yes: float, seats: int, part: float) -> None:
    quota = round(part * seats)
    close(ratification_probability(yes, seats, quota), stats.binom.sf(quota - 1, seats, yes), 1e-10)


@given(st.floats(0.01, 0.99), chambers, chances, st.floats(1e-4, 0.9))
def test_votes_of_blocs_are_beta_binomial(yes: float, seats: int, part: float, correlation: float) -> None:
    quota = round(part * seats)
    weight = (1 - correlation) / correlation
    expected = stats.betabinom.sf(quota - 1, seats, yes * weight, (1 - yes) * weight)
    close(ratification_probability(yes, seats, quota, correlation), expected, 1e-8)


def test_correlation_is_that_of_two_votes() -> None:
    """With two seats: both yes with p² + ρp(1 - p)."""
    close(ratification_probability(0.3, 2, 2, 0.25), 0.3 * 0.3 + 0.25 * 0.3 * 0.7, 1e-12)


def test_a_vanishing_correlation_is_none() -> None:
    close(ratification_probability(0.57, 401, 226, 1e-12), ratification_probability(0.57, 401, 226, 0.0), 1e-9)


def test_votes_by_simulation() -> None:
    rng = np.random.default_rng(226)
    lean = rng.beta(0.58 * 19, 0.42 * 19, 200_000)  # correlation 1/(1 + 19)
    passed = rng.binomial(401, lean) >= 226
    error = np.std(passed) / np.sqrt(passed.size)
    assert abs(np.mean(passed) - ratification_probability(0.58, 401, 226, 0.05)) < 3 * error


@pytest.mark.parametrize("yes", [0.0, 1e-9, 0.5, 1.0])
@pytest.mark.parametrize("correlation", [0.0, 1e-12, 0.5, 1.0])
def test_votes_at_the_ends(yes: float, correlation: float) -> None:
    quotas = np.array([-1, 0, 1, 9, 10, 11, 99])
    chance = ratification_probability(yes, 10, quotas, correlation)
    assert np.all((chance >= 0) & (chance <= 1))
    close(chance[:2], 1, 0)
    close(chance[-2:], 0, 0)
    if yes in (0.0, 1.0):
        close(chance[2:5], yes, 0)
    if correlation == 1.0:
        close(chance[2:5], yes, 1e-9)


@given(chances, chambers, correlations, st.data())
def test_a_higher_quota_is_never_easier(yes: float, seats: int, correlation: float, data: st.DataObject) -> None:
    quota = data.draw(st.integers(1, seats))
    chance = ratification_probability(yes, seats, np.array([quota, quota + 1]), correlation)
    assert 0 <= chance[1] <= chance[0] + 1e-12 <= 1 + 2e-12
    easier = ratification_probability(min(yes + 0.05, 1.0), seats, quota, correlation)
    assert easier >= chance[0] - 1e-12


def test_a_world_does_not_notice_its_neighbours() -> None:
    rng = np.random.default_rng(0)
    yes, correlation = rng.uniform(size=40), rng.uniform(0, 0.5, 40) * (rng.uniform(size=40) < 0.8)
    seats = rng.integers(1, 450, 40)
    quota = rng.integers(0, seats + 2)
    together = ratification_probability(yes, seats, quota, correlation)
    for world in range(40):
        one = slice(world, world + 1)
        alone = ratification_probability(yes[one], seats[one], quota[one], correlation[one])
        assert alone.tobytes() == together[one].tobytes()


@given(st.floats(0.3, 0.7), st.integers(200, 450), chances, st.floats(0, 0.05))
def test_a_forecast_is_near_the_count(yes: float, seats: int, part: float, correlation: float) -> None:
    quota = round(part * seats)
    count = ratification_probability(yes, seats, quota, correlation)
    close(ratification_forecast(yes, seats, quota, correlation), count, 0.03)


def test_a_forecast_by_hand() -> None:
    """Of 100 votes at a half 50 are foreseen, give or take 5, or 10 where each is tied to the others by 1/33."""
    quota = np.array([50.5, 55.5, 60.5])
    close(ratification_forecast(0.5, 100.0, quota), stats.norm.sf([0, 1, 2]), 1e-12)
    close(ratification_forecast(0.5, 100.0, quota, 1 / 33), stats.norm.sf([0, 0.5, 1]), 1e-12)
    # A fifth of 100 for sure: 20, give or take 4.
    close(ratification_forecast(0.2, 100.0, 24.5), stats.norm.sf(1), 1e-12)


# Deputies


@given(st.floats(-50, 50), chances, st.floats(0, 3))
def test_deputies_follow_the_public_and_the_deal(gain: float, support: float, precision: float) -> None:
    yes = yes_probability(gain, support, precision)
    assert 0 <= yes <= 1
    assert yes_probability(gain + 1, support, precision) >= yes
    assert yes_probability(gain, min(support + 0.1, 1), precision) >= yes
    assert yes_probability(gain, support, precision, 1.0) >= yes
    close(yes_probability(0.0, support, precision), support, 1e-9)
    close(yes_probability(gain, 0.5, precision), expit(precision * gain), 1e-12)


# Two levels


@pytest.mark.parametrize("quota", [150, 201, 226, 300])
def test_the_pivotal_share_passes_half_the_time(quota: int) -> None:
    """The two ways to see a chamber agree: at the deciding vote's limit the expected vote is the quota."""
    share = pivotal_share(0.3, 0.05, 401, quota)
    yes = expit((0.3 - share) / 0.05)
    close(ratification_probability(yes, 401, quota), 0.5, 0.01)
