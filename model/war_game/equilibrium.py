"""The equilibrium of the war game: attacks, wishes to stop, and values that answer one another.

Policy iteration for Russia, whose values given what Ukraine wants are those of one decision maker, with
Ukraine's wish to stop solved inside; after some passes that wish is bracketed, since the map from it to
itself falls. It starts where everyone is as likely to act as at the base rates, which leads to the branch
that choices without precision continue into. A world depends on its own numbers alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.array_axes import Floats, Integers, Truths
from model.rules import war_and_peace as rules
from model.states.frozen import replace
from model.states.war_game import Equilibrium, Game, Payoffs

OPPORTUNITIES = 1.0
"""Times a year at which Russia weighs attacking: a bound on the rate, not an estimate."""
PASSES = 200
"""Most passes before a world is given up."""
BRACKET_AFTER = 12
"""Passes after which Ukraine's wish to stop is bracketed."""
TOLERANCE = 1e-6
"""Largest change of a chance in a pass at which a world is solved."""
SMALL = 0.01
"""Change of log odds below which a chance moves by its slope."""
STEPS = 2
"""Newton steps for Ukraine's wish in a pass."""


@dataclass
class _Guess:
    """Where a pass starts: Russia's gains from attacking, its gap, Ukraine's log odds of wanting a ceasefire."""

    gain: Floats
    gap: Floats
    wish: Floats

    def at(self, where: Integers) -> _Guess:
        """The worlds `where`."""
        return _Guess(self.gain[:, where], self.gap[where], self.wish[where])


def solve(game: Game, near: Equilibrium | None = None) -> Equilibrium:
    """The equilibrium of every world, nan where none was reached in so many passes.

    The search begins at the base rates, or at an equilibrium of a game like this one.
    """
    left = np.arange(game.discount_rate.size)
    result = _blank(game)
    guess = _first_guess(game) if near is None else _Guess(near.gain, near.gap[0], near.gap[1] / game.scales[1])
    bracket = _Bracket.open(game.discount_rate)
    for number in range(1, PASSES + 1):
        if not left.size:
            break
        found, new = best_replies(game, guess)
        russia_off, ukraine_off = _changes(game, guess, new, found)
        done = np.maximum(russia_off, ukraine_off) < TOLERANCE
        if done.any():
            solved = replace(found.at(np.flatnonzero(done)), passes=np.full(done.sum(), number))
            result = result.put(left[done], solved)
        if number >= BRACKET_AFTER:
            new.wish = bracket.next_wish(guess.wish, new.wish, russia_off < 0.1 * TOLERANCE)
        keep = np.flatnonzero(~done)
        left, guess = left[keep], new.at(keep)
        if keep.size < done.size:
            game, bracket = game.at(keep), bracket.at(keep)
    return result


def _first_guess(game: Game) -> _Guess:
    """Attacks at the base rates, and both sides indifferent to a ceasefire."""
    nothing = np.zeros_like(game.discount_rate)
    return _Guess(np.zeros_like(game.base_log_odds) if game.reference is None else game.reference, nothing, nothing)


def best_replies(game: Game, guess: _Guess) -> tuple[Equilibrium, _Guess]:
    """One pass: what both do at a guess of gains, what that is worth, and the gains that follow."""
    russia, ukraine, r, scale = game.russia, game.ukraine, game.discount_rate, game.scales[0]
    reference = mean_gain(game, guess.gain) if game.reference is None else game.reference
    attack, choice = rules.attack_rate(guess.gain, reference, game.base_log_odds, scale, OPPORTUNITIES)
    stops, log_sum = rules.logistic(guess.gap / scale)
    agrees, _ = rules.logistic(guess.wish)
    ceasefire = rules.ceasefire_rate(game.ceasefire, stops, agrees)
    surplus = rules.ceasefire_surplus(game.ceasefire, agrees, log_sum, scale) - ceasefire * guess.gap
    payoff, years = peace_of(game, attack, russia, russia.peace + choice - attack * guess.gain)
    war = rules.value_of_war(russia.war + surplus, ceasefire, payoff[0], years[0])
    gain = np.stack(
        [
            lump + ends * (russia.after - war / r) - (value - time * war)
            for lump, ends, value, time in zip(russia.attack, russia.ends, payoff, years, strict=True)
        ]
    )
    gap = payoff[0] - years[0] * war
    own, lasting = peace_of(game, attack, ukraine, ukraine.peace)
    wish, worth = _wish(game, stops, guess.wish, own[0], lasting[0])
    nothing = np.zeros(r.size, dtype=np.int64)
    found = Equilibrium(
        attack=attack,
        ceasefire=ceasefire,
        gain=gain,
        wants=np.stack([stops, agrees]),
        value=np.stack([war, worth]) / r,
        gap=np.stack([gap, wish * game.scales[1]]),
        passes=nothing,
        solved=np.ones(r.size, dtype=bool),
    )
    return found, _Guess(gain, gap, wish)


def peace_of(game: Game, attack: Floats, side: Payoffs, peace: Floats) -> tuple[list[Floats], list[Floats]]:
    """What a side gets until the next war, and the discounted years until then, by phase, at such attacks.

    An attack that ends the deal counts as the value of war without it; the years carry the war value given up.
    """
    clocks = game.discount_rate, game.rearming, list(game.build_up), game.settlement
    payoff = rules.until_next_war(list(peace + attack * (side.attack + side.ends * side.after)), list(attack), *clocks)
    years = rules.until_next_war(list(1.0 + attack * side.ends / game.discount_rate), list(attack), *clocks)
    return payoff, years


def value_of_war(game: Game, equilibrium: Equilibrium, payoffs: Payoffs) -> Floats:
    """Value of war (worlds,), in its unit, to one who is paid so and chooses nothing."""
    payoff, years = peace_of(game, equilibrium.attack, payoffs, payoffs.peace)
    return rules.value_of_war(payoffs.war, equilibrium.ceasefire, payoff[0], years[0]) / game.discount_rate


def mean_gain(game: Game, gain: Floats) -> Floats:
    """Reference gains (phase, worlds) of the reference game: the mean over the time before and after rearming.

    The phases are three: not rearmed, rearmed, settled; a settlement refers to itself. The rate of attack
    that ends the second phase follows from the mean, in a few steps.
    """
    log_odds = game.base_log_odds[1]
    mean = gain[0]
    for _ in range(STEPS + 2):
        leaves = (
            game.discount_rate
            + OPPORTUNITIES * rules.logistic(log_odds + (gain[1] - mean) / game.scales[0])[0]
            + game.settlement
        )
        before = leaves / (leaves + game.rearming)
        mean = before * gain[0] + (1.0 - before) * gain[1]
    return np.stack([mean, mean, gain[2]])


def _wish(game: Game, stops: Floats, wish: Floats, payoff: Floats, years: Floats) -> tuple[Floats, Floats]:
    """Ukraine's log odds of wanting a ceasefire, given what Russia does, and its yearly equivalent of war."""
    side, base, scale = game.ukraine, game.ceasefire, game.scales[1]
    gap = wish * scale
    for _ in range(STEPS):
        chance, log_sum = rules.logistic(gap / scale)
        worth = side.war + rules.ceasefire_surplus(base, stops, log_sum, scale)
        slope = 1.0 + years * 4.0 * base * stops * chance
        gap = gap - (gap - payoff + years * worth) / slope
    wish = gap / scale
    return wish, side.war + rules.ceasefire_surplus(base, stops, rules.log_sum(wish), scale)


def _changes(game: Game, guess: _Guess, new: _Guess, found: Equilibrium) -> tuple[Floats, Floats]:
    """Largest change of a chance of Russia's, and of Ukraine's, in a pass, (worlds,), or a bound on it."""

    def change(log_odds: Floats, chance: Floats) -> Floats:
        moved = np.abs(log_odds)
        return np.where(moved < SMALL, chance * (1.0 - chance), 1.0) * moved

    russia = game.scales[0]
    attacks = change((new.gain - guess.gain) / russia, found.attack / OPPORTUNITIES).max(axis=0)
    stops = change((new.gap - guess.gap) / russia, found.wants[0])
    return np.maximum(attacks, stops), change(new.wish - guess.wish, found.wants[1])


@dataclass
class _Bracket:
    """Where Ukraine's wish lies: between `low` and `high`, halved whenever Russia's reply has settled."""

    low: Floats
    high: Floats

    @staticmethod
    def open(like: Floats) -> _Bracket:
        """A bracket that holds everything."""
        return _Bracket(np.full_like(like, -np.inf), np.full_like(like, np.inf))

    def at(self, where: Integers) -> _Bracket:
        """The worlds `where`."""
        return _Bracket(self.low[where], self.high[where])

    def next_wish(self, wish: Floats, reply: Floats, settled: Truths) -> Floats:
        """The next wish to try, given the `reply` to the last; a bracket closed on a wrong side opens again."""
        self.low = np.where(settled & (reply > wish), wish, self.low)
        self.high = np.where(settled & (reply < wish), wish, self.high)
        closed = np.isfinite(self.low) & np.isfinite(self.high)
        middle = 0.5 * (np.where(closed, self.low, wish) + np.where(closed, self.high, reply))
        narrow = closed & (self.high - self.low < 1e-7 * (1.0 + np.abs(wish)))
        self.low, self.high = np.where(narrow, -np.inf, self.low), np.where(narrow, np.inf, self.high)
        return np.where(settled, middle, wish)


def _blank(game: Game) -> Equilibrium:
    """No equilibrium: nan in every world."""
    shape, worlds, dtype = game.base_log_odds.shape, game.discount_rate.size, game.discount_rate.dtype
    nothing = np.full(worlds, np.nan, dtype)
    both = np.stack([nothing, nothing])
    return Equilibrium(
        attack=np.full(shape, np.nan, dtype),
        ceasefire=nothing,
        gain=np.full(shape, np.nan, dtype),
        wants=both,
        value=both,
        gap=both,
        passes=np.full(worlds, PASSES),
        solved=np.zeros(worlds, dtype=bool),
    )
