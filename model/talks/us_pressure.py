"""What the United States does to Ukraine between two rounds of talks, and what that gives away."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from model.array_axes import Floats, Integers, total
from model.rules import bargaining as rules
from model.states.deal import Pressure
from model.states.run_setting import Setting
from model.talks.offer_values import OfferValues, taken

ACTS = ("none", "aid_pause", "intelligence_pause", "public_quarrel", "deadline", "opening_to_russia")
"""The acts of the record: 28 February 2025 the quarrel, 3 March aid, 5 March intelligence; talks with Russia."""

NONE, AID_PAUSE, INTELLIGENCE_PAUSE, PUBLIC_QUARREL, DEADLINE, OPENING = range(len(ACTS))

COSTS_ROUNDS = (PUBLIC_QUARREL, DEADLINE)
"""Acts that cost the two rounds of a month: a quarrel at once, a deadline once it has passed unmet."""


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
        """The act that is on, by its index in ACTS, (worlds,)."""
        self.months = setting.per_world(0.0)
        """Months with an act so far, (worlds,)."""
        self.opened = setting.nowhere()
        """Whether talks with Russia have been opened, (worlds,)."""
        p, none, full = setting.p, setting.per_world(0.0), setting.per_world(1.0)
        held, breach = p.pressure_withheld, p.pressure_breach
        self._harms = np.stack([none, full, p.intelligence_harm, p.quarrel_harm, none, p.opening_harm])
        self._costs = np.stack([none, full, p.intelligence_cost, p.quarrel_cost, p.deadline_cost, p.opening_cost])
        self._withheld = np.stack([none, full, held, held, none, none])
        self._breaches = np.stack([none, breach, breach, breach, none, none])

    def in_force(self) -> Pressure:
        """What the acts that are on do this month."""
        harm, withheld, breach = (taken(each, self.act) for each in (self._harms, self._withheld, self._breaches))
        return Pressure(self._harm_scale * harm, withheld, breach)

    def choose(
        self, draw: Floats, values: OfferValues, refused: Mapping[str, Floats], belief: Floats
    ) -> tuple[Integers, Floats]:
        """Number of the act chosen (worlds,), and its chance for each type of the United States (type, worlds).

        `draw` is uniform (worlds,), `values` what both sides know, `refused` the worth of the offer that was
        refused (worlds,), `belief` that on Ukraine's type (type, worlds).
        """
        precision = values.p.choice_precision
        yes = [self.chance_taken(act, values, refused["ukraine"], belief) for act in range(len(ACTS))]
        delay = np.exp(2.0 * np.log(values.left["united_states"]))

        def chances(own: Floats) -> Floats:
            """Chance of every act by a United States of type `own`, (act, worlds)."""
            going_on = values.going_on("united_states", own)
            worths = []
            for act, cost in enumerate(self._costs):
                otherwise = going_on * (delay if act == DEADLINE else 1.0)
                worth = rules.expected_offer_value(yes[act], refused["united_states"] + own, otherwise)
                price = values.p.coercion_cost * cost[values.where]
                worths.append(worth * (delay if act == PUBLIC_QUARREL else 1.0) - price)
            return rules.quantal_response(np.stack(worths), precision)

        act = rules.pick(chances(values.types["united_states"]), draw)
        return act, np.stack([taken(chances(node), act) for node in values.nodes["united_states"]])

    def chance_taken(self, act: int, values: OfferValues, worth: Floats, belief: Floats) -> Floats:
        """Chance (0-1) that Ukraine, under an act, would take the offer it refused, as the United States believes."""
        p, patience = values.p, values.left["ukraine"]
        left = patience * patience if act in COSTS_ROUNDS else 1.0
        harm = p.coercion_harm * self._harms[act][values.where]
        calm = values.harm["ukraine"]
        chances = []
        for weight, node in zip(belief, values.nodes["ukraine"], strict=True):
            going_on = left * (values.going_on("ukraine", node) + calm) - harm
            chances.append(weight * rules.acceptance_probability(worth + node - going_on, p.choice_precision))
        return total(np.stack(chances))

    def start(self, where: Integers, act: Integers) -> None:
        """Put the acts on in the worlds `where`."""
        self.act[where] = act
        self.months[where] += act != NONE
        self.opened[where] |= act == OPENING

    def lift(self, where: Integers) -> None:
        """Take the act off in the worlds `where`."""
        self.act[where] = NONE
