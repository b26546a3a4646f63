"""What chosen changes of the world do to the worth of the three texts, and to the answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr

from experiments.analysis import run_worlds
from experiments.analysis.deal.draft_responses import months_to_the_answer
from experiments.analysis.deal.standard_texts import TEXTS
from model.parameters.presets import preset as parameters_of
from model.states.reasons import SIGNATORIES

LEVERS: dict[str, tuple[str, Mapping[str, float]]] = {
    "as documented": ("documented", {}),
    "rare-earth prices doubled": ("documented", {"price_level": 2}),
    "rare-earth prices at four times": ("documented", {"price_level": 4}),
    "as reported: Ukraine mines 5 % of the world": ("as_reported", {}),
    "as reported, rare-earth prices doubled": ("as_reported", {"price_level": 2}),
    "all resource revenue half as large again": ("documented", {"resource_revenue": 1.65, "new_licence_revenue": 1.5}),
    "a European guarantee of 0.4": ("documented", {"european_guarantee": 0.4}),
    "support at stake 0.2 instead of 0.35": ("documented", {"support_at_stake": 0.2}),
    "base rate of renewed war doubled": ("documented", {"renewal_hazard": 0.14}),
    "no political costs": ("documented", {"sovereignty_per_ownership": 0, "sovereignty_per_aid": 0}),
}
"""What is changed, by name: preset and parameters."""


def levers(replicates: int = 1000, seed: int = 0) -> xr.Dataset:
    """Worth of each text (percent of Ukraine's GDP, weighted, before types) and answers under each change.

    `worth` and `signs` (lever, text, signatory): medians and shares over worlds with the same random draws.
    """
    shape = (len(LEVERS), len(TEXTS), len(SIGNATORIES))
    worth, signs = np.empty(shape), np.empty(shape)
    for row, (preset, changes) in enumerate(LEVERS.values()):
        for column, terms in enumerate(TEXTS.values()):
            values: dict[str, Any] = {**terms, **changes, "talks": "fixed"}
            parameters = parameters_of(preset, **values)
            run = run_worlds.outcomes(parameters, replicates, months_to_the_answer(parameters), seed)
            worth[row, column] = np.median(run["deal_gain"], axis=1)
            signs[row, column] = [run[f"{who}_accepts"].mean() for who in SIGNATORIES]
    dims = ("lever", "text", "signatory")
    return xr.Dataset(
        {
            "worth": (dims, worth, {"unit": "percent of Ukraine's GDP", "long_name": "signing over refusing"}),
            "signs": (dims, signs, {"unit": "share", "long_name": "would sign"}),
        },
        {"lever": list(LEVERS), "text": list(TEXTS), "signatory": list(SIGNATORIES)},
        {"replicates": replicates, "seed": seed},
    )
