"""Paired differences: against hand-made pairs and other formulas, what pairing gains, and what is no pair."""

from __future__ import annotations

import math

import numpy as np
import pytest
import xarray as xr

from experiments import InputError, grid, policies, sweep
from experiments.analysis.paired_differences import (
    changed_settings,
    compare,
    differences_from,
    paired_difference,
)
from tests.stand_ins import Quick

SIZE: dict[str, object] = {"replicates": 60, "months": 40, "progress": False}


@pytest.fixture(scope="module")
def guarantees() -> xr.Dataset:
    """An imposed deal with a weak and with a full guarantee."""
    cases = {"weak": {"guarantee_strength": 0.1}, "full": {"guarantee_strength": 1.0, "guarantee_buildup": 0}}
    return sweep(policies(cases, preset="documented").with_base(talks="imposed"), **SIZE)  # type: ignore[arg-type]


def quick(design: object, **changes: object) -> xr.Dataset:
    """Results of two lines of arithmetic."""
    return sweep(design, model=Quick, **(SIZE | changes))  # type: ignore[arg-type]


def test_numbers_are_the_paired_t() -> None:
    """Mean and error by hand, pairs of which one is unknown left out."""
    first, second = [1.0, 2.0, 4.0, math.nan, 3.0], [2.5, 2.0, 7.0, 1.0, math.inf]
    change = paired_difference(first, second)
    assert change.pairs == 3
    assert change.difference == pytest.approx(1.5)
    assert change.error == pytest.approx(1.5 / math.sqrt(3))
    assert (change.low, change.high) == pytest.approx((1.5 - 1.96 * change.error, 1.5 + 1.96 * change.error), abs=1e-3)
    assert change.in_errors == pytest.approx(math.sqrt(3))


def test_shares_have_the_interval_of_agresti_and_min() -> None:
    """Half a pair is added to each of the four cells; no differing pair still leaves an interval."""
    first, second = np.repeat([0, 0, 1, 1], [10, 30, 5, 55]), np.repeat([0, 1, 0, 1], [10, 30, 5, 55])
    change = paired_difference(first, second)
    up, down, count = 30.5, 5.5, 102
    error = math.sqrt(up + down - (up - down) ** 2 / count) / count
    assert change.difference == pytest.approx(0.25)
    assert change.error == pytest.approx(error)
    assert (change.low + change.high) / 2 == pytest.approx(25 / count)
    same = paired_difference(np.zeros(50), np.zeros(50))
    assert same.difference == 0 and -0.1 < same.low < 0 < same.high < 0.1 and same.in_errors == 0


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """Of 2,000 samples of correlated pairs of numbers and of shares."""
    random, held = np.random.default_rng(5), {"numbers": 0, "shares": 0}
    for _ in range(2000):
        shared = random.normal(size=80)
        numbers = [shared + random.normal(size=80) + shift for shift in (0, 0.3)]
        shares = [(shared + random.normal(size=80) < cut).astype(float) for cut in (0, 0.3)]
        truth = {"numbers": 0.3, "shares": 0.084}  # P(sqrt(2) Z < .3) - 1/2
        for name, pair in (("numbers", numbers), ("shares", shares)):
            change = paired_difference(*pair)
            held[name] += change.low <= truth[name] <= change.high
    assert all(0.93 < count / 2000 < 0.97 for count in held.values()), held


@pytest.mark.parametrize("values", [[], [1.0], [1.0, math.nan]])
def test_too_few_pairs_are_unknown(values: list[float]) -> None:
    change = paired_difference(values, values)
    assert math.isnan(change.difference) and math.isnan(change.in_errors) and str(change) == "unknown"


def test_pairing_shrinks_the_variance(guarantees: xr.Dataset) -> None:
    """The error on common random numbers is below that of as many worlds with draws of their own."""
    weak, full = (guarantees.sel(policy=name).china_mine_share_end.values for name in ("weak", "full"))
    apart = math.sqrt((weak.var(ddof=1) + full.var(ddof=1)) / len(weak))
    assert paired_difference(weak, full).error < 0.1 * apart


def test_compare_has_every_outcome_sorted_by_its_clearness(guarantees: xr.Dataset) -> None:
    """The means and differences are those of the results, whichever row they stand in."""
    weak, full = (guarantees.sel(policy=[name]) for name in ("weak", "full"))
    table = compare(weak, full).set_index("outcome")
    assert {"both_accept", "deal_gain_ukraine", "welfare_russia", "peace_holds"} <= set(table.index)
    sizes = table["in_errors"].dropna().to_numpy()
    assert (np.diff(sizes[np.isfinite(sizes)]) <= 0).all()
    both = guarantees.months_of_fighting.astype(float)
    row = table.loc["months_of_fighting"]
    assert row["first"] == pytest.approx(float(both.sel(policy="weak").mean()))
    assert row["difference"] == pytest.approx(float((both.sel(policy="full") - both.sel(policy="weak")).mean()))
    changed = changed_settings(weak, full)
    assert changed == {"guarantee_strength": (0.1, 1.0), "guarantee_buildup": (12.0, 0.0)}


def test_a_comparison_with_itself_differs_in_nothing(guarantees: xr.Dataset) -> None:
    table = compare(guarantees, guarantees)
    known = table[table["difference"].notnull()]
    assert len(known) > 30 and not known["difference"].any() and not known["in_errors"].any()


def test_rows_of_two_designs_are_averaged_by_replicate() -> None:
    """Only replicates that both have count, and the one of the rows is one observation."""
    first = quick(grid(ownership_share=[0.0, 0.5]))
    second = quick(grid(ownership_share=[0.0, 0.5]).with_base(guarantee_strength=0.5), replicates=90)
    row = compare(first, second).set_index("outcome").loc["price_heavy_end"]
    assert (row["pairs"], row["difference"]) == (60, pytest.approx(1.0, abs=1e-4))
    assert changed_settings(first, second) == {"guarantee_strength": (0.0, 0.5)}
    other = first.assign_attrs(code_version="another")
    assert changed_settings(first, other) == {"code_version": (first.attrs["code_version"], "another")}


def test_differences_from_a_row_are_those_of_its_pairs(guarantees: xr.Dataset) -> None:
    table = differences_from(guarantees, "weak", ["peace_holds", "deal_gain_ukraine"])
    assert table["row"].tolist() == ["full", "full"]
    change = paired_difference(*(guarantees.peace_holds.sel(policy=name) for name in ("weak", "full")))
    assert table.loc[0, "difference"] == change.difference and table.loc[0, "low"] == change.low
    with pytest.raises(InputError, match="'strong' is no policy"):
        differences_from(guarantees, "strong", ["peace_holds"])


APART = {
    "months": (grid(ownership_share=[0.0]), {"months": 41}, "months is 40 in the first, 41 in the second"),
    "seed": (grid(ownership_share=[0.0]), {"seed": 1}, "seed is 0 in the first, 1 in the second"),
    "rows": (grid(ownership_share=[0.0, 0.5]), {}, r"one row in the first, ownership_share \(2\) in the second"),
}


@pytest.mark.parametrize("case", APART)
def test_what_has_no_pairs_is_refused(case: str) -> None:
    """With what differs."""
    design, changes, words = APART[case]
    first = quick(grid(ownership_share=[0.0]))
    with pytest.raises(InputError, match=words):
        compare(first, quick(design, **changes))


def test_other_levels_or_other_columns_are_refused() -> None:
    first = quick(grid(ownership_share=[0.0, 0.5]))
    with pytest.raises(InputError, match="ownership_share has other values"):
        compare(first, quick(grid(ownership_share=[0.0, 0.6])))
    tables = [
        policies({"a": {name: 0.1}, "b": {name: 0.2}}, preset="documented") for name in ("nato_path", "quota_shift")
    ]
    with pytest.raises(InputError, match="nato_path is a column of only one"):
        compare(*(quick(table) for table in tables))
