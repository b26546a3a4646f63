"""Drafts of the deal that a user brings: a table of terms goes in, parameters come out."""

from __future__ import annotations

import csv
from pathlib import Path

from model.parameters.declaration import ParameterError, Value, nearest
from model.parameters.table import DECLARATIONS, Parameters, check
from model.talks.talks import TERMS

WORDS = ("label", "id", "outcome", "source", "note")
"""Columns that say something about a draft and are no terms; the first two name it."""


def read_drafts(path: str | Path, base: Parameters) -> dict[str, Parameters]:
    """Drafts of a CSV file by name, each the parameters `base` with the terms of its row.

    Columns are names of terms and, if wanted, WORDS; what a row leaves empty is as in `base`. A draft is
    named by its label, else its id, else its row. Raises ParameterError for a column that is no term, a
    value out of range, a row of the wrong length, two drafts of one name, or a file without drafts.
    """
    with Path(path).open(encoding="utf-8-sig", newline="") as lines:
        rows = [row for row in csv.reader(lines) if any(cell.strip() for cell in row)]
    if len(rows) < 2:
        raise ParameterError(f"{path}: needs a line of names of terms and a line for each draft")
    names = [cell.strip() for cell in rows[0]]
    _check_columns(path, names)
    found: dict[str, Parameters] = {}
    for number, row in enumerate(rows[1:], 1):
        if len(row) != len(names):
            raise ParameterError(f"{path}, draft {number}: {len(names)} columns, but {len(row)} cells")
        cells = {name: cell.strip() for name, cell in zip(names, row, strict=True)}
        label = cells.get("label") or cells.get("id") or f"draft {number}"
        if label in found:
            raise ParameterError(f"{path}, draft {number}: there is another draft called {label!r}")
        terms = {name: _value(f"{path}, {label}", name, cells[name]) for name in names if name in TERMS and cells[name]}
        found[label] = base.replace(**terms)
    return found


def _check_columns(path: str | Path, names: list[str]) -> None:
    for place, name in enumerate(names):
        if name not in (*TERMS, *WORDS):
            raise ParameterError(f"{path}: the column {name!r} is no term; {nearest(name, (*TERMS, *WORDS))}")
        if name in names[:place]:
            raise ParameterError(f"{path}: there are two columns {name!r}")
    if not set(names) & set(TERMS):
        raise ParameterError(f"{path}: no column is a term; known: {', '.join(TERMS)}")


def _value(where: str, name: str, text: str) -> Value:
    """The value of a term in a cell. Raises ParameterError, which says where the cell is."""
    try:
        value = float(text)
    except ValueError:
        raise ParameterError(f"{where}: {name}={text!r} needs a number, {DECLARATIONS[name].range_text}") from None
    try:
        check(name, value)
    except ParameterError as error:
        raise ParameterError(f"{where}: {error}") from None
    return value
