"""The talks and the deal in every world: offers, answers, ratification, payments, promises kept or broken."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from model.dimensions import only
from model.parameters.declaration import Spread
from model.parameters.table import TALKS
from model.rules import bargaining, credibility, ratification
from model.talks.bargaining import BargainingTable
from model.talks.recorded_talks import Script

if TYPE_CHECKING:
    from model.simulation import GeopoliticalEconomy

Floats = NDArray[np.floating]
Truths = NDArray[np.bool_]

TERMS = (
    "ownership_share",
    "revenue_base",
    "recognised_aid",
    "guarantee_strength",
    "guarantee_formality",
    "guarantee_buildup",
    "nato_path",
    "reinvestment_years",
    "future_aid",
)
"""The deal as a vector: the parameters that are its terms."""

MONTHS_OF_A_PROMISE = 120.0
"""Months for which a guarantee must hold to count as one promise kept (our assumption)."""


class Talks:
    """What is on the table, who has accepted, and what the agreement does once it is in force."""

    def __init__(self, model: GeopoliticalEconomy) -> None:
        self.model = model
        worlds, p = model.worlds, model.spread
        self.terms = Spread(**{name: getattr(p, name).copy() for name in TERMS})
        self.signed, self.ratified = np.zeros(worlds, dtype=bool), np.zeros(worlds, dtype=bool)
        self.rejected, self.broken = np.zeros(worlds, dtype=bool), np.zeros(worlds, dtype=bool)
        self.in_force = np.zeros(worlds, dtype=bool)
        self.accepted_by_ukraine, self.accepted_by_united_states = (
            np.zeros(worlds, bool),
            np.zeros(worlds, bool),
        )
        self.withheld = np.zeros(worlds, dtype=bool)
        self.signed_month, self.signed_day = model.per_world(np.nan), model.per_world(np.nan)
        self.breakdowns = model.per_world(0.0)
        self.russian_deal = model.per_world(0.0)
        self.owed = model.per_world(0.0)
        self.guarantee = model.per_world(0.0)
        self.paid_to_united_states, self.kept_by_ukraine = model.per_world(0.0), p.resource_revenue.copy()
        self.received_by_united_states = model.per_world(0.0)
        self.ratification_chance = model.per_world(np.nan)
        self.answered = np.zeros(worlds, dtype=bool)
        self.reasons: dict[str, Floats] = {}
        self.fixed, self.bargained, self.scripted, self.imposed, self.absent = (
            p.talks == code for code in range(len(TALKS))
        )
        self._draw()
        self.table = BargainingTable(self.model) if np.any(self.bargained) else None
        self.script = Script(self.model) if np.any(self.scripted) else None
        if self.script is not None:
            self.script.lay(self, 0, self.scripted)

    def _draw(self) -> None:
        """Private types and the luck of answers and votes: one draw each, so that an answer is of one piece."""
        luck, p = self.model.luck, self.model.spread
        self.type_of_ukraine = p.type_spread * luck.normal("type of ukraine", 1)(0)
        self.type_of_united_states = p.type_spread * luck.normal("type of united states", 1)(0)
        self.answer_of_ukraine = luck.uniform("answer of ukraine", 1)(0)
        self.answer_of_united_states = luck.uniform("answer of united states", 1)(0)
        self.vote_of_rada, self.vote_of_congress = luck.uniform("rada", 1)(0), luck.uniform("congress", 1)(0)

    # Before the signature

    def meet(self, month: int) -> None:
        """One month of talks, in the worlds in which they are open."""
        p = self.model.spread
        window = (month >= p.talks_start) & (month < p.talks_start + p.talks_months)
        is_open = window & ~self.signed & ~self.rejected & (self.russian_deal == 0) & ~self.absent
        if self.table is not None:
            self.table.adjourn(~is_open)
        if self.script is not None:
            self.script.adjourn()
        if np.any(is_open):
            self.remember_reasons(is_open)
            agreed = self.answer_fixed_terms(is_open & self.fixed)
            if self.table is not None:
                agreed = agreed | self.table.bargain(self, month, is_open & self.bargained)
            if self.script is not None:
                agreed = agreed | self.script.read_out(self, month, is_open & self.scripted)
            self.sign(agreed, month)
            self.impose(is_open & self.imposed, month)
        failed = (month >= p.talks_start + p.talks_months) & ~self.in_force
        if self.table is not None:
            failed = failed | (is_open & self.table.coercion.opened & ~self.signed)
        turns = self.model.united_states.turns_to_russia(month, failed & (self.russian_deal == 0))
        self.russian_deal = np.where(turns, 1.0, self.russian_deal)

    def answer_fixed_terms(self, is_open: Truths) -> Truths:
        """Both say whether they would sign what is on the table; the tabled terms bind if Ukraine does."""
        gain_ukraine = self.model.ukraine.deal_gain(self.terms)
        gain_united_states = self.model.united_states.deal_gain(self.terms)
        precision = self.model.spread.choice_precision
        yes_ukraine = bargaining.acceptance_probability(gain_ukraine + self.type_of_ukraine, precision)
        yes_united_states = bargaining.acceptance_probability(
            gain_united_states + self.type_of_united_states, precision
        )
        agreed = is_open & (self.answer_of_ukraine < yes_ukraine)
        self.accepted_by_ukraine = self.accepted_by_ukraine | agreed
        self.accepted_by_united_states |= is_open & (self.answer_of_united_states < yes_united_states)
        days = (self.model.month - self.model.spread.talks_start) * 365.25 / 12
        self.signed_day = np.where(agreed, days, self.signed_day)
        return agreed

    def remember_reasons(self, is_open: Truths) -> None:
        """Keep the reasons of each world's first answer to the terms on the table, for the record."""
        new = is_open & ~self.answered
        if not np.any(new):
            return
        self.answered = self.answered | is_open
        for country in (self.model.ukraine, self.model.united_states):
            parts = country.deal_parts(self.terms)
            for name, part in (parts | {"gain": country.deal_worth(parts)}).items():
                key = f"{country.name}_{name}"
                self.reasons[key] = np.where(new, part, self.reasons.get(key, np.nan))

    def sign(self, agreed: Truths, month: int) -> None:
        """Sign where both agreed, and put it to the vote: the Rada always, Congress for a strong guarantee."""
        if not np.any(agreed):
            return
        p = self.model.spread
        self.signed = self.signed | agreed
        self.signed_month = np.where(agreed, month, self.signed_month)
        gain = self.model.ukraine.deal_gain(self.terms) + self.type_of_ukraine
        chance = only(agreed, ratification.ratification_probability, *self.model.ukraine.votes(gain))
        self.ratification_chance = np.where(agreed, chance, self.ratification_chance)
        rada = self.vote_of_rada < chance
        needs_congress = self.terms.guarantee_strength > p.congress_threshold
        congress = ~needs_congress | (self.vote_of_congress < p.congress_support)
        self.rejected = self.rejected | (agreed & ~(rada & congress))
        self.enter_into_force(agreed & rada & congress)

    def impose(self, where: Truths, month: int) -> None:
        """Put the tabled terms in force, whatever anyone thinks of them and with no vote: a deal to compare with."""
        if not np.any(where):
            return
        self.signed = self.signed | where
        self.signed_month = np.where(where, month, self.signed_month)
        self.signed_day = np.where(where, 0.0, self.signed_day)
        self.enter_into_force(where)

    def enter_into_force(self, where: Truths) -> None:
        """The terms on the table bind both sides from now on."""
        self.ratified, self.in_force = self.ratified | where, self.in_force | where
        self.owed = np.where(where, self.terms.recognised_aid, self.owed)

    def type_of(self, country: str) -> Floats:
        """Private reservation value of a signatory (worlds,), percent of Ukraine's GDP."""
        return {"ukraine": self.type_of_ukraine, "united_states": self.type_of_united_states}[country]

    # Under the agreement

    def age(self) -> Floats:
        """Months since the signature, 0 where there is none, (worlds,)."""
        return np.where(self.in_force, self.model.month - self.signed_month, 0.0)

    def keep_promises(self, month: int) -> None:
        """The guarantee builds up; each January it is kept or broken, and Ukraine pays or holds back; all learn."""
        holds = self.in_force & ~self.broken
        if month % 12 == 0 and holds.any():
            kept = self.model.united_states.keeps_word(month, self.terms, holds)
            self.withheld = self.withheld | (self.in_force & ~self.model.ukraine.keeps_paying(month, self))
            self.end_guarantee(holds & ~kept)
        strength = credibility.guarantee_in_force(
            self.terms.guarantee_strength, self.age(), self.terms.guarantee_buildup
        )
        self.guarantee = np.where(self.in_force & ~self.broken, strength, 0.0)
        breach = self.model.per_world(0.0)
        if self.table is not None:
            breach = breach + self.table.coercion.breach()
        if self.script is not None:
            breach = breach + self.script.breach()
        for believer in self.model.believers:
            believer.see_promises(kept=(self.guarantee > 0) / MONTHS_OF_A_PROMISE)
        for country in (self.model.ukraine, self.model.russia):
            country.see_promises(broken=breach)

    def end_guarantee(self, breaks: Truths) -> None:
        """The guarantee is broken in the worlds marked, for good and before everyone's eyes."""
        if not breaks.any():
            return
        self.broken = self.broken | breaks
        self.guarantee = np.where(breaks, 0.0, self.guarantee)
        for believer in self.model.believers:
            believer.see_promises(broken=breaks)

    def test_guarantee(self, month: int, attacked: Truths) -> Truths:
        """An attack puts the promise to the test; returns where the United States fights."""
        tested = attacked & (self.guarantee > 0)
        if not tested.any():
            return tested
        fights = tested & self.model.united_states.fights(month)
        self.end_guarantee(tested & ~fights)
        for believer in self.model.believers:
            believer.see_promises(kept=fights)
        return fights

    def guarantee_promised(self) -> Floats:
        """Strength of the guarantee once built up (0-1)."""
        return np.where(self.in_force & ~self.broken, self.terms.guarantee_strength, 0.0)

    def years_to_full_guarantee(self) -> Floats:
        """Years until the guarantee is fully in force."""
        left = np.maximum(self.terms.guarantee_buildup - self.age(), 0.0) / 12
        return np.where(self.in_force & ~self.broken, left, 0.0)

    def american_aid(self) -> Floats:
        """US military support (bn USD a year): what goes on anyway, what hinges on the deal, what it promises."""
        p = self.model.spread
        share = p.support_without_deal + p.support_at_stake * self.in_force * ~self.broken * ~self.withheld
        if self.table is not None:
            share = share * (1.0 - self.table.coercion.withheld())
        if self.script is not None:
            share = share * (1.0 - self.script.withheld)
        return self.model.start.united_states_aid * np.minimum(share, 1.0) + self.promised_aid()

    def promised_aid(self) -> Floats:
        """New US military aid under the deal (bn USD a year)."""
        return np.where(self.in_force & ~self.broken & ~self.withheld, self.terms.future_aid, 0.0)

    def effective_stake(self) -> Floats:
        """US share of the resource revenue in present value (0-1), 0 without a deal in force."""
        t = self.terms
        stake = bargaining.effective_stake(
            t.ownership_share, t.revenue_base, t.reinvestment_years, self.model.spread.discount_rate
        )
        return stake * self.in_force

    def pressure(self) -> Floats:
        """What the United States' pressure takes from Ukraine this month, percent of its GDP, (worlds,)."""
        if self.table is None:
            return self.model.per_world(0.0)
        return self.table.coercion.harm(self.model.spread, self.table.coercion.act)

    def coercive_months(self) -> Floats:
        """Months with an act of pressure (worlds,)."""
        return self.table.coercion.months if self.table is not None else self.model.per_world(0.0)

    def first_ask(self) -> tuple[Floats, Floats]:
        """Aid credited (bn USD) and effective stake (0-1) of the first US offer, nan where nobody bargains."""
        if self.table is None:
            return self.model.per_world(np.nan), self.model.per_world(np.nan)
        ask = self.table.first_ask
        stake = bargaining.effective_stake(
            ask["ownership_share"], ask["revenue_base"], ask["reinvestment_years"], self.model.spread.discount_rate
        )
        return ask["recognised_aid"], stake

    def stake(self) -> Floats:
        """Worth of the US stake in Ukraine (bn USD), which the tripwire hypotheses look at."""
        worth = self.model.resource_worth
        return np.where(self.in_force, self.terms.ownership_share * self.terms.revenue_base * worth, 0.0)

    def pay(self, minerals: Floats) -> None:
        """Share the month's resource revenue (bn USD a year), new licences and `minerals` included, under the terms."""
        p = self.model.spread
        earned = p.resource_revenue + self.model.ukraine.licence_revenue(self.model.month) + minerals
        covered = self.terms.revenue_base * earned * (self.in_force & ~self.withheld)
        due = self.age() >= 12 * self.terms.reinvestment_years
        share = self.terms.ownership_share * covered * due
        repaid = np.minimum(self.owed * 12, (covered - self.terms.ownership_share * covered) * (self.owed > 0))
        self.owed = np.maximum(self.owed - repaid / 12, 0.0)
        self.paid_to_united_states = share + repaid
        self.kept_by_ukraine = earned - self.paid_to_united_states
        self.received_by_united_states = self.received_by_united_states + self.paid_to_united_states / 12
