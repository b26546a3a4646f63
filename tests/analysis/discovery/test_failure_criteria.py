"""What counts as a failure, and which points of a design say so; what cannot be told is refused or marked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import xarray as xr

from experiments import discover, discover_table, latin_hypercube, morris, sobol, sweep
from experiments.analysis.discovery import report
from experiments.analysis.discovery.discovery import Choice, Discovery
from experiments.analysis.discovery.failure_criteria import FAILURES, NEVER, failure_of
from experiments.analysis.discovery.failures_by_point import failure_points, points_of_table
from experiments.errors import InputError
from model.record.variables import OUTCOMES
from tests.analysis.discovery import planted_tables as tables

CHOICES: dict[str, Any] = {"months": 12, "replicates": 4, "progress": False}
NAMES = ("guarantee_strength", "ownership_share", "tripwire")


@pytest.fixture(scope="module")
def sampled() -> xr.Dataset:
    return sweep(latin_hypercube(200, *NAMES), **CHOICES)


def replaced(results: xr.Dataset, values: Any, **attrs: Any) -> xr.Dataset:
    """The same results with these values of `peace_holds` (row, replicate)."""
    data = results["peace_holds"].copy(data=np.broadcast_to(values, results["peace_holds"].shape))
    return results.assign(peace_holds=data).assign_attrs(**attrs)


def test_named_failures_are_of_outcomes_that_are_there() -> None:
    for failure in FAILURES.values():
        assert failure.outcome in OUTCOMES and failure_of(failure.rule).threshold == failure.threshold
    fails = FAILURES["china_above_80"].of(np.array([0.79, 0.8, 0.81, np.nan], dtype=np.float32))
    np.testing.assert_array_equal(fails, [0, 0, 1, np.nan])
    np.testing.assert_array_equal(FAILURES["no_deal"].of([0.0, 1.0, np.nan]), [1, 0, np.nan])
    np.testing.assert_array_equal(FAILURES["renewed_war"].of([0.0, 1.0, np.nan]), [0, 1, np.nan])


@pytest.mark.parametrize(
    ("text", "outcome", "sign", "threshold"),
    [
        ("signed<1", "signed", "<", 1),
        (" months_of_fighting >= 24 ", "months_of_fighting", ">=", 24),
        ("china_mine_share_end > 75%", "china_mine_share_end", ">", 0.75),
        ("deal_gain_ukraine < -1.5", "deal_gain_ukraine", "<", -1.5),
    ],
)
def test_a_comparison_is_read(text: str, outcome: str, sign: str, threshold: float) -> None:
    failure = failure_of(text)
    assert (failure.outcome, failure.sign, failure.threshold) == (outcome, sign, threshold)
    assert failure.name == failure.rule and failure_of(failure.name) == failure
    assert next(each.meaning for name, each in OUTCOMES.items() if outcome.startswith(name)) in failure.meaning
    assert failure.meaning.startswith("not: ") == (text == "signed<1")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("no_deel", "did you mean 'no_deal'"),
        ("signd < 1", "did you mean 'signed'"),
        ("signed = 0", "needs one of <, <=, >, >="),
        ("signed =< 0", "got =<"),
        ("0.2 < occupied_share_end < 0.5", "one comparison"),
        ("china_mine_share_end > 0,8", "write 0.8"),
        ("china_mine_share_end > 80", "did you mean 0.8"),
        ("months_of_fighting > 80%", "not a share"),
        ("signed < 0", "divides no values"),
        ("signed <= 1", "divides no values"),
        ("signed < nan", "needs a number"),
        ("0.5 > signed", "known: "),
        ("signed <", "needs a number"),
        ("month_signed > 12", "no number where it never comes"),
    ],
)
def test_what_could_mean_two_things_or_nothing_is_refused(text: str, words: str) -> None:
    with pytest.raises(InputError, match=r"failure|outcome") as refused:
        failure_of(text)
    assert words in str(refused.value)


def test_times_that_may_never_come_are_those_with_gaps(sampled: xr.Dataset) -> None:
    times = {name for name, each in OUTCOMES.items() if each.unit in ("months", "days") and not each.dims}
    counted = {"coercive_months", "months_of_fighting", "restricted_months"}
    assert times - counted == set(NEVER) and np.isfinite(sampled[sorted(counted)].to_array()).all()


def test_a_sweep_is_searched_and_its_points_are_its_rows(sampled: xr.Dataset) -> None:
    found = discover(sampled, "ukraine_accepts < 0.5")
    assert found.points.rows == 200 and found.points.worlds == 800
    np.testing.assert_array_equal(found.points.failing, 4 - sampled["ukraine_accepts"].sum("replicate"))
    assert {"guarantee_strength", "ownership_share"} & {name for name, _ in found.box}


def test_unknown_is_never_no(sampled: xr.Dataset) -> None:
    values = np.zeros((200, 4))
    values[:80], values[100:150, 1:], values[150:160] = 1, np.nan, np.nan
    points = failure_points(replaced(sampled, values), failure_of("peace_holds > 0.5"))
    assert points.rows == 190 and points.known.sum() == 800 - 150 - 40
    assert points.unknown == pytest.approx(190 / 800) and points.base == pytest.approx(320 / 610)
    found = discover(replaced(sampled, values), "peace_holds > 0.5")
    assert "unknown in 23.8 % of worlds, which are left out" in report.base_words(found)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (0.0, "every known world does not fail"),
        (1.0, "every known world fails"),
        (np.nan, "unknown in every world"),
        (np.arange(200)[:, None] < 7, "only 7 of 200 points have a world that fails: needs 20"),
        (np.arange(200)[:, None] >= 7, "only 7 of 200 points have a world that does not fail: needs 20"),
        (np.where(np.arange(200) < 150, np.nan, np.arange(200) % 2)[:, None], "unknown in 75% of worlds"),
    ],
)
def test_what_cannot_be_told_is_marked_with_what_is_needed(values: Any, words: str, sampled: xr.Dataset) -> None:
    found = discover(replaced(sampled, values), "peace_holds > 0.5")
    assert words in found.note and found.note.startswith("nothing found") and not found.restrictions
    row = report.summary_table([found]).iloc[0]
    assert row["box"] == "" and np.isnan(row[["coverage", "density", "mass"]].astype(float)).all()


def test_an_unfinished_sweep_and_too_few_points_are_no_box(sampled: xr.Dataset) -> None:
    with pytest.raises(InputError, match="2 of 5 blocks are computed: finish the sweep"):
        discover(replaced(sampled, 1, blocks_done=2, blocks=5), "peace_holds > 0.5")
    assert "ask less" in discover_table(*tables.planted(200), coverage=1.0).note
    assert "99 points are too few: needs 100" in discover_table(*tables.planted(99)).note


def test_only_independent_rows_of_other_samples_count() -> None:
    """Two of each base point of Sobol', one of each Morris walk; where walks begin alike they are one point."""
    for design, rows in ((sobol(64, *NAMES), 128), (morris(20, *NAMES), 20)):
        points = failure_points(sweep(design, **CHOICES), failure_of("signed < 1"))
        assert points.worlds == 4 * rows == points.known.sum() and points.rows <= rows


def test_tables_in_memory_are_checked() -> None:
    columns, failed = tables.planted(200)
    with pytest.raises(InputError, match="x0 has 199 rows"):
        points_of_table(columns | {"x0": columns["x0"][1:]}, failed)
    with pytest.raises(InputError, match="x1 is missing at row 3"):
        points_of_table(columns | {"x1": np.where(np.arange(200) == 3, np.nan, columns["x1"])}, failed)
    with pytest.raises(InputError, match="holds 2"):
        points_of_table(columns, np.where(failed, 2, 0))
    with pytest.raises(InputError, match="1, 0 or NaN"):
        points_of_table(columns, np.where(failed, "yes", "no"))
    with pytest.raises(InputError, match="no input varies"):
        points_of_table({"x": np.ones(200)}, failed)
    with pytest.raises(InputError, match="did you mean 'prim'"):
        discover_table(columns, failed, method="prin")
    with pytest.raises(InputError, match=r"coverage=1\.5"):
        Choice(coverage=1.5)


def test_tables_of_the_report_say_what_was_found_and_dropped() -> None:
    found = discover_table(*tables.planted(400))
    table = report.restriction_table([found])
    assert set(zip(table["input"], table["side"], strict=True)) >= set(found.box)
    assert table["kept"].sum() == len(found.restrictions) and (table.loc[table["kept"], "quasi_p"] < 0.05).all()
    row = report.summary_table([found]).iloc[0]
    for name in ("coverage", "density"):
        assert row[f"{name}_low"] < row[name] < row[f"{name}_high"]
    candidates = report.candidate_table(found)
    assert candidates["mass"].iloc[0] == 1 and candidates["mass"].is_monotonic_decreasing
    assert isinstance(found, Discovery) and "one of b, c" in report.box_words(found)
