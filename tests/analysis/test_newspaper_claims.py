"""The newspaper report beside the record: what its figures come to when each is looked up."""

from __future__ import annotations

import pytest

from experiments.analysis.newspaper_claims import Claim, article_claims, day_named, years_to_repay
from model import PRESETS, data


def claim(low: float, high: float, record: float) -> Claim:
    return Claim("a claim", low, high, record, "t", "somewhere")


@pytest.mark.parametrize(
    ("low", "high", "record", "verdict"),
    [
        (100, 200, 91, "holds"),
        (100, 200, 219, "holds"),
        (5, 5, 0, "wrong: on record there is none"),
        (100, 200, 50, "too high by a factor of 2"),
        (100, 200, 800, "too low by a factor of 4"),
    ],
)
def test_a_figure_is_set_beside_the_record(low: float, high: float, record: float, verdict: str) -> None:
    assert claim(low, high, record).verdict == verdict


def test_the_report_is_ten_times_below_the_record_of_chinas_reserves() -> None:
    table = article_claims()
    assert table.loc["China's reserves of rare earths", "verdict"] == "too low by a factor of 10"
    assert set(table["source"]) <= set(data.sources())


def test_the_preset_as_reported_holds_what_the_report_says() -> None:
    said, preset = article_claims()["said"], PRESETS["as_reported"]
    assert float(said["China's reserves of rare earths"].replace(",", "")) == preset["china_reserves"]
    assert float(said["Ukraine's part of the world's mining"]) == 100 * float(str(preset["ukraine_output_share"]))


def test_the_day_it_names_was_no_thursday() -> None:
    assert day_named().startswith("19 February 2025 was a Wednesday") and "met on Thursday, 20 February" in day_named()


def test_half_of_all_revenue_repays_the_demand_in_nine_centuries() -> None:
    assert years_to_repay(500, 0.5, 1.1) == pytest.approx(909.09, abs=0.01)
