"""What the cells of a table that a user brings mean: marks for missing, numbers of any country, dates."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from experiments.errors import InputError

MISSING = frozenset(
    ("", "na", "n/a", "n.a.", "n.a", "nan", "#n/a", "#na", "<na>", "nat", "none", "null", "missing",
     "-", "--", "\N{EN DASH}", "\N{EM DASH}", ".", "..", "...", "\N{HORIZONTAL ELLIPSIS}", ":")
)  # fmt: skip
"""What stands in a cell for a number or a date that is not known, in small letters."""

_WHOLE = re.compile(r"[+-]?[0-9]{1,15}")
_PLAIN = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?", re.I)
_EITHER = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}")
_BLANK_BETWEEN_GROUPS = re.compile(r"(?<=[0-9])[ \u00a0\u202f'\u2019](?=[0-9]{3}(?![0-9]))")

_TIME = r"(?:[T ]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?: ?Z|[+-]\d\d:?\d\d)?)?"
_NAME, _SHORT = r"(?P<name>[a-z]{3,9})\.?", r"'?(?P<short>\d\d)"
_FIRST, _LATE = r"(?:0?[1-9]|1[0-2])", r"(?:1[3-9]|2\d|3[01])"
_DATES = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        r"(?P<y>\d{4})(?:\.0)?",
        r"(?P<y>\d{4})[-/: ]?Q(?P<q>[1-4])",
        r"Q(?P<q>[1-4])[-/ ]?(?P<y>\d{4})",
        r"(?P<y>\d{4})[-/:M](?P<m>\d\d?)",
        r"(?P<m>\d\d?)[-/.](?P<y>\d{4})",
        rf"(?P<y>\d{{4}})(?P<s>[-/.])(?P<m>\d\d?)(?P=s)(?P<d>\d\d?){_TIME}",
        r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)",
        rf"(?P<d>\d\d?)\. ?(?P<m>\d\d?)\. ?(?P<y>\d{{4}}){_TIME}",
        rf"(?P<d>{_LATE})(?P<s>[-/])(?P<m>{_FIRST})(?P=s)(?P<y>\d{{4}}){_TIME}",
        rf"(?P<m>{_FIRST})(?P<s>[-/])(?P<d>{_LATE})(?P=s)(?P<y>\d{{4}}){_TIME}",
        rf"{_NAME}[-/ ,]*(?P<y>\d{{4}})",
        rf"(?P<y>\d{{4}})[-/ ]*{_NAME}",
        rf"{_NAME}[-/ ]?{_SHORT}",
        rf"(?P<d>\d\d?)[-. ]+{_NAME}[-, ]+(?:(?P<y>\d{{4}})|{_SHORT})",
        rf"{_NAME} (?P<d>\d\d?),? (?P<y>\d{{4}})",
    )
)
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
           "november", "december")  # fmt: skip
_SERIAL = re.compile(r"[2-6]\d{4}(?:\.\d+)?")
"""A day as spreadsheets count it: 20000 is in 1954, 69999 in 2091."""


class Numbers:
    """Reads the numbers of one table, in which a comma and a point mean the same throughout.

    `look` at every column first; `read` then knows the decimal mark. Where no cell decides, 1.5 is a point, but
    1,500 and, in a table whose cells are separated by semicolons, 1.500 are refused: they could be either.
    """

    def __init__(self, semicolons: bool) -> None:
        self.semicolons = semicolons
        self.mark = self._seen_at = ""

    def look(self, cells: Sequence[str], where: Callable[[int], str]) -> None:
        """Learn the decimal mark; raises InputError where two cells disagree."""
        if not self.semicolons and not any("," in cell for cell in cells):
            return
        for row, cell in enumerate(cells):
            mark = _decimal_mark(_tidy(cell)) if "," in cell or "." in cell else ""
            if mark and self.mark and mark != self.mark:
                other = f"{cell!r} has another decimal mark than {self._seen_at}"
                raise InputError(f"{where(row)}: {other}: write all numbers like 1500.5")
            if mark and not self.mark:
                self.mark, self._seen_at = mark, f"{cell!r} ({where(row)})"

    def read(self, name: str, cells: Sequence[str], where: Callable[[int], str]) -> NDArray[np.float64 | np.int64]:
        """The numbers of a column (row,), NaN where missing; int64 where all are whole and written so."""
        if all(_WHOLE.fullmatch(cell) for cell in cells):
            return np.array([int(cell) for cell in cells], dtype=np.int64)
        return np.array([self._number(name, cell, where, row) for row, cell in enumerate(cells)], dtype=np.float64)

    def _number(self, name: str, cell: str, where: Callable[[int], str], row: int) -> float:
        if cell.strip().lower() in MISSING:
            return float("nan")
        text = _tidy(cell)
        if not self.mark and _EITHER.fullmatch(text) and ("," in text or self.semicolons):
            either = re.sub("[.,]", "", text), text.replace(",", ".")
            both = f"{name} {cell!r} can be {either[0]} or {either[1]}"
            raise InputError(f"{where(row)}: {both}: write it without a mark for thousands")
        decimal = self.mark or "."
        grouped = "." if decimal == "," else ","
        whole = text.partition(decimal)[0]
        if grouped in whole and re.fullmatch(rf"[+-]?[0-9]{{1,3}}(\{grouped}[0-9]{{3}})+", whole):
            text = text.replace(grouped, "")
        number = text.replace(decimal, ".")
        if grouped in text or not _PLAIN.fullmatch(number):
            raise InputError(f"{where(row)}: {name} {cell!r}: needs a number, written like 1500.5")
        return float(number)


def _tidy(cell: str) -> str:
    """A number without blanks and with a plain minus."""
    return _BLANK_BETWEEN_GROUPS.sub("", cell.strip().replace("\N{MINUS SIGN}", "-"))


def _decimal_mark(text: str) -> str:
    """The decimal mark that a number shows; empty where it shows none or either may be meant."""
    marks = [letter for letter in text if letter in ".,"]
    if not marks or _EITHER.fullmatch(text) or not re.fullmatch(r"[-+.,0-9]*[0-9][-+.,0-9e]*", text, re.I):
        return ""
    if len(set(marks)) == 2:
        return marks[-1]
    return marks[0] if len(marks) == 1 else {",": ".", ".": ","}[marks[0]]


def read_date(text: str) -> str:
    """A date as 2011, 2011-Q2, 2011-08 or 2011-08-31; raises InputError for what is none, or can be two."""
    form = "needs 2011, 2011-Q2, 2011-08 or 2011-08-31"
    if _SERIAL.fullmatch(text):
        day = datetime.date(1899, 12, 30) + datetime.timedelta(int(float(text)))
        raise InputError(f"{text!r} is a spreadsheet's number of a day, perhaps {day}: {form}")
    parts = next((match.groupdict() for each in _DATES if (match := each.fullmatch(text))), None)
    if parts is None:
        both = re.fullmatch(r"\d\d?([-/.])\d\d?\1\d\d(\d\d)?" + _TIME, text)
        raise InputError(f"{text!r}: {'day and month can be either; ' * bool(both)}{form}")
    year = int(parts.get("y") or 2000 + int(parts["short"]))
    if parts.get("q"):
        return f"{year}-Q{parts['q']}"
    month = int(parts.get("m") or 0)
    if name := parts.get("name"):
        month = next((number for number, full in enumerate(_MONTHS, 1) if full.startswith(name.lower())), 0)
    elif not parts.get("m"):
        return f"{year}"
    if not 1 <= month <= 12:
        raise InputError(f"{text!r}: {form}")
    try:
        day = datetime.date(year, month, int(parts.get("d") or 1))
    except ValueError:
        raise InputError(f"{text!r}: there is no such day") from None
    return f"{day:%Y-%m-%d}" if parts.get("d") else f"{day:%Y-%m}"
