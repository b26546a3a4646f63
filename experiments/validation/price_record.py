"""The record of prices as tidy tables: what was quoted, where, on which basis, and whether tuning has used it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
import xarray as xr

from model import data
from model.initial_state import PRICE_OF, PRICES_OF
from model.parameters.declaration import ParameterError, nearest

KINDS = {
    **dict.fromkeys(("annual_average", "volume_weighted"), "average of a year"),
    "quarter_average": "average of a quarter",
    "year_end": "year end",
    **dict.fromkeys(("month", "day", "month_assessment"), "dated quote"),
    "peak": "peak of a year",
}
"""Word of the table -> kind of point."""

BASES = {
    ("china", "domestic"): "China's home price (quotes with VAT)",
    ("china", "export"): "China's export price",
    ("europe", "import"): "assessment in Europe",
    ("unstated", "unstated"): "traded, basis not stated",
}
"""Market and basis of the table -> what is priced; all but the first are prices abroad."""

GIVEN, TUNED, FREE = "sets the model's first price", "used in tuning", "not used in tuning"

USED_IN_TUNING = {
    2008: {
        ("Dy", "2009-01", "month"),
        ("Dy", "2011-08", "month"),
        ("Nd", "2011", "peak"),
        *((element, year, "year_end") for element in ("Nd", "Dy") for year in ("2011", "2012", "2015")),
    }
}
"""Start of the replay -> the points (element, date, word of the table) on which its lines marked C rest: P1 to P3."""


def recorded_prices(*elements: str) -> xr.DataArray:
    """Recorded prices in USD/kg of oxide (series, date), NaN where there is none; a series is an element in a market.

    The coordinates `element` and `market` (in the words of BASES) say which; sources are in the attributes. Averages
    stand in the middle of their time. Raises ParameterError for an element without a record.
    """
    chosen = elements or ("Nd", "Dy")  # the longest record
    rows = _rows(chosen)
    days = [pd.Timestamp(middle(*span(str(row["date"]), str(row["date_type"])))) for row in rows]
    markets = [BASES[str(row["market"]), str(row["basis"])] for row in rows]
    table = pd.DataFrame(rows).assign(day=days, place=markets)
    wide = table.pivot_table("value", ["element", "place"], "day", aggfunc="last", sort=False).sort_index(axis=1)
    attrs = {"unit": "USD/kg", "long_name": "recorded price of oxide", "source": cited(table)}
    coords = {name: ("series", wide.index.get_level_values(level)) for level, name in enumerate(("element", "market"))}
    values, days = wide.to_numpy(), wide.columns.to_numpy("datetime64[ns]")
    return xr.DataArray(values, coords | {"date": days}, ("series", "date"), attrs=attrs, name="price")


def recorded_range(element: str, years: range) -> tuple[float, float]:
    """Lowest and highest recorded price of an element in some years, in all years where these have none, USD/kg."""
    rows = _rows([element])
    prices = [row["value"] for row in rows if int(row["date"][:4]) in years] or [row["value"] for row in rows]
    return min(prices), max(prices)


def price_points(elements: Iterable[str], start: int, months: int) -> pd.DataFrame:
    """Recorded prices of some elements within a replay of `months` from January of `start`, in order of date.

    One row per point: element, material, date as written, `first`, `middle` and `last` day that it speaks of, kind
    (see KINDS), market and basis (see BASES), `abroad` (or in China), value (USD/kg of oxide), use (GIVEN, TUNED or
    FREE), and source. Raises ParameterError for an element without a record.
    """
    years = range(start, start + months // 12)
    points = [_point(row, start) for row in _rows(list(elements)) if int(row["date"][:4]) in years]
    return pd.DataFrame(points).sort_values(["middle", "element"], kind="stable").reset_index(drop=True)


def _rows(elements: Sequence[str]) -> list[dict[str, Any]]:
    """Rows of the table of prices for some elements; raises ParameterError for one without a record."""
    rows = [row for row in data.table("prices") if isinstance(row["value"], float)]
    known = list(dict.fromkeys(str(row["element"]) for row in rows))
    for element in elements:
        if element not in known:
            raise ParameterError(f"no prices of {element!r} on record: {nearest(element, known)}")
    return [row for row in rows if row["element"] in elements]


def _point(row: dict[str, Any], start: int) -> dict[str, Any]:
    market, basis = str(row["market"]), str(row["basis"])
    return {
        **{name: row[name] for name in ("element", "material", "date", "value", "source")},
        **days_of(*span(row["date"], row["date_type"])),
        "kind": KINDS[row["date_type"]],
        "market": f"{market} {basis}",
        "basis": BASES[market, basis],
        "abroad": (market, basis) != ("china", "domestic"),
        "use": _use(row, start),
    }


def days_of(first: datetime.date, last: datetime.date) -> dict[str, pd.Timestamp]:
    """The `first`, `middle` and `last` day that a point speaks of."""
    days = {"first": first, "middle": middle(first, last), "last": last}
    return {name: pd.Timestamp(day) for name, day in days.items()}


def _use(row: dict[str, Any], start: int) -> str:
    """Whether a point was put in, tuned on, or neither."""
    element, date, word = str(row["element"]), str(row["date"]), str(row["date_type"])
    if word == "annual_average" and element in PRICE_OF.values() and int(date[:4]) in PRICES_OF[start]:
        return GIVEN
    return TUNED if (element, date, word) in USED_IN_TUNING.get(start, set()) else FREE


def span(date: str, word: str = "") -> tuple[datetime.date, datetime.date]:
    """First and last day of a date written 2011, 2011-Q2, 2011-08 or 2011-08-31; a year end is its last day."""
    period = pd.Period(date.replace("-Q", "Q"))
    last = period.end_time.date()
    return (last if word == "year_end" else period.start_time.date()), last


def middle(first: datetime.date, last: datetime.date) -> datetime.date:
    """The day half way between two."""
    return first + (last - first) / 2


def cited(points: pd.DataFrame) -> str:
    """The sources of some points: id, title and publisher of each, for a caption."""
    known = data.sources()
    used = dict.fromkeys(str(source) for source in points["source"])
    return "; ".join(f"{name}: {known[name]['title']} ({known[name]['publisher']})" for name in sorted(used))


def yearly_prices(element: str) -> dict[int, tuple[str, float]]:
    """Year -> (kind, USD/kg): a year's average where there is one, else its last price; 2007 on."""
    averages, ends = (
        {int(row["date"]): row["value"] for row in _rows([element]) if row["date_type"] == word}
        for word in ("annual_average", "year_end")
    )
    return {year: ("average", averages[year]) if year in averages else ("end", ends[year]) for year in averages | ends}


def materials() -> dict[str, str]:
    """Element with a price on record -> material of the model that it belongs to."""
    return {str(row["element"]): str(row["material"]) for row in data.table("prices") if row["material"] in PRICE_OF}


def level(element: str, start: int) -> float | None:
    """Price of an element over that of the one which stands for its material, in the years of the first price.

    None where the record has no such price.
    """
    prices = []
    for name in (element, PRICE_OF[materials()[element]]):
        known = {year: value for year, (kind, value) in yearly_prices(name).items() if kind == "average"}
        if not set(PRICES_OF[start]) <= set(known):
            return None
        prices.append(sum(known[year] for year in PRICES_OF[start]))
    return prices[0] / prices[1]
