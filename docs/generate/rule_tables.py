"""The rules of each file of model/rules as a table, from their docstrings: what a rule gives, and its source."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import model.rules
from docs.generate.markdown import table

FOLDER = Path(model.rules.__file__).parent


def rule_tables() -> dict[str, str]:
    """A table for each file of rules, by the name of the file that it is written to."""
    files = sorted(path for path in FOLDER.glob("*.py") if path.stem != "__init__")
    return {f"rules_{path.stem}.md": table(_rows(path)) for path in files}


def _rows(path: Path) -> list[dict[str, str]]:
    """Public functions of a file with what their docstrings say."""
    parsed = ast.parse(path.read_text(encoding="utf-8"))
    public = [node for node in parsed.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]
    return [{"rule": f"`{node.name}`", "what it gives": _words(ast.get_docstring(node) or "")} for node in public]


def _words(docstring: str) -> str:
    """A docstring in one line, without the part that says what raises."""
    return re.sub(r"\s+", " ", docstring.partition("\nRaises")[0]).strip()
