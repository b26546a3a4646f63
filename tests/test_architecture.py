"""The house rules, read off the files: who may import whom, how long things are, what must not be written.

Nothing here runs the model. Imports are read with `ast`, those inside functions and under TYPE_CHECKING too,
so a lazy import cannot go round the direction; there is no exception. A missing room is a failure, never a skip.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

from tests.source_tree import (
    PACKAGES,
    ROOT,
    functions,
    imports,
    module_name,
    modules,
    python_files,
    tree,
    within,
)

FLOORS = (
    "model.errors model.array_axes model.units model.calendar",
    "model.rules model.data model.random_streams",
    "model.parameters",
    "model.states model.china_policy_record",
    "model.market model.war model.war_game model.record",
    "model.resources",
    "model.agents model.initial_state",
    "model.talks",
    "model.run_arguments",
    "model.simulation",
    "model",
    "experiments.errors",
    "experiments.price_units experiments.user_table_cells",
    "experiments.user_tables",
    "experiments.designs",
    "experiments.store",
    "experiments.ensemble",
    "experiments.analysis",
    "experiments.validation",
    "experiments.plots",
    "experiments",
    "experiments.benchmark experiments.studies experiments.mesa_page experiments.page",
    "experiments.demo",
    "experiments.cli",
    "experiments.__main__",
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
