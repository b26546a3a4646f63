"""What each part of the bargain is worth beside the others, and what would reverse their order."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from experiments.analysis import run_worlds
from experiments.analysis.deal.draft_responses import months_to_the_answer
from experiments.analysis.deal.standard_texts import OWN_OFFER, TEXTS
from experiments.analysis.parameter_outcome_matrix import groups
from model.array_axes import HYDROCARBONS, RARE_EARTHS, UA, Floats, total
from model.parameters.presets import preset as parameters_of
from model.parameters.table import DECLARATIONS, Parameters
from model.resources.revenue_values import stream_values
from model.states.reasons import REASONS, SIGNATORIES
from model.units import PERCENT

TRIALS = 33
"""Values of each parameter that are tried over its range."""
ASSUMPTIONS = ("guarantee", "tastes", "resources", "war", "Europe", "geology", "investment", "market")
"""Groups of parameters that the comparison might rest on; terms of the deal are left as they are."""

NO_NEWS = {"demand_volatility": 0.0, "accident_rate": 0.0}
"""So that worths are those at prices on record, and not at one world's of a month later."""


def worths(preset: str = "documented", seed: int = 0) -> list[dict[str, Any]]:
    """Worth of each part of the bargain, percent of Ukraine's GDP in present value: rows with `what`, `to`, `worth`."""
    base, as_reported = (parameters_of(each).replace(**NO_NEWS) for each in (preset, "as_reported"))
    own, april = (_parts(base.replace(**TEXTS[text]), 1, seed) for text in ("own offer", "April"))
    streams, reported = (_streams(each, 1, seed)[:, 0] for each in (base, as_reported))
    washington = sum(own["united_states"][name][0] for name in ("upkeep", "risk", "word"))
    rows = (
        ("a guarantee of 0.7, in force at once", "Ukraine", own["ukraine"]["guarantee"][0]),
        ("the same: upkeep, risk of war, its word", "United States", washington),
        ("US support that hinges on signing", "Ukraine", own["ukraine"]["support"][0]),
        ("a signed deal in itself (politics)", "United States", april["united_states"]["settlement"][0]),
        ("all resource revenue of today", "Ukraine", float(streams[HYDROCARBONS])),
        ("all resource revenue, with every new licence", "Ukraine", float(total(streams))),
        ("the US stake in April's agreement", "United States", april["united_states"]["resources"][0]),
        ("rare earths, as documented", "Ukraine", float(streams[RARE_EARTHS])),
        ("rare earths, as reported (5 % of the world)", "Ukraine", float(reported[RARE_EARTHS])),
    )
    return [{"what": what, "to": who, "worth": float(worth)} for what, who, worth in rows]


def reversals(preset: str = "documented", seed: int = 0) -> xr.Dataset:
    """Where a guarantee of 0.7 at once would be worth less to Ukraine than all of its resources, by one assumption.

    `guarantee` and `resources` (parameter, trial), percent of GDP, at `value` over the range of each number that is
    assumed; `turn` (parameter,) is the value, interpolated, at which they are equal, nan where they never are, and
    `now` the preset's.
    """
    base = parameters_of(preset).replace(**OWN_OFFER, **NO_NEWS)
    names = [
        name
        for group in ASSUMPTIONS
        for name in groups()[group]
        if not DECLARATIONS[name].choices and DECLARATIONS[name].kind != "policy"
    ]
    spans = np.array([np.linspace(DECLARATIONS[name].low, DECLARATIONS[name].high, TRIALS) for name in names])
    columns = {}
    for row, name in enumerate(names):
        columns[name] = np.full(spans.size, float(np.asarray(getattr(base, name))))
        columns[name][row * TRIALS : (row + 1) * TRIALS] = spans[row]
    parameters = base.replace(**columns)
    guarantee = _parts(parameters, spans.size, seed)["ukraine"]["guarantee"].reshape(spans.shape)
    resources = total(_streams(parameters, spans.size, seed)).reshape(spans.shape)
    turn = [_crossing(*each) for each in zip(spans, guarantee - resources, strict=True)]
    both = ("parameter", "trial")
    return xr.Dataset(
        {
            "guarantee": (both, guarantee, {"unit": "percent of GDP"}),
            "resources": (both, resources, {"unit": "percent of GDP"}),
            "value": (both, spans),
            "turn": ("parameter", turn),
            "now": ("parameter", [float(np.asarray(getattr(base, name))) for name in names]),
        },
        {"parameter": names, "unit": ("parameter", [DECLARATIONS[name].unit for name in names])},
        {"preset": preset, "seed": seed},
    )


def _crossing(values: Floats, margin: Floats) -> float:
    """The value at which a margin first changes its sign, interpolated, nan where it does not."""
    turns = np.flatnonzero(np.diff(margin >= 0))
    if not turns.size:
        return float("nan")
    at = turns[0]
    return float(values[at] + (values[at + 1] - values[at]) * margin[at] / (margin[at] - margin[at + 1]))


def _parts(parameters: Parameters, count: int, seed: int) -> dict[str, dict[str, Floats]]:
    """What signing changes, by signatory and reason, (worlds,), percent of Ukraine's GDP."""
    same = np.zeros(count, dtype=np.int64)
    run = run_worlds.outcomes(parameters.replace(talks="fixed"), count, months_to_the_answer(parameters), seed, same)[
        "deal_worth"
    ]
    names = [reason.name for reason in REASONS]
    return {who: dict(zip(names, run[at], strict=True)) for at, who in enumerate(SIGNATORIES)}


def _streams(parameters: Parameters, count: int, seed: int) -> Floats:
    """Worth of each stream with nothing signed, (stream, worlds), percent of Ukraine's GDP."""
    same = np.zeros(count, dtype=np.int64)
    with run_worlds.worlds(
        parameters.replace(talks="none"), count, months_to_the_answer(parameters), seed, same
    ) as model:
        model.simulate()
        known, p = model.snapshot(), model.setting.p
        values = stream_values(p, known.resources, p.discount_rate * known.outlook.war_years)
        return values * PERCENT / model.setting.start.gdp[UA]
