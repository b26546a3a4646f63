"""The data room: every row sourced, every unit known, the arithmetic others lean on, errors that help."""

from __future__ import annotations

import math
import re
from itertools import pairwise
from pathlib import Path

import pytest

from model import data

WIDE_TABLES = {"deal_timeline", "drafts"}  # several numbers a row, by design
KEYS = {
    "aid": ("kind", "date", "donor", "measure", "unit"),
    "buyer_policy": ("date", "buyer", "instrument", "batch"),
    "china_policy": ("date", "instrument", "batch", "elements", "buyer"),
    "china_script": ("date", "instrument"),
    "codes": ("field", "code"),
    "conflict": ("topic", "parameter"),
    "countries": ("country", "variable", "year"),
    "deal_estimates": ("topic", "parameter"),
    "deal_timeline": ("date", "actor"),
    "drafts": ("id",),
    "embargo_costs": ("estimate",),
    "mine_economics": ("topic", "project", "country", "year"),
    "mine_production": ("country", "year"),
    "ore_baskets": ("deposit", "series", "component"),
    "prices": ("element", "date", "date_type", "market", "basis"),
    "projects": ("id",),
    "reserves": ("country", "year", "kind"),
    "start_shares": ("kind", "country", "item", "year"),
    "stage_shares": ("stage", "material", "country", "member", "year"),
    "trade_value": ("country", "flow", "year"),
    "ukraine_deposits": ("deposit",),
    "ukraine_streams": ("mineral", "quantity"),
    "war_series": ("series", "date"),
}
CHINA = ("china_policy", "china_script")
COUNTRIES = ("united_states", "ukraine", "russia", "china", "rest_of_world")
STAGES = {"mine", "separation", "heavy_separation", "magnets"}
MATERIALS = {"bulk", "magnet", "heavy"}


@pytest.fixture(params=sorted(KEYS))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_tables_are_those_expected(project: Path) -> None:
    """And no name is used in two folders, where one file would hide the other."""
    assert data.tables() == sorted(KEYS)
    assert sorted(file.stem for file in (project / "model" / "data").rglob("*.csv")) == sorted(KEYS)


def test_every_row_has_a_known_source(name: str) -> None:
    known = data.sources()
    assert [row for row in data.table(name) if row["source"] not in known] == []


def test_every_source_says_what_it_is() -> None:
    for source, entry in data.sources().items():
        assert re.fullmatch(r"[a-z][a-z0-9_]*", source)
        assert {"title", "publisher", "year", "terms"} <= set(entry), source
        assert set(entry) <= {"title", "publisher", "year", "terms", "url", "note"}, source
        assert all(entry[field] for field in entry), source
        assert 1900 < entry["year"] <= 2026, source


def test_every_table_is_tidy(name: str) -> None:
    columns = set(data.table(name)[0])
    assert {"unit", "source", "note"} <= columns
    assert ("value" in columns) == (name not in WIDE_TABLES)


def units_declared() -> set[object]:
    return {row["code"] for row in data.table("codes") if row["field"] == "unit"}


def test_units_are_from_the_closed_list(name: str) -> None:
    assert {row["unit"] for row in data.table(name)} <= units_declared()


def test_every_declared_unit_is_used() -> None:
    assert units_declared() == {row["unit"] for table in data.tables() for row in data.table(table)}


def test_keys_are_unique(name: str) -> None:
    rows = [tuple(row[column] for column in KEYS[name]) for row in data.table(name)]
    doubles = {key for key in rows if rows.count(key) > 1}
    assert doubles == set()


def test_shares_lie_between_zero_and_one(name: str) -> None:
    for row in data.table(name):
        for column, cell in row.items():
            named_share = column.endswith("_share") or column in ("revenue_base", "guarantee_strength")
            if (named_share or (column == "value" and row["unit"] == "share")) and cell is not None:
                assert isinstance(cell, float) and 0 <= cell <= 1, row


def test_quantities_are_finite_and_not_negative(name: str) -> None:
    signed = {"relative change", "1/yr"}
    for row in data.table(name):
        cell = row.get("value")
        if isinstance(cell, float):
            assert math.isfinite(cell), row
            assert cell >= 0 or row["unit"] in signed, row


def test_countries_stages_and_materials_use_the_names_of_the_model(name: str) -> None:
    known = {
        "country": {*COUNTRIES, "world"},
        "stage": STAGES,
        "material": MATERIALS | {"all", "basket"},
    }
    for row in data.table(name):
        for column, names in known.items():
            assert row.get(column) is None or row[column] in names, row


def test_instruments_are_from_the_closed_list() -> None:
    instruments = {row["code"] for row in data.table("codes") if row["field"] == "instrument"}
    used = {row["instrument"] for name in ("buyer_policy", *CHINA) for row in data.table(name)}
    assert used == instruments


def test_the_script_runs_to_the_newest_act_on_record() -> None:
    newest = {name: max(str(row["date"]) for row in data.table(name)) for name in CHINA}
    assert newest == {"china_policy": "2026-10-07", "china_script": "2026-10"}


def test_limits_in_the_script_have_a_number() -> None:
    """An act that moves no volume has none, and a limit without one would leave its months unknown."""
    for row in data.table("china_script"):
        assert (row["value"] is not None) == (row["instrument"] in ("export_quota", "export_licence")), row


def test_readings_that_contradict_each_other_stand_side_by_side() -> None:
    ends = data.table("china_policy")
    suspended = {row["end_date"] for row in ends if row["instrument"] == "suspension" and row["buyer"] == "all"}
    assert {"2026-11-10", "2027-01-10"} <= suspended
    need = {row["value"] for row in data.table("conflict") if str(row["parameter"]).startswith("recovery_need")}
    assert {588.0, 1000.0} <= need


def test_what_an_ai_assisted_compilation_says_is_marked() -> None:
    via = {name for name, entry in data.sources().items() if "AI-assisted" in str(entry.get("note"))}
    assert "worldstate_2026" in via
    for table in data.tables():
        for row in data.table(table):
            assert row["source"] not in via or "AI-assisted" in str(row["note"]), row


def test_five_countries_make_the_world() -> None:
    for year in range(2005, 2026):
        parts = sum(data.value("mine_production", country=country, year=year) for country in COUNTRIES)
        assert parts == data.value("mine_production", country="world", year=year)
    for flow in ("exports", "imports"):
        for year in range(2018, 2023):
            parts = sum(data.value("trade_value", country=c, flow=flow, year=year) for c in COUNTRIES)
            assert parts == data.value("trade_value", country="world", flow=flow, year=year)


def test_china_mined_69_percent_of_the_world_in_2024() -> None:
    china = data.value("mine_production", country="china", year=2024)
    share = china / data.value("mine_production", country="world", year=2024)
    stated = data.value("stage_shares", stage="mine", material="all", country="china", year=2024)
    assert share == pytest.approx(0.69, abs=0.005)
    assert share == pytest.approx(stated, abs=0.005)


@pytest.mark.parametrize(("donor", "stock"), [("united_states", 115), ("europe", 138)])
def test_aid_stocks_at_february_2025(donor: str, stock: float) -> None:
    match = {"date": "2025-02", "donor": donor, "measure": "total"}
    assert data.value("aid", kind="release", **match) == stock
    assert data.value("aid", kind="stock", **match) == pytest.approx(stock, rel=0.03)


def test_aid_by_year_adds_up_to_the_stock() -> None:
    for donor in ("united_states", "europe", "all_donors"):
        for measure in ("total", "military", "financial"):
            years = data.series("aid", "date", kind="year", donor=donor, measure=measure)
            stock = data.value("aid", kind="stock", date="2025-12", donor=donor, measure=measure)
            assert sum(years.values()) == pytest.approx(stock, abs=0.01)


def test_effective_stake_fell_from_first_to_final_draft() -> None:
    def effective_stake(draft: str) -> float:
        ownership = data.value("drafts", column="ownership_share", id=draft)
        base = data.value("drafts", column="revenue_base", id=draft)
        years = data.value("drafts", column="reinvestment_years", id=draft)
        return ownership * base * math.exp(-0.1 * years)

    assert effective_stake("2025-02-12") == 0.5
    assert effective_stake("2025-04-30") == pytest.approx(0.074, abs=0.0005)
    assert effective_stake("2025-04-30") / effective_stake("2025-02-12") <= 0.35


def test_drafts_are_coded_by_the_codes() -> None:
    coded = set(data.series("codes", "code", field="guarantee_strength").values())
    assert {row["guarantee_strength"] for row in data.table("drafts")} <= coded
    assert [row["id"] for row in data.table("drafts")] == sorted(row["id"] for row in data.table("drafts"))


def test_ore_baskets_add_up() -> None:
    rows = data.table("ore_baskets")
    for deposit in {str(row["deposit"]) for row in rows if row["series"] == "normalised"}:
        basket = data.series("ore_baskets", "component", deposit=deposit, series="normalised")
        assert set(basket) == MATERIALS
        assert sum(basket.values()) == pytest.approx(1, abs=0.0002)
    for deposit in {str(row["deposit"]) for row in rows if row["series"] == "raw"}:
        raw = data.series("ore_baskets", "component", deposit=deposit, series="raw")
        assert 0.98 <= sum(raw.values()) <= 1.0101


def test_ore_baskets_yield_the_magnet_oxides_the_world_uses() -> None:
    mined = data.value("ore_baskets", deposit="world_2023_mined")
    assert mined == pytest.approx(data.value("ore_baskets", deposit="world_2023_demand"), rel=0.1)


def test_mount_weld_basket_agrees_with_the_price_of_its_basket() -> None:
    raw = data.series("ore_baskets", "component", deposit="mount_weld", series="raw")
    for date in ("2007", "2008", "2009", "2010-07-26"):
        prices = data.series("prices", "element", date=date, source="lynas_prices_2010")
        priced = sum(share * prices[element] for element, share in raw.items() if element in prices)
        assert 0.75 <= priced / prices["basket"] <= 0.90  # the rest is europium and others without a price


def test_quota_use_of_the_crisis() -> None:
    def used(year: str) -> float:
        quota = data.value("china_policy", instrument="export_quota", date=year, batch="total")
        return data.value("china_policy", instrument="actual_exports", date=year) / quota

    assert used("2011") == pytest.approx(0.616, abs=0.001)
    assert used("2012") == pytest.approx(0.525, abs=0.001)


def test_dates_run_forward() -> None:
    for name in ("deal_timeline", "buyer_policy", *CHINA):
        dates = [str(row["date"]) for row in data.table(name)]
        assert all(earlier <= later for earlier, later in pairwise(dates)), name
        for row in data.table(name):
            assert row.get("end_date") is None or str(row["date"]) < str(row["end_date"]), row


def test_value_names_the_nearest() -> None:
    with pytest.raises(data.DataError, match="no table 'contries'; nearest is 'countries'"):
        data.table("contries")
    with pytest.raises(data.DataError, match="has no column 'contry'; nearest is 'country'"):
        data.value("countries", contry="ukraine")
    with pytest.raises(data.DataError, match="no country 'ukrain'; nearest is 'ukraine'"):
        data.value("countries", country="ukrain")
    with pytest.raises(data.DataError, match=r"no year 2031; nearest is 2025\.0"):
        data.value("mine_production", country="china", year=2031)
    with pytest.raises(data.DataError, match="has no column 'value'"):
        data.value("drafts", id="2025-04-30")


def test_value_wants_exactly_one_number() -> None:
    with pytest.raises(data.DataError, match=r"rows match.*add one of year"):
        data.value("mine_production", country="china")
    with pytest.raises(data.DataError, match="is empty"):
        data.value("reserves", country="ukraine", year=2024, kind="estimate")
    with pytest.raises(data.DataError, match="not a number"):
        data.value("mine_production", column="source", country="china", year=2024)
    with pytest.raises(data.DataError, match="occurs twice"):
        data.series("mine_production", "year")


def test_series_keeps_order_and_skips_empty_cells() -> None:
    world = data.series("mine_production", "year", country="world")
    assert list(world) == [float(year) for year in range(2005, 2026)]
    kept = data.series("reserves", "country", kind="estimate", year=2024)
    assert "ukraine" not in kept


@pytest.mark.parametrize("row", ["Lacq, France,2027", "Lacq"])
def test_a_row_has_as_many_cells_as_the_table(row: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A comma that nobody quoted would make text of a column of numbers."""
    file = tmp_path / "plants.csv"
    file.write_text(f"plant,year\nSumter,2026\n{row}\n")
    monkeypatch.setattr(data, "_files", lambda: {"plants": file})
    with pytest.raises(data.DataError, match="table 'plants', row 3: not 2 cells"):
        data.table("plants")


def test_rows_are_the_callers_own() -> None:
    row = data.table("drafts")[0]
    row["ownership_share"] = 99.0
    assert data.table("drafts")[0]["ownership_share"] == 0.5


def test_fingerprint_is_a_sha256() -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", data.fingerprint())
    assert data.fingerprint() == data.fingerprint()
