"""What the United States does to Ukraine between two rounds of talks, and what that gives away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.dimensions import total
from model.parameters.declaration import Spread
from model.rules import bargaining as rules

Floats = NDArray[np.floating]


@dataclass(frozen=True)
class Act:
    """One way to press: its harm and cost, in months of full pressure, and what else it does."""

    name: str
    harm: float
    cost: float
    withheld: float = 0.0
    """Part of the US support held back for the month."""
    lost_rounds: int = 0
    """Rounds of talks that are lost by it, at once or, for a deadline, once it has passed unmet."""
    breach: float = 0.0
    """Part of a broken promise that Ukraine and Russia see in it."""


ACTS = (
    Act("none", 0.0, 0.0),
    Act("aid_pause", 1.0, 1.0, withheld=1.0, breach=0.25),
    Act("intelligence_pause", 0.5, 0.5, withheld=0.5, breach=0.25),
    Act("public_quarrel", 0.5, 0.25, withheld=0.5, lost_rounds=2, breach=0.25),
    Act("deadline", 0.0, 0.25, lost_rounds=2),
    Act("opening_to_russia", 0.25, 0.5),
)
"""The acts of the record: 28 February 2025 the quarrel, 3 March aid, 5 March intelligence, and the
talks with Russia; a deadline costs talks only if it is not met. The weights are our own, of the
order that the acts had, to be scaled by `coercion_harm` and `coercion_cost`."""

NONE, AID_PAUSE, INTELLIGENCE_PAUSE, PUBLIC_QUARREL, DEADLINE, OPENING = range(len(ACTS))


class Coercion:
    """Which act is on in which world, and how it is chosen and read.

    The United States weighs each act by what it does to the offer last refused: pressure lowers what
    going on is worth to Ukraine, so that the same offer is likelier to be taken, and it costs. The
    choice is a quantal response that depends on the private type; so Ukraine, who sees the act, learns
    of the type by Bayes' rule. Whether an act shows need or strength is a result, not an assumption.
    """

    def __init__(self, model: Any) -> None:
        worlds = model.worlds
        self.model = model
        self.act = np.zeros(worlds, dtype=np.int64)
        self.months = model.per_world(0.0)
        self.opened = np.zeros(worlds, dtype=bool)
        self.harms, self.held_back, self.breaches = np.array(
            [(each.harm, each.withheld, each.breach) for each in ACTS], model.dtype
        ).T

    def harm(self, p: Spread, act: NDArray[np.int64]) -> Floats:
        """What an act takes from Ukraine's going on for a month, percent of its GDP, (worlds,)."""
        return p.coercion_harm * self.harms[act]

    def withheld(self) -> Floats:
        """Part of the US support held back this month (0-1), (worlds,)."""
        return self.held_back[self.act]

    def choose(
        self, luck: Floats, sitting: Any, refused: dict[str, Floats], beliefs: Floats
    ) -> tuple[NDArray[np.int64], Floats]:
        """Number of the act chosen (worlds,), and its chance for each type of the United States (type, worlds).

        `sitting` holds what both sides know, `refused` the worth of the offer that was refused (worlds,),
        `beliefs` those on Ukraine's type (type, world of the model).
        """
        belief, precision = beliefs[:, sitting.where], sitting.p.choice_precision
        yes = [self._taken_under(act, sitting, refused["ukraine"], belief) for act in ACTS]
        delay = np.exp(2.0 * np.log(sitting.lapse["united_states"]))

        def likely(own: Floats) -> Floats:
            """Chance of every act by a United States of type `own`, (act, worlds)."""
            going_on = sitting.going_on("united_states", own)
            worths = []
            for place, act in enumerate(ACTS):
                otherwise = going_on * (delay if place == DEADLINE else 1.0)
                worth = rules.expected_offer_value(yes[place], refused["united_states"] + own, otherwise)
                worths.append(worth * (delay if place == PUBLIC_QUARREL else 1.0) - sitting.p.coercion_cost * act.cost)
            return rules.quantal_response(np.stack(worths), precision)

        act = rules.pick(likely(sitting.types["united_states"]), luck)
        return act, np.stack(
            [np.take_along_axis(likely(node), act[None], axis=0)[0] for node in sitting.nodes["united_states"]]
        )

    def _taken_under(self, act: Act, sitting: Any, worth: Floats, belief: Floats) -> Floats:
        """Chance (0-1) that Ukraine, under an act, would take the offer it refused, as the United States believes."""
        p, patience = sitting.p, sitting.lapse["ukraine"]
        left = patience * patience if act.lost_rounds else 1.0
        calm = sitting.harm["ukraine"]
        chances = []
        for weight, node in zip(belief, sitting.nodes["ukraine"], strict=True):
            going_on = left * (sitting.going_on("ukraine", node) + calm) - p.coercion_harm * act.harm
            chances.append(weight * rules.acceptance_probability(worth + node - going_on, p.choice_precision))
        return total(np.stack(chances))

    def start(self, where: NDArray[np.int64], act: NDArray[np.int64]) -> None:
        """Put the acts on in the worlds `where`."""
        self.act[where] = act
        self.months[where] += act != NONE
        self.opened[where] |= act == OPENING

    def relent(self, where: NDArray[np.int64]) -> None:
        """Take the act off in the worlds `where`."""
        self.act[where] = NONE

    def breach(self) -> Floats:
        """Part of a broken promise seen in this month's act (0-1), (worlds,)."""
        return self.breaches[self.act]
