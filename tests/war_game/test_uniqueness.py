"""One equilibrium: reached from every start, and by the bracket where replies run in a circle."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from model.states.war_game import Equilibrium, Game
from model.war_game import equilibrium
from model.war_game.equilibrium import peace_of, solve
from tests.war_game.games import american, picked, solved, wide
from tests.war_game.replies import slow_steps

Truths = NDArray[np.bool_]
CIRCLES = 1, np.array([3173, 7644, 15132, 16198])
"""Seed of 20,000 wide draws, and the worlds among them in which replies run in a circle of two."""


def twins(played: Game, e: Equilibrium, starts: int, spread: float) -> Truths:
    """Worlds in which slow steps from a random start, `spread` scales away, end somewhere else, (worlds,)."""
    rng, worlds = np.random.default_rng(0), e.ceasefire.size
    scale, other = played.scales[0], np.zeros(worlds, dtype=bool)
    assert played.reference is not None
    for _ in range(starts):
        gain = played.reference + scale * rng.normal(0, spread, e.attack.shape)
        gap, wish = scale * rng.normal(0, spread, worlds), rng.normal(0, spread, worlds)
        end, off = slow_steps(played, gain, gap, wish, 250, 0.3)
        assert np.mean(off < 1e-6) > 0.98
        moved = np.concatenate([end.attack - e.attack, end.wants - e.wants])
        other |= (off < 1e-6) & (np.abs(moved).max(axis=0) > 1e-3)
    return other


def well_behaved(played: Game, e: Equilibrium) -> Truths:
    """Worlds in which an attack hurts Ukraine in every phase and a ceasefire does not hurt Russia, (worlds,)."""
    side = played.ukraine
    payoff, years = peace_of(played, e.attack, side, side.peace)
    gaps = np.array(payoff) - np.array(years) * (e.value[1] * played.discount_rate)
    loss = side.attack + side.ends * (side.after - e.value[1]) - gaps
    return (loss < 0).all(axis=0) & (e.gap[0] >= 0)


def test_every_start_leads_to_the_same_equilibrium() -> None:
    """Over the whole declared range, with and without a deal."""
    s = solved(american(wide(200, 11)))
    for played, e in ((s.before, s.without), (s.game, s.equilibrium)):
        assert e.solved.all()
        assert well_behaved(played, e).mean() > 0.9
        assert not twins(played, e, starts=3, spread=6).any()


@pytest.mark.slow
def test_twins_are_few_and_only_where_theory_lets_them_be() -> None:
    """Far beyond the declared range of the scales: none where an attack hurts Ukraine and a ceasefire not Russia."""
    worlds, several = 20_000, 0
    p, rng = american(wide(worlds, 12)), np.random.default_rng(12)
    p = replace(
        p,
        russia_choice_scale=np.exp(rng.uniform(np.log(0.003), np.log(0.3), worlds)),
        ukraine_choice_scale=np.exp(rng.uniform(np.log(0.01), np.log(1.5), worlds)),
    )
    s = solved(p)
    for played, e in ((s.before, s.without), (s.game, s.equilibrium)):
        assert e.solved.mean() > 0.9995
        well = well_behaved(played, e)
        there = np.flatnonzero(e.solved & well)[:4000]
        assert not twins(played.at(there), e.at(there), starts=3, spread=6).any()
        there = np.flatnonzero(e.solved & ~well)
        several += int(twins(played.at(there), e.at(there), starts=8, spread=10).sum())
    print(f"{several} worlds with a twin in {2 * worlds}")
    assert 0 < several < 0.001 * 2 * worlds


def test_the_bracket_ends_replies_that_run_in_a_circle(monkeypatch: pytest.MonkeyPatch) -> None:
    seed, worlds = CIRCLES
    s = solved(picked(american(wide(20_000, seed)), worlds))
    assert s.without.solved.all()
    assert (s.without.passes > equilibrium.BRACKET_AFTER).all()
    end, off = slow_steps(s.before, s.without.gain, s.without.gap[0], s.without.gap[1] / s.before.scales[1], 250, 0.3)
    assert (off < 1e-6).all()
    np.testing.assert_allclose(end.attack, s.without.attack, rtol=0, atol=1e-5)
    monkeypatch.setattr(equilibrium, "BRACKET_AFTER", equilibrium.PASSES + 1)
    assert not solve(s.before).solved.any()


def test_a_few_passes_are_enough() -> None:
    """Over the whole declared range."""
    s = solved(american(wide(5000, 13)))
    for e in (s.without, s.equilibrium):
        assert e.solved.all()
        assert np.median(e.passes) <= 8
        assert np.percentile(e.passes, 99) <= 30
