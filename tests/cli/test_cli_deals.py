"""`subsoil deals`: it searches, reads stores of any design, and reports numbers that what is kept reproduces."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from experiments.analysis.robust_deals import deal_search
from experiments.cli.app import main
from tests.cli import refuses, said

pytestmark = pytest.mark.long

SMALL = ["--points", "4", "--worlds", "16", "--states", "2", "--months", "4", "--processes", "1", "--peace=peace_holds"]


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer levels and uncertain inputs than in earnest."""
    monkeypatch.setattr(deal_search, "LEVELS", 1)
    monkeypatch.setattr(deal_search, "uncertain_parameters", lambda: ("settlement_value", "trust_russia"))


@pytest.fixture(scope="module")
def grid_store(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A sweep over two terms, an assumption that holds the preset's value, and two hypotheses."""
    store = str(tmp_path_factory.mktemp("deals") / "grid.zarr")
    axes = ["guarantee_buildup=0,60", "future_aid=0,2", "settlement_value=0,10", "tripwire=H0,H4"]
    held = ["--set", "guarantee_strength=0.3", "--replicates", "20", "--months", "3", "--processes", "1"]
    assert main(["sweep", *axes, *held, "--store", store]) == 0
    return store


def test_a_search_is_kept_and_its_folder_gives_the_same_report(few: None, capsys: pytest.CaptureFixture[str]) -> None:
    printed = said(["deals", *SMALL, "--store", "found"], capsys)
    assert "in the Pareto set" in printed and "Kept in found, written up in found/report.md" in printed
    report = Path("found/report.md").read_text()
    assert "subsoil deals found --peace=peace_holds --out report.md" in report
    assert all(Path(f"found/report-{name}.png").stat().st_size > 10_000 for name in ("pareto", "robustness"))
    said(["deals", "found", "--peace=peace_holds", "--out", "again/report.md"], capsys)
    assert Path("again/report.md").read_text() == report
    assert main(["deals", "found", "--peace=peace_holds", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["findings"]
    assert len(told["deals"]) == 7 and told["robust"] and told["threshold"] == 0.5


def test_a_store_says_what_its_design_can_bear(grid_store: str, capsys: pytest.CaptureFixture[str]) -> None:
    printed = said(["deals", grid_store, "--peace", "peace_holds", "--out", "new/deals.md"], capsys)
    assert "zone:" in printed and "Nash:" in printed and "largest regret" in printed
    assert "this store cannot say" not in printed
    assert Path("new/deals-robustness.png").stat().st_size > 10_000
    assert main(["deals", grid_store, "--peace", "peace_holds", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["terms"] == ["guarantee_buildup", "future_aid"] and len(told["rows"]) == 4
    assert not any("this store cannot say" in line for line in told["findings"]["missing"])


def test_what_a_store_cannot_say_is_said_with_what_could(capsys: pytest.CaptureFixture[str]) -> None:
    few = ["--replicates", "8", "--months", "3", "--processes", "1"]
    assert main(["sweep", "ownership_share=0,1", "guarantee_strength=0,0.2", *few, "--store", "terms.zarr"]) == 0
    printed = said(["deals", "terms.zarr", "--out", "terms.md"], capsys)
    assert "How robust: this store cannot say" in printed and "tripwire=all" in printed
    assert "Peace: known in no world" in printed
    assert Path("terms-zone.png").exists() and not Path("terms-robustness.png").exists()
    sample = ["ownership_share", "settlement_value", "--sample", "lhs", "--points", "10", *few, "--store", "lhs.zarr"]
    assert main(["sweep", *sample]) == 0
    assert "How robust" in said(["deals", "lhs.zarr", "--peace", "peace_holds"], capsys)
    assert main(["sweep", "ownership_share=0,1", "--set", "talks=imposed", *few, "--store", "imposed.zarr"]) == 0
    printed = said(["deals", "imposed.zarr", "--peace", "peace_holds"], capsys)
    assert "no answer is known" in printed and "zone" not in printed


def test_what_cannot_be_is_refused(grid_store: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert refuses(["deals", "--peace", "peace"], "did you mean 'peace_holds'", capsys)
    assert refuses(["deals", "--out", "deals.png"], "must end in .md", capsys)
    assert refuses(["deals", "--points", "1"], "points=1: needs 2 or more", capsys)
    assert refuses(["deals", "--set", "nato_path=0.3"], "nato_path is a term of the deal", capsys)
    assert refuses(["deals", "--set", "setlement_value=3"], "settlement_value", capsys)
    assert refuses(["deals", "--preset", "quota_crisis_2010"], "has no talks", capsys)
    assert refuses(["deals", "--holds", "2"], "holds", capsys)
    assert refuses(["deals", grid_store, "--points", "9"], "is taken as it is", capsys)
    assert refuses(["deals", grid_store, "--out", "map.png"], "a map needs two terms", capsys)
    assert refuses(["deals", "nowhere.zarr"], "nowhere.zarr", capsys)
    assert not Path("results").exists()
