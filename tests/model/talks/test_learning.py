"""What talks teach, step by step: Bayes on an offer, an answer and an act; a quarrel, and the return to the talks."""

from __future__ import annotations

import numpy as np
import pytest

from model import GeopoliticalEconomy, Parameters
from model.rules import bargaining as rules
from model.talks.bargaining import Bargaining
from model.talks.offer_values import SIDES, OfferValues, taken
from model.talks.type_prior import NORMAL
from model.talks.us_pressure import PUBLIC_QUARREL

WORLDS = 200


def about_to_meet(worlds: int = WORLDS, **changes: float) -> tuple[GeopoliticalEconomy, Bargaining, OfferValues]:
    """A model whose sides are about to meet for the first time, their bargaining, and what they know."""
    model = GeopoliticalEconomy(Parameters(talks="bargained", **changes), worlds=worlds, months=6, rng=0)
    bargaining = model.talks.bargaining
    assert bargaining is not None
    return (
        model,
        bargaining,
        bargaining.value_offers(
            model.talks.state.terms, model.known(), np.arange(worlds), model.setting.calendar.month(0)
        ),
    )


def test_a_round_teaches_by_bayes_rule_of_the_offer_and_of_the_refusal() -> None:
    model, bargaining, values = about_to_meet(breakdown_probability=0)
    prior = np.array(NORMAL.weights)[:, None].repeat(WORLDS, 1)
    yes = values.acceptance("ukraine")
    offer, chances = bargaining.choose_offer("united_states", "ukraine", values, yes, 0)
    minutes = bargaining.begin(model.talks.state.terms, (WORLDS,))
    talking = bargaining.hold_round(values, 0, np.ones(WORLDS, dtype=bool), minutes)
    assert 0.1 < talking.mean() < 0.95
    # Of the United States everyone learns from the offer; of Ukraine, from its refusal where it refused.
    np.testing.assert_allclose(bargaining.beliefs["united_states"], rules.posterior(prior, chances))
    refusal = rules.posterior(prior, 1.0 - np.stack([taken(chance, offer) for chance in yes]))
    np.testing.assert_allclose(bargaining.beliefs["ukraine"][:, talking], refusal[:, talking])
    np.testing.assert_allclose(bargaining.beliefs["ukraine"][:, ~talking], prior[:, ~talking])
    # Who refuses is thought to need the deal less.
    nodes = np.array(NORMAL.nodes)[:, None]
    assert ((nodes * refusal).sum(axis=0)[talking] < 0).all()


def test_an_act_teaches_by_bayes_rule_and_only_of_who_acts() -> None:
    model, bargaining, values = about_to_meet(breakdown_probability=0)
    talking = np.arange(WORLDS) % 2 == 0
    refused = {side: taken(gain, bargaining.asked) for side, gain in values.foreseen.items()}
    draw = bargaining._act_stream(0)
    act, chances = bargaining.pressure.choose(draw, values, refused, bargaining.beliefs["ukraine"])
    before = {side: belief.copy() for side, belief in bargaining.beliefs.items()}
    bargaining.press(values, 0, talking, bargaining.begin(model.talks.state.terms, (WORLDS,)))
    expected = rules.posterior(before["united_states"], chances)
    assert len(set(act[talking])) > 1
    assert np.abs(expected - before["united_states"]).max() > 0.005
    np.testing.assert_allclose(bargaining.beliefs["united_states"][:, talking], expected[:, talking])
    np.testing.assert_array_equal(
        bargaining.beliefs["united_states"][:, ~talking], before["united_states"][:, ~talking]
    )
    np.testing.assert_array_equal(bargaining.beliefs["ukraine"], before["ukraine"])


def test_after_a_quarrel_nobody_meets_for_a_month_and_then_they_do() -> None:
    """No signature in the month after a breakdown, some in the one after that."""
    model = GeopoliticalEconomy(
        talks="bargained", worlds=1500, months=5, talks_start=0, breakdown_probability=0.2, rng=0
    )
    bargaining = model.talks.bargaining
    assert bargaining is not None
    model.step()
    quarrelled = bargaining.quarrelling.copy()
    assert quarrelled.mean() > 0.1
    assert (bargaining.pressure.act[quarrelled] == PUBLIC_QUARREL).all()
    before = {side: belief.copy() for side, belief in bargaining.beliefs.items()}
    model.step()
    assert not model.agreement.state.signed[quarrelled].any()
    for side in SIDES:  # nothing is said, so nothing is learnt
        np.testing.assert_array_equal(bargaining.beliefs[side][:, quarrelled], before[side][:, quarrelled])
    model.step()
    assert model.agreement.state.signed[quarrelled].any()


@pytest.mark.parametrize("option", [0.0, 0.6])
def test_an_option_elsewhere_lifts_the_floor_of_the_united_states_alone(option: float) -> None:
    """The option is worth its share of a settlement to Washington, weighed as a deal is, and Ukraine has none."""
    model, _, values = about_to_meet(worlds=5, russian_option=option, settlement_value=60)
    washington = model.united_states
    worth = washington.weigh(option * washington.settlement_points(), np.zeros(5))
    np.testing.assert_allclose(values.floor["united_states"], worth)
    assert (values.floor["ukraine"] == 0).all()
    own = np.full(5, -100.0)  # who needs no deal at all would rather leave
    np.testing.assert_allclose(values.going_on("united_states", own), values.floor["united_states"])
