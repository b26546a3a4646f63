"""Monthly paths as quantile bands or means over worlds: small tables for pictures."""

from __future__ import annotations

import xarray as xr

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


def means(paths: xr.DataArray) -> xr.Dataset:
    """Mean of monthly paths over worlds and its standard error, (..., month)."""
    over, _ = _dimensions(paths, "means")
    error = paths.std(over, ddof=1) / paths.sizes[over] ** 0.5
    return xr.Dataset({"mean": paths.mean(over).assign_attrs(paths.attrs), "error": error})


def _dimensions(paths: xr.DataArray, what: str) -> tuple[str, list[str]]:
    """The dimension of worlds and those beside it and the month; raises InputError where one is missing."""
    over = [name for name in ("world", "replicate") if name in paths.dims]
    if len(over) != 1 or "month" not in paths.dims:
        got = ", ".join(map(str, paths.dims))
        raise InputError(f"{paths.name}: {what} need month and world (or replicate), got {got}")
    return over[0], [str(name) for name in paths.dims if name not in ("month", over[0])]
