"""The data room: tidy tables of facts, each row with a unit and a source, and the only reader of files.

Every table is a CSV file beside this module or in a folder for its subject; `sources.toml` says where each
`source` id comes from and on what terms. Nothing else in the project opens a file of data.

    >>> from model import data
    >>> data.value("mine_production", country="china", year=2024)
    270000.0
"""

from __future__ import annotations

import contextlib
import csv
import difflib
import functools
import hashlib
import io
import tomllib
from collections.abc import Iterable
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import model.errors

Cell = str | float | None
Row = dict[str, Cell]

# Columns whose cells are names or dates even when every one of them looks like a number.
TEXT_COLUMNS = frozenset({"date", "end_date", "id", "label", "source", "unit", "note"})

__all__ = ["Cell", "DataError", "Row", "fingerprint", "series", "sources", "table", "tables", "value"]


class DataError(model.errors.SubsoilError, LookupError):
    """A table, column, row or source was asked for that the data room does not hold."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


def tables() -> list[str]:
    """Names of all tables, in alphabetical order."""
    return sorted(_files())


def table(name: str) -> tuple[Row, ...]:
    """Rows of one table in file order, as fresh dictionaries that a caller may change.

    A column in which every filled cell is a number is read as float, any other as text; an empty
    cell is None. Raises DataError for an unknown table.
    """
    return tuple(dict(row) for row in _rows(name))


def value(table_name: str, *, column: str = "value", **match: str | float) -> float:
    """The one number in `column` on the row whose cells equal `match`.

    `value("countries", country="ukraine", variable="gdp", year=2021)` is in the unit of that row.
    Raises DataError when no row, or more than one, matches, or when the cell is empty or not a number.
    """
    rows = _select(table_name, match)
    _check_columns(table_name, [column])
    if len(rows) > 1:
        raise DataError(
            f"table {table_name!r}: {len(rows)} rows match {_written(match)}; add one of "
            f"{', '.join(_differing_columns(rows))}"
        )
    cell = rows[0][column]
    if not isinstance(cell, float):
        state = "is empty" if cell is None else f"is {cell!r}, not a number"
        raise DataError(f"table {table_name!r}: {column!r} {state} where {_written(match)}")
    return cell


def series(table_name: str, key_column: str, *, column: str = "value", **match: str | float) -> dict[Cell, float]:
    """Numbers in `column` by `key_column` over the rows that equal `match`, in file order.

    Rows with an empty cell in `column` are left out. Raises DataError when nothing matches, or when
    a key occurs twice.
    """
    _check_columns(table_name, [key_column, column])
    rows = _select(table_name, match)
    numbers: dict[Cell, float] = {}
    for row in rows:
        key, cell = row[key_column], row[column]
        if cell is None:
            continue
        if not isinstance(cell, float):
            raise DataError(f"table {table_name!r}: column {column!r} holds text, not numbers")
        if key in numbers:
            raise DataError(
                f"table {table_name!r}: {key_column} {key!r} occurs twice where {_written(match)}; "
                f"add one of {', '.join(_differing_columns(rows))}"
            )
        numbers[key] = cell
    return numbers


def sources() -> dict[str, dict[str, Any]]:
    """Bibliography: source id -> title, publisher, year, terms, and url and note where known."""
    return {name: dict(entry) for name, entry in _bibliography().items()}


@functools.cache
def fingerprint() -> str:
    """SHA-256 over the names and contents of all data files, as 64 hexadecimal digits."""
    digest = hashlib.sha256()
    for file in sorted([*_files().values(), files(__name__) / "sources.toml"], key=lambda file: file.name):
        content = file.read_bytes()
        # The length keeps the end of one file from passing for the start of the next.
        digest.update(f"{file.name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


@functools.cache
def _bibliography() -> dict[str, dict[str, Any]]:
    return tomllib.loads(files(__name__).joinpath("sources.toml").read_text(encoding="utf-8"))


@functools.cache
def _files() -> dict[str, Traversable]:
    """The file of each table, by the table's name: those beside this module and those one folder below."""
    here = list(files(__name__).iterdir())
    below = [file for folder in here if folder.is_dir() for file in folder.iterdir()]
    return {file.name.removesuffix(".csv"): file for file in here + below if file.name.endswith(".csv")}


@functools.cache
def _rows(name: str) -> tuple[Row, ...]:
    """Parsed rows of a table; private to this module because the dictionaries are shared.

    Raises DataError for a row with a cell too many or too few: an unquoted comma makes text of a column of numbers.
    """
    if name not in _files():
        raise DataError(f"no table {name!r}{_nearest(name, tables())}")
    reader = csv.DictReader(io.StringIO(_files()[name].read_text(encoding="utf-8")), strict=True)
    rows, wide = list(reader), len(reader.fieldnames or ())
    for number, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            raise DataError(f"table {name!r}, row {number}: not {wide} cells, as columns: {list(row.values())}")
    columns = {column: _cells(column, [row[column] for row in rows]) for column in rows[0]}
    return tuple(dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True))


def _cells(column: str, texts: list[str]) -> list[Cell]:
    """Cells of a column, None where empty: numbers if all are and the column is not text by declaration."""
    if column not in TEXT_COLUMNS:
        with contextlib.suppress(ValueError):
            return [float(text) if text else None for text in texts]
    return [text or None for text in texts]


def _select(table_name: str, match: dict[str, str | float]) -> list[Row]:
    """Rows whose cells equal `match`; DataError names the first condition that leaves none."""
    rows = list(_rows(table_name))
    _check_columns(table_name, match)
    for column, wanted in match.items():
        kept = [row for row in rows if row[column] == wanted]
        if not kept:
            known = list(dict.fromkeys(row[column] for row in rows))
            raise DataError(f"table {table_name!r}: no {column} {wanted!r}{_nearest(wanted, known)}")
        rows = kept
    return rows


def _check_columns(table_name: str, columns: Iterable[str]) -> None:
    known = list(_rows(table_name)[0])
    for column in columns:
        if column not in known:
            raise DataError(f"table {table_name!r} has no column {column!r}{_nearest(column, known)}")


def _nearest(wanted: Cell, known: Iterable[Cell]) -> str:
    """The end of an error message: the nearest known name, and what there is."""
    present = [cell for cell in known if cell is not None]
    if isinstance(wanted, (int, float)) and all(isinstance(cell, float) for cell in present):
        close = sorted(present, key=lambda cell: abs(float(cell) - wanted))[:1]
    else:
        names = {str(cell): cell for cell in present}
        close = [names[name] for name in difflib.get_close_matches(str(wanted), names, n=1, cutoff=0.4)]
    hint = f"; nearest is {close[0]!r}" if close else ""
    listed = ", ".join(str(cell) for cell in present[:12]) + (", ..." if len(present) > 12 else "")
    return f"{hint} (there is: {listed})"


def _differing_columns(rows: list[Row]) -> list[str]:
    """Columns by which the given rows differ, so that a caller knows what to add."""
    differing = [column for column in rows[0] if len({row[column] for row in rows}) > 1]
    return [column for column in differing if column not in ("value", "note")] or differing


def _written(match: dict[str, str | float]) -> str:
    return ", ".join(f"{column}={wanted!r}" for column, wanted in match.items()) or "no condition"
