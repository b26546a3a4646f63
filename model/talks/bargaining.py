"""Alternating offers over the deal as a vector, with private types, in every world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np

from model.agents.ukraine import Ukraine
from model.agents.united_states import UnitedStates
from model.array_axes import Floats, Integers, Truths, total
from model.calendar import Month
from model.rules import bargaining as rules
from model.rules import ratification
from model.states.common_knowledge import Known
from model.states.deal import Terms
from model.states.decisions import Meeting
from model.states.frozen import replace
from model.states.run_setting import Setting
from model.states.war_game import DealProspect
from model.talks.offer_values import SIDES, OfferValues, Sides, TalksParameters, part_left, prospects, taken
from model.talks.type_prior import NORMAL, Types
from model.talks.us_pressure import DEADLINE, PUBLIC_QUARREL, UsPressure
from model.war_game.war_outlook import Expectations

MENU = {
    "ownership_share": (0.25, 0.5, 0.75, 1.0),
    "revenue_base": (0.4, 1.0),
    "recognised_aid": (0.0, 100.0, 500.0),
    "guarantee_strength": (0.0, 0.1, 0.4, 0.7),
    "reinvestment_years": (0.0, 10.0),
}
"""Values of the terms that either side may propose: those of the drafts of 2025 and the steps between."""

DAYS_PER_ROUND = 365.25 / 12 / len(SIDES)
"""Days from one offer to the next."""

SMALLEST = 1e-30
"""Keeps the chance of an offer that nobody would take off 0."""

AT_ONCE = 8
"""Offers valued together: few enough for the processor's cache."""


@dataclass
class Minutes:
    """What a month of talks has come to so far, in all worlds; written round by round."""

    terms: dict[str, Floats]
    """Terms that are talked about, as last offered, (worlds,)."""
    day: Floats
    """Day of the signature."""
    accepted: Truths
    breakdowns: Floats


class Bargaining:
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
        setting: Setting,
        ukraine: Ukraine,
        united_states: UnitedStates,
        expectations: Expectations,
        menu: Mapping[str, tuple[float, ...]] | None = None,
        types: Mapping[str, Types] | None = None,
    ) -> None:
        self.p, self._ukraine, self._united_states = setting.p, ukraine, united_states
        self._expectations = expectations
        dtype, streams, rounds = setting.start.dtype, setting.streams, len(SIDES) * setting.months
        thought = dict.fromkeys(SIDES, NORMAL) | dict(types or {})
        self._nodes = {side: np.array(thought[side].nodes, dtype)[:, None] for side in SIDES}
        chosen = menu or MENU
        rows = list(product(*chosen.values()))
        self.offers = {name: np.array([row[i] for row in rows], dtype)[:, None] for i, name in enumerate(chosen)}
        """Value of each term in every offer of the menu, (offer, 1)."""
        self.beliefs = {
            side: np.array(thought[side].weights, dtype)[:, None] * setting.per_world(1.0) for side in SIDES
        }
        """Chance of each type of a side in the eyes of the other, (type, worlds)."""
        self.quarrelling = setting.nowhere()
        """Whether a public quarrel keeps the sides from meeting, (worlds,)."""
        self.first_asked = {name: setting.per_world(np.nan) for name in self.offers}
        """Terms of the first offer, (worlds,), nan before."""
        self.asked: Integers = np.zeros(setting.worlds, dtype=np.int64)
        """Number of the last US offer on the menu, (worlds,)."""
        self.pressure = UsPressure(setting)
        self._offer_stream = streams.uniform("offers", rounds)
        self._answer_stream = streams.uniform("answers", rounds)
        self._act_stream = streams.uniform("coercion", setting.months)
        self._quarrel_stream = streams.uniform("quarrels", rounds)

    def meet(self, terms: Terms, known: Known, now: Month, is_open: Truths) -> Meeting:
        """A month's two rounds where the talks are open; terms change only there."""
        where = np.flatnonzero(is_open & ~self.quarrelling)
        self.adjourn(self.quarrelling | ~is_open)
        minutes = self.begin(terms, is_open.shape)
        agreed = np.zeros_like(is_open)
        if where.size:
            values = self.value_offers(terms, known, where, now)
            still = np.ones(where.shape, dtype=bool)
            for side in range(len(SIDES)):
                still = self.hold_round(values, len(SIDES) * now.number + side, still, minutes)
            agreed[where] = ~still & ~self.quarrelling[where]
            unmet = still & (self.pressure.act[where] == DEADLINE)
            self.pressure.lift(where[~self.quarrelling[where]])
            self.quarrel(where[unmet], minutes)
            self.press(values, now.number, still & ~unmet, minutes)
        accepted = minutes.accepted
        return Meeting(replace(terms, **minutes.terms), agreed, minutes.day, accepted, accepted, minutes.breakdowns)

    def begin(self, terms: Terms, shape: tuple[int, ...]) -> Minutes:
        """Blank minutes: the terms as they lie on the table."""
        nothing = np.zeros(shape, terms.ownership_share.dtype)
        lying = {name: getattr(terms, name).copy() for name in self.offers}
        return Minutes(lying, nothing, np.zeros(shape, dtype=bool), nothing.copy())

    def value_offers(self, terms: Terms, known: Known, where: Integers, now: Month) -> OfferValues:
        """What both sides know when a month's talks begin in the worlds `where`."""
        p = self.p
        everywhere = self._gains(terms, known, where, now)
        gains = {side: gain[:, where] for side, gain in everywhere.items()}
        foreseen = {side: gain[:, where] for side, gain in self._foreseen(everywhere, terms).items()}
        option = self._united_states.russian_option()[where]
        types = {"united_states": self._united_states.private_type[where], "ukraine": self._ukraine.private_type[where]}
        nodes = {side: self._nodes[side] * p.type_spread[where] for side in SIDES}
        patience = {"united_states": p.round_discount_united_states, "ukraine": p.round_discount_ukraine}
        quarrel = p.breakdown_probability[where]
        left = {side: part_left(patience[side][where], quarrel) for side in SIDES}
        nothing = np.zeros_like(option)
        return OfferValues(
            where=where,
            p=TalksParameters.at(p, where),
            gains=gains,
            foreseen=foreseen,
            prospect=prospects(foreseen, left, option),
            left=left,
            floor={"united_states": option, "ukraine": nothing},
            harm={"united_states": nothing, "ukraine": self.pressure.in_force().harm[where]},
            types=types,
            nodes=nodes,
        )

    def hold_round(self, values: OfferValues, number: int, still: Truths, minutes: Minutes) -> Truths:
        """One round: an offer, what it tells, an answer, what that tells. Returns where they talk on."""
        turn, where, p = number % len(SIDES), values.where, values.p
        proposer, responder = SIDES[turn], SIDES[1 - turn]
        yes = values.acceptance(responder)
        offer, chances = self.choose_offer(proposer, responder, values, yes, number)
        self._put(offer, where[still], still, minutes)
        if turn == 0:
            self.asked[where] = offer
        self._learn(proposer, chances, where, still)
        own = values.types[responder]
        worth = taken(values.foreseen[responder], offer) + own - values.going_on(responder, own)
        answer = rules.acceptance_probability(worth, p.choice_precision)
        accepted = still & (self._answer_stream(number)[where] < answer)
        refused = still & ~accepted
        self._learn(responder, 1.0 - np.stack([taken(chance, offer) for chance in yes]), where, refused)
        days = DAYS_PER_ROUND * (number - len(SIDES) * self.p.talks_start)
        minutes.day[where[accepted]] = days[where[accepted]]
        minutes.accepted[where[accepted]] = True
        ends = refused & (self._quarrel_stream(number)[where] < p.breakdown_probability)
        self.quarrel(where[ends], minutes)
        return refused & ~ends

    def quarrel(self, where: Integers, minutes: Minutes) -> None:
        """The talks break down in public and come back to the table after a month."""
        self.quarrelling[where] = True
        self.pressure.act[where] = PUBLIC_QUARREL
        minutes.breakdowns[where] += 1.0

    def adjourn(self, where: Truths) -> None:
        """Quarrels are over, and pressure is taken off, in worlds that do not meet this month."""
        self.quarrelling = self.quarrelling & ~where
        self.pressure.lift(np.flatnonzero(where))

    # What offers are worth

    def _gains(self, terms: Terms, known: Known, where: Integers, now: Month) -> Sides:
        """Utility of every offer on the menu to each side before types, (offer, worlds), percent of Ukraine's GDP."""
        kinds, prospects = self._prospects(terms, known, where, now)
        ours, theirs = [], []
        for first in range(0, len(kinds), AT_ONCE):
            some = {name: values[first : first + AT_ONCE] for name, values in self.offers.items()}
            offered, prospect = replace(terms, **some), prospects.rows(kinds[first : first + AT_ONCE])
            ours.append(self._united_states.deal_gain(offered, prospect, known))
            theirs.append(self._ukraine.deal_gain(offered, prospect, known))
        return {"united_states": np.concatenate(ours), "ukraine": np.concatenate(theirs)}

    def _prospects(self, terms: Terms, known: Known, where: Integers, now: Month) -> tuple[Integers, DealProspect]:
        """The kind of each offer, and what each kind changes in war and peace, (kind, worlds).

        Offers are of a kind that promise the same guarantee and, where some world's stake does anything to safety,
        give the same stake.
        """
        bear = ["guarantee_strength"] + ["ownership_share", "revenue_base"] * bool((self.p.tripwire > 0).any())
        told_apart = {name: self.offers[name] for name in bear if name in self.offers}
        rows = np.concatenate([next(iter(self.offers.values())) * 0.0, *told_apart.values()], axis=1)
        _, first, kinds = np.unique(rows, axis=0, return_index=True, return_inverse=True)
        open_in = np.zeros(terms.nato_path.shape, dtype=bool)
        open_in[where] = True
        prospects: list[DealProspect] = []
        alike: dict[float, DealProspect] = {}  # what a guarantee changes where a stake does nothing to safety
        for offer in first:
            of_kind = {name: np.full_like(terms.nato_path, values[offer, 0]) for name, values in told_apart.items()}
            strength = float(rows[offer, 1]) if told_apart else 0.0
            differs = open_in & (self.p.tripwire > 0) if strength in alike else open_in
            found = self._expectations.under(replace(terms, **of_kind), known, differs, now, split=False)
            there = np.flatnonzero(differs)
            prospects.append(alike.setdefault(strength, found).put(there, found.at(there)))
        return kinds.reshape(-1), prospects[0].stacked(prospects[1:])

    def _foreseen(self, gains: Sides, terms: Terms) -> Sides:
        """The same to leaders who foresee the vote: a gain counts by its chance to pass, a loss in full."""
        chance = ratification.ratification_forecast(*self._ukraine.votes(gains["ukraine"]))
        strength = self.offers.get("guarantee_strength", terms.guarantee_strength)
        chance = chance * np.where(strength > self.p.congress_threshold, self.p.congress_support, 1.0)
        return {side: np.where(gain > 0, chance * gain, gain) for side, gain in gains.items()}

    # Offers and what is learnt

    def choose_offer(
        self, proposer: str, responder: str, values: OfferValues, yes: list[Floats], number: int
    ) -> tuple[Integers, Floats]:
        """Number of the offer made (worlds,), and its chance for each type of the proposer (type, worlds).

        A demand is made for its own worth, without thought of the answer (level 0 of a cognitive
        hierarchy). An offer is a quantal response to its expected worth in which offers come to mind by
        their chance of being taken and by custom (rational inattention: Matějka and McKay 2015); none of
        this matters where choices are sharp.
        """
        belief, precision = self.beliefs[responder][:, values.where], values.p.choice_precision
        chance = total(np.stack([weight * each for weight, each in zip(belief, yes, strict=True)]))
        foreseen, demands = values.foreseen[proposer], values.p.demand_share
        comes_to_mind = np.log(np.maximum(chance, SMALLEST))
        if "ownership_share" in self.offers:
            comes_to_mind += np.log(rules.customary_weight(self.offers["ownership_share"], values.p.equal_split))
        demanded = demands * rules.quantal_response(values.gains[proposer], precision)

        def chances(own: Floats) -> Floats:
            """Chance of every offer, made by a proposer of type `own`, (offer, worlds)."""
            worth = rules.expected_offer_value(chance, foreseen + own, values.going_on(proposer, own))
            return demanded + (1.0 - demands) * rules.quantal_response(worth + comes_to_mind / precision, precision)

        offer = rules.pick(chances(values.types[proposer]), self._offer_stream(number)[values.where])
        return offer, np.stack([taken(chances(node), offer) for node in values.nodes[proposer]])

    def _put(self, offer: Integers, there: Integers, still: Truths, minutes: Minutes) -> None:
        """Put an offer on the table in the worlds `there`, and remember the first of all."""
        for name, values in self.offers.items():
            asked = values[offer, 0][still]
            minutes.terms[name][there] = asked
            first = self.first_asked[name]
            first[there] = np.where(np.isnan(first[there]), asked, first[there])

    def _learn(self, side: str, likelihood: Floats, where: Integers, seen: Truths) -> None:
        """Bayes: what an offer, an answer or an act of `side` says of its type, where it was seen."""
        prior = self.beliefs[side][:, where]
        self.beliefs[side][:, where] = np.where(seen, rules.posterior(prior, likelihood), prior)

    def press(self, values: OfferValues, month: int, talking: Truths, minutes: Minutes) -> None:
        """The United States chooses an act until the next meeting, thinking of its offer that was refused."""
        if not np.any(talking):
            return
        where = values.where
        refused = {side: taken(gain, self.asked[where]) for side, gain in values.foreseen.items()}
        belief = self.beliefs["ukraine"][:, where]
        act, chances = self.pressure.choose(self._act_stream(month)[where], values, refused, belief)
        self.pressure.start(where[talking], act[talking])
        self._learn("united_states", chances, where, talking)
        self.quarrel(where[talking & (act == PUBLIC_QUARREL)], minutes)
