"""Worlds that go through a solved game one event after another, in continuous time, by code of their own.

The states of a game with one guarantor: war with the deal, its five phases, war without it, the three
phases without. The arrays are those of one world, walked by many.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.states.war_game import Equilibrium, Game
from tests.war_game.games import Floats, Solved

WAR, A0, A1, B0, B1, SETTLED, WAR_AFTER, A, B, SETTLED_AFTER = range(10)
WARS = (WAR, WAR_AFTER)
LAYERS = ((0, 6), (6, 10))
"""First state and end of the states with the deal, and of those without."""


def layers(s: Solved) -> tuple[tuple[Game, Equilibrium], tuple[Game, Equilibrium]]:
    """The game with the deal and the one without, each with its equilibrium."""
    return (s.game, s.equilibrium), (s.before, s.without)


def by_state(s: Solved, war: str, side: str) -> Floats:
    """Flows (`war` "war") or lumps at an attack ("attack") of a side in every state, (state,)."""
    rows = []
    for played, _ in layers(s):
        payoffs = getattr(played, side)
        rows += [payoffs.war, payoffs.peace[:, 0]] if war == "war" else [np.zeros(1), payoffs.attack[:, 0]]
    return np.concatenate(rows)


def clocks(s: Solved) -> Floats:
    """Rates from state to state of what nobody chooses, (state, state)."""
    rates = np.zeros((10, 10))
    rearming, settling, building = s.game.rearming[0], s.game.settlement[0], s.game.build_up[0, 0]
    for before, after in ((A0, B0), (A1, B1), (A, B)):
        rates[before, after] = rearming
    for before, after in ((A0, A1), (B0, B1)):
        rates[before, after] = building
    for before, after in ((A0, SETTLED), (A1, SETTLED), (B0, SETTLED), (B1, SETTLED), (A, 9), (B, 9)):
        rates[before, after] = settling
    return rates


def choices(s: Solved) -> tuple[Floats, Floats]:
    """Rate of leaving each state by choice, and the chance that this ends the deal, (state,)."""
    rates = [np.concatenate([e.ceasefire, e.attack[:, 0]]) for _, e in layers(s)]
    ends = [np.concatenate([[0.0], played.russia.ends[:, 0]]) for played, _ in layers(s)]
    return np.concatenate(rates), np.concatenate(ends)


@dataclass
class Totals:
    """Discounted sums of each world, (worlds,)."""

    war_years: Floats
    russia: Floats
    ukraine: Floats


def chosen_states(s: Solved, state: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
    """Where a choice leads from each state: a ceasefire, or war, with the deal or after its end."""
    with_deal = state < WAR_AFTER
    ends = rng.random(state.size) < choices(s)[1][state]
    war = np.where(with_deal & ~ends, WAR, WAR_AFTER)
    return np.where(state == WAR, A0, np.where(state == WAR_AFTER, A, war))


def walk(s: Solved, worlds: int, seed: int, years: float, shocks: bool = False) -> Totals:
    """Worlds from war with the deal on: at the equilibrium's rates, or drawing the shocks of every choice."""
    rng, r = np.random.default_rng(seed), s.game.discount_rate[0]
    moves, flows, lumps = clocks(s), {}, {}
    for side in ("russia", "ukraine"):
        flows[side], lumps[side] = by_state(s, "war", side), by_state(s, "attack", side)
    draw = Shocks(s) if shocks else None
    if draw is not None:
        flows = {side: flow - draw.base_flow[side] for side, flow in flows.items()}
    chosen = choices(s)[0] if draw is None else draw.opportunities
    leaving = moves.sum(axis=1) + chosen
    shares = np.cumsum(np.column_stack([moves, chosen]) / leaving[:, None], axis=1)
    time, state = np.zeros(worlds), np.zeros(worlds, dtype=np.int64)
    sums = {name: np.zeros(worlds) for name in ("war_years", "russia", "ukraine")}
    left = np.arange(worlds)
    while left.size:
        here, now = state[left], time[left]
        then = now + rng.exponential(size=left.size) / leaving[here]
        spell = (np.exp(-r * now) - np.exp(-r * then)) / r
        sums["war_years"][left] += spell * np.isin(here, WARS)
        event = np.minimum((rng.random(left.size)[:, None] > shares[here]).sum(axis=1), 10)
        by_choice = event == 10
        bonus: dict[str, Floats] = {"russia": np.zeros(left.size), "ukraine": np.zeros(left.size)}
        if draw is not None:
            acts, bonus = draw.answer(here, rng)
            happens = by_choice & acts
            event, by_choice = np.where(by_choice & ~acts, here, event), happens
        event = np.where(by_choice, chosen_states(s, here, rng), event)
        later = np.exp(-r * then)
        for side in ("russia", "ukraine"):
            sums[side][left] += spell * flows[side][here] + later * by_choice * (lumps[side][here] + bonus[side])
        state[left], time[left] = event, then
        left = left[then < years]
    return Totals(**sums)


class Shocks:
    """The choices behind the rates: opportunities at which a logistic shock is drawn and the better act taken."""

    def __init__(self, s: Solved) -> None:
        opportunities, reserved = [], {"russia": [], "ukraine": []}
        self.odds, self.gain = [], []
        for played, e in layers(s):
            base = 4.0 * played.ceasefire
            opportunities += [base, np.ones(e.attack.shape[0])]
            scales = played.scales[:, 0]
            # What indifference would gain is taken off, so that a choice in itself is worth nothing.
            log_sum = np.log1p(np.exp(played.base_log_odds[:, 0]))
            reserved["russia"] += [base * e.wants[1] * scales[0] * np.log(2.0), scales[0] * log_sum]
            reserved["ukraine"] += [base * e.wants[0] * scales[1] * np.log(2.0), 0.0 * log_sum]
            lead = (e.gain - played.reference)[:, 0] / scales[0] + played.base_log_odds[:, 0]
            self.odds += [e.gap[0] / scales[0], lead]
            self.gain += [e.gap[0], e.gain[:, 0]]
        self.opportunities = np.concatenate(opportunities)
        self.base_flow = {side: np.concatenate(rows) for side, rows in reserved.items()}
        self.odds, self.gain = np.concatenate(self.odds), np.concatenate(self.gain)
        self.scales = s.game.scales[:, 0]
        self.wish = np.zeros(10)
        self.wish[list(WARS)] = [e.gap[1, 0] / self.scales[1] for _, e in layers(s)]

    def answer(self, state: NDArray[np.int64], rng: np.random.Generator) -> tuple[NDArray[np.bool_], dict[str, Floats]]:
        """Whether each world acts at its opportunity, and what the shocks add for each side if it does."""
        first, second = rng.logistic(size=(2, state.size))
        war = np.isin(state, WARS)
        acts = self.odds[state] + first > 0
        agrees = self.wish[state] + second > 0
        bonus = self.scales[0] * (self.odds[state] + first) - self.gain[state]
        return acts & (agrees | ~war), {"russia": bonus, "ukraine": np.where(war, self.scales[1] * second, 0.0)}
