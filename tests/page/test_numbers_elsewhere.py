"""The Python and the command line that the page shows give the numbers of its files."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from experiments.analysis import quantile_bands
from experiments.analysis.deal.agreement_zones import agreement
from experiments.cli.app import main
from experiments.page.content import calculations, reproducing_code
from experiments.page.content.calculations import CALCULATIONS, Case
from experiments.page.content.reproducing_code import command_lines, csv_of, python_lines
from experiments.page.page_state import from_query

pytestmark = pytest.mark.long

QUERY = "worlds=100&guarantee_strength=0.35&tripwire=H2&ukraine_security_weight=0.6&preset=as_reported&seed=4"
KEYS = {
    "answers": ["signatory", "reason"],
    "turning": ["term"],
    "zone": ["ownership_share", "guarantee_strength"],
    "futures": ["month", "quantile"],
    "trade": ["material", "exporter", "importer"],
    "countries": ["draft", "country", "part"],
}


@pytest.fixture(scope="module")
def case() -> Case:
    return from_query(QUERY)[0].cases()["A"]


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Few worlds and points, the same for the page and for what it shows."""
    for module in (calculations, reproducing_code):
        for name, size in {"MAP_POINTS": 3, "MAP_WORLDS": 4, "TRADE_WORLDS": 5, "COUNTRY_WORLDS": 20}.items():
            monkeypatch.setattr(module, name, size)
    monkeypatch.setattr(Case, "months", 24)
    monkeypatch.chdir(tmp_path)


def file_of(name: str, case: Case) -> pd.DataFrame:
    """The table that a visitor downloads."""
    tables = CALCULATIONS[name].run(case, lambda done, total: None)
    return pd.read_csv(io.StringIO(csv_of(name, tables)))


def by_hand(name: str, case: Case) -> pd.DataFrame:
    """The table that the Python of the page makes."""
    names: dict[str, Any] = {}
    exec(compile(python_lines(name, case), name, "exec"), names)
    return names["table"].reset_index() if isinstance(names["table"], pd.Series | pd.DataFrame) else names["table"]


@pytest.mark.parametrize("name", list(CALCULATIONS))
def test_python_gives_the_numbers_of_the_file(name: str, case: Case) -> None:
    file, mine = file_of(name, case), by_hand(name, case)
    if name == "futures":
        wide = file[file["variable"] == "price_magnet_united_states"].set_index("month").filter(like="quantile_")
        file = wide.rename(columns=lambda text: float(text.removeprefix("quantile_"))).stack().reset_index()
        file.columns = pd.Index(["month", "quantile", "price_magnet_united_states"])
        file["month"], mine["month"] = pd.to_datetime(file["month"]), pd.to_datetime(mine["month"])
        mine["quantile"] = mine["quantile"].round(6)
    if name == "turning":
        file = file[file["country"] == "ukraine"]
    shared = [column for column in mine.select_dtypes("number") if column in file and column not in KEYS[name]]
    assert shared
    both = [each.set_index(KEYS[name])[shared].sort_index().dropna(how="all") for each in (file, mine)]
    assert len(both[0]) == len(both[1]) > 0
    np.testing.assert_allclose(both[0].to_numpy(float), both[1].to_numpy(float), rtol=1e-6, atol=1e-12)


def run_lines(name: str, case: Case) -> None:
    """Call the command lines that the page shows."""
    import shlex

    for line in command_lines(name, case).splitlines():
        program, *arguments = shlex.split(line)
        assert program == "subsoil" and main(arguments) == 0


def test_the_command_line_gives_the_futures(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    from experiments import open_results

    run_lines("futures", case)
    name = "price_magnet_united_states"
    paths = open_results("futures.zarr")[name].isel(policy=0)
    mine = quantile_bands.bands(paths).to_series().unstack("quantile").to_numpy()
    file = file_of("futures", case)
    np.testing.assert_allclose(file[file["variable"] == name].filter(like="quantile_"), mine, rtol=1e-6)


def test_the_command_line_gives_the_map(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    from experiments import open_results

    run_lines("zone", case)
    mine = agreement(open_results("map.zarr"))["both_sign"].to_series()
    file = file_of("zone", case).set_index(KEYS["zone"])["both_sign"]
    np.testing.assert_array_equal(file.sort_index().to_numpy(), mine.sort_index().to_numpy())


def test_the_command_line_gives_the_trade(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    run_lines("trade", case)
    pd.testing.assert_frame_equal(pd.read_csv("trade.csv"), file_of("trade", case), rtol=1e-5, check_dtype=False)


@pytest.mark.parametrize("name", ["answers", "turning", "countries"])
def test_the_command_line_gives_answers_and_effects(name: str, case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    import json

    assert command_lines(name, case).endswith("--json")
    run_lines(name, replace(case, worlds=20))
    (said,) = json.loads(capsys.readouterr().out)["drafts"].values()
    file = file_of(name, case)
    if name == "answers":
        sums = file.groupby("signatory")["contribution"].sum()
        for country, total in sums.items():
            parts = said["responses"][f"{country}_reasons"].split("; ")
            assert sum(float(part.rpartition(" ")[2]) for part in parts) == pytest.approx(total, abs=0.06)
    elif name == "countries":
        own = file.set_index(["country", "part"])["change"]
        assert said["effects"]["ukraine"]["utility"]["change"] == pytest.approx(own["ukraine", "utility"])
    else:
        turn = said["responses"]["ukraine_turn"]
        own = file[(file["country"] == "ukraine")].set_index("term")
        assert turn is None or own.loc[turn["term"], "needed"] == pytest.approx(turn["needed"])
        assert turn is not None or own["needed"].isna().all()
