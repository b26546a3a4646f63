"""Records are read-only, stay as they were, and have the shapes that their comments say."""

from __future__ import annotations

import ast
import inspect
import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

import mesa
import numpy as np
import pytest

from model import GeopoliticalEconomy
from model.array_axes import COUNTRIES, MATERIALS, STAGES, STREAMS
from model.parameters.table import DECLARATIONS
from model.rules.export_policy import OPTIONS
from model.states.common_knowledge import Snapshot
from model.states.frozen import replace
from model.states.reasons import REASONS, SIGNATORIES
from model.talks.bargaining import MENU
from model.talks.recorded_drafts import drafts
from model.talks.type_prior import NORMAL
from tests.model.kinds_of_runs import KINDS, WORLDS, after, bits, numbers

SIZES = {
    "worlds": WORLDS,
    "country": len(COUNTRIES),
    "material": len(MATERIALS),
    "magnet and heavy": 2,
    "stage": len(STAGES),
    "stream": len(STREAMS),
    "side": 2,
    "draft": len(drafts()),
    "offer": len(list(itertools.product(*MENU.values()))),
    "type": len(NORMAL.nodes),
    "option": len(OPTIONS),
    "signatory": len(SIGNATORIES),
    "reason": len(REASONS),
    "1": 1,
}
"""Axis, as comments call it -> its length. Materials and types are three each: not told apart here."""
PHASES = (5, 3)
"""Phases of the war game with an American guarantee, and without one."""
SHAPE = re.compile(r"\(([a-z1][a-z1 ]*(?:, [a-z1][a-z1 ]*)*),?\)")


@pytest.fixture(scope="module", params=KINDS)
def model(request: pytest.FixtureRequest) -> GeopoliticalEconomy:
    """A run of each kind in its fourteenth month, after a signature, a January and a review of promises."""
    return after(request.param, 14)


@pytest.fixture(scope="module")
def snapshot(model: GeopoliticalEconomy) -> Snapshot:
    """All records of that run."""
    return model.snapshot()


# Read-only


def test_every_array_in_a_snapshot_is_read_only(snapshot: Snapshot) -> None:
    arrays = {path: each for path, each in numbers(snapshot) if isinstance(each, np.ndarray)}
    assert len(arrays) > 130
    written = []
    for path, array in arrays.items():
        try:
            array[...] = array
        except ValueError as refusal:
            assert "read-only" in str(refusal)
        else:
            written.append(path)
    assert not written


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_true_stays_as_it_was(kind: str) -> None:
    """Whoever kept a record of an earlier month still reads that month in it, whatever has happened since."""
    model = after(kind, 2)
    earlier = model.snapshot()
    before = bits(earlier)
    for _ in range(12):
        model.step()
    now = bits(earlier)
    assert {path: now[path] for path in before} == before
    assert bits(model.snapshot()) != before


# Shapes


@cache
def described(record: type) -> dict[str, str]:
    """Fields of a class and of its bases with what is written to each: its comment, and the text below it."""
    texts: dict[str, str] = {}
    for each in reversed([base for base in record.__mro__ if base.__module__.startswith("model.")]):
        source = inspect.getsource(each)
        lines, body = source.splitlines(), ast.parse(source).body[0]
        assert isinstance(body, ast.ClassDef)
        for name, text in attributes(body, lines):
            texts[name] = text or texts.get(name, "")
    return texts


def attributes(tree: ast.AST, lines: list[str]) -> Iterator[tuple[str, str]]:
    """Names that a class or a method of it sets, with the comment behind and the text below each."""
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        for statement, below in itertools.pairwise([*body, None]) if isinstance(body, list) else ():
            if not isinstance(statement, ast.Assign | ast.AnnAssign):
                continue
            _, mark, comment = lines[statement.end_lineno - 1].partition("#: ")  # type: ignore[operator]
            text = below.value.value if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant) else ""
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            for name in {name for target in targets for name in names_in(target)}:
                yield name, f"{comment if mark else ''} {text}".strip()


def names_in(target: ast.expr) -> list[str]:
    """Names set by the left side of an assignment: `self.a, self.b = ...` sets a and b."""
    if isinstance(target, ast.Tuple):
        return [name for each in target.elts for name in names_in(each)]
    if isinstance(target, ast.Name):
        return [target.id]
    return [target.attr] if isinstance(target, ast.Attribute) else []


def shapes(text: str) -> list[tuple[int, ...]]:
    """All shapes that a text names; raises KeyError for one whose axes nobody knows."""
    axes = [[axis.strip() for axis in each.split(",")] for each in SHAPE.findall(text)]
    return [
        tuple((SIZES | {"phase": phases})[axis] for axis in each)
        for each in axes
        for phases in PHASES[: 1 + ("phase" in each)]
        if "worlds" in each or all(axis in SIZES for axis in each)
    ]


def unlike(record: Any, texts: Mapping[str, str]) -> list[str]:
    """Arrays of a record that have another shape than is said of their field or, failing that, of their class."""
    wrong = []
    for each in fields(record):
        value = getattr(record, each.name)
        parts = value.values() if isinstance(value, dict) else [value]
        allowed = shapes(texts.get(each.name, "")) or shapes(type(record).__doc__ or "")
        if any(isinstance(part, np.ndarray) and part.shape not in allowed for part in parts):
            wrong.append(f"{type(record).__name__}.{each.name}: {allowed}")
    return wrong


def records(thing: Any) -> Iterator[Any]:
    """A record and all records in it."""
    if is_dataclass(thing):
        yield thing
        for part in vars(thing).values():
            yield from records(part)
    elif isinstance(thing, dict):
        for part in thing.values():
            yield from records(part)


def test_every_record_has_the_shapes_that_are_written_to_it(model: GeopoliticalEconomy, snapshot: Snapshot) -> None:
    assert [line for each in records(snapshot) for line in unlike(each, described(type(each)))] == []
    known, now = model.known(), model.setting.calendar.month(model.month)
    prices = model.market.prices_at_opening(known.plants)
    margins = model.margins.expected(known.market, known.plants, prices, {})
    for decision in (
        model.china.choose_export_policy(known.market, now),
        model.united_states.choose_projects(margins[0], known, now),
        model.talks.meet(known, now),
    ):
        assert unlike(decision, described(type(decision))) == []
    assert unlike(model.setting.start, described(type(model.setting.start))) == []


def test_a_wrong_comment_is_found(snapshot: Snapshot) -> None:
    """Whatever field is said to have an axis more than it has, the test above says so."""
    tried = 0
    for record in records(snapshot):
        for each in fields(record):
            if isinstance(getattr(record, each.name), np.ndarray):
                texts = described(type(record))
                own = texts[each.name] if shapes(texts[each.name]) else type(record).__doc__ or ""
                wrong = {**texts, each.name: re.sub(r"worlds,?\)", "offer, worlds)", own)}
                assert unlike(record, wrong) == [f"{type(record).__name__}.{each.name}: {shapes(wrong[each.name])}"]
                tried += 1
    assert tried > 130


# Descriptions


def owners(model: GeopoliticalEconomy) -> Iterator[Any]:
    """Whoever owns a record or decides."""
    yield from model.cast
    yield from (model.market, model.margins, model.plants, model.debt, model.war, model.trust, model.investors)
    yield from (model.talks, model.agreement, model.resources, model.expectations)
    for part in (model.talks.bargaining, model.talks.recorded):
        if part is not None:
            yield part
    if model.talks.bargaining is not None:
        yield model.talks.bargaining.pressure


def undescribed(thing: Any, names: list[str]) -> list[str]:
    """Names of whose meaning nothing is written: no comment, no text below, and not a record that says it itself."""
    texts = described(type(thing))
    missing = []
    for name in names:
        value = getattr(thing, name)
        says_itself = (is_dataclass(value) or type(value).__module__.startswith("model.")) and type(value).__doc__
        if not (texts.get(name) or says_itself or name in DECLARATIONS or f"`{name}`" in (type(thing).__doc__ or "")):
            missing.append(f"{type(thing).__name__}.{name}")
    return missing


def test_every_public_attribute_is_described(model: GeopoliticalEconomy, snapshot: Snapshot) -> None:
    of_mesa = vars(mesa.Agent(mesa.Model()))
    public = {
        owner: [name for name in vars(owner) if not name.startswith("_") and name not in of_mesa]
        for owner in owners(model)
    }
    assert sorted(line for owner, names in public.items() for line in undescribed(owner, names)) == []
    kept = {line for each in records(snapshot) for line in undescribed(each, [part.name for part in fields(each)])}
    assert sorted(kept) == []


def test_a_changed_record_keeps_the_rest_and_is_read_only(snapshot: Snapshot) -> None:
    market, price = snapshot.market, np.ones_like(snapshot.market.price)
    assert market.china_to_united_states is market.china_to_united_states  # worked out once, for these arrays
    changed = replace(market, price=price)
    assert changed.price is price
    assert not price.flags.writeable
    assert changed.supply is market.supply
    assert vars(changed).keys() == {field.name for field in fields(market)}
    with pytest.raises(TypeError, match="MarketState has no prise"):
        replace(market, prise=price)
