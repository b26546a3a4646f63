"""What is recorded: name, unit, meaning, lowest and highest value, and where it is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import Any, TypeVar

import numpy as np

from model.array_axes import BULK, CN, COUNTRIES, HEAVY, MAGNET, MATERIALS, RW, STAGES, STREAMS, UA, US, Floats, Truths
from model.calendar import Month
from model.states.common_knowledge import Account, Snapshot
from model.states.reasons import NO_PART, REASONS, SIGNATORIES

INF = float("inf")
DECIDING = COUNTRIES[:4]
NAMES = dict(zip(COUNTRIES, ("the United States", "Ukraine", "Russia", "China", "the rest of the world"), strict=True))
STREAM_NAMES = {stream: f"new projects for {stream}" for stream in STREAMS} | {
    "hydrocarbons": "hydrocarbons and the licences of the start",
    "rare_earths": "mines and plants for rare earths",
}
PRICED = {stream: stream for stream in STREAMS} | {"rare_earths": "rare-earth ore of Ukraine"}
BUILDERS = {"united_states": US, "china": CN, "rest_of_world": RW}

Reader = Callable[[Snapshot], Floats | Truths]
"""Reads one number per world, (worlds,), or one for each label of an outcome's dimensions, (..., worlds)."""


@dataclass(frozen=True)
class Variable:
    """One number that is recorded: its unit, meaning, range, and where it is read."""

    name: str
    unit: str
    meaning: str
    low: float
    high: float
    read: Reader

    @property
    def attributes(self) -> dict[str, str]:
        """Labels that travel with the numbers."""
        return {"unit": self.unit, "long_name": self.name.replace("_", " "), "meaning": self.meaning}


@dataclass(frozen=True)
class Fold:
    """How the months of a run become one number: from `start`, `step` takes what is kept, the value and the month."""

    start: float
    step: Callable[[Floats, Floats | Truths, Month], Floats | Truths]


LARGEST = Fold(0.0, lambda kept, value, now: np.maximum(kept, value))
FIRST_MONTH = Fold(np.nan, lambda kept, value, now: np.where((value > 0) & np.isnan(kept), now.number, kept))


def in_month(year: int, month: int) -> Fold:
    """The value in one calendar month, nan in a run without it."""
    return Fold(np.nan, lambda kept, value, now: value if (now.year, now.number % 12 + 1) == (year, month) else kept)


DIMENSIONS = {"signatory": SIGNATORIES, "reason": tuple(reason.name for reason in REASONS)}
"""Labels of the dimensions that outcomes have beside the world."""
COORDINATES: dict[str, tuple[tuple[str, ...], list[Any], dict[str, str]]] = {
    **{
        name: ((name,), list(labels), {"long_name": name, "meaning": f"name of the {name}", "unit": "name"})
        for name, labels in DIMENSIONS.items()
    },
    "part": (
        tuple(DIMENSIONS),
        [[reason.part(signatory) for reason in REASONS] for signatory in SIGNATORIES],
        {"long_name": "part", "meaning": f"part of utility; {NO_PART}: not among its reasons", "unit": "name"},
    ),
    "reason_meaning": (
        tuple(DIMENSIONS),
        [[reason.meaning(signatory) for reason in REASONS] for signatory in SIGNATORIES],
        {"long_name": "reason", "meaning": "what the reason is to the signatory", "unit": "text"},
    ),
}
"""Name -> dimensions, values and attributes of what labels outcomes."""
NOT_APPLICABLE = frozenset(
    (signatory, reason.name) for signatory in SIGNATORIES for reason in REASONS if signatory not in reason.sides
)


NAN_MEANS = "nan in every world where not_applicable says so: neither unknown nor a failure"


@dataclass(frozen=True)
class Outcome(Variable):
    """What is kept of a whole run: the last month's value, or what a fold makes of all months.

    One number per world or, where it has `dims`, one for each of their labels, nan in every world for the combinations
    of labels that are `not_applicable`.
    """

    fold: Fold | None = None
    dims: tuple[str, ...] = ()
    not_applicable: frozenset[tuple[str, ...]] = frozenset()

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of labels of each of its dimensions."""
        return tuple(len(DIMENSIONS[dim]) for dim in self.dims)

    @property
    def columns(self) -> dict[str, tuple[int, ...]]:
        """One name for each number that applies, such as deal_gain_ukraine, and its index."""
        every = zip(product(*(DIMENSIONS[dim] for dim in self.dims)), np.ndindex(self.shape), strict=True)
        return {"_".join((self.name, *labels)): index for labels, index in every if labels not in self.not_applicable}

    @property
    def attributes(self) -> dict[str, str]:
        """Labels that travel with the numbers, the columns that do not apply among them."""
        names = sorted("_".join((self.name, *labels)) for labels in self.not_applicable)
        return super().attributes | ({"not_applicable": " ".join(names), "comment": NAN_MEANS} if names else {})


def _price(row: int, material: int) -> Reader:
    return lambda s: s.market.price[row, material]


def _stock(row: int, material: int) -> Reader:
    return lambda s: s.market.stock[row, material]


def _stockpile(material: int) -> Reader:
    return lambda s: s.market.stockpile.held[material]


def _imports(material: int) -> Reader:
    return lambda s: s.market.china_to_united_states[material]


def _mined(row: int) -> Reader:
    return lambda s: s.market.mined[row]


def _capacity(row: int, stage: int) -> Reader:
    return lambda s: s.plants.capacity[row, stage]


def _revenue(stream: int) -> Reader:
    return lambda s: s.resources.revenue[stream]


def _resource_price(stream: int) -> Reader:
    return lambda s: s.resources.price[stream]


def _dependence(material: int) -> Reader:
    return lambda s: s.market.dependence[material]


def _wedge(material: int) -> Reader:
    return lambda s: s.market.wedge[material]


def _account(row: int, read: Callable[[Account], Floats]) -> Reader:
    return lambda s: read(s.accounts[row])


def _renewed_within(years: int) -> Reader:
    """1 where war came back in so many years of the first ceasefire, 0 where it did not, nan while they are not over.

    Also where it has already come back: the worlds known early would be those in which it does.
    """

    def read(s: Snapshot) -> Floats:
        renewed = s.war.renewed_month - s.war.ceasefire_month <= 12 * years
        over = s.months - 1 - s.war.ceasefire_month >= 12 * years  # the last of these months has been seen
        return np.where(over, renewed, np.nan)

    return read


PARTS: tuple[tuple[str, str, Callable[[Account], Floats]], ...] = (
    ("utility", "utility", lambda a: a.utility),
    ("money", "money part of the utility", lambda a: a.money),
    ("security", "security part of the utility", lambda a: a.security),
    ("politics", "political part of the utility", lambda a: a.politics),
)
DECEMBER_2025, DECEMBER_2035 = in_month(2025, 12), in_month(2035, 12)


V = TypeVar("V", bound=Variable)


def by_name(*variables: V) -> dict[str, V]:
    """Variables by their name, in order."""
    return {each.name: each for each in variables}


# fmt: off
TRAJECTORIES: dict[str, Variable] = by_name(
    *[ Variable(f"price_{m}_china", "USD/kg", f"price of {m} material in China", 0, INF, _price(CN, i)) for i, m in enumerate(MATERIALS) ],
    *[ Variable(f"price_{m}_united_states", "USD/kg", f"price of {m} material in the United States", 0, INF, _price(US, i)) for i, m in enumerate(MATERIALS) ],
    *[ Variable(f"price_{m}_rest_of_world", "USD/kg", f"price of {m} material in the rest of the world", 0, INF, _price(RW, i)) for i, m in enumerate(MATERIALS) ],
    *[ Variable(f"stock_{m}_united_states", "t", f"{m} material held by US buyers and the strategic stockpile", 0, INF, _stock(US, i)) for i, m in enumerate(MATERIALS) ],
    *[ Variable(f"imports_{m}_from_china", "t/month", f"US imports of {m} material from China", 0, INF, _imports(i)) for i, m in enumerate(MATERIALS) ],
    *[ Variable(f"capacity_{stage}_{c}", "t/month", f"capacity of {NAMES[c]}: {stage.replace('_', ' ')}", 0, INF, _capacity(j, k)) for c, j in BUILDERS.items() for k, stage in enumerate(STAGES) ],
    Variable("wedge_heavy", "log", "log of the price of heavy material abroad over China's", 0, INF, _wedge(HEAVY)),
    Variable("wedge_magnet", "log", "log of the price of magnet material abroad over China's", 0, INF, _wedge(MAGNET)),
    Variable("floor_cost_united_states", "mn USD/quarter", "what the US price floor costs", 0, INF, lambda s: 3000 * s.market.floor_paid[US]),
    Variable("floor_cost_japan", "mn USD/quarter", "what Japan's price floor costs, less what goes back to it", -INF, INF, lambda s: 3000 * s.market.floor_paid[RW]),
    *[ Variable(f"stockpile_{m}", "t", f"{m} material in the US strategic stockpile", 0, INF, _stockpile(i)) for i, m in enumerate(MATERIALS) ],
    Variable("china_mine_share", "share", "China's share of world mining", 0, 1, lambda s: s.market.mine_share[CN]),
    Variable("china_separation_share", "share", "China's share of world separation", 0, 1, lambda s: s.market.separation_share[CN]),
    Variable("china_magnet_share", "share", "China's share of world magnet making", 0, 1, lambda s: s.market.magnet_share[CN]),
    Variable("mined_ukraine", "t/month", "rare-earth ore mined in Ukraine", 0, INF, _mined(UA)),
    Variable("mined_united_states", "t/month", "rare-earth ore mined in the United States", 0, INF, _mined(US)),
    Variable("mined_world", "t/month", "rare-earth ore mined in the world", 0, INF, lambda s: s.market.mined_world),
    Variable("dependence_bulk", "share", "part of US purchases of bulk material that China controls", 0, 1, _dependence(BULK)),
    Variable("dependence_magnet", "share", "part of US purchases of magnet material that China controls", 0, 1, _dependence(MAGNET)),
    Variable("dependence_heavy", "share", "part of US purchases of heavy material that China controls", 0, 1, _dependence(HEAVY)),
    Variable("cut_off_loss", "share of GDP", "US loss if China cut it off", 0, INF, lambda s: s.market.cut_off_loss[0] + s.market.cut_off_loss[1] + s.market.cut_off_loss[2]),
    Variable("tension", "1", "tension between the United States and China", 0, INF, lambda s: s.tension),
    Variable("china_restricting", "0/1", "China licenses or bars some export", 0, 1, lambda s: s.restricting),
    Variable("deal_in_force", "0/1", "the deal is ratified and in force", 0, 1, lambda s: s.agreement.in_force),
    Variable("guarantee", "share", "guarantee in force", 0, 1, lambda s: s.agreement.guarantee),
    Variable("paid_to_united_states", "bn USD/year", "Ukrainian revenue paid under the deal", 0, INF, lambda s: s.agreement.paid_to_united_states),
    Variable("kept_by_ukraine", "bn USD/year", "resource revenue that Ukraine keeps", 0, INF, lambda s: s.agreement.kept_by_ukraine),
    *[ Variable(f"revenue_{stream}", "bn USD/year", f"resource revenue from {STREAM_NAMES[stream]}", 0, INF, _revenue(row)) for row, stream in enumerate(STREAMS) ],
    *[ Variable(f"resource_price_{stream}", "1", f"price over that of the start: {PRICED[stream]}", 0, INF, _resource_price(row)) for row, stream in enumerate(STREAMS) ],
    Variable("fighting", "0/1", "there is fighting", 0, 1, lambda s: s.war.fighting),
    Variable("renewal_hazard_now", "1/year", "rate at which Russia would attack in the present phase", 0, 1, lambda s: s.outlook.hazard),
    Variable("intervention_probability", "probability", "chance of US intervention in Russia's eyes", 0, 1, lambda s: s.outlook.intervention),
    Variable("expected_war_years", "years", "discounted years of war still to come, from a year of war on", 0, INF, lambda s: s.outlook.war_years),
    Variable("rearmed", "0/1", "Russia has rearmed in the present ceasefire", 0, 1, lambda s: s.war.rearmed),
    Variable("win_probability", "probability", "Russia's chance of winning a war", 0, 1, lambda s: s.outlook.win),
    Variable("occupied_share", "share", "part of Ukraine's land under Russian control", 0, 1, lambda s: s.war.occupied_share),
    Variable("strength_ukraine", "bn USD/year", "Ukraine's military spending with support", 0, INF, lambda s: s.war.strength_ukraine),
    Variable("strength_russia", "bn USD/year", "Russia's military spending, more where it has rearmed", 0, INF, lambda s: s.war.strength_russia),
    Variable("aid_united_states", "bn USD/year", "US military support of Ukraine", 0, INF, lambda s: s.war.american_aid),
    Variable("aid_total", "bn USD/year", "military support of Ukraine by the United States and Europe", 0, INF, lambda s: s.war.aid),
    Variable("reliability", "probability", "trust that the United States keeps a promise, by what all have seen", 0, 1, lambda s: s.trust.reliability),
    Variable("investors_hazard", "1/year", "hazard of losing a project in Ukraine that investors expect", 0, 1, lambda s: s.investors_hazard),
    *[ Variable(f"{part}_{c}", "percent of GDP", f"{words} of {NAMES[c]}, a year", -INF, INF, _account(i, read)) for i, c in enumerate(DECIDING) for part, words, read in PARTS ],
)
# fmt: on

# fmt: off
OUTCOMES: dict[str, Outcome] = by_name(
    Outcome("ukraine_accepts", "0/1", "Ukraine accepts the terms", 0, 1, lambda s: s.table.accepted_by_ukraine),
    Outcome("united_states_accepts", "0/1", "the United States would accept the terms", 0, 1, lambda s: s.table.accepted_by_united_states),
    Outcome("signed", "0/1", "a deal is signed", 0, 1, lambda s: s.agreement.signed),
    Outcome("ratified", "0/1", "the deal is ratified", 0, 1, lambda s: s.agreement.in_force),
    Outcome("ratification_chance", "probability", "chance that the Rada ratifies what was signed", 0, 1, lambda s: s.agreement.ratification_chance),
    Outcome("month_signed", "months", "months from the start of the run to the signature", 0, INF, lambda s: s.agreement.signed_month),
    Outcome("breakdowns", "count", "public breakdowns of the talks", 0, INF, lambda s: s.table.breakdowns),
    Outcome("guarantee_broken", "0/1", "the deal ended with an attack on its guarantee that the United States left unanswered", 0, 1, lambda s: s.agreement.broken),
    Outcome("days_to_signature", "days", "days from the first offer to the signature", 0, INF, lambda s: s.agreement.signed_day),
    Outcome("coercive_months", "months", "months with an act of US pressure", 0, INF, lambda s: s.table.coercive_months),
    Outcome("first_ask_aid", "bn USD", "aid credited in the first US offer of the talks", 0, INF, lambda s: s.table.first_asked_aid),
    Outcome("first_ask_stake", "share", "US share of resource revenue in present value, first US offer", 0, 1, lambda s: s.table.first_asked_stake),
    Outcome("deal_with_russia", "0/1", "the United States took Russia's offer", 0, 1, lambda s: s.agreement.russian_deal),
    Outcome("final_ownership_share", "share", "ownership share of the deal in force or last on the table", 0, 1, lambda s: s.table.terms.ownership_share),
    Outcome("final_guarantee_strength", "share", "guarantee of the deal in force or last on the table", 0, 1, lambda s: s.table.terms.guarantee_strength),
    Outcome("final_recognised_aid", "bn USD", "aid credited in the deal in force or last on the table", 0, INF, lambda s: s.table.terms.recognised_aid),
    Outcome("effective_stake", "share", "US share of resource revenue in present value", 0, 1, lambda s: s.agreement.effective_stake),
    Outcome("deal_worth", "percent of Ukraine's GDP", "what signing the first terms changes for a signatory, by reason", -INF, INF, lambda s: s.table.reasons, dims=("signatory", "reason"), not_applicable=NOT_APPLICABLE),
    Outcome("deal_gain", "percent of Ukraine's GDP", "utility of signing the first terms over refusing, before the private type", -INF, INF, lambda s: s.table.gains, dims=("signatory",)),
    Outcome("ceasefire_month", "months", "months from the start of the run to the first ceasefire", 0, INF, lambda s: s.war.ceasefire_month),
    Outcome("renewal_month", "months", "months from the start of the run to the first return to war", 0, INF, lambda s: s.war.renewed_month),
    Outcome("renewed_war_5y", "0/1", "war again within five years of the first ceasefire (unknown while these are not over)", 0, 1, _renewed_within(5)),
    Outcome("renewed_war_10y", "0/1", "war again within ten years of the first ceasefire (unknown while these are not over)", 0, 1, _renewed_within(10)),
    Outcome("renewals", "count", "returns to war", 0, INF, lambda s: s.war.renewals),
    Outcome("peace_holds", "0/1", "no fighting at the end of the run", 0, 1, lambda s: 1.0 - s.war.fighting),
    Outcome("months_of_fighting", "months", "months of fighting", 0, INF, lambda s: s.war.months_of_fighting),
    Outcome("occupied_share_end", "share", "part of Ukraine's land under Russian control at the end", 0, 1, lambda s: s.war.occupied_share),
    Outcome("resource_revenue_end", "bn USD/year", "Ukraine's state revenue from natural resources at the end", 0, INF, lambda s: s.resources.revenue.sum(axis=0)),
    Outcome("first_output_month", "months", "months from the start of the run to Ukraine's first rare-earth output", 0, INF, _mined(UA), FIRST_MONTH),
    Outcome("china_mine_share_2025", "share", "China's share of world mining in December 2025", 0, 1, lambda s: s.market.mine_share[CN], DECEMBER_2025),
    Outcome("china_separation_share_2025", "share", "China's share of world separation in December 2025", 0, 1, lambda s: s.market.separation_share[CN], DECEMBER_2025),
    Outcome("china_magnet_share_2025", "share", "China's share of world magnet making in December 2025", 0, 1, lambda s: s.market.magnet_share[CN], DECEMBER_2025),
    Outcome("china_mine_share_2035", "share", "China's share of world mining in December 2035", 0, 1, lambda s: s.market.mine_share[CN], DECEMBER_2035),
    Outcome("china_mine_share_end", "share", "China's share of world mining at the end", 0, 1, lambda s: s.market.mine_share[CN]),
    Outcome("china_separation_share_end", "share", "China's share of world separation at the end", 0, 1, lambda s: s.market.separation_share[CN]),
    Outcome("entrant_defaults", "count", "defaults of entrants outside China that built on credit", 0, INF, lambda s: s.debt.defaults),
    Outcome("restricted_months", "months", "months in which China licensed or barred exports", 0, INF, lambda s: s.restricted_months),
    Outcome("peak_wedge_heavy", "log", "largest log gap of the price of heavy material abroad over China's", 0, INF, _wedge(HEAVY), LARGEST),
    Outcome("peak_wedge_bulk", "log", "largest log gap of the price of bulk material abroad over China's", 0, INF, _wedge(BULK), LARGEST),
    Outcome("price_magnet_end", "USD/kg", "price of magnet material in the United States at the end", 0, INF, _price(US, MAGNET)),
    Outcome("price_heavy_end", "USD/kg", "price of heavy material in the United States at the end", 0, INF, _price(US, HEAVY)),
    Outcome("received_by_united_states", "bn USD", "revenue paid to the United States under the deal, undiscounted", 0, INF, lambda s: s.agreement.received_by_united_states),
    *[ Outcome(f"welfare_{c}", "percent of GDP", f"present value of the utility of {NAMES[c]}", -INF, INF, _account(i, lambda a: a.welfare)) for i, c in enumerate(DECIDING) ],
)
# fmt: on
