"""The commands about the deal: what they print, what they write, and one clear line for bad input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from experiments.analysis import agreement_zones as deals
from experiments.analysis.preventive_war import window_sweep
from experiments.cli.app import main
from experiments.store.dataset import open_results
from model.record.variables import DECIDING
from model.states.deal import TERMS
from model.talks.recorded_drafts import draft
from tests.cli import refuses

FEW = ("--worlds", "30", "--months", "12")


def test_reasons_of_a_recorded_draft(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
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
        assert f"\n  {country.replace('_', ' ').title()} " in said


def test_reasons_of_any_terms_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reasons", "--terms", "2025-04-30", "--set", "guarantee_strength=0.7", "--json", *FEW]) == 0
    told = json.loads(capsys.readouterr().out)
    ((_, facts),) = told["drafts"].items()
    assert facts["terms"] == {name: facts["terms"][name] for name in TERMS}
    assert facts["terms"]["guarantee_strength"] == 0.7
    assert facts["terms"]["revenue_base"] == draft("2025-04-30")["revenue_base"]
    assert facts["responses"]["congress"] == 0.4
    assert set(facts["effects"]) == set(DECIDING)
    own = facts["effects"]["ukraine"]["utility"]
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
    assert refuses(*BAD[name], capsys)


# Zones and windows


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A small sweep over two terms and two hypotheses, on disk."""
    store = str(tmp_path_factory.mktemp("sweep") / "terms.zarr")
    axes = ("ownership_share=0:1:3", "guarantee_strength=0,0.2", "tripwire=H0,H4")
    assert main(["sweep", *axes, "--replicates", "40", "--months", "8", "--processes", "1", "--store", store]) == 0
    return store


def test_deals_are_those_of_the_functions(swept: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["deals", swept, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    terms = ["ownership_share", "guarantee_strength"]
    assert told["terms"] == terms and [row["where"]["tripwire"] for row in told["rows"]] == ["H0", "H4"]
    table = deals.agreement(open_results(swept)).sel(tripwire="H4")
    row = told["rows"][1]
    assert row["area"] == pytest.approx(float(deals.zone_bounds(table, *terms)["area"]))
    for name, solve in (("Nash", deals.nash_point), ("Kalai-Smorodinsky", deals.kalai_smorodinsky_point)):
        point = solve(table, *terms)
        for key in (*terms, "ukraine_gain", "united_states_gain"):
            assert row[name][key] == pytest.approx(float(point[key]))


def test_deals_are_printed_and_drawn(swept: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["deals", swept, "--out", "new/points.png"]) == 0
    said = capsys.readouterr().out
    assert all(words in said for words in ("tripwire H0", "tripwire H4", "zone:", "Nash: ", "Kalai-Smorodinsky: "))
    assert Path("new/points.png").stat().st_size > 10_000


def test_the_zone_of_a_sweep_is_faceted_by_hypothesis_of_itself(swept: str) -> None:
    for options in ((), ("--what", "map", "--variable", "months_of_fighting")):
        assert main(["plot", swept, *options, "--out", "facets.png"]) == 0
        assert Path("facets.png").stat().st_size > 10_000


def test_fans_and_utilities_are_faceted_by_hypothesis_of_themselves() -> None:
    sweep = ("tripwire=H0,H2", "--replicates", "10", "--months", "6", "--processes", "1", "--store", "h.zarr")
    assert main(["sweep", *sweep, "--record", "trajectories"]) == 0
    for options in ((), ("--variable", "win_probability"), ("--what", "utility")):
        assert main(["plot", "h.zarr", *options, "--out", "facets.png"]) == 0
        assert Path("facets.png").stat().st_size > 10_000
        Path("facets.png").unlink()


SMALL = ("--strengths", "0,1", "--buildups", "0,60", "--worlds", "100")


def test_windows_print_the_sweep(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["windows", *SMALL, "--json"]) == 0
    cells = json.loads(capsys.readouterr().out)
    table = window_sweep((0.0, 1.0), (0, 60), worlds=100)
    assert [cell["share"] for cell in cells] == pytest.approx(list(table["share"].values.flat))
    assert [cell["open"] for cell in cells] == list(table["open"].values.flat)
    assert main(["windows", *SMALL, "--hypotheses", "H0,H4", "--out", "windows.png"]) == 0
    said = capsys.readouterr().out
    assert said.count("The window is open in") == 2
    assert Path("windows.png").stat().st_size > 10_000


BAD_SWEEPS = {
    "no store": (["deals", "nowhere.zarr"], "nowhere.zarr"),
    "a swept term": (["windows", "--set", "guarantee_strength=1"], "the sweep varies it"),
    "a start before the war": (["windows", "--set", "start=2008"], "--set start: windows for war"),
    "no number": (["windows", "--strengths", "0,much"], "--strengths '0,much': needs numbers"),
    "out of range": (["windows", "--strengths", "0,2", "--worlds", "5"], "guarantee_strength=2: allowed 0 to 1"),
    "unknown hypothesis": (["windows", "--hypotheses", "H9", "--worlds", "5"], "tripwire='H9'"),
    "twice": (["windows", "--buildups", "12,12"], "gives a value twice"),
}


@pytest.mark.parametrize("name", BAD_SWEEPS)
def test_bad_sweeps_are_one_clear_line(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments, expected = BAD_SWEEPS[name]
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert expected in said and said.startswith("subsoil: ") and said.count("\n") == 1


def test_deals_need_a_term(capsys: pytest.CaptureFixture[str]) -> None:
    sweep = ("tripwire=H0,H2", "--replicates", "5", "--months", "4", "--processes", "1", "--store", "none.zarr")
    assert main(["sweep", *sweep]) == 0
    assert main(["deals", "none.zarr"]) == 2
    assert "no axis is a term of the deal" in capsys.readouterr().err
