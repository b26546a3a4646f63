"""What moves what: each group of parameters against each group of outcomes, one parameter at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from experiments.analysis import run_worlds
from experiments.analysis.deal.draft_responses import months_to_the_answer
from experiments.analysis.deal.standard_texts import TEXTS
from experiments.errors import InputError
from model.array_axes import Floats
from model.parameters.presets import preset as parameters_of
from model.parameters.table import DECLARATIONS, Parameters
from model.record.variables import DECIDING, NAMES
from model.states.reasons import SIGNATORIES

SECTIONS = {
    "ownership_share": "deal terms",
    "guarantee_strength": "guarantee",
    "reinvestment_years": "deal terms",
    "united_states_security_weight": "tastes",
    "resource_revenue": "resources",
    "sovereignty_per_ownership": "politics and support",
    "intervention_cost": "guarantee",
    "rare_earth_cost_share": "market",
    "russian_option": "politics and support",
    "broken_word_cost": "guarantee",
    "round_discount_united_states": "talks and votes",
    "tripwire": "guarantee",
    "contest_decisiveness": "war",
    "european_guarantee": "Europe",
    "price_level": "market",
    "entry_rate": "investment",
    "deposit_chance": "geology",
    "war_loss": "war",
    "china_policy": "China",
    "ukraine_output_share": "geology",
    "china_reserves": "China",
}
"""Group of each parameter: that of the last one named here, in the order of the table of parameters."""
MODES = ("start", "talks", "talks_start", "talks_months")
"""Parameters that choose what is run, and are not moved."""
BLOCK = 8192
"""Worlds run side by side."""

Move = tuple[str, str, Any]
"""A group, a parameter of it, and the value that it is moved to."""


@dataclass(frozen=True)
class Column:
    """One outcome of the matrix: its unit, and the smallest effect that counts."""

    words: str
    unit: str
    least: float


COLUMNS = {
    "worth_ukraine": Column("worth to Ukraine", "percent of its GDP", 0.05),
    "worth_united_states": Column("worth to the United States", "percent of Ukraine's GDP", 0.05),
    "signs_ukraine": Column("Ukraine signs", "share of worlds", 0.01),
    "signs_united_states": Column("the United States signs", "share of worlds", 0.01),
    "ratification": Column("the Rada ratifies", "probability", 0.01),
    "signed": Column("signed in talks", "share of worlds", 0.01),
    "fighting": Column("months of fighting", "months", 0.5),
    "peace": Column("peace at the end", "share of worlds", 0.01),
    "revenue": Column("Ukraine's resource revenue at the end", "bn USD/year", 0.01),
    "price": Column("price of magnet material at the end", "percent", 1.0),
    "china": Column("China's share of mining at the end", "points", 0.1),
    **{f"welfare_{c}": Column(f"welfare of {NAMES[c]}", "percent of its GDP", 0.05) for c in DECIDING},
}
"""Outcomes by key: of the answers to each of the texts (the largest effect on any), of talks without one, and of what
comes under April's."""

NO_MINERALS = {"market", "investment", "geology", "China", "resources"}
WAR = {"fighting", "peace", "welfare_russia"}
WHY_EMPTY: tuple[tuple[set[str], set[str], str], ...] = (
    (
        {"talks and votes"},
        set(COLUMNS) - {"signed", "ratification"},
        "these move how talks go and how parliaments vote, not what a text or a deal does",
    ),
    (NO_MINERALS, WAR, "nobody's gain from war or peace holds minerals, and revenue buys no arms: efforts are given"),
    (
        NO_MINERALS,
        {"worth_ukraine", "worth_united_states", "signs_ukraine", "signs_united_states", "signed", "ratification"},
        "rare earths are too small a part of what is signed for any price of theirs to turn an answer",
    ),
    (
        {"deal terms", "guarantee", "resources", "politics and support", "war", "Europe", "geology"},
        {"price", "china", "welfare_china"},
        "Ukraine mines next to nothing within the run, so that neither war nor deal reaches the world's rare earths",
    ),
    (set(SECTIONS.values()), {f"welfare_{c}" for c in DECIDING}, "small beside the country's income"),
    (set(SECTIONS.values()), {"revenue"}, "what is mined and taxed today does not hang on it"),
    (
        {"deal terms", "politics and support", "tastes"},
        WAR | {"ratification", "signed"},
        "it moves what a deal is worth by less than a vote or a war turns on",
    ),
)
"""Why a cell is empty: groups, outcomes, the reason; the first that fits counts."""


def groups() -> dict[str, list[str]]:
    """The parameters that are moved, by group."""
    listed: dict[str, list[str]] = {}
    group = ""
    for name in DECLARATIONS:
        group = SECTIONS.get(name, group)
        if name not in MODES:
            listed.setdefault(group, []).append(name)
    return listed


def coupling(preset: str = "documented", replicates: int = 100, months: int = 180, seed: int = 0) -> xr.Dataset:
    """The largest effect of a parameter of each group on each outcome, from one end of its range to the other.

    `effect` (group, outcome) in the unit of the outcome, with `parameter` that has it and, of answers, the `text`;
    every row has the same random draws, `error` is two standard errors of the paired difference. `empty` is where
    the effect is smaller than `least` (outcome,) or than its error. Raises InputError for fewer than 2 replicates.
    """
    if replicates < 2:
        raise InputError(f"replicates={replicates}: an effect needs at least 2")
    base = parameters_of(preset)
    moves = [(group, name, value) for group, names in groups().items() for name in names for value in _ends(name)]
    found = {text: _answers(base.replace(**terms), moves, replicates, seed) for text, terms in TEXTS.items()}
    lived = _lived(base.replace(**TEXTS["April"], talks="imposed"), moves, replicates, months, seed)
    values = {(key, text): table[key] for text, table in found.items() for key in table}
    values["signed", ""] = _talked(base.replace(talks="bargained"), moves, replicates, seed)
    values |= {(key, ""): numbers for key, numbers in lived.items()}
    cells: dict[tuple[str, str], tuple[float, float, str, str]] = {}
    for (key, text), numbers in values.items():
        for group, name, effect, error in _effects(moves, numbers):
            if effect > cells.get((group, key), (-1.0,))[0]:
                cells[group, key] = effect, error, name, text
    return _table(cells, preset, replicates, months, seed)


def _ends(name: str) -> list[Any]:
    """The two ends of a parameter's range, or all of its words."""
    declared = DECLARATIONS[name]
    return list(declared.choices) if declared.choices else [declared.low, declared.high]


def _rows(base: Parameters, moves: list[Move], replicates: int) -> Iterator[tuple[Parameters, int]]:
    """Parameters of blocks of rows, each row `replicates` worlds; the first row of all moves nothing."""
    per_block = max(BLOCK // replicates, 1)
    rows: list[Move] = [("", "", None), *moves]
    for first in range(0, len(rows), per_block):
        block = rows[first : first + per_block]
        changes = {}
        for name in dict.fromkeys(name for _, name, _ in block if name):
            plain = getattr(base, name)
            changes[name] = np.repeat([value if moved == name else plain for _, moved, value in block], replicates)
        yield base.replace(**changes), len(block)


def _answers(base: Parameters, moves: list[Move], replicates: int, seed: int) -> dict[str, Floats]:
    """What both answer to a text and what the Rada would do, (row, replicate) by key."""
    months = months_to_the_answer(base)
    parts: dict[str, list[Floats]] = {}
    for parameters, count in _rows(base.replace(talks="fixed"), moves, replicates):
        run = run_worlds.outcomes(parameters, count * replicates, months, seed, _same(count, replicates))
        for at, who in enumerate(SIGNATORIES):
            parts.setdefault(f"worth_{who}", []).append(run["deal_gain"][at].reshape(count, replicates))
            parts.setdefault(f"signs_{who}", []).append(run[f"{who}_accepts"].reshape(count, replicates))
        parts.setdefault("ratification", []).append(run["ratification_chance"].reshape(count, replicates))
    return {key: np.concatenate(blocks) for key, blocks in parts.items()}


def _talked(base: Parameters, moves: list[Move], replicates: int, seed: int) -> Floats:
    """Whether talks without a text end in a signature, (row, replicate)."""
    months = int(sum(float(np.asarray(each)) for each in (base.talks_start, base.talks_months))) + 1
    runs = (
        run_worlds.outcomes(parameters, count * replicates, months, seed, _same(count, replicates))["signed"]
        for parameters, count in _rows(base, moves, replicates)
    )
    return np.concatenate([run.reshape(-1, replicates) for run in runs])


def why_empty(group: str, outcome: str) -> str:
    """Why a group of parameters does not move an outcome, as far as the model's structure says."""
    for names, keys, reason in WHY_EMPTY:
        if group in names and outcome in keys:
            return reason
    return "no reason of structure: within the error of these worlds"


def _lived(base: Parameters, moves: list[Move], replicates: int, months: int, seed: int) -> dict[str, Floats]:
    """What becomes of the world under a deal, (row, replicate) by key."""
    parts: dict[str, list[Floats]] = {}
    for parameters, count in _rows(base, moves, replicates):
        run = run_worlds.outcomes(parameters, count * replicates, months, seed, _same(count, replicates))
        read = {
            "fighting": run["months_of_fighting"],
            "peace": run["peace_holds"],
            "revenue": run["resource_revenue_end"],
            "price": 100 * np.log(run["price_magnet_end"]),
            "china": 100 * run["china_mine_share_end"],
            **{f"welfare_{c}": run[f"welfare_{c}"] for c in DECIDING},
        }
        for key, numbers in read.items():
            parts.setdefault(key, []).append(numbers.reshape(count, replicates))
    return {key: np.concatenate(blocks) for key, blocks in parts.items()}


def _same(rows: int, replicates: int) -> Any:
    """The same random draws in every row."""
    return np.tile(np.arange(replicates), rows)


def _effects(moves: list[Move], numbers: Floats) -> Iterator[tuple[str, str, float, float]]:
    """Group, name, effect and its error for every parameter: the widest difference of two of its rows, or of the base.

    Worlds that are unknown in either row do not count.
    """
    rows: dict[tuple[str, str], list[int]] = {}
    for row, (group, name, _) in enumerate(moves, 1):
        rows.setdefault((group, name), [0]).append(row)
    for (group, name), at in rows.items():
        differences = [numbers[other] - numbers[one] for one in at for other in at if one < other]
        known = [each[np.isfinite(each)] for each in differences]
        widest = max(known, key=lambda each: abs(each.mean()) if each.size > 1 else 0.0)
        if widest.size > 1:
            yield group, name, abs(float(widest.mean())), 2.0 * float(widest.std(ddof=1)) / np.sqrt(widest.size)
        else:
            yield group, name, 0.0, 0.0


def _table(
    cells: Mapping[tuple[str, str], tuple[float, float, str, str]], preset: str, replicates: int, months: int, seed: int
) -> xr.Dataset:
    names, keys = list(groups()), list(COLUMNS)
    whole = [[cells[group, key] for key in keys] for group in names]
    effect, error = (np.array([[cell[at] for cell in row] for row in whole]) for at in (0, 1))
    least = np.array([COLUMNS[key].least for key in keys])
    empty, both = (effect < least) | (effect <= error), ("group", "outcome")
    return xr.Dataset(
        {
            "effect": (both, effect, {"long_name": "largest effect of one parameter over its range"}),
            "error": (both, error, {"long_name": "two standard errors"}),
            "parameter": (both, [[cell[2] for cell in row] for row in whole]),
            "text": (both, [[cell[3] for cell in row] for row in whole]),
            "empty": (both, empty),
            "least": ("outcome", least),
            "reason": (both, np.where(empty, [[why_empty(group, key) for key in keys] for group in names], "")),
        },
        {
            "group": names,
            "outcome": keys,
            "words": ("outcome", [COLUMNS[key].words for key in keys]),
            "unit": ("outcome", [COLUMNS[key].unit for key in keys]),
        },
        {"preset": preset, "replicates": replicates, "months": months, "seed": seed},
    )
