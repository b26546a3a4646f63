"""What talks teach, step by step: Bayes on an offer, an answer and an act; a quarrel, and the return to the table."""

from __future__ import annotations

import numpy as np
import pytest

from model import GeopoliticalEconomy
from model.rules import bargaining
from model.talks.bargaining import ROUNDS, BargainingTable, taken
from model.talks.private_types import NORMAL
from model.talks.us_pressure import PUBLIC_QUARREL

WORLDS = 200


def seated() -> tuple[GeopoliticalEconomy, BargainingTable]:
    """A model about to hold its first sitting."""
    model = GeopoliticalEconomy(talks="bargained", worlds=WORLDS, months=6, breakdown_probability=0)
    assert model.talks.table is not None
    return model, model.talks.table


def test_a_round_teaches_by_bayes_rule_of_the_offer_and_of_the_refusal() -> None:
    model, table = seated()
    sitting = table.convene(model.talks, np.arange(WORLDS))
    prior = np.array(NORMAL.weights)[:, None].repeat(WORLDS, 1)
    yes = sitting.acceptance("ukraine")
    offer, chances = table.choose_offer("united_states", "ukraine", sitting, yes, 0)
    talking = table.sit(model.talks, sitting, 0, np.ones(WORLDS, dtype=bool))
    assert 0.1 < talking.mean() < 0.95
    # Of the United States everyone learns from the offer; of Ukraine, from its refusal where it refused.
    np.testing.assert_allclose(table.beliefs["united_states"], bargaining.posterior(prior, chances))
    refusal = bargaining.posterior(prior, 1.0 - np.stack([taken(chance, offer) for chance in yes]))
    np.testing.assert_allclose(table.beliefs["ukraine"][:, talking], refusal[:, talking])
    np.testing.assert_allclose(table.beliefs["ukraine"][:, ~talking], prior[:, ~talking])
    # Who refuses is thought to need the deal less.
    nodes = np.array(NORMAL.nodes)[:, None]
    assert ((nodes * refusal).sum(axis=0)[talking] < 0).all()


def test_an_act_teaches_by_bayes_rule_and_only_of_who_acts() -> None:
    model, table = seated()
    sitting = table.convene(model.talks, np.arange(WORLDS))
    talking = np.arange(WORLDS) % 2 == 0
    refused = {side: taken(gain, table.asked) for side, gain in sitting.foreseen.items()}
    act, chances = table.coercion.choose(table.luck_of_acts(0), sitting, refused, table.beliefs["ukraine"])
    before = {side: belief.copy() for side, belief in table.beliefs.items()}
    table.press(model.talks, sitting, 0, talking)
    expected = bargaining.posterior(before["united_states"], chances)
    assert len(set(act[talking])) > 1
    assert np.abs(expected - before["united_states"]).max() > 0.005
    np.testing.assert_allclose(table.beliefs["united_states"][:, talking], expected[:, talking])
    np.testing.assert_array_equal(table.beliefs["united_states"][:, ~talking], before["united_states"][:, ~talking])
    np.testing.assert_array_equal(table.beliefs["ukraine"], before["ukraine"])


def test_after_a_quarrel_nobody_meets_for_a_month_and_then_they_do() -> None:
    """No signature in the month after a breakdown, some in the one after that."""
    model = GeopoliticalEconomy(talks="bargained", worlds=1500, months=5, talks_start=0, breakdown_probability=0.2)
    table = model.talks.table
    assert table is not None
    model.step()
    quarrelled = table.quarrelling.copy()
    assert quarrelled.mean() > 0.1
    assert (table.coercion.act[quarrelled] == PUBLIC_QUARREL).all()
    asked = {side: belief.copy() for side, belief in table.beliefs.items()}
    model.step()
    assert not model.agreement.state.signed[quarrelled].any()
    for side in ROUNDS:  # nothing is said, so nothing is learnt
        np.testing.assert_array_equal(table.beliefs[side][:, quarrelled], asked[side][:, quarrelled])
    model.step()
    assert model.agreement.state.signed[quarrelled].any()


@pytest.mark.parametrize("option", [0.0, 0.6])
def test_an_option_elsewhere_lifts_the_floor_of_the_united_states_alone(option: float) -> None:
    """The option is worth its share of a settlement to Washington, and Ukraine has none."""
    model = GeopoliticalEconomy(talks="bargained", worlds=5, russian_option=option, settlement_value=60)
    assert model.talks.table is not None
    sitting = model.talks.table.convene(model.talks, np.arange(5))
    np.testing.assert_allclose(sitting.floor["united_states"], option * model.united_states.settlement_points())
    assert (sitting.floor["ukraine"] == 0).all()
    own = np.full(5, -100.0)  # who needs no deal at all would rather leave
    np.testing.assert_allclose(sitting.going_on("united_states", own), sitting.floor["united_states"])
