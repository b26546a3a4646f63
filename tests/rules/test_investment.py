"""Investment under risk against closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate

from model.rules import investment


@pytest.mark.parametrize(("hazard", "value"), [(0, 4.124), (0.02, 3.032), (0.05, 1.961), (0.1, 1.003), (0.2, 0.302)])
def test_hazard_annuity(hazard: float, value: float) -> None:
    """T12: one a year from year 8 for 25 years at 10 %; the integral done by quadrature agrees."""
    ours = investment.annuity(0.1, hazard, 8, 25)
    assert ours == pytest.approx(value, abs=5e-4)
    numeric, _ = integrate.quad(lambda t: np.exp(-(0.1 + hazard) * t), 8, 33)
    assert ours == pytest.approx(numeric, abs=1e-9)


@pytest.mark.parametrize(("volatility", "trigger"), [(0.2, 2.0), (0.35, 2.893)])
def test_option_trigger(volatility: float, trigger: float) -> None:
    """T11: r .08, drift .02; the root solves the fundamental quadratic."""
    ours = investment.option_trigger(0.08, 0.02, volatility)
    assert ours == pytest.approx(trigger, abs=5e-4)
    root = ours / (ours - 1)
    quadratic = 0.5 * volatility**2 * root * (root - 1) + 0.02 * root - 0.08
    assert quadratic == pytest.approx(0, abs=1e-9)


@given(st.floats(0, 20), st.floats(0, 10), st.floats(0, 0.5), st.floats(0.02, 0.2))
def test_a_longer_lead_never_raises_a_project(lead: float, more: float, hazard: float, rate: float) -> None:
    short, long = (
        investment.project_value(
            np.array(10.0),
            np.array(50.0),
            np.array(rate),
            np.array(hazard),
            np.array(years),
            np.array(25.0),
            np.array(0.0),
        )
        for years in (lead, lead + more)
    )
    assert long <= short


@given(st.floats(0, 1000), st.floats(1, 100), st.floats(1, 3))
def test_entry_is_bounded_and_waits_for_the_trigger(value: float, capital: float, trigger: float) -> None:
    begun = investment.entry(np.array(value), np.array(capital), np.array(trigger), np.array(0.04), np.array(100.0))
    assert 0 <= begun <= 4.0
    assert (begun > 0) == (value > capital * trigger)
