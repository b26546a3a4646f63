"""The reference game, which says what the base hazard is the hazard of."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from model.states.war_game import Equilibrium, Game
from model.war_game.baseline_game import OWN
from model.war_game.equilibrium import solve
from model.war_game.payoffs import Phases, game
from tests.war_game.games import defaults, situation_of, solved, wide

Floats = NDArray[np.float64]


def log_odds(chance: Floats) -> Floats:
    """Log odds of a chance."""
    return np.log(chance / (1.0 - chance))


def time_shares(played: Game, e: Equilibrium, discount: float | Floats) -> tuple[Floats, Floats]:
    """Parts of the (discounted) time before and after rearming, until a settlement or an attack."""
    before = 1.0 / (discount + e.attack[0] + played.settlement + played.rearming)
    after = played.rearming * before / (discount + e.attack[1] + played.settlement)
    return before / (before + after), after / (before + after)


def test_the_base_hazard_is_the_mean_over_time_in_the_default_situation() -> None:
    """Of log odds, discounted, before and after rearming; a settlement has its own, cut by its effect."""
    p = wide(1000, 31)
    usual = defaults(1000)
    own = replace(usual, **{name: getattr(p, name) for name in OWN})
    played = game(own, situation_of(usual, False), Phases(False, False), None)
    e = solve(played)
    assert e.solved.all()
    before, after = time_shares(played, e, played.discount_rate)
    mean = before * log_odds(e.attack[0]) + after * log_odds(e.attack[1])
    np.testing.assert_allclose(mean, log_odds(p.renewal_hazard), rtol=0, atol=2e-3)
    settled = p.renewal_hazard * (1.0 - p.settlement_effect)
    np.testing.assert_allclose(e.attack[2], settled, rtol=1e-6)


def test_the_game_of_a_default_world_is_its_reference() -> None:
    """Without a deal, but for the support that goes on only with one."""
    s = solved(defaults(1, support_without_deal=1.0))
    before, after = time_shares(s.before, s.without, s.before.discount_rate)
    hazard = before * s.without.attack[0] + after * s.without.attack[1]
    assert hazard[0] == pytest.approx(0.07, abs=0.01)


def mean_hazard(name: str, values: list[float]) -> Floats:
    """Mean hazard of a ceasefire with nothing promised, not discounted, at some values of a parameter."""
    s = solved(defaults(len(values), **{name: np.array(values)}))
    before, after = time_shares(s.before, s.without, 0.0)
    return before * s.without.attack[0] + after * s.without.attack[1]


PACE = {
    "ceasefire_hazard": [0.03, 0.1, 0.4],
    "ukraine_choice_scale": [0.1, 0.15, 1.0],
    "settlement_hazard": [0.0, 0.1, 1.0],
    "discount_rate": [0.02, 0.1, 0.25],
}
SITUATION = {
    "war_cost_russia": [0.01, 0.04, 0.12],
    "sanctioned_trade": [0.4, 0.1, 0.0],
    "russian_effort": [80, 149, 220],
    "ukrainian_effort": [30, 64.7, 100],
    "control_value": [0.1, 1.0, 2.0],
    "regrouping": [0.02, 0.06, 0.1],
}


@pytest.mark.parametrize("name", PACE)
def test_a_worlds_own_pace_hardly_moves_renewed_war(name: str) -> None:
    low, middle, high = mean_hazard(name, PACE[name])
    assert abs(low - middle) < 0.1 * middle
    assert abs(high - middle) < 0.1 * middle


@pytest.mark.parametrize("name", SITUATION)
def test_costs_strengths_and_stakes_move_it(name: str) -> None:
    hazards = mean_hazard(name, SITUATION[name])
    assert np.ptp(hazards) > 0.2 * hazards[1]


def test_the_base_hazard_moves_it_one_to_one() -> None:
    np.testing.assert_allclose(mean_hazard("renewal_hazard", [0.015, 0.07, 0.25]), [0.018, 0.080, 0.258], atol=2e-3)
