"""The talks of 2025 beside the model's: draft by draft, and the patterns of talks, guarantee and war.

What happened in 2025 is one event. It can show that a model is able to produce it (an existence test),
never that the model is right (a fit); every table here says so. Patterns marked C were used to set
parameters of kind C, those marked H were looked at afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analysis.acceptance_reasons import main_reasons, smallest_flip
from model import data
from model.parameters.declaration import Value
from model.parameters.presets import preset
from model.parameters.table import DECLARATIONS, Parameters
from model.parameters.war_parameters import TRIPWIRES
from model.simulation import GeopoliticalEconomy

Floats = NDArray[np.float64]

NOTE = (
    "One event: this is an existence test (does what happened lie within what the model produces?), never a fit. "
    "C patterns were used to set parameters, H patterns were looked at afterwards."
)
INTERVAL = (10, 90)
"""Percentiles between which the central part of an ensemble lies."""

SAID_YES = ("agreed", "signed")


def talks_table(worlds: int = 2000, seed: int = 0, **changes: Value) -> pd.DataFrame:
    """What the model's Ukraine says to each recorded draft, beside what happened; one row per draft.

    `acceptance` is the mean chance that it accepts, `low` and `high` the interval over its private types;
    `ratification` the mean chance that the Rada would pass it; `put_to` the part of worlds in which the
    draft was still to be answered; `gain` the utility of signing before the type; `reasons` the three
    largest; `flip` the smallest change of one term, as a part of its range, that turns the answer;
    `as_happened` whether a chance above a half and what happened agree. attrs["note"] is NOTE.
    """
    parameters = preset("documented", talks="scripted", **changes)
    model = GeopoliticalEconomy(parameters, worlds=worlds, months=_first(parameters) + 8, rng=seed, record="outcomes")
    model.simulate()
    script = model.talks.script
    assert script is not None
    model.close()
    rows = []
    for place, record in enumerate(data.table("drafts")):
        put = np.isfinite(script.chance[place])
        chance = script.chance[place][put]
        terms = preset("documented", **(changes | script.terms[place]))
        low, high = np.percentile(chance, INTERVAL)
        rows.append(
            {
                "draft": str(record["id"]),
                "label": str(record["label"]),
                "happened": str(record["outcome"]),
                "acceptance": float(chance.mean()),
                "low": float(low),
                "high": float(high),
                "ratification": float(script.ratification[place][put].mean()),
                "put_to": float(put.mean()),
                "gain": float(np.median(script.gain[place][put])),
                "reasons": main_reasons(terms, seed),
                "flip": smallest_flip(terms, seed),
                "as_happened": bool((chance.mean() > 0.5) == (record["outcome"] in SAID_YES)),
            }
        )
    table = pd.DataFrame(rows).set_index("draft")
    table.attrs["note"] = NOTE
    return table


def patterns_table(worlds: int = 2000, seed: int = 0, **changes: Value) -> pd.DataFrame:
    """Patterns P14-P17 and P19-P24: use (C or H), tolerance, value, `passed`, and what was observed.

    `value` is the ensemble's, `passed` whether it lies in the tolerance. `low`, `high` are the ensemble's
    central 80 % where there is one, and `inside` whether the observed figure lies there, which is the
    existence test; `verdict` says both in words. attrs["note"] is NOTE and attrs["count"] counts the verdicts.
    """
    rows = [
        *talks_patterns(worlds, seed, changes),
        *script_patterns(worlds, seed, changes),
        *support_patterns(seed, changes),
        *war_patterns(worlds, seed, changes),
    ]
    table = pd.DataFrame(rows).set_index("pattern")
    table["verdict"] = [
        _verdict(bool(passed), inside) for passed, inside in zip(table.passed, table.inside, strict=True)
    ]
    table.attrs["note"], table.attrs["count"] = NOTE, counted(table)
    return table


def _verdict(passed: bool, inside: bool | None) -> str:
    """By which criterion a pattern passes or fails."""
    tolerance = "passes by its tolerance" if passed else "fails its tolerance"
    if inside is None:
        return tolerance
    return f"{tolerance}, {'passes' if inside else 'fails'} the existence test"


def counted(table: pd.DataFrame) -> str:
    """How many patterns pass by which criterion, tuned and held out apart, in one line."""
    parts = []
    for use, words in (("C", "used for tuning"), ("H", "held out")):
        own = table[table["use"] == use]
        parts.append(f"{int(own['passed'].sum())} of {len(own)} {words}")
    tested = table["inside"].dropna().astype(bool)
    return (
        f"Inside their tolerance: {' and '.join(parts)}. Existence test (observed figure inside the ensemble's central "
        f"80 %), where a figure was observed and the ensemble has a spread: {int(tested.sum())} of {len(tested)}."
    )


Row = dict[str, Any]


def _row(
    pattern: str,
    use: str,
    quantity: str,
    value: float,
    tolerance: tuple[float, float],
    observed: float = np.nan,
    ensemble: Iterable[float] = (),
) -> Row:
    """One line of the table; `ensemble` holds one number per world, inf where the event never came."""
    spread = np.sort(np.fromiter(ensemble, dtype=float))
    low, high = (float(spread[int(q * (len(spread) - 1) / 100)]) if len(spread) else np.nan for q in INTERVAL)
    inside = bool(low <= observed <= high) if len(spread) and np.isfinite(observed) else None
    return {
        "pattern": pattern,
        "use": use,
        "quantity": quantity,
        "from": tolerance[0],
        "to": tolerance[1],
        "value": value,
        "passed": bool(tolerance[0] <= value <= tolerance[1]),
        "observed": observed,
        "low": low,
        "high": high,
        "inside": inside,
    }


def _first(parameters: Parameters) -> int:
    """Month of the first offer, the latest where worlds differ."""
    return int(np.max(np.asarray(parameters.talks_start)))


def _outcomes(parameters: Parameters, worlds: int, months: int, seed: int) -> dict[str, Floats]:
    model = GeopoliticalEconomy(parameters, worlds=worlds, months=months, rng=seed, record="outcomes")
    model.simulate()
    found = {name: values.astype(np.float64) for name, values in model.recorder.outcomes().items()}
    terms = model.talks.terms
    found["final_stake"] = (
        terms.ownership_share * terms.revenue_base * np.exp(-model.spread.discount_rate * terms.reinvestment_years)
    )
    model.close()
    return found


def talks_patterns(worlds: int, seed: int, changes: dict[str, Value]) -> list[Row]:
    """P14-P16, on talks that the model bargains itself.

    The median of days counts the worlds that never sign as later than all others. Ratios to the first ask
    are over the worlds in which it credited past aid, as the first ask of 2025 did.
    """
    found = _outcomes(preset("documented", talks="bargained", **changes), worlds, 12, seed)
    signed = found["signed"] > 0
    days = np.where(np.isnan(found["days_to_signature"]), np.inf, found["days_to_signature"])
    asked = signed & (found["first_ask_aid"] > 0)
    aid = found["final_recognised_aid"][asked] / found["first_ask_aid"][asked]
    stake = found["final_stake"][asked] / found["first_ask_stake"][asked]
    share, guarantee = found["final_ownership_share"][signed], found["final_guarantee_strength"][signed]
    strengths, counts = np.unique(guarantee, return_counts=True)
    middle = float(np.sort(days)[len(days) // 2])
    return [
        _row("P14 days", "C", "median days from first offer to signature", middle, (40, 140), 77, days),
        _row("P14 breakdown", "C", "P(at least one breakdown)", float((found["breakdowns"] > 0).mean()), (0.3, 0.8), 1),
        _row("P15 aid", "C", "final aid over first ask, median", float(np.median(aid)), (0, 0.2), 0, aid),
        _row("P15 share", "C", "final ownership share, median", float(np.median(share)), (0.45, 0.55), 0.5, share),
        _row(
            "P15 stake",
            "C",
            "effective stake, final over first ask, median",
            float(np.median(stake)),
            (0, 0.35),
            0.15,
            stake,
        ),
        _row("P16 mode", "H", "modal guarantee", float(strengths[np.argmax(counts)]), (0, 0.2), 0.1, guarantee),
        _row("P16 strong", "H", "part of deals with a guarantee above .5", float((guarantee > 0.5).mean()), (0, 0.15)),
    ]


def script_patterns(worlds: int, seed: int, changes: dict[str, Value]) -> list[Row]:
    """P17 and P19, on the drafts as recorded."""
    parameters = preset("documented", talks="scripted", **changes)
    signing = _first(parameters) + 2
    model = GeopoliticalEconomy(
        parameters,
        worlds=worlds,
        months=signing + 7,
        rng=seed,
        record=["strength_ukraine", "strength_russia", "fighting"],
    )
    model.simulate()
    script, paths = model.talks.script, model.recorder.trajectories()
    assert script is not None
    final = model.talks.signed_day == script.days[-1]
    voted, first = model.talks.ratification_chance[final], script.ratification[0]
    # Losses are the part of both sides' strength that is used up while there is fighting.
    losses = (paths["strength_ukraine"] + paths["strength_russia"]) * paths["fighting"]
    change = losses[signing + 6, final] / np.maximum(losses[signing, final], 1e-9) - 1.0
    model.close()
    by_signing = _losses_by_signing(losses[signing + 6], final, parameters, seed)
    middle = float(np.median(change))
    return [
        _row(
            "P17 final", "H", "P(ratify) of the April text where signed", float(voted.mean()), (0.95, 1), np.nan, voted
        ),
        _row("P17 first", "H", "P(ratify) of the February draft", float(np.mean(first)), (0, 0.3), np.nan, first),
        _row(
            "P19",
            "H",
            f"change of losses two quarters after signing, of which signing itself {by_signing:+.2%}",
            middle,
            (-0.1, 0.3),
            np.nan,
            change,
        ),
    ]


def _losses_by_signing(losses: Floats, final: NDArray[np.bool_], parameters: Parameters, seed: int) -> float:
    """What signing does to losses two quarters later where there is fighting with it and without, by the same luck.

    A signature reaches the front by the aid that it restores, which Europe had replaced in part: slowly, and little.
    """
    months = _first(parameters) + 2 + 7
    model = GeopoliticalEconomy(
        parameters.replace(talks="none"),
        worlds=len(losses),
        months=months,
        rng=seed,
        record=["strength_ukraine", "strength_russia", "fighting"],
    )
    model.simulate()
    paths = {name: path[-1] for name, path in model.recorder.trajectories().items()}
    model.close()
    without = (paths["strength_ukraine"] + paths["strength_russia"]) * paths["fighting"]
    both = final & (losses > 0) & (without > 0)
    return float((losses[both] / without[both] - 1.0).mean())


def support_patterns(seed: int, changes: dict[str, Value]) -> list[Row]:
    """P20 and P21: Europe's replacement after a year, and the stocks of aid that the tables hold."""
    model = GeopoliticalEconomy(
        preset("documented", **(changes | {"support_at_stake": 0.0})), worlds=1, months=12, rng=seed, record="outcomes"
    )
    model.simulate()
    lost = model.start.united_states_aid - model.war.american_aid
    tired = np.exp(-model.spread.europe_fatigue * 11 / 12)
    replaced = float((model.rest_of_world.replacement * tired / lost)[0])
    model.close()
    stocks = {
        donor: data.value("aid", kind="stock", date="2025-02", donor=donor, measure="total")
        for donor in ("europe", "united_states")
    }
    return [
        _row("P20", "C", "part of lost US military aid that Europe replaces", replaced, (0.58, 0.88), 0.73),
        _row("P21 Europe", "C", "aid by February 2025, bn EUR", stocks["europe"], (138 * 0.97, 138 * 1.03), 138),
        _row("P21 US", "C", "aid by February 2025, bn EUR", stocks["united_states"], (115 * 0.97, 115 * 1.03), 115),
    ]


def war_patterns(worlds: int, seed: int, changes: dict[str, Value]) -> list[Row]:
    """P22-P24: renewed war at the generic prior, belief in promises, and a weak tripwire."""
    generic = data.value("conflict", topic="base_rate", parameter="renewed_war_hazard")
    war = _outcomes(preset("documented", **(GENERIC | changes | {"renewal_hazard": generic})), worlds, 300, seed)
    early = war["ceasefire_month"] < 300 - 120
    ten = float(war["renewed_war_10y"][early].mean())
    model = GeopoliticalEconomy(preset("documented", **changes), worlds=1, months=1, rng=seed, record="outcomes")
    cut = hazard_cut(model, strength=0.7)
    trust = float(model.ukraine.reliability()[0])
    model.close()
    return [
        _row(
            "P22 hazard", "C", "renewed war a year, generic prior", -float(np.log(1 - ten)) / 10, (0.02, 0.055), 0.035
        ),
        _row("P22 decade", "C", "renewed war within ten years, generic prior", ten, (0.2, 0.42), 0.3),
        _row("P23 trust", "C", "belief in an informal promise", trust, (0.1, 0.35), 0.22),
        _row("P23 pact", "C", "cut of the hazard by a ratified pact", cut, (0.1, 0.4), 0.18),
        _row(
            "P24", "H", "part of the prior in which a stake moves intervention by < .05", weak_tripwire(seed), (0.8, 1)
        ),
    ]


GENERIC: dict[str, Value] = {
    "talks_start": 24,
    "talks_months": 1,
    "ceasefire_hazard": 1.5,
    "settlement_hazard": 0.0,
    "renewal_sensitivity": 0.0,
}
"""Neighbours of whom nothing is known but that they fought: no deal to speak of, no settlement, no odds."""


def hazard_cut(model: GeopoliticalEconomy, strength: float, formality: float = 1.0) -> float:
    """Part (0-1) by which a full-grown guarantee cuts the hazard of renewed war, at the start's odds."""
    war, terms = model.war, model.talks.terms
    terms.guarantee_formality = np.full(model.worlds, formality)
    trust, none = model.russia.reliability(), np.zeros(model.worlds)
    without = war.expected_renewal(trust, none, terms, signed=0.0)
    with_pact = war.expected_renewal(trust, none + strength, terms, signed=1.0)
    return float(np.median(1.0 - with_pact / without))


def weak_tripwire(seed: int = 0, worlds: int = 6000, stake: float = 50.0) -> float:
    """Part (0-1) of the prior in which a stake from nought to 50 bn USD moves intervention by less than .05.

    Without a guarantee; parameters of credibility uniform over their ranges, H0-H5 equally likely.
    """
    rng = np.random.default_rng(seed)
    names = ("base_intervention", "full_intervention", "arms_weight", "stake_scale", "contest_decisiveness")
    drawn = {name: rng.uniform(DECLARATIONS[name].low, DECLARATIONS[name].high, worlds) for name in names}
    hypotheses = np.array(TRIPWIRES)[np.arange(worlds) % len(TRIPWIRES)]
    model = GeopoliticalEconomy(
        preset("documented", tripwire=hypotheses, **drawn), worlds=worlds, months=1, rng=seed, record="outcomes"
    )
    war, none = model.war, np.zeros(worlds)
    trust, terms = model.russia.reliability(), model.talks.terms
    before, after = (war.intervention_probability(trust, none, terms, none + worth, 1.0) for worth in (0.0, stake))
    model.close()
    return float((np.abs(after - before) < 0.05).mean())
