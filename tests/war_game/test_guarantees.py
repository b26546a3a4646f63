"""What a guarantee does to a Russia that thinks: it never likes it, it may hurry, and it can be deterred."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import Parameters
from model.parameters.table import DECLARATIONS
from model.states.war_game import Payoffs
from model.war_game.equilibrium import solve
from model.war_game.payoffs import Phases, game
from tests.war_game.games import american, defaults, entering, reference_of, situation_of, solved, wide, without_end
from tests.war_game.replies import russia_alone

A0, A1, B0, B1, SETTLED = range(5)
GRID = np.linspace(0.0, 1.0, 6)
EXCEPTIONS = {"base_intervention", "full_intervention", "trust_russia", "nato_path", "future_aid"}
"""Parameters at whose ends a promise hardly deters, or much more than a guarantee ends with the deal."""


@settings(max_examples=10)
@given(st.integers(0, 10_000), st.floats(-6, 6))
def test_russia_never_gains_from_a_guarantee_that_is_kept(seed: int, wish: float) -> None:
    """The envelope: whatever Ukraine wants, and whatever a promise deters, over the whole declared range."""
    base, wishes = american(wide(40, seed)), np.full(40, wish)
    reference, worth = reference_of(base), []
    for strength in GRID:
        p = replace(base, guarantee_strength=np.full(40, strength))
        played = without_end(game(p, situation_of(p, True), Phases(True, False), reference))
        worth.append(russia_alone(played, wishes).value[0])
    assert np.diff(worth, axis=0).max() <= 1e-12


def test_in_the_whole_game_russia_gains_only_where_promises_are_empty_or_aid_hangs_on_them() -> None:
    """Each parameter over its whole range, alone: an attack nobody answers ends the deal, and its aid with it."""
    rows = [
        (name, value)
        for name in entering()
        if name != "guarantee_strength"
        for value in np.linspace(DECLARATIONS[name].low, DECLARATIONS[name].high, 5)
    ]
    columns = {name: np.full(len(rows), float(DECLARATIONS[name].default)) for name, _ in rows}
    for number, (name, value) in enumerate(rows):
        columns[name][number] = value
    worth = []
    for strength in GRID:
        p = Parameters(**columns, guarantee_strength=np.full(len(rows), strength)).by_world(len(rows))
        worth.append(solved(p).equilibrium.value[0])
    rises = np.diff(worth, axis=0) / DECLARATIONS["russia_choice_scale"].default
    gains = {name for (name, _), rise in zip(rows, rises.T, strict=True) if rise.max() > 1e-6}
    assert gains <= EXCEPTIONS
    assert rises.max() < 0.01  # of the scale of its choice, where it gains at all


def test_a_sure_answer_that_hurts_ends_renewed_war() -> None:
    """Chance of an answer towards one, harm of a few scales: attacks all but end once the guarantee is built."""
    p = defaults(3, guarantee_strength=1, guarantee_buildup=0)
    p = replace(p, full_intervention=np.full(3, 1 - 1e-6), intervention_harm=np.array([0.2, 0.4, 0.8]))
    s = solved(p)
    built = s.equilibrium.attack[[A1, B1, SETTLED]]
    assert (np.diff(built, axis=1) < 0).all()
    assert built[:, 0].max() < 0.01
    assert built[:, 2].max() < 1e-6
    assert s.without.attack.min() > 0.01


def test_t6_a_guarantee_to_come_opens_powells_window() -> None:
    """Attacks hurry while it is not yet built, and are rarer once it is, than with nothing promised.

    The gain of attacking now exceeds that of attacking later by what waiting loses: the sign of a shift in power.
    """
    strengths = np.array([0.1, 0.4, 0.7, 1.0])
    s = solved(defaults(4, guarantee_strength=strengths, guarantee_buildup=50))
    nothing = solved(defaults(4, guarantee_strength=0)).equilibrium.attack
    for unbuilt, built in ((A0, A1), (B0, B1)):
        window = s.equilibrium.attack[unbuilt] / nothing[unbuilt]
        assert (window > 1).all() and (np.diff(window) > 0).all()
        cut = s.equilibrium.attack[built] / nothing[built]
        assert (cut < 1).all() and (np.diff(cut) < 0).all()
    assert window[-1] == pytest.approx(1.2, abs=0.15)
    # The faster it is built, the more there is to hurry for.
    pace = solved(defaults(4, guarantee_strength=1, guarantee_buildup=np.array([6, 12, 36, 120])))
    assert (np.diff(pace.equilibrium.attack[A0]) < 0).all()


def test_t6_the_window_closes_where_the_guarantor_is_committed() -> None:
    """Most of it is that an attack nobody answers ends the deal; all of it goes if the promise counts at once."""
    s = solved(defaults(1, guarantee_strength=1, guarantee_buildup=50))
    nothing = solved(defaults(1, guarantee_strength=0)).equilibrium.attack[A0]
    committed = solve(without_end(s.game)).attack
    window, left = s.equilibrium.attack[A0] / nothing - 1, committed[A0] / nothing - 1
    assert 0 < left[0] < 0.4 * window[0]

    def as_built(side: Payoffs) -> Payoffs:
        """What it would get if the guarantee counted before it is built."""
        phases = np.array([A1, A1, B1, B1, SETTLED])
        return replace(side, attack=side.attack[phases], ends=side.ends[phases])

    at_once = replace(s.game, russia=as_built(s.game.russia), ukraine=as_built(s.game.ukraine))
    attack = solve(at_once).attack
    np.testing.assert_allclose(attack[A0], attack[A1], rtol=1e-6)
    assert (attack[A0] < nothing).all()


def test_t6_no_window_where_the_guarantor_would_not_come() -> None:
    """The threshold: a promise that deters nothing shifts no power, and Russia does not hurry for it."""
    p = replace(defaults(1, guarantee_strength=1, guarantee_buildup=50), full_intervention=np.full(1, 0.05))
    nothing = solved(defaults(1, guarantee_strength=0)).equilibrium.attack[A0]
    attack = solve(without_end(solved(p).game)).attack
    np.testing.assert_allclose(attack[A0], attack[A1], rtol=1e-6)
    np.testing.assert_allclose(attack[A0], nothing, rtol=1e-6)


def test_levels_are_those_of_the_default() -> None:
    """Rates with nothing promised, and what a full guarantee at once is worth to Ukraine."""
    s = solved(defaults(2, guarantee_strength=np.array([0.0, 0.7]), guarantee_buildup=0))
    np.testing.assert_allclose(s.without.attack[:, 0], [0.0506, 0.1043, 0.0280], atol=5e-4)
    assert 100 * (s.equilibrium.value[1, 1] - s.equilibrium.value[1, 0]) == pytest.approx(12.6, abs=0.1)


def test_wide_worlds_are_deterred_too() -> None:
    """A built guarantee lowers the attack rate below that without a build-up in nearly every world."""
    p = american(wide(2000, 4))
    weak, strong = (
        solved(replace(p, guarantee_strength=np.full(2000, g), nato_path=np.zeros(2000))).equilibrium.attack
        for g in (0.0, 1.0)
    )
    for unbuilt, built in ((A0, A1), (B0, B1)):
        assert (strong[built] <= strong[unbuilt] + 1e-9).mean() > 0.9
        assert np.median(strong[built] / weak[built]) < 1
