"""The limit of sharp choices: Markov perfect equilibria in pure strategies, found by trying all profiles."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from model.states.war_game import Game, Payoffs
from model.war_game.equilibrium import solve
from tests.war_game.games import solved, wide

Floats = NDArray[np.float64]
WORLDS = 200
NEAR = 6
"""Scales of a choice within which an indifference may blur it."""


def values(played: Game, side: Payoffs, attack: Floats, ceasefire: Floats, price: Floats) -> Floats:
    """Values of war and of every phase (state, worlds) to a side, by a dense solve; `price` is paid at an attack."""
    phases, worlds = attack.shape
    move = np.zeros((worlds, phases + 1, phases + 1))
    move[:, 0, 1] = ceasefire
    half = (phases - 1) // 2
    for phase in range(phases - 1):
        move[:, phase + 1, phases] += played.settlement
        if phase < half:
            move[:, phase + 1, phase + 1 + half] += played.rearming
        if half == 2 and phase % 2 == 0:
            move[:, phase + 1, phase + 2] += played.build_up[0]
    move[:, 1:, 0] = (attack * (1.0 - side.ends)).T
    over = np.concatenate([np.zeros((1, worlds)), attack * side.ends]).T
    states = np.arange(phases + 1)
    matrix = -move
    matrix[:, states, states] += move.sum(axis=2) + over + played.discount_rate[:, None]
    flow = np.concatenate([side.war[None], side.peace + attack * (side.attack - price + side.ends * side.after)])
    return np.linalg.solve(matrix, flow.T[..., None])[..., 0].T


def pure_equilibria(played: Game) -> tuple[NDArray[np.bool_], NDArray[np.bool_], Floats]:
    """All profiles (profile, action), where each is an equilibrium (profile, worlds), and how near an indifference.

    Actions are whether Russia attacks from each phase, and whether Russia and Ukraine want a ceasefire;
    nearness is in scales of the choice.
    """
    reference = played.reference
    assert reference is not None
    profiles = np.array(list(itertools.product((False, True), repeat=len(reference) + 2)))
    holds, margin = [], []
    for *attacks, first, second in profiles:
        attack = np.array(attacks, dtype=float)[:, None] * np.ones(played.discount_rate.size)
        ceasefire = 4.0 * played.ceasefire * (first and second)
        russia = values(played, played.russia, attack, ceasefire, reference)
        ukraine = values(played, played.ukraine, attack, ceasefire, 0.0 * reference)
        ends, after = played.russia.ends, played.russia.after
        gain = played.russia.attack + ends * (after - russia[0]) - (russia[1:] - russia[0]) - reference
        gaps = russia[1] - russia[0], ukraine[1] - ukraine[0]
        best = ((gain > 0) == (attack > 0)).all(axis=0)
        holds.append(best & ((gaps[0] > 0) == first) & ((gaps[1] > 0) == second))
        all_of_russia = np.abs(np.concatenate([gain, gaps[0][None]])).min(axis=0)
        margin.append(np.minimum(all_of_russia / played.scales[0], np.abs(gaps[1]) / played.scales[1]))
    return profiles, np.array(holds), np.array(margin)


@pytest.mark.parametrize("layer", ["without a deal", "with a deal"])
@pytest.mark.parametrize("scale", [1e-3, 3e-4])
def test_sharp_choices_are_a_markov_perfect_equilibrium(scale: float, layer: str) -> None:
    p = replace(wide(WORLDS, 5), european_guarantee=np.zeros(WORLDS))
    s = solved(p)
    played = s.before if layer == "without a deal" else s.game
    sharp = replace(played, scales=scale * np.array([[1.0], [3.0]]) * np.ones((2, WORLDS)))
    profiles, holds, margin = pure_equilibria(sharp)
    assert (holds.sum(axis=0) <= 1).all()  # never two of them
    pure = np.flatnonzero(holds.any(axis=0))
    assert pure.size > 0.85 * WORLDS  # the others mix
    e, which = solve(sharp), holds.argmax(axis=0)
    acts = np.concatenate([e.attack, e.wants])
    same = np.abs(acts - profiles[which].T).max(axis=0) < 0.02
    clear = margin[which, np.arange(WORLDS)] > NEAR
    assert e.solved[pure][clear[pure]].all()
    assert same[pure][clear[pure]].all()
    assert clear[pure].sum() > 0.8 * pure.size
