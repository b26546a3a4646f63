"""The house rules, read off the files: who may import whom, how long things are, what must not be written.

Nothing here runs the model. Imports are read with `ast`, those inside functions and under TYPE_CHECKING too,
so a lazy import cannot go round the direction; there is no exception. A missing room is a failure, never a skip.
"""

from __future__ import annotations

import ast
import importlib
import json
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("model", "experiments")
FOLDERS = {*PACKAGES, "notebooks", "tests", ".ci"}
LONGEST_FILE = 300
LONGEST_FUNCTION = 60
MOST_FILES = 14

FLOORS = (
    "model.errors model.dimensions model.units model.calendar",
    "model.rules model.data model.random_streams",
    "model.parameters",
    "model.states model.china_policy_record",
    "model.market model.war model.record",
    "model.agents model.initial_state",
    "model.talks",
    "model.simulation",
    "model",
)
"""The rooms, from the ground up: each imports from itself and from floors below, TYPE_CHECKING imports counted."""

# Packages of others that a room must not import. A rule knows neither random numbers nor the calendar.
FORBIDDEN_OUTSIDE = {
    "model.rules": ("mesa", "random", "time", "datetime", "pandas", "xarray"),
    "model": ("matplotlib", "typer", "rich", "zarr", "SALib", "distributed"),
}
FILE_MODULES = {
    "csv",
    "glob",
    "importlib.resources",
    "io",
    "json",
    "os",
    "pathlib",
    "pickle",
    "tomllib",
    "zipfile",
}
READERS = {"read_text", "read_bytes", "read_csv", "loadtxt", "genfromtxt", "fromfile", "memmap"}


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


def room_of(name: str) -> str:
    """The room in which a module lies: the longest of FLOORS that holds it."""
    rooms = [room for floor in FLOORS for room in floor.split() if within(name, room)]
    assert rooms, f"{name} lies in no room of FLOORS"
    return max(rooms, key=len)


def test_every_room_exists() -> None:
    assert not [room for floor in FLOORS for room in floor.split() if room not in modules()]


def test_imports_run_one_way() -> None:
    """A room imports from itself and from floors below; nothing of ours from notebooks or tests."""
    floor_of = {room: number for number, floor in enumerate(FLOORS) for room in floor.split()}
    found = []
    for name, path in modules().items():
        room = room_of(name)
        for imported, line in imports(path):
            outside = imported.split(".")[0] in ("notebooks", "tests")
            ours = imported in modules() and room_of(imported) != room
            if outside or (ours and floor_of[room_of(imported)] >= floor_of[room]):
                found.append(f"{path.relative_to(ROOT)}:{line} imports {imported}, which is not below it")
    assert not found


def test_rooms_keep_to_their_outside_packages() -> None:
    found = []
    for name, path in modules().items():
        closed = {target for room, targets in FORBIDDEN_OUTSIDE.items() if within(name, room) for target in targets}
        for imported, line in imports(path):
            if any(within(imported, target) for target in closed):
                found.append(f"{path.relative_to(ROOT)}:{line} imports {imported}")
    assert not found


def test_no_part_reaches_through_the_model() -> None:
    """No part of a run holds the model: nothing below the simulation reads an attribute called `model`."""
    rooms = ("model.agents", "model.market", "model.war", "model.talks", "model.states", "model.record")
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for name, path in modules().items()
        if any(within(name, room) for room in rooms)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr == "model"
    ]
    assert not found


def test_no_signature_of_the_model_says_any() -> None:
    """Types say what a part is handed; the data room reads tables, and a declaration stands in for its field."""
    found = []
    for name, path in modules().items():
        if not within(name, "model") or within(name, "model.data") or name == "model.parameters.declaration":
            continue
        for node in functions(path):
            every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg]
            notes = [note for note in [*(each.annotation for each in every if each), node.returns] if note]
            if any(isinstance(part, ast.Name) and part.id == "Any" for note in notes for part in ast.walk(note)):
                found.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}")
    assert not found


def test_no_folder_is_a_street() -> None:
    folders = Counter(path.parent.relative_to(ROOT) for path in project_files() if within_packages(path))
    assert not {str(folder): count for folder, count in folders.items() if count > MOST_FILES}


def within_packages(path: Path) -> bool:
    """Whether a file lies in model, experiments or tests."""
    return path.relative_to(ROOT).parts[0] in (*PACKAGES, "tests")


def test_imports_make_no_circle() -> None:
    """Modules of ours can be put in an order in which each imports only earlier ones."""
    waiting = {
        name: {imported for imported, _ in imports(path) if imported in modules() and imported != name}
        for name, path in modules().items()
    }
    while ready := [name for name, needs in waiting.items() if not needs & set(waiting)]:
        for name in ready:
            del waiting[name]
    assert not waiting, f"these import one another: {sorted(waiting)}"


def test_rules_draw_no_luck() -> None:
    """No rule touches numpy.random, not even through an attribute."""
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in python_files("model/rules")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in {"random", "default_rng"}
    ]
    assert not found


def test_only_the_data_room_reads_files() -> None:
    """Outside model/data no module of the model has the means: no file library, no reading call."""
    found = []
    for path in python_files("model"):
        if within(module_name(path), "model.data"):
            continue
        means = [(name, line) for name, line in imports(path) if any(within(name, m) for m in FILE_MODULES)]
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call):
                called = node.func
                if isinstance(called, ast.Name) and called.id in READERS | {"open"}:
                    means.append((called.id, node.lineno))
                elif isinstance(called, ast.Attribute) and called.attr in READERS:
                    means.append((called.attr, node.lineno))
        found += [f"{path.relative_to(ROOT)}:{line} uses {name}" for name, line in means]
    assert not found


def test_every_import_from_outside_is_declared() -> None:
    """What model and experiments import is the standard library, ours, or named in pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(item for extra in project["optional-dependencies"].values() for item in extra),
    ]
    declared = {plain(re.match(r"[\w.-]+", item)[0]) for item in wanted}  # type: ignore[index]
    owners = packages_distributions()
    found = []
    for path in modules().values():
        for imported, line in imports(path):
            top = imported.split(".")[0]
            if top in sys.stdlib_module_names or top in PACKAGES:
                continue
            if not {plain(owner) for owner in owners.get(top, [top])} & declared:
                found.append(f"{path.relative_to(ROOT)}:{line} imports {top}")
    assert not found


def plain(distribution: str) -> str:
    """A distribution's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


def test_files_can_be_read_in_a_sitting() -> None:
    counts = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in python_files(*PACKAGES, "tests")}
    assert not [f"{path.relative_to(ROOT)}: {n} lines" for path, n in counts.items() if n > LONGEST_FILE]


def test_functions_fit_on_a_screen() -> None:
    found = []
    for path in python_files(*PACKAGES, "tests"):
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
