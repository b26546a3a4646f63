"""The whole model where two sides do not know each other: Fearon's demand, sealed bids, Tullock's efforts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from model import GeopoliticalEconomy
from model.calendar import Month
from model.states.common_knowledge import Known
from model.states.deal import Terms
from model.states.decisions import Meeting
from model.states.war_game import Situation
from model.talks.bargaining import Bargaining
from model.talks.type_prior import Types
from model.war_game.payoffs import Answers, Phases, expected_lead
from tests.theory import yardsticks
from tests.theory.beyond_range import SHARP
from tests.theory.one_cake import first_month, frictionless, gain_of, put_in_talks

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]


def uniform_types(low: float, high: float, count: int) -> Types:
    """`count` equally likely types from `low` to `high`, the middles of equal parts; one if the ends meet."""
    edges = np.linspace(low, high, count + 1)
    middles = 0.5 * (edges[1:] + edges[:-1])
    return Types(tuple(float(node) for node in middles), (1.0 / count,) * count)


def cake(worlds: int, types: dict[str, Floats], **values: float) -> tuple[GeopoliticalEconomy, float, float]:
    """A model whose deal is a share of a cake, with types given in shares of it and `values` beyond their range.

    Returns the model, the size of the cake, and the share of it that an ownership of 1 is worth.
    """
    inside = {"type_spread": 1.0, "talks_start": 0, "talks_months": 1}
    parameters = frictionless(inside, choice_precision=SHARP, **values)
    model = GeopoliticalEconomy(parameters, worlds=worlds, months=1, record="outcomes", rng=0)
    gains = [
        [gain_of(model, side, {"ownership_share": np.full(worlds, share)}) for side in ("ukraine", "united_states")]
        for share in (0.0, 1.0)
    ]
    whole = float(gains[0][0][0])
    np.testing.assert_allclose(gains[1][0] + gains[1][1], whole)
    model.ukraine.private_type = types["ukraine"] * whole
    model.united_states.private_type = types["united_states"] * whole
    return model, whole, float(gains[1][1][0]) / whole


IMPATIENT = {"breakdown_probability": 1.0, "round_discount_united_states": 0.0, "round_discount_ukraine": 0.0}
"""A refusal ends in a breakdown, after which nothing is left to bargain for."""


# T5: the risk-return trade-off

ODDS, COST, LOW, HIGH = 0.5, 0.1, 0.0, 0.4
"""p, the demander's cost of war, and the ends between which the other's cost lies, in shares of the cake."""


STEPS = 160
"""Demands from nought to the whole cake; types that are told apart end where demands do."""


def ultimatum(worlds: int) -> tuple[GeopoliticalEconomy, Floats, Floats, Truths]:
    """One offer in the shadow of war: what was demanded and where it was refused, in every world.

    Not to agree is war, which gives the demander p - c and the other 1 - p - c', so these are the types; a
    refusal ends in a breakdown, after which nothing is left to bargain for (patience 0).
    """
    rng = np.random.default_rng(1995)
    costs = rng.uniform(LOW, HIGH, worlds)
    types = {"united_states": np.full(worlds, -(ODDS - COST)), "ukraine": -(1.0 - ODDS) + costs}
    model, whole, reach = cake(worlds, types, **IMPATIENT)
    shares = np.arange(int(min(reach, 1.0) * STEPS) + 1) / STEPS
    thought = {
        "united_states": Types((-(ODDS - COST) * whole,), (1.0,)),
        "ukraine": uniform_types((LOW - 1.0 + ODDS) * whole, (HIGH - 1.0 + ODDS) * whole, round((HIGH - LOW) * STEPS)),
    }
    put_in_talks(model, Bargaining, {"ownership_share": tuple(shares / reach)}, thought)
    first_month(model)
    demand = gain_of(model, "united_states", model.talks.state.terms) / whole
    return model, demand, costs, ~model.agreement.state.signed


def test_t5_the_demand_is_fearons_and_so_is_the_chance_of_war() -> None:
    """A demander who does not know the other's cost asks for .65 and risks war with chance .375."""
    worlds = 1000
    model, demand, costs, refused = ultimatum(worlds)
    np.testing.assert_allclose(demand, 0.65, atol=1e-6)
    error = np.sqrt(0.375 * 0.625 / worlds)
    assert abs(refused.mean() - 0.375) < 3 * error
    # War comes from what is not known: exactly those whose cost is below the demand less p refuse.
    np.testing.assert_array_equal(refused, costs < demand - ODDS)
    np.testing.assert_array_equal(model.talks.state.breakdowns > 0, refused)


def test_t5_who_knows_the_others_cost_has_no_war() -> None:
    """With one type only, known to both, the demand leaves nothing and is taken: no private information, no war."""
    types = {"united_states": np.full(20, -0.4), "ukraine": np.full(20, -0.3)}
    model, whole, reach = cake(20, types, **IMPATIENT)
    shares = (np.arange(int(min(reach, 1.0) * 800)) + 0.5) / 800
    thought = {"united_states": Types((-0.4 * whole,), (1.0,)), "ukraine": Types((-0.3 * whole,), (1.0,))}
    put_in_talks(model, Bargaining, {"ownership_share": tuple(shares / reach)}, thought)
    first_month(model)
    assert model.agreement.state.signed.all()
    demand = gain_of(model, "united_states", model.talks.state.terms) / whole
    np.testing.assert_allclose(demand, 0.7, atol=1 / 800)


# T7: sealed bids


class SealedBids(Bargaining):
    """Both hand in, sealed, the share they would settle for; where the bids meet the difference is split.

    The same countries value the same deal with the same types, sign it and have it ratified; only the
    procedure is another. Bids are the rule of Chatterjee and Samuelson, in shares of the cake.
    """

    whole, reach = 1.0, 1.0

    def reservations(self) -> tuple[Floats, Floats]:
        """Most that Ukraine would give and least that the United States would take, shares of the cake."""
        return 1.0 + self._ukraine.private_type / self.whole, -self._united_states.private_type / self.whole

    def meet(self, terms: Terms, known: Known, now: Month, is_open: Truths) -> Meeting:
        """One opening of the envelopes."""
        bids = yardsticks.chatterjee_samuelson_bids(*self.reservations())
        trade, price = yardsticks.chatterjee_samuelson_trade(*bids)
        agreed, nothing = is_open & trade, np.zeros(is_open.shape)
        signed = replace(terms, ownership_share=np.where(agreed, price / self.reach, terms.ownership_share))
        return Meeting(signed, agreed, nothing, agreed, agreed, nothing)


def sealed(worlds: int) -> tuple[GeopoliticalEconomy, SealedBids]:
    """A month of sealed bids: reservations of both sides are uniform from nought to the whole cake."""
    value, cost = np.random.default_rng(1983).uniform(size=(2, worlds))
    model, whole, reach = cake(worlds, {"ukraine": value - 1.0, "united_states": -cost})
    assert reach > 0.75, "the largest price in equilibrium is 3/4 of the cake"
    bids = put_in_talks(model, SealedBids)
    bids.whole, bids.reach = whole, reach
    first_month(model)
    return model, bids


def surplus(model: GeopoliticalEconomy, terms: Terms, whole: float) -> dict[str, Floats]:
    """What each side gains by the terms over no deal, its type included, in shares of the cake, (worlds,)."""
    return {
        side: (gain_of(model, side, terms) + getattr(model, side).private_type) / whole
        for side in ("ukraine", "united_states")
    }


def test_t7_sealed_bids_lose_a_sixth_of_the_surplus() -> None:
    """Trade in 9/32 of worlds, surplus 9/64 where 1/6 was to be had, all within three standard errors."""
    worlds = 30_000
    model, bids = sealed(worlds)
    signed = model.agreement.state.in_force
    gains = surplus(model, model.talks.state.terms, bids.whole)
    together = gains["ukraine"] + gains["united_states"]
    had = np.where(signed, together, 0.0)
    for sample, expected in ((signed, 9 / 32), (had, 9 / 64), (np.maximum(together, 0.0), 1 / 6)):
        assert abs(sample.mean() - expected) < 3 * sample.std() / np.sqrt(worlds)
    # Nobody signs to its harm, and deals that would gain less than a quarter are lost to shading.
    assert (gains["ukraine"][signed] >= -1e-9).all() and (gains["united_states"][signed] >= -1e-9).all()
    clear = np.abs(together - 0.25) > 1e-9
    np.testing.assert_array_equal(signed[clear], (together > 0.25)[clear])


@pytest.mark.parametrize("side", ["ukraine", "united_states"])
def test_t7_no_other_bid_pays_by_the_models_own_account(side: str) -> None:
    """Whatever a side of a middling type bids instead, against the same bids of the other, gains it no more."""
    worlds = 30_000
    model, bids = sealed(worlds)
    value, cost = bids.reservations()
    bid, ask = yardsticks.chatterjee_samuelson_bids(value, cost)
    own = 0.7 if side == "ukraine" else 0.3
    best = yardsticks.chatterjee_samuelson_bids(own, own)[0 if side == "ukraine" else 1]
    getattr(model, side).private_type = np.full(worlds, (own - 1.0 if side == "ukraine" else -own) * bids.whole)

    def pays(other: float) -> Floats:
        """Gain of the side in every world, if it hands in `other`."""
        pair = (np.full(worlds, other), ask) if side == "ukraine" else (bid, np.full(worlds, other))
        trade, price = yardsticks.chatterjee_samuelson_trade(*pair)
        terms = replace(model.talks.state.terms, ownership_share=np.where(trade, price, 0.0) / bids.reach)
        return np.where(trade, surplus(model, terms, bids.whole)[side], 0.0)

    at_best = pays(float(best))
    assert at_best.mean() > 0
    for other in np.linspace(0.05, 0.95, 19):
        less = pays(float(other)) - at_best
        assert less.mean() < 3 * less.std() / np.sqrt(worlds) + 1e-12


# T8: the contest


def test_t8_tullocks_efforts_answer_each_other_in_the_models_contest() -> None:
    """Prizes 2 and 1, linear cost: efforts .4444 and .2222, the first wins with chance .6667.

    Efforts are supplies of strength here; the model does not choose them (they are data), so what is tested
    is that the lead with which a war begins makes them best replies.
    """
    tried = np.linspace(0.05, 1.0, 1901)
    model = GeopoliticalEconomy(worlds=len(tried), contest_decisiveness=1, rng=0)
    p, phases = model.setting.p, Phases(american=False, european=False)
    first, second = 4 / 9, 2 / 9

    def wins(russian: Floats | float, ukrainian: Floats | float) -> Floats:
        """Russia's chance of winning a war that begins at these supplies, before it has rearmed, with nobody coming."""
        nothing = np.zeros(len(tried))
        here: Situation = replace(
            model.outlook.situation, supply_russia=nothing + russian, supply_ukraine=nothing + ukrainian
        )
        alone = Answers(np.zeros((phases.count, len(tried))), np.zeros((phases.count, len(tried))))
        return 0.5 * (1.0 + expected_lead(p, here, phases, alone)[0])

    assert tried[np.argmax(2.0 * wins(tried, second) - tried)] == pytest.approx(first, abs=1e-3)
    assert tried[np.argmax((1.0 - wins(first, tried)) - tried)] == pytest.approx(second, abs=1e-3)
    np.testing.assert_allclose(wins(first, second), 2 / 3, atol=1e-12)
