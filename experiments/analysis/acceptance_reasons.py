"""Why a deal is signed or refused: each reason's part, and the smallest change of terms that turns the answer."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from model.parameters.table import DECLARATIONS, Parameters
from model.record.variables import REASONS_UKRAINE, REASONS_UNITED_STATES
from model.rules.bargaining import flip_value
from model.simulation import GeopoliticalEconomy
from model.talks.talks import TERMS

Floats = NDArray[np.float64]

COUNTRIES = {"ukraine": REASONS_UKRAINE, "united_states": REASONS_UNITED_STATES}
SECURITY = {("ukraine", "security"), *(("united_states", name) for name in ("supply", "upkeep", "risk"))}
"""The reasons that count as security; the others are revenue."""
UNIT = "percent of Ukraine's GDP"
TRIALS = 33
"""Values of each term that are tried, twice: over its range, then between the two that give other answers."""


def reasons(parameters: Parameters, seed: int = 0) -> xr.Dataset:
    """What signing the terms of `parameters` is worth to each signatory, reason by reason.

    `contribution` (reason,) is weighted, so that the contributions of a country add up to its `gain`
    (country,): utility with the deal less utility without, in percent of Ukraine's GDP, before the
    private type of each world. `unweighted` is the reason before its weight; `revenue_part` and
    `security_part` (country,) are the sums of weighted revenue and security reasons. Computed by the
    model itself, in one world, at the first answer.
    """
    found = _answers(parameters, {}, 1, seed)
    rows = [(who, key, words) for who, names in COUNTRIES.items() for key, words in names.items()]
    plain = np.array([float(found[f"{who}_{key}"][0]) for who, key, _ in rows])
    safe = np.array([(who, key) in SECURITY for who, key, _ in rows])
    weight = np.array([_security_weight(parameters, who) for who, _, _ in rows])
    weighted = np.where(safe, weight, 1.0 - weight) * plain
    of = np.array([who for who, _, _ in rows])
    named = {"unit": UNIT, "long_name": "what signing changes"}
    sums = {
        part: ("country", [float(weighted[(of == who) & mask].sum()) for who in COUNTRIES], {"unit": UNIT})
        for part, mask in (("revenue_part", ~safe), ("security_part", safe))
    }
    gain = [float(found[f"{who}_gain"][0]) for who in COUNTRIES]
    return xr.Dataset(
        {
            "contribution": ("reason", weighted, named),
            "unweighted": ("reason", plain, {"unit": UNIT}),
            "gain": ("country", gain, {"unit": UNIT, "long_name": "signing over refusing"}),
            **sums,
        },
        coords={
            "country": list(COUNTRIES),
            "of": ("reason", of),
            "reason": [f"{who}_{key}" for who, key, _ in rows],
            "part": ("reason", np.where(safe, "security", "revenue")),
            "meaning": ("reason", [words for _, _, words in rows]),
        },
        attrs={"seed": seed, **{name: float(np.asarray(getattr(parameters, name))) for name in TERMS}},
    )


def turning_points(parameters: Parameters, country: str = "ukraine", seed: int = 0) -> xr.Dataset:
    """For each term of the deal alone, the smallest change that turns the answer of `country`.

    `now`, `needed` and `change` (term,) in the unit of the term; `needed` is NaN where no allowed value
    turns it. `other_gain` is what the other signatory gains at the turning point (below 0 it would rather
    not sign), `best_gain` the most `country` can gain by this term alone and `best` the value at which.
    The model is run for every trial value, with the same luck, and the crossing is interpolated between
    the two nearest trials. Raises ValueError for an unknown country.
    """
    if country not in COUNTRIES:
        raise ValueError(f"country={country!r}: allowed {', '.join(COUNTRIES)}")
    other = next(name for name in COUNTRIES if name != country)
    now = {term: float(np.asarray(getattr(parameters, term))) for term in TERMS}
    wide = {term: _around(now[term], *_range(term)) for term in TERMS}
    first = _gains(parameters, wide, country, other, seed)
    close = {term: _bracket(wide[term], first[term][0], now[term]) for term in TERMS}
    inside = {term: np.linspace(*pair, TRIALS) for term, pair in close.items() if pair is not None}
    second = _gains(parameters, inside, country, other, seed) if inside else {}
    rows = []
    for term in TERMS:
        own = first[term][0]
        best = int(np.argmax(own))
        needed, other_gain = np.nan, np.nan
        if term in inside:
            needed, other_gain = _crossing(inside[term], *second[term], now[term])
        rows.append((now[term], needed, needed - now[term], other_gain, own[best], wide[term][best]))
    columns = list(np.array(rows).T)
    at = int(np.argmin(np.abs(wide[TERMS[0]] - now[TERMS[0]])))
    return _table(columns, float(first[TERMS[0]][0][at]), country, other)


def main_reasons(terms: Parameters, seed: int = 0, count: int = 3, country: str = "ukraine") -> str:
    """The largest weighted reasons of a country for or against, in percent of Ukraine's GDP, largest first."""
    found = reasons(terms, seed)
    own = found.isel(reason=np.flatnonzero(found["of"].values == country))
    order = np.argsort(-np.abs(own["contribution"].values), kind="stable")[:count]
    return "; ".join(f"{own['meaning'].values[i]} {own['contribution'].values[i]:+.1f}" for i in order)


def smallest_turn(terms: Parameters, country: str = "ukraine", seed: int = 0) -> dict[str, Any] | None:
    """The change of one term, smallest as a part of its range, that turns the answer of `country`; None if none does.

    `term`, `unit`, `now`, `needed`, and `other_gain`, what the other signatory gains there.
    """
    found = turning_points(terms, country, seed)
    ranges = np.array([DECLARATIONS[str(name)].high - DECLARATIONS[str(name)].low for name in found["term"].values])
    sizes = np.abs(found["change"].values) / ranges
    if np.isnan(sizes).all():
        return None
    best = found.isel(term=int(np.nanargmin(sizes)))
    numbers = {name: float(best[name]) for name in ("now", "needed", "other_gain")}
    return {"term": str(best["term"].values), "unit": str(best["unit"].values)} | numbers


def smallest_flip(terms: Parameters, seed: int = 0, country: str = "ukraine") -> str:
    """The same in words."""
    turn = smallest_turn(terms, country, seed)
    return f"{turn['term']} {turn['now']:g} to {turn['needed']:.3g} {turn['unit']}" if turn else "no single term"


def _table(columns: list[Floats], gain: float, country: str, other: str) -> xr.Dataset:
    names = ("now", "needed", "change", "other_gain", "best_gain", "best")
    return xr.Dataset(
        {name: ("term", column) for name, column in zip(names, columns, strict=True)},
        coords={
            "term": list(TERMS),
            "unit": ("term", [DECLARATIONS[term].unit for term in TERMS]),
            "meaning": ("term", [DECLARATIONS[term].meaning for term in TERMS]),
        },
        attrs={"country": country, "other": other, "gain": gain, "unit": UNIT},
    )


def _range(term: str) -> tuple[float, float]:
    return DECLARATIONS[term].low, DECLARATIONS[term].high


def _around(now: float, low: float, high: float) -> Floats:
    """Trial values over the range of a term, today's among them."""
    values: Floats = np.union1d(np.linspace(low, high, TRIALS), [now])
    return values


def _bracket(values: Floats, gains: Floats, now: float) -> tuple[float, float] | None:
    """The two neighbouring trial values, nearest to today's, between which the answer turns."""
    says_yes = gains >= 0
    turns = np.flatnonzero(says_yes[1:] != says_yes[:-1])
    if not len(turns):
        return None
    distance = np.minimum(np.abs(values[turns] - now), np.abs(values[turns + 1] - now))
    place = turns[np.argmin(distance)]
    return float(values[place]), float(values[place + 1])


def _crossing(values: Floats, gains: Floats, others: Floats, now: float) -> tuple[float, float]:
    """Where the gain is nothing, by linear interpolation, and the other side's gain there."""
    place = float(flip_value(values, gains, now))
    return place, float(np.interp(place, values, others))


def _gains(
    parameters: Parameters, trials: dict[str, Floats], country: str, other: str, seed: int
) -> dict[str, tuple[Floats, Floats]]:
    """Gains of both signatories for every trial value of every term, all in one run of the model."""
    count = sum(map(len, trials.values()))
    changes: dict[str, Any] = {}
    start = 0
    for term, values in trials.items():
        column = np.full(count, float(np.asarray(getattr(parameters, term))))
        column[start : start + len(values)] = values
        changes[term] = column
        start += len(values)
    found = _answers(parameters, changes, count, seed)
    gains, start = {}, 0
    for term, values in trials.items():
        part = slice(start, start + len(values))
        gains[term] = found[f"{country}_gain"][part], found[f"{other}_gain"][part]
        start += len(values)
    return gains


def _answers(parameters: Parameters, changes: dict[str, Any], worlds: int, seed: int) -> dict[str, Floats]:
    """Outcomes at the first answer, all worlds living with the same luck."""
    months = int(np.asarray(parameters.talks_start)) + 1
    model = GeopoliticalEconomy(
        parameters.replace(talks="fixed", **changes),
        worlds=worlds,
        months=months,
        rng=seed,
        replicates=np.zeros(worlds, dtype=np.int64),
        record="outcomes",
    )
    model.simulate()
    outcomes = {name: values.astype(np.float64) for name, values in model.recorder.outcomes().items()}
    model.close()
    return outcomes


def _security_weight(parameters: Parameters, country: str) -> float:
    return float(np.asarray(getattr(parameters, f"{country}_security_weight")))
