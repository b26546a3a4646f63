"""Zones of agreement: a sweep over the terms of a deal goes in, a small table of who would sign comes out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr

from experiments.errors import InputError
from model import data
from model.talks.recorded_drafts import DRAFT_TERMS

SIGNATORIES = {"ukraine": "Ukraine", "united_states": "the United States"}


def share_of_worlds(outcome: xr.DataArray, over: str = "replicate") -> xr.Dataset:
    """Share of worlds in which a 0/1 outcome is true, 0-1, and its Monte Carlo standard error; NaN does not count.

    The error is the standard deviation of the Jeffreys posterior: not 0 when no world, or every world, says yes.
    """
    count = outcome.notnull().sum(over)
    true = outcome.sum(over, skipna=True)
    a, b = true + 0.5, count - true + 0.5
    error = (a * b / ((a + b) * (a + b) * (a + b + 1))) ** 0.5
    words = outcome.attrs.get("meaning", outcome.name)
    share = (true / count).assign_attrs(long_name=f"share of worlds: {words}", unit="share")
    return xr.Dataset({"share": share, "error": error.assign_attrs(long_name="standard error", unit="share")})


def agreement(results: xr.Dataset, threshold: float = 0.5) -> xr.Dataset:
    """Who would sign at each point of a sweep over terms, and the zone of possible agreement.

    For both signatories: the share of worlds in which it would sign (`ukraine_signs`), its standard error
    (`ukraine_signs_error`), its mean gain (`ukraine_gain`, percent of Ukraine's GDP) and whether the share
    reaches `threshold` (`ukraine_zone`). `zone` is where both do; `less_willing` the share of the one who
    signs less often; `both_sign` that of worlds in which both would. Raises InputError for results without these.
    """
    names = [f"{who}_{what}" for who in SIGNATORIES for what in ("accepts", "gain")]
    for name in names:
        if name not in results:
            raise InputError(f"the results have no {name}: a zone of agreement needs {', '.join(names)}")
    table: dict[str, xr.DataArray] = {}
    accepts = {who: results[f"{who}_accepts"].load() for who in SIGNATORIES}
    for who, accepted in accepts.items():
        signs = share_of_worlds(accepted)
        words = f"share of worlds in which {SIGNATORIES[who]} would sign"
        table[f"{who}_signs"] = signs.share.assign_attrs(long_name=words)
        table[f"{who}_signs_error"] = signs.error
        gain = results[f"{who}_gain"]
        table[f"{who}_gain"] = gain.mean("replicate").assign_attrs(gain.attrs)
        table[f"{who}_zone"] = signs.share >= threshold
    both = share_of_worlds(accepts["ukraine"] * accepts["united_states"])
    table["both_sign"] = both.share.assign_attrs(long_name="share of worlds in which both would sign")
    table["both_sign_error"] = both.error
    less = xr.apply_ufunc(np.minimum, table["ukraine_signs"], table["united_states_signs"])
    table["less_willing"] = less.assign_attrs(long_name="share of the less willing side", unit="share")
    table["zone"] = table["ukraine_zone"] & table["united_states_zone"]
    kept = {name: results.attrs[name] for name in ("preset", "seed", "months", "parameters") if name in results.attrs}
    return xr.Dataset(table, attrs=kept | {"threshold": threshold, "replicates": results.sizes["replicate"]})


def zone_bounds(table: xr.Dataset, *terms: str) -> xr.Dataset:
    """Size and bounds of the zone of agreement in the plane (or line) of `terms`; other dimensions stay.

    `area` is the part inside the zone (0-1, a grid point standing for the rectangle around it); `<term>_low` and
    `<term>_high` are the lowest and highest term in the zone, NaN if it is empty.
    """
    weights = xr.DataArray(1.0)
    for term in terms:
        values = table[term].values.astype(float)
        edges = np.concatenate([values[:1], (values[1:] + values[:-1]) / 2, values[-1:]])
        weights = weights * xr.DataArray(np.diff(edges) / (edges[-1] - edges[0]), dims=term, coords={term: values})
    bounds = {"area": (table["zone"] * weights).sum(terms).assign_attrs(unit="share", long_name="area of the zone")}
    for term in terms:
        inside = table[term].where(table["zone"])
        bounds[f"{term}_low"] = inside.min(terms).assign_attrs(table[term].attrs)
        bounds[f"{term}_high"] = inside.max(terms).assign_attrs(table[term].attrs)
    return xr.Dataset(bounds)


def nash_point(table: xr.Dataset, *terms: str) -> xr.Dataset:
    """The point of the grid with the largest product of both gains, among those at which neither loses.

    Nash (1950), with no deal as the disagreement point. NaN everywhere when each point harms somebody.
    """
    ukraine, united_states = _gains(table)
    return _best(table, ukraine * united_states, terms)


def kalai_smorodinsky_point(table: xr.Dataset, *terms: str) -> xr.Dataset:
    """The point of the grid at which the smaller relative gain is largest, among those at which neither loses.

    Kalai and Smorodinsky (1975) on a finite set: each gain is relative to the most its owner could get
    without harm to the other. NaN everywhere when each point harms somebody.
    """
    relative = [gain / gain.max(terms).where(gain.max(terms) > 0) for gain in _gains(table)]
    return _best(table, xr.apply_ufunc(np.minimum, *relative), terms)


def _gains(table: xr.Dataset) -> list[xr.DataArray]:
    """The gains of both, NaN where signing harms one."""
    gains = [table[f"{who}_gain"] for who in SIGNATORIES]
    return [gain.where((gains[0] >= 0) & (gains[1] >= 0)) for gain in gains]


def _best(table: xr.Dataset, score: xr.DataArray, terms: tuple[str, ...]) -> xr.Dataset:
    """Terms, gains and signing shares where `score` is largest; NaN where it is NaN everywhere."""
    wanted = [f"{who}_{what}" for who in SIGNATORIES for what in ("gain", "signs")]
    best = table[wanted].isel(score.fillna(-np.inf).argmax(terms)).reset_coords(terms)
    return best.where(score.notnull().any(terms))


def recorded_drafts(results: xr.Dataset) -> xr.Dataset:
    """The recorded drafts of the deal (dimension `draft`) beside the terms of a sweep.

    `same_terms` tells whether a draft agrees with everything the sweep holds fixed, so that it lies in
    the plane of the sweep; the others are only projected on it.
    """
    held: Mapping[str, Any] = json.loads(results.attrs.get("parameters", "{}"))
    rows = data.table("drafts")
    content: dict[str, Any] = {name: ("draft", [str(row[name]) for row in rows]) for name in ("label", "outcome")}
    for name in DRAFT_TERMS:
        content[name] = ("draft", [float(row[name] or 0.0) for row in rows])
    same = [all(float(row[name] or 0.0) == held[name] for name in DRAFT_TERMS if name in held) for row in rows]
    content["same_terms"] = ("draft", same)
    return xr.Dataset(content, coords={"draft": [str(row["id"]) for row in rows]})
