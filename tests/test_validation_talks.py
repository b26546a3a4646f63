"""The talks beside the record: the table draft by draft, and the pass table of their patterns."""

from __future__ import annotations

import pandas as pd
import pytest

from experiments.reasons import main_reasons, smallest_flip
from experiments.validation_talks import NOTE, patterns_table, talks_table
from model import preset
from model.scenarios import draft, drafts


@pytest.fixture(scope="module")
def drafts_said() -> pd.DataFrame:
    """The table draft by draft."""
    return talks_table(worlds=500)


@pytest.fixture(scope="module")
def patterns() -> pd.DataFrame:
    """The pass table."""
    return patterns_table(worlds=600)


def test_every_draft_is_answered(drafts_said: pd.DataFrame) -> None:
    assert list(drafts_said.index) == drafts()
    for column in ("acceptance", "low", "high", "ratification", "put_to"):
        assert drafts_said[column].between(0, 1).all(), column
    assert (drafts_said["low"] <= drafts_said["high"]).all()
    assert drafts_said["reasons"].str.len().min() > 20


def test_the_first_drafts_are_refused_and_the_last_is_taken(drafts_said: pd.DataFrame) -> None:
    said = drafts_said["acceptance"]
    assert said["2025-02-12"] < 0.05
    assert said["2025-02-21"] < 0.05
    assert said["2025-04-30"] > 0.8
    assert drafts_said["as_happened"].sum() >= 4


def test_both_tables_say_that_one_event_is_no_fit(drafts_said: pd.DataFrame, patterns: pd.DataFrame) -> None:
    for table in (drafts_said, patterns):
        assert table.attrs["note"] == NOTE
    assert "existence test" in NOTE
    assert "never a fit" in NOTE


def test_patterns_that_were_used_are_told_from_those_held_out(patterns: pd.DataFrame) -> None:
    use = patterns["use"]
    for name in ("P14 days", "P14 breakdown", "P15 aid", "P15 share", "P15 stake"):
        assert use[name] == "C"
    for name in ("P16 mode", "P16 strong", "P17 final", "P17 first", "P19", "P24"):
        assert use[name] == "H"


def test_a_pass_is_what_the_tolerance_says(patterns: pd.DataFrame) -> None:
    inside = (patterns["value"] >= patterns["from"]) & (patterns["value"] <= patterns["to"])
    pd.testing.assert_series_equal(inside, patterns["passed"].astype(bool), check_names=False)


def test_the_patterns_that_set_parameters_hold(patterns: pd.DataFrame) -> None:
    """P14: the days and the breakdown, which are what the rounds were calibrated on."""
    assert patterns["passed"]["P14 days"]
    assert patterns["passed"]["P14 breakdown"]
    assert patterns["passed"]["P15 aid"]


def test_reasons_and_flips_are_computed() -> None:
    asked = preset("documented", **draft("2025-02-12"))
    assert "political cost of foreign ownership" in main_reasons(asked)
    flip = smallest_flip(asked)
    assert " to " in flip
    assert smallest_flip(preset("documented", **draft("2025-04-30"))) != flip
