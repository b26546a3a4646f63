"""Prices that a user brings: read from a table with the COLUMNS below, turned into USD/kg without tax, and checked."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from experiments.errors import InputError
from experiments.price_units import basis, element_symbol, price_unit, usd_per_kg, vat_included, vat_rate
from experiments.user_tables import Column, UserTable, read_table
from experiments.validation.market_replay import SIDES
from experiments.validation.price_record import materials, middle, recorded_range, span
from model.china_policy_record import REPLAY_MONTHS
from model.initial_state import PRICE_OF
from model.parameters.declaration import nearest
from model.parameters.presets import PRESETS

LABELS = ("material", "element", "market", "kind", "unit", "vat", "confirmed")
COLUMNS = {
    "date": Column("date", required=True),
    "value": Column("number", required=True, missing="drop"),
    "rate": Column("number", missing="keep"),
    **dict.fromkeys(LABELS, Column("label", missing="keep")),
}
MARKETS = {"abroad": SIDES["abroad"], "china": SIDES["home"]}
"""Where a price is paid -> the series of the replay."""
PLACES = {"abroad": "abroad", "china": "in China"}
"""Where a price is paid, in words."""

STARTS = {name: int(str(PRESETS[name]["start"])) for name in REPLAY_MONTHS}
YEARS = {name: range(start, start + REPLAY_MONTHS[name] // 12) for name, start in STARTS.items()}
"""Replay -> its years."""

KINDS = ("average", "end", "spot")
IMPLAUSIBLE = 5.0
"""A price so many times above the highest on record, or below the lowest, is refused unless it is confirmed."""


@dataclass(frozen=True)
class Price:
    """One price of the table."""

    line: int
    date: str
    name: str  #: the element, or the material where none is given
    material: str
    market: str
    kind: str
    value: float  #: USD/kg, without China's value-added tax where it was said to be included
    replay: str  #: the one in whose years the date lies; empty where it lies in none
    basis: str  #: how the price was understood

    @property
    def series(self) -> str:
        """What belongs together."""
        return f"{self.name} {PLACES[self.market]}, {self.replay or 'outside the replays'}"

    @property
    def start(self) -> int:
        """The first year of the replay."""
        return STARTS[self.replay]

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


@dataclass(frozen=True)
class UserPrices:
    """Prices that were read, by series and date, and remarks to print: what was left out, how it was understood."""

    prices: tuple[Price, ...]
    notes: tuple[str, ...]

    @property
    def replayed(self) -> tuple[Price, ...]:
        """Those with a date in the years of a replay."""
        return tuple(price for price in self.prices if price.replay)


def read_prices(source: str | Path | Any) -> UserPrices:
    """The prices of a CSV file, DataFrame or mapping of columns.

    Rows without a value are left out and counted, equal rows count once; a note counts the dates outside the replays.
    Raises InputError, one line that names the line, for what cannot be a price or can be two.
    """
    table = read_table(source, COLUMNS)
    if not {"material", "element"} & set(table.columns):
        raise InputError(f"{table.source}: needs a column material or element, has {', '.join(table.columns)}")
    if not len(table):
        raise InputError(f"{table.source}: holds no prices{''.join(f'; {note}' for note in table.notes)}")
    prices: dict[tuple[str, str, str], Price] = {}
    twice = 0
    for row in range(len(table)):
        try:
            price = _price(table, row)
        except InputError as error:
            raise InputError(f"{table.where(row)}: {error}") from None
        other = prices.setdefault((price.series, price.date, price.kind), price)
        if not np.isclose(other.value, price.value, rtol=1e-9):
            again = f"{price.date} is given again for {price.series}, but {price.value:.4g} USD/kg is not"
            before = f"the {other.value:.4g} of line {other.line}: keep one, or give the days"
            raise InputError(f"{table.where(row)}: {again} {before}")
        twice += other is not price
    notes = [*table.notes, *[f"{twice} equal row{'s' * (twice > 1)} counted once"] * bool(twice)]
    for words, count in Counter(price.basis for price in prices.values()).items():
        notes.append(f"{count} price{'s' * (count > 1)} read as {words}")
    if outside := sum(not price.replay for price in prices.values()):
        spans = ", ".join(f"{name} {years[0]} to {years[-1]}" for name, years in YEARS.items())
        notes.append(f"{outside} with a date outside the replays ({spans}): scored by the month alone")
    ordered = sorted(prices.values(), key=lambda price: (price.series, middle(*price.days), price.line))
    return UserPrices(tuple(ordered), tuple(notes))


def _price(table: UserTable, row: int) -> Price:
    cells = {name: str(table[name][row]) if name in table.columns else "" for name in ("date", *LABELS)}
    date = cells["date"]
    name, material = _material(cells["element"], cells["material"])
    kind = _choice("kind", cells["kind"] or ("spot" if len(date) == len("2011-08-31") else "average"), KINDS)
    if kind == "spot" and len({f"{day:%Y-%m}" for day in span(date)}) > 1:
        raise InputError(f"kind 'spot' of {date}: needs a month or a day; a year has an average or an end")
    value, unit = float(table["value"][row]), cells["unit"] or "USD/kg"
    if not 0 < value < np.inf:
        raise InputError(f"value {value:g}: needs a price above 0")
    currency, _ = price_unit(unit)
    market = _choice("market", cells["market"] or ("china" if currency == "CNY" else "abroad"), tuple(MARKETS))
    rate = float(table["rate"][row]) if "rate" in table.columns and table["rate"][row] > 0 else None
    vat = _vat(cells["vat"], currency, market, date)
    named = int(table.lines[row]), date, name, material, market, kind
    price = Price(*named, usd_per_kg(value, unit, rate, vat), _replay_of(date), basis(unit, rate, vat))
    if cells["confirmed"].lower() not in ("yes", "true", "1"):
        _question_scale(price)
    return price


def _material(element: str, material: str) -> tuple[str, str]:
    """Name and material of a price."""
    elements = materials()
    if material:
        material = _choice("material", material, tuple(PRICE_OF))
    if not element and not material:
        raise InputError(f"needs a material ({', '.join(PRICE_OF)}) or an element ({', '.join(elements)})")
    if not element:
        return material, material
    symbol = element_symbol(element, elements)
    if material and elements[symbol] != material:
        raise InputError(f"element {element!r} belongs to {elements[symbol]!r}, not {material!r}")
    return symbol, elements[symbol]


def _choice(name: str, word: str, allowed: tuple[str, ...]) -> str:
    """The word, in small letters, if it is allowed."""
    if word.lower() not in allowed:
        raise InputError(f"{name} {word!r}: allowed {', '.join(allowed)}; {nearest(word, allowed)}")
    return word.lower()


def _vat(word: str, currency: str, market: str, date: str) -> float:
    """The rate (0-1) of China's value-added tax in a price; in dollars and unsaid, there is none."""
    if not word and currency == "CNY":
        needs = "columns rate, CNY per USD, e.g. 7.3, and vat, China's tax included or excluded"
        raise InputError(f"a price in CNY: needs {needs}")
    if not word or not vat_included(word):
        return 0.0
    if market != "china":
        raise InputError(f"vat {word!r}: a price abroad holds no Chinese tax; is its market china?")
    return vat_rate(date)


def _question_scale(price: Price) -> None:
    """Raises InputError for a price that is far from all on record of its element."""
    element = PRICE_OF.get(price.name, price.name)
    low, high = recorded_range(element, YEARS.get(price.replay, range(0)))
    if not low / IMPLAUSIBLE <= price.value <= high * IMPLAUSIBLE:
        far = f"{price.value:.4g} USD/kg of {element} is far from all on record there ({low:g} to {high:g})"
        hint = "give its unit (USD/t, CNY/kg, CNY/t) or, if it is right, write yes in a column confirmed"
        raise InputError(f"{far}: {hint}")


def _replay_of(date: str) -> str:
    """The replay in whose years a date lies, empty where it lies in none."""
    return next((name for name, years in YEARS.items() if int(date[:4]) in years), "")
