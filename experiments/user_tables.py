"""Tables that a user brings: CSV files of any spreadsheet, tables of other programs, DataFrames, mappings.

What is clear is read; what can mean two things is refused with its line and what to do about it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from experiments.errors import InputError
from experiments.user_table_cells import MISSING, Numbers, read_date
from model.parameters.declaration import nearest

SPREADSHEET_ERRORS = ("#n/a", "#na", "#name?", "#value!", "#ref!", "#div/0!", "#num!", "#null!")
NO_TEXT = {b"PK": "a workbook", b"\xd0\xcf": "an old workbook", b"PAR1": "a Parquet file", b"\x1f\x8b": "compressed"}
"""First bytes of what is often brought in place of a CSV file."""

MOST_NAMED = 20
"""Columns that a message lists when an unknown one is like none of them."""

BEHAVIOR_SPACE, PREAMBLE = "BehaviorSpace results", 6
"""How a table of NetLogo begins, and how many lines stand before its header."""


@dataclass(frozen=True)
class Column:
    """What a column holds, whether it must be there, and what is done with a row that leaves it empty.

    `number` becomes int64 where all are whole and written so, else float64; `label` is text as written, without
    the blanks around it; `date` is text: 2011, 2011-Q2, 2011-08 or 2011-08-31. `missing`: "refuse" the table,
    "keep" it as NaN or "", or "drop" the row.
    """

    kind: Literal["number", "label", "date"]
    required: bool = False
    missing: Literal["refuse", "keep", "drop"] = "refuse"


@dataclass(frozen=True, eq=False)
class UserTable:
    """A table that was read: one array per column (row,), the line each row stands in, and remarks to print."""

    source: str
    columns: Mapping[str, NDArray[Any]]
    lines: NDArray[np.int64]
    notes: tuple[str, ...] = ()
    row_word: str = "line"

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.lines)

    def __getitem__(self, name: str) -> NDArray[Any]:
        """The column `name` (row,)."""
        return self.columns[name]

    def where(self, row: int) -> str:
        """How a message says where a row stands: the source and the line."""
        return f"{self.source}, {self.row_word} {self.lines[row]}"

    def keep(self, rows: NDArray[np.bool_], why_not: str) -> UserTable:
        """The rows marked True; a note counts the others and says why they are left out."""
        if rows.all():
            return self
        note = _left_out(self.lines[~rows].tolist(), why_not, self.row_word)
        columns = {name: column[rows] for name, column in self.columns.items()}
        return replace(self, columns=columns, lines=self.lines[rows], notes=(*self.notes, note))


def read_table(
    source: Any, columns: Mapping[str, Column], *, others: Column | None = None, ignored: Iterable[str] = ()
) -> UserTable:
    """The table in a CSV file, a DataFrame or a mapping of columns, with the `columns` that it may have.

    Names are compared without case, blanks as underscores. A column of another name is left out if it is `ignored`,
    read as `others`, or refused. Raises InputError, one line that names the line of the table.
    """
    table, delimiter = _from_file(Path(source)) if isinstance(source, str | Path) else (_in_memory(source), ",")
    table = _named(_without_foreign(table, columns), columns, others, tuple(ignored))
    kinds = {name: column for name in table.columns if (column := columns.get(name, others))}
    for name, column in columns.items():
        if column.required and name not in kinds:
            raise InputError(f"{table.source}: needs a column {name}, has {', '.join(kinds) or 'none'}")
    if not len(table) or not kinds:
        raise InputError("; ".join((f"{table.source}: the table has no rows", *table.notes)))
    numbers = Numbers(semicolons=delimiter == ";")
    for name, cells in table.columns.items():
        if kinds[name].kind == "number" and cells.dtype.kind == "O":
            numbers.look(cells.tolist(), table.where)
    wanting: list[str] = []
    known, read = np.ones(len(table), dtype=bool), {}
    for name, cells in table.columns.items():
        read[name], empty = _values(name, cells, kinds[name].kind, numbers, table)
        if empty.any() and kinds[name].missing == "refuse":
            raise InputError(f"{table.where(int(np.argmax(empty)))}: has no {name}")
        if empty.any() and kinds[name].missing == "drop":
            wanting.append(name)
            known &= ~empty
    return replace(table, columns=read).keep(known, f"without {' or '.join(wanting)}")


def _without_foreign(table: UserTable, columns: Mapping[str, Column]) -> UserTable:
    """The table without what NetLogo and the EMA workbench write beside the parameters, and row numbers."""
    names, notes = list(table.columns), list(table.notes)
    dropped: list[str] = []
    if "[run number]" in names:
        runs = table["[run number]"].astype("U")
        first = np.isin(np.arange(len(runs)), np.unique(runs, return_index=True)[1])
        results = names[names.index("[step]") :] if "[step]" in names else []
        table = table.keep(first, "of later steps of a run")
        dropped = [*(name for name in names if name.startswith("[") and name not in results), *results]
        notes = [*table.notes, f"read as a BehaviorSpace table, without its columns {', '.join(dropped)}"]
    elif {"scenario", "policy", "model"} <= set(names) and "model" not in columns:
        dropped = ["model"]
        notes.append("read as experiments of the EMA workbench, without their column model")
    for at, name in enumerate(names):
        if re.fullmatch(r"Unnamed: \d+", name):
            cells = [_text(value) for value in table[name].tolist()]
            counted = at == 0 and cells in ([str(row + start) for row in range(len(cells))] for start in (0, 1))
            if any(cells) and not counted:
                raise InputError(f"{table.source}: column {at + 1} has no name")
            dropped.append(name)
            notes += ["read without its first column, which counts the rows"] * any(cells)
    kept = {name: cells for name, cells in table.columns.items() if name not in dropped}
    return replace(table, columns=kept, notes=tuple(notes))


def _named(table: UserTable, columns: Mapping[str, Column], others: Column | None, ignored: Sequence[str]) -> UserTable:
    """The table with the names that the caller knows its columns by, and no others unless `others` are wanted."""
    known = {_plain(name): name for name in (*columns, *ignored)}
    named: dict[str, NDArray[Any]] = {}
    unused = []
    for written, cells in table.columns.items():
        name = known.get(_plain(written), written)
        if name in named or name in unused:
            raise InputError(f"{table.source}: there are two columns {name!r}")
        if name in columns or (others and name not in ignored):
            named[name] = cells
        elif name in ignored:
            unused.append(name)
        else:
            alone = "" if len(table.columns) > 1 else " (columns are separated by a comma, a semicolon or a tab)"
            hint = nearest(_plain(written), columns)
            if hint.startswith("known: ") and len(columns) > MOST_NAMED:
                hint = f"it is like none of the {len(columns)} that are known, as {', '.join([*columns][:3])}"
            raise InputError(f"{table.source}: unknown column {written!r}: {hint}{alone}")
    return replace(table, columns=named)


def _plain(name: str) -> str:
    return re.sub(r"[\s-]+", "_", name.strip()).casefold()


def _values(
    name: str, cells: NDArray[Any], kind: str, numbers: Numbers, table: UserTable
) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """The values of one column (row,), and where it is empty."""
    if kind == "number" and cells.dtype.kind in "iu":
        return cells, np.zeros(len(cells), dtype=bool)
    if kind == "number" and cells.dtype.kind == "f":
        decimals = cells if cells.dtype == np.float64 else cells.astype("U").astype(np.float64)
        return decimals, np.isnan(decimals)
    texts = [_text(value) for value in cells.tolist()]
    if kind == "number":
        values: NDArray[Any] = numbers.read(name, texts, table.where)
        return values, np.isnan(values.astype(float))
    if kind == "date":
        for row, text in enumerate(texts):
            try:
                texts[row] = "" if text.lower() in MISSING else read_date(text)
            except InputError as error:
                raise InputError(f"{table.where(row)}: {name} {error}") from None
    return np.array(texts, dtype=str), np.array([not text for text in texts])


def _in_memory(source: Any) -> UserTable:
    """A DataFrame or a mapping of columns: numbers as they are, all else as text; rows are counted from 0."""
    if not hasattr(source, "keys"):
        kind = type(source).__name__
        raise InputError(f"a table is the name of a CSV file, a DataFrame or a mapping of columns, not {kind}")
    columns: dict[str, NDArray[Any]] = {}
    names = source.keys()
    for name in names:
        column = np.atleast_1d(np.asarray(source[name]))
        if column.ndim > 1 or str(name).strip() in columns:
            raise InputError(f"the table: there are two columns {name!r}, or one of several values a row")
        if column.dtype.kind not in "fiu":
            given = np.atleast_1d(source[name]) if np.isscalar(source[name]) else source[name]
            column = np.array([_text(value) for value in given], dtype=object)
        columns[str(name).strip()] = column
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        raise InputError(f"the columns of the table differ in length: {lengths}")
    return UserTable("the table", columns, np.arange(next(iter(lengths.values()), 0)), row_word="row")


def _text(value: Any) -> str:
    """A value as a user would write it: whole numbers without a point, nothing for what is missing."""
    text = str(value).strip()
    if isinstance(value, str):
        return text
    return "" if text in ("nan", "NaT", "<NA>") else re.sub(r"^([+-]?\d+)\.0$", r"\1", text)


def _from_file(path: Path) -> tuple[UserTable, str]:
    """The cells of a file as text (row,), and what separates them."""
    text, notes = _decoded(path)
    lines = io.StringIO(text, newline=None).readlines()
    first = PREAMBLE if lines and lines[0].lstrip('"').startswith(BEHAVIOR_SPACE) else 0
    while first < len(lines) and (not lines[first].strip() or lines[first].startswith("#")):
        first += 1
    delimiter = ""
    if first < len(lines) and (said := re.fullmatch(r'"?sep=(.)"?', lines[first].strip("\r\n"))):
        delimiter, first = said[1], first + 1
    header = re.sub(r'"[^"]*"', "", lines[first]) if first < len(lines) else ""
    delimiter = delimiter or max(",;\t", key=header.count)
    rows, comments, padding = [], [], []
    names: list[str] = []
    reader = csv.reader(lines[first:], delimiter=delimiter, skipinitialspace=delimiter != "\t", strict=True)
    line = first + 1
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if not names:
                names = cells
            elif lines[line - 1].lstrip().startswith("#") and cells[0].lower() not in SPREADSHEET_ERRORS:
                comments.append(line)
            elif not any(cells):
                padding += [line] * bool(cells)
            elif len(cells) != len(names):
                raise InputError(_wrong_length(f"{path}, line {line}", cells, len(names), delimiter))
            else:
                rows.append((line, cells))
            line = first + reader.line_num + 1
    except csv.Error as error:
        raise InputError(f"{path}, line {line}: is no table of separated values: {error}") from None
    notes += [_left_out(of, why) for of, why in ((comments, "of comment"), (padding, "without a cell")) if of]
    if names[:1] == ["[run number]"] and all(name.isdecimal() for name in names[1:]):
        raise InputError(f"{path}: is a BehaviorSpace spreadsheet: let NetLogo write its table instead")
    if twice := [name for at, name in enumerate(names) if name and name in names[:at]]:
        raise InputError(f"{path}, line {first + 1}: there are two columns {twice[0]!r}")
    columns = {
        name or f"Unnamed: {at}": np.array([cells[at] for _, cells in rows], dtype=object)
        for at, name in enumerate(names)
    }
    return UserTable(str(path), columns, np.array([at for at, _ in rows], dtype=np.int64), tuple(notes)), delimiter


def _decoded(path: Path) -> tuple[str, list[str]]:
    """The text of a file and a note on how it was decoded."""
    data = path.read_bytes()
    for first, what in NO_TEXT.items():
        if data.startswith(first):
            raise InputError(f"{path}: is {what}, no text: save it as CSV UTF-8")
    notes: list[str] = []
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        notes = ["read as Windows-1252, since it is not UTF-8"]
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError:
            raise InputError(f"{path}: its letters are neither UTF-8 nor Windows-1252: save it as CSV UTF-8") from None
    if "\0" in text:
        line = text.partition("\0")[0].count("\n") + 1
        raise InputError(f"{path}, line {line}: holds a NUL byte, which no text has: save it as CSV UTF-8")
    return text, notes


def _wrong_length(where: str, cells: list[str], columns: int, delimiter: str) -> str:
    """The message for a row that has not one cell per column."""
    said = f"{where}: {columns} column{'s' * (columns > 1)}, but {len(cells)} cell{'s' * (len(cells) > 1)}"
    if delimiter == "," and len(cells) > columns:
        return f"{said}; is a comma part of a number or a label? Write 1500.5, put the cell in quotes, or separate by ;"
    return said


def _left_out(lines: Sequence[int], why: str, row_word: str = "line") -> str:
    """The note that counts rows, says why and in which lines."""
    plural = "s" * (len(lines) > 1)
    named = ", ".join(map(str, lines[:5])) + ", ..." * (len(lines) > 5)
    return f"{len(lines)} row{plural} {why} left out ({row_word}{plural} {named})"
