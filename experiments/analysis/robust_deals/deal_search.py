"""A search for deals: many drawn, the most signable run to their end, a few in many states, one changed bit by bit."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import xarray as xr

from experiments.analysis.deal.draft_responses import months_to_the_answer
from experiments.analysis.deal.standard_texts import TEXTS
from experiments.analysis.parameter_outcome_matrix import groups
from experiments.analysis.robust_deals.outcomes_by_deal import deal_worlds, design_rows
from experiments.analysis.robust_deals.pareto_set import best_deal, by_closeness, deal_table, nearest_deal
from experiments.analysis.robust_deals.smallest_changes import (
    Changes,
    changes_from,
    most_helpful,
    pair_changes,
    single_changes,
    smallest_changes,
)
from experiments.designs.builders import grid, latin_hypercube, policies
from experiments.designs.design import Design
from experiments.ensemble.scheduler import Scheduling
from experiments.ensemble.spec import SweepSpec
from experiments.ensemble.sweep import run_sweep
from experiments.errors import InputError
from experiments.store.dataset import open_results
from model.parameters.presets import preset as parameters_of
from model.parameters.table import DECLARATIONS, check
from model.states.deal import TERMS

UNCERTAIN_GROUPS = ("guarantee", "tastes", "resources", "politics and support", "war", "Europe")
"""Groups of parameters that answers and war hang on; of them what is deeply uncertain makes the states of the world."""
HYPOTHESIS = "tripwire"
SCREENS = ("screen", "screen-closer")
PIECES = ("deals-answers", "deals-peace", "states-answers", "states-peace", "changes")
"""The stores of a search, in its folder; where no single change does, `pairs` as well."""
LEVELS, PAIR_LEVELS, PAIRED = 7, 3, 6
"""Levels of a change to either side, alone and in a pair, and how many inputs are paired: those that help most."""


@dataclass(frozen=True)
class SearchSize:
    """How large a search is."""

    points: int = 100  #: deals that are run to their end, chosen from 2 × DRAWN times as many
    worlds: int = 200  #: worlds of each deal and of each change
    states: int = 24  #: states of the world, each under every hypothesis of the tripwire
    state_worlds: int = 48  #: worlds of each deal in each state
    compared: int = 4  #: deals that are compared over the states, beside the text of April


DRAWN, SCREEN_WORLDS = 10, 50
"""Deals drawn twice for each that is run to its end, and worlds in which each is answered, by other random draws."""


@dataclass(frozen=True, eq=False)
class DealSearch:
    """What a search has in store."""

    answers: xr.Dataset  #: the answers to each deal, as swept
    deals: xr.Dataset  #: `deal_worlds` of all deals, all else as assumed
    states: xr.Dataset | None  #: `deal_worlds` of a few of them in many states of the world
    changes: Changes | None  #: one deal with one input changed
    pairs: Changes | None  #: the same with two
    drawn: int = 0  #: how many deals were drawn and answered to choose these; 0 of a store


def uncertain_parameters() -> tuple[str, ...]:
    """The deeply uncertain numbers on which answers and war hang."""
    names = [name for group in UNCERTAIN_GROUPS for name in groups()[group]]
    return tuple(name for name in names if DECLARATIONS[name].kind == "D" and not DECLARATIONS[name].choices)


def search_deals(
    folder: str | Path,
    preset: str = "documented",
    changes: Mapping[str, Any] | None = None,
    size: SearchSize = SearchSize(),
    *,
    months: int = 180,
    seed: int = 0,
    peace: str = "renewed_war_10y",
    threshold: float = 0.5,
    scheduling: Scheduling = Scheduling(),
    progress: bool = False,
) -> DealSearch:
    """Search the terms of the deal, all other parameters as in the preset with `changes`; every world is kept.

    DRAWN × points deals of a Latin hypercube over all terms are answered, and as many of one around those that both
    would sign most often. Of these, `points` that both would sign in `threshold` of worlds (or, for want of them, come
    nearest to it) and the three texts are answered by new random draws, and imposed. The best of them do the same in
    states of the world: a Latin hypercube over all deeply uncertain numbers × the hypotheses of the tripwire. The best
    one is answered with every term and uncertain input changed alone and, where nobody would sign anything and no
    single change helps, two together. The same call
    goes on where it was stopped. Raises InputError for changes of a term, or of what varies.
    """
    given = dict(changes or {})
    _check(size, given)
    base = parameters_of(preset, **given)
    short = months_to_the_answer(base)
    where = Path(folder)

    def run(name: str, design: Design, replicates: int, talks: str, seed: int = seed) -> xr.Dataset:
        held = {**{key: value for key, value in given.items() if key not in design.names}, "talks": talks}
        spec = SweepSpec(design.with_base(preset, **held), replicates, short if talks == "fixed" else months, seed=seed)
        return run_sweep(spec, where / f"{name}.zarr", scheduling, progress)

    drawn = DRAWN * size.points
    first = _screen(run(SCREENS[0], latin_hypercube(drawn, *TERMS, seed=seed), SCREEN_WORLDS, "fixed", seed + 1))
    near = by_closeness(first).head(max(size.points // 5, 2))[list(TERMS)]
    closer = latin_hypercube(drawn, **{term: (near[term].min(), near[term].max()) for term in TERMS}, seed=seed + 1)
    second = _screen(run(SCREENS[1], closer, SCREEN_WORLDS, "fixed", seed + 1))
    screened = pd.concat([second.rename(lambda name: f"{name}b"), first])
    chosen = by_closeness(screened, threshold).head(size.points)[list(TERMS)]
    cases = {str(name): row.to_dict() for name, row in chosen.iterrows()}
    cases |= {f"text: {name}": dict(terms) for name, terms in TEXTS.items()}
    several = policies(cases)
    answers = run(PIECES[0], several, size.worlds, "fixed")
    table = deal_table(deal_worlds(answers, peace, imposed=run(PIECES[1], several, size.worlds, "imposed")), threshold)

    best = best_deal(table) or nearest_deal(table)
    crossed = policies({name: cases[name] for name in _compared(table, best, size.compared)})
    crossed = crossed * latin_hypercube(size.states, *uncertain_parameters(), seed=seed) * grid(**{HYPOTHESIS: "all"})
    run(PIECES[2], crossed, size.state_worlds, "fixed")
    run(PIECES[3], crossed, size.state_worlds, "imposed")

    deal = base.replace(**cases[best])
    inputs = (*TERMS, *uncertain_parameters(), HYPOTHESIS)
    singles = run(PIECES[4], single_changes(deal, inputs, LEVELS), size.worlds, "fixed")
    found = changes_from(singles, _first_row(singles))
    if best_deal(table) is None and smallest_changes(found, threshold, fills=True, resamples=1).empty:
        helpful = [name for name in most_helpful(found, PAIRED) if name != HYPOTHESIS]
        if len(helpful) > 1:
            run("pairs", pair_changes(deal, helpful, PAIR_LEVELS), size.worlds, "fixed")
    return read_search(where, peace)


def _screen(answers: xr.Dataset) -> pd.DataFrame:
    """The deals of a sample with the share of worlds in which both sign."""
    return deal_table(deal_worlds(answers), resamples=1)


def _check(size: SearchSize, changes: Mapping[str, Any]) -> None:
    """Raise InputError for a size or a change that cannot be."""
    least = {"points": 2, "worlds": 10, "states": 2, "state_worlds": 4, "compared": 1}
    for name, low in least.items():
        if getattr(size, name) < low:
            raise InputError(f"{name}={getattr(size, name)}: needs {low} or more")
    for name, value in changes.items():
        check(name, value)
        if name in TERMS:
            raise InputError(f"{name} is a term of the deal, over which the search goes; leave it out")
        if name == "talks":
            raise InputError("talks: the search asks both for their answers and imposes the deal; leave it out")


def _compared(table: pd.DataFrame, best: str, most: int) -> list[str]:
    """The deals that are set beside each other over states: signable ones by their peace, then those nearest to it."""
    signable = table[table["signable"]].sort_values("peace", ascending=False, kind="stable").index
    nearest = by_closeness(table).index
    return list(dict.fromkeys([best, *list(dict.fromkeys([*signable, *nearest]))[:most], "text: April"]))


def _first_row(results: xr.Dataset) -> dict[str, Any]:
    """The inputs of the first row of a sweep, which is the deal as assumed."""
    return {name: column[0].item() for name, column in design_rows(results).items()}


def is_search(folder: str | Path) -> bool:
    """Whether a folder holds the stores of a search."""
    return (Path(folder) / f"{PIECES[0]}.zarr").is_dir()


def read_search(folder: str | Path, peace: str = "renewed_war_10y") -> DealSearch:
    """What a search has kept in its folder. Raises StoreError for a folder without it, InputError as `deal_worlds`."""
    where = Path(folder)
    stores = [open_results(where / f"{name}.zarr") for name in PIECES]
    screens = [open_results(where / f"{name}.zarr").sizes["design"] for name in SCREENS]
    pairs = where / "pairs.zarr"
    found = open_results(pairs) if pairs.is_dir() else None
    return DealSearch(
        answers=stores[0],
        deals=deal_worlds(stores[0], peace, imposed=stores[1]),
        states=deal_worlds(stores[2], peace, imposed=stores[3]),
        changes=changes_from(stores[4], _first_row(stores[4])),
        pairs=None if found is None else changes_from(found, _first_row(found)),
        drawn=sum(screens),
    )


def search_of_store(results: xr.Dataset, peace: str, threshold: float) -> DealSearch:
    """What a store of any sweep can say of the same; what its design cannot bear is None."""
    worlds = deal_worlds(results, peace)
    table = deal_table(worlds, threshold, resamples=1)
    crossed = bool(worlds.attrs["crossed"]) and worlds.sizes["state"] > 1
    changes = None
    if not table["both_sign"].isna().all():
        deal = table.loc[best_deal(table) or nearest_deal(table)]
        terms = {name: float(deal[name]) for name in TERMS if name in table and not math.isnan(deal[name])}
        try:
            changes = changes_from(results, terms)
        except InputError:
            changes = None
    return DealSearch(results, worlds, worlds if crossed else None, changes, None)
