"""What offers, and going on talking, are worth to two sides that do not know how much the other needs the deal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.array_axes import Floats, Integers, Scalar, Truths
from model.parameters.table import WorldParameters
from model.rules import bargaining as rules
from model.states.frozen import Frozen

Sides = Mapping[str, Floats]
"""An array for each signatory, by name."""

SIDES = ("united_states", "ukraine")
"""Who proposes in the two rounds of a month."""


@dataclass(frozen=True)
class TalksParameters(Frozen):
    """The parameters that bargaining looks up, in the worlds in which the sides meet, each (worlds,)."""

    choice_precision: Floats
    demand_share: Floats
    equal_split: Floats
    breakdown_probability: Floats
    coercion_harm: Floats
    coercion_cost: Floats

    @staticmethod
    def at(p: WorldParameters, where: Integers) -> TalksParameters:
        """Those of the worlds `where`."""
        return TalksParameters(
            p.choice_precision[where],
            p.demand_share[where],
            p.equal_split[where],
            p.breakdown_probability[where],
            p.coercion_harm[where],
            p.coercion_cost[where],
        )


@dataclass(frozen=True)
class OfferValues:
    """What is known in a month's talks, in the worlds `where` the sides meet; payoffs in percent of Ukraine's GDP."""

    where: Integers
    p: TalksParameters
    gains: Sides  #: worth of every offer before types, (offer, worlds)
    foreseen: Sides  #: the same with the chance of ratification counted in
    prospect: Sides
    """What each side gets, before its type, in the bargain it would propose itself, (worlds,); 0 where none is."""
    left: Sides  #: part of a payoff that is left a round later, (worlds,), 0-1
    floor: Sides  #: worth of the outside option, (worlds,)
    harm: Sides  #: what pressure takes from going on, (worlds,)
    types: Sides  #: private types, (worlds,)
    nodes: Sides  #: types of each side that are thought possible, (type, worlds)

    def going_on(self, side: str, own: Floats) -> Floats:
        """What refusing is worth to a side of type `own`: the bargain it would propose next, or its outside option.

        A type needs the deal more (above 0) or less (below 0) than it seems, now and a round later; who
        needs it so little that the bargain would be a loss would rather leave.
        """
        reached = np.where(self.prospect[side] > 0, np.maximum(self.prospect[side] + own, 0.0), 0.0)
        worth = rules.outside_option_share(self.left[side] * reached, self.floor[side])
        return worth - self.harm[side]

    def acceptance(self, responder: str) -> list[Floats]:
        """Chance that the responder accepts each offer, an array (offer, worlds) for each of its types."""
        return [
            rules.acceptance_probability(
                self.foreseen[responder] + (node - self.going_on(responder, node)), self.p.choice_precision
            )
            for node in self.nodes[responder]
        ]


def part_left(patience: Floats, quarrel: Floats) -> Floats:
    """What is left of a payoff after a round (0-1): discounted, twice more where a quarrel costs a month."""
    return patience * (1.0 - quarrel + quarrel * patience * patience)


def prospects(gains: Sides, left: Sides, option: Floats) -> Sides:
    """What each side gets in the bargain that it would propose, (worlds,), 0 where there is none.

    The Nash bargain over the menu (offer, worlds) weighed by Rubinstein's shares, which on a straight
    frontier is Rubinstein's partition; the United States never takes less than the `option` it has
    elsewhere (outside-option principle). Source: Binmore, Rubinstein and Wolinsky (1986).
    """
    ours, theirs = gains["united_states"], gains["ukraine"]
    feasible = (ours > 0) & (theirs > 0) & (ours >= option)
    logs = np.log(np.where(feasible, ours, 1.0)), np.log(np.where(feasible, theirs, 1.0))
    share = rules.rubinstein_share(left["united_states"], left["ukraine"])
    other = rules.rubinstein_share(left["ukraine"], left["united_states"])
    return {
        "united_states": _best(ours, (share, 1.0 - share), logs, feasible),
        "ukraine": _best(theirs, (1.0 - other, other), logs, feasible),
    }


def _best(payoff: Floats, weights: tuple[Floats, Floats], logs: tuple[Floats, Floats], feasible: Truths) -> Floats:
    """Payoff (worlds,) at the offer that maximises the weighed Nash product, 0 where none is feasible."""
    best = np.argmax(np.where(feasible, weights[0] * logs[0] + weights[1] * logs[1], -np.inf), axis=0)
    return np.where(taken(feasible, best), taken(payoff, best), 0.0)


def taken(rows: NDArray[Scalar], index: Integers) -> NDArray[Scalar]:
    """The entry of each world at `index` (worlds,) in `rows` (option, worlds)."""
    return np.take_along_axis(rows, index[None], axis=0)[0]
