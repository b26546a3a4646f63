"""Shares of worlds with their intervals, and how long a peace lasts where runs end before it does."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import xarray as xr

Z = 1.959963984540054
"""The quantile of the normal distribution between whose negative and itself 95 % lie."""


class Share(NamedTuple):
    """A share of worlds (0-1), its 95 % interval, and the number of worlds that say it; NaN where none does."""

    share: float
    low: float
    high: float
    known: int

    def __str__(self) -> str:
        """In words: 93.0 % (90.1 to 95.1), or unknown."""
        return percent(*self[:3])


class Event(NamedTuple):
    """The share of cases in which an event comes by a horizon, with its 95 % interval.

    `known` counts the cases, `censored` is the part of them (0-1) whose record ends before the horizon.
    """

    share: float
    low: float
    high: float
    known: int
    censored: float

    def __str__(self) -> str:
        """In words, as a share."""
        return percent(*self[:3])


def percent(share: float, low: float, high: float) -> str:
    """A share and its interval in words: 93.0 % (90.1 to 95.1), or unknown."""
    return "unknown" if math.isnan(share) else f"{100 * share:.1f} % ({100 * low:.1f} to {100 * high:.1f})"


def share_interval(values: Any) -> Share:
    """The share of true among 0/1 `values`, NaN being unknown, with Wilson's (1927) interval of 95 %."""
    known = np.asarray(values, dtype=np.float64).ravel()
    known = known[~np.isnan(known)]
    share, low, high = map(float, wilson(known.sum(), len(known)))
    return Share(share, low, high, len(known))


def kaplan_meier(months: Any, happened: Any, horizon: float) -> Event:
    """The share of cases in which an event comes within `horizon` months, by Kaplan and Meier (1958).

    `months` (case,) is how long each case was followed, until the event where it `happened` (case,); NaN is no
    case. The interval is Greenwood's on the scale log(-log), and Wilson's among those last at risk where the event
    came in none or in all. NaN where nobody was followed so long.
    """
    followed, came = np.asarray(months, dtype=np.float64).ravel(), np.asarray(happened, dtype=bool).ravel()
    came, followed = came[~np.isnan(followed)], followed[~np.isnan(followed)]
    known = len(followed)
    if not known:
        return Event(math.nan, math.nan, math.nan, 0, math.nan)
    censored = float((~came & (followed < horizon)).mean())
    times, events = np.unique(followed[came & (followed <= horizon)], return_counts=True)
    at_risk = (followed[:, None] >= times).sum(0)
    survival = float(np.prod(1 - events / at_risk))
    if survival > 0 and followed.max() < horizon:
        return Event(math.nan, math.nan, math.nan, known, censored)
    if not 0 < survival < 1:
        last = int((followed >= horizon).sum()) if survival else int(at_risk[-1])
        share, low, high = map(float, wilson(0.0 if survival else last, last))
        return Event(share, low, high, known, censored)
    error = math.sqrt((events / (at_risk * (at_risk - events))).sum()) / abs(math.log(survival))
    low, high = (1 - survival ** math.exp(sign * Z * error) for sign in (-1, 1))
    return Event(1 - survival, low, high, known, censored)


def renewed_war(results: xr.Dataset, years: float) -> Event:
    """The share of worlds with a ceasefire in which war comes back within so many years of the first one.

    Worlds whose run ends sooner are censored. `results` has one row of worlds, and the attribute `months`.
    """
    return kaplan_meier(*_followed(results), 12 * years)


def renewed_war_by_row(results: xr.Dataset, years: float) -> xr.Dataset:
    """The same for every row of a sweep: `mean`, `low`, `high`, `known` and `censored`, over `replicate`."""
    rows = xr.apply_ufunc(
        lambda months, happened: tuple(kaplan_meier(months, happened, 12 * years)),
        *_followed(results), input_core_dims=[["replicate"]] * 2, output_core_dims=[[]] * 5, vectorize=True,
    )  # fmt: skip
    words = f"war again within {years:g} years of the first ceasefire (Kaplan-Meier: runs that end sooner are censored)"
    table = xr.Dataset(dict(zip(("mean", *Event._fields[1:]), rows, strict=True)))
    return table.assign(mean=table["mean"].assign_attrs(unit="0/1", meaning=words))


def _followed(results: xr.Dataset) -> tuple[xr.DataArray, xr.DataArray]:
    """For how many months each world was followed from its first ceasefire on, and whether war came back."""
    ceasefire, renewal = (results[f"{name}_month"].astype(np.float64) for name in ("ceasefire", "renewal"))
    happened = renewal.where(np.isfinite(renewal)).notnull()
    end = renewal.where(happened, float(results.attrs["months"]))
    return (end - ceasefire).where(ceasefire < np.inf), happened


def wilson(true: Any, known: Any) -> tuple[Any, Any, Any]:
    """The share `true` of `known` cases and Wilson's interval of 95 %, elementwise; NaN of nothing."""
    known = np.where(np.asarray(known) > 0, known, np.nan)
    share, wide = true / known, Z * Z / known
    middle = (share + wide / 2) / (1 + wide)
    half = Z * np.sqrt(share * (1 - share) / known + wide / (4 * known)) / (1 + wide)
    low, high = np.where(true == 0, 0.0, middle - half), np.where(true == known, 1.0, middle + half)
    return share, np.where(known > 0, low, np.nan), np.where(known > 0, high, np.nan)
