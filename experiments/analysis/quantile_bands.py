"""Monthly paths as bands over worlds, and what the record of the market shows: small tables for pictures."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import xarray as xr

from experiments.store.quantile_summaries import QUANTILES, quantiles
from experiments.validation.price_record import middle, span


def bands(paths: xr.DataArray) -> xr.DataArray:
    """Median, 50 % and 90 % bands of monthly paths over worlds, (quantile, ..., month).

    Paths have the dimensions month and world (or replicate), and may have others, which stay; what is
    already in quantiles is returned as it is. Raises ValueError for anything else.
    """
    if "quantile" in paths.dims:
        return paths
    over, others = _over(paths, "bands")
    values = quantiles(paths.transpose(*others, "month", over).values)
    coords = {"quantile": list(QUANTILES), **{name: paths[name] for name in (*others, "month")}}
    attrs = paths.attrs | {"worlds": paths.sizes[over]}
    return xr.DataArray(values, coords, ("quantile", *others, "month"), name=paths.name, attrs=attrs)


def means(paths: xr.DataArray) -> xr.Dataset:
    """Mean of monthly paths over worlds and its standard error, (..., month)."""
    over, _ = _over(paths, "means")
    error = paths.std(over, ddof=1) / paths.sizes[over] ** 0.5
    return xr.Dataset({"mean": paths.mean(over).assign_attrs(paths.attrs), "error": error})


def _over(paths: xr.DataArray, what: str) -> tuple[str, list[str]]:
    """The dimension of worlds and those beside it and the month. Raises ValueError where one is missing."""
    over = [name for name in ("world", "replicate") if name in paths.dims]
    if len(over) != 1 or "month" not in paths.dims:
        raise ValueError(
            f"{paths.name}: {what} need month and world (or replicate), got {', '.join(map(str, paths.dims))}"
        )
    return over[0], [str(name) for name in paths.dims if name not in ("month", over[0])]


def price_record(*elements: str) -> xr.DataArray:
    """Recorded prices in USD/kg of oxide (element, date), NaN where there is none; sources in the attributes.

    Annual averages stand in the middle of their year. Default: Nd and Dy, the elements with the longest record.
    """
    from model import data

    chosen = elements or ("Nd", "Dy")
    kinds = {"annual_average", "quarter_average", "month", "day", "year_end", "peak", "month_assessment"}
    rows = [row for row in data.table("prices") if row["element"] in chosen and row["date_type"] in kinds]
    if {str(row["element"]) for row in rows} != set(chosen):
        known = sorted({str(row["element"]) for row in data.table("prices")})
        raise ValueError(f"elements {', '.join(chosen)}: allowed {', '.join(known)}")
    dates = sorted({_day(row) for row in rows})
    values = np.full((len(chosen), len(dates)), np.nan)
    for row in rows:
        if isinstance(row["value"], float) and row["unit"] == "USD/kg":
            values[chosen.index(str(row["element"])), dates.index(_day(row))] = row["value"]
    used = sorted({str(row["source"]) for row in rows})
    attrs = {"unit": "USD/kg", "long_name": "recorded price of oxide", "source": ", ".join(used)}
    coords = {"element": list(chosen), "date": np.array(dates, dtype="datetime64[ns]")}
    return xr.DataArray(values, coords, ("element", "date"), attrs=attrs, name="price")


def _day(row: dict[str, Any]) -> datetime.date:
    """Where a row of the record stands in time: the middle of what it speaks of."""
    return middle(*span(str(row["date"]), str(row["date_type"])))
