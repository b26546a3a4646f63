"""Alternating offers over the deal as a vector, with private types, in every world."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from model.declare import Spread
from model.rules import bargaining as rules

if TYPE_CHECKING:
    from model.economy import GeopoliticalEconomy
    from model.talks import Talks

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]

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

NODES = (-(3.0**0.5), 0.0, 3.0**0.5)
WEIGHTS = (1 / 6, 2 / 3, 1 / 6)
"""Three-point quadrature of a normal type: what each side believes of the other before the first offer."""


class BargainingTable:
    """Offers and answers of two sides that do not know how much the other needs the deal.

    The proposer weighs what an offer is worth against the chance that it is accepted; the responder
    compares it with going on, which is worth its Rubinstein share of the best deal there is. A
    refused offer teaches the proposer; sometimes it ends in a public quarrel that costs a month.
    """

    def __init__(self, model: GeopoliticalEconomy) -> None:
        self.model = model
        names, rows = list(MENU), list(product(*MENU.values()))
        self.offers = {name: np.array([row[i] for row in rows])[:, None] for i, name in enumerate(names)}
        worlds, rounds = model.worlds, len(ROUNDS) * model.months
        prior = np.array(WEIGHTS)[:, None] * np.ones(worlds)
        self.beliefs = {"united_states": prior.copy(), "ukraine": prior.copy()}
        self.quarrelling = np.zeros(worlds, dtype=bool)
        self.luck_of_offers = model.luck.uniform("offers", rounds)
        self.luck_of_answers = model.luck.uniform("answers", rounds)
        self.luck_of_quarrels = model.luck.uniform("quarrels", rounds)

    def bargain(self, talks: Talks, month: int, is_open: Truths) -> Truths:
        """Two rounds; returns where a deal was struck, whose terms are then those of `talks`."""
        can_talk = is_open & ~self.quarrelling
        self.quarrelling = np.zeros_like(self.quarrelling)
        gains = self.gains(talks)
        going_on = self.continuation(gains)
        agreed = np.zeros_like(is_open)
        for place, proposer in enumerate(ROUNDS):
            still = can_talk & ~agreed & ~self.quarrelling
            responder = ROUNDS[1 - place]
            moment = len(ROUNDS) * month + place
            offer = self.choose_offer(proposer, responder, gains, going_on, talks, moment)
            worth = np.take_along_axis(gains[responder], offer[None], axis=0)[0] + talks.type_of(responder)
            yes = rules.acceptance_probability(worth - going_on[responder], self.model.spread.choice_precision)
            accepted = still & (self.luck_of_answers(moment) < yes)
            self.put(talks, offer, still)
            self.learn_from_refusal(responder, offer, gains, going_on, still & ~accepted)
            quarrel = still & ~accepted & (self.luck_of_quarrels(moment) < self.model.spread.breakdown_probability)
            self.quarrelling = self.quarrelling | quarrel
            talks.breakdowns = talks.breakdowns + quarrel
            agreed = agreed | accepted
        talks.accepted_by_ukraine = talks.accepted_by_ukraine | agreed
        talks.accepted_by_united_states = talks.accepted_by_united_states | agreed
        return agreed

    def gains(self, talks: Talks) -> dict[str, Floats]:
        """Utility of every offer on the menu to each side before types, (offer, worlds), percent of Ukraine's GDP."""
        terms = Spread(**(vars(talks.terms) | self.offers))
        model = self.model
        return {
            "united_states": model.united_states.deal_gain(terms),
            "ukraine": model.ukraine.deal_gain(terms),
        }

    def continuation(self, gains: dict[str, Floats]) -> dict[str, Floats]:
        """What going on is worth to each side, discounted by a round, (worlds,)."""
        p = self.model.spread
        ours, theirs = gains["united_states"], gains["ukraine"]
        both = np.where((ours >= 0) & (theirs >= 0), ours + theirs, 0.0)
        best = np.maximum.reduce(both, axis=0)
        patience = p.round_discount_united_states, p.round_discount_ukraine
        share = rules.rubinstein_share(*patience)
        kept = 1.0 - p.breakdown_probability
        going_on = patience[0] * kept * share * best
        option = p.russian_option * self.model.united_states.settlement_points()
        return {
            "united_states": rules.outside_option_share(going_on, option),
            "ukraine": patience[1] * kept * (1.0 - share) * best,
        }

    def acceptance(self, responder: str, gains: dict[str, Floats], going_on: dict[str, Floats]) -> list[Floats]:
        """Chance that each type of the responder accepts each offer, three arrays (offer, worlds)."""
        p = self.model.spread
        surplus = gains[responder] - going_on[responder]
        return [rules.acceptance_probability(surplus + node * p.type_spread, p.choice_precision) for node in NODES]

    def choose_offer(
        self,
        proposer: str,
        responder: str,
        gains: dict[str, Floats],
        going_on: dict[str, Floats],
        talks: Talks,
        moment: int,
    ) -> NDArray[np.int64]:
        """Number of the offer made in each world: a quantal response to its expected worth."""
        belief = self.beliefs[responder]
        chance = sum(
            weight * yes for weight, yes in zip(belief, self.acceptance(responder, gains, going_on), strict=True)
        )
        worth = rules.expected_offer_value(chance, gains[proposer] + talks.type_of(proposer), going_on[proposer])
        return rules.pick(
            rules.quantal_response(worth, self.model.spread.choice_precision), self.luck_of_offers(moment)
        )

    def put(self, talks: Talks, offer: NDArray[np.int64], where: Truths) -> None:
        """Lay an offer on the table."""
        for name, values in self.offers.items():
            setattr(talks.terms, name, np.where(where, values[offer, 0], getattr(talks.terms, name)))

    def learn_from_refusal(
        self,
        responder: str,
        offer: NDArray[np.int64],
        gains: dict[str, Floats],
        going_on: dict[str, Floats],
        refused: Truths,
    ) -> None:
        """Bayes: who refuses a good offer needs it less."""
        likelihood = np.stack(
            [
                1.0 - np.take_along_axis(yes, offer[None], axis=0)[0]
                for yes in self.acceptance(responder, gains, going_on)
            ]
        )
        learned = rules.posterior(self.beliefs[responder], likelihood)
        self.beliefs[responder] = np.where(refused, learned, self.beliefs[responder])
