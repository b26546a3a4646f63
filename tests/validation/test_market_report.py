"""The pass matrix and the scores: they are computed right, and tuned patterns pass with the defaults."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from experiments.validation import calibration, market_report
from experiments.validation.market_replay import CRISIS, Replay
from experiments.validation.pass_matrix import summary
from experiments.validation.recorded_market_patterns import HELD_OUT, TUNED

COLUMNS = [
    *("pattern", "kind", "meaning", "unit", "low", "high", "measured", "measured_low", "measured_high"),
    *("observed", "given", "note", "passed", "exists", "verdict"),
]


@pytest.fixture(scope="module")
def matrix() -> pd.DataFrame:
    return market_report.market_table(worlds=100)


def test_every_pattern_has_a_line(matrix: pd.DataFrame) -> None:
    assert list(matrix.columns) == COLUMNS
    assert set(matrix["pattern"]) == {"P1", "P2", "P3", "P4", "P5", "P7", "P8", "P10", "P11", "P18"}
    assert set(matrix[matrix["kind"] == "H"]["pattern"]) == {"P4", "P7", "P10", "P11", "P18"}
    assert matrix["measured"].notna().all() and matrix["unit"].str.len().all()


def test_tuned_patterns_pass(matrix: pd.DataFrame) -> None:
    """One parameter set, the default, passes the patterns it was tuned on; held-out ones may miss and are shown."""
    tuned = matrix[matrix["kind"] == "C"]
    assert tuned["passed"].mean() >= 0.9, tuned.to_string()


def test_verdict_counts(matrix: pd.DataFrame) -> None:
    said = summary(matrix, market_report.BAR)
    held = matrix[matrix["kind"] == "H"]
    assert f"held out: {held['passed'].sum()} of {len(held)} pass, bar of 70%" in said


def test_every_miss_is_explained(matrix: pd.DataFrame) -> None:
    assert set(matrix[~matrix["passed"]]["meaning"]) <= set(market_report.CAUSES)
    text = " ".join(map(str, market_report.report(worlds=100)))
    for cause in matrix[~matrix["passed"]]["meaning"].map(market_report.CAUSES):
        assert cause in text


def test_tuning_reads_no_held_out_pattern() -> None:
    assert {pattern.kind for pattern in TUNED} == {"C"}
    assert {pattern.kind for pattern in HELD_OUT} == {"H"}
    assert not set(map(id, calibration.PATTERNS)) & set(map(id, HELD_OUT))


def test_skill_is_signed_and_complete() -> None:
    table = market_report.skill_table(worlds=100)
    assert set(table["rival"]) == {
        "no change since 2009",
        "no change since 2024",
        "AR(1) in logs",
        "base rate",
        "last year's price",
    }
    assert ((table["skill"] > 0) == (table["result"] == "better")).all()
    rounded = 1 - table["crps_model"] / table["crps_rival"]
    assert table["skill"].to_numpy() == pytest.approx(rounded.to_numpy(), abs=0.05)


def test_a_replay_is_read_by_date() -> None:
    replay = Replay(2008, {"x": np.arange(36.0)[:, None]})
    assert replay.at("x", "2009-01") == [12.0]
    assert replay.between("x", "2008-12", "2009-02")[:, 0].tolist() == [11, 12, 13]
    assert replay.year("x", 2010) == pytest.approx([29.5])


def test_a_small_search_ranks_points() -> None:
    tuning = calibration.tune(points=24, replicates=2, generations=2)
    assert set(calibration.RANGES) <= set(tuning.points.columns)
    assert tuning.chosen["score"] == tuning.points[tuning.points["round"] == 2]["score"].min()
    narrowed = tuning.identified()
    assert (narrowed["searched_from"] < narrowed["searched_to"]).all()
    assert "P1" in calibration.report(tuning)


def test_changed_parameters_are_set_beside_the_default_line_by_line() -> None:
    same, changed = (market_report.tuned_lines_with(values, worlds=20) for values in ({}, {"demand_elasticity": 0.09}))
    crisis = [pattern for pattern in TUNED if pattern.replay == CRISIS]
    assert list(same.index) == [f"{pattern.name} {pattern.meaning}" for pattern in crisis]
    assert (same["default"] == same["changed"]).all() and (same["default"] == changed["default"]).all()
    assert (changed["default"] != changed["changed"]).any()
    inside = changed["changed"].between(changed["from"], changed["to"])
    assert (inside == changed["changed passes"]).all()
