"""What restricting exports is worth to the dominant producer."""

from __future__ import annotations

import numpy as np

from model.dimensions import Floats

OPTIONS = ("open", "tighten", "licence_heavy", "licence_all", "embargo", "expand")
"""What China can do for a quarter; the index in this list is the option's code."""

MATERIALS_LICENSED = ((0, 0, 0), (0, 0, 0), (0, 0, 1), (1, 1, 1), (1, 1, 1), (0, 0, 0))
"""Which materials (bulk, magnet, heavy) an option puts under licence."""

QUOTA_STEP = (0.0, -1.0, 0.0, 0.0, 0.0, 1.0)
"""How an option moves the growth of the production quota, in units of normal growth."""

QUARTER = 0.25
"""Years for which an option is chosen."""


def expected_premium(
    blocked_share: Floats, storage_response: Floats, cover_months: Floats, most_drawn: Floats | float = 0.95
) -> Floats:
    """Log of the price abroad over the price at home at the end of a quarter of restriction.

    Buyers draw their stocks down by the blocked part of their use, but never by more than
    `most_drawn` (0-1, below 1) of them, and the log price rises each month by κ ln(cover*/cover):
    the storage rule of the market, followed for three months.
    """
    drawn = [np.minimum(blocked_share * month / cover_months, most_drawn) for month in (1, 2, 3)]
    return -storage_response * (np.log1p(-drawn[0]) + np.log1p(-drawn[1]) + np.log1p(-drawn[2]))


def restriction_profit(exports_value: Floats, cost_share: Floats, passed_share: Floats, premium: Floats) -> Floats:
    """Change in a quarter's profit from exports (unit of `exports_value`, a year's) under restriction.

    The licensed part earns the premium, the blocked part earns nothing.
    """
    before = 1.0 - cost_share
    after = passed_share * (np.exp(premium) - cost_share)
    return QUARTER * exports_value * (after - before)


def entry_cost(
    exports_value: Floats, cost_share: Floats, premium: Floats, entry_rate: Floats, discount_rate: Floats
) -> Floats:
    """Present value of the market lost to the entry that a quarter of premium provokes.

    Entrants build `entry_rate` of the market a year at double the price (Gaskins 1971), for good.
    """
    return QUARTER * entry_rate * np.expm1(premium) * exports_value * (1.0 - cost_share) / discount_rate


def quota_profit(revenue: Floats, quota_change: Floats, market_share: Floats, long_run_elasticity: Floats) -> Floats:
    """Change in a year's revenue when the production quota grows by `quota_change` (log).

    d(PQ) = PQ dq (1 - s/ε): the producer feels the fall of the price on its own share of supply.
    """
    return revenue * quota_change * (1.0 - market_share / long_run_elasticity)


def leverage_gain(cut_off_loss: Floats, partner_income: float, tension: Floats, blocked_share: Floats) -> Floats:
    """Worth of the harm shown to the partner in a quarter (unit of `partner_income`).

    It grows with what a full cut-off would cost the partner, with the tension between the two, and
    with the part of shipments that is blocked.
    """
    return QUARTER * partner_income * cut_off_loss * tension * blocked_share


def next_tension(
    tension: Floats,
    normal: Floats,
    provoked: Floats,
    restricting: Floats,
    shock: Floats,
    returning: Floats | float,
    spent: Floats | float,
) -> Floats:
    """Tension (0 or more) after a month: drawn back to `normal`, raised by provocation, spent by restriction.

    A part `returning` (0-1) of the way to normal, and a part `spent` (0-1) used up by a full
    restriction (1): it works by winning concessions, so temporary restrictions keep their leverage
    and lasting ones lose it (RFF 2025).
    """
    return np.maximum(tension + returning * (normal - tension) + provoked - spent * restricting * tension + shock, 0.0)
