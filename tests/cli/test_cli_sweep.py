"""`subsoil sweep` with grids, samples and tables, and what it and `subsoil info` say when rows fail."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import numpy as np
import pytest

from experiments import failures, grid, latin_hypercube, morris, open_results, sobol, sweep
from experiments.cli.app import main
from tests import stand_ins

pytestmark = pytest.mark.long

SMALL = ("--months", "3", "--replicates", "2", "--processes", "1")


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test in a folder of its own, with two tables."""
    monkeypatch.chdir(tmp_path)
    Path("policies.csv").write_text("policy,ownership_share\nhalf,0.5\nnone,0\n")
    Path("scenarios.csv").write_text("scenario, tripwire\nnothing, H0\nships, H2\n")
    Path("typo.csv").write_text("ownership_shar\n0.5\n")
    Path("wild.csv").write_text("ownership_share\n0.5\n1.5\n")
    Path("hole.csv").write_text("ownership_share,tripwire\n0.5,H0\n,H1\n")
    Path("ragged.csv").write_text("ownership_share\n0.5\n1,2,3\n")
    Path("empty.csv").touch()


def test_tables_are_crossed_with_each_other_and_with_a_grid(capsys: pytest.CaptureFixture[str]) -> None:
    tables = ("--design", "policies.csv", "--design", "scenarios.csv")
    assert main(["sweep", *tables, "guarantee_strength=0,0.4", "--store", "a.zarr", *SMALL]) == 0
    assert "8 points × 2 worlds. Kept in a.zarr" in capsys.readouterr().out
    results = open_results("a.zarr")
    assert dict(results["signed"].sizes) == {"design": 4, "guarantee_strength": 2, "replicate": 2}
    columns = (results[name].values for name in ("policy", "ownership_share", "scenario", "tripwire"))
    assert list(zip(*columns, strict=True)) == [
        ("half", 0.5, "nothing", "H0"), ("half", 0.5, "ships", "H2"),
        ("none", 0.0, "nothing", "H0"), ("none", 0.0, "ships", "H2"),
    ]  # fmt: skip
    facts = json.loads(results.attrs["design"])
    assert facts["method"] == "product" and facts["n"] == 8, "the design is saved with the result"


SAMPLES = {
    "lhs": (5, latin_hypercube(5, "ownership_share", seed=3, price_volatility=(0.1, 0.4), log=["price_volatility"])),
    "sobol": (4, sobol(4, "ownership_share", seed=3, price_volatility=(0.1, 0.4), log=["price_volatility"])),
    "morris": (4, morris(4, "ownership_share", seed=3, price_volatility=(0.1, 0.4), log=["price_volatility"])),
}


@pytest.mark.parametrize("sample", SAMPLES)
def test_samples_are_those_of_python(sample: str) -> None:
    points, expected = SAMPLES[sample]
    asked = ("--sample", sample, "--points", str(points), "--log", "price_volatility", "--seed", "3")
    ranges = ("ownership_share", "price_volatility=0.1:0.4")
    assert main(["sweep", *ranges, *asked, "--store", "a.zarr", *SMALL]) == 0
    results, rows = open_results("a.zarr"), expected.table()
    for name in ("ownership_share", "price_volatility"):
        np.testing.assert_array_equal(results[name].values, rows[name])
    assert json.loads(results.attrs["design"])["method"] == expected.facts()["method"]


@pytest.mark.cases
def test_a_sample_keeps_the_order_typed_and_has_rows_for_pairs() -> None:
    names = ("recognised_aid=0:500", "ownership_share", "settlement_value")
    asked = ("--sample", "sobol", "--points", "2", "--second-order")
    assert main(["sweep", *names, *asked, "--store", "a.zarr", *SMALL]) == 0
    results = open_results("a.zarr")
    assert results.sizes["design"] == 2 * (2 * 3 + 2)
    assert json.loads(results.attrs["design"])["names"] == ["recognised_aid", "ownership_share", "settlement_value"]
    assert list(results.coords)[:3] == ["recognised_aid", "ownership_share", "settlement_value"]


def test_samples_draw_words_and_whole_numbers() -> None:
    ranges = ("tripwire=H0,H2", "guarantee_buildup=0:12")
    assert main(["sweep", *ranges, "--sample", "lhs", "--points", "6", "--store", "a.zarr", *SMALL]) == 0
    results = open_results("a.zarr")
    assert sorted(results.tripwire.values) == ["H0"] * 3 + ["H2"] * 3


def test_a_grid_by_equal_ratios() -> None:
    assert main(["sweep", "price_volatility=0.1:0.4:3", "--log", "price_volatility", "--store", "a.zarr", *SMALL]) == 0
    np.testing.assert_allclose(open_results("a.zarr").price_volatility, [0.1, 0.2, 0.4])


def test_a_dry_run_of_a_sample_counts_its_rows(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("--sample", "morris", "--points", "10", "--dry-run", "--json")
    assert main(["sweep", "ownership_share", "guarantee_strength", *asked, *SMALL]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["worlds"] == 10 * 3 * 2 and told["blocks"] == 1 and told["bytes"] > 0 and told["seconds"] > 0
    assert not list(Path.cwd().glob("**/*.zarr"))


SAMPLE = ("--sample", "lhs", "--points", "4")
BAD = {
    "nothing": (["--sample", "lhs", "--points", "4"], "nothing to sweep over"),
    "no parameter": ([*SAMPLE, "--design", "policies.csv"], "needs the parameters to draw"),
    "no points": (["ownership_share", "--sample", "lhs"], "--sample and --points go together"),
    "no sample": (["ownership_share=0:1:3", "--points", "4"], "--sample and --points go together"),
    "sample that is none": (["ownership_share", "--sample", "sobel", "--points", "4"], "did you mean 'sobol'?"),
    "no power of two": (["ownership_share", "--sample", "sobol", "--points", "5"], "power of two such as 8"),
    "points in a range": (["ownership_share=0:1:4", *SAMPLE], "a sample needs name=low:high"),
    "list of numbers in a range": (["ownership_share=0,1", *SAMPLE], "a sample needs name=low:high"),
    "range too wide": (["ownership_share=0:2", *SAMPLE], "ownership_share=2: allowed 0 to 1"),
    "empty range": (["ownership_share=0.5:0.5", *SAMPLE], "cannot sample from 0.5 to 0.5"),
    "no such word": (["tripwire=H0,H9", *SAMPLE], "H9"),
    "log from zero": (["ownership_share=0:1", "--log", "ownership_share", *SAMPLE], "by equal ratios"),
    "log of what is not swept": (["ownership_share=0:1:3", "--log", "price_volatility"], "price_volatility"),
    "pairs of a Latin hypercube": (["ownership_share", "--second-order", *SAMPLE], "goes with --sample sobol"),
    "level twice": (["ownership_share=0.5,0.50"], "ownership_share: the level 0.5 is given twice"),
    "no width": (["ownership_share=0:0:5"], "ownership_share: the level 0.0 is given twice"),
    "start": (["start=2008,2024"], "start is no axis, since a sweep has one calendar"),
    "endless": (["ownership_share=0:inf:3"], "ownership_share=inf: allowed 0 to 1"),
    "half a list of words": (["ownership_share=0.1,abc"], "ownership_share='abc': needs a number"),
    "name alone in a grid": (["ownership_share"], "needs name=low:high:points"),
    "swept and set": (["ownership_share=0:1:3", "--set", "ownership_share=0.2"], "would mean nothing"),
    "in a table and in a grid": (["--design", "policies.csv", "ownership_share=0:1:3"], "given twice"),
    "no file": (["--design", "nowhere.csv"], "nowhere.csv: No such file"),
    "empty file": (["--design", "empty.csv"], "empty.csv: the table has no rows"),
    "ragged file": (["--design", "ragged.csv"], "ragged.csv, line 3: 1 column, but 3 cells"),
    "typo in a table": (["--design", "typo.csv"], "did you mean 'ownership_share'?"),
    "value in a table": (["--design", "wild.csv"], "wild.csv, line 3: ownership_share=1.5"),
    "hole in a table": (["--design", "hole.csv"], "hole.csv, line 3: has no ownership_share"),
    "address of no kind": (["ownership_share=0:1:3", "--store", "nosuch://a.zarr"], "nosuch"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_designs_are_one_clear_line(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments, expected = BAD[name]
    before = sorted(Path.cwd().rglob("*"))
    assert main(["sweep", *arguments, *SMALL]) == 2
    said = capsys.readouterr().err
    assert expected in said and said.startswith("subsoil: ") and said.count("\n") == 1
    assert sorted(Path.cwd().rglob("*")) == before


def test_a_scheduler_that_is_no_address_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("distributed")
    assert main(["sweep", "ownership_share=0:1:3", "--scheduler", "nonsense", *SMALL]) == 1
    said = capsys.readouterr().err
    assert said.startswith("subsoil: no Dask scheduler answers at nonsense") and said.count("\n") == 1


def test_failures_are_shown_with_parameters_and_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sweep(
            grid(ownership_share=[0.0, 0.5], guarantee_strength=[0.0, 0.4]), replicates=3, months=2, store="a.zarr",
            progress=False, model=stand_ins.FailsAtHalf,
        )  # fmt: skip
    assert main(["info", "a.zarr"]) == 0
    said = capsys.readouterr().out
    assert "ZeroDivisionError: no world at one half" in said and "subsoil info a.zarr --failures" in said
    assert main(["info", "a.zarr", "--failures"]) == 0
    said = capsys.readouterr().out
    assert "row 3 (ownership_share=0.5, guarantee_strength=0.4), replicates 0 to 2" in said
    assert said.count("Traceback") == 2 and said.rstrip().endswith("2 rows failed")
    assert main(["info", "a.zarr", "--failures", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == failures("a.zarr")


def test_a_sweep_with_failures_ends_with_one_and_says_where_they_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("model.simulation.GeopoliticalEconomy", stand_ins.FailsAtHalf)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert main(["sweep", "ownership_share=0,0.5", "--store", "a.zarr", *SMALL]) == 1
    said = capsys.readouterr().err
    assert "subsoil: 1 row failed; which and why: subsoil info a.zarr --failures" in said


def test_no_failures_are_said_to_be_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", "ownership_share=0,0.5", "--store", "a.zarr", *SMALL]) == 0
    assert main(["info", "a.zarr", "--failures"]) == 0
    assert capsys.readouterr().out.rstrip().endswith("no row has failed")


@pytest.mark.parametrize(
    ("over", "words"),
    [
        (("ownership_share=0,1", "guarantee_strength=0,1"), "Look at it: subsoil plot"),
        (("ownership_share=0,1", "guarantee_strength=0,1", "tripwire=H0,H2"), "Look at it: subsoil plot"),
        (("ownership_share=0,1", "tripwire=H0,H2"), "Look at it: subsoil plot"),
    ],
)
def test_a_sweep_names_the_picture_that_can_be_drawn(
    over: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sweep", *over, "--store", "a.zarr", *SMALL]) == 0
    assert words in capsys.readouterr().out
