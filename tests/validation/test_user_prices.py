"""Prices of one's own: what a file may hold, and that the model is scored on them like on the record."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from experiments.errors import InputError
from experiments.validation import user_price_comparison as comparison
from experiments.validation.forecast_scores import crps
from experiments.validation.market_replay import replayed
from experiments.validation.user_prices import Price, read_prices

WORLDS = 40


def written(folder: Path, *lines: str) -> Path:
    path = folder / "own.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def prices(folder: Path, *rows: str) -> list[Price]:
    return list(read_prices(written(folder, "date,element,value,market,kind", *rows)).prices)


BAD = {
    "no value": (["date,material", "2011,heavy"], "needs a column value, has date, material"),
    "no name": (["date,value", "2011,3"], "needs a column material or element"),
    "misspelt column": (["date,elment,value", "2011,Dy,3"], "unknown column 'elment': did you mean 'element'"),
    "nothing": (["date,element,value"], "has no rows"),
    "empty values": (["date,element,value", "2019-05,Dy,"], "holds no prices; 1 row without value left out (line 2)"),
    "no date": (["date,element,value", "2011-13,Dy,300"], "line 2: date '2011-13': needs 2011, 2011-Q2"),
    "no day": (["date,element,value", "2011-02-31,Dy,300"], "there is no such day"),
    "no element": (["date,element,value", "2011,Yy,300"], "line 2: unknown element 'Yy'"),
    "no material": (["date,material,value", "2011,hevy,300"], "material 'hevy': allowed bulk, magnet, heavy"),
    "empty name": (["date,material,value", "2011,,300"], "needs a material (bulk, magnet, heavy) or an element"),
    "contradiction": (["date,material,element,value", "2011,bulk,Dy,3"], "'Dy' belongs to 'heavy', not 'bulk'"),
    "word": (["date,element,value", "2011,Dy,dear"], "line 2: value 'dear': needs a number"),
    "zero": (["date,element,value", "2011,Dy,0"], "value 0: needs a price above 0"),
    "infinite": (["date,element,value", "2011,Dy,inf"], "value 'inf': needs a number"),
    "market": (["date,element,value,market", "2011,Dy,3,europe"], "market 'europe': allowed abroad, china"),
    "kind": (["date,element,value,kind", "2011,Dy,3,mean"], "kind 'mean': allowed average, end, spot"),
    "spot of a year": (["date,element,value,kind", "2011,Dy,3,spot"], "kind 'spot' of 2011: needs a month or a day"),
    "unit": (["date,element,value,unit", "2011,Dy,3,EUR/t"], "unit 'EUR/t': allowed USD/kg, USD/t, CNY/kg, CNY/t"),
    "no rate": (["date,element,value,unit,vat", "2025-01,Nd,413000,CNY/t,included"], "needs the rate, CNY per USD"),
    "tax unsaid": (
        ["date,element,value,unit,rate", "2025-01,Nd,413000,CNY/t,7.3"],
        "and vat, China's tax included",
    ),
    "tax abroad": (["date,element,value,vat", "2025-01,Nd,60,included"], "a price abroad holds no Chinese tax"),
    "no tax word": (["date,element,value,vat", "2025-01,Nd,60,perhaps"], "vat 'perhaps': allowed included, excluded"),
    "yuan a tonne": (
        ["date,element,value,market", "2025-01,Nd,413000,china"],
        "line 2: 4.13e+05 USD/kg of Nd is far from all on record there (56 to 56): give its unit",
    ),
    "yuan a kilogram": (["date,element,value,market", "2025-01,Nd,413,china"], "413 USD/kg of Nd is far from all"),
    "a price of nothing": (["date,element,value", "2011,Dy,3"], "3 USD/kg of Dy is far from all on record there (91"),
    "two prices": (
        ["date,element,value", "2011-08,Dy,1500", "2011-08,Dy,1500", "2011-08,dysprosium,900"],
        "line 4: 2011-08 is given again for Dy abroad, quota_crisis_2010, but 900 USD/kg is not the 1500 of line 2",
    ),
    "too long": (["date,element,value", "2011-08,Dy,1,500"], "line 2: 3 columns, but 4 cells"),
    "column twice": (["date,element,value,value", "2011-08,Dy,1,2"], "two columns 'value'"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_price_is_refused(name: str, tmp_path: Path) -> None:
    lines, expected = BAD[name]
    with pytest.raises(InputError) as refused:
        read_prices(written(tmp_path, *lines))
    assert expected in str(refused.value) and "\n" not in str(refused.value)


QUOTES = {
    "dollars a tonne": ("USD/t,,,abroad", 50_000, 50.0, "USD/t"),
    "yuan a tonne with tax": ("CNY/t,7.3,included,china", 413_000, 50.07, "CNY/t at 7.3 CNY/USD, less 13 % value"),
    "yuan a kilogram with tax": ("RMB/kg,7.3,Included,", 413, 50.07, "CNY/kg at 7.3 CNY/USD, less 13 % value-added"),
    "yuan without tax": ("CNY/kg,7.3,excluded,", 365, 50.0, "CNY/kg at 7.3 CNY/USD"),
    "dollars with tax": ("USD/kg,,included,china", 56.5, 50.0, "USD/kg, less 13 % value-added tax"),
    "dollars": (",,,", 50, 50.0, "USD/kg"),
}


@pytest.mark.parametrize("name", QUOTES)
def test_quotes_are_turned_into_dollars_and_the_basis_is_said(name: str, tmp_path: Path) -> None:
    words, quoted, expected, basis = QUOTES[name]
    table = read_prices(written(tmp_path, "date,element,value,unit,rate,vat,market", f"2025-01,Nd,{quoted},{words}"))
    (price,) = table.prices
    assert price.value == pytest.approx(expected, abs=0.01)
    assert price.market == ("china" if "CNY" in basis or "china" in words else "abroad")
    assert any(note.startswith(f"1 price read as {basis}") for note in table.notes)


@pytest.mark.parametrize("name", ["dy", "Dysprosium", "DYSPROSIUM OXIDE", "Dy2O3"])
def test_elements_go_by_any_name(name: str, tmp_path: Path) -> None:
    (price,) = prices(tmp_path, f"2011-08,{name},1500,,")
    assert (price.name, price.material) == ("Dy", "heavy")
    (pair,) = prices(tmp_path, "2025-03,PrNd,60,,")
    assert (pair.name, pair.material) == ("NdPr", "magnet")


def test_rows_without_a_price_are_left_out_and_dates_outside_the_replays_counted(tmp_path: Path) -> None:
    rows = ["2011-07,Dy,n.a.", "2011-08,Dy,1500", "2011-09,Dy,..", "2011-10,Dy,", "2019-05,Dy,250", "2007,Dy,90"]
    table = read_prices(written(tmp_path, "date,element,value", *rows))
    assert [(price.date, price.line) for price in table.replayed] == [("2011-08", 3)]
    assert [price.date for price in table.prices if not price.replay] == ["2007", "2019-05"]
    assert "3 rows without value left out (lines 2, 4, 5)" in table.notes
    assert any(note.startswith("2 with a date outside the replays (quota") for note in table.notes)


def test_equal_rows_count_once_and_prices_far_off_can_be_confirmed(tmp_path: Path) -> None:
    rows = ["2011-08,Dy,1500,", "2011-08,Dy,1500,", "2012-08,Dy,90000,yes"]
    table = read_prices(written(tmp_path, "date,element,value,confirmed", *rows))
    assert [price.value for price in table.prices] == [1500, 90000]
    assert "1 equal row counted once" in table.notes


def test_what_is_left_out_is_filled_in(tmp_path: Path) -> None:
    first, second, third = read_prices(
        written(tmp_path, " date , material,value", "2012-03-09,heavy,600", "2011-08,heavy,2377", "2025,magnet,70")
    ).prices
    assert (first.market, first.kind, first.months) == ("abroad", "average", ("2011-08", "2011-08"))
    assert (second.kind, second.months, second.replay) == ("spot", ("2012-03", "2012-03"), "quota_crisis_2010")
    assert third.months == ("2025-01", "2025-12") and third.replay == "licences_2025"


def test_a_price_is_beside_the_months_it_speaks_of(tmp_path: Path) -> None:
    end, average, home = prices(tmp_path, "2011,Dy,1410,,end", "2011-Q2,Dy,921,,", "2011-09-23,Dy,1500,china,")[
        1::-1
    ] + prices(tmp_path, "2011-09-23,Dy,1500,china,")
    replay = replayed("quota_crisis_2010", WORLDS, 0)
    table = comparison.compare([end, average, home], WORLDS)
    expected = [
        replay.at("price_heavy", "2011-12"),
        replay.between("price_heavy", "2011-04", "2011-06").mean(axis=0),
        replay.at("home_price_heavy", "2011-09"),
    ]
    # Quantiles of logs and of prices differ by interpolation between two worlds alone.
    assert table["median"].to_numpy() == pytest.approx([np.median(each) for each in expected], rel=0.02)
    scores = [crps(np.log(each), np.log(value)) for each, value in zip(expected, table["value"], strict=True)]
    assert table["crps_log"].to_numpy() == pytest.approx(scores)
    assert table["below"].tolist() == [(each < v).mean() for each, v in zip(expected, table["value"], strict=True)]


def test_the_models_own_medians_lie_inside_and_beat_no_change(tmp_path: Path) -> None:
    dates = [f"{year}-06" for year in range(2010, 2016)]
    replay = replayed("quota_crisis_2010", WORLDS, 0)
    mine = prices(tmp_path, *(f"{date},Nd,{np.median(replay.at('price_magnet', date))},," for date in dates))
    points, skill = comparison.compare(mine, WORLDS), comparison.skill(mine, WORLDS)
    assert points["inside"].all() and points["below"].between(0.4, 0.6).all()
    by = skill.set_index("rival")["skill"]
    assert by["no change from the first point"] > 0 and by["the model's first price"] > 0
    assert set(by.index) == {
        "the model's first price",
        "no change from the first point",
        "AR(1) in logs, fitted to it all",
        "base rate of the others",
    }
    assert "6 of 6 prices lie in the middle four fifths" in comparison.verdict(points, skill)


def test_a_constant_series_is_lost_to_no_change(tmp_path: Path) -> None:
    flat = prices(tmp_path, *(f"{year},Ce,4,," for year in range(2010, 2015)))
    lost = comparison.skill(flat, WORLDS).set_index("rival")
    assert lost.loc["no change from the first point", "result"] == "WORSE"
    assert lost.loc["no change from the first point", "crps_rival"] == 0
    assert (
        lost.loc["base rate of the others", "points"] == 5
        and lost.loc["AR(1) in logs, fitted to it all", "points"] == 4
    )


def test_few_points_have_few_rivals(tmp_path: Path) -> None:
    table = comparison.skill(prices(tmp_path, "2025-05-06,Dy,850,,", "2025,Dy,224,china,"), WORLDS)
    assert table["rival"].tolist() == ["the model's first price"] * 2
    assert set(table["series"]) == {"Dy abroad, licences_2025", "Dy in China, licences_2025"}


def test_elements_are_put_at_their_own_level(tmp_path: Path) -> None:
    terbium, dysprosium = prices(tmp_path, "2025-05,Tb,3000,,", "2025-05,Dy,850,,")[::-1]
    gap = comparison.modelled_logs(terbium, WORLDS) - comparison.modelled_logs(dysprosium, WORLDS)
    assert gap == pytest.approx(np.log(810 / 260))
    (note,) = comparison.level_notes([terbium, dysprosium])
    assert note.startswith("Tb is priced at 3.12 times the model's Dy: the record of 2024")
    (other,) = comparison.level_notes(prices(tmp_path, "2025-03-06,NdPr,60.76,china,"))
    assert other.startswith("NdPr is priced like the model's Nd: no yearly price")
    points = comparison.as_points([terbium])
    assert points.loc[0, "value"] == pytest.approx(3000 * 260 / 810) and points.loc[0, "element"] == "Tb / 3.12"
