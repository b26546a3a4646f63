"""The map of agreement in one run of the model: what a sweep over the plane gives, without a store on the way."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr

from experiments.analysis import run_worlds
from experiments.analysis.deal.agreement_zones import agreement
from model.parameters.table import DECLARATIONS, Parameters
from model.record.variables import COORDINATES, OUTCOMES

READ = ("ukraine_accepts", "united_states_accepts", "deal_gain")
"""Outcomes of which a table of agreement is made."""


def agreement_plane(
    parameters: Parameters, levels: Mapping[str, Any], replicates: int, months: int, seed: int, **facts: Any
) -> xr.Dataset:
    """Who would sign at each point of `levels` (term -> its values), the other terms being those of `parameters`.

    Replicate r of every point has the same random draws, as in a sweep; `facts` become attributes beside its own.
    Raises what `agreement` raises.
    """
    axes = {**levels, "replicate": np.arange(replicates)}
    columns = dict(zip(axes, (each.ravel() for each in np.meshgrid(*axes.values(), indexing="ij")), strict=True))
    draws = columns.pop("replicate")
    with run_worlds.worlds(parameters.replace(**columns), len(draws), months, seed, draws, precision="single") as model:
        model.simulate()
        snapshot = model.snapshot()
        runs = {name: model.recorder.outcome(name, snapshot) for name in READ}
    sizes = [len(each) for each in axes.values()]
    content = {
        name: ((*OUTCOMES[name].dims, *axes), values.reshape(*values.shape[:-1], *sizes), OUTCOMES[name].attributes)
        for name, values in runs.items()
    }
    held = {name: value for name, value in vars(parameters).items() if name not in levels}
    about = {"seed": seed, "months": months, "start": int(str(parameters.start)), "parameters": json.dumps(held)}
    terms = {name: xr.Variable(name, values, _words(name)) for name, values in levels.items()}
    coordinates = {"signatory": COORDINATES["signatory"], **terms}
    return agreement(xr.Dataset(content, coordinates, {**about, **facts}))


def _words(term: str) -> dict[str, str]:
    """What an axis of a picture says of a term."""
    declared = DECLARATIONS[term]
    return {"unit": declared.unit, "long_name": term.replace("_", " "), "meaning": declared.meaning}
