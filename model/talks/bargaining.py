"""Alternating offers over the deal as a vector, with private types, in every world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.dimensions import total
from model.parameters.declaration import Spread
from model.rules import bargaining as rules
from model.rules import ratification
from model.talks.private_types import NORMAL, Types
from model.talks.us_pressure import DEADLINE, PUBLIC_QUARREL, Coercion

Floats = NDArray[np.floating]
Integers = NDArray[np.int64]
Truths = NDArray[np.bool_]
Sides = dict[str, Floats]

MENU = {
    "ownership_share": (0.25, 0.5, 0.75, 1.0),
    "revenue_base": (0.4, 1.0),
    "recognised_aid": (0.0, 100.0, 500.0),
    "guarantee_strength": (0.0, 0.1, 0.4, 0.7),
    "reinvestment_years": (0.0, 10.0),
}
"""Values of the terms that either side may propose: those of the drafts of 2025 and the steps between."""

ROUNDS = ("united_states", "ukraine")
"""Who proposes in the two rounds of a month."""

DAYS_PER_ROUND = 365.25 / 12 / len(ROUNDS)
"""Days from one offer to the next."""

SMALLEST = 1e-30
"""Keeps the chance of an offer that nobody would take off 0."""

AT_ONCE = 8
"""Offers valued together: few enough for the processor's cache."""

NEEDED = (
    "choice_precision",
    "demand_share",
    "equal_split",
    "type_spread",
    "breakdown_probability",
    "round_discount_united_states",
    "round_discount_ukraine",
    "coercion_harm",
    "coercion_cost",
)
"""The parameters that a sitting looks up."""


@dataclass
class Sitting:
    """What is known in a month's talks, in the worlds in which they meet."""

    where: Integers
    p: Spread
    gains: Sides
    """Worth of every offer before types, (offer, worlds)."""
    foreseen: Sides
    """The same with the chance of ratification counted in."""
    prospect: Sides
    """What each side gets, before its type, in the bargain it would propose itself, (worlds,); 0 where none is."""
    lapse: Sides
    """What is left of that a round later."""
    floor: Sides
    """Worth of the outside option."""
    harm: Sides
    """What pressure takes from going on."""
    types: Sides
    nodes: Sides
    """Types of each side that are thought possible, (type, worlds), percent of Ukraine's GDP."""

    def going_on(self, side: str, own: Floats) -> Floats:
        """What refusing is worth to a side of type `own`: the bargain it would propose next, or its outside option.

        A type needs the deal more (above 0) or less (below 0) than it seems, now and a round later; who
        needs it so little that the bargain would be a loss would rather leave.
        """
        reached = np.where(self.prospect[side] > 0, np.maximum(self.prospect[side] + own, 0.0), 0.0)
        worth = rules.outside_option_share(self.lapse[side] * reached, self.floor[side])
        return worth - self.harm[side]

    def acceptance(self, responder: str) -> list[Floats]:
        """Chance that the responder accepts each offer, an array (offer, worlds) for each of its types."""
        return [
            rules.acceptance_probability(
                self.foreseen[responder] + (node - self.going_on(responder, node)), self.p.choice_precision
            )
            for node in self.nodes[responder]
        ]


class BargainingTable:
    """Offers and answers of two sides that do not know how much the other needs the deal.

    Each month in which the talks are open, in this order:

    1. both value every offer on the menu, and count a gain by its chance to be ratified
    2. both know what going on is worth: the discounted payoff of the Rubinstein bargain over the menu
       (generalised Nash, weighed by patience), not less than the outside option
    3. the United States makes a demand, or an offer weighed by the believed chance of a yes and by what
       going on is worth; Ukraine learns from it, answers, and is learnt from
    4. two weeks later the same with the sides changed
    5. a refusal may end in a public quarrel, which costs a month; where it does not, the United States
       chooses whether and how to press, and Ukraine learns from that

    With sharp choices, no types, no breakdown and a fine menu the first offer is Rubinstein's and is taken.
    `menu` names the terms that are talked about and their values, `types` what is thought of each side.
    """

    def __init__(
        self,
        model: Any,
        menu: Mapping[str, tuple[float, ...]] | None = None,
        types: Mapping[str, Types] | None = None,
    ) -> None:
        self.model = model
        self.thought = dict.fromkeys(ROUNDS, NORMAL) | dict(types or {})
        values = menu or MENU
        rows = list(product(*values.values()))
        self.offers = {name: np.array([row[i] for row in rows], model.dtype)[:, None] for i, name in enumerate(values)}
        worlds, rounds = model.worlds, len(ROUNDS) * model.months
        self.beliefs = {side: self.each_type(self.thought[side].weights) * model.per_world(1.0) for side in ROUNDS}
        self.quarrelling = np.zeros(worlds, dtype=bool)
        self.first_ask = {name: model.per_world(np.nan) for name in self.offers}
        self.asked = np.zeros(worlds, dtype=np.int64)
        self.coercion = Coercion(model)
        self.luck_of_offers = model.luck.uniform("offers", rounds)
        self.luck_of_answers = model.luck.uniform("answers", rounds)
        self.luck_of_acts = model.luck.uniform("coercion", model.months)
        self.luck_of_quarrels = model.luck.uniform("quarrels", rounds)

    def each_type(self, values: tuple[float, ...]) -> Floats:
        """A number of every type that is thought possible, (type, 1)."""
        return np.array(values, self.model.dtype)[:, None]

    def bargain(self, talks: Any, month: int, is_open: Truths) -> Truths:
        """Two rounds; returns where a deal was struck, whose terms are then those of `talks`."""
        where = np.flatnonzero(is_open & ~self.quarrelling)
        self.adjourn(self.quarrelling | ~is_open)
        agreed = np.zeros_like(is_open)
        if not where.size:
            return agreed
        sitting = self.convene(talks, where)
        still = np.ones(where.shape, dtype=bool)
        for place in range(len(ROUNDS)):
            still = self.sit(talks, sitting, len(ROUNDS) * month + place, still)
        agreed[where] = ~still & ~self.quarrelling[where]
        unmet = still & (self.coercion.act[where] == DEADLINE)
        self.coercion.relent(where[~self.quarrelling[where]])
        self.quarrel(talks, where[unmet])
        self.press(talks, sitting, month, still & ~unmet)
        return agreed

    def convene(self, talks: Any, where: Integers) -> Sitting:
        """What both sides know when a month's talks begin in the worlds `where`."""
        p = Spread(**{name: getattr(self.model.spread, name)[where] for name in NEEDED})
        found = self.gains(talks)
        gains = {side: gain[:, where] for side, gain in found.items()}
        foreseen = {side: gain[:, where] for side, gain in self.foreseen(found, talks).items()}
        option = (self.model.spread.russian_option * self.model.united_states.settlement_points())[where]
        types = {side: talks.type_of(side)[where] for side in ROUNDS}
        nodes = {side: self.each_type(self.thought[side].nodes) * p.type_spread for side in ROUNDS}
        left, nothing = lapse(p), np.zeros_like(option)
        floor = {"united_states": option, "ukraine": nothing}
        harm = {"united_states": nothing, "ukraine": self.coercion.harm(p, self.coercion.act[where])}
        return Sitting(where, p, gains, foreseen, prospects(foreseen, left, option), left, floor, harm, types, nodes)

    def sit(self, talks: Any, sitting: Sitting, moment: int, still: Truths) -> Truths:
        """One round: an offer, what it tells, an answer, what that tells. Returns where they talk on."""
        place, where, p = moment % len(ROUNDS), sitting.where, sitting.p
        proposer, responder = ROUNDS[place], ROUNDS[1 - place]
        yes = sitting.acceptance(responder)
        offer, chances = self.choose_offer(proposer, responder, sitting, yes, moment)
        self.put(talks, offer, where, still)
        if place == 0:
            self.asked[where] = offer
        self.learn(proposer, chances, where, still)
        own = sitting.types[responder]
        worth = taken(sitting.foreseen[responder], offer) + own - sitting.going_on(responder, own)
        answer = rules.acceptance_probability(worth, p.choice_precision)
        accepted = still & (self.luck_of_answers(moment)[where] < answer)
        refused = still & ~accepted
        self.learn(responder, 1.0 - np.stack([taken(chance, offer) for chance in yes]), where, refused)
        days = DAYS_PER_ROUND * (moment - len(ROUNDS) * self.model.spread.talks_start)
        talks.signed_day[where[accepted]] = days[where[accepted]]
        talks.accepted_by_ukraine[where[accepted]] = True
        talks.accepted_by_united_states[where[accepted]] = True
        ends = refused & (self.luck_of_quarrels(moment)[where] < p.breakdown_probability)
        self.quarrel(talks, where[ends])
        return refused & ~ends

    def quarrel(self, talks: Any, where: Integers) -> None:
        """The talks break down in public and come back to the table after a month."""
        self.quarrelling[where] = True
        self.coercion.act[where] = PUBLIC_QUARREL
        talks.breakdowns[where] += 1.0

    def adjourn(self, where: Truths) -> None:
        """Quarrels are over, and pressure is taken off, in worlds that do not meet this month."""
        self.quarrelling = self.quarrelling & ~where
        self.coercion.relent(np.flatnonzero(where))

    # What offers are worth

    def gains(self, talks: Any) -> Sides:
        """Utility of every offer on the menu to each side before types, (offer, worlds), percent of Ukraine's GDP."""
        count = len(next(iter(self.offers.values())))
        parts: dict[str, list[Floats]] = {side: [] for side in ROUNDS}
        for first in range(0, count, AT_ONCE):
            some = {name: values[first : first + AT_ONCE] for name, values in self.offers.items()}
            terms = Spread(**(vars(talks.terms) | some))
            for side, found in parts.items():
                found.append(getattr(self.model, side).deal_gain(terms))
        return {side: np.concatenate(found) for side, found in parts.items()}

    def foreseen(self, gains: Sides, talks: Any) -> Sides:
        """The same to leaders who foresee the vote: a gain counts by its chance to pass, a loss in full."""
        p, ukraine = self.model.spread, self.model.ukraine
        chance = ratification.ratification_forecast(*ukraine.votes(gains["ukraine"]))
        strength = self.offers.get("guarantee_strength", talks.terms.guarantee_strength)
        chance = chance * np.where(strength > p.congress_threshold, p.congress_support, 1.0)
        return {side: np.where(gain > 0, chance * gain, gain) for side, gain in gains.items()}

    # Offers and what is learnt

    def choose_offer(
        self, proposer: str, responder: str, sitting: Sitting, yes: list[Floats], moment: int
    ) -> tuple[Integers, Floats]:
        """Number of the offer made (worlds,), and its chance for each type of the proposer (type, worlds).

        A demand is made for its own worth, without thought of the answer (level 0 of a cognitive
        hierarchy). An offer is a quantal response to its expected worth in which offers come to mind by
        their chance of being taken and by custom (rational inattention: Matějka and McKay 2015); none of
        this matters where choices are sharp.
        """
        belief, precision = self.beliefs[responder][:, sitting.where], sitting.p.choice_precision
        chance = total(np.stack([weight * each for weight, each in zip(belief, yes, strict=True)]))
        foreseen, demands = sitting.foreseen[proposer], sitting.p.demand_share
        comes_to_mind = np.log(np.maximum(chance, SMALLEST))
        if "ownership_share" in self.offers:
            comes_to_mind += np.log(rules.customary_weight(self.offers["ownership_share"], sitting.p.equal_split))
        demanded = demands * rules.quantal_response(sitting.gains[proposer], precision)

        def likely(own: Floats) -> Floats:
            """Chance of every offer, made by a proposer of type `own`, (offer, worlds)."""
            worth = rules.expected_offer_value(chance, foreseen + own, sitting.going_on(proposer, own))
            return demanded + (1.0 - demands) * rules.quantal_response(worth + comes_to_mind / precision, precision)

        offer = rules.pick(likely(sitting.types[proposer]), self.luck_of_offers(moment)[sitting.where])
        return offer, np.stack([taken(likely(node), offer) for node in sitting.nodes[proposer]])

    def put(self, talks: Any, offer: Integers, where: Integers, still: Truths) -> None:
        """Lay an offer on the table, and remember the first of all."""
        there = where[still]
        for name, values in self.offers.items():
            asked = values[offer, 0][still]
            getattr(talks.terms, name)[there] = asked
            first = self.first_ask[name]
            first[there] = np.where(np.isnan(first[there]), asked, first[there])

    def learn(self, side: str, likelihood: Floats, where: Integers, seen: Truths) -> None:
        """Bayes: what an offer, an answer or an act of `side` says of its type, where it was seen."""
        prior = self.beliefs[side][:, where]
        self.beliefs[side][:, where] = np.where(seen, rules.posterior(prior, likelihood), prior)

    def press(self, talks: Any, sitting: Sitting, month: int, talking: Truths) -> None:
        """The United States chooses an act until the next meeting, thinking of its offer that was refused."""
        if not np.any(talking):
            return
        where = sitting.where
        refused = {side: taken(gain, self.asked[where]) for side, gain in sitting.foreseen.items()}
        act, chances = self.coercion.choose(self.luck_of_acts(month)[where], sitting, refused, self.beliefs["ukraine"])
        self.coercion.start(where[talking], act[talking])
        self.learn("united_states", chances, where, talking)
        self.quarrel(talks, where[talking & (act == PUBLIC_QUARREL)])


def lapse(p: Spread) -> Sides:
    """What is left of a payoff after a round: discounted, twice more where a quarrel costs a month, (worlds,)."""
    left = {}
    for side in ROUNDS:
        patience, quarrel = getattr(p, f"round_discount_{side}"), p.breakdown_probability
        left[side] = patience * (1.0 - quarrel + quarrel * patience * patience)
    return left


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
    place = np.argmax(np.where(feasible, weights[0] * logs[0] + weights[1] * logs[1], -np.inf), axis=0)
    return np.where(taken(feasible, place), taken(payoff, place), 0.0)


def taken(rows: NDArray[Any], place: Integers) -> NDArray[Any]:
    """The entry of each world at `place` (worlds,) in `rows` (option, worlds)."""
    return np.take_along_axis(rows, place[None], axis=0)[0]
