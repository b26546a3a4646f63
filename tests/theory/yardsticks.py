"""Solutions of the theory that no month of the model calls: what its limits are measured against."""

from __future__ import annotations

import numpy as np
from scipy.special import logit

from model.array_axes import Floats, Integers, Truths
from model.rules.conflict import contest_probability

Values = Floats | float
Counts = Integers | Floats | int

SMALLEST = 1e-12
"""Keeps probabilities off 0 and 1 and divisors off 0."""

# Bargaining


def nash_shares(
    disagreement_first: Values, disagreement_second: Values, surplus: Values, weight: Values = 0.5
) -> tuple[Floats, Floats]:
    """What each side gets of `surplus` (any unit) under the Nash bargaining solution.

    Each gets its disagreement payoff and its part, `weight` (0-1) for the first, of what is left.
    Where nothing is left there is no agreement and each keeps its disagreement payoff. Source: Nash
    (1950); with weights Kalai (1977).
    """
    gain = np.maximum(np.asarray(surplus) - disagreement_first - disagreement_second, 0.0)
    first: Floats = disagreement_first + weight * gain
    second: Floats = disagreement_second + (1.0 - weight) * gain
    return first, second


def nash_product(gain_a: Values, gain_b: Values) -> Floats:
    """Product of the two sides' gains over no deal, 0 where either would lose: Nash's maximand."""
    product: Floats = np.maximum(gain_a, 0.0) * np.maximum(gain_b, 0.0)
    return product


def rubinstein_limit(rate_first: Values, rate_second: Values) -> Floats:
    """Share (0-1) of the first side as the time between offers goes to nought: r₂/(r₁ + r₂).

    Discount rates in any one unit of time; a half where nobody discounts. Source: Binmore,
    Rubinstein and Wolinsky (1986).
    """
    total = np.asarray(rate_first) + rate_second
    share: Floats = np.where(total > 0.0, rate_second / np.where(total > 0.0, total, 1.0), 0.5)
    return share


def chatterjee_samuelson_bids(
    value: Values, cost: Values, low: Values = 0.0, high: Values = 1.0
) -> tuple[Floats, Floats]:
    """What a buyer worth `value` bids and a seller with `cost` asks, in sealed bids (unit of both).

    Linear equilibrium of the split-the-difference double auction when each knows only that the
    other's number is uniform between `low` and `high`: both shade towards the middle. Source:
    Chatterjee and Samuelson (1983), uniform case.
    """
    bid: Floats = np.asarray(2.0 * np.asarray(value) / 3.0 + high / 12.0 + low / 4.0)
    ask: Floats = np.asarray(2.0 * np.asarray(cost) / 3.0 + high / 4.0 + low / 12.0)
    return bid, ask


def chatterjee_samuelson_trade(bid: Values, ask: Values) -> tuple[Truths, Floats]:
    """Whether sealed bids meet, and the price halfway between them (nan where they do not meet)."""
    trade: Truths = np.asarray(bid) >= ask
    price: Floats = np.where(trade, 0.5 * (np.asarray(bid) + ask), np.nan)
    return trade, price


# War, and bargaining in its shadow


def tullock_efforts(value_first: Values, value_second: Values, decisiveness: Values = 1.0) -> tuple[Floats, Floats]:
    """What each side spends, in the unit of the prize, in the equilibrium of a contest with linear cost.

    γ p (1 - p) times the worth of the prize to each, p the equilibrium chance of the first. In pure
    strategies only while 1 + (smaller/larger)^γ is at least γ. Source: Tullock (1980); unequal
    values Nti (1999).
    """
    win = contest_probability(value_first, value_second, decisiveness)
    stake = decisiveness * win * (1.0 - win)
    return stake * value_first, stake * value_second


def fearon_demand(win_probability: Values, cost_demander: Values, low: Values, high: Values) -> Floats:
    """Share of the prize (0-1) to demand of an opponent whose cost of war is uniform from `low` to `high`.

    p + max(l, (h - c)/2), costs in units of the prize, and never more than all of it: the risk-return
    trade-off. Source: Fearon (1995), private information.
    """
    demand: Floats = np.minimum(win_probability + np.maximum(low, 0.5 * (np.asarray(high) - cost_demander)), 1.0)
    return demand


def fearon_war_probability(demand: Values, win_probability: Values, low: Values, high: Values) -> Floats:
    """Chance (0-1) that an opponent rather fights than grants `demand`: that its cost is below demand - p.

    Source: Fearon (1995), private information.
    """
    excess = np.asarray(demand) - win_probability - low
    width = np.asarray(high) - low
    spread = np.clip(excess / np.where(width > 0.0, width, 1.0), 0.0, 1.0)
    probability: Floats = np.where(width > 0.0, spread, excess > 0.0)
    return probability


def power_shift_threshold(discount: Values, destroyed_share: Values, riser_strength: Values) -> Floats:
    """Shift of the odds (0-1, more is never) beyond which the declining side fights at once.

    (d/(1 - d) + p(1 - δ))/δ: `destroyed_share` d of the prize is lost to war, p is the riser's chance
    of winning now, δ the discount factor until the shift is complete; inf where the future is worth
    nothing. Source: one-off case of Powell (2006), commitment problem.
    """
    destroyed = destroyed_share / np.maximum(1.0 - np.asarray(destroyed_share), SMALLEST)
    lost = destroyed + riser_strength * (1.0 - np.asarray(discount))
    counts = np.asarray(discount) > 0.0
    threshold: Floats = np.where(counts, lost / np.maximum(discount, SMALLEST), np.inf)
    return threshold


def expected_war_years(
    discount_rate: Values, ceasefire_hazard: Values, renewal_hazard: Values
) -> tuple[Floats, Floats]:
    """Discounted years of fighting still to come, from war on and from a ceasefire on.

    (r + h)/(r(r + a + h)) and h/(r(r + a + h)): war and ceasefire alternate for ever at hazards a and h a year.
    """
    rate = np.maximum(discount_rate, SMALLEST)
    both = rate * (rate + ceasefire_hazard + renewal_hazard)
    from_war: Floats = (rate + renewal_hazard) / both
    from_ceasefire: Floats = renewal_hazard / both
    return from_war, from_ceasefire


# What a guarantee signals


def honours_commitment(value_of_defending: Values, cost_of_war: Values, audience_cost: Values) -> Truths:
    """Whether a leader whose promise is tested fights: it is worth no less than to pay for standing aside.

    What was sunk in advance is not in it: a sunk cost ties nobody. Source: Fearon (1997).
    """
    honours: Truths = np.asarray(value_of_defending) - cost_of_war >= -np.asarray(audience_cost)
    return honours


def sunk_cost_threshold(win_probability: Values, cost_of_war: Values) -> Floats:
    """Least interest (unit of cost) of a guarantor that signals by sinking costs.

    c/p, that of one who would fight anyway; inf where war is hopeless. Source: Fearon (1997).
    """
    win = np.asarray(win_probability)
    threshold: Floats = np.where(win > 0.0, cost_of_war / np.maximum(win, SMALLEST), np.inf)
    return threshold


def hand_tying_threshold(win_probability: Values, cost_of_war: Values, undeterred_share: Values) -> Floats:
    """Least interest (unit of cost) of a guarantor that signals by tying its hands, all of whom then fight.

    kc/(1 - k + kp): challengers attack whatever is promised with chance k = `undeterred_share`, all
    others never do so against a guarantor sure to fight. Lies below `sunk_cost_threshold`: tied
    hands deter for more interests and bring more wars. Source: Fearon (1997), for two kinds of
    challenger.
    """
    undeterred = np.asarray(undeterred_share)
    deterred = 1.0 - undeterred + undeterred * win_probability
    met = undeterred * np.asarray(cost_of_war)
    threshold: Floats = np.where(deterred > 0.0, met / np.maximum(deterred, SMALLEST), np.inf)
    return threshold


def separating_sunk_cost(win_probability: Values, cost_of_war: Values, undeterred_share: Values) -> Floats:
    """Cost to be sunk (unit of cost) that only those who would fight find worth while: (1 - k) c/p."""
    cost: Floats = (1.0 - np.asarray(undeterred_share)) * sunk_cost_threshold(win_probability, cost_of_war)
    return cost


def separating_audience_cost(win_probability: Values, cost_of_war: Values, undeterred_share: Values) -> Floats:
    """Audience cost (unit of cost) from which on all who tie their hands fight: c - p v at the threshold."""
    least = hand_tying_threshold(win_probability, cost_of_war, undeterred_share)
    finite = np.where(np.isfinite(least), least, 0.0)
    cost: Floats = np.maximum(cost_of_war - np.asarray(win_probability) * finite, 0.0)
    return cost


# The dominant producer


def lerner_index(share: Floats | float, demand_elasticity: Floats | float, fringe_elasticity: Floats | float) -> Floats:
    """Static mark-up of a dominant firm, (P - c)/P = s/(ε + (1 - s)η); raises where it reaches one.

    At the shares of today's market and elasticities of a year no static optimum exists: entry and
    substitution, not the mark-up, hold the dominant producer back (ValueError says so).
    """
    index = np.asarray(share) / (
        np.asarray(demand_elasticity) + (1 - np.asarray(share)) * np.asarray(fringe_elasticity)
    )
    if np.any(index >= 1):
        raise ValueError(
            f"share={np.max(share):.3g}: the static Lerner index is {np.max(index):.3g}, allowed below 1; "
            "use entry over time (limit_pricing_fringe_share) instead of a static mark-up"
        )
    return index


def limit_pricing_fringe_share(
    demand_elasticity: Floats | float,
    cost_advantage: Floats | float,
    entry_rate: Floats | float,
    discount_rate: Floats | float,
) -> Floats:
    """Long-run market share of the fringe under limit pricing: 1 - εa - k'a/r (Gaskins 1971)."""
    return np.asarray(1 - demand_elasticity * cost_advantage - entry_rate * cost_advantage / discount_rate)


def hotelling_prices(choke_price: float, stock: float, discount_rate: float) -> tuple[float, float]:
    """Prices of two periods at which a costless stock is sold under demand q = choke - p (Hotelling 1931).

    The price rises at the rate of interest and the stock is used up.
    """
    first = (2 * choke_price - stock) / (2 + discount_rate)
    return first, first * (1 + discount_rate)


# Two levels


def pivotal_share(middle_share: Values, spread: Values, seats: Counts, quota: Counts) -> Floats:
    """Largest share (0-1) to the other side that still finds `quota` of `seats` votes.

    Deputies' limits are logistic around `middle_share` with scale `spread`, so the vote that decides
    is the one of the quota in their order: the median under simple majority, and a lower limit the
    higher the quota.
    """
    rank = np.clip((np.asarray(quota) - 0.5) / np.maximum(seats, 1.0), SMALLEST, 1.0 - SMALLEST)
    share: Floats = np.clip(middle_share - spread * logit(rank), 0.0, 1.0)
    return share


def win_set_bound(nash_share: Values, ratifiable_share: Values) -> Floats:
    """Share (0-1) the other side gets when the bargain must also be ratified: the smaller of the two.

    A side whose hands are tied at home gives away less. Source: Schelling (1960), Putnam (1988).
    """
    share: Floats = np.minimum(nash_share, ratifiable_share)
    return share


# War


def cumulative_probability(hazard_per_year: Values, years: Values) -> Floats:
    """Chance (0-1) of the event within so many years at a constant hazard (0 or more)."""
    return -np.expm1(-np.asarray(hazard_per_year) * years)
