"""The commands about the deal: what they print, what they write, and one clear line for bad input."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from experiments.analysis.deal import agreement_zones as deals
from experiments.analysis.war.preventive_war import windows
from experiments.analysis.war.war_game_targets import war_levels
from experiments.cli.app import main
from experiments.store.dataset import open_results
from model import preset
from model.record.variables import DECIDING
from model.states.deal import TERMS
from model.talks.recorded_drafts import draft
from tests.cli import refuses

pytestmark = pytest.mark.long

FEW = ("--worlds", "30", "--months", "12")


def test_reasons_of_a_recorded_draft(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    assert main(["reasons", "--terms", "2025-02-12", *FEW]) == 0
    said = capsys.readouterr().out
    for words in (
        "Ukraine signs: 0%",
        "because: political cost",
        "the Rada ratifies",
        "turns:   future_aid from 0 to 20.",
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
    assert main(["reasons", "--out", "one.png", "--countries", "four.png", "--json", *FEW]) == 0
    json.loads(capsys.readouterr().out)
    assert all(Path(name).stat().st_size > 10_000 for name in ("one.png", "four.png"))


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


SMALL = ("--strengths", "0.4,1", "--buildups", "0,60", "--regrouping", "0.06", "--years", "2,10")


def test_windows_are_those_of_the_function(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["windows", *SMALL, "--json"]) == 0
    cells = json.loads(capsys.readouterr().out)
    table = windows((0.4, 1.0), (0.0, 60.0), (0.06,)).to_dataframe().reset_index()
    assert [cell["renewed"] for cell in cells] == pytest.approx(table["renewed"].tolist())
    assert [cell["attack"] is None for cell in cells] == table["attack"].isna().tolist()


def test_windows_are_printed_and_drawn(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    assert main(["windows", *SMALL, "--out", "windows.png"]) == 0
    said = capsys.readouterr().out
    assert "Chance of renewed war within 2 years" in said and "1.012*" in said and "0.440 " in said
    assert Path("windows.png").stat().st_size > 10_000
    assert main(["windows", *SMALL, "--guarantor", "european", "--set", "rearmed_advantage=0.2"]) == 0
    assert "with rearmed advantage 0.2, European guarantee" in " ".join(capsys.readouterr().out.split())


def test_levels_are_printed_kept_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["levels", "--csv", "new/levels.csv"]) == 0
    said = capsys.readouterr().out
    table = war_levels(preset("documented"))
    asked = (table["wanted"] != "").sum()
    assert f"{asked} of {asked} levels with a range are met; preset documented." in said and "MISS" not in said
    kept = pd.read_csv("new/levels.csv")
    assert list(kept) == list(table) and kept["got"].to_numpy() == pytest.approx(table["got"].to_numpy(), rel=1e-5)
    assert main(["levels", "--set", "renewal_hazard=0.2", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["changes"] == {"renewal_hazard": 0.2} and "MISS" in {row["result"] for row in told["levels"]}
    assert main(["levels", "--set", "renewal_hazard=0.2"]) == 0
    assert "with renewal_hazard 0.2" in capsys.readouterr().out


BAD_SWEEPS = {
    "no store": (["deals", "nowhere.zarr"], "nowhere.zarr"),
    "a swept term": (["windows", "--set", "guarantee_strength=1"], "the sweep sets it; use --strengths"),
    "a start before the war": (["windows", "--set", "start=2008"], "the war game is played from 2025 on"),
    "no number": (["windows", "--strengths", "0,much"], "--strengths '0,much': needs numbers"),
    "out of range": (["windows", "--strengths", "0,2"], "guarantee_strength=2: allowed 0 to 1"),
    "no years": (["windows", "--years", "0"], "years 0: needs a number above 0"),
    "unknown guarantor": (["windows", "--guarantor", "asian"], "--guarantor 'asian': allowed american, european"),
    "too small a map": (["windows", "--strengths", "1", "--out", "a.png"], "needs two strengths and two build-ups"),
    "twice": (["windows", "--buildups", "12,12"], "gives a value twice"),
    "a level's own": (["levels", "--set", "european_guarantee=1"], "every level sets it itself"),
    "no table": (["levels", "--csv", "levels.xls"], "must end in .csv"),
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
    assert "no term of the deal varies, but tripwire" in capsys.readouterr().err
