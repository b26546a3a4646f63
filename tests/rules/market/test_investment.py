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


def test_insurance_pays_the_insured_capital_at_the_hazard_while_it_is_built() -> None:
    """By quadrature: 4/5 of 50 at 5 % a year for six years, discounted at 8 %; then 10 a year for 25 years."""
    value = investment.project_value(*(np.array(each) for each in (10.0, 50.0, 0.08, 0.05, 6.0, 25.0, 0.8)))
    insured, _ = integrate.quad(lambda t: 0.8 * 50 * 0.05 * np.exp(-0.13 * t), 0, 6)
    earned, _ = integrate.quad(lambda t: 10 * np.exp(-0.13 * t), 6, 31)
    assert value == pytest.approx(insured + earned, abs=1e-9)


@pytest.mark.parametrize(
    ("unpaid", "due", "earned", "after"), [(5, 2, 0, 7), (5, 2, 3, 4), (5, 2, -3, 7), (5, 2, 0.5, 6.5), (1, 2, 9, 0)]
)
def test_arrears_after_a_month(unpaid: float, due: float, earned: float, after: float) -> None:
    """Earnings pay arrears back, never more than them; a loss pays and adds nothing."""
    assert investment.unpaid_interest(unpaid, due, earned) == after


@pytest.mark.parametrize(
    ("unpaid", "interest", "years", "ends"),
    [(5, 2, 2, True), (4, 2, 2, False), (4, 2, 1.5, True), (0.2, 0.1, 1, True), (3, 0, 2, False), (0, 0, 2, False)],
)
def test_lenders_lose_patience(unpaid: float, interest: float, years: float, ends: bool) -> None:
    """With more than so many years of interest in arrears; a project without debt owes nobody."""
    assert bool(investment.in_default(unpaid, interest, years)) == ends


@pytest.mark.parametrize(("value", "begun"), [(45, 0), (60, 0), (90, 4), (120, 8), (300, 8)])
def test_entry_by_hand(value: float, begun: float) -> None:
    """The trigger is 1.5 times a cost of 40: nothing up to it, 4 % of 200 a year from twice it on."""
    assert investment.entry(*(np.array(each) for each in (value, 60.0, 0.04, 200.0))) == pytest.approx(begun)


@given(st.floats(0, 1000), st.floats(1, 300))
def test_entry_is_bounded_and_waits_for_the_trigger(value: float, threshold: float) -> None:
    begun = investment.entry(np.array(value), np.array(threshold), np.array(0.04), np.array(100.0))
    assert 0 <= begun <= 4.0
    assert (begun > 0) == (value > threshold)


def test_the_price_at_opening_counts_what_is_under_way() -> None:
    """A shortage of .3 and growth of 2 % for five years, less a fifth of supply under way, over an elasticity of .5."""
    price = investment.price_at_opening(np.array(0.3), np.array(0.2), np.array(0.02), 5.0, np.array(0.5))
    assert price == pytest.approx((0.3 - np.log(1.2) + 0.1) / 0.5)
