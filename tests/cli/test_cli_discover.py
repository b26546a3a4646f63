"""`subsoil discover`: it runs, reads stores of `sweep`, and reports numbers that the store reproduces."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from experiments import discover, open_results
from experiments.analysis.discovery import report
from experiments.cli.app import main
from tests.cli import refuses, said

pytestmark = pytest.mark.long

SHORT = ["--months", "12", "--processes", "1"]
INPUTS = ["guarantee_strength", "ownership_share=0:0.6", "tripwire=H0,H2"]
REFUSED = "ukraine_accepts < 0.5"


def test_it_runs_and_every_number_of_the_report_is_in_the_store(capsys: pytest.CaptureFixture[str]) -> None:
    call = ["discover", *INPUTS, *SHORT, "--points", "120", "--replicates", "4", "--store", "mine.zarr"]
    printed = said([*call, "--failure", REFUSED, "--failure", "renewed_war"], capsys)
    assert "results/mine-discovery.md" in printed and "unknown in every world" in printed
    found = discover(open_results("mine.zarr"), REFUSED)
    text = Path("results/mine-discovery.md").read_text()
    assert found.restrictions and report.measure_words(found) in text and report.base_words(found) in text
    for row in report.restriction_rows(found):
        assert f"| {' | '.join(row.values())} |" in text
    numbers = re.findall(r"[0-9.]+ % \([0-9.]+ to [0-9.]+\)", text)
    assert numbers and all(number in report.measure_words(found) for number in numbers)
    assert "ownership_share 0 to 0.6" in text and "tripwire H0, H2" in text
    assert Path("results/mine-discovery.png").stat().st_size > 10_000
    (again,) = re.findall(r"^subsoil (discover --read .*)$", text, re.MULTILINE)
    said([*shlex.split(again), "--out", "b.md"], capsys)
    assert Path("b.md").read_text().replace("b.png", "mine-discovery.png") == text


def test_a_store_of_sweep_is_read_with_a_tree(capsys: pytest.CaptureFixture[str]) -> None:
    said(
        ["sweep", *INPUTS, "--sample", "lhs", "--points", "120", "--replicates", "4", "--store", "s.zarr", *SHORT],
        capsys,
    )
    call = ["discover", "--read", "s.zarr", "--failure", REFUSED, "--method", "cart", "--coverage", "0.5", "--json"]
    assert main(call) == 0
    found = json.loads(capsys.readouterr().out)
    (row,) = found["summary"]
    assert row["method"] == "cart" and row["coverage"] >= 0.5 and row["density"] > row["fails"] and row["points"] == 120
    assert {each["input"] for each in found["restrictions"] if each["kept"]} <= {
        name.partition("=")[0] for name in INPUTS
    }
    assert found["candidates"][REFUSED][0]["mass"] == 1
    assert "--method cart --coverage=0.5" in Path(found["report"]).read_text()


def test_nothing_found_is_a_result(capsys: pytest.CaptureFixture[str]) -> None:
    """Of inputs that do nothing to what is asked; with code 0, and never a box."""
    call = ["discover", "china_objective", "settlement_value", *SHORT, "--points", "100", "--replicates", "2"]
    printed = said([*call, "--store", "n.zarr", "--failure", "coercive_months > 0"], capsys)
    assert "Nothing found" in printed and "Coverage" not in printed
    assert "**Nothing found" in Path("results/n-discovery.md").read_text()


def test_what_cannot_be_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert refuses(["discover", "--failure", "no_deel"], "no_deal", capsys)
    assert refuses(["discover", "--failure", "signed = 0"], "<, <=, >, >=", capsys)
    assert refuses(["discover", "--failure", "china_mine_share_end > 80"], "did you mean 0.8", capsys)
    assert refuses(["discover", "--method", "tree"], "prim, cart", capsys)
    assert refuses(["discover", "--coverage", "60"], "a share above 0", capsys)
    assert refuses(["discover", "--replicates", "0"], "--replicates", capsys)
    assert refuses(["discover", "tripwire", "--set", "tripwire=H2"], "varies here", capsys)
    assert refuses(["discover", "--read", "x.zarr", "--seed", "3"], "takes the store as it is", capsys)
    assert refuses(["discover", "--read", "nothing.zarr"], "nothing.zarr", capsys)
    assert refuses(["discover", "--out", "report.txt"], ".md", capsys)
