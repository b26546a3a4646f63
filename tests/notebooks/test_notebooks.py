"""Every notebook runs from top to bottom, with warnings as errors, in its small size, and is built as a story."""

from __future__ import annotations

import os
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests.notebooks.cells import run_cells
from tests.source_tree import ROOT

pytestmark = pytest.mark.long

FOLDER = ROOT / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
EACH = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
LONGEST_CELL = 20
FIRST_PICTURE = 4
"""The first picture stands in one of so many code cells."""
TEACHES_CODE = "08_add_your_own"
"""The one notebook whose cells hold classes: they are what it is about."""
FEW_LINES = 40
NUMBER = re.compile(r"\d+\.\d|\d ?%|\d{1,3},\d{3}")


def cells(path: Path, kind: str) -> list[str]:
    return [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == kind]


def test_there_are_eight_in_order() -> None:
    assert [path.name[:3] for path in NOTEBOOKS] == [f"0{number}_" for number in range(1, 9)]


@EACH
def test_notebook_runs(path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SUBSOIL_SMALL", "1")
    monkeypatch.chdir(tmp_path)
    runs = list(run_cells(path))
    drawing = [run for run in runs if "plots." in run.source]
    assert drawing and all(run.pictures for run in drawing)
    assert any(run.pictures for run in runs[:FIRST_PICTURE])
    assert all("nan" not in run.text.split() for run in runs)
    assert not list(tmp_path.iterdir()), "a notebook leaves nothing behind"


@pytest.mark.filterwarnings("default")  # the client's own; the notebook's are errors in its kernel
@pytest.mark.parametrize(
    "path",
    [path if path == NOTEBOOKS[0] else pytest.param(path, marks=pytest.mark.slow) for path in NOTEBOOKS],
    ids=[path.stem for path in NOTEBOOKS],
)
def test_notebook_runs_in_a_kernel(path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SUBSOIL_SMALL", "1")
    known = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(part for part in known if part))
    monkeypatch.delenv("MPLBACKEND", raising=False)
    notebook = nbformat.read(path, as_version=4)
    strict = "import warnings; warnings.simplefilter('error')"
    notebook.cells.insert(0, nbformat.v4.new_code_cell(strict, id="warnings-are-errors"))
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute(cwd=str(tmp_path))
    drawing = [cell for cell in notebook.cells if cell.cell_type == "code" and "plots." in cell.source]
    assert drawing and all(any("image/png" in each.get("data", {}) for each in cell.outputs) for cell in drawing)


@EACH
def test_notebook_is_a_story(path: Path) -> None:
    prose = cells(path, "markdown")
    text = "\n".join(prose)
    assert prose[0].startswith("# ") and "**The question.**" in prose[0]
    for part in ("## What surprised", "## What not to conclude", "## Try this"):
        assert part in text, part


@EACH
def test_numbers_in_prose_are_computed(path: Path) -> None:
    """A result is never written into text: it would stay when the model changes."""
    said = [re.sub(r"`[^`]*`", "", text) for text in cells(path, "markdown")]
    assert not [found.group() for text in said for found in NUMBER.finditer(text)]


@EACH
def test_cells_are_short_and_functions_live_in_the_packages(path: Path) -> None:
    code = cells(path, "code")
    assert not [source for source in code if len(source.splitlines()) > LONGEST_CELL]
    if path.stem != TEACHES_CODE:
        assert not [source for source in code if re.search(r"^\s*(def|class) ", source, re.MULTILINE)]


def test_a_rule_an_instrument_and_a_preset_take_fewer_than_forty_lines() -> None:
    code = cells(FOLDER / f"{TEACHES_CODE}.ipynb", "code")
    own = [source for source in code if re.search(r"class |PRESETS\[|run\(\)", source)]
    assert len(own) == 6
    assert sum(len([line for line in source.splitlines() if line.strip()]) for source in own) < FEW_LINES
