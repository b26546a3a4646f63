"""What a China that decides for itself does with its exports: how often, for how long, and against whom.

Nothing here is assumed of restrictions; the table says whether they come out temporary, recurrent and
selective, under each of the objectives that China may have.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model import GeopoliticalEconomy, Parameters
from model.parameters.declaration import Value
from model.parameters.market_parameters import OBJECTIVES
from model.rules.export_policy import MATERIALS_LICENSED, OPTIONS

MONTHS = 180


def restrictions_table(worlds: int = 400, rng: int = 0, months: int = MONTHS, **changes: Value) -> pd.DataFrame:
    """One row per objective of China: what its restrictions (licences and embargoes) look like in `months`.

    `ever` is the share of worlds with any, `episodes` and `months_each` their mean number and length,
    `recurrent` the share of worlds with more than one, `lasting` that of worlds in which one lasts to the
    end for five years or more; `heavy_only` and `one_buyer` are the parts of restricted months in which
    heavy material alone is licensed, and in which one buyer alone is barred.
    """
    rows = []
    for objective in OBJECTIVES:
        option = chosen_options(Parameters(china_objective=objective, **changes), worlds, months, rng)
        rows.append({"objective": objective} | described(option))
    return pd.DataFrame(rows).set_index("objective")


def report(worlds: int = 400, rng: int = 0) -> str:
    """The table as text, with what its columns say."""
    table = restrictions_table(worlds, rng)
    head = (
        f"China by itself, {MONTHS // 12} years from January 2025: months in which it licenses or bars exports. Means "
        "over worlds; months_each is the length of an episode, lasting the share of worlds in which one still goes "
        "on after five years, heavy_only and one_buyer parts of the restricted months."
    )
    return f"{head}\n\n{table.to_string(float_format=lambda number: f'{number:.2f}')}"


def chosen_options(parameters: Parameters, worlds: int, months: int, rng: int) -> NDArray[np.int64]:
    """The option in force in each month, as its place in OPTIONS, (month, world)."""
    model = GeopoliticalEconomy(parameters, worlds=worlds, months=months, rng=rng, record="outcomes")
    options = np.empty((months, worlds), dtype=np.int64)
    for month in range(months):
        model.step()
        options[month] = model.china.option
    model.close()
    return options


def described(option: NDArray[np.int64]) -> dict[str, float]:
    """The figures of `restrictions_table` for one run of options (month, world)."""
    restricting = np.array([any(licensed) for licensed in MATERIALS_LICENSED])[option]
    begins = restricting & ~np.vstack([np.zeros_like(restricting[:1]), restricting[:-1]])
    episodes, months = begins.sum(axis=0), restricting.sum(axis=0)
    restricted = max(int(months.sum()), 1)
    unbroken = np.flip(np.cumprod(np.flip(restricting, axis=0), axis=0).sum(axis=0))
    return {
        "ever": float((episodes > 0).mean()),
        "episodes": float(episodes.mean()),
        "months_each": restricted / max(int(episodes.sum()), 1),
        "recurrent": float((episodes > 1).mean()),
        "lasting": float((unbroken >= 60).mean()),
        "heavy_only": float((option == OPTIONS.index("licence_heavy")).sum() / restricted),
        "one_buyer": float((option == OPTIONS.index("embargo")).sum() / restricted),
    }
