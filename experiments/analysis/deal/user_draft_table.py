"""Drafts of the deal that a user brings: a table of terms goes in, parameters come out."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

from experiments.errors import InputError
from experiments.user_tables import Column, read_table
from model.parameters.declaration import ParameterError
from model.parameters.table import Parameters, check
from model.states.deal import TERMS

COLUMNS = {
    **dict.fromkeys(TERMS, Column("number", missing="keep")),
    **dict.fromkeys(("label", "id"), Column("label", missing="keep")),
}


def read_drafts(source: str | Path | Any, base: Parameters) -> dict[str, Parameters]:
    """Drafts of a CSV file, DataFrame or mapping by name, each the parameters `base` with the terms of its row.

    Columns are names of terms and, if wanted, label, id, outcome, source and note; what a row leaves empty is as
    in `base`. A draft is named by its label, else its id, else its row. Raises InputError for a table that cannot
    be read or holds no term, a value out of range, or two drafts of one name.
    """
    table = read_table(source, COLUMNS, ignored=("outcome", "source", "note"))
    terms = [name for name in TERMS if name in table.columns]
    if not terms:
        raise InputError(f"{table.source}: no column is a term; known: {', '.join(TERMS)}")
    for note in table.notes:
        warnings.warn(f"{table.source}: {note}", stacklevel=2)
    drafts: dict[str, Parameters] = {}
    for row in range(len(table)):
        names = [str(table[name][row]) for name in ("label", "id") if name in table.columns]
        label = next(filter(None, names), f"draft {row + 1}")
        if label in drafts:
            raise InputError(f"{table.where(row)}: there is another draft called {label!r}")
        given = {name: float(table[name][row]) for name in terms if table[name][row] == table[name][row]}
        for name, value in given.items():
            try:
                check(name, value)
            except ParameterError as error:
                raise InputError(f"{table.where(row)}, {label}: {error}") from None
        drafts[label] = base.replace(**given)
    return drafts
