"""What a deal does to each country: its utility with the deal and without, by common random numbers."""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter

import numpy as np
import xarray as xr

from experiments.analysis.run_worlds import each_month
from experiments.errors import InputError
from model.dimensions import Floats
from model.initial_state import read_start
from model.parameters.table import DECLARATIONS, Parameters
from model.record.variables import DECIDING
from model.states.deal import TERMS

PARTS = ("utility", "money", "security")
UNIT = "percent of its GDP"
MEASURES = {
    "with_deal": "present value of utility with the deal in force",
    "without": "present value of utility without a deal",
    "change": "change of the present value of utility by the deal",
    "error": "standard error of the change, by common random numbers",
}


def with_and_without(
    drafts: Mapping[str, Parameters], worlds: int = 400, months: int = 180, seed: int = 0
) -> xr.Dataset:
    """MEASURES of every country that decides, with each draft in force and without any, (draft, country, part).

    Means over `worlds` of present values over `months`, percent of the country's own GDP: each draft is in force
    from `talks_start` on whatever anyone thinks (talks="imposed"), or nobody talks (talks="none"). Parts are
    weighted, so that utility is money plus security. Raises InputError for no drafts or fewer than two worlds.
    """
    if not drafts or worlds < 2:
        raise InputError(f"needs a draft and two worlds or more, got {len(drafts)} and {worlds}")
    alone: dict[Parameters, Floats] = {}
    rows = []
    for parameters in drafts.values():
        bare = parameters.replace(talks="none", **{term: DECLARATIONS[term].default for term in TERMS})
        if bare not in alone:
            alone[bare] = present_values(bare, worlds, months, seed)
        deal = present_values(parameters.replace(talks="imposed"), worlds, months, seed)
        change = deal - alone[bare]
        error = change.std(axis=-1, ddof=1) / np.sqrt(worlds)
        rows.append((deal.mean(axis=-1), alone[bare].mean(axis=-1), change.mean(axis=-1), error))
    columns = dict(zip(MEASURES, map(np.stack, zip(*rows, strict=True)), strict=True))
    dims = ("draft", "country", "part")
    gdp = ("country", read_start().gdp[: len(DECIDING)], {"unit": "bn USD"})
    return xr.Dataset(
        {name: (dims, columns[name], {"unit": UNIT, "long_name": words}) for name, words in MEASURES.items()},
        {"draft": list(drafts), "country": list(DECIDING), "part": list(PARTS), "gdp": gdp},
        {"seed": seed, "worlds": worlds, "months": months, "unit": UNIT},
    )


def present_values(parameters: Parameters, worlds: int, months: int, seed: int) -> Floats:
    """Present value of each deciding country's utility and of its weighted parts, (country, part, world)."""
    p = parameters.by_world(worlds)
    safety = np.stack([getattr(p, f"{name}_security_weight") for name in DECIDING])
    weights = np.stack([1.0 - safety, safety], axis=1)
    present = np.zeros((len(DECIDING), len(PARTS), worlds))
    for month, accounts in enumerate(each_month(attrgetter("accounts"), parameters, worlds, months, seed)):
        parts = np.array([(accounts[row].revenue, accounts[row].security) for row in range(len(DECIDING))])
        weighted = weights * parts * (np.exp(-p.discount_rate * month / 12) / 12)
        present += np.concatenate([weighted.sum(axis=1, keepdims=True), weighted], axis=1)
    return present
