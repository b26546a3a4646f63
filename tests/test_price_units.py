"""How prices are quoted: units, tax and names of elements."""

from __future__ import annotations

import pytest

from experiments.errors import InputError
from experiments.price_units import basis, element_symbol, price_unit, usd_per_kg, vat_included, vat_rate

KNOWN = ("La", "Nd", "Dy", "NdPr")


@pytest.mark.parametrize(
    ("written", "symbol"),
    [("dy", "Dy"), ("Dysprosium", "Dy"), ("DYSPROSIUM OXIDE", "Dy"), ("Dy2O3", "Dy"), ("NdPr", "NdPr"),
     ("ndpr oxide", "NdPr"), ("Pr-Nd", "NdPr"), ("didymium", "NdPr"), ("lanthanum", "La")],
)  # fmt: skip
def test_elements_by_any_name(written: str, symbol: str) -> None:
    assert element_symbol(written, KNOWN) == symbol


def test_an_unknown_element_is_refused_with_the_nearest() -> None:
    with pytest.raises(InputError, match="unknown element 'Disprosium': did you mean 'Dy'"):
        element_symbol("Disprosium", KNOWN)


@pytest.mark.parametrize(
    ("written", "unit"),
    [("USD/kg", ("USD", 1)), ("US$ / t", ("USD", 1000)), ("CNY/t", ("CNY", 1000)), ("RMB/kg", ("CNY", 1)),
     ("yuan per tonne", ("CNY", 1000)), ("usd/mt", ("USD", 1000))],
)  # fmt: skip
def test_units_as_they_are_quoted(written: str, unit: tuple[str, int]) -> None:
    assert price_unit(written) == unit


def test_a_chinese_quote_becomes_dollars() -> None:
    assert usd_per_kg(413_000, "CNY/t", 7.3, vat_rate("2025-01")) == pytest.approx(50.07, abs=0.01)
    assert usd_per_kg(50, "USD/kg") == 50 and usd_per_kg(50_000, "USD/t", 7.3) == 50
    assert basis("RMB/t", 7.3, 0.13) == "CNY/t at 7.3 CNY/USD, less 13 % value-added tax"
    with pytest.raises(InputError, match="needs the rate"):
        usd_per_kg(413_000, "CNY/t")
    with pytest.raises(InputError, match="allowed USD/kg, USD/t, CNY/kg, CNY/t"):
        price_unit("EUR/kg")


def test_tax_of_the_time_and_its_words() -> None:
    rates = {"2011": 0.17, "2018-04": 0.17, "2018-05-01": 0.16, "2019-Q1": 0.16, "2019-Q2": 0.13, "2025-08": 0.13}
    assert {date: vat_rate(date) for date in rates} == rates
    assert vat_included("Included") and not vat_included("excl.")
    with pytest.raises(InputError, match="allowed included, excluded"):
        vat_included("perhaps")
