"""The talks of 2025 beside the model's: draft by draft, and the pass matrix of talks, guarantee and war."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from experiments.analysis.deal.draft_responses import INTERVAL, main_reasons, smallest_change
from experiments.analysis.run_worlds import worlds as run_worlds
from experiments.validation.pass_matrix import PatternLine, pass_matrix
from experiments.validation.war_patterns import support_patterns, war_patterns
from model import data
from model.array_axes import Floats
from model.parameters.declaration import Value
from model.parameters.presets import preset
from model.parameters.table import Parameters
from model.rules.bargaining import effective_stake
from model.simulation import GeopoliticalEconomy
from model.talks.recorded_drafts import draft, drafts

Changes = Mapping[str, Value]

NOTE = (
    "One event: this is an existence test (does what happened lie within what the model produces?), never a fit. "
    "C patterns were used to set parameters, H patterns were looked at afterwards."
)
"""Stands with both tables, in attrs["note"]."""
SAID_YES = ("agreed", "signed")
LOSSES = ["strength_ukraine", "strength_russia", "fighting"]
"""Monthly variables of which losses are made."""


def talks_table(worlds: int = 2000, seed: int = 0, **changes: Value) -> pd.DataFrame:
    """What the model's Ukraine says to each recorded draft, beside what happened; one row per draft.

    `acceptance` is the mean chance that it accepts, from `low` to `high` over private types; `ratification` the mean
    chance that the Rada passes it; `put_to` the part of worlds in which it was still to be answered; `gain`,
    `reasons` and `flip` as in `draft_responses`; `as_happened` whether a chance above a half and what happened agree.
    """
    parameters = preset("documented", talks="scripted", **changes)
    with run_worlds(parameters, worlds, _first(parameters) + 8, seed) as model:
        model.simulate()
        answers = model.snapshot().draft_answers
    assert answers is not None
    rows = []
    for number, record in enumerate(data.table("drafts")):
        put = np.isfinite(answers.chance[number])
        chance = answers.chance[number, put]
        mean = float(chance.mean())
        low, high = map(float, np.percentile(chance, INTERVAL))
        terms = preset("documented", **(changes | draft(str(record["id"]))))
        turn = smallest_change(terms, seed=seed)
        row = {
            "draft": str(record["id"]), "label": str(record["label"]), "happened": str(record["outcome"]),
            "acceptance": mean, "low": low, "high": high,
            "ratification": float(answers.ratification[number, put].mean()), "put_to": float(put.mean()),
            "gain": float(np.median(answers.gain[number, put])), "reasons": main_reasons(terms, seed),
            "flip": "no single term" if turn is None else "{term} {now:g} to {needed:.3g} {unit}".format(**turn),
        }  # fmt: skip
        rows.append(row | {"as_happened": bool((mean > 0.5) == (record["outcome"] in SAID_YES))})
    table = pd.DataFrame(rows).set_index("draft")
    table.attrs["note"] = NOTE
    return table


def patterns_table(worlds: int = 2000, seed: int = 0, **changes: Value) -> pd.DataFrame:
    """The pass matrix of patterns P14-P17 and P19-P24, see `PatternLine`."""
    talks = [*talks_patterns(worlds, seed, changes), *script_patterns(worlds, seed, changes)]
    war = [*support_patterns(seed, changes), *war_patterns(worlds, seed, changes)]
    table = pass_matrix([*talks, *war])
    table.attrs["note"] = NOTE
    return table


def talks_patterns(worlds: int, seed: int, changes: Changes) -> list[PatternLine]:
    """P14-P16, on talks that the model bargains itself.

    The median of days counts the worlds that never sign as later than all others. Ratios to the first ask
    are over the worlds in which it credited past aid, as the first ask of 2025 did.
    """
    parameters = preset("documented", talks="bargained", **changes)
    with run_worlds(parameters, worlds, 12, seed) as model:
        model.simulate()
        run = {name: values.astype(np.float64) for name, values in model.outcomes().items()}
        terms = model.snapshot().table.terms
    rate = parameters.by_world(worlds).discount_rate
    last_stake = effective_stake(terms.ownership_share, terms.revenue_base, terms.reinvestment_years, rate)
    signed = run["signed"] > 0
    days = np.where(np.isnan(run["days_to_signature"]), np.inf, run["days_to_signature"])
    credited = signed & (run["first_ask_aid"] > 0)
    aid = run["final_recognised_aid"][credited] / run["first_ask_aid"][credited]
    stake = last_stake[credited] / run["first_ask_stake"][credited]
    share, guarantee = run["final_ownership_share"][signed], run["final_guarantee_strength"][signed]
    strengths, counts = np.unique(guarantee, return_counts=True)
    median, modal = np.sort(days)[len(days) // 2], strengths[np.argmax(counts)]
    broken, strong = float((run["breakdowns"] > 0).mean()), float((guarantee > 0.5).mean())
    return [
        _line("P14 days", "C", "median days from first offer to signature", "days", (40, 140), days, 77, median),
        PatternLine("P14 breakdown", "C", "P(at least one breakdown)", "probability", 0.3, 0.8, broken, observed=1),
        _line("P15 aid", "C", "final aid over first ask, median", "ratio", (0, 0.2), aid, 0),
        _line("P15 share", "C", "final ownership share, median", "share", (0.45, 0.55), share, 0.5),
        _line("P15 stake", "C", "effective stake, final over first ask, median", "ratio", (0, 0.35), stake, 0.15),
        _line("P16 mode", "H", "modal guarantee", "share", (0, 0.2), guarantee, 0.1, modal),
        PatternLine("P16 strong", "H", "part of deals with a guarantee above .5", "share", 0, 0.15, strong),
    ]


def script_patterns(worlds: int, seed: int, changes: Changes) -> list[PatternLine]:
    """P17 and P19, on the drafts as recorded."""
    parameters = preset("documented", talks="scripted", **changes)
    signing, last = _first(parameters) + 2, _first(parameters) + 8
    with run_worlds(parameters, worlds, last + 1, seed, record=LOSSES) as model:
        losses, run, answers = _losses(model), model.outcomes(), model.snapshot().draft_answers
    assert answers is not None
    # What signing does to losses where there is fighting with it and without, by common random numbers: it
    # reaches the front by the aid that it restores, which Europe had replaced in part.
    with run_worlds(parameters.replace(talks="none"), worlds, last + 1, seed, record=LOSSES) as model:
        without = _losses(model)[last]
    dates = pd.to_datetime(drafts())
    final = run["days_to_signature"] == (dates[-1] - dates[0]).days
    voted = run["ratification_chance"][final].astype(np.float64)
    change = losses[last, final] / np.maximum(losses[signing, final], 1e-9) - 1.0
    both = final & (losses[last] > 0) & (without > 0)
    by_signing = float((losses[last, both] / without[both] - 1.0).mean())
    words = f"change of losses two quarters after signing, of which signing itself {by_signing:+.2%}"
    april, february = "P(ratify) of the April text where signed", "P(ratify) of the February draft"
    first = answers.ratification[0]
    return [
        _line("P17 final", "H", april, "probability", (0.95, 1), voted, measured=voted.mean()),
        _line("P17 first", "H", february, "probability", (0, 0.3), first, measured=first.mean()),
        _line("P19", "H", words, "share", (-0.1, 0.3), change),
    ]


def _losses(model: GeopoliticalEconomy) -> Floats:
    """What both sides throw in where there is fighting, bn USD/year, (month, world); losses are in proportion."""
    model.simulate()
    paths = model.trajectories()
    return (paths["strength_ukraine"] + paths["strength_russia"]) * paths["fighting"]


def _first(parameters: Parameters) -> int:
    """Month of the first offer, the latest where worlds differ."""
    return int(np.max(np.asarray(parameters.talks_start)))


def _line(
    pattern: str, kind: str, meaning: str, unit: str, tolerance: tuple[float, float], ensemble: Floats,
    observed: float = np.nan, measured: float | None = None,
) -> PatternLine:  # fmt: skip
    """A line on an ensemble, one number per world, inf where the event never came; measured is else its median."""
    figure = float(np.median(ensemble) if measured is None else measured)
    low, high = np.quantile(ensemble, [0.1, 0.9], method="lower") if len(ensemble) else (np.nan, np.nan)
    return PatternLine(pattern, kind, meaning, unit, *tolerance, figure, float(low), float(high), observed)
