"""The formulas by which China decides, each against an answer worked out by hand or another way."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from model.array_axes import MATERIALS
from model.rules import export_policy


def close(actual: Any, expected: Any) -> None:
    np.testing.assert_allclose(actual, expected, rtol=1e-12, atol=1e-15)


def test_what_each_option_licenses_and_does_to_the_quota() -> None:
    licensed = {
        option: {material for material, is_licensed in zip(MATERIALS, row, strict=True) if is_licensed}
        for option, row in zip(export_policy.OPTIONS, export_policy.MATERIALS_LICENSED, strict=True)
    }
    assert licensed == {
        "open": set(),
        "tighten": set(),
        "licence_heavy": {"heavy"},
        "licence_all": {"bulk", "magnet", "heavy"},
        "embargo": {"bulk", "magnet", "heavy"},
        "expand": set(),
    }
    assert np.isin(export_policy.MATERIALS_LICENSED, (0, 1)).all()
    steps = dict(zip(export_policy.OPTIONS, export_policy.QUOTA_STEP, strict=True))
    assert {option: step for option, step in steps.items() if step} == {"tighten": -1, "expand": 1}
    assert 4 * export_policy.QUARTER == 1


# Premium


def test_the_premium_is_what_storers_make_of_what_is_withheld() -> None:
    """Three quarters withheld at a weight of 1.3 raise the log price by 1.3 ln 4, and never beyond the choke."""
    premium = export_policy.expected_premium(np.array([0.75, 1.0]), np.array(1.3), np.array(2.5))
    np.testing.assert_allclose(premium, [1.3 * np.log(4), 2.5])


# The quota


def test_the_quota_follows_use_and_price() -> None:
    """Trend 4 % and three twentieths of a log price of .4: 10 % a year; at most 30 up and 10 down."""
    growth = export_policy.quota_growth(np.array([0.04] * 3), np.array(0.15), np.array([0.4, 9.0, -9.0]))
    np.testing.assert_allclose(growth * 12, [0.1, 0.3, -0.1])


def test_the_trend_adapts_slowly() -> None:
    """A twentieth of the way a year, from 4 % towards 16 %: a twentieth of a point in the first month.

    Use that grows or falls by more than a whole log a year counts as one that does by just that.
    """
    trend = export_policy.next_trend(np.array(0.04), np.array([0.16, 50.0, -50.0]), np.array(0.05))
    np.testing.assert_allclose(12 * (trend - 0.04), 0.05 * np.array([0.12, 0.96, -1.04]))


# Worth


def test_the_profit_of_restricting() -> None:
    """Of 20 a quarter at a cost of 5, half is shipped at three times the price: 30 - 2.5 in place of 15."""
    close(export_policy.restriction_profit(np.array(80.0), np.array(0.25), np.array(0.5), np.log(3.0)), 12.5)
    close(export_policy.restriction_profit(np.array(80.0), np.array(0.25), np.array(1.0), np.array(0.0)), 0.0)
    close(export_policy.restriction_profit(np.array(80.0), np.array(0.25), np.array(0.0), np.log(9.0)), -15.0)


@pytest.mark.parametrize(("price", "lost"), [(1.0, 0.0), (2.0, 3.0), (4.0, 9.0)])
def test_the_cost_of_entry(price: float, lost: float) -> None:
    """At double the price entrants take .04 a year, .01 a quarter, of a profit of 30 a year: .3 for ever, at 10 %."""
    cost = export_policy.entry_cost(np.array(40.0), np.array(0.25), np.log(price), np.array(0.04), np.array(0.1))
    close(cost, lost)


@pytest.mark.parametrize(("share", "elasticity", "cost"), [(0.7, 0.4, 0.5), (0.3, 0.8, 0.2), (0.5, 0.5, 0.0)])
def test_a_larger_quota_moves_profit_as_the_demand_curve_says(share: float, elasticity: float, cost: float) -> None:
    """Profit differentiated numerically: price falls along isoelastic demand with all that is supplied."""

    def earned(log_quota: float) -> float:
        quota = share * np.exp(log_quota)
        return float(quota * ((quota + 1.0 - share) ** (-1.0 / elasticity) - cost))

    step = 1e-5
    slope = (earned(step) - earned(-step)) / (2 * step)
    profit = export_policy.quota_profit(*(np.array(each) for each in (share, 0.05, share, elasticity, cost)))
    np.testing.assert_allclose(profit, 0.05 * slope, rtol=1e-6, atol=1e-9)


def test_a_quota_pays_no_more_where_the_share_is_what_elasticity_and_cost_allow() -> None:
    """At s = ε (1 - c) neither more nor less pays: half of the market at an elasticity of 1 and a cost of half."""
    shares = np.array([0.4, 0.5, 0.6])
    profit = export_policy.quota_profit(np.array(1.0), np.array(0.04), shares, np.array(1.0), np.array(0.5))
    assert profit[0] > 0 and profit[1] == pytest.approx(0.0, abs=1e-12) and profit[2] < 0


def test_what_leverage_is_worth() -> None:
    """A cut-off would cost a fiftieth of 28,000: 140 a quarter; half of it blocked in half a quarrel shows 35."""
    close(export_policy.leverage_gain(np.array(0.02), 28_000.0, np.array(0.5), np.array(0.5)), 35.0)
    close(export_policy.leverage_gain(np.array(0.02), 28_000.0, np.array(0.25), np.array(1.0)), 35.0)


# Tension


@pytest.mark.parametrize(
    ("provoked", "restricting", "shock", "after"),
    [(0, 0, 0, 0.47), (0.1, 0, 0, 0.57), (0, 1, 0, 0.37), (0, 0.5, 0, 0.42), (0, 0, 0.02, 0.49), (0, 0, -3, 0)],
)
def test_tension_after_a_month(provoked: float, restricting: float, shock: float, after: float) -> None:
    """From .5 a tenth of the way to .2; a month of full restriction uses up a fifth; never below nought."""
    now = (np.array(each) for each in (0.5, 0.2, provoked, restricting, shock))
    close(export_policy.next_tension(*now, 0.1, 0.2), after)


def test_a_lasting_restriction_keeps_a_third_of_the_quarrel() -> None:
    """What returns, a tenth of what is missing, then balances the fifth that is used up."""
    tension = np.array(0.9)
    for _ in range(200):
        tension = export_policy.next_tension(
            tension, np.array(0.6), np.array(0.0), np.array(1.0), np.array(0.0), 0.1, 0.2
        )
    close(tension, 0.2)
