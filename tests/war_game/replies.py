"""Other ways to the equilibrium than the solver's: slow steps from any start, and Russia alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.states.war_game import Equilibrium, Game
from model.war_game.equilibrium import _Guess, best_replies

Floats = NDArray[np.float64]


def slow_steps(
    played: Game, gain: Floats, gap: Floats, wish: Floats, passes: int, step: float
) -> tuple[Equilibrium, Floats]:
    """Best replies approached by a part `step` of the way at a time, and the last change in units of the scales."""
    guess = _Guess(gain, gap, wish)
    for _ in range(passes):
        reply, new = best_replies(played, guess)
        moved = [new.gain - guess.gain, (new.gap - guess.gap)[None]]
        off = np.abs(np.concatenate(moved)).max(axis=0) / played.scales[0] + np.abs(new.wish - guess.wish)
        guess = _Guess(
            *(old + step * (to - old) for old, to in zip(vars(guess).values(), vars(new).values(), strict=True))
        )
    return reply, off


def russia_alone(played: Game, wish: Floats, passes: int = 60) -> Equilibrium:
    """What Russia does and gets where Ukraine's log odds of wanting a ceasefire are `wish`, whatever comes."""
    guess = _Guess(played.reference, np.zeros_like(wish), wish)
    for _ in range(passes):
        before = guess
        reply, guess = best_replies(played, guess)
        guess.wish = wish
        if np.abs(guess.gain - before.gain).max() + np.abs(guess.gap - before.gap).max() < 1e-14:
            break
    return reply
