"""How two sides share what an agreement is worth, and how they answer an offer."""

from __future__ import annotations

import numpy as np
from scipy.special import expit

from model.array_axes import Floats, Integers

Values = Floats | float

LARGEST = 1e18
"""Stands for infinity where infinity times nothing would be undefined."""


# Solutions of the theory


def rubinstein_share(discount_first: Values, discount_second: Values) -> Floats:
    """Share (0-1) of the side that makes the first offer, when offers alternate for ever.

    (1 - δ₂)/(1 - δ₁δ₂), discount factors per round in 0-1; a half, the limit for equals, where both
    are 1. Source: Rubinstein (1982).
    """
    impatience = 1.0 - np.asarray(discount_second)
    # 1 - δ₁δ₂ written so that two patient sides lose no digits.
    total = (1.0 - discount_first) + discount_first * impatience
    return np.where(total > 0.0, impatience / np.where(total > 0.0, total, 1.0), 0.5)


def outside_option_share(base_share: Values, outside_option: Values) -> Floats:
    """Share (0-1) of a side that may leave for `outside_option` instead of making a counter-offer.

    The larger of the two: an option worth less than the bargain is an empty threat and changes
    nothing. Source: outside-option principle, Binmore, Rubinstein and Wolinsky (1986).
    """
    return np.maximum(base_share, outside_option)


# The deal


def effective_stake(
    ownership_share: Values, revenue_base: Values, reinvestment_years: Values, discount_rate: Values
) -> Floats:
    """Part (0-1) of all resource revenue, in present value, that ownership of a part of it is worth.

    ω·β·e^{-rρ}: a share of what is covered, after the years in which it stays invested.
    """
    return ownership_share * revenue_base * np.exp(-np.asarray(discount_rate) * reinvestment_years)


def sovereignty_cost(
    ownership_share: Values,
    revenue_base: Values,
    recognised_aid: Values,
    per_ownership: Values,
    per_aid: Values,
) -> Floats:
    """Political cost of ceding resources and of turning past aid into debt (unit of `per_ownership`).

    `per_ownership` is the cost of ceding everything, `per_aid` the cost of one unit of debt.
    """
    return np.asarray(per_ownership * np.asarray(ownership_share) * revenue_base + per_aid * recognised_aid)


def recovered_aid(recognised_aid: Values, revenue_value_left: Values) -> Floats:
    """Past aid that is really paid back (unit of both, 0 or more): a debtor pays no more than it has left."""
    return np.minimum(recognised_aid, np.maximum(revenue_value_left, 0.0))


def acceptance_probability(gain: Values, precision: Values) -> Floats:
    """Chance (0-1) that an offer worth `gain` more than refusing is accepted.

    The logit of two options: a half at no gain; precision is per unit of gain, and infinite
    precision is the best response. Source: McKelvey and Palfrey (1995).
    """
    return expit(np.minimum(precision, LARGEST) * np.clip(gain, -LARGEST, LARGEST))


def quantal_response(payoffs: Floats, precision: Values) -> Floats:
    """Chance (0-1) of each option (first axis, as in `payoffs`): the logit choice rule.

    Payoffs in any unit, precision per unit: 0 chooses blindly, infinity takes the best and shares
    out ties. A payoff of -inf marks an option that is not to be had; where none is, all chances are
    0. Source: McKelvey and Palfrey (1995).
    """
    rows = [np.asarray(row) for row in payoffs]
    best = rows[0]
    for row in rows[1:]:
        best = np.maximum(best, row)
    best = np.maximum(best, -LARGEST)
    sharp = np.minimum(precision, LARGEST)
    weights = [np.exp(sharp * np.maximum(row - best, -LARGEST)) * (row > -np.inf) for row in rows]
    # The best option weighs 1, so the sum is at least 1 wherever there is an option.
    total = np.maximum(sum(weights[1:], start=weights[0]), 1.0)
    return np.stack([weight / total for weight in weights])


def customary_weight(shares: Floats, part: Values) -> Floats:
    """Weight (0-1) with which offers come to mind, adding up to 1 over the first axis: even, but for custom.

    A `part` (0-1) of it is on those that give a half, shared evenly; all even where none does. Partners
    split equally far more often than worth explains: of US joint ventures three in four do (Hauswald and
    Hege 2003); focal points: Schelling (1960).
    """
    rows = np.asarray(shares)
    half = (rows == 0.5).astype(rows.dtype)
    count = half.sum(axis=0)
    spike = np.where(count > 0.0, half / np.maximum(count, 1.0), 1.0 / len(rows))
    return (1.0 - np.asarray(part)) / len(rows) + part * spike


def pick(probabilities: Floats, uniform: Values) -> Integers:
    """Index of the option that a draw from 0-1 falls on, by the inverse of the cumulative probabilities.

    Options are on the first axis. An option with no chance is never picked, whatever the rounding.
    """
    below = np.zeros(np.shape(uniform))
    chosen = np.zeros(np.shape(uniform), dtype=np.int64)
    for index, probability in enumerate(probabilities):
        chosen = np.where((probability > 0.0) & (uniform >= below), index, chosen)
        below = below + probability
    return chosen


def expected_offer_value(acceptance: Values, gain_if_accepted: Values, continuation_value: Values) -> Floats:
    """Worth of an offer (unit of the gains): accepted with chance `acceptance`, or else the talks go on."""
    return np.asarray(acceptance * np.asarray(gain_if_accepted) + (1.0 - acceptance) * continuation_value)


def posterior(prior: Floats, likelihood: Floats) -> Floats:
    """Belief (0-1) over the other side's types (first axis) once it has been seen to act: Bayes' rule.

    `likelihood` is the chance of the act for each type. An act that no type would take teaches
    nothing: the prior stands.
    """
    joint = [belief * chance for belief, chance in zip(prior, likelihood, strict=True)]
    total = sum(joint[1:], start=joint[0])
    seen = total > 0.0
    whole = np.where(seen, total, 1.0)
    return np.stack([np.where(seen, part / whole, belief) for part, belief in zip(joint, prior, strict=True)])


# Reasons


def flip_value(values: Floats, gains: Floats, current: Values) -> Floats:
    """Value of a term, the nearest to `current`, at which the answer to a deal turns over.

    `gains` (n, ...) is the gain of accepting at each of the rising `values` (n,), linear between
    them; the answer turns where a gain of 0 or more meets one below 0. nan where it never does.
    """
    rows = [np.asarray(row, dtype=np.float64) for row in gains]
    nearest: Floats = np.full(np.broadcast_shapes(rows[0].shape, np.shape(current)), np.nan)
    distance = np.full(nearest.shape, np.inf)
    for index in range(len(rows) - 1):
        left, right = rows[index], rows[index + 1]
        turns = (left >= 0.0) != (right >= 0.0)
        part = np.where(turns, left, 0.0) / np.where(turns, left - right, 1.0)
        crossing = values[index] + part * (values[index + 1] - values[index])
        nearer = turns & (np.abs(crossing - current) < distance)
        nearest = np.where(nearer, crossing, nearest)
        distance = np.where(nearer, np.abs(crossing - current), distance)
    return nearest
