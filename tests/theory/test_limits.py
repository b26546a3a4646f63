"""The whole model in the limits in which theory gives the answer; the rules alone are tested elsewhere.

T6 has its number in a game built for it and solved by the model; at the model's own payoffs attacks are logit
choices at a base rate, of which Powell's argument gives signs only (tested on the war game).
"""

from __future__ import annotations

from dataclasses import replace

import nashpy
import numpy as np
import pytest

from model import GeopoliticalEconomy, Parameters
from model.states.war_game import Game, Payoffs
from model.talks.bargaining import Bargaining
from model.talks.offer_values import OfferValues, prospects
from model.war_game.equilibrium import solve
from model.war_game.payoffs import Answers, Phases, expected_lead, game
from tests.model.test_worlds import draws
from tests.theory import yardsticks
from tests.theory.beyond_range import SHARP, beyond_range
from tests.theory.one_cake import frictionless, gain_of, put_in_talks

STEPS = 801


def cake(discounts: tuple[float, float]) -> tuple[GeopoliticalEconomy, OfferValues, float]:
    """A model whose deal is a share of a cake, what its sides know when they meet, and the size of the cake.

    What Ukraine gains by signing alone is the cake, and ownership, on a fine menu, divides it.
    """
    parameters = frictionless(
        round_discount_united_states=discounts[0], round_discount_ukraine=discounts[1], choice_precision=SHARP
    )
    model = GeopoliticalEconomy(parameters, worlds=3, months=6, rng=0)
    bargaining = put_in_talks(model, Bargaining, {"ownership_share": tuple(np.linspace(0, 1, STEPS))})
    values = bargaining.value_offers(
        model.talks.state.terms, model.known(), np.arange(3), model.setting.calendar.month(0)
    )
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
    parameters = frictionless({"choice_precision": 20}, round_discount_united_states=0.9, round_discount_ukraine=0.8)
    model = GeopoliticalEconomy(parameters, worlds=400, months=6, rng=0)
    bargaining = put_in_talks(model, Bargaining, {"ownership_share": tuple(np.linspace(0, 1, 81))})
    values = bargaining.value_offers(
        model.talks.state.terms, model.known(), np.arange(400), model.setting.calendar.month(0)
    )
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
    """T14: 3.5 % a year gives .295 within ten years of the ceasefire, .160 within five.

    Choices so blunt that nothing that an attack gains counts leave the base rate, before rearming and after.
    """
    parameters = beyond_range(
        Parameters(settlement_hazard=0, settlement_effect=0, renewal_hazard=0.035, talks="none"),
        russia_choice_scale=SHARP,
        ukraine_choice_scale=SHARP,
        ceasefire_hazard=1.5,
    )
    model = GeopoliticalEconomy(parameters, worlds=2000, months=240, record="outcomes", rng=0)
    np.testing.assert_allclose(model.outlook.equilibrium.attack, 0.035, rtol=1e-6)
    np.testing.assert_allclose(model.outlook.war_years, yardsticks.expected_war_years(0.1, 1.5, 0.035)[0], rtol=1e-6)
    model.simulate()
    record = model.outcomes()
    in_time = record["ceasefire_month"] < 240 - 120
    assert in_time.mean() > 0.9
    for years, expected in ((5, 1 - np.exp(-0.175)), (10, 0.295)):
        error = np.sqrt(expected * (1 - expected) / in_time.sum())
        assert abs(record[f"renewed_war_{years}y"][in_time].mean() - expected) < 3 * error


def test_equal_arms_are_even_odds() -> None:
    model = GeopoliticalEconomy(worlds=4, contest_decisiveness=np.array([0.5, 0.8, 1.0, 1.5]), rng=0)
    p, phases, here = model.setting.p, Phases(american=False, european=False), model.outlook.situation
    here = replace(here, supply_russia=here.supply_ukraine)
    alone = Answers(np.zeros((phases.count, 4)), np.zeros((phases.count, 4)))
    np.testing.assert_allclose(expected_lead(p, here, phases, alone)[0], 0.0, atol=1e-15)


def power_shift(shift: float) -> Game:
    """Powell's one-off shift of power as a war game: the odds move against Russia once a guarantee is built.

    A war shares out for ever what it leaves, and destroys a fifth; nobody ends it, and choices are sharp. In
    peace Russia has the whole prize until the shift, and then all but what Ukraine could get by war.
    """
    rate, factor, left, odds = 0.1, 0.9, 0.8, 0.4
    nothing, rows = np.zeros(1), np.zeros((5, 1))
    built = np.array([0.0, 1.0, 0.0, 1.0, 1.0])[:, None]
    winning = left * (1.0 - odds - shift * built)
    peace = 1.0 - built * left * (odds + shift)
    return Game(
        discount_rate=nothing + rate,
        rearming=nothing,
        build_up=nothing[None] + rate * factor / (1.0 - factor),
        settlement=nothing,
        ceasefire=nothing,
        base_log_odds=rows,
        reference=rows,
        scales=np.full((2, 1), 1.0 / SHARP),
        russia=Payoffs(nothing, peace, winning / rate, rows, nothing),
        ukraine=Payoffs(nothing, rows, rows, rows, nothing),
    )


@pytest.mark.parametrize(("shift", "fights_now"), [(0.31, False), (0.3222, False), (0.3223, True), (0.4, True)])
def test_russia_fights_before_the_odds_shift_beyond_powells_threshold(shift: float, fights_now: bool) -> None:
    """T6: p = .4, d = .2, discount factor .9: what is lost by waiting counts iff the shift exceeds .3222."""
    played = solve(power_shift(shift))
    assert played.solved.all()
    np.testing.assert_allclose(played.attack[[0, 1]], [[fights_now], [0]], atol=1e-6)
    assert (shift > yardsticks.power_shift_threshold(0.9, 0.2, 0.4)) == fights_now


@pytest.mark.parametrize("cost", [0.0, 1e9])
def test_a_word_is_a_signal_only_if_it_costs(cost: float) -> None:
    """What an unanswered attack costs in reputation is counted in full, and a word that costs nothing is free."""
    parameters = beyond_range(Parameters(guarantee_strength=0.7), broken_word_cost=cost)
    model = GeopoliticalEconomy(parameters, worlds=2, rng=0)
    known, everywhere, month = model.known(), np.ones(2, dtype=bool), model.setting.calendar.month(0)
    terms = known.table.terms
    prospect = model.expectations.under(terms, known, everywhere, month)
    parts = model.united_states.deal_parts(terms, prospect, known)
    assert (prospect.broken_words > 0).all()
    assert (parts["word"] == 0).all() if cost == 0 else (parts["word"] < -1e6).all()


def test_under_h0_a_stake_moves_no_part_of_the_war() -> None:
    worlds = 60
    values = draws(worlds, seed=9) | {"tripwire": np.repeat("H0", worlds)}
    values["ownership_share"] = np.repeat([0.0, 1.0], worlds // 2)
    for name, column in values.items():
        if name not in ("tripwire", "ownership_share"):
            values[name] = np.concatenate([column[: worlds // 2]] * 2)
    model = GeopoliticalEconomy(Parameters(**values), worlds=worlds, rng=0)  # type: ignore[arg-type]
    known = model.known()
    prospect = model.expectations.under(
        known.table.terms, known, np.ones(worlds, dtype=bool), model.setting.calendar.month(0)
    )
    for name, numbers in vars(prospect).items():
        none, all_of_it = np.split(numbers, 2)
        np.testing.assert_array_equal(none, all_of_it, err_msg=name)


def test_a_stronger_guarantee_never_raises_the_gain_of_attack_once_built() -> None:
    """Chance of an answer, harm and odds: what Russia gets at an attack, whatever the rest of its values."""
    worlds = 200
    model = GeopoliticalEconomy(Parameters(**draws(worlds, seed=4)), worlds=worlds, rng=0)  # type: ignore[arg-type]
    p, here, phases = model.setting.p, model.outlook.situation, Phases(american=True, european=False)
    gains = []
    for strength in np.linspace(0, 1, 11):
        promised = replace(here, american_guarantee=np.full(worlds, strength))
        played = game(p, promised, phases, np.zeros((3, worlds)), np.zeros((2, worlds)))
        gains.append(played.russia.attack[[1, 3, 4]])
    steps = np.diff(np.array(gains), axis=0)
    assert (steps <= 1e-12).all()
    assert (gains[0] > gains[-1]).all()
