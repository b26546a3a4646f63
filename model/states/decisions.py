"""Decisions: values that a country returns and the owner of a record applies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from model.array_axes import Floats, Truths
from model.states.deal import Terms
from model.states.frozen import Frozen


@dataclass(frozen=True)
class ExportPolicy(Frozen):
    """What China lets out of the country."""

    licensed: Floats  #: 1 where a buyer needs a licence, (country, material, worlds)
    let_through: Floats  #: part of normal exports that licences let through, (worlds,), 0-1
    quota: Floats | None
    """Exports of all materials together, (worlds,), t/month, infinite or None where there is no quota."""
    growth: Floats  #: growth of mines and plants, (worlds,), log a month
    next_growth: Floats  #: the same next month but for cuts, which is decided, (worlds,), log a month
    trend: Floats  #: growth of use that China plans for, (worlds,), log a year
    mining_cut: Floats  #: how far the mining on record is below what it was, (worlds,), log
    cut_months: Floats  #: months for which it has been, (worlds,)
    mines: Floats | None  #: mine capacity as on record, (worlds,), t/month, nan or None where growth decides


@dataclass(frozen=True)
class Projects(Frozen):
    """What a country begins to build in a quarter."""

    size: Floats  #: capacity begun, (stage, worlds), t/month
    restarts: Truths  #: whether idle plants are worth their restart, (worlds,)


@dataclass(frozen=True)
class PriceFloor(Frozen):
    """A price of magnet material that a government assures sellers in its country."""

    price: Floats  #: (worlds,), USD/kg
    most: float  #: material for which it holds, t/month
    for_entrants: bool  #: whether plants not yet built can count on it
    returned_above: float = float("inf")  #: price above which sellers give a share back, USD/kg
    returned_share: float = 0.0  #: that share, 0-1
    returned_most: float = 0.0  #: the most they give back, bn USD a month


@dataclass(frozen=True)
class BuyerPolicy(Frozen):
    """What governments of buyers do in the market in a month."""

    floors: Mapping[int, PriceFloor]  #: by row of the country
    order: Floats | None  #: what the US stockpile buys, negative where it releases, (material, worlds), t


@dataclass(frozen=True)
class Meeting(Frozen):
    """What a month of talks in one mode came to; every array is (worlds,)."""

    terms: Terms  #: the terms now on the table
    agreed: Truths  #: where both agreed to sign them
    day: Floats  #: days from the first offer to the signature, where both agreed
    accepted_by_ukraine: Truths
    accepted_by_united_states: Truths
    breakdowns: Floats  #: public breakdowns this month


@dataclass(frozen=True)
class Signature(Frozen):
    """What is signed and ratified this month, and where the United States turns to Russia; arrays are (worlds,)."""

    terms: Terms
    signed: Truths
    day: Floats
    ratification_chance: Floats
    ratified: Truths  #: where the deal enters into force
    rejected: Truths  #: where a parliament refuses
    turns_to_russia: Truths


@dataclass(frozen=True)
class WarMoves(Frozen):
    """What those who can begin, end or join a war do this month; every array is (worlds,)."""

    attacks: Truths  #: where Russia returns to war
    american_joins: Truths  #: where the United States answers that
    european_joins: Truths  #: where Europe does
    wants: tuple[Floats, Floats]  #: chances that Russia and Ukraine want a ceasefire, 0-1
