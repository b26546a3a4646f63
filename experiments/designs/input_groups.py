"""Inputs that are varied and judged as one: groups by name, those of the model's own tables among them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from experiments.errors import InputError
from model.parameters.deal_parameters import DealParameters
from model.parameters.declaration import nearest
from model.parameters.market_parameters import MarketParameters
from model.parameters.table import DECLARATIONS
from model.parameters.war_parameters import WarParameters

TABLES: dict[str, type] = {"market": MarketParameters, "war": WarParameters, "deal": DealParameters}
"""The tables in which the model declares its parameters."""
EXPLORED = "D"
"""The kind of a parameter that nobody can measure."""


def input_groups(names: Sequence[str], groups: Mapping[str, Sequence[str]] | None) -> dict[str, list[str]]:
    """Every input of `names` once: in its group, or alone under its own name; in the order of the inputs.

    Raises InputError for a group without inputs, with one that does not vary or is in another group too, and for a
    group that is called as an input outside it.
    """
    owner: dict[str, str] = {}
    for group, members in (groups or {}).items():
        if not members:
            raise InputError(f"group {group}: has no inputs")
        if group in names and group not in members:
            raise InputError(f"group {group}: is called as an input that is not in it")
        for member in members:
            if member not in names:
                raise InputError(f"group {group}: {member} does not vary here; {nearest(member, list(names))}")
            if member in owner:
                raise InputError(f"group {group}: {member} is in group {owner[member]} already")
            owner[member] = group
    parts: dict[str, list[str]] = {}
    for name in names:
        parts.setdefault(owner.get(name, name), []).append(name)
    return parts


def table_inputs(table: str, kind: str = "") -> list[str]:
    """The parameters that a table of the model declares, of a kind if one is given; raises InputError."""
    if table not in TABLES:
        raise InputError(f"no table {table!r} of the model: {', '.join(TABLES)}; other groups are name=input,input")
    names = [field.name for field in dataclasses.fields(TABLES[table])]
    return [name for name in names if kind in ("", DECLARATIONS[name].kind)]
