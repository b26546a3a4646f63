"""`subsoil sensitivity`: it runs, reads stores, and reports numbers that the store reproduces."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest

from experiments.analysis.sensitivity.report import estimate_words, sensitivity_table
from experiments.cli.app import main
from experiments.designs.input_groups import table_inputs
from experiments.store.dataset import open_results
from tests.cli import refuses, said

pytestmark = pytest.mark.long

SHORT = ["--months", "12", "--processes", "1"]
INPUTS = ["guarantee_strength", "ownership_share=0:0.6", "tripwire=H0,H2"]


def test_it_runs_and_every_number_of_the_report_is_in_the_store(capsys: pytest.CaptureFixture[str]) -> None:
    call = ["sensitivity", *INPUTS, *SHORT, "--points", "64", "--replicates", "8", "--store", "mine.zarr"]
    printed = said([*call, "--csv", "mine.csv"], capsys)
    assert "results/mine-report.md" in printed and "Variance between single worlds" in printed
    table = sensitivity_table(open_results("mine.zarr"))
    words = {estimate_words(row) for row in table.to_dict("records")}
    text = Path("results/mine-report.md").read_text()
    numbers = re.findall(r"-?[0-9.]+ \(-?[0-9.]+ to -?[0-9.]+\)", text)
    assert len(numbers) > 10 and set(numbers) <= words
    assert "ownership_share 0 to 0.6" in text and "tripwire H0, H2" in text
    assert Path("results/mine-report.png").stat().st_size > 10_000
    pd.testing.assert_frame_equal(pd.read_csv("mine.csv")[["value"]], table[["value"]], rtol=1e-4, check_dtype=False)
    said(["sensitivity", "--read", "mine.zarr", "--out", "again.md"], capsys)
    assert Path("again.md").read_text().replace("again.png", "mine-report.png") == text


@pytest.mark.parametrize(
    ("method", "index"), [("tornado", "change"), ("morris", "mean absolute effect"), ("lhs", "Shapley")]
)
def test_other_methods(method: str, index: str, capsys: pytest.CaptureFixture[str]) -> None:
    points = {"tornado": [], "morris": ["--points", "10"], "lhs": ["--points", "200"]}[method]
    call = ["sensitivity", *INPUTS, *SHORT, "--method", method, *points, "--replicates", "8", "--json"]
    assert main([*call, "--outcome", "deal_gain_ukraine"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {row["outcome"] for row in found["table"]} == {"deal_gain_ukraine"}
    assert index in {row["index"] for row in found["table"]}
    assert Path(found["report"]).exists() and Path(found["report"]).with_suffix(".png").exists()


def test_a_store_of_sweep_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    call = ["sweep", *INPUTS, "--sample", "sobol", "--points", "64", "--second-order", "--replicates", "4"]
    said([*call, "--store", "swept.zarr", "--months", "12", "--processes", "1"], capsys)
    assert "second order" in said(["sensitivity", "--read", "swept.zarr", "--outcome", "ukraine_accepts"], capsys)


def test_groups_are_judged_as_one(capsys: pytest.CaptureFixture[str]) -> None:
    """Of a table those of its parameters that vary; the report says who is in a group, and the store gives it again."""
    call = ["sensitivity", "tripwire", *SHORT, "--points", "64", "--replicates", "4", "--store", "grouped.zarr"]
    groups = ["--group", "terms=guarantee_strength,ownership_share", "--group", "war"]
    printed = said([*call, *groups, "--outcome", "ukraine_accepts"], capsys)
    assert re.search(r" terms +-?[0-9]", printed) and "guarantee_strength" not in printed
    text = Path("results/grouped-report.md").read_text()
    assert (
        "Judged as one: war (tripwire); terms (guarantee_strength, ownership_share)." in text and "256 points" in text
    )
    again = said(["sensitivity", "--read", "grouped.zarr", "--outcome", "ukraine_accepts", "--out", "re.md"], capsys)
    assert Path("re.md").read_text().partition("## ")[2] == text.partition("## ")[2] and " terms " in again
    said(["sweep", *INPUTS, "--sample", "lhs", "--points", "200", "--replicates", "4", "--store", "plain.zarr",
          "--months", "12", "--processes", "1"], capsys)  # fmt: skip
    read = ["sensitivity", "--read", "plain.zarr", "--outcome", "ukraine_accepts", "--group", "deal"]
    assert re.search(r" deal +-?[0-9]", said(read, capsys))


def test_with_no_inputs_named_a_table_gives_what_is_deeply_uncertain(capsys: pytest.CaptureFixture[str]) -> None:
    call = ["sensitivity", "--group", "war", *SHORT, "--points", "64", "--replicates", "2", "--json"]
    assert main([*call, "--outcome", "ukraine_accepts"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(json.loads(open_results(found["store"]).attrs["design"])["groups"]["war"]) == set(
        table_inputs("war", "D")
    )


def test_what_cannot_be_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert refuses(["sensitivity", "--method", "sobel"], "sobol", capsys)
    assert refuses(["sensitivity", "--points", "100"], "power of two", capsys)
    assert refuses(["sensitivity", "tripwire", "--set", "tripwire=H2"], "varies here", capsys)
    assert refuses(["sensitivity", "--read", "x.zarr", "--replicates", "3"], "takes the store as it is", capsys)
    assert refuses(["sensitivity", "--out", "report.txt"], ".md", capsys)
    assert refuses(["sensitivity", "--read", "nothing.zarr"], "nothing.zarr", capsys)
    assert refuses(["sensitivity", "--second-order", "--method", "tornado"], "--method sobol", capsys)
    assert refuses(["sensitivity", "--points", "8", "--method", "tornado"], "one point for each setting", capsys)
    assert refuses(["sensitivity", "--read", "x.zarr", "--seed", "3"], "takes the store as it is", capsys)
    assert refuses(["sensitivity", "--outcome", "peace"], "peace_holds", capsys)
    assert refuses(["sensitivity", "--group", "terms="], "needs name=input,input", capsys)
    assert refuses(["sensitivity", "--group", "wars"], "market, war, deal", capsys)
    assert refuses(["sensitivity", "--group", "war", "--group", "war"], "gives war twice", capsys)
    assert refuses(["sensitivity", "ownership_share", "--group", "war"], "nothing of that table varies", capsys)
    assert refuses(["sensitivity", "--group", "a=tripwir"], "tripwire", capsys)
    assert refuses(["sensitivity", "--group", "a=tripwire", "--group", "b=tripwire"], "in group a already", capsys)
    assert refuses(["sensitivity", "--group", "a=tripwire", "--method", "tornado"], "one input at a time", capsys)
