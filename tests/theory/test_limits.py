"""The whole model in the limits in which theory gives the answer; the rules alone are tested elsewhere."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import nashpy
import numpy as np
import pytest
from model.war.outlook import attack_gain, intervention_probability, renewal_hazard, win_probability

from model import GeopoliticalEconomy, Parameters
from model.states.war import RUSSIA
from model.talks.bargaining import Bargaining
from model.talks.offer_values import OfferValues, prospects
from tests.model.test_worlds import draws
from tests.theory.beyond_range import SHARP, beyond_range
from tests.theory.one_cake import FRICTIONLESS, gain_of, put_in_talks

STEPS = 801


def cake(discounts: tuple[float, float]) -> tuple[GeopoliticalEconomy, OfferValues, float]:
    """A model whose deal is a share of a cake, what its sides know when they meet, and the size of the cake.

    What Ukraine gains by signing alone is the cake, and ownership, on a fine menu, divides it.
    """
    parameters = beyond_range(
        Parameters(**FRICTIONLESS),
        round_discount_united_states=discounts[0],
        round_discount_ukraine=discounts[1],
        choice_precision=SHARP,
    )
    model = GeopoliticalEconomy(parameters, worlds=3, months=6, rng=0)
    bargaining = put_in_talks(model, Bargaining, {"ownership_share": tuple(np.linspace(0, 1, STEPS))})
    values = bargaining.value_offers(model.talks.state.terms, model.known(), np.arange(3))
    whole = values.gains["ukraine"][0]
    np.testing.assert_allclose(values.gains["united_states"] + values.gains["ukraine"], whole[None].repeat(STEPS, 0))
    return model, values, float(whole[0])


def share_of(model: GeopoliticalEconomy, values: OfferValues, whole: float, side: str, number: int = 0) -> float:
    """Share of the cake in the offer of a round that is accepted at once; nan where it is refused."""
    bargaining = model.talks.bargaining
    assert bargaining is not None
    minutes = bargaining.begin(model.talks.state.terms, (3,))
    refused = bargaining.hold_round(values, number, np.ones(3, dtype=bool), minutes)
    if refused.all():
        return float("nan")
    share = gain_of(model, "united_states", minutes.terms)[~refused][0] / whole
    return float(share if side == "united_states" else 1.0 - share)


def grid_error(values: OfferValues, whole: float) -> float:
    """Share of the cake between two neighbouring offers of the menu: all that may be missed."""
    return float(np.abs(np.diff(values.gains["united_states"], axis=0)).max() / whole)


def first_share(discounts: tuple[float, float]) -> tuple[float, float]:
    """Share of the first proposer, the United States, and what the grid may miss."""
    model, values, whole = cake(discounts)
    return share_of(model, values, whole, "united_states"), grid_error(values, whole)


@pytest.mark.parametrize(
    ("discounts", "expected"),
    [
        ((0.95, 0.90), 0.689655),
        ((0.95, 0.95), 1 - 0.4872),
        ((0.90, 0.95), 0.05 / (1 - 0.9 * 0.95)),
    ],
)
def test_sharp_choices_give_rubinsteins_partition(discounts: tuple[float, float], expected: float) -> None:
    """T2: the first offer is Rubinstein's and is taken; two steps of the menu are allowed."""
    share, step = first_share(discounts)
    assert share == pytest.approx(expected, abs=2 * step)
    assert 2 * step < 0.005


def test_short_rounds_give_the_ratio_of_discount_rates() -> None:
    """T3: rates .05 and .10, interval a thousandth; the shares tend to r2/(r1 + r2)."""
    share, step = first_share((float(np.exp(-0.05e-3)), float(np.exp(-0.10e-3))))
    assert share == pytest.approx(2 / 3, abs=2 * step)


def test_equal_patience_gives_nashs_half() -> None:
    """T1, in shares of the gain over no deal."""
    share, step = first_share((1 - 1e-6, 1 - 1e-6))
    assert share == pytest.approx(0.5, abs=2 * step)


@pytest.mark.parametrize(("option", "expected"), [(0.0, 0.4872), (0.3, 0.4872), (0.6, 0.6)])
def test_an_outside_option_counts_only_where_it_binds(option: float, expected: float) -> None:
    """T4: the responder, here the United States, gets the larger of its bargain and its option."""
    model, values, whole = cake((0.95, 0.95))
    floor = np.full(3, option * whole)
    values = replace(
        values,
        floor={**values.floor, "united_states": floor},
        prospect=prospects(values.foreseen, values.left, floor),
    )
    got = share_of(model, values, whole, "united_states", number=1)
    assert got == pytest.approx(expected, abs=2 * grid_error(values, whole))


def test_a_round_is_an_equilibrium_of_the_matrix_game_in_nashpy() -> None:
    """The model's offer and threshold answer each other in the game of one round, payoffs read off the values."""
    model, values, whole = cake((0.95, 0.90))
    every = np.arange(0, STEPS, 8)
    ours, theirs = (values.gains[side][every, 0] for side in ("united_states", "ukraine"))
    types = np.zeros(3)
    wait = {side: float(values.going_on(side, types)[0]) for side in ("united_states", "ukraine")}
    # Ukraine's strategies: accept what gives it at least so much, for every level that tells offers apart.
    levels = np.append(np.sort(theirs), np.inf)
    accepts = theirs[:, None] >= levels[None, :]
    game = nashpy.Game(
        np.where(accepts, ours[:, None], wait["united_states"]), np.where(accepts, theirs[:, None], wait["ukraine"])
    )
    threshold = int(np.searchsorted(levels, wait["ukraine"]))
    takeable = np.where(theirs >= wait["ukraine"], ours, -np.inf)
    offer = int(np.argmax(takeable))
    row, column = np.eye(len(every))[offer], np.eye(len(levels))[threshold]
    assert game.is_best_response(row, column) == (True, True)
    # The whole menu holds the coarse one, so its best takeable offer is as good or better, by a step at most.
    got = share_of(model, values, whole, "united_states")
    assert ours[offer] / whole <= got <= ours[offer] / whole + 8 * grid_error(values, whole)


def test_the_top_of_the_declared_precision_is_near_the_limit() -> None:
    """At precision 20 and impatient sides the first offer of most worlds is within a tenth of Rubinstein's."""
    parameters = beyond_range(
        Parameters(**FRICTIONLESS, choice_precision=20), round_discount_united_states=0.9, round_discount_ukraine=0.8
    )
    model = GeopoliticalEconomy(parameters, worlds=400, months=6, rng=0)
    bargaining = put_in_talks(model, Bargaining, {"ownership_share": tuple(np.linspace(0, 1, 81))})
    values = bargaining.value_offers(model.talks.state.terms, model.known(), np.arange(400))
    minutes = bargaining.begin(model.talks.state.terms, (400,))
    bargaining.hold_round(values, 0, np.ones(400, dtype=bool), minutes)
    shares = gain_of(model, "united_states", minutes.terms) / values.gains["ukraine"][0]
    assert np.median(shares) == pytest.approx(0.2 / (1 - 0.72), abs=0.1)


def test_a_signature_is_voted_on_as_the_binomial_says() -> None:
    """T18: 401 deputies, each yes with .60, 226 needed: .938, through the talks."""
    worlds = 3000
    model = GeopoliticalEconomy(
        worlds=worlds,
        months=3,
        type_spread=0,
        public_support=0.6,
        deputy_precision=0,
        bloc_correlation=0,
        rng=0,
    )
    model.simulate()
    record = model.outcomes()
    signed = record["signed"] > 0
    np.testing.assert_allclose(record["ratification_chance"][signed], 0.938, atol=5e-4)
    error = np.sqrt(0.938 * 0.062 / signed.sum())
    assert abs(record["ratified"][signed].mean() - 0.938) < 3 * error


def test_a_constant_hazard_brings_war_back_in_three_worlds_of_ten() -> None:
    """T14: 3.5 % a year gives .295 within ten years of the ceasefire, .160 within five."""
    model = GeopoliticalEconomy(
        worlds=3000,
        months=300,
        renewal_sensitivity=0,
        settlement_hazard=0,
        renewal_hazard=0.035,
        ceasefire_hazard=1.5,
        tripwire="H0",
        record="outcomes",
        rng=0,
    )
    model.simulate()
    record = model.outcomes()
    in_time = record["ceasefire_month"] < 300 - 120
    assert in_time.mean() > 0.9
    for years, expected in ((5, 1 - np.exp(-0.175)), (10, 0.295)):
        error = np.sqrt(expected * (1 - expected) / in_time.sum())
        assert abs(record[f"renewed_war_{years}y"][in_time].mean() - expected) < 3 * error


def test_equal_arms_are_even_odds() -> None:
    model = GeopoliticalEconomy(worlds=4, contest_decisiveness=np.array([0.5, 0.8, 1.0, 1.5]), rng=0)
    war = replace(model.war.state, strength_russia=model.war.state.strength_ukraine)
    np.testing.assert_allclose(win_probability(model.setting.p, war, np.zeros(4)), 0.5)


@pytest.mark.parametrize(("shift", "fights_now"), [(0.31, False), (0.3222, False), (0.3223, True), (0.4, True)])
def test_russia_fights_before_the_odds_shift_beyond_powells_threshold(shift: float, fights_now: bool) -> None:
    """T6: p = .4, d = .2, discount factor .9: what is lost by waiting counts iff the shift exceeds .3222."""
    model = GeopoliticalEconomy(worlds=1, destroyed_share=0.2, discount_rate=0.1, rng=0)
    years, win = np.array([-np.log(0.9) / 0.1]), np.array([0.6])
    calm, shifting = (
        attack_gain(model.setting.p, model.outlook.parity, win, later, years) for later in (win, win - shift)
    )
    assert (shifting > calm)[0] == fights_now


def test_promises_that_cost_without_end_are_never_broken() -> None:
    """Cost of breaking to infinity: enforceable agreements, in peace and when an attack tests them."""
    worlds = 400
    changes: dict[str, Any] = {"guarantee_strength": np.linspace(0.05, 1, worlds), "congress_support": 1}
    for cost, broken in ((1e9, False), (0.0, True)):
        parameters = beyond_range(Parameters(ceasefire_hazard=1.5, renewal_hazard=0.3, **changes), renege_cost=cost)
        model = GeopoliticalEconomy(parameters, worlds=worlds, months=120, rng=0)
        model.simulate()
        record = model.outcomes()
        kept = record["ratified"] > 0
        assert (record["renewals"][kept] > 0).any()
        assert record["guarantee_broken"].any() == broken
        assert not broken or record["guarantee_broken"][kept].mean() > 0.9
        model.close()


def test_payments_that_cost_without_end_to_hold_back_are_made() -> None:
    changes = {"ownership_share": 1.0, "sovereignty_per_ownership": 0, "support_at_stake": 0.1, "months": 60}
    for cost, withheld in ((1000.0, False), (0.0, True)):
        model = GeopoliticalEconomy(worlds=200, settlement_value=100, renege_cost_ukraine=cost, **changes, rng=0)  # type: ignore[arg-type]
        model.simulate()
        record = model.outcomes()
        assert record["ratified"].any()
        assert record["revenue_withheld"].any() == withheld
        held = record["revenue_withheld"] > 0
        assert not withheld or record["received_by_united_states"][held].max() < 15


def test_under_h0_a_stake_moves_neither_intervention_nor_hazard() -> None:
    worlds = 60
    values = draws(worlds, seed=9) | {"tripwire": np.repeat("H0", worlds)}
    model = GeopoliticalEconomy(Parameters(**values), worlds=worlds, rng=0)  # type: ignore[arg-type]
    p, known, terms = model.setting.p, model.known(), model.talks.state.terms
    none, much = np.zeros(worlds), np.full(worlds, 500.0)
    win = np.full(worlds, 0.5)
    for guarantee in (0.0, 0.5, 1.0):
        promise = np.full(worlds, guarantee)
        without, with_stake = (
            intervention_probability(p, known, known.trust.prior, promise, terms, stake, 1.0) for stake in (none, much)
        )
        np.testing.assert_array_equal(without, with_stake)
    np.testing.assert_array_equal(*(renewal_hazard(p, known.outlook, win, win, none, stake) for stake in (none, much)))


def test_a_stronger_immediate_guarantee_never_raises_the_gain_of_attack() -> None:
    worlds = 200
    model = GeopoliticalEconomy(Parameters(**draws(worlds, seed=4)), worlds=worlds, rng=0)  # type: ignore[arg-type]
    p, known, terms = model.setting.p, model.known(), model.talks.state.terms
    trust, stake = known.trust.reliability(RUSSIA), known.agreement.stake(known.outlook.resource_value)
    gains = []
    for strength in np.linspace(0, 1, 11):
        promise = np.full(worlds, strength)
        odds = intervention_probability(p, known, trust, promise, terms, stake, 1.0)
        win = win_probability(p, known.war, odds)
        gains.append(attack_gain(p, known.outlook.parity, win, win, np.zeros(worlds)))
    assert (np.diff(np.array(gains), axis=0) <= 1e-12).all()
    assert (gains[0] > gains[-1]).all()
