"""The solver at its edges: neighbours, precision, extremes, and games it cannot solve."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model import GeopoliticalEconomy, Parameters
from model.parameters.table import WorldParameters
from model.war_game import equilibrium
from model.war_game.equilibrium import solve
from tests.war_game.games import (
    Solved,
    american,
    defaults,
    picked,
    reference_of,
    same_to_the_bit,
    situation_of,
    solved,
    wide,
)

WORLDS = 120


@pytest.fixture(scope="module", params=[False, True], ids=["American", "American and European"])
def drawn(request: pytest.FixtureRequest) -> tuple[WorldParameters, Solved]:
    """Wide worlds and their games, with one guarantor or two."""
    p = wide(WORLDS, 21) if request.param else american(wide(WORLDS, 21))
    return p, solved(p)


def test_a_world_alone_or_among_others_in_any_order_has_the_same_bits(drawn: tuple[WorldParameters, Solved]) -> None:
    p, s = drawn
    order = np.random.default_rng(0).permutation(WORLDS)
    for chosen in (order, order[:17], *(np.array([world]) for world in range(0, WORLDS, 12))):
        apart = solved(picked(p, chosen))
        assert same_to_the_bit(apart.without, s.without.at(chosen))
        assert same_to_the_bit(apart.equilibrium, s.equilibrium.at(chosen))


def test_what_is_solved_is_an_equilibrium(drawn: tuple[WorldParameters, Solved]) -> None:
    """Another pass from it changes nothing that matters."""
    _, s = drawn
    for played, e in ((s.before, s.without), (s.game, s.equilibrium)):
        assert e.solved.all()
        guess = equilibrium._Guess(e.gain, e.gap[0], e.gap[1] / played.scales[1])
        again, _ = equilibrium.best_replies(played, guess)
        np.testing.assert_allclose(again.attack, e.attack, rtol=0, atol=2e-6)
        np.testing.assert_allclose(again.ceasefire, e.ceasefire, rtol=0, atol=1e-5)
        np.testing.assert_allclose(again.value, e.value, rtol=2e-5, atol=1e-6)


def test_seven_digits_are_enough() -> None:
    """Rates in single precision: within 2e-5 in 98 % of wide worlds, never off by more than .005."""
    p = american(wide(4000, 1))
    single = {name: value.astype(np.float32) if value.dtype.kind == "f" else value for name, value in vars(p).items()}
    double, rough = solved(p), solved(WorldParameters(**single))
    for exact, near in ((double.without, rough.without), (double.equilibrium, rough.equilibrium)):
        assert near.attack.dtype == near.value.dtype == np.float32
        assert near.solved.all()
        off = np.maximum(np.abs(near.attack - exact.attack).max(axis=0), np.abs(near.ceasefire - exact.ceasefire))
        assert np.mean(off > 2e-5) < 0.02
        assert off.max() < 5e-3
    default = [solved(defaults(1, dtype, guarantee_strength=0.7)).equilibrium for dtype in (np.float32, np.float64)]
    np.testing.assert_allclose(default[0].attack, default[1].attack, rtol=0, atol=2e-6)


def test_a_run_in_single_precision_has_the_outlook_of_one_in_double() -> None:
    """What is weighed are small differences of large values: games are solved in double precision always."""
    rates = []
    for precision in ("single", "double"):
        model = GeopoliticalEconomy(Parameters(european_guarantee=0.5), worlds=2, months=1, rng=0, precision=precision)
        rates.append(model.outlook.equilibrium.attack)
        model.close()
    assert rates[0].dtype == np.float32
    np.testing.assert_allclose(rates[0], rates[1], rtol=1e-6)


def test_a_game_that_does_not_converge_is_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    s = solved(american(wide(200, 2)))
    monkeypatch.setattr(equilibrium, "PASSES", 6)
    e = solve(s.before)
    assert 0 < e.solved.sum() < 200
    np.testing.assert_array_equal(e.solved, s.without.passes <= 6)
    for rows in (e.attack, e.gain, e.wants, e.value, e.gap, e.ceasefire[None]):
        np.testing.assert_array_equal(np.isnan(rows), ~np.broadcast_to(e.solved, rows.shape))
    assert (e.passes[~e.solved] == 6).all()
    assert same_to_the_bit(e.at(np.flatnonzero(e.solved)), s.without.at(np.flatnonzero(e.solved)))


def test_what_is_unknown_after_the_deal_is_unknown_with_it() -> None:
    """A game whose continuation was not solved is not solved, where an attack may lead there, and no other world."""
    s = solved(defaults(3, guarantee_strength=0.7))
    after = np.array([np.nan, 0.0, 0.0]) + s.without.value[0]
    e = solve(replace(s.game, russia=replace(s.game.russia, after=after)))
    np.testing.assert_array_equal(e.solved, [False, True, True])
    assert np.isnan(e.value[:, 0]).all()
    np.testing.assert_array_equal(e.value[:, 1:], s.equilibrium.value[:, 1:])


def test_choices_without_end_and_without_sense() -> None:
    """Scales from sharp to blunt are solved; a scale of nought is no game, and says so."""
    before = solved(defaults(1)).before
    for scale, wants in ((1e-6, 1.0), (1e-2, 1.0), (1e6, 0.5)):
        e = solve(replace(before, scales=np.full((2, 1), scale)))
        assert e.solved.all()
        np.testing.assert_allclose(e.wants, wants, atol=0.01)
    np.testing.assert_allclose(e.attack[:, 0], [0.07, 0.07, 0.028], rtol=1e-4)
    with np.errstate(divide="ignore", invalid="ignore"):
        nothing = solve(replace(before, scales=np.zeros((2, 1))))
    assert not nothing.solved.any() and np.isnan(nothing.attack).all()


def test_a_war_that_nobody_ends_is_a_war_for_ever() -> None:
    """No rate of ceasefires: the value of war is that of fighting on, and attacks are defined all the same."""
    s = solved(defaults(1))
    for rate in (0.0, 1e-9):
        e = solve(replace(s.before, ceasefire=np.full(1, rate)))
        assert e.solved.all()
        np.testing.assert_allclose(e.ceasefire, 0, atol=1e-8)
        flows = np.array([s.before.russia.war[0], s.before.ukraine.war[0]])
        np.testing.assert_allclose(e.value[:, 0], flows / s.before.discount_rate, rtol=1e-6)
        assert (e.attack > 0).all() and (e.attack < 1).all()


def test_two_who_will_not_stop_fight_on() -> None:
    """The lowest declared rate of ceasefires and war that costs next to nothing: longer than a lifetime."""
    gains = {"russian_effort": 80, "ukrainian_effort": 100, "war_cost_ukraine": 0.05, "war_cost_russia": 0.01}
    peace = {"land_worth": 10, "armed_peace_cost": 0.15, "outbreak_loss": 0.4, "sanctioned_trade": 0}
    p = defaults(1, ceasefire_hazard=0.03, ukraine_choice_scale=0.1, control_value=0.1, **gains, **peace)
    s = solved(p)
    assert s.without.solved.all()
    assert s.without.wants[1, 0] < 0.01
    assert s.without.ceasefire[0] < 0.002


def test_the_reference_has_an_answer_everywhere() -> None:
    p = wide(2000, 3)
    assert np.isfinite(reference_of(p)).all()
    assert np.isfinite(situation_of(p, True).supply_ukraine).all()
