"""How long things are, what is described, and what must not be written, read off the files."""

from __future__ import annotations

import ast
import importlib
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from tests.source_tree import (
    FOLDERS,
    PACKAGES,
    ROOT,
    functions,
    modules,
    project_files,
    python_files,
    tree,
)

LONGEST_FILE = 300
LONGEST_FUNCTION = 60
MOST_FILES = 14


def test_no_folder_is_a_street() -> None:
    folders = Counter(path.parent.relative_to(ROOT) for path in project_files() if within_packages(path))
    assert not {str(folder): count for folder, count in folders.items() if count > MOST_FILES}


def within_packages(path: Path) -> bool:
    """Whether a file lies in model, experiments, docs or tests."""
    return path.relative_to(ROOT).parts[0] in (*PACKAGES, "docs", "tests")


def test_files_can_be_read_in_a_sitting() -> None:
    counts = {
        path: len(path.read_text(encoding="utf-8").splitlines()) for path in python_files(*PACKAGES, "docs", "tests")
    }
    assert not [f"{path.relative_to(ROOT)}: {n} lines" for path, n in counts.items() if n > LONGEST_FILE]


def test_functions_fit_on_a_screen() -> None:
    found = []
    for path in python_files(*PACKAGES, "docs", "tests"):
        for node in functions(path):
            body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
            length = (node.end_lineno or 0) - body[0].lineno + 1
            if length > LONGEST_FUNCTION:
                found.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {length} lines")
    assert not found


def test_public_names_are_described() -> None:
    """Modules, classes and functions of model and experiments carry docstrings, unless private."""
    found = []
    for path in modules().values():
        if not ast.get_docstring(tree(path)):
            found.append(f"{path.relative_to(ROOT)}: no docstring")
        for parent in [tree(path), *(node for node in tree(path).body if isinstance(node, ast.ClassDef))]:
            for node in parent.body:
                if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                    continue
                if not node.name.startswith("_") and not ast.get_docstring(node):
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: no docstring")
    assert not found


@pytest.mark.parametrize("package", PACKAGES)
def test_public_list_is_complete(package: str) -> None:
    """`__all__` names all that a package defines or takes from its modules, and each name resolves."""
    names = importlib.import_module(package).__all__
    assert len(names) == len(set(names))
    assert not [name for name in names if not hasattr(importlib.import_module(package), name)]
    assert not public_names(tree(modules()[package])) - set(names)


def test_other_public_lists_are_complete() -> None:
    found = []
    for name, path in modules().items():
        listed = listed_names(tree(path))
        if listed is None or name in PACKAGES:
            continue
        missing = public_names(tree(path), imported=path.name == "__init__.py") - listed
        unknown = {entry for entry in listed if not hasattr(importlib.import_module(name), entry)}
        found += [f"{name}: {entry}" for entry in sorted(missing | unknown)]
    assert not found


def listed_names(module: ast.Module) -> set[str] | None:
    """What a module's `__all__` holds, read without importing it; None when it has none."""
    for node in module.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets):
            return set(ast.literal_eval(node.value))  # type: ignore[attr-defined]
    return None


def public_names(module: ast.Module, imported: bool = True) -> set[str]:
    """Public functions and classes that a module defines and, if asked, the names it imports from ours."""
    names = set()
    for node in module.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif imported and isinstance(node, ast.ImportFrom) and str(node.module).split(".")[0] in PACKAGES:
            names |= {alias.asname or alias.name for alias in node.names}
    return {name for name in names if not name.startswith("_")}


def text_of(path: Path) -> str:
    """A file's text, empty for pictures and other binary files."""
    content = path.read_bytes()
    return "" if b"\0" in content else content.decode("utf-8")


def lines_that_say(pattern: str, paths: list[Path]) -> list[str]:
    """Every `file:line` at which the pattern is found."""
    seek = re.compile(pattern)
    return [
        f"{path.relative_to(ROOT)}:{number} {line.strip()[:80]}"
        for path in paths
        if seek.search(text := text_of(path))
        for number, line in enumerate(text.splitlines(), 1)
        if seek.search(line)
    ]


def test_nothing_is_put_off() -> None:
    """No note to do it later; what is missing is an issue, not a comment."""
    sources = [path for path in project_files() if path.suffix in {".py", ".ipynb", ".toml"}]
    assert not lines_that_say(r"\b(?:TO" + r"DO|FIX" + r"ME|X{3})\b", sources)


def test_nothing_names_a_registry_or_a_machine() -> None:
    """Installers know their index by themselves, and a path of one machine helps nobody on another."""
    files = project_files()
    assert ROOT / "requirements.txt" in files and ROOT / "pyproject.toml" in files
    registries = r"\b(?:pypi|npmjs|debian|anaconda)\.(?:org|com|io)|python[h]osted|--(?:extra-)?index-url"
    machines = r"(?<![\w.\-/}])/(?:work|farm|root|tmp|home|Users)/[\w.]"
    assert not lines_that_say(f"{registries}|{machines}", files)


def test_top_level_holds_what_was_agreed() -> None:
    folders = {path.relative_to(ROOT).parts[0] for path in project_files() if path.parent != ROOT}
    assert folders == FOLDERS


def test_notebooks_are_stored_without_outputs() -> None:
    notebooks = [path for path in project_files() if path.suffix == ".ipynb"]
    assert any(path.parent == ROOT / "notebooks" for path in notebooks), "notebooks/ holds no notebook"
    found = []
    for path in notebooks:
        for number, cell in enumerate(json.loads(path.read_text(encoding="utf-8"))["cells"]):
            if cell.get("outputs") or cell.get("execution_count") is not None:
                found.append(f"{path.relative_to(ROOT)}: cell {number}")
    assert not found
