"""War and peace as a Markov chain in continuous time, and the rates at which the sides leave it.

There is fighting, or a ceasefire in one of several phases, or a settlement. In a ceasefire Russia rearms
and each guarantor builds its guarantee up, all at constant rates; a settlement can come in every phase; an
attack leads back to fighting. Phases are ordered: not rearmed, then rearmed; within each by which
guarantees are built (a number whose bit g says so of guarantor g); the settlement last.

Values are kept as gaps over the value of war, g = rV(war) and G(k) = V(k) - V(war): two values of like
size are never subtracted.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from model.array_axes import Floats

LN2 = float(np.log(2.0))


def phase_count(guarantors: int) -> int:
    """Phases without fighting, with so many guarantors."""
    return 2 * 2**guarantors + 1


def until_next_war(
    flows: Sequence[Floats],
    attack: Sequence[Floats],
    discount_rate: Floats,
    rearming: Floats,
    build_up: Sequence[Floats],
    settlement: Floats,
) -> list[Floats]:
    """Discounted sum of a flow until the next war, from each phase (phase, worlds).

    `flows` (phase, worlds) a year, the expected lump at an attack included as its rate times the lump; ones
    give the discounted years of peace. `attack` (phase, worlds), `rearming`, `settlement` and `build_up` (one for
    each guarantor) are rates a year. Backward substitution, since no clock runs back.
    """
    masks = 2 ** len(build_up)
    value: list[Floats] = [flows[0]] * phase_count(len(build_up))
    value[-1] = flows[-1] / (discount_rate + attack[-1])
    from_settling = settlement * value[-1]
    for rearmed in (True, False):
        for mask in reversed(range(masks)):
            phase = masks * rearmed + mask
            rate, gain = discount_rate + attack[phase] + settlement, flows[phase] + from_settling
            if not rearmed:
                rate, gain = rate + rearming, gain + rearming * value[masks + mask]
            for guarantor, building in enumerate(build_up):
                if not mask >> guarantor & 1:
                    rate, gain = rate + building, gain + building * value[phase + 2**guarantor]
            value[phase] = gain / rate
    return value


def value_of_war(war_flow: Floats, ceasefire: Floats, peace_payoff: Floats, peace_years: Floats) -> Floats:
    """The yearly equivalent g = rV of being at war (worlds,), in the unit of `war_flow`.

    `ceasefire` is its rate a year, `peace_payoff` and `peace_years` what `until_next_war` gives from the first
    phase of a ceasefire. At a discount rate of 0 it is the average over time.
    """
    return (war_flow + ceasefire * peace_payoff) / (1.0 + ceasefire * peace_years)


def logit(probability: Floats | float) -> Floats:
    """Log odds of a probability, finite for 1e-12 to 1 - 1e-12."""
    return np.log(np.maximum(probability, 1e-12)) - np.log(np.maximum(np.subtract(1.0, probability), 1e-12))


def logistic(log_odds: Floats) -> tuple[Floats, Floats]:
    """The chance (0-1) of choosing what has these log odds, and the log-sum ln(1 + e^x) of the choice.

    Source: McFadden (1974); the log-sum is the expected gain of having the choice (Rust 1987).
    """
    small = np.exp(-np.abs(log_odds))
    chance = np.maximum(small, log_odds >= 0) / (1.0 + small)
    return chance, np.maximum(log_odds, 0.0) + np.log1p(small)


def log_sum(log_odds: Floats) -> Floats:
    """The log-sum of such a choice alone."""
    return np.maximum(log_odds, 0.0) + np.log1p(np.exp(-np.abs(log_odds)))


def attack_rate(
    gain: Floats, reference_gain: Floats, base_log_odds: Floats, scale: Floats, opportunities: float
) -> tuple[Floats, Floats]:
    """Rate a year at which Russia attacks, and the flow a year that having the choice is worth to it.

    At `opportunities` a year it compares attacking with waiting, by a logit of `scale`; where attacking
    gains `reference_gain` (all in the unit of `scale`) its log odds are `base_log_odds`. The flow is the rise
    of the log-sum since there; less the rate times `gain` it is the surplus over the mean of what was
    chosen. Source: Arcidiacono, Bayer, Blevins and Ellickson (2016), choices at Poisson moments.
    """
    odds = base_log_odds + (gain - reference_gain) / scale
    chance, worth = logistic(odds)
    return opportunities * chance, opportunities * scale * (worth - log_sum(base_log_odds))


def ceasefire_rate(base_rate: Floats, first: Floats, second: Floats) -> Floats:
    """Rate a year of a ceasefire: `base_rate` where both are indifferent, and both must want it (chances 0-1)."""
    return 4.0 * base_rate * first * second


def ceasefire_surplus(base_rate: Floats, other: Floats, log_sum: Floats, scale: Floats) -> Floats:
    """Flow a year in war that having a say in a ceasefire is worth to one side, nought where it is indifferent.

    `other` is the chance that the other side wants it, `log_sum` that of its own choice on a `scale` in the
    unit of the flow.
    """
    return 4.0 * base_rate * other * scale * (log_sum - LN2)
