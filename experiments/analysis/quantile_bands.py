"""Monthly paths as quantile bands or means over worlds: small tables for pictures."""

from __future__ import annotations

import numpy as np
import xarray as xr

from experiments.analysis.deal.agreement_zones import share_of_worlds
from experiments.analysis.shares_and_survival import Z
from experiments.errors import InputError
from experiments.store.quantile_summaries import QUANTILES, quantiles


def bands(paths: xr.DataArray) -> xr.DataArray:
    """Median, 50 % and 90 % bands of monthly paths over worlds, (quantile, ..., month).

    Paths have the dimensions month and world (or replicate); others stay, and so do quantiles. Raises InputError
    for anything else.
    """
    if "quantile" in paths.dims:
        return paths
    over, others = _dimensions(paths, "bands")
    values = quantiles(paths.transpose(*others, "month", over).values)
    coords = {"quantile": list(QUANTILES), **{name: paths[name] for name in (*others, "month")}}
    attrs = paths.attrs | {"worlds": paths.sizes[over]}
    return xr.DataArray(values, coords, ("quantile", *others, "month"), name=paths.name, attrs=attrs)


def means(paths: xr.DataArray, over: str = "") -> xr.Dataset:
    """Mean over worlds and its interval of 95 %, `low` to `high`; of a 0/1 variable the share and Wilson's interval.

    Of monthly paths the dimensions (..., month) stay; of outcomes those beside `over`. Unknown worlds (NaN or
    infinite) do not count; where there is none, the mean is NaN.
    """
    over = over or _dimensions(paths, "means")[0]
    paths = paths.where(np.isfinite(paths))
    if paths.attrs.get("unit") == "0/1":
        shares = share_of_worlds(paths, over)
        table = shares.rename(share="mean")
    else:
        known = paths.notnull().sum(over)
        mean, half = paths.mean(over), Z * paths.std(over, ddof=1) / known**0.5
        table = xr.Dataset({"mean": mean, "low": mean - half, "high": mean + half, "known": known})
    return table.assign(mean=table["mean"].assign_attrs(paths.attrs))


def _dimensions(paths: xr.DataArray, what: str) -> tuple[str, list[str]]:
    """The dimension of worlds and those beside it and the month; raises InputError where one is missing."""
    over = [name for name in ("world", "replicate") if name in paths.dims]
    if len(over) != 1 or "month" not in paths.dims:
        got = ", ".join(map(str, paths.dims))
        raise InputError(f"{paths.name}: {what} need month and world (or replicate), got {got}")
    return over[0], [str(name) for name in paths.dims if name not in ("month", over[0])]
