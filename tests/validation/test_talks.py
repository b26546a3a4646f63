"""The talks beside the record: the table draft by draft, and the pass table of their patterns."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from experiments.analysis import run_worlds
from experiments.analysis.deal.draft_responses import main_reasons, smallest_change
from experiments.validation.pass_matrix import summary
from experiments.validation.talks import NOTE, patterns_table, script_patterns, talks_patterns, talks_table
from model import preset
from model.talks.recorded_drafts import draft, drafts

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def drafts_said() -> pd.DataFrame:
    """The table draft by draft."""
    return talks_table(worlds=500)


@pytest.fixture(scope="module")
def patterns() -> pd.DataFrame:
    """The pass matrix, by pattern."""
    return patterns_table(worlds=2000).set_index("pattern")


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
    use = patterns["kind"]
    for name in ("P14 days", "P14 breakdown", "P15 aid", "P15 share", "P15 stake"):
        assert use[name] == "C"
    for name in ("P16 mode", "P16 strong", "P17 final", "P17 first", "P19", "P24"):
        assert use[name] == "H"


def test_a_pass_is_what_the_tolerance_says(patterns: pd.DataFrame) -> None:
    inside = (patterns["measured"] >= patterns["low"]) & (patterns["measured"] <= patterns["high"])
    pd.testing.assert_series_equal(inside, patterns["passed"].astype(bool), check_names=False)


def test_the_patterns_that_set_parameters_hold(patterns: pd.DataFrame) -> None:
    """P14 and P15: days and breakdown, which the rounds were calibrated on, and what is conceded on the way."""
    for name in ("P14 days", "P14 breakdown", "P15 aid", "P15 share"):
        assert patterns["passed"][name], name


@pytest.mark.xfail(
    strict=True, reason="so little hangs on the share of revenue that a third of the deals cover all of it"
)
def test_the_stake_that_is_conceded_on_the_way_holds(patterns: pd.DataFrame) -> None:
    assert patterns["passed"]["P15 stake"]


def test_the_verdict_says_by_which_criterion(patterns: pd.DataFrame) -> None:
    for name, row in patterns.iterrows():
        assert row["verdict"].startswith("pass: " if row["passed"] else "MISS: "), name
        assert (row["exists"] is not None) == (np.isfinite(row["observed"]) and np.isfinite(row["measured_low"])), name
        if row["exists"] is not None:
            assert row["exists"] == (row["measured_low"] <= row["observed"] <= row["measured_high"]), name
    tuned, tested = patterns[patterns["kind"] == "C"], patterns["exists"].dropna()
    assert f"used in tuning: {tuned['passed'].sum()} of {len(tuned)} pass" in summary(patterns)
    assert f"{tested.sum()} of {len(tested)}" in summary(patterns).split("existence test")[1]


def test_the_custom_of_halves_is_what_keeps_the_share_at_a_half() -> None:
    """Without it most deals have the least share on the menu: worth alone does not hold it (P15)."""
    modal = {}
    for part in (0.0, 0.667):
        run = run_worlds.outcomes(preset("documented", talks="bargained", equal_split=part), 800, 12)
        shares, counts = np.unique(run["final_ownership_share"][run["signed"] > 0], return_counts=True)
        modal[part] = shares[np.argmax(counts)]
    assert modal == {0.0: 0.25, 0.667: 0.5}


def test_demands_make_talks_longer_and_rougher() -> None:
    """The share of level 0 found in laboratories, e^-1.5, is enough for talks as long as those of 2025."""
    few, many = (
        {line.pattern: line.measured for line in talks_patterns(800, 0, {"demand_share": share})}
        for share in (0.22, 0.6)
    )
    assert 40 <= few["P14 days"] < many["P14 days"]
    assert few["P14 breakdown"] < many["P14 breakdown"]


def test_signing_reaches_the_front_slowly_through_aid() -> None:
    """P19 has a channel: the aid that a signature restores."""
    words = {stake: script_patterns(300, 0, {"support_at_stake": stake})[-1].meaning for stake in (0.0, 0.5)}
    by_signing = {stake: float(text.split("itself ")[1].rstrip("%")) for stake, text in words.items()}
    assert 0.1 < by_signing[0.5] < 5.0
    # What is left without support at stake is the new aid that the text of April promises.
    assert by_signing[0.0] < by_signing[0.5]


def test_reasons_and_the_smallest_change_are_computed() -> None:
    asked = preset("documented", **draft("2025-02-12"))
    assert "political cost of foreign ownership" in main_reasons(asked)
    change = smallest_change(asked)
    assert change is not None
    assert smallest_change(preset("documented", **draft("2025-04-30"))) != change
