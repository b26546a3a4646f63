"""What is known to all, and what a record of the run may read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from model.array_axes import Floats, Integers
from model.states.deal import AgreementState, TableState
from model.states.frozen import Frozen
from model.states.market import DebtState, MarketState, PlantState
from model.states.resources import ResourceState
from model.states.war import TrustState, WarState
from model.states.war_game import Outlook


@dataclass(frozen=True)
class Known(Frozen):
    """All that is public at one moment: what a decision is handed."""

    market: MarketState
    plants: PlantState
    resources: ResourceState
    war: WarState
    table: TableState
    agreement: AgreementState
    trust: TrustState
    outlook: Outlook
    investors_hazard: Floats  #: hazard of losing a project in Ukraine that investors expect, (worlds,), 1/year


@dataclass(frozen=True)
class Account(Frozen):
    """A country's utility, as booked by itself; every array is (worlds,), percent of its GDP."""

    money: Floats  #: money part of utility, a year
    security: Floats  #: security part of utility, a year
    politics: Floats  #: what it costs or earns at home and in reputation, a year
    utility: Floats  #: all three, weighed, a year
    welfare: Floats  #: present value of utility since the start


@dataclass(frozen=True)
class DraftAnswers(Frozen):
    """Ukraine's answers to the recorded drafts, (draft, worlds), nan where a draft was not put."""

    gain: Floats  #: worth of signing before the private type, percent of GDP
    chance: Floats  #: chance that it accepts, 0-1
    accepted: Floats  #: 1 where it accepted
    ratification: Floats  #: chance that the Rada ratifies, 0-1


@dataclass(frozen=True)
class Snapshot(Known):
    """What is known to all and what the countries know of themselves: for the record and the analyses only."""

    months: int
    """Months of the run that are over."""
    debt: DebtState
    accounts: Mapping[int, Account]  #: by row of the country
    tension: Floats  #: tension between the United States and China, (worlds,)
    export_option: Integers  #: China's option of the quarter, by its index among the options, (worlds,)
    restricting: Floats  #: 1 where some export needs a licence or is barred, (worlds,)
    restricted_months: Floats  #: months so far that began with a restriction, (worlds,)
    european_replacement: Floats  #: part of the European support that replaces American, (worlds,), bn USD/year
    draft_answers: DraftAnswers | None  #: none where no world follows the recorded drafts
