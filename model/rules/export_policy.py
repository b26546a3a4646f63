"""What restricting exports is worth to the dominant producer."""

from __future__ import annotations

import numpy as np

from model.array_axes import Floats
from model.rules.market import TINY

OPTIONS = ("open", "tighten", "licence_heavy", "licence_all", "embargo", "expand")
"""What China can do for a quarter; the index in this list is the option's code."""

MATERIALS_LICENSED = ((0, 0, 0), (0, 0, 0), (0, 0, 1), (1, 1, 1), (1, 1, 1), (0, 0, 0))
"""Which materials (bulk, magnet, heavy) an option puts under licence."""

QUOTA_STEP = (0.0, -1.0, 0.0, 0.0, 0.0, 1.0)
"""How an option moves the growth of the production quota, in units of normal growth."""

QUARTER = 0.25
"""Years for which an option is chosen."""


FASTEST_CUT, FASTEST_GROWTH = -0.10, 0.30
"""Growth of the production quota in a year, at the least and at the most, log: ours."""


def quota_growth(trend: Floats, response: Floats, price: Floats) -> Floats:
    """Growth of the production quota in a month (log): the `trend` of use, and more where the smoothed price is high.

    `price` is its log over the base; both sides of the base count alike, as a dead band would park the price at its
    edge. Quotas of 2018-2025 on the price of neodymium: .15 (standard error .07); of 2018-2024 on prices weighted by
    value: .16 (.05).
    """
    result: Floats = np.clip(trend + response * price, FASTEST_CUT, FASTEST_GROWTH) / 12
    return result


def next_trend(trend: Floats, growth: Floats, gain: Floats) -> Floats:
    """The trend of use (log a year) after a month in which it grew at a yearly rate of `growth`, at most 1 either way.

    Adaptive, by `gain` a year; where that is large the quota overshoots.
    """
    result: Floats = trend + gain / 12 * (np.clip(growth, -1.0, 1.0) - trend)
    return result


def expected_premium(blocked_share: Floats, weight: Floats, most: Floats) -> Floats:
    """Log of the price abroad over the price at home when exports are restricted, at most `most`.

    Competitive storage: `weight` per log of what is withheld, as the restriction is expected to last.
    """
    return np.minimum(-weight * np.log(np.maximum(1.0 - blocked_share, TINY)), most)


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


def quota_profit(
    revenue: Floats, quota_change: Floats, market_share: Floats, long_run_elasticity: Floats, cost_share: Floats
) -> Floats:
    """Change in a year's profit when the production quota grows by `quota_change` (log).

    d(PQ - CQ) = PQ dq (1 - s/ε - c): the producer feels the fall of the price on its own share s of supply, and what it
    adds costs the part c of the price. At s = ε (1 - c) it has nothing to gain either way.
    """
    return revenue * quota_change * (1.0 - market_share / long_run_elasticity - cost_share)


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
