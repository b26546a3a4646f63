"""Who promises what: a word without form, no build-up, Europe alone, Europe beside America, and Europe with nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model import GeopoliticalEconomy
from model.war_game.payoffs import Phases
from tests.war_game.games import american, defaults, solved, wide

UNBUILT, AMERICAN, EUROPEAN, BOTH = range(4)
"""Phases of two guarantors before Russia has rearmed."""


def test_a_promise_without_form_is_none() -> None:
    """Formality nought: the attack rates of a deal with no guarantee, and nothing that an attack could end."""
    spoken = solved(defaults(1, guarantee_strength=1, guarantee_formality=0))
    none = solved(defaults(1, guarantee_strength=0))
    np.testing.assert_array_equal(spoken.equilibrium.attack, none.equilibrium.attack)
    np.testing.assert_array_equal(spoken.equilibrium.value, none.equilibrium.value)
    assert (spoken.game.russia.ends == 0).all()


def test_no_build_up_is_the_limit_of_a_short_one() -> None:
    """Worth to Ukraine rises as the build-up shortens, up to that of a guarantee in force at once."""
    months = np.array([120.0, 60, 12, 1, 0.1, 0])
    worth = solved(defaults(6, guarantee_strength=0.7, guarantee_buildup=months)).equilibrium.value[1]
    assert (np.diff(worth) > 0).all()
    assert worth[-1] - worth[-2] < 1e-3


def test_europe_with_nothing_promised_changes_no_bit() -> None:
    """A world that Europe promises nothing is, among worlds that it does, the same to the bit."""
    p = american(wide(150, 22))
    alone, among = solved(p, european=False), solved(p, european=True)
    for wider, narrow, layers in (
        (Phases(True, True), Phases(True, False), (alone.equilibrium, among.equilibrium)),
        (Phases(False, True), Phases(False, False), (alone.without, among.without)),
    ):
        first, second = layers
        np.testing.assert_array_equal(first.attack[narrow.within(wider)], second.attack)
        for name in ("ceasefire", "wants", "value", "gap", "passes"):
            np.testing.assert_array_equal(getattr(first, name), getattr(second, name), err_msg=name)


def test_europe_deters_alone() -> None:
    """With no American promise the European guarantee holds with a deal and without."""
    s = solved(defaults(1, european_guarantee=0.7), european=True)
    nothing = solved(defaults(1)).without
    unbuilt, built = s.without.attack[:2, 0]
    assert built < nothing.attack[0, 0] < unbuilt
    assert s.without.value[1, 0] > nothing.value[1, 0]
    assert s.without.value[0, 0] < nothing.value[0, 0]
    # No American guarantee is built where none is promised.
    attack = s.equilibrium.attack
    np.testing.assert_allclose(attack[UNBUILT], attack[AMERICAN], rtol=1e-5)


def test_two_guarantees_deter_more_than_either() -> None:
    both = solved(defaults(1, european_guarantee=0.7, guarantee_strength=0.7), european=True).equilibrium
    attack = both.attack[:, 0]
    assert attack[BOTH] < min(attack[AMERICAN], attack[EUROPEAN])
    assert max(attack[AMERICAN], attack[EUROPEAN]) < attack[UNBUILT]
    one = solved(defaults(1, guarantee_strength=0.7)).equilibrium
    assert both.value[1, 0] > one.value[1, 0]
    assert both.value[0, 0] < one.value[0, 0]


def test_a_weaker_ally_deters_less() -> None:
    """Half of America's strength, at the same promise: between nothing and America."""
    europe = solved(defaults(1, european_guarantee=0.7, european_buildup=12)).without.value[1, 0]
    nothing = solved(defaults(1)).without.value[1, 0]
    p = defaults(1, guarantee_strength=0.7, guarantee_buildup=12, support_at_stake=0)
    america = solved(p).equilibrium.value[1, 0]
    assert nothing < europe < america


def test_a_full_promise_that_deters_no_better_is_worth_nothing() -> None:
    p = replace(defaults(1, guarantee_strength=1, support_at_stake=0), full_intervention=np.full(1, 0.05))
    s = solved(p)
    # It can still be broken, and then the deal is over; with no support at stake nothing is lost by that.
    np.testing.assert_allclose(s.equilibrium.value, s.without.value, rtol=1e-5)


@pytest.mark.parametrize("precision", ["double", "single"])
def test_worlds_with_a_european_guarantee_leave_the_others_alone(precision: str) -> None:
    """The outlook of a whole model in which some worlds have one."""
    promised = np.array([0.0, 0.7, 0.0, 1.0])
    common = {"talks": "imposed", "talks_start": 0, "guarantee_strength": 0.4, "ceasefire_hazard": 0.4}
    runs = [
        GeopoliticalEconomy(
            worlds=len(chosen),
            months=36,
            rng=0,
            precision=precision,
            replicates=chosen,
            european_guarantee=promised[chosen],
            **common,  # type: ignore[arg-type]
        )
        for chosen in (np.arange(4), np.array([0, 2]))
    ]
    for model in runs:
        model.simulate()
        model.close()
    together, apart = (model.outlook for model in runs)
    np.testing.assert_array_equal(together.hazard[[0, 2]], apart.hazard)
    np.testing.assert_array_equal(together.war_years[[0, 2]], apart.war_years)
    np.testing.assert_array_equal(together.equilibrium.value[:, [0, 2]], apart.equilibrium.value)
