"""How far the zone in which both signatories gain moves with each assumption that draws it."""

from __future__ import annotations

from typing import Any

import numpy as np

from experiments.analysis import run_worlds
from experiments.analysis.deal.draft_responses import months_to_the_answer
from model.parameters.presets import preset as parameters_of
from model.parameters.table import DECLARATIONS
from model.states.reasons import SIGNATORIES

POINTS = 21
"""Points of each side of the map."""
SHIFTING = (
    "sovereignty_per_ownership",
    "sovereignty_per_aid",
    "support_at_stake",
    "support_cost_share",
    "settlement_value",
    "guarantee_upkeep",
    "intervention_cost",
    "broken_word_cost",
    "intervention_harm",
    "full_intervention",
    "war_cost_ukraine",
    "land_worth",
    "renewal_hazard",
    "resource_revenue",
    "european_guarantee",
)
"""Assumptions and policies beside the two terms of the map."""


def zone_shifts(preset: str = "documented", seed: int = 0) -> list[dict[str, Any]]:
    """Part of the map (ownership share × guarantee) on which both gain, before types, by assumption.

    For each: its value `now`, the `zone` (0-1) at the `low` and `high` end of its range with all else as in the
    preset, and the change of the zone, in points, `per_unit` of the assumption.
    """
    base = parameters_of(preset, talks="fixed")
    rows: list[tuple[str, float]] = [("", 0.0)]
    rows += [(name, end) for name in SHIFTING for end in (DECLARATIONS[name].low, DECLARATIONS[name].high)]
    zones = np.array([_zone(base.replace(**({name: value} if name else {})), seed) for name, value in rows])
    table = []
    for at, name in enumerate(SHIFTING):
        declared, (low, high) = DECLARATIONS[name], zones[1 + 2 * at : 3 + 2 * at]
        table.append(
            {
                "assumption": name,
                "now": float(np.asarray(getattr(base, name))),
                "unit": declared.unit,
                "low": declared.low,
                "zone_low": float(low),
                "zone_now": float(zones[0]),
                "high": declared.high,
                "zone_high": float(high),
                "per_unit": 100 * float(high - low) / (declared.high - declared.low),
            }
        )
    return table


def _zone(parameters: Any, seed: int) -> float:
    """Part of the map on which both gain, one world a point with the same random draws."""
    share, guarantee = (each.ravel() for each in np.meshgrid(*[np.linspace(0.0, 1.0, POINTS)] * 2))
    months = months_to_the_answer(parameters)
    same = np.zeros(share.size, dtype=np.int64)
    plane = parameters.replace(ownership_share=share, guarantee_strength=guarantee)
    gains = run_worlds.outcomes(plane, share.size, months, seed, same)["deal_gain"]
    return float(np.mean(np.all(gains[: len(SIGNATORIES)] > 0, axis=0)))
