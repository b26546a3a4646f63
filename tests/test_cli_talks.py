"""The commands about the deal: what they print, what they write, and one clear line for bad input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from experiments.__main__ import main
from model.scenarios import draft
from model.talks import TERMS
from model.variables import DECIDING

FEW = ("--worlds", "30", "--months", "12")


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test in a folder of its own."""
    monkeypatch.chdir(tmp_path)


def test_reasons_of_a_recorded_draft(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reasons", "--terms", "2025-02-12", *FEW]) == 0
    said = capsys.readouterr().out
    for words in (
        "Ukraine signs: 0%",
        "because: political cost",
        "the Rada ratifies",
        "turns:   future_aid from 0 to 9",
    ):
        assert words in said
    for country in DECIDING:
        assert f"\n  {country.replace('_', ' ')} " in said


def test_reasons_of_any_terms_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reasons", "--terms", "2025-04-30", "--set", "guarantee_strength=0.7", "--json", *FEW]) == 0
    told = json.loads(capsys.readouterr().out)
    ((_, facts),) = told["drafts"].items()
    assert facts["terms"] == {name: facts["terms"][name] for name in TERMS}
    assert facts["terms"]["guarantee_strength"] == 0.7
    assert facts["terms"]["revenue_base"] == draft("2025-04-30")["revenue_base"]
    assert facts["answers"]["congress"] == 0.4
    assert set(facts["lives"]) == set(DECIDING)
    own = facts["lives"]["ukraine"]["utility"]
    assert own["change"] == pytest.approx(own["with_deal"] - own["without"])
    assert told["worlds"] == 30


def test_reasons_of_a_file_of_drafts_with_a_picture(capsys: pytest.CaptureFixture[str]) -> None:
    Path("mine.csv").write_text("label,ownership_share\none,1\nnone,0\n")
    assert main(["reasons", "--drafts", "mine.csv", "--terms", "2025-04-30", "--out", "new/mine.png", *FEW]) == 0
    said = capsys.readouterr().out
    assert said.index("\none\n" if "\none\n" in said else "one\n") < said.index("none\n  Ukraine")
    assert Path("new/mine.png").stat().st_size > 10_000
    assert main(["reasons", "--out", "one.png", "--json", *FEW]) == 0
    json.loads(capsys.readouterr().out)
    assert Path("one.png").stat().st_size > 10_000


BAD = {
    "unknown draft": (["reasons", "--terms", "2025-04-31"], "did you mean '2025-04-30'"),
    "unknown parameter": (["reasons", "--set", "ownershp_share=1"], "did you mean 'ownership_share'"),
    "no file": (["reasons", "--drafts", "nowhere.csv"], "nowhere.csv"),
    "bad column": (["reasons", "--drafts", "bad.csv"], "did you mean 'ownership_share'"),
    "few worlds": (["reasons", "--worlds", "1"], "--worlds"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_clear_line(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("bad.csv").write_text("ownershp_share\n1\n")
    arguments, expected = BAD[name]
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert expected in said and said.startswith("subsoil: ") and said.count("\n") == 1
