"""What commands print: no word is cut at any width, and no Python value leaks."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from experiments.cli import output
from experiments.cli.app import main

pytestmark = pytest.mark.long

ROWS: list[dict[str, Any]] = [
    {"name": "guarantee_strength", "meaning": "strength of the guarantee: 0 none, 0.1 vague", "default": 0.1234567},
    {"name": "price", "meaning": "what is paid", "default": None},
]


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of 80 columns."""
    monkeypatch.setenv("COLUMNS", "80")


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, "-"), (np.nan, "-"), (True, "yes"), (np.False_, "no"), (np.inf, "never"), (2025, "2025"), (0.5, "0.5"),
     (413000.0, "413000"), (1 / 3, "0.3333"), (-0.0, "0"), ("None", "None"), (np.float32(0.25), "0.25"),
     (np.int64(12345), "12345"), (1e-9, "1e-09")],
)  # fmt: skip
def test_values_as_people_read_them(value: object, words: str) -> None:
    assert output.cell(value) == words


@pytest.mark.parametrize("width", [24, 40, 60, 80, 120])
def test_tables_fit_and_cut_no_word(width: int) -> None:
    text = output.table_text(ROWS, width, title="what there is")
    assert max(map(len, text.splitlines())) <= width
    words = {word for row in ROWS for value in row.values() for word in output.cell(value).split()}
    assert words <= set(text.replace("default:", "").split())


def test_what_cannot_stand_side_by_side_stands_in_blocks() -> None:
    text = output.table_text(ROWS, 30)
    assert text.startswith("name: guarantee_strength\nmeaning: strength of the\n    guarantee:")
    assert "\n\nname: price\n" in text
    assert output.table_text(ROWS, 120).splitlines()[0].split() == ["name", "meaning", "default"]


def test_numbers_stand_to_the_right() -> None:
    lines = output.table_text([{"of": "a", "n": 5.0}, {"of": "b", "n": 1234.5}], 80).splitlines()
    assert [len(line) for line in lines] == [8, 8, 8] and lines[1] == "a      5"


def test_json_has_no_number_that_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    frame = pd.DataFrame({"a": [1.0, np.nan], "b": [True, False]})
    output.print_json({"rows": frame, "end": np.inf, "n": np.int64(3), "many": np.arange(2), "path": Path("x")})
    told = json.loads(capsys.readouterr().out)
    assert told == {"rows": [{"a": 1.0, "b": True}, {"a": None, "b": False}], "end": None, "n": 3, "many": [0, 1],
                    "path": "x"}  # fmt: skip


def test_calls_can_be_copied() -> None:
    assert output.call("plot", "my results/a.zarr") == "subsoil plot 'my results/a.zarr'"


def test_a_full_disk_is_named_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No space left") as error, output.writing(tmp_path / "new" / "picture.png"):
        (tmp_path / "new" / "picture.png").touch()
        raise OSError(28, "No space left on device")
    assert error.value.filename.endswith("picture.png") and not list((tmp_path / "new").iterdir())


CALLS = {
    "parameters": ["info", "parameters", "--like", "guarantee"],
    "sources": ["info", "sources"],
    "drafts": ["info", "drafts"],
    "variables": ["info", "variables"],
    "run": ["run", "--worlds", "5", "--months", "6", "--processes", "1"],
    "talks": ["validate", "talks", "--worlds", "40"],
    "market": ["validate", "market", "--worlds", "40"],
    "trade": ["trade", "--worlds", "5"],
    "windows": ["windows", "--set", "ownership_share=0.5"],
    "levels": ["levels", "--set", "renewal_hazard=0.2"],
    "reasons": ["reasons", "--worlds", "20", "--months", "6"],
}


@pytest.mark.parametrize("name", CALLS)
def test_commands_keep_to_eighty_columns(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(CALLS[name]) == 0
    said = capsys.readouterr().out
    assert not [line for line in said.splitlines() if len(line) > 80 and "subsoil " not in line]
    assert not re.search(r"\b(True|False|NaN|nan|inf|None)\b|\N{HORIZONTAL ELLIPSIS}", said)


def test_no_source_is_cut_at_eighty_columns(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", "parameters", "--json"]) == 0
    sources = {row["source"] for row in json.loads(capsys.readouterr().out)}
    assert main(["info", "parameters"]) == 0
    assert sources <= set(re.split(r"\s", capsys.readouterr().out)) | {source for source in sources if " " in source}
