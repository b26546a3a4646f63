"""A price that returns to its mean: closed forms against integration and against simulated paths."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate

from model.rules import investment, mean_reverting_price


@given(
    st.floats(0.02, 0.25),
    st.floats(0, 0.3),
    st.floats(0, 25),
    st.floats(1, 40),
    st.floats(0.1, 5),
    st.floats(0.03, 0.5),
)
def test_annuity_at_a_fading_price(
    rate: float, hazard: float, lead: float, life: float, index: float, k: float
) -> None:
    ours = mean_reverting_price.index_annuity(rate, hazard, lead, life, index, k)
    numeric, _ = integrate.quad(
        lambda t: np.exp(-(rate + hazard) * t) * (1 + (index - 1) * np.exp(-k * t)), lead, lead + life
    )
    assert ours == pytest.approx(numeric, rel=1e-8, abs=1e-10)


def test_endless_flow_from_now() -> None:
    assert mean_reverting_price.index_annuity(0.1, 0, 0, 1e6, 1.7, 0.15) == pytest.approx(1 / 0.1 + 0.7 / 0.25)


def test_at_its_mean_a_price_makes_no_difference() -> None:
    ours = mean_reverting_price.index_annuity(0.1, 0.02, 8, 25, 1.0, 0.15)
    assert ours == pytest.approx(float(investment.annuity(0.1, 0.02, 8, 25)), rel=1e-12)


@pytest.mark.parametrize("start", [0.4, 1.0, 2.5])
def test_simulated_paths_are_worth_the_closed_form(start: float) -> None:
    """Monthly payments over 25 years after a lead of 3, to four standard errors and the error of months."""
    rng, worlds = np.random.default_rng(1), 20_000
    index, worth = np.full(worlds, start), np.zeros(worlds)
    for month in range(1, 12 * 28 + 1):
        index = mean_reverting_price.next_index(index, 0.15, 0.25, rng.standard_normal(worlds))
        assert index.min() > 0
        if month > 36:
            worth += index * np.exp(-0.1 * (month - 0.5) / 12) / 12
    expected, error = (
        float(mean_reverting_price.index_annuity(0.1, 0.0, 3, 25, start, 0.15)),
        worth.std() / np.sqrt(worlds),
    )
    assert worth.mean() == pytest.approx(expected, abs=4 * error + 0.002 * expected)


def test_without_volatility_a_price_fades_at_its_rate() -> None:
    index = np.array([2.0])
    for _ in range(24):
        index = mean_reverting_price.next_index(index, 0.3, 0.0, np.zeros(1))
    assert index[0] == pytest.approx(1 + np.exp(-0.6))
