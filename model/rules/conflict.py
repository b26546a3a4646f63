"""The contest of arms, what peace and war are worth, and when war begins again."""

from __future__ import annotations

import numpy as np
from scipy.special import expit

from model.dimensions import Floats

Values = Floats | float

TINY = 1e-30
SMALLEST = 1e-12
"""Keeps probabilities and rates off the ends at which a formula is not defined."""


# The contest


def contest_probability(strength_attacker: Values, strength_defender: Values, decisiveness: Values) -> Floats:
    """Chance (0-1) that the attacker wins: the ratio form m^γ/(m^γ + n^γ) of the contest success function.

    Strengths in one unit, 0 or more; even odds where nobody has any. Source: Skaperdas (1996),
    theorem 2, written in logarithms.
    """
    lead = np.log(np.maximum(strength_attacker, TINY)) - np.log(np.maximum(strength_defender, TINY))
    return expit(decisiveness * lead)


# Bargaining in the shadow of war


def preventive_incentive(shift: Values, discount: Values, destroyed_share: Values, riser_strength: Values) -> Floats:
    """What the declining side gains by fighting before the odds shift, as a share of what war leaves.

    δΔ - d/(1 - d) - p(1 - δ): `destroyed_share` d of the prize is lost to war, p is the riser's chance of
    winning now, δ the discount factor until the odds have shifted by Δ. Source: one-off case of Powell
    (2006), commitment problem.
    """
    lost = destroyed_share / np.maximum(1.0 - np.asarray(destroyed_share), SMALLEST)
    return np.asarray(discount) * shift - lost - riser_strength * (1.0 - np.asarray(discount))


# War and ceasefire


def renewal_hazard(base_hazard: Values, attack_gain: Values, inertia: Values = 0.0) -> Floats:
    """Hazard per year (0-1) that a ceasefire ends in renewed war.

    `base_hazard` where attacking gains nothing over peace; its log odds rise by `attack_gain`, put on
    their scale by the caller, and fall by `inertia`.
    """
    base = np.log(np.maximum(base_hazard, SMALLEST) / np.maximum(np.subtract(1.0, base_hazard), SMALLEST))
    return expit(base + attack_gain - inertia)


def monthly_probability(hazard_per_year: Values) -> Floats:
    """Chance (0-1) of the event within a month at a constant hazard (0 or more)."""
    return -np.expm1(-np.asarray(hazard_per_year) / 12.0)


def cumulative_probability(hazard_per_year: Values, years: Values) -> Floats:
    """Chance (0-1) of the event within so many years at a constant hazard (0 or more)."""
    return -np.expm1(-np.asarray(hazard_per_year) * years)


def willingness(gain: Values, precision: Values) -> Floats:
    """Chance (0-1) that a side is ready to stop fighting, given what stopping gains it (logit)."""
    return expit(precision * np.asarray(gain))


def expected_war_years(discount_rate: Values, ceasefire_hazard: Values, renewal_hazard: Values) -> Floats:
    """Discounted years of fighting still to come for a country now at war, from 0 to 1/r.

    (r + h)/(r(r + a + h)): war and ceasefire alternate for ever at hazards a and h per year.
    """
    rate = np.maximum(discount_rate, SMALLEST)
    return (rate + renewal_hazard) / (rate * (rate + ceasefire_hazard + renewal_hazard))


def strength_change(strength: Values, attrition_rate: Values, supply: Values, fighting: Values) -> Floats:
    """Strength (any unit, 0 or more) after a month of war (`fighting` 1), unchanged in a ceasefire (0).

    Supply arrives and a part is used up, so that strength tends to supply over attrition.
    """
    return np.maximum(strength + (supply - np.asarray(attrition_rate) * strength) * fighting, 0.0)


def reconstitution(strength: Values, target: Values, rate: Values) -> Floats:
    """Strength after a period of rest (unit of both): a part `rate` (0-1) of the way to the target."""
    return strength + np.minimum(rate, 1.0) * (np.asarray(target) - strength)


def territory_change(win_probability: Values, rate: Values) -> Floats:
    """Land the attacker gains in a period (unit of `rate`, negative when it loses land).

    `rate` is what a side certain to win takes; at even odds the front stands still.
    """
    return rate * (2.0 * np.asarray(win_probability) - 1.0)


def sanctions_cost(sanctioned_trade_share: Values, loss: Values) -> Floats:
    """Income lost to sanctions, share of GDP a year, given the trade under sanctions as a share of GDP.

    Linear, at the `loss` a year per unit of trade that is the average of history: 0.3 points of GDP
    per point of trade, spread evenly over the five years to which the estimate refers; concentrated
    exporters lose more. Source: Bernstein et al. (2025).
    """
    return loss * np.asarray(sanctioned_trade_share)
