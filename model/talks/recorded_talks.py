"""The talks as they were: the drafts of 2025 put to the model's Ukraine, in order and in their months."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model import data
from model.dimensions import only
from model.rules import bargaining, ratification
from model.talks.recorded_drafts import draft, drafts
from model.talks.us_pressure import ACTS, AID_PAUSE

Floats = NDArray[np.floating]
Truths = NDArray[np.bool_]

QUARREL, PAUSE = "not_signed", "sanction"
"""Marks in the table of events: the day on which nothing was signed, and acts of pressure."""

PAUSE_SHARE = 8 / 30.4
"""Part of a month for which aid was held back, from 3 to 11 March 2025."""


class Script:
    """The American side plays its part of the record; Ukraine answers for itself.

    A draft on which the record says that both agreed without signing binds nobody: the quarrel that
    followed comes on its day, unless Ukraine has signed an earlier draft. Drafts keep their distance in
    months to the first, which comes at `talks_start`.
    """

    def __init__(self, model: Any) -> None:
        self.model = model
        self.dates = drafts()
        days = [date.fromisoformat(name) for name in self.dates]
        self.days = [(day - days[0]).days for day in days]
        self.offsets = [_months_between(days[0], day) for day in days]
        self.terms = [draft(name) for name in self.dates]
        rows = data.table("drafts")
        self.binding = [row["outcome"] != "agreed" for row in rows]
        events = data.table("deal_timeline")
        self.quarrels, self.pauses = (
            {
                _months_between(days[0], date.fromisoformat(str(row["date"])))
                for row in events
                if row["status"] == mark and len(str(row["date"])) == len("2025-01-01")
            }
            for mark in (QUARREL, PAUSE)
        )
        shape = (len(self.dates), model.worlds)
        self.chance, self.accepted, self.ratification = (np.full(shape, np.nan, dtype=model.dtype) for _ in range(3))
        self.gain = np.full(shape, np.nan, dtype=model.dtype)
        self.withheld = model.per_world(0.0)
        self.luck = model.luck.uniform("answers to drafts", len(self.dates))

    def read_out(self, talks: Any, month: int, is_open: Truths) -> Truths:
        """Put this month's drafts, in order; returns where one was signed, whose terms are those of `talks`."""
        since = month - self.model.spread.talks_start
        agreed = np.zeros_like(is_open)
        for place, offset in enumerate(self.offsets):
            due = is_open & ~agreed & (since == offset)
            if np.any(due):
                agreed = agreed | self.put(talks, place, due)
        left = is_open & ~agreed
        quarrel = left & np.isin(since, sorted(self.quarrels))
        talks.breakdowns = talks.breakdowns + quarrel
        self.withheld = self.model.per_world(PAUSE_SHARE) * (left & np.isin(since, sorted(self.pauses)))
        return agreed

    def adjourn(self) -> None:
        """A month's pressure is over, also where the talks are."""
        self.withheld = self.model.per_world(0.0)

    def breach(self) -> Floats:
        """Part of a broken promise that Ukraine and Russia see in this month's pause of aid (0-1), (worlds,)."""
        return ACTS[AID_PAUSE].breach * np.sign(self.withheld)

    def lay(self, talks: Any, place: int, where: Truths) -> None:
        """Lay a draft on the table."""
        for name, value in self.terms[place].items():
            setattr(talks.terms, name, np.where(where, float(value), getattr(talks.terms, name)))

    def put(self, talks: Any, place: int, due: Truths) -> Truths:
        """Put one draft and note the answer; returns where it is signed."""
        p, ukraine = self.model.spread, self.model.ukraine
        self.lay(talks, place, due)
        gain = ukraine.deal_gain(talks.terms)
        worth = gain + talks.type_of_ukraine
        chance = bargaining.acceptance_probability(worth, p.choice_precision)
        passes = only(due, ratification.ratification_probability, *ukraine.votes(worth))
        accepted = due & (self.luck(place) < chance)
        notes = ((self.gain, gain), (self.chance, chance), (self.accepted, accepted), (self.ratification, passes))
        for kept, value in notes:
            kept[place] = np.where(due, value, kept[place])
        talks.accepted_by_ukraine = talks.accepted_by_ukraine | accepted
        talks.accepted_by_united_states = talks.accepted_by_united_states | due
        signed = accepted & self.binding[place]
        talks.signed_day = np.where(signed, float(self.days[place]), talks.signed_day)
        return signed


def _months_between(first: date, second: date) -> int:
    """Calendar months from one day's month to another's."""
    return 12 * (second.year - first.year) + second.month - first.month
