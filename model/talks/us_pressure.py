"""What the United States does to Ukraine between two rounds of talks, and what that gives away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from model.dimensions import Floats, Integers, total
from model.rules import bargaining as rules
from model.states.deal import Pressure
from model.states.setting import Setting
from model.talks.offer_values import OfferValues, taken


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


class UsPressure:
    """Which act is on in which world, and how it is chosen and read.

    The United States weighs each act by what it does to the offer last refused: pressure lowers what
    going on is worth to Ukraine, so that the same offer is likelier to be taken, and it costs. The
    choice is a quantal response that depends on the private type; so Ukraine, who sees the act, learns
    of the type by Bayes' rule. Whether an act shows need or strength is a result, not an assumption.
    """

    def __init__(self, setting: Setting) -> None:
        self._harm_scale = setting.p.coercion_harm
        self.act: Integers = np.zeros(setting.worlds, dtype=np.int64)
        """The act that is on, by its place in ACTS, (worlds,)."""
        self.months = setting.per_world(0.0)
        """Months with an act so far, (worlds,)."""
        self.opened = setting.nowhere()
        """Whether talks with Russia have been opened, (worlds,)."""
        self._harms, self._withheld, self._breaches = np.array(
            [(each.harm, each.withheld, each.breach) for each in ACTS], setting.start.dtype
        ).T

    def in_force(self) -> Pressure:
        """What the acts that are on do this month."""
        return Pressure(
            harm=self._harm_scale * self._harms[self.act],
            withheld=self._withheld[self.act],
            breach=self._breaches[self.act],
        )

    def choose(
        self, draw: Floats, values: OfferValues, refused: Mapping[str, Floats], belief: Floats
    ) -> tuple[Integers, Floats]:
        """Number of the act chosen (worlds,), and its chance for each type of the United States (type, worlds).

        `draw` is uniform (worlds,), `values` what both sides know, `refused` the worth of the offer that was
        refused (worlds,), `belief` that on Ukraine's type (type, worlds).
        """
        precision = values.p.choice_precision
        yes = [_taken_under(act, values, refused["ukraine"], belief) for act in ACTS]
        delay = np.exp(2.0 * np.log(values.left["united_states"]))

        def chances(own: Floats) -> Floats:
            """Chance of every act by a United States of type `own`, (act, worlds)."""
            going_on = values.going_on("united_states", own)
            worths = []
            for number, act in enumerate(ACTS):
                otherwise = going_on * (delay if number == DEADLINE else 1.0)
                worth = rules.expected_offer_value(yes[number], refused["united_states"] + own, otherwise)
                worths.append(worth * (delay if number == PUBLIC_QUARREL else 1.0) - values.p.coercion_cost * act.cost)
            return rules.quantal_response(np.stack(worths), precision)

        act = rules.pick(chances(values.types["united_states"]), draw)
        return act, np.stack([taken(chances(node), act) for node in values.nodes["united_states"]])

    def start(self, where: Integers, act: Integers) -> None:
        """Put the acts on in the worlds `where`."""
        self.act[where] = act
        self.months[where] += act != NONE
        self.opened[where] |= act == OPENING

    def lift(self, where: Integers) -> None:
        """Take the act off in the worlds `where`."""
        self.act[where] = NONE


def _taken_under(act: Act, values: OfferValues, worth: Floats, belief: Floats) -> Floats:
    """Chance (0-1) that Ukraine, under an act, would take the offer it refused, as the United States believes."""
    p, patience = values.p, values.left["ukraine"]
    left = patience * patience if act.lost_rounds else 1.0
    calm = values.harm["ukraine"]
    chances = []
    for weight, node in zip(belief, values.nodes["ukraine"], strict=True):
        going_on = left * (values.going_on("ukraine", node) + calm) - p.coercion_harm * act.harm
        chances.append(weight * rules.acceptance_probability(worth + node - going_on, p.choice_precision))
    return total(np.stack(chances))
