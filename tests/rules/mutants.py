"""One-operator changes of the rules, and which of them the tests of the rules do not notice.

`python -m tests.rules.mutants` tries them all and lists those that survive.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import importlib
import io
import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType
from typing import Any

import pytest
from hypothesis import Phase, settings

ROOT = Path(__file__).resolve().parents[2]
MODULES = tuple(sorted(path.stem for path in (ROOT / "model" / "rules").glob("[a-z]*.py")))
GUARDS = {"TINY", "SMALLEST", "LARGEST"}
"""Stand for nothing and for infinity: any number small or large enough will do."""

OPERATORS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Pow: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.USub: ast.UAdd,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
}
REVERSED: dict[type[ast.AST], type[ast.AST]] = {ast.Lt: ast.GtE, ast.LtE: ast.Gt, ast.Gt: ast.LtE, ast.GtE: ast.Lt}
CALLS = {"maximum": "minimum", "minimum": "maximum", "max": "min", "min": "max"}


@dataclass(frozen=True)
class Mutant:
    """One change of one file: the number of the change in the order of the file, and what it says."""

    module: str
    number: int
    change: str


def nodes(node: ast.AST, context: ast.AST | None = None) -> Iterator[tuple[ast.AST, ast.AST]]:
    """A syntax tree in the order of its text, without annotations; beside each node what it is shortly said within."""
    if context is None or not isinstance(node, ast.Constant | ast.Name | ast.Attribute | ast.UnaryOp):
        context = node
    yield node, context
    for field, value in ast.iter_fields(node):
        if field not in ("annotation", "returns"):
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield from nodes(child, context)


def replacements(node: ast.AST) -> Iterator[tuple[str, Any]]:
    """The attributes of a node that can be changed, each with what takes its place."""
    if isinstance(node, ast.BinOp | ast.UnaryOp | ast.BoolOp | ast.AugAssign) and type(node.op) in OPERATORS:
        yield "op", OPERATORS[type(node.op)]()
    elif isinstance(node, ast.Compare):
        for table in (OPERATORS, REVERSED):
            if type(node.ops[0]) in table:
                yield "ops", [table[type(node.ops[0])](), *node.ops[1:]]
    elif isinstance(node, ast.Attribute | ast.Name):
        field = "attr" if isinstance(node, ast.Attribute) else "id"
        if getattr(node, field) in CALLS:
            yield field, CALLS[getattr(node, field)]
    elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield "value", node.value * 2 or node.value + 1


def changed(module: str) -> Iterator[tuple[Mutant, ast.Module]]:
    """Every mutant of a file and its syntax tree, good until the next is asked for."""
    tree = ast.parse((ROOT / "model" / "rules" / f"{module}.py").read_text(encoding="utf-8"))
    number = 0
    for statement in tree.body:
        names = {
            node.id for node, _ in nodes(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        if isinstance(statement, ast.Assign) and (names & GUARDS or not all(name.isupper() for name in names)):
            continue
        where = f"{module}.{getattr(statement, 'name', '')}"
        for node, context in list(nodes(statement)):
            for field, after in replacements(node):
                before, old = ast.unparse(context), getattr(node, field)
                setattr(node, field, after)
                yield Mutant(module, number, f"{where}: {before} -> {ast.unparse(context)}"), tree
                setattr(node, field, old)
                number += 1


def all_mutants() -> list[Mutant]:
    """Every one-operator change of every rule."""
    return [mutant for module in MODULES for mutant, _ in changed(module)]


def functions(names: dict[str, Any], module: str) -> dict[str, FunctionType]:
    """The functions written in a module, those in its classes too, by their names."""
    found: dict[str, Any] = dict(names)
    for each in names.values():
        if isinstance(each, type) and each.__module__ == module:
            found |= {f"{each.__name__}.{name}": getattr(own, "fget", own) for name, own in vars(each).items()}
    return {name: each for name, each in found.items() if isinstance(each, FunctionType) and each.__module__ == module}


def survives(mutant: Mutant) -> bool:
    """Whether the tests of the changed file's rules pass all the same. Changes the rules in place, and back."""
    tree = next(copy.deepcopy(tree) for each, tree in changed(mutant.module) if each == mutant)
    module = importlib.import_module(f"model.rules.{mutant.module}")
    kept = dict(vars(module))
    other: dict[str, Any] = {"__name__": module.__name__}
    try:
        exec(compile(tree, str(module.__file__), "exec"), other)
    except Exception:  # a file that cannot be imported is noticed by all
        return False
    ours, theirs = (functions(names, module.__name__) for names in (kept, other))
    try:
        for name, function in ours.items():
            swap(function, theirs[name])
        for name in kept:
            if name.isupper():
                setattr(module, name, other[name])
        tests = [str(path) for path in sorted(ROOT.glob(f"tests/rules/**/test_{mutant.module}*.py"))]
        # Plain assertions: to rewrite them again and again is slow, and nobody reads what failed.
        with contextlib.redirect_stdout(io.StringIO()):
            code = pytest.main(["-x", "-q", "--assert=plain", "-p", "no:cacheprovider", *tests])
        if code > pytest.ExitCode.INTERRUPTED:
            raise RuntimeError(f"{tests} did not run: {code!r}")
        return code == pytest.ExitCode.OK
    finally:
        for name, function in ours.items():
            swap(function, theirs[name])
        for name, value in kept.items():
            if name.isupper():
                setattr(module, name, value)


def swap(first: Any, second: Any) -> None:
    """Exchange what two functions do; whoever has imported one of them calls the other from then on."""
    for field in ("__code__", "__defaults__", "__kwdefaults__"):
        one, other = getattr(first, field), getattr(second, field)
        setattr(first, field, other)
        setattr(second, field, one)


def prepare() -> None:
    """Make a failing property fail at once, in place of looking for its smallest example."""
    settings.register_profile(
        "mutants", max_examples=25, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate]
    )
    os.environ["HYPOTHESIS_PROFILE"] = "mutants"


def survivors(mutants: Sequence[Mutant]) -> list[Mutant]:
    """Those of the mutants that survive the tests, tried in two processes of their own."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=context, initializer=prepare) as pool:
        return [mutant for mutant, alive in zip(mutants, pool.map(survives, mutants), strict=True) if alive]


if __name__ == "__main__":
    everything = all_mutants()
    for mutant in (alive := survivors(everything)):
        print(mutant.change)
    print(f"{len(alive)} of {len(everything)} survive")
