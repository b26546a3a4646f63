"""Levels that the war game must meet: renewed war, deterrence, the window, lengths of war and worths."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from experiments.analysis.war.solved_war_game import SolvedGame, solved_cases
from model.array_axes import Floats
from model.parameters.declaration import Value
from model.parameters.table import Parameters

GUARANTEE_ALONE: dict[str, Value] = {
    "ownership_share": 0.0,
    "recognised_aid": 0.0,
    "nato_path": 0.0,
    "future_aid": 0.0,
    "support_at_stake": 0.0,
    "european_guarantee": 0.0,
}
"""A deal of a guarantee and nothing else, so that only this differs from having none."""
HORIZON = 10.0
"""Years within which war is renewed, from the first day of a ceasefire."""
STRENGTHS = (1.0, 0.7, 0.4, 0.1)
REGROUPING = (0.02, 0.06, 0.10)
WAR_COSTS = (0.05, 0.31, 0.60)
SLOW = {0.5: (25.0, 0.06), 1.0: (50.0, 0.06), 2.0: (100.0, 0.06), 4.0: (120.0, 0.10)}
"""Build-up over the time in which Russia rearms -> months of build-up and regrouping at which it is so."""
EUROPEAN_BUILDUPS = (0.0, 12.0, 60.0, 120.0)
NOTHING: dict[str, Value] = {"talks": "none"}
SET_BY_LEVELS = ("talks", "guarantee_strength", "guarantee_buildup", "european_buildup", *GUARANTEE_ALONE)
"""Parameters that every level sets itself, so that a value given for them would do nothing."""


@dataclass(frozen=True)
class Level:
    """One level: what is wanted, from `low` to `high` with infinite ends where nothing is, and what came, in `unit`."""

    group: str
    level: str
    unit: str
    got: float
    low: float = -np.inf
    high: float = np.inf

    @property
    def wanted(self) -> str:
        """The range in words, empty where the level is only reported."""
        if np.isinf(self.low) and np.isinf(self.high):
            return ""
        if np.isinf(self.high):
            return f"at least {self.low:.3g}"
        return f"{self.low:.3g} to {self.high:.3g}" if np.isfinite(self.low) else f"at most {self.high:.3g}"

    @property
    def result(self) -> str:
        """Pass or MISS; empty where nothing is wanted, unknown where the game was not solved."""
        if np.isnan(self.got):
            return "not solved"
        return ("pass" if self.low <= self.got <= self.high else "MISS") if self.wanted else ""


def american(strength: float, buildup: float = 0.0, **changes: Value) -> dict[str, Value]:
    """An American guarantee in force, of so many months of build-up."""
    return {"talks": "imposed", "guarantee_strength": strength, "guarantee_buildup": buildup, **changes}


def european(strength: float, buildup: float = 0.0) -> dict[str, Value]:
    """A European guarantee, with no deal; months of build-up."""
    return {"talks": "none", "european_guarantee": strength, "european_buildup": buildup}


def war_levels(parameters: Parameters) -> pd.DataFrame:
    """Every level, a row each: group, level, unit, wanted, got, result, low, high.

    The parameters are those given with GUARANTEE_ALONE over them, and what a level varies. Raises InputError for a
    start before the war.
    """
    base = parameters.replace(**GUARANTEE_ALONE)
    levels = [
        *_peace(_solve(base, _peace_cases())),
        *_window(_solve(base, {"none": NOTHING, "slow": american(1.0, SLOW[2.0][0])})),
        *_worths(_solve(base, _worth_cases())),
        *_european(_solve(base, _european_cases())),
    ]
    rows = [{**vars(each), "wanted": each.wanted, "result": each.result} for each in levels]
    return pd.DataFrame(rows)[["group", "level", "unit", "wanted", "got", "result", "low", "high"]]


@dataclass(frozen=True)
class _Cases:
    """A solved game whose worlds have names."""

    game: SolvedGame
    names: list[str]

    def of(self, values: Floats) -> dict[str, float]:
        """Values (worlds,) by the name of their world."""
        return dict(zip(self.names, values.tolist(), strict=True))


def _solve(base: Parameters, cases: Mapping[str, Mapping[str, Value]]) -> _Cases:
    return _Cases(solved_cases(base, list(cases.values())), list(cases))


def _peace_cases() -> dict[str, dict[str, Value]]:
    cases = {"none": NOTHING} | {f"g {strength:g}": american(strength) for strength in STRENGTHS}
    for times, (months, regrouping) in SLOW.items():
        cases[f"none {times:g}"] = NOTHING | {"regrouping": regrouping}
        cases[f"fast {times:g}"] = american(1.0, regrouping=regrouping)
        cases[f"slow {times:g}"] = american(1.0, months, regrouping=regrouping)
    for regrouping in REGROUPING:
        cases[f"regrouping {regrouping:g}"] = NOTHING | {"regrouping": regrouping}
        cases[f"guarded {regrouping:g}"] = american(1.0, 48.0, regrouping=regrouping)
    return cases


def _peace(cases: _Cases) -> list[Level]:
    """Renewed war within ten years."""
    renewed = cases.of(cases.game.renewed(HORIZON))
    none, share = renewed["none"], "share of ceasefires"
    group = "nothing promised"
    levels = [
        Level(group, "mean hazard over ten years of ceasefire", "% a year", -100 * np.log1p(-none) / HORIZON, 5, 7),
        Level(group, "war renewed within ten years", share, none, 0.4, 0.5),
    ]
    wanted = {1.0: (0.5, np.inf), 0.7: (0.15, 0.5)}
    for strength in STRENGTHS:
        words, cut = f"cut by a guarantee of {strength:g}", 1 - renewed[f"g {strength:g}"] / none
        levels.append(
            Level(
                "renewed war within ten years, guarantee built at once",
                words,
                "share",
                cut,
                *wanted.get(strength, (-np.inf, np.inf)),
            )
        )
    for times, (months, regrouping) in SLOW.items():
        fast, slow, bare = (renewed[f"{kind} {times:g}"] for kind in ("fast", "slow", "none"))
        words = f"of 1's effect, build-up {times:g} times rearming ({months:g} months, regrouping {regrouping:g})"
        ends = (0.5, np.inf) if times > 1 else (-np.inf, 0.5)
        levels.append(Level("lost to a slow build-up", words, "share", (slow - fast) / (bare - fast), *ends))
    for kind, words in (("regrouping", "nothing promised"), ("guarded", "guarantee of 1 built in 48 months")):
        values = {f"at {rate:g} a quarter": renewed[f"{kind} {rate:g}"] for rate in REGROUPING}
        levels += _rising(f"renewed war within ten years by regrouping, {words}", share, values)
    return levels


def _window(cases: _Cases) -> list[Level]:
    """Attack rates under a full guarantee that takes twice as long to build as Russia to rearm."""
    group = "attack rate, guarantee of 1 built in 100 months"
    levels = []
    for rearmed, words in ((False, "Russia not rearmed"), (True, "Russia rearmed")):
        before, built = (cases.game.attack_rate(built=built, rearmed=rearmed) for built in (False, True))
        over = "times that with nothing promised"
        levels += [
            Level(group, f"while unbuilt, {words}", over, before[1] / before[0], low=1),
            Level(group, f"once built, {words}", over, built[1] / built[0], high=1),
        ]
    return levels


def _worth_cases() -> dict[str, dict[str, Value]]:
    cases = {"none": NOTHING} | {f"g {strength:g}": american(strength) for strength in STRENGTHS}
    for cost in WAR_COSTS:
        cases[f"none {cost:g}"] = NOTHING | {"war_cost_ukraine": cost}
        cases[f"safe {cost:g}"] = american(0.7, war_cost_ukraine=cost)
    return cases


def _worths(cases: _Cases) -> list[Level]:
    """What a guarantee is worth to Ukraine and Russia, and how long the war is."""
    russia, ukraine = (cases.of(100 * value) for value in cases.game.equilibrium.value)
    worth = {f"war cost {cost:g} a year": ukraine[f"safe {cost:g}"] - ukraine[f"none {cost:g}"] for cost in WAR_COSTS}
    levels = _rising("worth to Ukraine of a guarantee of 0.7", "% of its GDP", worth)
    for strength in sorted(STRENGTHS)[1:]:
        words, gain = f"guarantee of {strength:g}", russia[f"g {strength:g}"] - russia["none"]
        levels.append(Level("worth to Russia", words, "% of its GDP", gain, high=0))
    years, median = cases.of(cases.game.war_years), cases.of(cases.game.median_war)["none"]
    levels.append(Level("length of war", "years until a ceasefire, nothing promised", "years, median", median, 1, 3))
    most = np.inf
    for name, words in (("none", "nothing promised"), ("g 0.7", "guarantee of 0.7"), ("g 1", "guarantee of 1")):
        levels.append(Level("length of war", f"all wars to come, {words}", "discounted years", years[name], high=most))
        most = years[name]
    return levels


def _european_cases() -> dict[str, dict[str, Value]]:
    cases = {"none": NOTHING, "both": american(0.7) | european(0.7) | {"talks": "imposed"}, "one": american(0.7)}
    for strength in sorted(STRENGTHS)[1:]:
        cases |= {f"{strength:g} {months:g}": european(strength, months) for months in EUROPEAN_BUILDUPS}
    return cases


def _european(cases: _Cases) -> list[Level]:
    """The same of a European guarantee; nothing is wanted of its size, only of its signs."""
    renewed, russia = (cases.of(each) for each in (cases.game.renewed(HORIZON), 100 * cases.game.equilibrium.value[0]))
    none, levels = renewed["none"], []
    for strength in sorted(STRENGTHS)[1:]:
        most = np.inf
        for months in EUROPEAN_BUILDUPS:
            cut = 1 - renewed[f"{strength:g} {months:g}"] / none
            words = (
                f"strength {strength:g}, built in {months:g} months" if months else f"strength {strength:g}, at once"
            )
            levels.append(
                Level("renewed war within ten years, cut by a European guarantee", words, "share", cut, 0, most)
            )
            most = cut
        gain = russia[f"{strength:g} 0"] - russia["none"]
        levels.append(Level("worth to Russia", f"European guarantee of {strength:g}", "% of its GDP", gain, high=0))
    alone, both = (1 - renewed[name] / none for name in ("one", "both"))
    words = "0.7 beside an American one of 0.7, at once"
    levels.append(Level("renewed war within ten years, cut by both guarantees", words, "share", both, low=alone))
    return levels


def _rising(group: str, unit: str, values: Mapping[str, float]) -> list[Level]:
    """Levels of which each must be at least the one before."""
    least, levels = -np.inf, []
    for words, value in values.items():
        levels.append(Level(group, words, unit, value, low=least))
        least = value
    return levels
