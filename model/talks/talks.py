"""The talks in every world before the signature: what is offered, answered and ratified."""

from __future__ import annotations

import numpy as np

from model.agents.ukraine import Ukraine
from model.agents.united_states import UnitedStates
from model.array_axes import Floats, Truths, only
from model.calendar import Month
from model.parameters.deal_parameters import TALKS
from model.rules import bargaining, ratification
from model.states.common_knowledge import DraftAnswers, Known
from model.states.deal import Pressure, TableState, Terms
from model.states.decisions import Meeting, Signature
from model.states.frozen import replace
from model.states.reasons import REASONS, SIGNATORIES, by_reason
from model.states.run_setting import Setting
from model.talks.bargaining import Bargaining
from model.talks.recorded_talks import RecordedTalks
from model.war_game.war_outlook import Expectations


class Talks:
    """What is on the table and who has accepted; owns the `state` of the table and asks the two signatories."""

    def __init__(
        self, setting: Setting, ukraine: Ukraine, united_states: UnitedStates, expectations: Expectations
    ) -> None:
        self.p, self._ukraine, self._united_states = setting.p, ukraine, united_states
        self._expectations = expectations
        self._fixed, bargained, self._scripted, self._imposed, self._absent = (
            self.p.talks == code for code in range(len(TALKS))
        )
        self._bargained: Truths = bargained
        self.bargaining = Bargaining(setting, ukraine, united_states, expectations) if bargained.any() else None
        """Alternating offers, None where no world bargains."""
        self.recorded = RecordedTalks(setting, ukraine, expectations) if self._scripted.any() else None
        """The drafts as they were put, None where no world follows them."""
        terms = Terms.tabled(self.p)
        if self.recorded is not None:
            terms = self.recorded.put_on_table(0, terms, self._scripted)
        none, nothing, never = setting.nowhere(), setting.per_world(0.0), setting.per_world(np.nan)
        self._nothing, self._never = nothing, never
        self._no_pressure = Pressure(nothing, nothing, nothing)
        self.state = TableState(
            terms=terms,
            accepted_by_ukraine=none,
            accepted_by_united_states=none,
            answered=none,
            reasons=np.full((len(SIGNATORIES), len(REASONS), *never.shape), np.nan, never.dtype),
            gains=np.full((len(SIGNATORIES), *never.shape), np.nan, never.dtype),
            breakdowns=nothing,
            pressure=self._no_pressure,
            coercive_months=nothing,
            broken_off=none,
            first_asked_aid=never,
            first_asked_stake=never,
        )
        self._rada_draw = setting.streams.uniform("rada", 1)(0)
        self._congress_draw = setting.streams.uniform("congress", 1)(0)

    @property
    def draft_answers(self) -> DraftAnswers | None:
        """Ukraine's answers to the recorded drafts, None where no world follows them."""
        return self.recorded.answers if self.recorded is not None else None

    def meet(self, known: Known, now: Month) -> Signature:
        """One month of talks, in the worlds in which they are open; returns what is signed and ratified."""
        p, agreement = self.p, known.agreement
        over = now.number >= p.talks_start + p.talks_months
        is_open = (now.number >= p.talks_start) & ~over & ~agreement.signed & ~agreement.rejected
        is_open = is_open & (agreement.russian_deal == 0) & ~self._absent
        if self.bargaining is not None:
            self.bargaining.adjourn(~is_open)
        if self.recorded is not None:
            self.recorded.adjourn()
        agreed, imposed, day = np.zeros_like(is_open), is_open & self._imposed, self._nothing
        if np.any(is_open):
            for meeting in self._meetings(known, now, is_open):
                self._record(meeting)
                agreed, day = agreed | meeting.agreed, np.where(meeting.agreed, meeting.day, day)
        if self.bargaining is not None or self.recorded is not None:
            self._publish_pressure()
        passes, chance = self._ratify(agreed, known, now)
        in_force = agreement.in_force | passes | imposed
        failed = (over & ~in_force) | (is_open & self.state.broken_off & ~agreed)
        turns = self._united_states.turns_to_russia(failed & (agreement.russian_deal == 0), now)
        return Signature(
            self.state.terms, agreed | imposed, day, chance, passes | imposed, agreed & ~passes, turns_to_russia=turns
        )

    def _meetings(self, known: Known, now: Month, is_open: Truths) -> list[Meeting]:
        """The month's talks in each mode; every mode changes terms in its own worlds only."""
        terms = self.state.terms
        meetings = [self._answer_fixed_terms(known, now, is_open)]
        if self.bargaining is not None:
            meetings.append(self.bargaining.meet(terms, known, now, is_open & self._bargained))
            terms = meetings[-1].terms
        if self.recorded is not None:
            meetings.append(self.recorded.meet(terms, known, now, is_open & self._scripted))
        return meetings

    def _answer_fixed_terms(self, known: Known, now: Month, is_open: Truths) -> Meeting:
        """Both say whether they would sign what is on the table; the tabled terms bind if Ukraine does.

        They are asked when the terms are put, and again each January: in between nothing has changed. A refusal
        is judged against no deal for good.
        """
        state, nobody = self.state, np.zeros_like(is_open)
        due = is_open & (~state.answered | (self._fixed & now.is_january))
        if not due.any():
            return Meeting(state.terms, nobody, self._nothing, nobody, nobody, self._nothing)
        prospect = self._expectations.under(state.terms, known, due, now)
        parts = (
            self._ukraine.deal_parts(state.terms, prospect, known),
            self._united_states.deal_parts(state.terms, prospect, known),
        )
        sides = self._ukraine, self._united_states
        gains = [side.deal_worth(own) for side, own in zip(sides, parts, strict=True)]
        new = due & ~state.answered
        reasons = np.stack([by_reason(side.name, own) for side, own in zip(sides, parts, strict=True)])
        self.state = replace(
            state,
            answered=state.answered | is_open,
            reasons=np.where(new, reasons, state.reasons),
            gains=np.where(new, np.stack(gains), state.gains),
        )
        agreed = due & self._fixed & self._ukraine.accepts(gains[0])
        accepts = due & self._fixed & self._united_states.accepts(gains[1])
        days = (now.number - self.p.talks_start) * 365.25 / 12
        return Meeting(state.terms, agreed, days, agreed, accepts, self._nothing)

    def _record(self, meeting: Meeting) -> None:
        """Keep what a meeting came to."""
        state = self.state
        self.state = replace(
            state,
            terms=meeting.terms,
            accepted_by_ukraine=state.accepted_by_ukraine | meeting.accepted_by_ukraine,
            accepted_by_united_states=state.accepted_by_united_states | meeting.accepted_by_united_states,
            breakdowns=state.breakdowns + meeting.breakdowns,
        )

    def _publish_pressure(self) -> None:
        """What presses on Ukraine this month, and what was first asked of it."""
        harm, withheld, breach = self._nothing, self._nothing, self._nothing
        if self.bargaining is not None:
            acts = self.bargaining.pressure
            on, asked = acts.in_force(), self.bargaining.first_asked
            harm, withheld, breach = on.harm, withheld + on.withheld, breach + on.breach
            self.state = replace(self.state, coercive_months=acts.months.copy(), broken_off=acts.opened.copy())
            if {"recognised_aid", "ownership_share", "revenue_base", "reinvestment_years"} <= set(asked):
                stake = bargaining.effective_stake(
                    asked["ownership_share"],
                    asked["revenue_base"],
                    asked["reinvestment_years"],
                    self.p.discount_rate,
                )
                aid = asked["recognised_aid"].copy()
                self.state = replace(self.state, first_asked_aid=aid, first_asked_stake=stake)
        if self.recorded is not None:
            withheld, breach = withheld + self.recorded.withheld, breach + self.recorded.breach
        self.state = replace(self.state, pressure=Pressure(harm, withheld, breach))

    def _ratify(self, agreed: Truths, known: Known, now: Month) -> tuple[Truths, Floats]:
        """Where both parliaments pass what is signed, and the Rada's chance to: Congress votes on strong guarantees."""
        p, terms = self.p, self.state.terms
        if not np.any(agreed):
            return agreed, self._never
        prospect = self._expectations.under(terms, known, agreed, now)
        gain = self._ukraine.deal_gain(terms, prospect, known) + self._ukraine.private_type
        chance = only(agreed, ratification.ratification_probability, *self._ukraine.votes(gain))
        needs_congress = terms.guarantee_strength > p.congress_threshold
        congress = ~needs_congress | (self._congress_draw < p.congress_support)
        return agreed & (self._rada_draw < chance) & congress, chance
