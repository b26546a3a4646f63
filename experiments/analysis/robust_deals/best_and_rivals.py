"""What a search or a store says: the best deal, its rivals, how robust it is, what breaks it, what keeps none."""

from __future__ import annotations

from dataclasses import dataclass
from math import isclose, nan
from typing import Any

import pandas as pd

from experiments.analysis.robust_deals.deal_search import DealSearch
from experiments.analysis.robust_deals.outcomes_by_deal import deal_reasons
from experiments.analysis.robust_deals.pareto_set import best_deal, checked_peace, deal_table, nearest_deal, rivals
from experiments.analysis.robust_deals.robustness import robustness
from experiments.analysis.robust_deals.smallest_changes import smallest_changes, smallest_pair
from experiments.errors import InputError
from model.record.variables import NAMES
from model.states.deal import TERMS
from model.states.reasons import SIGNATORIES

AGAINST = 3
"""Reasons against signing that are named."""
NO_STATES = (
    "How robust: this store cannot say; it needs every deal in the same states of the world, such as terms × tripwire "
    "(subsoil sweep ownership_share=0:1:11 guarantee_strength=0:1:11 tripwire=all), or policies × scenarios."
)
NO_CHANGES = (
    "What would {verb} it: this store cannot say; it needs rows that differ in one input from the deal with all else "
    "as in the preset, such as a further axis that holds the preset's value (settlement_value=0,5,10,20)."
)
OTHER_DEAL = "What would {verb} it: the changes in store are those of another deal; search again with this threshold."


@dataclass(frozen=True, eq=False)
class DealFindings:
    """What is known of deals, and in `missing` what is not and which design would say it."""

    table: pd.DataFrame  #: of `deal_table`
    best: str | None  #: the signable deal that keeps the peace most often
    nearest: str | None  #: the deal that both would sign most often, None where no answer is known
    checked_peace: float  #: of `checked_peace`
    rivals: list[str]  #: other signable deals that cannot be told from the best by their peace
    robust: pd.DataFrame | None  #: of `robustness`
    breaks: pd.DataFrame | None  #: of `smallest_changes`, for the best deal
    fills: pd.DataFrame | None  #: the same for the nearest deal, where none is signable
    pair: dict[str, Any] | None  #: of `smallest_pair`, where no single change fills the zone
    refuses: str  #: who signs the nearest deal less often, where none is signable
    tried: tuple[str, ...]  #: inputs of which changes are known
    against: dict[str, float]  #: its largest reasons against, percent of Ukraine's GDP
    missing: list[str]
    threshold: float
    holds: float

    def as_json(self) -> dict[str, Any]:
        """All of it as tables, mappings and numbers."""
        tables = {name: getattr(self, name) for name in ("robust", "breaks", "fills")}
        facts = {
            name: getattr(self, name)
            for name in ("best", "nearest", "checked_peace", "rivals", "pair", "refuses", "against")
        }
        rest = {"missing": self.missing, "threshold": self.threshold, "holds": self.holds}
        return {**facts, "deals": self.table.reset_index(), **tables, **rest}


def deal_findings(search: DealSearch, threshold: float = 0.5, holds: float = 0.6) -> DealFindings:
    """What a search or a store says of deals, `threshold` of worlds in which both must sign, `holds` the peace hold.

    Raises InputError for shares that are none, and as `deal_table`.
    """
    table = deal_table(search.deals, threshold)
    missing = []
    robust = None if search.states is None else robustness(search.states, threshold, holds)
    if robust is None:
        missing.append(NO_STATES)
    best = best_deal(table)
    nearest = None if table["both_sign"].isna().all() else nearest_deal(table)
    if nearest is None:
        missing.append("Who would sign: no answer is known; it needs talks=fixed (or talks=fixed,imposed).")
    elif table["peace"].isna().all():
        missing.append("Peace: known in no world; it needs longer runs, or another --peace.")
    refuses = ""
    against: dict[str, float] = {}
    if nearest is not None and not table["signable"].any():
        refuses, against = _refusal(search, table, nearest)
    changed, lack = _changes(search, table, best, nearest, threshold, against=bool(refuses))
    own = [] if best is None else rivals(search.deals, table, best)
    checked = nan if best is None else checked_peace(search.deals, threshold)
    return DealFindings(
        table=table, best=best, nearest=nearest, checked_peace=checked, rivals=own, robust=robust, breaks=changed[0],
        fills=changed[1], pair=changed[2], refuses=refuses, against=against, missing=missing + lack,
        tried=() if search.changes is None else tuple(search.changes.now), threshold=threshold, holds=holds,
    )  # fmt: skip


def _refusal(search: DealSearch, table: pd.DataFrame, deal: str) -> tuple[str, dict[str, float]]:
    """Who signs a deal less often (of two equals, who gains less by it), and its largest reasons against."""
    who = min(SIGNATORIES, key=lambda name: tuple(table.loc[deal, [f"{name}_signs", f"{name}_gain"]]))
    reasons = deal_reasons(search.answers, deal)[who]
    against = sorted(((words, part) for words, part in reasons.items() if part < 0), key=lambda each: each[1])
    return NAMES[who], dict(against[:AGAINST])


Changed = tuple[pd.DataFrame | None, pd.DataFrame | None, dict[str, Any] | None]
"""What breaks a deal, what fills the zone alone, and what fills it together."""


def _changes(
    search: DealSearch, table: pd.DataFrame, best: str | None, nearest: str | None, threshold: float, against: bool
) -> tuple[Changed, list[str]]:
    """What breaks the best deal or, where none is signable, what makes both sign the nearest; and what is lacking."""
    verb, deal, changes = ("fill", nearest, search.changes) if best is None else ("break", best, search.changes)
    if deal is None or (best is None and not against):
        return (None, None, None), []
    if changes is None:
        return (None, None, None), [NO_CHANGES.format(verb=verb)]
    terms = [name for name in TERMS if name in table and name in changes.now]
    if any(not isclose(changes.now[name], table.loc[deal, name]) for name in terms):
        return (None, None, None), [OTHER_DEAL.format(verb=verb)]
    lack = [] if set(changes.now) - set(TERMS) else [NO_CHANGES.format(verb=verb)]
    try:
        if best is not None:
            return (smallest_changes(changes, threshold), None, None), lack
        fills = smallest_changes(changes, threshold, fills=True)
    except InputError as error:
        return (None, None, None), [f"What would {verb} it: {error}."]
    pair = smallest_pair(search.pairs or changes, threshold) if fills.empty else None
    return (None, fills, pair), lack


def terms_words(table: pd.DataFrame, deal: str) -> str:
    """The terms of a deal that vary, in words."""
    own = table.loc[deal]
    return ", ".join(f"{name.replace('_', ' ')} {own[name]:.3g}" for name in TERMS if name in table)
