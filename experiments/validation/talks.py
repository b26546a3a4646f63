"""The talks of 2025 beside the model's: draft by draft, and the pass matrix of talks, guarantee and war.

What happened in 2025 is one event. It can show that a model is able to produce it (an existence test),
never that the model is right (a fit); every table here says so. Patterns marked C were used to set
parameters of kind C, those marked H were looked at afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analysis.acceptance_reasons import main_reasons, smallest_change
from experiments.analysis.model_state import answers_to_drafts, final_stake
from experiments.analysis.run_worlds import worlds as run_worlds
from experiments.validation.pass_matrix import PatternLine, pass_matrix
from experiments.validation.war import support_patterns, war_patterns
from model import data
from model.parameters.declaration import Value
from model.parameters.presets import preset
from model.parameters.table import Parameters
from model.simulation import GeopoliticalEconomy
from model.talks.recorded_drafts import draft, drafts

Floats = NDArray[np.floating]
Changes = Mapping[str, Value]

NOTE = (
    "One event: this is an existence test (does what happened lie within what the model produces?), never a fit. "
    "C patterns were used to set parameters, H patterns were looked at afterwards."
)
SAID_YES = ("agreed", "signed")
LOSSES = ["strength_ukraine", "strength_russia", "fighting"]
"""Monthly variables of which losses are made."""


def talks_table(worlds: int = 2000, seed: int = 0, **changes: Value) -> pd.DataFrame:
    """What the model's Ukraine says to each recorded draft, beside what happened; one row per draft.

    `acceptance` is the mean chance that it accepts, `low` and `high` the interval over its private types;
    `ratification` the mean chance that the Rada would pass it; `put_to` the part of worlds in which the
    draft was still to be answered; `gain` the utility of signing before the type; `reasons` the three
    largest; `flip` the smallest change of one term, as a part of its range, that turns the answer;
    `as_happened` whether a chance above a half and what happened agree. attrs["note"] is NOTE.
    """
    parameters = preset("documented", talks="scripted", **changes)
    with run_worlds(parameters, worlds, _first(parameters) + 8, seed) as model:
        model.simulate()
        answers = answers_to_drafts(model)
    rows = []
    for record, chance, gain, ratification in zip(data.table("drafts"), *answers, strict=True):
        put = np.isfinite(chance)
        mean = float(chance[put].mean())
        low, high = np.percentile(chance[put], (10, 90))
        terms = preset("documented", **(changes | draft(str(record["id"]))))
        turn = smallest_change(terms, seed=seed)
        rows.append(
            {
                "draft": str(record["id"]),
                "label": str(record["label"]),
                "happened": str(record["outcome"]),
                "acceptance": mean,
                "low": float(low),
                "high": float(high),
                "ratification": float(ratification[put].mean()),
                "put_to": float(put.mean()),
                "gain": float(np.median(gain[put])),
                "reasons": main_reasons(terms, seed),
                "flip": "no single term" if turn is None else "{term} {now:g} to {needed:.3g} {unit}".format(**turn),
                "as_happened": bool((mean > 0.5) == (record["outcome"] in SAID_YES)),
            }
        )
    table = pd.DataFrame(rows).set_index("draft")
    table.attrs["note"] = NOTE
    return table


def patterns_table(worlds: int = 2000, seed: int = 0, **changes: Value) -> pd.DataFrame:
    """The pass matrix of patterns P14-P17 and P19-P24, see `PatternLine`; attrs["note"] is NOTE."""
    table = pass_matrix(
        [
            *talks_patterns(worlds, seed, changes),
            *script_patterns(worlds, seed, changes),
            *support_patterns(seed, changes),
            *war_patterns(worlds, seed, changes),
        ]
    )
    table.attrs["note"] = NOTE
    return table


def talks_patterns(worlds: int, seed: int, changes: Changes) -> list[PatternLine]:
    """P14-P16, on talks that the model bargains itself.

    The median of days counts the worlds that never sign as later than all others. Ratios to the first ask
    are over the worlds in which it credited past aid, as the first ask of 2025 did.
    """
    with run_worlds(preset("documented", talks="bargained", **changes), worlds, 12, seed) as model:
        model.simulate()
        run = {name: values.astype(np.float64) for name, values in model.recorder.outcomes().items()}
        last_stake = final_stake(model)
    signed = run["signed"] > 0
    days = np.where(np.isnan(run["days_to_signature"]), np.inf, run["days_to_signature"])
    asked = signed & (run["first_ask_aid"] > 0)
    aid = run["final_recognised_aid"][asked] / run["first_ask_aid"][asked]
    stake = last_stake[asked] / run["first_ask_stake"][asked]
    share, guarantee = run["final_ownership_share"][signed], run["final_guarantee_strength"][signed]
    strengths, counts = np.unique(guarantee, return_counts=True)
    median, modal = float(np.sort(days)[len(days) // 2]), float(strengths[np.argmax(counts)])
    broken, strong = float((run["breakdowns"] > 0).mean()), float((guarantee > 0.5).mean())
    return [
        PatternLine(
            "P14 days", "C", "median days from first offer to signature", "days", 40, 140, median, *_spread(days), 77
        ),
        PatternLine(
            "P14 breakdown", "C", "P(at least one breakdown)", "probability", 0.3, 0.8, broken, observed=1
        ),
        PatternLine(
            "P15 aid", "C", "final aid over first ask, median", "ratio", 0, 0.2, float(np.median(aid)), *_spread(aid), 0
        ),
        PatternLine(
            "P15 share", "C", "final ownership share, median", "share", 0.45, 0.55,
            float(np.median(share)), *_spread(share), 0.5,
        ),
        PatternLine(
            "P15 stake", "C", "effective stake, final over first ask, median", "ratio", 0, 0.35,
            float(np.median(stake)), *_spread(stake), 0.15,
        ),
        PatternLine("P16 mode", "H", "modal guarantee", "share", 0, 0.2, modal, *_spread(guarantee), 0.1),
        PatternLine("P16 strong", "H", "part of deals with a guarantee above .5", "share", 0, 0.15, strong),
    ]  # fmt: skip


def script_patterns(worlds: int, seed: int, changes: Changes) -> list[PatternLine]:
    """P17 and P19, on the drafts as recorded."""
    parameters = preset("documented", talks="scripted", **changes)
    signing, last = _first(parameters) + 2, _first(parameters) + 8
    with run_worlds(parameters, worlds, last + 1, seed, record=LOSSES) as model:
        losses, first = _losses(model), answers_to_drafts(model)[2][0]
        run = model.recorder.outcomes()
    # What signing does to losses where there is fighting with it and without, by common random numbers: it
    # reaches the front by the aid that it restores, which Europe had replaced in part, slowly and little.
    with run_worlds(parameters.replace(talks="none"), worlds, last + 1, seed, record=LOSSES) as model:
        without = _losses(model)[last]
    dates = pd.to_datetime(drafts())
    final = run["days_to_signature"] == (dates[-1] - dates[0]).days
    voted = run["ratification_chance"][final]
    change = losses[last, final] / np.maximum(losses[signing, final], 1e-9) - 1.0
    both = final & (losses[last] > 0) & (without > 0)
    by_signing = float((losses[last, both] / without[both] - 1.0).mean())
    words = f"change of losses two quarters after signing, of which signing itself {by_signing:+.2%}"
    return [
        PatternLine(
            "P17 final", "H", "P(ratify) of the April text where signed", "probability", 0.95, 1,
            float(voted.mean()), *_spread(voted),
        ),
        PatternLine(
            "P17 first", "H", "P(ratify) of the February draft", "probability", 0, 0.3,
            float(np.mean(first)), *_spread(first),
        ),
        PatternLine("P19", "H", words, "share", -0.1, 0.3, float(np.median(change)), *_spread(change)),
    ]  # fmt: skip


def _losses(model: GeopoliticalEconomy) -> Floats:
    """Part of both sides' strength used up in a run where there is fighting, bn USD over attrition, (month, world)."""
    model.simulate()
    paths = model.recorder.trajectories()
    return (paths["strength_ukraine"] + paths["strength_russia"]) * paths["fighting"]


def _first(parameters: Parameters) -> int:
    """Month of the first offer, the latest where worlds differ."""
    return int(np.max(np.asarray(parameters.talks_start)))


def _spread(values: Floats) -> tuple[float, float]:
    """The middle four fifths of an ensemble, one number per world, inf where the event never came; NaN if empty."""
    if not len(values):
        return np.nan, np.nan
    low, high = np.quantile(values, [0.1, 0.9], method="lower")
    return float(low), float(high)
