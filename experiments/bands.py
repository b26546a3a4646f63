"""Monthly paths as bands over worlds, and what the record of the market shows: small tables for pictures."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import xarray as xr

from experiments.record import middle, span
from experiments.summaries import QUANTILES, quantiles


def bands(paths: xr.DataArray) -> xr.DataArray:
    """Median, 50 % and 90 % bands of monthly paths over worlds, (quantile, month).

    Paths have the dimensions month and world (or replicate); what is already in quantiles is returned
    as it is. Raises ValueError for anything else.
    """
    if "quantile" in paths.dims:
        return paths
    over = [dim for dim in ("world", "replicate") if dim in paths.dims]
    if len(over) != 1 or set(paths.dims) != {"month", over[0]}:
        raise ValueError(
            f"{paths.name}: bands need month and world (or replicate), got {', '.join(map(str, paths.dims))}"
        )
    values = quantiles(paths.transpose("month", over[0]).values)
    coords = {"quantile": list(QUANTILES), "month": paths["month"]}
    attrs = paths.attrs | {"worlds": paths.sizes[over[0]]}
    return xr.DataArray(values, coords, ("quantile", "month"), name=paths.name, attrs=attrs)


def means(paths: xr.DataArray) -> xr.Dataset:
    """Mean of monthly paths over worlds and its standard error, (month,)."""
    over = "world" if "world" in paths.dims else "replicate"
    if set(paths.dims) != {"month", over}:
        raise ValueError(
            f"{paths.name}: means need month and world (or replicate), got {', '.join(map(str, paths.dims))}"
        )
    error = paths.std(over, ddof=1) / paths.sizes[over] ** 0.5
    return xr.Dataset({"mean": paths.mean(over).assign_attrs(paths.attrs), "error": error})


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
