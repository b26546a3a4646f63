"""What both sides and their parliaments say to any draft: chances, reasons, and what would turn the answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analysis.acceptance_reasons import COUNTRIES, main_reasons, smallest_turn
from model.parameters.table import Parameters
from model.rules import bargaining, ratification
from model.simulation import GeopoliticalEconomy

Floats = NDArray[np.floating]

INTERVAL = (10, 90)
"""Percentiles of the chance over private types between which the central 80 % lie."""


def answers(drafts: Mapping[str, Parameters], worlds: int = 1000, seed: int = 0) -> pd.DataFrame:
    """What the model says to each draft, put on the table at `talks_start`; one row per draft.

    For both signatories: `ukraine_signs`, the mean over private types of the chance that it signs, and
    `ukraine_low`, `ukraine_high`, the central 80 % of that chance; `ukraine_gain`, percent of Ukraine's
    GDP before the type; `ukraine_reasons`, the three largest; `ukraine_turn`, the smallest change of one
    term that turns the answer (a dict of `reasons.smallest_turn`, or None). `rada` is the chance that the
    Rada ratifies what is put to it, `rada_if_signed` the same where Ukraine would sign; `congress` the
    chance that Congress does, NaN where it need not vote; `in_force` that Ukraine signs and nobody's vote
    fails. Raises ValueError for no drafts.
    """
    if not drafts:
        raise ValueError("no drafts to answer")
    rows = []
    for parameters in drafts.values():
        row: dict[str, Any] = _chances(parameters, worlds, seed)
        for country in COUNTRIES:
            row[f"{country}_reasons"] = main_reasons(parameters, seed, country=country)
            row[f"{country}_turn"] = smallest_turn(parameters, country, seed)
        rows.append(row)
    return pd.DataFrame(rows, index=pd.Index(list(drafts), name="draft"))


def _chances(parameters: Parameters, worlds: int, seed: int) -> dict[str, float]:
    """Chances of a signature on both sides and of the votes, over the private types of `worlds` worlds."""
    months = int(np.asarray(parameters.talks_start)) + 1
    model = GeopoliticalEconomy(
        parameters.replace(talks="fixed"), worlds=worlds, months=months, rng=seed, record="outcomes"
    )
    model.simulate()
    found: dict[str, float] = {}
    chance: dict[str, Floats] = {}
    worth: dict[str, Floats] = {}
    for country in COUNTRIES:
        gain = model.talks.reasons[f"{country}_gain"]
        worth[country] = gain + model.talks.type_of(country)
        chance[country] = bargaining.acceptance_probability(worth[country], model.spread.choice_precision)
        low, high = np.percentile(chance[country], INTERVAL)
        found |= {f"{country}_signs": float(chance[country].mean()), f"{country}_gain": float(np.median(gain))}
        found |= {f"{country}_low": float(low), f"{country}_high": float(high)}
    rada = ratification.ratification_probability(*model.ukraine.votes(worth["ukraine"]))
    signs = chance["ukraine"]
    needed = bool(np.asarray(parameters.guarantee_strength) > np.asarray(parameters.congress_threshold))
    congress = float(np.asarray(parameters.congress_support)) if needed else np.nan
    found |= {"rada": float(rada.mean()), "rada_if_signed": float((signs * rada).sum() / signs.sum())}
    found |= {"congress": congress, "in_force": float((signs * rada).mean()) * (congress if needed else 1.0)}
    model.close()
    return found
