"""The market on the command line: trade, pictures of the replays, a series of one's own."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from experiments.__main__ import main


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test in a folder of its own."""
    monkeypatch.chdir(tmp_path)


BAD = {
    "unknown preset": (["trade", "--preset", "licences"], "unknown preset 'licences'"),
    "unknown material": (["trade", "--material", "hevy"], "did you mean 'heavy'"),
    "unknown draft": (["trade", "--terms", "2025-04-31"], "did you mean '2025-04-30'"),
    "unknown parameter": (["trade", "--set", "licence_lek=0.1"], "did you mean 'licence_leak'"),
    "no date": (["trade", "--date", "June"], "date='June': needs a year from 2025 to 2074"),
    "a date before the start": (["trade", "--date", "2011"], "date='2011': needs a year from 2025"),
    "no worlds": (["trade", "--worlds", "0"], "worlds=0"),
    "no picture": (["trade", "--out", "trade.txt"], "'trade.txt': the name must end in .png"),
    "no table": (["trade", "--csv", "trade.xls"], "must end in .csv"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_clear_line(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments, expected = BAD[name]
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert expected in said and said.startswith("subsoil: ") and said.count("\n") == 1
    assert not list(Path.cwd().iterdir())


def test_trade_prints_what_it_writes(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["trade", "--preset", "quota_crisis_2010", "--date", "2011-03", "--worlds", "20"]
    assert main([*asked, "--csv", "new/trade.csv", "--out", "new/trade.png"]) == 0
    said = capsys.readouterr().out
    for words in ("Trade in 2011-03 (the month at a year's rate)", "home supply", "Balance", "controlled_by_china"):
        assert words in said
    assert "nan" not in said.lower() and "Written: new/trade.csv, new/trade-dependence.csv, new/trade.png" in said
    table = pd.read_csv("new/trade.csv")
    assert len(table) == 75 and len(pd.read_csv("new/trade-dependence.csv")) == 12
    sold = table.query("material == 'magnet' and exporter == 'china' and importer == 'united_states'").iloc[0]
    assert f"{sold['tonnes_per_year']:,.0f}" in said
    assert Path("new/trade.png").stat().st_size > 10_000


def test_trade_as_json_of_one_material(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trade", "--terms", "2025-04-30", "--material", "heavy", "--worlds", "5", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (
        told["date"] == "2025" and len(told["trade"]) == 25 and {row["material"] for row in told["trade"]} == {"heavy"}
    )
    balance = told["balance"][0]
    assert (
        sum(row["tonnes_mean"] for row in told["trade"]) == pytest.approx(balance["bought"]) and balance["off"] < 1e-9
    )
    rest = next(row for row in told["dependence"] if row["country"] == "rest_of_world")
    assert rest["loss_million_usd"] is None and rest["loss_percent_of_gdp"] > 0


def test_a_replay_beyond_its_record_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["trade", "--preset", "quota_crisis_2010", "--worlds", "2", "--date"]
    assert main([*asked, "2017-01"]) == 0
    assert "The replay quota_crisis_2010 ends in 2016" in capsys.readouterr().out
    assert main([*asked, "2008-01"]) == 0
    assert "ends in 2016" not in capsys.readouterr().out
