"""What the page computes for one deal: the project's own analyses, by name, with their labelled tables."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from experiments.analysis import quantile_bands, run_worlds
from experiments.analysis.deal.agreement_plane import agreement_plane
from experiments.analysis.deal.deal_effects import with_and_without
from experiments.analysis.deal.draft_responses import (
    months_to_the_answer,
    reasons,
    signing_chances,
    turning_points_of,
)
from experiments.analysis.trade_flows import dependence_table, flow_map, observe, trade_table
from experiments.designs.builders import grid
from experiments.ensemble.progress import Listener
from model.parameters.presets import months_of, preset
from model.parameters.table import DECLARATIONS, Parameters

Tables = dict[str, Any]
"""Labelled tables by name, as the analyses make them."""

PLANE = ("ownership_share", "guarantee_strength")
MAP_POINTS, MAP_WORLDS = 11, 40
"""Points of each side of the map, and worlds at each."""
TRADE_WORLDS, COUNTRY_WORLDS = 100, 200
"""Worlds of the trade picture, and of each side of the comparison of the four countries."""
PATHS = (
    "price_magnet_united_states",
    "price_magnet_china",
    "price_heavy_united_states",
    "price_heavy_china",
    "china_mine_share",
    "dependence_magnet",
    "dependence_heavy",
)
"""Monthly variables drawn as fans."""
TRUTHS = ("fighting", "deal_in_force")
"""Monthly truths, drawn as shares of worlds."""


@dataclass(frozen=True)
class Case:
    """One deal as the page computes it: all that its numbers depend on."""

    preset: str
    parameters: Parameters
    worlds: int
    seed: int
    trade_years: int

    @property
    def months(self) -> int:
        """Months of a run."""
        return months_of(self.preset)

    @property
    def trade_date(self) -> str:
        """The month of the trade picture."""
        return f"{int(str(self.parameters.start)) + self.trade_years}-12"

    @cached_property
    def changes(self) -> dict[str, Any]:
        """The parameters that are not those of the preset."""
        usual = preset(self.preset)
        return {
            name: value for name in DECLARATIONS if (value := getattr(self.parameters, name)) != getattr(usual, name)
        }

    @property
    def held(self) -> dict[str, Any]:
        """The changes that a map holds fixed: offered as they are, and the same at all points of the plane."""
        return {name: value for name, value in self.changes.items() if name not in PLANE} | {"talks": "fixed"}

    @cached_property
    def said(self) -> tuple[str, str]:
        """All parameters as text, and those that a map holds fixed: quick to compare, unlike the parameters."""
        return repr((self.preset, self.changes)), repr((self.preset, self.held))


def answers(case: Case, listen: Listener) -> Tables:
    """What signing is worth to either side, reason by reason, and the chances of signatures and votes."""
    return {
        "reasons": reasons(case.parameters, case.seed),
        "chances": signing_chances(case.parameters, case.worlds, case.seed),
    }


def turning(case: Case, listen: Listener) -> Tables:
    """For each signatory what would turn its answer, each term alone."""
    return turning_points_of(case.parameters, seed=case.seed)


def zone(case: Case, listen: Listener) -> Tables:
    """Who would sign at each point of ownership share and guarantee strength, the other terms being the deal's."""
    design = grid(ownership_share=MAP_POINTS, guarantee_strength=MAP_POINTS).table()
    levels = {term: np.unique(values) for term, values in design.items()}
    offered, months = preset(case.preset, **case.held), months_to_the_answer(case.parameters)
    return {"agreement": agreement_plane(offered, levels, MAP_WORLDS, months, case.seed, preset=case.preset)}


def futures(case: Case, listen: Listener) -> Tables:
    """Bands of monthly paths and shares of worlds in which monthly truths hold."""
    record = [*PATHS, *TRUTHS]
    choices: dict[str, Any] = {"record": record, "precision": "single"}
    with run_worlds.worlds(case.parameters, case.worlds, case.months, case.seed, **choices) as model:
        for month in range(case.months):
            model.step()
            listen(month + 1, case.months)
        runs = model.recorder.dataset(model.snapshot(), seed=case.seed, months=case.months)
    known = int(runs[PATHS[0]].notnull().all("month").sum())
    facts = {"preset": case.preset, "start": str(case.parameters.start), **runs.attrs, "known": known}
    tables: Tables = {name: quantile_bands.bands(runs[name]).assign_attrs(runs[name].attrs | facts) for name in PATHS}
    return tables | {name: quantile_bands.means(runs[name]).assign_attrs(facts) for name in TRUTHS}


def trade(case: Case, listen: Listener) -> Tables:
    """Who ships what to whom in one month, and who depends on China."""
    traded = observe(case.parameters, case.trade_date, TRADE_WORLDS, case.seed)
    return {
        "flows": flow_map(traded, case.trade_date, preset=case.preset, seed=case.seed),
        "trade": trade_table(traded),
        "dependence": dependence_table(traded),
    }


def countries(case: Case, listen: Listener) -> Tables:
    """What the deal, once in force, does to each of the four countries over the whole run."""
    effects = with_and_without({"deal": case.parameters}, COUNTRY_WORLDS, case.months, case.seed, listen)
    return {"effects": effects.assign_attrs(start=str(case.parameters.start), preset=case.preset)}


@dataclass(frozen=True)
class Calculation:
    """One thing that is computed: how, what people are told meanwhile, and what of a case it depends on."""

    run: Callable[[Case, Listener], Tables]
    words: str
    key: Callable[[Case], Hashable]


CALCULATIONS = {
    "answers": Calculation(answers, "what signing is worth", lambda c: (c.said[0], c.worlds, c.seed)),
    "futures": Calculation(futures, "many futures", lambda c: (c.said[0], c.worlds, c.seed)),
    "zone": Calculation(zone, "the map of agreement", lambda c: (c.said[1], c.seed)),
    "turning": Calculation(turning, "what would turn an answer", lambda c: (c.said[0], c.seed)),
    "trade": Calculation(trade, "trade", lambda c: (c.said[0], c.seed, c.trade_years)),
    "countries": Calculation(countries, "the four countries", lambda c: (c.said[0], c.seed)),
}
"""Name -> calculation, in the order in which those in view are begun, and then the others.

The futures, which take longest, come early: two processes then end at about the same time. The last is made on demand.
"""
