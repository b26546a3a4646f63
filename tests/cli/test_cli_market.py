"""The market on the command line: trade, pictures of the replays, a series of one's own."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from experiments.cli.app import main
from tests.cli import refuses

pytestmark = pytest.mark.long

BAD = {
    "unknown preset": (["trade", "--preset", "licences"], "unknown preset 'licences'"),
    "unknown material": (["trade", "--material", "hevy"], "did you mean 'heavy'"),
    "unknown draft": (["trade", "--terms", "2025-04-31"], "did you mean '2025-04-30'"),
    "unknown parameter": (["trade", "--set", "licence_lek=0.1"], "did you mean 'licence_leak'"),
    "no date": (["trade", "--date", "June"], "date='June': needs a year from 2025 to 2074"),
    "a date before the start": (["trade", "--date", "2011"], "date='2011': needs a year from 2025"),
    "no worlds": (["trade", "--worlds", "0"], "worlds=0"),
    "no picture": (["trade", "--out", "trade.txt"], "'trade.txt': the name must end in .png"),
    "prices of talks": (["validate", "talks", "--prices", "own.csv"], "prices belong to subject 'market'"),
    "no file": (["validate", "market", "--prices", "own.csv"], "cannot use own.csv: No such file"),
    "no table": (["trade", "--csv", "trade.xls"], "must end in .csv"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_clear_line(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert refuses(*BAD[name], capsys)
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


OWN = """date,element,value,market
2010-06,Dy,250,
2011-08,Dy,2377,
2012,Dy,900,
2013,Dy,500,
2025-03-06,Tb,896,china
"""


def test_pictures_of_the_replays(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "market", "--worlds", "40", "--out", "new"]) == 0
    said = capsys.readouterr().out
    assert "held out:" in said and "new/matrix-market.png" in said
    names = ("matrix-market", "prices-quota_crisis_2010", "prices-licences_2025")
    assert {path.name for path in Path("new").iterdir()} == {
        f"{name}.{kind}" for name in names for kind in ("png", "pdf")
    }
    assert all(path.stat().st_size > 10_000 for path in Path("new").iterdir())


def test_without_a_folder_it_says_how_to_get_pictures(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "market", "--worlds", "40"]) == 0
    assert "subsoil validate market --out FOLDER" in capsys.readouterr().out.splitlines()[-1]
    assert main(["validate", "market", "--worlds", "40", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) > 20
    assert not list(Path.cwd().iterdir())


def test_matrix_of_the_talks(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "talks", "--worlds", "40", "--out", "new"]) == 0
    assert "never a fit" in capsys.readouterr().out
    assert Path("new/matrix-talks.png").stat().st_size > 10_000


def test_prices_of_ones_own_are_scored(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    Path("own.csv").write_text(OWN, encoding="utf-8")
    asked = ["validate", "market", "--prices", "own.csv", "--worlds", "40"]
    assert main([*asked, "--out", "new"]) == 0
    said = capsys.readouterr().out
    for words in (
        "5 prices lie in the middle four fifths",
        "no change from the first point",
        "base rate of the others",
    ):
        assert words in said
    assert "Tb is priced at 3.12 times the model's Dy" in said
    assert len(list(Path("new").glob("own-prices-*.png"))) == 2
    assert main([*asked, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [row["date"] for row in told["points"]][-1] == "2025-03-06" and {row["result"] for row in told["skill"]}


def test_monthly_prices_of_any_years_are_scored(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    rows = [f"{2017 + at // 12}-{at % 12 + 1:02},Nd,{60 + at % 7},china" for at in range(60)]
    Path("own.csv").write_text("\n".join(["date,element,value,market", *rows]), encoding="utf-8")
    given = ["validate", "market", "--prices", "own.csv", "--worlds", "20"]
    assert main([*given, "--out", "new"]) == 0
    assert {path.name for path in Path("new").iterdir()} == {f"own-prices-by-month.{kind}" for kind in ("png", "pdf")}
    said = " ".join(capsys.readouterr().out.split())
    for words in (
        "random walk + 1/4 of the last change",
        "Nd in China (average), 2017-01 to 2021-12:",
        "no skill at 3",
    ):
        assert words in said
    assert "is not scored at 12 months: needs 84 months without a gap, it has 60 (2017-01 to 2021-12)" in said
    assert main([*given, "--json"]) == 0
    written = json.loads(capsys.readouterr().out)
    assert len(written["monthly"]) == 4 and written["points"] == [] and written["skill"] == []
    Path("own.csv").write_text("\n".join(["date,element,value,market", *rows[:20]]), encoding="utf-8")
    assert main(given) == 2
    said = capsys.readouterr().err
    assert "own.csv: holds no prices to score; Nd in China (average) is not scored at 1 month" in said
    assert said.count("\n") == 1


def test_a_bad_line_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    Path("own.csv").write_text(OWN + "2012-06,Dy,dear,\n", encoding="utf-8")
    assert main(["validate", "market", "--prices", "own.csv"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("subsoil: own.csv, line 7: value 'dear': needs a number") and said.count("\n") == 1
