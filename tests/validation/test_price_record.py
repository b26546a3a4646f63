"""The record of prices: spans of time, what a point says, and whether tuning has used it."""

from __future__ import annotations

import datetime

import numpy as np
import pytest

from experiments.validation import price_record as record
from experiments.validation.recorded_market_patterns import TUNED
from model import ParameterError
from model.initial_state import PRICE_OF, read_start


@pytest.mark.parametrize(
    ("date", "word", "first", "last"),
    [
        ("2011", "annual_average", (2011, 1, 1), (2011, 12, 31)),
        ("2011", "year_end", (2011, 12, 31), (2011, 12, 31)),
        ("2011-Q2", "quarter_average", (2011, 4, 1), (2011, 6, 30)),
        ("2012-02", "month", (2012, 2, 1), (2012, 2, 29)),
        ("2011-09-23", "day", (2011, 9, 23), (2011, 9, 23)),
    ],
)
def test_a_date_spans_what_it_speaks_of(
    date: str, word: str, first: tuple[int, int, int], last: tuple[int, int, int]
) -> None:
    assert record.span(date, word) == (datetime.date(*first), datetime.date(*last))


def test_yearly_prices_prefer_averages_to_year_ends() -> None:
    prices = record.yearly_prices("Nd")
    assert prices[2011] == ("end", 195.0)
    assert prices[2014] == ("average", 63.0)
    assert 2010 not in prices


def test_points_lie_in_the_replay_and_are_told_apart() -> None:
    points = record.price_points(["Dy"], 2008, 108)
    assert points["middle"].is_monotonic_increasing and points["middle"].dt.year.between(2008, 2016).all()
    assert set(points["kind"]) == {"average of a year", "average of a quarter", "year end", "dated quote"}
    home = points[~points["abroad"]]
    assert set(home["basis"]) == {record.BASES["china", "domestic"]} and len(home) >= 5
    with pytest.raises(ParameterError, match="no prices of 'Dyy' on record: did you mean 'Dy'"):
        record.price_points(["Dyy"], 2008, 108)


@pytest.mark.parametrize("start", [2008, 2024])
def test_given_points_are_those_that_set_the_first_price(start: int) -> None:
    base = dict(zip(PRICE_OF, read_start(start).base_price, strict=True))
    for material, element in PRICE_OF.items():
        points = record.price_points([element], start, 36)
        given = points[points["use"] == record.GIVEN]
        assert given["value"].mean() == pytest.approx(base[material])


def test_tuned_points_are_those_behind_the_tuned_lines() -> None:
    """What P1 and P3 ask of the model, read off the points marked as used, lies within their tolerances."""
    marked = record.price_points(["Nd", "Dy"], 2008, 108).query("use == @record.TUNED")
    value = {(row["element"], row["date"], row["kind"]): row["value"] for _, row in marked.iterrows()}
    base = {"Dy": value["Dy", "2009-01", "dated quote"], "Nd": 19.12}
    peak = {"Dy": value["Dy", "2011-08", "dated quote"], "Nd": value["Nd", "2011", "peak of a year"]}
    lines = {pattern.meaning: pattern for pattern in TUNED}
    for material, element in (("magnet", "Nd"), ("heavy", "Dy")):
        top = lines[f"log peak over January 2009, {material}"]
        assert top.low <= np.log(peak[element] / base[element]) <= top.high
        for last in ("2012", "2015"):
            end = lines[f"fall end 2011-{last}, {material}"]
            fall = 1 - value[element, last, "year end"] / value[element, "2011", "year end"]
            assert end.low <= fall <= end.high
    assert len(marked) == sum(map(len, record.USED_IN_TUNING.values()))


def test_nothing_of_the_licences_was_tuned_on() -> None:
    assert record.TUNED not in set(record.price_points(["Dy", "Nd", "NdPr"], 2024, 36)["use"])


def test_sources_are_named_with_their_titles() -> None:
    said = record.cited(record.price_points(["Dy"], 2024, 36))
    assert "argus_2025: European dysprosium and terbium after the April 2025 licences (Argus Media)" in said
    assert said.count("usgs_mcs_2025:") == 1


def test_level_of_an_element_is_relative_to_the_one_that_stands_for_its_material() -> None:
    assert record.level("Dy", 2008) == 1.0
    assert record.level("Tb", 2024) == pytest.approx(810 / 260)
    assert record.level("NdPr", 2008) is None
