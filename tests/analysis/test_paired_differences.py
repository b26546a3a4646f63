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
    score_interval,
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
    """Mean and error by hand, Student's quantile of a table, pairs of which one is unknown left out."""
    first, second = [1.0, 2.0, 4.0, math.nan, 3.0], [2.5, 2.0, 7.0, 1.0, math.inf]
    change = paired_difference(first, second)
    assert change.pairs == 3
    assert change.difference == pytest.approx(1.5)
    assert change.error == pytest.approx(1.5 / math.sqrt(3))
    assert change.half_width == pytest.approx(4.3027 * change.error, abs=1e-4)
    assert change.in_errors == pytest.approx(math.sqrt(3))
    still = paired_difference(xr.DataArray([0.0, 0.0], attrs={"unit": "months"}), [0.0, 0.0])
    assert (still.low, still.high, still.in_errors) == (0, 0, 0)


@pytest.mark.parametrize(("more", "fewer", "pairs"), [(30, 5, 100), (1, 0, 40), (7, 7, 14), (43, 0, 1000)])
def test_ends_of_the_score_interval_are_a_quantile_away(more: int, fewer: int, pairs: int) -> None:
    """With the nuisance share found by maximising the likelihood numerically."""
    from scipy.optimize import minimize_scalar

    for end in score_interval(more, fewer, pairs):
        low, high = max(0.0, -end) + 1e-12, (1 - end) / 2 - 1e-12

        def unlikely(share: float, end: float = end) -> float:
            cells = (share + end, more), (share, fewer), (1 - 2 * share - end, pairs - more - fewer)
            return -sum(count * math.log(max(cell, 1e-300)) for cell, count in cells if count)

        share = minimize_scalar(unlikely, bounds=(low, high), method="bounded", options={"xatol": 1e-12}).x
        error = math.sqrt(pairs * (2 * share + end - end**2))
        assert abs(more - fewer - pairs * end) / error == pytest.approx(1.95996, abs=2e-3)


def test_none_of_so_many_pairs_that_differ_still_leaves_an_interval() -> None:
    """As wide as Wilson's for none of so many: z^2 / (n + z^2); of all that differ it ends at 1."""
    same = paired_difference(np.zeros(50), np.zeros(50))
    assert same.difference == 0 == same.in_errors
    assert (same.low, same.high) == pytest.approx((-3.8415 / 53.8415, 3.8415 / 53.8415), abs=1e-4)
    assert math.isnan(same.variance_ratio)
    every = paired_difference(np.zeros(50), np.ones(50))
    assert every.high == 1 and every.low == pytest.approx(46.1585 / 53.8415, abs=1e-4)


CELLS = {
    "rare, one way": (0.02, 0.0),
    "rare": (0.01, 0.01),
    "one way": (0.2, 0.0),
    "both ways": (0.3, 0.1),
    "none": (0, 0),
}


@pytest.mark.parametrize("pairs", [30, 100, 400])
@pytest.mark.parametrize("case", CELLS)
def test_the_score_interval_holds_the_truth_as_often_as_it_says(case: str, pairs: int) -> None:
    """Exactly, by summing over all counts: not far below 95 % where few pairs differ, near it elsewhere."""
    from scipy.stats import multinomial

    up, down = CELLS[case]
    most = [min(pairs, int(pairs * share + 7 * math.sqrt(pairs * share) + 3)) for share in (up, down)]
    counts = [(a, b) for a in range(most[0] + 1) for b in range(most[1] + 1) if a + b <= pairs]
    chance = multinomial.pmf([(a, b, pairs - a - b) for a, b in counts], pairs, (up, down, 1 - up - down))
    likely = [(pair, each) for pair, each in zip(counts, chance, strict=True) if each > 1e-7]
    ends = [(score_interval(a, b, pairs), each) for (a, b), each in likely]
    covered = sum(each for (low, high), each in ends if low <= up - down <= high)
    assert 0.92 < covered <= 1.0
    assert up + down < 0.1 or covered < 0.975


def test_students_interval_holds_the_truth_as_often_as_it_says() -> None:
    """Of 2,000 samples of few correlated pairs."""
    random, held = np.random.default_rng(5), 0
    for _ in range(2000):
        shared = random.normal(size=12)
        change = paired_difference(shared + random.normal(size=12), shared + random.normal(size=12) + 0.3)
        held += change.low <= 0.3 <= change.high
    assert 0.93 < held / 2000 < 0.97


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
