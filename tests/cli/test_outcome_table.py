"""What is printed of outcomes: intervals, what is unknown, who signs, in the time of the run."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from experiments import open_results
from experiments.cli import outcome_table
from experiments.cli.app import main
from tests.cli import said

pytestmark = [pytest.mark.cases, pytest.mark.long]

SMALL = ("--months", "8", "--processes", "1")


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal in which no row of a table is wrapped."""
    monkeypatch.setenv("COLUMNS", "300")


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
