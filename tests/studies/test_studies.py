"""Every study runs small, keeps its store and its picture, says one thing, and is short enough to be copied."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import matplotlib.image as images
import pytest

from experiments.cli.app import main
from experiments.store.dataset import open_results
from experiments.studies import STUDIES
from experiments.studies.run_study import SMALL
from tests.cli import refuses, said
from tests.source_tree import ROOT

pytestmark = pytest.mark.long

FOLDER = ROOT / "experiments" / "studies"


def test_every_script_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """With its question."""
    scripts = {path.stem for path in FOLDER.glob("*.py")} - {"__init__", "run_study"}
    assert scripts == set(STUDIES)
    listed = said(["study"], capsys)
    for name in STUDIES:
        question = str(importlib.import_module(f"experiments.studies.{name}").__doc__)
        assert question.endswith("?") and name in listed and question.split()[-1] in listed


@pytest.mark.parametrize("name", STUDIES)
def test_a_study_is_under_forty_lines(name: str) -> None:
    assert len((FOLDER / f"{name}.py").read_text(encoding="utf-8").splitlines()) < 40


@pytest.mark.parametrize("name", STUDIES)
def test_a_study_runs_small(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Twice, the second time from its store, in the same words."""
    words = said(["study", name, "--small", "--out", str(tmp_path)], capsys)
    assert words.endswith(".") and "nan" not in words and "unknown" not in words
    assert {path.name for path in tmp_path.iterdir()} == {f"{name}.zarr", f"{name}.png"}
    assert open_results(tmp_path / f"{name}.zarr").attrs["replicates"] <= SMALL.worlds
    assert images.imread(str(tmp_path / f"{name}.png")).std() > 0.05
    assert said(["study", name, "--small", "--out", str(tmp_path)], capsys) == words


def test_a_study_runs_as_a_module(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In the words of the command."""
    call = [sys.executable, "-m", "experiments.studies.ownership_share", "--small", "--out", str(tmp_path)]
    printed = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert " ".join(printed.split()) == said(["study", "ownership_share", "--small", "--out", str(tmp_path)], capsys)


def test_an_unknown_study_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert refuses(["study", "ownership"], "ownership_share", capsys)
    assert main(["study", "--help"]) == 0
