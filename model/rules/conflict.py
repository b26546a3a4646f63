"""The contest of arms, what peace and war are worth, and when war begins again."""

from __future__ import annotations

import numpy as np

from model.array_axes import Floats, Truths

Values = Floats | float

TINY = 1e-30


# The contest


def contest_probability(strength_attacker: Values, strength_defender: Values, decisiveness: Values) -> Floats:
    """Chance (0-1) that the attacker wins: the ratio form m^γ/(m^γ + n^γ) of the contest success function.

    Strengths in one unit, 0 or more; even odds where nobody has any. Source: Skaperdas (1996),
    theorem 2, written in logarithms.
    """
    return 0.5 + 0.5 * contest_lead(strength_attacker, strength_defender, decisiveness)


def contest_lead(strength_attacker: Values, strength_defender: Values, decisiveness: Values) -> Floats:
    """The attacker's lead in a contest, 2p - 1 (-1 to 1): nought at even odds."""
    lead = np.log(np.maximum(strength_attacker, TINY)) - np.log(np.maximum(strength_defender, TINY))
    result: Floats = np.tanh(0.5 * decisiveness * lead)
    return result


def standing_share(goes_on: Values, hinges: Values, stands: Truths) -> Floats:
    """Part of an ally's support that stands (0-1): what goes on anyway, and what hinges on a deal where it `stands`."""
    return np.minimum(goes_on + hinges * stands, 1.0)


# War and ceasefire


def monthly_probability(hazard_per_year: Values) -> Floats:
    """Chance (0-1) of the event within a month at a constant hazard (0 or more)."""
    return -np.expm1(-np.asarray(hazard_per_year) / 12.0)


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
