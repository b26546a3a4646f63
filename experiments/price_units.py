"""How prices of rare earths are quoted: the units, China's value-added tax, and the names of elements."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from experiments.errors import InputError

UNITS = ("USD/kg", "USD/t", "CNY/kg", "CNY/t")
CURRENCIES = {"usd": "USD", "us$": "USD", "$": "USD", "cny": "CNY", "rmb": "CNY", "yuan": "CNY", "\N{YEN SIGN}": "CNY"}
WEIGHTS = {"kg": 1, "kilogram": 1, "t": 1000, "mt": 1000, "ton": 1000, "tonne": 1000}
"""Word -> kg; a ton is the metric one, as everywhere in this trade."""

VAT_RATES = {"1994-01": 0.17, "2018-05": 0.16, "2019-04": 0.13}
"""Month from which on it holds -> China's general rate of value-added tax (0-1)."""

VAT_WORDS = {"included": True, "incl": True, "with": True, "yes": True, "excluded": False, "excl": False,
             "without": False, "no": False}  # fmt: skip
NAMES = {
    "La": "lanthanum", "Ce": "cerium", "Pr": "praseodymium", "Nd": "neodymium", "Sm": "samarium", "Eu": "europium",
    "Gd": "gadolinium", "Tb": "terbium", "Dy": "dysprosium", "Ho": "holmium", "Er": "erbium", "Tm": "thulium",
    "Yb": "ytterbium", "Lu": "lutetium", "Y": "yttrium", "Sc": "scandium", "NdPr": "didymium",
}  # fmt: skip


def element_symbol(text: str, known: Iterable[str]) -> str:
    """The symbol in `known` that `dy`, `Dysprosium`, `Dy2O3`, `dysprosium oxide` or `PrNd` name; raises InputError."""
    symbols = list(known)
    spelt = {symbol.lower(): symbol for symbol in symbols}
    spelt |= {NAMES[symbol]: symbol for symbol in symbols if symbol in NAMES}
    if "NdPr" in symbols:
        spelt |= dict.fromkeys(("prnd", "neodymiumpraseodymium", "praseodymiumneodymium"), "NdPr")
    word = re.sub(r"[^a-z0-9]|oxide", "", text.lower())
    word = re.sub(r"([24]o[37]|6o11|o2|2o3)$", "", word)
    if word not in spelt:
        alike = difflib.get_close_matches(word, spelt, n=1, cutoff=0.6)
        hint = f"did you mean {spelt[alike[0]]!r}?" if alike else f"known: {', '.join(symbols)}"
        raise InputError(f"unknown element {text!r}: {hint}")
    return spelt[word]


def price_unit(text: str) -> tuple[str, int]:
    """Currency (USD or CNY) and kg of a unit like USD/kg, RMB/t or `yuan per tonne`; raises InputError."""
    currency, _, weight = re.sub(r"\s*(/|\bper\b)\s*", "/", text.strip().lower()).partition("/")
    if currency not in CURRENCIES or weight not in WEIGHTS:
        raise InputError(f"unit {text!r}: allowed {', '.join(UNITS)}")
    return CURRENCIES[currency], WEIGHTS[weight]


def vat_included(text: str) -> bool:
    """What the words included or excluded say of a price; raises InputError."""
    word = text.strip().lower().rstrip(".")
    if word not in VAT_WORDS:
        raise InputError(f"vat {text!r}: allowed included, excluded")
    return VAT_WORDS[word]


def vat_rate(date: str) -> float:
    """China's general rate of value-added tax (0-1) on a date 2011, 2011-Q2, 2011-08 or 2011-08-31; 17 % before all."""
    month = f"{date[:4]}-{3 * int(date[-1]):02}" if "Q" in date else f"{date}-12"[:7]
    return [0.17, *(rate for since, rate in VAT_RATES.items() if since <= month)][-1]


def usd_per_kg(value: float, unit: str, cny_per_usd: float | None = None, vat: float = 0.0) -> float:
    """A price in USD/kg without tax; `vat` is the rate that it includes (0-1). Raises InputError without a rate."""
    currency, kilograms = price_unit(unit)
    if currency == "CNY" and not cny_per_usd:
        raise InputError(f"unit {unit!r}: needs the rate, CNY per USD, e.g. 7.3")
    return value / kilograms / (1.0 + vat) / (cny_per_usd or 1.0 if currency == "CNY" else 1.0)


def basis(unit: str, cny_per_usd: float | None = None, vat: float = 0.0) -> str:
    """How a price was understood, to be printed back: `CNY/t at 7.3 CNY/USD, less 13 % value-added tax`."""
    currency, kilograms = price_unit(unit)
    said = f"{currency}/{'kg' if kilograms == 1 else 't'}"
    rate = f" at {cny_per_usd:g} CNY/USD" if currency == "CNY" and cny_per_usd else ""
    return said + rate + (f", less {vat:.0%} value-added tax".replace("%", " %") if vat else "")
