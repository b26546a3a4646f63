"""`subsoil compare`: presets, drafts and stores beside each other, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from experiments.cli.app import main
from tests.cli import refuses, said

pytestmark = pytest.mark.long

FEW = ("--worlds", "30", "--months", "8")


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A run of February's terms, one of another seed, and a sweep over two shares."""
    folder, size = tmp_path_factory.mktemp("stores"), ["--months", "8", "--processes", "1"]
    paths = {name: str(folder / f"{name}.zarr") for name in ("february", "seed", "shares")}
    run = ["run", "--terms", "2025-02-12", "--worlds", "30", *size]
    assert main([*run, "--out", paths["february"]]) == 0
    assert main([*run, "--seed", "1", "--out", paths["seed"]]) == 0
    assert main(["sweep", "ownership_share=0,1", "--replicates", "30", "--store", paths["shares"], *size]) == 0
    return paths


def test_two_drafts_side_by_side(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As text, as JSON and as CSV: the same numbers; and a picture."""
    table, picture = tmp_path / "t.csv", tmp_path / "p.png"
    words = said(["compare", "2025-02-12", "2025-04-30", *FEW, "--csv", str(table), "--out", str(picture)], capsys)
    assert "recognised_aid 500 and 0" in words and "30 pairs of worlds" in words and picture.exists()
    assert main(["compare", "2025-02-12", "2025-04-30", *FEW, "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    rows, kept = {row["outcome"]: row for row in facts["outcomes"]}, pd.read_csv(table).set_index("outcome")
    assert facts["changed"]["guarantee_strength"] == [0.0, 0.1]
    assert rows["ukraine_accepts"]["difference"] > 0.5
    for name in ("ukraine_accepts", "deal_gain_united_states", "months_of_fighting"):
        assert kept.loc[name, "difference"] == pytest.approx(rows[name]["difference"], rel=1e-5)
    assert f"{100 * rows['ukraine_accepts']['difference']:+.3g}" in words


def test_a_store_is_compared_with_a_run_of_its_size(stores: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    """On its seed, months and worlds, so that the same terms are the same worlds."""
    words = said(["compare", stores["february"], "2025-02-12"], capsys)
    assert "2025-02-12: nothing" in words and "nothing matches" in words and "welfare_ukraine" in words
    assert main(["compare", stores["february"], "documented+2025-04-30", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["outcomes"][0]["pairs"] == 30


def test_changes_are_made_on_both_sides(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "documented", "as_reported", *FEW, "--set", "recognised_aid=100", "--json"]) == 0
    assert set(json.loads(capsys.readouterr().out)["changed"]) == {"china_reserves", "ukraine_output_share"}


BAD = {
    "neither": (["2025-04-31", "documented"], "did you mean '2025-04-30'"),
    "two presets": (["documented+as_reported", "documented"], "one preset and one draft at most"),
    "other starts": (["documented", "licences_2025", *FEW], "start is 2025 in the first, 2024 in the second"),
    "other lengths": (
        ["documented", "long_run", "--worlds", "2", "--set", "tripwire=H1"],
        "months is 180 in the first",
    ),
    "no such store": (["documented", "nowhere.zarr"], "nowhere.zarr"),
    "one world": (["documented", "as_reported", "--worlds", "1"], "--worlds"),
    "unknown parameter": (["documented", "as_reported", "--set", "ownershp_share=1"], "did you mean 'ownership_share'"),
    "picture of no kind": (["documented", "as_reported", "--out", "a.doc"], ".png"),
    "nothing to draw": (["documented", "documented", *FEW, "--out", "a.png"], "nothing to draw"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_compared_is_refused(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In one line, and nothing is written."""
    monkeypatch.chdir(tmp_path)
    arguments, words = BAD[case]
    assert refuses(["compare", *arguments], words, capsys)
    assert not list(tmp_path.iterdir())


def test_stores_that_are_no_pairs_are_refused(stores: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    """Another seed, another design, and options that the store has settled."""
    february = stores["february"]
    assert refuses(["compare", february, stores["seed"]], "seed is 0 in the first, 1 in the second", capsys)
    assert refuses(["compare", february, stores["shares"]], "one row in the first, ownership_share (2)", capsys)
    assert refuses(["compare", february, "documented", "--worlds", "9"], "--worlds: with a store", capsys)
    assert refuses(["compare", february, stores["seed"], "--set", "tripwire=H1"], "both of these have been run", capsys)
