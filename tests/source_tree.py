"""The project's own files, read as text and as syntax trees, for the tests of the house."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("model", "experiments")
FOLDERS = {*PACKAGES, "docs", "notebooks", "tests", ".ci"}


def module_name(path: Path) -> str:
    """The dotted name by which `path` is imported."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of one file, parsed once."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def python_files(*folders: str) -> list[Path]:
    """All Python files below the folders; it is an error when one of them has none."""
    found = []
    for folder in folders:
        files = sorted(path for path in (ROOT / folder).rglob("*.py") if "__pycache__" not in path.parts)
        assert files, f"{folder}/ holds no Python file"
        found += files
    return found


@cache
def modules() -> dict[str, Path]:
    """Every module of model and experiments, by dotted name."""
    return {module_name(path): path for path in python_files(*PACKAGES)}


@cache
def project_files() -> list[Path]:
    """The files that are, or would be, under version control."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    names = [name for name in listing.split("\0") if name]
    if not names:  # an unpacked archive: the agreed folders and the files beside them
        inside = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*")]
        names = [str(path) for path in [*ROOT.iterdir(), *inside] if "__pycache__" not in path.parts]
    return sorted(ROOT / name for name in names if (ROOT / name).is_file())


@cache
def origins(package: str) -> dict[str, str]:
    """For each name that a package's `__init__` imports from one of its modules: that module."""
    found = {}
    for node in tree(modules()[package]).body:
        if isinstance(node, ast.ImportFrom) and node.module in modules():
            found |= {alias.asname or alias.name: node.module for alias in node.names}
    return found


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Each module imported anywhere in a file, seen through the packages that re-export, and its line."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = str(node.module)
            for alias in node.names:
                full = f"{module}.{alias.name}"
                reexported = origins(module).get(alias.name, module) if module in modules() else module
                yield (full if full in modules() else reexported), node.lineno


def within(name: str, room: str) -> bool:
    """Whether a module is the room or lies in it."""
    return name == room or name.startswith(room + ".")


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of a file, nested ones too."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
