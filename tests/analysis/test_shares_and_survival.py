"""Shares and survival against answers that are known."""

from __future__ import annotations

import math

import numpy as np
import pytest
import xarray as xr

from experiments.analysis.shares_and_survival import kaplan_meier, renewed_war, renewed_war_by_row, share_interval

pytestmark = pytest.mark.cases


@pytest.mark.parametrize(
    ("true", "known", "low", "high"),
    [(20, 20, 0.8389, 1.0), (0, 20, 0.0, 0.1611), (5, 10, 0.2366, 0.7634), (81, 263, 0.2553, 0.3662)],
)
def test_wilson_as_published(true: int, known: int, low: float, high: float) -> None:
    """The last is that of Newcombe (1998), table I."""
    found = share_interval([1.0] * true + [0.0] * (known - true) + [math.nan])
    assert found[:3] == pytest.approx((true / known, low, high), abs=5e-5) and found.known == known


@pytest.mark.parametrize("known", [1, 3, 7, 20, 41, 1000])
def test_an_interval_ends_at_none_and_at_all_to_the_bit(known: int) -> None:
    none, every = share_interval(np.zeros(known)), share_interval(np.ones(known))
    assert none.low == 0.0 < none.high and every.high == 1.0 > every.low


def test_nothing_known_is_unknown() -> None:
    assert str(share_interval([math.nan, math.nan])) == "unknown" and share_interval([]).known == 0
    assert str(kaplan_meier([math.nan], [False], 12)) == "unknown"
    assert str(share_interval(np.ones(20))) == "100.0 % (83.9 to 100.0)"


REMISSION = (
    [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35],
    [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0],
)
"""Weeks in remission under 6-MP: Freireich and others (1963), the example of most textbooks."""


@pytest.mark.parametrize(
    ("horizon", "survival"), [(6, 0.8571), (7, 0.8067), (10, 0.7529), (13, 0.6902), (16, 0.6275), (22, 0.5378),
                              (23, 0.4482), (34, 0.4482)],
)  # fmt: skip
def test_kaplan_meier_of_the_textbooks(horizon: int, survival: float) -> None:
    assert kaplan_meier(*REMISSION, horizon).share == pytest.approx(1 - survival, abs=5e-5)


def test_the_interval_of_the_textbooks_data() -> None:
    """That of R's survfit with conf.type log-log, at 10 weeks."""
    found = kaplan_meier(*REMISSION, 10)
    assert (1 - found.high, 1 - found.low) == pytest.approx((0.503, 0.889), abs=1e-3)
    assert found.known == 21 and found.censored == pytest.approx(2 / 21)


def test_without_censoring_it_is_the_share() -> None:
    assert kaplan_meier([3, 5, 40, 50], [1, 1, 1, 0], 12).share == pytest.approx(0.5)
    none = kaplan_meier([60] * 20, [False] * 20, 60)
    assert none[:3] == pytest.approx((0.0, 0.0, 0.1611), abs=1e-4)
    every = kaplan_meier([6] * 20, [True] * 20, 60)
    assert every[:3] == pytest.approx((1.0, 0.8389, 1.0), abs=1e-4)


def test_nobody_followed_so_long_is_unknown() -> None:
    assert math.isnan(kaplan_meier([12, 12, 3], [False, False, True], 60).share)


def test_war_again_within_ten_years() -> None:
    """Four worlds: one with no ceasefire, one with war again after a year, two with peace to the end."""
    results = xr.Dataset(
        {
            "ceasefire_month": ("replicate", [np.inf, 12.0, 10.0, 150.0]),
            "renewal_month": ("replicate", [np.inf, 24.0, np.inf, np.inf]),
        },
        attrs={"months": 180},
    )
    found = renewed_war(results, 10)
    assert found.known == 3 and found.share == pytest.approx(1 / 3) and found.censored == pytest.approx(1 / 3)
    assert math.isnan(renewed_war(results, 15).share)


def test_rows_of_a_sweep_are_estimated_each_by_itself() -> None:
    """One row where nothing was computed, and one with war again after a year in one world of two."""
    months = {"ceasefire_month": [[np.nan, np.nan], [0.0, 6.0]], "renewal_month": [[np.nan, np.nan], [12.0, np.nan]]}
    results = xr.Dataset({name: (("row", "replicate"), each) for name, each in months.items()}, attrs={"months": 180})
    table = renewed_war_by_row(results, 5)
    assert np.array_equal(table["mean"], [np.nan, 0.5], equal_nan=True) and list(table["known"]) == [0, 2]
