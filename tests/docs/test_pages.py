"""The pages of the documentation: what they include, name and fetch."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from docs.generate.gallery import notebook_list
from docs.generate.markdown import cell, table
from docs.generate.rule_tables import rule_tables
from docs.generate.tables import declared_tables
from docs.generate.walk import STEPS, Step, line_of, walk_table
from docs.offline import fetched_elsewhere, main
from docs.reproduce.__main__ import texts
from experiments.cli import app
from model.parameters.table import DECLARATIONS
from model.record.variables import OUTCOMES
from tests.source_tree import ROOT

PAGES = [path for path in texts() if path.parent != ROOT]
WRITTEN = "\n".join(path.read_text(encoding="utf-8") for path in PAGES)
COMMANDS = sorted({" ".join(each.split()) for each in re.findall(r"`(subsoil [^`]+)`", WRITTEN)} - {"subsoil COMMAND"})
GENERATED = {
    "notebooks.md",
    "studies.md",
    "walk.md",
    "results.md",
    "api_model.md",
    "api_experiments.md",
    "api_experiments_plots.md",
}


def test_every_page_is_in_the_table_of_contents() -> None:
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    names = {str(path.relative_to(ROOT / "docs").with_suffix("")) for path in PAGES} - {"index"}
    listed = {line for block in re.findall(r"```\{toctree\}\n(.*?)```", index, re.S) for line in block.splitlines()}
    assert names <= listed


def test_what_pages_include_is_generated_and_used() -> None:
    included = set(re.findall(r"_generated/(\w+\.md)", WRITTEN))
    assert included == set(declared_tables()) | set(rule_tables()) | GENERATED


def test_parts_of_the_readme_that_pages_include_are_there() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    ends = re.findall(r':(?:start-after|end-before): "(#[^"]+)"', WRITTEN)
    assert len(ends) >= 8
    assert not [end for end in ends if len(re.findall(rf"^{re.escape(end)}$", readme, re.M)) != 1]


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_of_the_pages_are_understood(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What a page says to type is known with its options; a look-up finds something."""
    name, *rest = shlex.split(command)[1:]
    if name == "info" and "WORD" not in rest:
        assert app.main([name, *rest]) == 0
        assert "nothing matches" not in capsys.readouterr().out
        return
    assert app.main([name, "--help"]) == 0
    helped = capsys.readouterr().out
    assert all(option in helped for option in rest if option.startswith("--"))


def test_the_walk_goes_through_files_that_say_so() -> None:
    assert all(line_of(step, ROOT) > 0 for step in STEPS)
    assert walk_table(ROOT).count("\n") == len(STEPS) + 2
    rooms = {"/".join(step.path.split("/")[:2]) for step in STEPS}
    assert {"experiments/cli", "model/parameters", "model/rules", "experiments/plots"} <= rooms
    with pytest.raises(ValueError, match="LICENSE no longer says 'guarantee_strength'"):
        line_of(Step("LICENSE", "guarantee_strength", ""), ROOT)


def test_the_gallery_opens_every_notebook() -> None:
    listed = notebook_list(ROOT / "notebooks")
    names = [path.name for path in sorted((ROOT / "notebooks").glob("*.ipynb"))]
    assert re.findall(r"^\*\*\[.+\]\(_generated/notebooks/(.+)\)\*\*$", listed, re.M) == names


def test_tables_hold_every_declaration() -> None:
    tables = declared_tables()
    assert all(f"| `{name}` |" in tables["parameters.md"] for name in DECLARATIONS)
    assert all(f"| `{name}` |" in tables["outcomes.md"] for name in OUTCOMES)


def test_cells_do_not_break_tables() -> None:
    assert cell("a | b\n$c$ *d*") == r"a \| b \$c\$ \*d\*"
    assert table([{"a": 0.1234567891, "b": "x"}]) == "| a | b |\n| --- | --- |\n| 0.123457 | x |\n"
    with pytest.raises(ValueError, match="needs rows"):
        table([])


@pytest.mark.parametrize(
    ("text", "fetched"),
    [
        ('<img src="https://example.org/a.png">', ["https://example.org/a.png"]),
        ('<script src="//cdn.example.org/a.js"></script>', ["//cdn.example.org/a.js"]),
        ('<link rel="stylesheet" href="http://example.org/a.css">', ["http://example.org/a.css"]),
        ("<style>@import 'https://example.org/a.css'; p {}</style>", ["https://example.org/a.css"]),
        ('<p style="background: url(https://example.org/a.png)">', ["https://example.org/a.png"]),
        ('<a href="https://example.org/">a link</a><img src="_static/a.png">', []),
        ('<link rel="canonical" href="https://example.org/a.html">', []),
        ("<img src=\"data:image/svg+xml;utf8,<svg xmlns='http://www.w3.org/2000/svg'/>\">", []),
    ],
)
def test_what_a_page_fetches_is_seen(tmp_path: Path, text: str, fetched: list[str]) -> None:
    page = tmp_path / "page.html"
    page.write_text(f"<!doctype html><html><body>{text}</body></html>", encoding="utf-8")
    assert fetched_elsewhere(page) == fetched
    assert main(str(tmp_path)) == bool(fetched)


def test_no_built_page_is_no_success(tmp_path: Path) -> None:
    assert main(str(tmp_path)) == 2
