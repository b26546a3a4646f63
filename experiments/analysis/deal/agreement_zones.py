"""Zones of agreement: a sweep over the terms of a deal goes in, a small table of who would sign comes out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr

from experiments.analysis.shares_and_survival import wilson
from experiments.errors import InputError
from model import data
from model.record.variables import NAMES
from model.states.reasons import SIGNATORIES
from model.talks.recorded_drafts import DRAFT_TERMS

ABOUT = (
    "preset", "seed", "months", "start", "parameters", "replicates", "blocks", "blocks_done", "rows_failed",
)  # fmt: skip
"""Attributes of a store that a table made of it keeps, for what is said beside a picture."""


def facts(results: xr.Dataset) -> dict[str, Any]:
    """What a table or picture of a store says of where it comes from and how much of it is there."""
    return {name: results.attrs[name] for name in ABOUT if name in results.attrs}


def share_of_worlds(outcome: xr.DataArray, over: str = "replicate") -> xr.Dataset:
    """Share of worlds in which a 0/1 outcome is true, 0-1; NaN is unknown and does not count.

    Beside `share` its interval of 95 % (Wilson 1927), `low` to `high`, and `known`, the number of worlds that say it;
    where that is 0, the share is NaN.
    """
    known = outcome.notnull().sum(over)
    parts = xr.apply_ufunc(wilson, outcome.sum(over, skipna=True), known, output_core_dims=[[], [], []])
    words = f"share of worlds: {outcome.attrs.get('meaning', outcome.name)}"
    named = dict(zip(("share", "low", "high"), parts, strict=True))
    return xr.Dataset({name: each.assign_attrs(long_name=words, unit="share") for name, each in named.items()}).assign(
        known=known.assign_attrs(long_name="worlds known", unit="1")
    )


def asked(results: xr.Dataset) -> bool:
    """Whether anybody is asked to sign in all of these results: in imposed talks, and in none, nobody is."""
    talks = np.ravel(results["talks"]) if "talks" in results.coords else [_held(results).get("talks", "fixed")]
    return not {"imposed", "none"} & {str(each) for each in talks}


def _held(results: xr.Dataset) -> Mapping[str, Any]:
    """The parameters that all rows of a sweep share."""
    return dict(json.loads(results.attrs.get("parameters", "{}")))


def agreement(results: xr.Dataset, threshold: float = 0.5) -> xr.Dataset:
    """Who would sign at each point of a sweep over terms, and the zone of possible agreement.

    For both signatories: the share of worlds in which it would sign (`ukraine_signs`) and its mean gain
    (`ukraine_gain`, percent of Ukraine's GDP). `both_sign` is the share of worlds in which both would, with its
    interval `both_sign_low` to `both_sign_high` and the worlds known (`both_sign_known`); `zone` is where it reaches
    `threshold`, which is never said where no world is known. Raises InputError for results without these, and for
    talks in which nobody is asked.
    """
    names = [*(f"{who}_accepts" for who in SIGNATORIES), "deal_gain"]
    for name in names:
        if name not in results:
            raise InputError(f"the results have no {name}: a zone of agreement needs {', '.join(names)}")
    if not asked(results):
        raise InputError("nobody is asked in talks that are imposed or none, so that no zone of agreement can be told")
    table: dict[str, xr.DataArray] = {}
    accepts = {who: results[f"{who}_accepts"].load() for who in SIGNATORIES}
    for who, accepted in accepts.items():
        words = f"share of worlds in which {NAMES[who]} would sign"
        table[f"{who}_signs"] = share_of_worlds(accepted).share.assign_attrs(long_name=words)
        gain = results["deal_gain"].sel(signatory=who, drop=True)
        table[f"{who}_gain"] = gain.mean("replicate").assign_attrs(gain.attrs)
    both = share_of_worlds(accepts["ukraine"] * accepts["united_states"])
    table["both_sign"] = both.share.assign_attrs(long_name="share of worlds in which both would sign")
    table |= {f"both_sign_{name}": both[name] for name in ("low", "high", "known")}
    table["zone"] = both.share >= threshold
    worlds = {"threshold": threshold, "replicates": results.sizes["replicate"]}
    return xr.Dataset(table, attrs=facts(results) | worlds)


def ordered(table: Any, *terms: str) -> Any:
    """A table with the levels of `terms` in ascending order. Raises InputError for a level that is there twice."""
    for term in terms:
        levels, times = np.unique(table[term].values, return_counts=True)
        if (times > 1).any():
            raise InputError(f"{term}: the level {levels[times > 1][0]:g} is given twice")
    return table.sortby(list(terms))


def zone_bounds(table: xr.Dataset, *terms: str) -> xr.Dataset:
    """Size and bounds of the zone of agreement in the plane (or line) of `terms`; other dimensions stay.

    `area` is the part inside the zone (0-1, a grid point standing for the rectangle around it) and `unknown` the part
    of which nothing is known, where `area` does not count; without any point known `area` is NaN. `<term>_low` and
    `<term>_high` are the lowest and highest term in the zone, NaN if it is empty. Raises InputError for a level twice.
    """
    table = ordered(table, *terms)
    weights = xr.DataArray(1.0)
    for term in terms:
        values = table[term].values.astype(float)
        edges = np.concatenate([values[:1], (values[1:] + values[:-1]) / 2, values[-1:]])
        parts = np.diff(edges) / (edges[-1] - edges[0]) if len(values) > 1 else np.ones(1)
        weights = weights * xr.DataArray(parts, dims=term, coords={term: values})
    known = table["both_sign"].notnull()
    area = (table["zone"] * weights).sum(terms).where(known.any(terms))
    unknown = (~known * weights).sum(terms).assign_attrs(unit="share", long_name="part of the grid not known")
    bounds = {"area": area.assign_attrs(unit="share", long_name="area of the zone"), "unknown": unknown}
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
    held = _held(results)
    rows = data.table("drafts")
    content: dict[str, Any] = {name: ("draft", [str(row[name]) for row in rows]) for name in ("label", "outcome")}
    for name in DRAFT_TERMS:
        content[name] = ("draft", [float(row[name] or 0.0) for row in rows])
    same = [all(float(row[name] or 0.0) == held[name] for name in DRAFT_TERMS if name in held) for row in rows]
    content["same_terms"] = ("draft", same)
    return xr.Dataset(content, coords={"draft": [str(row["id"]) for row in rows]})
