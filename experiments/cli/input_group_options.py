"""How a command line says which inputs are judged as one: named groups, or the tables of the model."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.errors import InputError


def groups_of(given: Sequence[str], varied: Sequence[str]) -> dict[str, list[str]]:
    """The inputs of each --group NAME=INPUT,INPUT, or TABLE: those of the table that are `varied`.

    Raises InputError for a name that stands twice, an unknown table, or one of which nothing varies.
    """
    from experiments.designs.input_groups import table_inputs

    groups: dict[str, list[str]] = {}
    for name, members in map(_split, given):
        if name in groups:
            raise InputError(f"--group gives {name} twice")
        groups[name] = members or [each for each in table_inputs(name) if each in varied]
        if not groups[name]:
            raise InputError(f"--group {name}: nothing of that table varies here")
    return groups


def varied_inputs(over: Sequence[str], given: Sequence[str]) -> list[str]:
    """What varies: what is said to, what groups name, and where nothing is said all that is deeply uncertain of tables.

    Words as a command line has them: a name alone varies over all its range.
    """
    from experiments.designs.input_groups import EXPLORED, table_inputs

    said = list(over)
    names = {text.partition("=")[0].strip() for text in over}
    for name, members in map(_split, given):
        said += [each for each in members or ([] if over else table_inputs(name, EXPLORED)) if each not in names]
    return list(dict.fromkeys(said))


def _split(text: str) -> tuple[str, list[str]]:
    """The name of a group and its inputs, none for a table; raises InputError."""
    name, equals, inputs = text.partition("=")
    members = [each.strip() for each in inputs.split(",") if each.strip()]
    if not name.strip() or (equals and not members):
        raise InputError(f"--group {text!r}: needs name=input,input, or a table: market, war, deal")
    return name.strip(), members
