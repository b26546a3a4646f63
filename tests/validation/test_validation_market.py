"""The pass matrix and the scores: they are computed right, and tuned patterns pass with the defaults."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from experiments.validation import calibration
from experiments.validation import market as validation
from experiments.validation.market_patterns import HELD_OUT, TUNED
from experiments.validation.replay import Watched

COLUMNS = ["pattern", "use", "quantity", "median", "10%", "90%", "tolerance", "result", "note", "given"]


@pytest.fixture(scope="module")
def matrix() -> pd.DataFrame:
    return validation.market_table(worlds=100)


def test_every_pattern_has_a_line(matrix: pd.DataFrame) -> None:
    assert list(matrix.columns) == COLUMNS
    assert set(matrix["pattern"]) == {"P1", "P2", "P3", "P4", "P5", "P7", "P8", "P10", "P11", "P18"}
    assert set(matrix[matrix["use"] == "H"]["pattern"]) == {"P4", "P7", "P10", "P11", "P18"}
    assert set(matrix["result"]) <= {"pass", "MISS"}
    assert matrix["median"].notna().all()


def test_tuned_patterns_pass(matrix: pd.DataFrame) -> None:
    """One parameter set, the default, passes the patterns it was tuned on; held-out ones may miss and are shown."""
    tuned = matrix[matrix["use"] == "C"]
    assert (tuned["result"] == "pass").mean() >= 0.9, tuned.to_string()


def test_verdict_counts(matrix: pd.DataFrame) -> None:
    said = validation.verdict(matrix)
    held = matrix[matrix["use"] == "H"]
    assert f"held out: {(held['result'] == 'pass').sum()} of {len(held)} pass" in said


def test_every_miss_is_explained(matrix: pd.DataFrame) -> None:
    assert set(matrix[matrix["result"] == "MISS"]["quantity"]) <= set(validation.CAUSES)
    text = validation.report(worlds=100)
    for cause in matrix[matrix["result"] == "MISS"]["quantity"].map(validation.CAUSES):
        assert cause in text


def test_tuning_reads_no_held_out_pattern() -> None:
    assert {pattern.use for pattern in TUNED} == {"C"}
    assert {pattern.use for pattern in HELD_OUT} == {"H"}
    assert not set(map(id, calibration.PATTERNS)) & set(map(id, HELD_OUT))


def test_skill_is_signed_and_complete() -> None:
    table = validation.skill_table(worlds=100)
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


def test_watched_reads_by_date() -> None:
    watched = Watched(2008, {"x": np.arange(36.0)[:, None]})
    assert watched.at("x", "2009-01") == [12.0]
    assert watched.between("x", "2008-12", "2009-02")[:, 0].tolist() == [11, 12, 13]
    assert watched.year("x", 2010) == pytest.approx([29.5])


def test_subjects_are_named() -> None:
    with pytest.raises(ValueError, match="unknown subject 'markt': known: market"):
        validation.validate("markt")


def test_a_small_search_ranks_points() -> None:
    tuning = calibration.tune(points=24, lucks=2, generations=2)
    assert set(calibration.RANGES) <= set(tuning.points.columns)
    assert tuning.chosen["score"] == tuning.points[tuning.points["round"] == 2]["score"].min()
    narrowed = tuning.identified()
    assert (narrowed["searched_from"] < narrowed["searched_to"]).all()
    assert "P1" in calibration.report(tuning)
