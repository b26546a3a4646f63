"""Drafts of any spreadsheet, several drafts side by side, and reasons that add up."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from experiments.analysis.deal.draft_responses import reasons, summed_reasons
from experiments.cli.app import main
from model.parameters.presets import preset
from model.talks.recorded_drafts import draft
from tests.cli import refuses, said

pytestmark = [pytest.mark.cases, pytest.mark.long]

FEW = ("--worlds", "20", "--months", "6")


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal in which no row of a table is wrapped."""
    monkeypatch.setenv("COLUMNS", "300")


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
    assert sum(part for _, part in parts) == pytest.approx(round(float(table["gain"].sel(signatory=country)), 1))
    assert len(parts) <= count + 1 and all(round(part, 1) == part for _, part in parts)


def test_reasons_print_parts_that_add_up(capsys: pytest.CaptureFixture[str]) -> None:
    text = said(["reasons", "--terms", "2025-02-12", *FEW], capsys)
    gain = float(re.search(r"gain ([-+][0-9.]+) % of Ukraine's GDP", text)[1])  # type: ignore[index]
    parts = re.search(r"because: (.*?) turns:", text)[1]  # type: ignore[index]
    assert sum(float(part.split()[-1]) for part in parts.split(";")) == pytest.approx(gain)


def test_no_talks_before_there_were_any(capsys: pytest.CaptureFixture[str]) -> None:
    for options in (["--preset", "quota_crisis_2010"], ["--preset", "quota_crisis_2010", "--terms", "2025-04-30"]):
        assert refuses(["reasons", *options, *FEW], "a run that begins in 2008 has no talks", capsys)
    assert "from January 2024" in said(
        ["reasons", "--preset", "licences_2025", "--worlds", "20", "--months", "20"], capsys
    )


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
