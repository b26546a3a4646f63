"""What users met at the command line and must not meet again: words, hints, unknown numbers, drafts."""

from __future__ import annotations

import io
import json
import re
import shlex
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from experiments import open_results
from experiments.analysis.acceptance_reasons import reasons, summed_reasons
from experiments.cli import outcome_table
from experiments.cli.app import main
from model.parameters.presets import preset
from model.talks.recorded_drafts import draft
from tests.cli import refuses

pytestmark = pytest.mark.cases

SMALL = ("--months", "8", "--processes", "1")
FEW = ("--worlds", "20", "--months", "6")


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal in which no row of a table is wrapped."""
    monkeypatch.setenv("COLUMNS", "300")


def said(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """What a call that goes well prints, on one line."""
    assert main(arguments) == 0
    return " ".join(capsys.readouterr().out.split())


# Hints


STORES: dict[str, list[str]] = {
    "run": ["run", "--worlds", "20", *SMALL, "--out"],
    "run of 2008": ["run", "--preset", "quota_crisis_2010", "--worlds", "20", *SMALL, "--out"],
    "run without months": ["run", "--worlds", "20", "--record", "outcomes", *SMALL, "--out"],
    "plane": ["sweep", "ownership_share=0:1:3", "guarantee_strength=0:1:3", "--replicates", "5", *SMALL, "--store"],
    "hypotheses": ["sweep", "ownership_share=0:1:2", "guarantee_strength=0:1:2", "tripwire=H0,H2", "--replicates", "5",
                   *SMALL, "--store"],
    "line": ["sweep", "ownership_share=0:1:3", "--replicates", "5", *SMALL, "--store"],
    "words": ["sweep", "tripwire=H0,H2", "--replicates", "5", *SMALL, "--store"],
    "sample": ["sweep", "--sample", "lhs", "--points", "4", "ownership_share", "guarantee_strength", "--replicates",
               "5", *SMALL, "--store"],
    "policies": ["sweep", "--design", "policies.csv", "--replicates", "5", *SMALL, "--store"],
}  # fmt: skip


def hints(text: str) -> list[list[str]]:
    """The calls that a text names, each to the end of its line or to what is no part of a call."""
    found = [line.partition("subsoil ")[2] for line in text.splitlines() if re.search(r"(?<!^)subsoil [a-z]+ ", line)]
    return [shlex.split(each) for each in found]


@pytest.mark.parametrize("name", STORES)
def test_every_hint_can_be_followed(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder with a blank in its name; the hints of the command, of info and of plot, and those of the hints."""
    Path("policies.csv").write_text("policy,ownership_share\nhalf,0.5\nnone,0\n")
    store = f"my results/{name}.zarr"
    assert main([*STORES[name], store]) == 0
    printed = capsys.readouterr()
    waiting, followed = [["info", store], *hints(printed.out + printed.err)], []
    assert len(waiting) > 1
    while waiting:
        call = waiting.pop()
        if call not in followed:
            followed.append(call)
            code, printed = main(call), capsys.readouterr()
            assert code == 0, f"subsoil {shlex.join(call)}: {printed.err}"
            waiting += hints(printed.out + printed.err)


# Options given twice, drafts compared


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "--worlds", "3", "--worlds", "4"], "--worlds"),
        (["run", "--terms", "2025-02-12", "--terms", "2025-04-30"], "--terms"),
        (["trade", "--seed", "1", "--seed", "2"], "--seed"),
        (["reasons", "--preset", "documented", "--preset", "as_reported"], "--preset"),
        (["reasons", "--terms", "2025-02-12", "--terms", "2025-02-12"], "twice"),
        (["reasons", "--set", "future_aid=1", "--set", "future_aid=2"], "twice"),
        (["reasons", "--terms", "2025-02-12", "--terms", "2025-04-30", "--drafts", "a.csv"], "--drafts"),
        (["windows", "--strengths", "0,0,1"], "gives a value twice"),
    ],
)
def test_what_is_given_twice_is_not_dropped(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refuses(arguments, words, capsys)


def test_two_recorded_drafts_are_compared(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["reasons", "--terms", "2025-02-12", "--terms", "2025-04-30", *FEW]
    assert main([*asked, "--out", "both.png"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "2025-02-12" in lines and "2025-04-30" in lines and Path("both.png").stat().st_size > 10_000
    assert main([*asked, "--json"]) == 0
    assert list(json.loads(capsys.readouterr().out)["drafts"]) == ["2025-02-12", "2025-04-30"]


@pytest.mark.parametrize("date", ["2025-02-12", "2025-04-30"])
@pytest.mark.parametrize("country", ["ukraine", "united_states"])
@pytest.mark.parametrize("count", [1, 3, 4, 20])
def test_printed_reasons_add_up(date: str, country: str, count: int) -> None:
    table = reasons(preset("documented", **draft(date)))
    parts = summed_reasons(table, country, count)
    assert sum(part for _, part in parts) == pytest.approx(round(float(table["gain"].sel(country=country)), 1))
    assert len(parts) <= count + 1 and all(round(part, 1) == part for _, part in parts)


def test_reasons_print_parts_that_add_up(capsys: pytest.CaptureFixture[str]) -> None:
    text = said(["reasons", "--terms", "2025-02-12", *FEW], capsys)
    gain = float(re.search(r"gain ([-+][0-9.]+) % of Ukraine's GDP", text)[1])  # type: ignore[index]
    parts = re.search(r"because: (.*?) turns:", text)[1]  # type: ignore[index]
    assert sum(float(part.split()[-1]) for part in parts.split(";")) == pytest.approx(gain)


DRAFTS: dict[str, tuple[bytes, str]] = {
    "windows-1252": ("label,ownership_share\nEntwurf März,0.5\n".encode("cp1252"), "Entwurf März"),
    "byte order mark": ("\ufefflabel,ownership_share\nMärz,0.5\n".encode(), "März"),
    "utf-16": ("label\townership_share\nMärz\t0,5\n".encode("utf-16"), "März"),
    "semicolons": (b"label;ownership_share;future_aid\na;0,5;1,25\n", "a"),
    "padding": (b"label,ownership_share,,\na,0.5,,\n,,,\n", "a"),
    "missing": (b"label,ownership_share,future_aid\na,0.5,n/a\n", "a"),
    "labels as written": (b"label,ownership_share\n001,0.5\n", "001"),
    "capitals": (b"Label,Ownership Share,Note\na,0.5,why\n", "a"),
}


@pytest.mark.parametrize("name", DRAFTS)
@pytest.mark.filterwarnings("default")
def test_drafts_of_any_spreadsheet_are_read(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    content, label = DRAFTS[name]
    Path("mine.csv").write_bytes(content)
    assert main(["reasons", "--drafts", "mine.csv", "--json", *FEW]) == 0
    printed = capsys.readouterr()
    ((drafted, facts),) = json.loads(printed.out)["drafts"].items()
    assert drafted == label and facts["terms"]["ownership_share"] == 0.5
    assert ("mine.csv: " in printed.err) == (name in {"windows-1252", "padding"})


UNCLEAR: dict[str, tuple[bytes, str]] = {
    "row too long": (b"label,ownership_share\na,0,5\n", "line 2: 2 columns, but 3 cells"),
    "column twice": (b"label,label,ownership_share\na,b,0.5\n", "two columns 'label'"),
    "thousands or decimals": (b"label;recognised_aid\na;1.500\n", "can be 1500 or 1.500"),
    "label twice": (b"label,ownership_share\na,0.5\na,0.4\n", "another draft called 'a'"),
    "out of range": (b"label,ownership_share\na,50\n", "line 2, a: ownership_share=50: allowed 0 to 1"),
    "workbook": (b"PK\x03\x04", "a workbook"),
    "no term": (b"label\na\n", "no column is a term"),
}


@pytest.mark.parametrize("name", UNCLEAR)
def test_drafts_that_are_unclear_are_refused_in_one_line(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    content, words = UNCLEAR[name]
    Path("mine.csv").write_bytes(content)
    assert refuses(["reasons", "--drafts", "mine.csv", *FEW], words, capsys)


# What is known, and what is not


def worlds(**outcomes: Any) -> xr.Dataset:
    """Results with these outcomes of four worlds, ten months long."""
    units = {"month_signed": "months", "first_output_month": "months", "price_heavy_end": "USD/kg"}
    zeros = [0.0] * 4
    names = dict.fromkeys((*outcome_table.DEAL, *outcome_table.WAR, *outcome_table.MINE, *outcome_table.MARKET), zeros)
    names |= {"ceasefire_month": [np.nan] * 4, "renewal_month": [np.nan] * 4} | outcomes
    names.pop("both_accept")
    about = {"replicates": 4, "months": 10, "preset": "documented", "seed": 0}
    about["parameters"] = json.dumps({"start": "2025", "talks": "fixed"})
    content = {
        name: ("replicate", values, {"unit": units.get(name, "0/1"), "meaning": name}) for name, values in names.items()
    }
    return xr.Dataset(content, attrs=about)


def printed(results: xr.Dataset, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """The lines of the table of outcomes by their first word."""
    outcome_table.show(outcome_table.summary(results), results.attrs)
    return {line.split()[0]: " ".join(line.split()) for line in capsys.readouterr().out.splitlines() if line[:1] != " "}


def test_no_share_has_an_error_of_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(worlds(peace_holds=[1.0] * 4, guarantee_broken=[0.0] * 4), capsys)
    assert lines["peace_holds"].startswith("peace_holds 100 51 to 100")
    assert lines["guarantee_broken"].startswith("guarantee_broken 0 0 to 49")


def test_what_is_unknown_is_neither_no_nor_never(capsys: pytest.CaptureFixture[str]) -> None:
    unknown = [np.nan] * 4
    lines = printed(worlds(ratified=unknown, price_heavy_end=unknown, guarantee_broken=[1, 0, np.nan, np.nan]), capsys)
    assert lines["ratified"] == "ratified (known in 0 worlds of 4) unknown"
    assert lines["price_heavy_end"] == "price_heavy_end (known in 0 worlds of 4) unknown"
    assert lines["guarantee_broken"].startswith("guarantee_broken (known in 2 worlds of 4) 50 ")
    assert lines["renewed_war_5y"] == "renewed_war_5y (no world has a ceasefire) unknown"
    assert lines["first_output_month"].startswith("first_output_month 0 ")


def test_what_does_not_happen_in_a_run_is_never(capsys: pytest.CaptureFixture[str]) -> None:
    nan = np.nan
    lines = printed(worlds(month_signed=[1, 3, nan, nan], first_output_month=[nan] * 4), capsys)
    assert lines["month_signed"].startswith("month_signed (happens in 2 worlds of 4) 2 ")
    assert lines["first_output_month"] == "first_output_month never"
    failed = printed(worlds(month_signed=[1, 3, nan, nan], peace_holds=[1, 1, 1, nan]), capsys)
    assert "happens in 2 worlds of 3" in failed["month_signed"], "a world that failed is not one in which it does not"


@pytest.mark.parametrize(("months", "known"), [(12, False), (72, False), (180, True)])
def test_ten_years_are_not_known_after_one(months: int, known: bool, capsys: pytest.CaptureFixture[str]) -> None:
    call = ["run", "--worlds", "60", "--months", str(months), "--record", "outcomes", "--json", "--out", "a.zarr"]
    assert main(call) == 0
    told = json.loads(capsys.readouterr().out)["outcomes"]["renewed_war_10y"]
    assert (told["mean"] is not None) == known and 0 < told["known"] <= 60 and 0 <= told["censored"] <= 1


def test_json_has_null_for_what_is_unknown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--worlds", "3", *SMALL, "--json", "--out", "a.zarr"]) == 0
    text = capsys.readouterr().out
    told = json.loads(text)["outcomes"]
    assert "NaN" not in text and "Infinity" not in text
    assert told["first_output_month"] | {"unit": "", "meaning": ""} == {
        "unit": "", "meaning": "", "mean": None, "low": None, "high": None, "known": 3, "never": 3, "median": None,
        "p5": None, "p95": None,
    }  # fmt: skip


# Words


def test_who_signs_what_in_the_fixed_mode(capsys: pytest.CaptureFixture[str]) -> None:
    fixed = said(["run", "--terms", "2025-04-30", "--worlds", "20", *SMALL, "--out", "a.zarr"], capsys)
    assert "Ukraine would sign (the terms are on the table)" in fixed and "both would sign" in fixed
    assert "a deal is signed" not in fixed
    bargained = said(["run", "--set", "talks=bargained", "--worlds", "20", *SMALL, "--out", "b.zarr"], capsys)
    assert "a deal is signed" in bargained


@pytest.mark.parametrize(("name", "year"), [("quota_crisis_2010", 2008), ("licences_2025", 2024), ("documented", 2025)])
def test_a_run_is_told_in_its_own_time(name: str, year: int, capsys: pytest.CaptureFixture[str]) -> None:
    text = said(["run", "--preset", name, "--worlds", "20", *SMALL, "--record", "outcomes", "--out", "a.zarr"], capsys)
    assert f"8 months from January {year}, preset {name}, seed 0" in text
    assert year == 2025 or "January 2025" not in text
    for words in ("fighting", "ceasefire", "Ukraine", "sign"):
        assert (words in text) == (year > 2008)


def test_no_help_speaks_of_another_start_or_of_luck(capsys: pytest.CaptureFixture[str]) -> None:
    from experiments.cli.app import COMMANDS

    for module in COMMANDS:
        text = said([module.__name__.rpartition(".")[2], "--help"], capsys)
        assert not re.search(r"\b(January 2025|luck|lived?|lives)\b", text)
    for path in (Path(__file__).resolve().parents[2] / name for name in ("README.md", "notebooks/01_first_run.ipynb")):
        assert not re.search(r"\b(luck|lived)\b", path.read_text(encoding="utf-8"))


def test_windows_say_whose_war_they_assume(capsys: pytest.CaptureFixture[str]) -> None:
    small = ["windows", "--strengths", "0,1", "--buildups", "0,60", "--worlds", "20"]
    assert "War and Russia are not the preset's" in (text := said(small, capsys))
    assert "full_intervention 0.9 (preset 0.41)" in text and "± 0.0" not in text
    assert "War and Russia are the preset's." in said([*small, "--documented"], capsys)
    changed = said([*small, "--set", "destroyed_share=0.1"], capsys)
    assert "Changed by --set: destroyed_share 0.1" in changed and "destroyed_share 0.02" not in changed


def test_the_zone_is_joint(capsys: pytest.CaptureFixture[str]) -> None:
    sweep = ["sweep", "ownership_share=0:1:5", "guarantee_strength=0:0.4:3", "--replicates", "20", *SMALL]
    assert main([*sweep, "--store", "a.zarr"]) == 0
    results = open_results("a.zarr")
    both = (results.ukraine_accepts * results.united_states_accepts).mean("replicate").values >= 0.5
    capsys.readouterr()
    text = said(["deals", "a.zarr"], capsys)
    weights = np.outer([0.125, 0.25, 0.25, 0.25, 0.125], [0.25, 0.5, 0.25])
    assert f"both would sign in at least half of worlds on {(both * weights).sum():.1%} of the grid" in text
    assert "Preset documented, seed 0, 20 worlds a point" in text


def test_a_near_name_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--worlds", "3", *SMALL, "--out", "a.zarr"]) == 0
    capsys.readouterr()
    fan = ["plot", "a.zarr", "--what", "fan", "--variable"]
    assert refuses([*fan, "peace"], "did you mean 'peace_holds'", capsys)
    assert refuses([*fan, "price_heavy_unitd_states"], "did you mean 'price_heavy_united_states'", capsys)


def test_whoever_stops_reading_is_not_told_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(*_: Any, **__: Any) -> None:
        raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr("typer.echo", closed)
    monkeypatch.setattr("sys.stdout", io.StringIO())
    assert main(["info", "presets"]) == 0
