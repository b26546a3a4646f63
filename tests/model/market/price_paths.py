"""Prices of many worlds month by month, and what storers expected of them, for the tests of prices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from model import GeopoliticalEconomy, preset
from model.array_axes import CN, MAGNET, RW, total

CALM = {"demand_volatility": 0, "accident_rate": 0, "bulk_growth": 0, "magnet_growth": 0, "quota_growth": 0}
"""No news, no accidents, no growth."""
OPEN = {"china_policy": "open", "stockpile_budget": 0}


@dataclass(frozen=True)
class Paths:
    """Log prices over the base at home in China and abroad, (month, material, worlds), and the last model."""

    home: np.ndarray
    abroad: np.ndarray
    unexpected: np.ndarray
    """What storers of magnet material did not expect of next month's log price, (month, worlds)."""
    known: np.ndarray
    """What they knew: log of stock over normal, shortage, substitution, (month, 3, worlds)."""
    model: GeopoliticalEconomy


def paths(worlds: int, months: int, name: str = "documented", **changes: Any) -> Paths:
    """A run in single precision, price by price."""
    model = GeopoliticalEconomy(
        preset(name, **changes), worlds=worlds, months=months, rng=1, record="outcomes", precision="single"
    )
    storers, seen = model.market._storers, []
    look_ahead = storers.look_ahead

    def look(*arguments: Any) -> Any:
        seen.append(look_ahead(*arguments))
        return seen[-1]

    storers.look_ahead = look  # type: ignore[method-assign]
    rows: list[np.ndarray] = []
    expected, known = [], []
    while model.month < months:
        model.step()
        market, outlook, rule = model.market.state, seen[-1], storers.rule
        rows.append(market.log_price[[CN, RW]])
        x, p = market.log_price[CN, MAGNET], model.setting.p
        normal = total(market.demand_scale * np.exp(market.demand_level))[MAGNET] * np.exp(-market.shortage[MAGNET])
        stock = np.log(total(market.stock)[MAGNET] / (p.cover_months * normal))
        spread, habit = rule.stock[MAGNET] * p.cover_months, rule.habit[MAGNET] * p.expectation_gain
        expected.append(outlook.expected[MAGNET] + habit * x - spread * stock)
        known.append([stock, outlook.shortage[MAGNET], outlook.gap[MAGNET] - outlook.shortage[MAGNET]])
    model.close()
    home, abroad = np.stack(rows).swapaxes(0, 1)
    unexpected = home[1:, MAGNET] - np.stack(expected)[:-1]
    return Paths(home, abroad, unexpected, np.array(known), model)


@dataclass(frozen=True)
class Moments:
    """Moments of monthly changes of log prices, pooled over worlds."""

    sd: float
    first: float
    """First autocorrelation."""
    kurtosis: float
    """Beyond that of a normal distribution."""
    year_sd: float
    """Of changes over twelve months."""
    level_skew: float


def moments(x: np.ndarray) -> Moments:
    """Of log prices (month, worlds)."""
    x = x.astype(np.float64)
    change = np.diff(x, axis=0)
    change = change - change.mean()
    variance, level = np.mean(change**2), np.exp(x) - np.exp(x).mean()
    return Moments(
        sd=variance**0.5,
        first=float(np.mean(change[1:] * change[:-1]) / variance),
        kurtosis=float(np.mean(change**4) / variance**2 - 3),
        year_sd=float((x[12:] - x[:-12]).std()),
        level_skew=float(np.mean(level**3) / level.std() ** 3),
    )


def explained(y: np.ndarray, known: np.ndarray) -> float:
    """Part of the variance of y (month, worlds) that what is known (month, 3, worlds) explains, linearly."""
    columns = np.stack([each.ravel() for each in known.swapaxes(0, 1)], axis=1).astype(np.float64)
    design, target = np.column_stack([columns, np.ones(len(columns))]), y.ravel().astype(np.float64)
    fit = design @ np.linalg.lstsq(design, target, rcond=None)[0]
    return float(1 - np.var(target - fit) / np.var(target))
