"""What the market's actors do by themselves: entrants on credit, China's export restrictions, and its shares to come.

Nothing is assumed of restrictions; their table says whether they come out temporary, recurrent and
selective, under each of the objectives that China may have.
"""

from __future__ import annotations

from operator import attrgetter

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analysis.run_worlds import each_month
from experiments.validation.market_replay import CRISIS
from model import COUNTRIES, Parameters, data, preset
from model.array_axes import CN, MINE, RW, US
from model.china_policy_record import replay_months
from model.initial_state import start_year
from model.parameters.declaration import Value
from model.parameters.market_parameters import OBJECTIVES
from model.rules.export_policy import MATERIALS_LICENSED, OPTIONS
from model.states.common_knowledge import Snapshot

ENTRANTS = {
    US: ("Mountain Pass (Molycorp)", "failed in June 2015 (molycorp_2015)"),
    RW: ("Mount Weld (Lynas)", "survived, with its interest cut in 2014 and 2016 (lynas_debt_2016)"),
}
"""Country -> name and record of the entrant that built on credit."""

MONTHS = 180
"""Months in which China decides by itself."""

ENTRANTS_HEAD = (
    "Entrants on credit in the quota crisis: share of worlds in which they fail by 2016, and when. The date is "
    "partly put in: lender_patience is the three years that Mountain Pass was given. That it does not earn its "
    "interest, and that Mount Weld does, is the model's."
)
RESTRICTIONS_HEAD = (
    f"China by itself, {MONTHS // 12} years from January 2025: months in which it licenses or bars exports. Means "
    "over worlds; months_each is the length of an episode, lasting the share of worlds in which one still goes "
    "on after five years, heavy_only and one_buyer parts of the restricted months."
)
PROJECTIONS_HEAD = (
    "China's shares to come, means of a year, and what the International Energy Agency projects (table stage_shares). "
    "The agency counts magnet rare earths and all projects announced; the model all rare earths, the projects that are "
    "financed, and what pays at its prices. Changes are since 2025 in the model, since 2024 in the projections."
)
SHARES = {"mine": "mine_share", "separation": "separation_share"}
"""Stage of the table of shares -> the market's share by country."""


def entrants_table(worlds: int = 200, seed: int = 0) -> pd.DataFrame:
    """One row per entrant: share of worlds in which it fails, median and middle four fifths of when, and the record.

    An entrant is the plants on credit in its country; it fails when the lenders' patience ends. That patience was
    read off Mountain Pass, so when it fails is partly put in; whether it earns its interest is not.
    """
    parameters = preset(CRISIS)
    owed = np.stack(list(each_month(_mines_on_credit, parameters, worlds, replay_months(CRISIS), seed)))
    fails = (owed[:-1] > 0) & (owed[1:] == 0)
    rows = []
    for country, (name, record) in ENTRANTS.items():
        failed = fails[:, country].any(axis=0)
        months = fails[:, country].argmax(axis=0)[failed] + 1
        row = {"entrant": name, "country": COUNTRIES[country], "fails": failed.mean()}
        for label, part in {"median": 0.5, "10%": 0.1, "90%": 0.9}.items():
            row[label] = _date(start_year(parameters.start), np.quantile(months, part)) if len(months) else ""
        rows.append(row | {"record": record})
    return pd.DataFrame(rows).set_index("entrant")


def projections_table(worlds: int = 200, seed: int = 0) -> pd.DataFrame:
    """One row per projection of China's share of a stage: the model's median and middle four fifths, and the agency's.

    `change` and `projected_change` are since 2025 and since 2024, the last years that each takes from a record.
    """
    ours = [row for row in data.table("stage_shares") if row["country"] == "china" and row["material"] == "magnet"]
    projected = [row for row in ours if row["kind"] == "projection" and row["stage"] in SHARES]
    last = max(int(float(str(row["year"]))) for row in projected)
    monthly = each_month(_china_shares, Parameters(), worlds, 12 * (last - 2025 + 1), seed)
    shares = np.stack(list(monthly)).reshape(-1, 12, len(SHARES), worlds).mean(axis=1)
    rows = []
    for row in projected:
        stage, year, share = str(row["stage"]), int(float(str(row["year"]))), float(str(row["value"]))
        low, median, high = np.quantile(shares[year - 2025, list(SHARES).index(stage)], [0.1, 0.5, 0.9])
        first = float(np.median(shares[0, list(SHARES).index(stage)]))
        before = data.value("stage_shares", stage=stage, material="magnet", country="china", year=2024)
        changes = {"change": median - first, "projected_change": share - before}
        rows.append(
            {"stage": stage, "year": year, "median": median, "10%": low, "90%": high, "projected": share} | changes
        )
    return pd.DataFrame(rows).sort_values(["stage", "year"]).set_index("stage")


def _china_shares(now: Snapshot) -> NDArray[np.floating]:
    """China's share of the stages of SHARES, (stage, world)."""
    return np.stack([getattr(now.market, name)[CN] for name in SHARES.values()])


def _mines_on_credit(now: Snapshot) -> NDArray[np.floating]:
    """Capacity of mines still owed for, t/month, (country, world)."""
    return now.debt.financed[:, MINE]


def _date(start: int, month: float) -> str:
    """A month of a run, counted from January of `start`, written 2015-06."""
    return f"{start + int(month) // 12}-{int(month) % 12 + 1:02d}"


def restrictions_table(worlds: int = 400, seed: int = 0, months: int = MONTHS, **changes: Value) -> pd.DataFrame:
    """One row per objective of China: what its restrictions (licences and embargoes) look like in `months`.

    `ever` is the share of worlds with any, `episodes` and `months_each` their mean number and length, `recurrent`
    the share of worlds with more than one, `lasting` with one that lasts to the end for five years or more;
    `heavy_only` and `one_buyer` are the parts of restricted months in which heavy material alone is licensed, and in
    which one buyer alone is barred.
    """
    rows = {}
    for objective in OBJECTIVES:
        parameters = Parameters(china_objective=objective, **changes)
        options = list(each_month(attrgetter("export_option"), parameters, worlds, months, seed))
        rows[objective] = restriction_figures(np.stack(options))
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("objective")


def restriction_figures(option: NDArray[np.int64]) -> dict[str, float]:
    """The figures of `restrictions_table` for one run of options, indices in OPTIONS, (month, world)."""
    restricting = np.array([any(licensed) for licensed in MATERIALS_LICENSED])[option]
    begins = restricting & ~np.vstack([np.zeros_like(restricting[:1]), restricting[:-1]])
    episodes, restricted = begins.sum(axis=0), max(int(restricting.sum()), 1)
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
