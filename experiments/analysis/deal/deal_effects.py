"""What a deal does to each country: money, security and politics with the deal and without, on the same draws."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from operator import attrgetter

import numpy as np
import xarray as xr

from experiments.analysis.run_worlds import each_month
from experiments.ensemble.progress import Listener
from experiments.errors import InputError
from model.array_axes import Floats
from model.initial_state import read_start
from model.parameters.table import DECLARATIONS, Parameters
from model.record.variables import DECIDING
from model.states.deal import TERMS

PARTS = ("money", "security", "politics", "utility")
"""What a present value is of: the three parts as they are booked, and the utility in which a country weighs them."""
UNIT = "percent of its GDP"
MEASURES = {
    "with_deal": "present value with the deal in force",
    "without": "present value without a deal",
    "change": "change of the present value by the deal",
}
ERROR = "_error"
"""Ending of the standard error of a measure's mean over worlds; that of the change is by common random numbers."""


def with_and_without(
    drafts: Mapping[str, Parameters],
    worlds: int = 400,
    months: int = 180,
    seed: int = 0,
    listen: Listener | None = None,
) -> xr.Dataset:
    """MEASURES of every country that decides, each with its standard error, by (draft, country, part).

    Means over `worlds` of present values over `months`, percent of the country's own GDP: each draft is in force
    from `talks_start` on whatever anyone thinks (talks="imposed"), or nobody talks (talks="none"). Parts are not
    weighed; utility is (1 - w)(money + politics) + w security, w being the country's weight of security. `listen`
    is called with the months done and the most there can be. Raises InputError for no drafts or fewer than two worlds.
    """
    if not drafts or worlds < 2:
        raise InputError(f"needs a draft and two worlds or more, got {len(drafts)} and {worlds}")
    alone: dict[Parameters, Floats] = {}
    counted = _counted(listen, 2 * len(drafts) * months)
    rows = []
    for parameters in drafts.values():
        bare = parameters.replace(talks="none", **{term: DECLARATIONS[term].default for term in TERMS})
        if bare not in alone:
            alone[bare] = present_values(bare, worlds, months, seed, counted)
        deal = present_values(parameters.replace(talks="imposed"), worlds, months, seed, counted)
        rows.append(np.stack([deal, alone[bare], deal - alone[bare]]))
    values = np.stack(rows, axis=1)
    means, errors = values.mean(axis=-1), values.std(axis=-1, ddof=1) / np.sqrt(worlds)
    dims = ("draft", "country", "part")
    content = {}
    for (name, words), mean, error in zip(MEASURES.items(), means, errors, strict=True):
        content[name] = (dims, mean, {"unit": UNIT, "long_name": words})
        content[name + ERROR] = (dims, error, {"unit": UNIT, "long_name": f"standard error of the {words}"})
    gdp = ("country", read_start().gdp[: len(DECIDING)], {"unit": "bn USD"})
    coords = {"draft": list(drafts), "country": list(DECIDING), "part": list(PARTS), "gdp": gdp}
    return xr.Dataset(content, coords, {"seed": seed, "worlds": worlds, "months": months, "unit": UNIT})


def _counted(listen: Listener | None, most: int) -> Callable[[], None]:
    """What is called after every month; it tells the listener, if there is one, how many there have been."""
    months = itertools.count(1)
    return lambda: None if listen is None else listen(next(months), most)


def present_values(
    parameters: Parameters, worlds: int, months: int, seed: int, after_month: Callable[[], None] = lambda: None
) -> Floats:
    """Present values of money, security, politics and utility of each deciding country, (country, part, world)."""
    rate = parameters.by_world(worlds).discount_rate
    present = np.zeros((len(DECIDING), len(PARTS), worlds))
    for month, accounts in enumerate(each_month(attrgetter("accounts"), parameters, worlds, months, seed)):
        booked = np.array([[getattr(accounts[row], part) for part in PARTS] for row in range(len(DECIDING))])
        present += booked * (np.exp(-rate * month / 12) / 12)
        after_month()
    return present
