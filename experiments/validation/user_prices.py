"""Prices that a reader brings: a file of them, read and checked.

A file has the columns date (2011, 2011-Q2, 2011-08 or 2011-08-31), material or element, value (USD/kg),
and may have market (china or abroad), kind (average, end or spot) and unit (USD/kg). Dates decide which
replay is meant.
"""

from __future__ import annotations

import csv
import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from experiments.validation.price_record import materials, middle, span
from model.china_policy_record import REPLAY_MONTHS
from model.initial_state import PRICE_OF
from model.parameters.declaration import ParameterError, nearest
from model.parameters.presets import PRESETS

COLUMNS = ("date", "material", "element", "value", "market", "kind", "unit")
MARKETS = {"abroad": "price_{}", "china": "home_price_{}"}
"""Where a price is paid -> the watched series."""

KINDS = ("average", "end", "spot")


@dataclass(frozen=True)
class Price:
    """One price of the file."""

    line: int
    date: str
    name: str
    """The element, or the material where none is given."""
    material: str
    market: str
    kind: str
    value: float
    replay: str

    @property
    def series(self) -> str:
        """What belongs together."""
        return f"{self.name} {self.market}, {self.replay}"

    @property
    def start(self) -> int:
        """The first year of the replay."""
        return int(str(PRESETS[self.replay]["start"]))

    @property
    def days(self) -> tuple[datetime.date, datetime.date]:
        """First and last day that the price speaks of; the last alone for a price at the end."""
        first, last = span(self.date)
        return (last if self.kind == "end" else first), last

    @property
    def months(self) -> tuple[str, str]:
        """The months of these days."""
        first, last = self.days
        return f"{first:%Y-%m}", f"{last:%Y-%m}"


def read_prices(path: str | Path) -> list[Price]:
    """The prices of a file, by series and date; raises ParameterError, with the line, for what cannot be one."""
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        table = csv.DictReader(file, strict=True)
        try:
            columns = [str(name).strip() for name in table.fieldnames or ()]
            table.fieldnames = columns
            rows = list(table)
        except (csv.Error, UnicodeDecodeError) as error:
            raise ParameterError(f"{path}: is no table of comma-separated values: {error}") from None
    _check_columns(str(path), columns)
    prices = []
    for number, row in enumerate(rows, 2):
        try:
            prices.append(_price(number, {name: str(cell or "").strip() for name, cell in row.items() if name}))
        except ParameterError as error:
            raise ParameterError(f"{path}, line {number}: {error}") from None
    if not prices:
        raise ParameterError(f"{path}: holds no prices")
    return sorted(prices, key=lambda price: (price.series, middle(*price.days), price.line))


def _check_columns(path: str, columns: list[str]) -> None:
    for name in columns:
        if name not in COLUMNS:
            raise ParameterError(f"{path}: unknown column {name!r}: {nearest(name, COLUMNS)}")
    for needed in (("date",), ("material", "element"), ("value",)):
        if not set(needed) & set(columns):
            raise ParameterError(f"{path}: needs a column {' or '.join(needed)}, has {', '.join(columns) or 'none'}")


def _price(line: int, row: Mapping[str, str]) -> Price:
    date = row["date"]
    if not re.fullmatch(r"\d{4}(-Q[1-4]|-(0[1-9]|1[0-2])(-\d{2})?)?", date):
        raise ParameterError(f"date {date!r}: needs 2011, 2011-Q2, 2011-08 or 2011-08-31")
    try:
        first, last = span(date)
    except ValueError:
        raise ParameterError(f"date {date!r}: there is no such day") from None
    name, material = _material(row)
    kind = row.get("kind") or ("spot" if len(date) == len("2011-08-31") else "average")
    if kind not in KINDS:
        raise ParameterError(f"kind {kind!r}: allowed {', '.join(KINDS)}; {nearest(kind, KINDS)}")
    if kind == "spot" and f"{first:%Y-%m}" != f"{last:%Y-%m}":
        raise ParameterError(f"kind 'spot' of {date}: needs a month or a day; a year has an average or an end")
    market = row.get("market") or "abroad"
    if market not in MARKETS:
        raise ParameterError(f"market {market!r}: allowed {', '.join(MARKETS)}; {nearest(market, MARKETS)}")
    if row.get("unit") not in (None, "", "USD/kg"):
        raise ParameterError(f"unit {row['unit']!r}: allowed USD/kg")
    return Price(line, date, name, material, market, kind, _value(row["value"]), _replay_of(date))


def _material(row: Mapping[str, str]) -> tuple[str, str]:
    """Name and material of a price."""
    elements = materials()
    element, material = row.get("element", ""), row.get("material", "")
    if element and element not in elements:
        raise ParameterError(f"unknown element {element!r}: {nearest(element, elements)}")
    if material and material not in PRICE_OF:
        raise ParameterError(f"unknown material {material!r}: {nearest(material, PRICE_OF)}")
    if not element and not material:
        raise ParameterError(f"needs a material ({', '.join(PRICE_OF)}) or an element ({', '.join(elements)})")
    if element and material and elements[element] != material:
        raise ParameterError(f"element {element!r} belongs to {elements[element]!r}, not {material!r}")
    return element or material, material or elements[element]


def _value(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = np.nan
    if not 0 < value < np.inf:
        raise ParameterError(f"value {text!r}: needs a price above 0 in USD/kg")
    return value


def _replay_of(date: str) -> str:
    """The replay in whose years a date lies; raises ParameterError when it lies in none."""
    spans = {name: int(str(PRESETS[name]["start"])) for name in REPLAY_MONTHS}
    for name, start in spans.items():
        if start <= int(date[:4]) < start + REPLAY_MONTHS[name] // 12:
            return name
    known = ", ".join(f"{name} {start} to {start + REPLAY_MONTHS[name] // 12 - 1}" for name, start in spans.items())
    raise ParameterError(f"date {date!r} lies in no replay: {known}")
