"""The talks as they were: the drafts of 2025 put to the model's Ukraine, in order and in their months."""

from __future__ import annotations

from datetime import date

import numpy as np

from model import data
from model.agents.ukraine import Ukraine
from model.array_axes import Floats, Truths, only
from model.calendar import Month
from model.rules import bargaining, ratification
from model.states.common_knowledge import DraftAnswers, Known
from model.states.deal import Terms
from model.states.decisions import Meeting
from model.states.frozen import replace
from model.states.run_setting import Setting
from model.talks.offer_values import SIDES, part_left
from model.talks.recorded_drafts import draft, drafts
from model.war_game.war_outlook import Expectations

QUARREL, PAUSE = "not_signed", "sanction"
"""Marks in the table of events: the day on which nothing was signed, and acts of pressure."""

PAUSE_SHARE = 8 / 30.4
"""Part of a month for which aid was held back, from 3 to 11 March 2025."""


class RecordedTalks:
    """The American side plays its part of the record; Ukraine answers for itself.

    A draft on which the record says that both agreed without signing binds nobody: the quarrel that
    followed comes on its day, unless Ukraine has signed an earlier draft. Drafts keep their distance in
    months to the first, which comes at `talks_start`.
    """

    def __init__(self, setting: Setting, ukraine: Ukraine, expectations: Expectations) -> None:
        self.p, self._ukraine, self._expectations = setting.p, ukraine, expectations
        dates = drafts()
        days = [date.fromisoformat(name) for name in dates]
        self.days = [(day - days[0]).days for day in days]
        """Days from the first draft to each."""
        self._offsets = [_months_between(days[0], day) for day in days]
        self._drafts = [draft(name) for name in dates]
        self._binding = [row["outcome"] != "agreed" for row in data.table("drafts")]
        self._quarrels, self._pauses = (
            sorted(
                _months_between(days[0], date.fromisoformat(str(row["date"])))
                for row in data.table("deal_timeline")
                if row["status"] == mark and len(str(row["date"])) == len("2025-01-01")
            )
            for mark in (QUARREL, PAUSE)
        )
        unknown = np.full((len(dates), setting.worlds), np.nan, dtype=setting.start.dtype)
        self.answers = DraftAnswers(unknown, unknown, unknown, unknown)
        self._nothing = setting.per_world(0.0)
        self.withheld: Floats = self._nothing
        """Part of the US support held back this month, (worlds,), 0-1."""
        self._answer_stream = setting.streams.uniform("answers to drafts", len(dates))

    def meet(self, terms: Terms, known: Known, now: Month, is_open: Truths) -> Meeting:
        """Put this month's drafts, in order, where the talks are open; terms change only there."""
        since = now.number - self.p.talks_start
        agreed, by_ukraine, by_united_states = (np.zeros_like(is_open) for _ in range(3))
        signed_day = self._nothing
        for number, offset in enumerate(self._offsets):
            due = is_open & ~agreed & (since == offset)
            if np.any(due):
                terms = self.put_on_table(number, terms, due)
                accepted = self._put(number, terms, known, due, now)
                by_ukraine, by_united_states = by_ukraine | accepted, by_united_states | due
                signed = accepted & self._binding[number]
                signed_day = np.where(signed, float(self.days[number]), signed_day)
                agreed = agreed | signed
        left = is_open & ~agreed
        self.withheld = (self._nothing + PAUSE_SHARE) * (left & np.isin(since, self._pauses))
        breakdowns = self._nothing + (left & np.isin(since, self._quarrels))
        return Meeting(terms, agreed, signed_day, by_ukraine, by_united_states, breakdowns)

    def adjourn(self) -> None:
        """A month's pressure is over, also where the talks are."""
        self.withheld = self._nothing

    @property
    def breach(self) -> Floats:
        """Part of a broken promise that Ukraine and Russia see in this month's pause of aid, (worlds,), 0-1."""
        return self.p.pressure_breach * np.sign(self.withheld)

    def put_on_table(self, number: int, terms: Terms, where: Truths) -> Terms:
        """The terms with a draft, by its number, put on the table in the worlds `where`."""
        drafted = {name: float(value) for name, value in self._drafts[number].items()}
        return replace(terms, **{name: np.where(where, value, getattr(terms, name)) for name, value in drafted.items()})

    def _put(self, number: int, terms: Terms, known: Known, due: Truths, now: Month) -> Truths:
        """Put one draft and note the answer, given against going on; returns where it is accepted."""
        gains = [self._gain(later, terms, known, due, now) for later in range(number, len(self._drafts))]
        own = self._ukraine.private_type
        worth = gains[0] + own
        chance = bargaining.acceptance_probability(worth - self._going_on(number, gains, own), self.p.choice_precision)
        passes = only(due, ratification.ratification_probability, *self._ukraine.votes(worth))
        accepted = due & (self._answer_stream(number) < chance)
        noted = {"gain": gains[0], "chance": chance, "accepted": accepted, "ratification": passes}
        rows = {name: getattr(self.answers, name).copy() for name in noted}
        for name, value in noted.items():
            rows[name][number] = np.where(due, value, rows[name][number])
        self.answers = DraftAnswers(**rows)
        return accepted

    def _gain(self, number: int, terms: Terms, known: Known, where: Truths, now: Month) -> Floats:
        """What a draft, by its number, is worth to Ukraine today before its type, percent of its GDP."""
        drafted = self.put_on_table(number, terms, where)
        return self._ukraine.deal_gain(
            drafted, self._expectations.under(drafted, known, where, now, split=False), known
        )

    def _going_on(self, number: int, gains: list[Floats], own: Floats) -> Floats:
        """Worth to Ukraine of refusing a draft, given its `gains` from this draft on: the drafts that will come.

        It foresees them, accepts each if that beats going on further, and counts what a quarrel may cost on the
        way; once the last is refused there is no deal.
        """
        p, worth = self.p, np.zeros_like(own)
        left = part_left(p.round_discount_ukraine, p.breakdown_probability)
        for later in reversed(range(1, len(gains))):
            worth = np.maximum(gains[later] + own, worth)
            months = self._offsets[number + later] - self._offsets[number + later - 1]
            worth = worth * left ** (len(SIDES) * months)
        return worth


def _months_between(first: date, second: date) -> int:
    """Calendar months from one day's month to another's."""
    return 12 * (second.year - first.year) + second.month - first.month
