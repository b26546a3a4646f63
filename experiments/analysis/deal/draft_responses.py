"""Why a deal is signed or refused: chances, each reason's part, and the change of terms that turns the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from experiments.analysis import run_worlds
from experiments.errors import InputError
from model.array_axes import Floats
from model.parameters.table import DECLARATIONS, Parameters
from model.record.variables import COORDINATES
from model.rules.bargaining import acceptance_probability, flip_value
from model.rules.ratification import ratification_probability, yes_probability
from model.simulation import GeopoliticalEconomy
from model.states.deal import TERMS
from model.states.reasons import NO_PART, SIGNATORIES

UNIT = "percent of Ukraine's GDP"
TRIALS = 33
"""Values of each term that are tried, twice: over its range, then between the two that give other answers."""
Trial = tuple[str, ...]
"""What values are tried of: a term, or a country whose answer turns and a term."""
FIRST_START = 2024
"""The first year from which a run comes to the talks."""
INTERVAL = (10, 90)
"""Percentiles between which the central 80 % lie."""


def draft_responses(drafts: Mapping[str, Parameters], worlds: int = 1000, seed: int = 0) -> pd.DataFrame:
    """What the model says to each draft, put on the table at `talks_start`, in so many `worlds`; one row per draft.

    For both signatories: `ukraine_signs`, the mean over private types of the chance that it signs, with the central
    80 % from `ukraine_low` to `ukraine_high`; `ukraine_gain`, percent of Ukraine's GDP before the type;
    `ukraine_reasons`, the three largest; `ukraine_turn` (see `smallest_change`). Chances that the Rada ratifies what
    is put to it (`rada`) and what Ukraine would sign (`rada_if_signed`), that Congress does (`congress`, NaN where it
    need not vote), and that Ukraine signs and no vote fails (`in_force`). Raises InputError for no drafts.
    """
    if not drafts:
        raise InputError("no drafts to answer")
    rows = []
    for parameters in drafts.values():
        row: dict[str, Any] = signing_chances(parameters, worlds, seed)
        for country in SIGNATORIES:
            row[f"{country}_reasons"] = main_reasons(parameters, seed, country=country)
            row[f"{country}_turn"] = smallest_change(parameters, country, seed)
        rows.append(row)
    return pd.DataFrame(rows, index=pd.Index(list(drafts), name="draft"))


def signing_chances(parameters: Parameters, count: int, seed: int) -> dict[str, float]:
    """Chances of a signature on both sides and of the votes, over the private types of `count` worlds."""
    months = months_to_the_answer(parameters)
    with run_worlds.worlds(parameters.replace(talks="fixed"), count, months, seed) as model:
        model.simulate()
        gains = _first_gains(model)
    p = parameters.by_world(count)
    row: dict[str, float] = {}
    signs = {country: acceptance_probability(sum(each), p.choice_precision) for country, each in gains.items()}
    for country, chance in signs.items():
        low, high = np.percentile(chance, INTERVAL)
        row |= {f"{country}_signs": float(chance.mean()), f"{country}_gain": float(np.median(gains[country][0]))}
        row |= {f"{country}_low": float(low), f"{country}_high": float(high)}
    yes = yes_probability(sum(gains["ukraine"]), p.public_support, p.deputy_precision)
    rada = ratification_probability(yes, p.seats, p.quota, p.bloc_correlation)
    votes = _number(parameters, "guarantee_strength") > _number(parameters, "congress_threshold")
    congress = _number(parameters, "congress_support") if votes else np.nan
    passes = signs["ukraine"] * rada
    row |= {"rada": float(rada.mean()), "rada_if_signed": float(passes.sum() / signs["ukraine"].sum())}
    return row | {"congress": congress, "in_force": float(passes.mean()) * (congress if votes else 1.0)}


def reasons(parameters: Parameters, seed: int = 0) -> xr.Dataset:
    """What signing the terms of `parameters` is worth to each signatory, reason by reason, by the model itself.

    `contribution` (signatory, reason) is weighted, so that those of a signatory add up to its `gain` (signatory,):
    utility with the deal less utility without, percent of Ukraine's GDP, before the private type; nan where it has no
    such reason. `part` (signatory, reason) tells money, security and politics apart.
    """
    first = _first_outcomes(parameters, 1, seed)
    weight = np.array([[_number(parameters, f"{who}_security_weight")] for who in SIGNATORIES])
    safe = np.array(COORDINATES["part"][1]) == "security"
    weighted = np.where(safe, weight, 1.0 - weight) * first["deal_worth"][..., 0]
    words = {"unit": UNIT, "long_name": "what signing changes"}
    return xr.Dataset(
        {
            "contribution": (("signatory", "reason"), weighted, words),
            "gain": ("signatory", first["deal_gain"][:, 0], {"unit": UNIT, "long_name": "signing over refusing"}),
        },
        COORDINATES,
        {"seed": seed, **{name: _number(parameters, name) for name in TERMS}},
    )


def own_reasons(table: xr.Dataset, country: str) -> xr.Dataset:
    """The part of a table of `reasons` that a country has, one row per reason."""
    own = table.sel(signatory=country)
    return own.isel(reason=np.flatnonzero(own["part"] != NO_PART))


def main_reasons(parameters: Parameters, seed: int = 0, count: int = 3, country: str = "ukraine") -> str:
    """The largest weighted reasons of a country for or against and all others, in percent of Ukraine's GDP."""
    parts = summed_reasons(reasons(parameters, seed), country, count)
    return "; ".join(f"{words} {part:+.1f}" for words, part in parts)


def summed_reasons(table: xr.Dataset, country: str, count: int = 3) -> list[tuple[str, float]]:
    """The largest reasons of a country in a table of `reasons`, largest first, then the sum of the others.

    Parts have one decimal and add up to the gain as it is printed with one decimal.
    """
    own = own_reasons(table, country)
    order = np.argsort(-np.abs(own["contribution"].values), kind="stable")[:count]
    parts = [(str(own["reason_meaning"].values[i]), round(float(own["contribution"].values[i]), 1)) for i in order]
    rest = round(round(float(own["gain"]), 1) - sum(part for _, part in parts), 1)
    return parts + [("others", rest)] * (rest != 0)


def turning_points(parameters: Parameters, country: str = "ukraine", seed: int = 0) -> xr.Dataset:
    """For each term of the deal alone, the smallest change that turns the answer of `country`.

    `now`, `needed` and `change` (term,) in the unit of the term; `needed` is NaN where no allowed value turns it.
    `other_gain` is what the other signatory gains there (below 0 it would rather not sign), `extreme_gain` the gain of
    `country` by this term alone that lies furthest towards the other answer, and `extreme` the value at which. The
    model is run for every trial value, with the same random draws; the crossing is interpolated. Raises InputError
    for an unknown country.
    """
    return turning_points_of(parameters, [country], seed)[country]


def turning_points_of(
    parameters: Parameters, countries: Sequence[str] = SIGNATORIES, seed: int = 0
) -> dict[str, xr.Dataset]:
    """The `turning_points` of each of `countries`, for which the model is run together."""
    for country in countries:
        if country not in SIGNATORIES:
            raise InputError(f"country={country!r}: allowed {', '.join(SIGNATORIES)}")
    now = {term: _number(parameters, term) for term in TERMS}
    spans = {term: np.linspace(DECLARATIONS[term].low, DECLARATIONS[term].high, TRIALS) for term in TERMS}
    wide: dict[Trial, Floats] = {(term,): np.union1d(values, [now[term]]) for term, values in spans.items()}
    first = _gains(parameters, wide, seed)
    close: dict[Trial, Floats] = {}
    for country in countries:
        ends = {term: _bracket(wide[term,], first[term,][country], now[term]) for term in TERMS}
        close |= {(country, term): np.linspace(*pair, TRIALS) for term, pair in ends.items() if pair is not None}
    second = _gains(parameters, close, seed)
    tables = {}
    for country in countries:
        other = next(name for name in SIGNATORIES if name != country)
        gain = first[TERMS[0],][country][np.argmin(np.abs(wide[TERMS[0],] - now[TERMS[0]]))]
        rows = []
        for term in TERMS:
            own, key = first[term,][country], (country, term)
            needed, other_gain = np.nan, np.nan
            if key in close:
                needed = float(flip_value(close[key], second[key][country], now[term]))
                other_gain = float(np.interp(needed, close[key], second[key][other]))
            extreme = own.argmin() if gain >= 0 else own.argmax()
            rows.append((now[term], needed, needed - now[term], other_gain, own[extreme], wide[term,][extreme]))
        facts = {"country": country, "other": other, "gain": float(gain), "unit": UNIT}
        tables[country] = _turning_table(rows, facts)
    return tables


def _turning_table(rows: Sequence[tuple[float, ...]], facts: dict[str, Any]) -> xr.Dataset:
    """Labels for the numbers of `turning_points`, a row per term."""
    names = ("now", "needed", "change", "other_gain", "extreme_gain", "extreme")
    words = {name: ("term", [getattr(DECLARATIONS[term], name) for term in TERMS]) for name in ("unit", "meaning")}
    columns = zip(names, np.array(rows).T, strict=True)
    return xr.Dataset({name: ("term", column) for name, column in columns}, {"term": list(TERMS), **words}, facts)


def smallest_change(parameters: Parameters, country: str = "ukraine", seed: int = 0) -> dict[str, Any] | None:
    """The change of one term, smallest as a part of its range, that turns the answer of `country`; None if none does.

    `term`, `unit`, `now`, `needed`, and `other_gain`, what the other signatory gains there.
    """
    table = turning_points(parameters, country, seed)
    sizes = np.abs(table["change"].values) / [DECLARATIONS[term].high - DECLARATIONS[term].low for term in TERMS]
    if np.isnan(sizes).all():
        return None
    best = table.isel(term=int(np.nanargmin(sizes)))
    numbers = {name: float(best[name]) for name in ("now", "needed", "other_gain")}
    return {"term": str(best["term"].values), "unit": str(best["unit"].values)} | numbers


def _bracket(values: Floats, gains: Floats, now: float) -> tuple[float, float] | None:
    """The two neighbouring trial values, nearest to today's, between which the answer turns."""
    turns = np.flatnonzero(np.diff(gains >= 0))
    if not len(turns):
        return None
    index = turns[np.argmin(np.minimum(np.abs(values[turns] - now), np.abs(values[turns + 1] - now)))]
    return float(values[index]), float(values[index + 1])


def _gains(parameters: Parameters, trials: Mapping[Trial, Floats], seed: int) -> dict[Trial, dict[str, Floats]]:
    """Trial -> signatory -> gain at every trial value, all in one run of the model, by the same random draws."""
    if not trials:
        return {}
    ends = np.cumsum([len(values) for values in trials.values()])
    changes: dict[str, Any] = {key[-1]: np.full(ends[-1], _number(parameters, key[-1])) for key in trials}
    for end, (key, values) in zip(ends, trials.items(), strict=True):
        changes[key[-1]][end - len(values) : end] = values
    first = _first_outcomes(parameters.replace(**changes), int(ends[-1]), seed)
    parts = np.split(first["deal_gain"], ends[:-1], axis=-1)
    return {key: dict(zip(SIGNATORIES, gains, strict=True)) for key, gains in zip(trials, parts, strict=True)}


def _first_outcomes(parameters: Parameters, count: int, seed: int) -> dict[str, Floats]:
    """Outcomes at the first answer, all worlds with the same random draws."""
    same = np.zeros(count, dtype=np.int64)
    return run_worlds.outcomes(parameters.replace(talks="fixed"), count, months_to_the_answer(parameters), seed, same)


def months_to_the_answer(parameters: Parameters) -> int:
    """Months until the first answer is given. Raises InputError for a run that begins long before the talks."""
    if int(parameters.start) < FIRST_START:
        raise InputError(f"a run that begins in {parameters.start} has no talks; one of 2024 or 2025 has")
    return int(_number(parameters, "talks_start")) + 1


def _number(parameters: Parameters, name: str) -> float:
    return float(np.asarray(getattr(parameters, name)))


def _first_gains(model: GeopoliticalEconomy) -> dict[str, tuple[Floats, Floats]]:
    """For both signatories the gain of signing the first terms and the private type, percent of Ukraine's GDP."""
    types = model.ukraine.private_type, model.united_states.private_type
    return dict(zip(SIGNATORIES, zip(model.snapshot().table.gains, types, strict=True), strict=True))
