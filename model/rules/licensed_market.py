"""China's licences: what they let through, what producers hold back, and prices inside and outside."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from model.array_axes import Floats, Truths, total
from model.rules.market import TINY
from model.rules.storage import market_price, taken


class Pools(NamedTuple):
    """Buyers inside a licence and outside, and what is for sale to them, each (2, ..., worlds)."""

    available: Floats  #: stock and supply, t
    use: Floats  #: use at the base price, t/month
    stock: Floats  #: stock wanted at the base price but for expectations, t


def pools(
    supply: Floats,
    stock: Floats,
    use: Floats,
    wanted_stock: Floats,
    capped: Floats,
    shipped: Floats,
    held_back: Floats,
    licensor: int,
) -> Pools:
    """The buyers marked 1 in `capped` and the others, given what the `licensor` ships to the former (t/month).

    All other suppliers sell to the capped, where the price is higher; `held_back` (t) is for sale to nobody.
    """
    others, home = total(supply) - supply[licensor], supply[licensor] - shipped - held_back

    def split(goods: Floats) -> Floats:
        inside = total(goods * capped)
        return np.stack([inside, total(goods) - inside])

    return Pools(split(stock) + np.stack([others + shipped, home]), split(use), split(wanted_stock))


def spatial_equilibrium(
    pools: Pools,
    shipped: Floats,
    everyone: Floats,
    shifts: Floats,
    elasticity: Floats,
    steepness: Floats,
    choke: Floats,
) -> tuple[Floats, Truths]:
    """Log prices inside and outside (2, ..., worlds), and whether the licence binds (..., worlds).

    Spatial price equilibrium (Samuelson 1952; Takayama and Judge 1971) of two groups of buyers. The licence binds where
    less is `shipped` than those inside would import at the price without it, at which `everyone` buys; the difference
    of the two log prices is its shadow price. At home producers hold back what they may not export, as far as they can,
    so that the price there is the one without the licence, and below that where `pools` has them hold all they can.
    `shifts` (2, ..., worlds) is what expectations add to the logs of stocks; those outside are of everyone.
    """
    used, stored, unsold = taken(everyone, shifts[1], elasticity, steepness, choke)
    wanted = (pools.use[0] * used + pools.stock[0] * stored) * (1.0 + unsold)
    binding = (shipped < wanted - (pools.available[0] - shipped)) & (pools.use[0] > 0)
    prices = market_price(*pools, shifts, elasticity, steepness, choke)
    np.maximum(prices[0], everyone, out=prices[0])
    np.minimum(prices[1], everyone, out=prices[1])
    return np.where(binding, prices, everyone), binding


def passing_gap(use: Floats, supply: Floats, lasting: Floats) -> Floats:
    """Log of demand at the base price over supply in one pool, beyond the `lasting` gap of the whole market."""
    result: Floats = np.log(np.maximum(use, TINY) / np.maximum(supply, TINY)) - lasting
    return result


def persistence(months: Floats, outlook: Floats) -> Floats:
    """Chance (0-1) that a licence that has lasted so many months lasts another: it is expected to last as long again.

    And `outlook` months more, so that the hazard of its end falls, 1 / (outlook + months).
    """
    result: Floats = 1.0 - 1.0 / (outlook + months)
    return result


def still_there(months: Floats, outlook: Floats, years: Floats) -> Floats:
    """Chance (0-1) that a licence that has lasted so many months is there in so many years, by the same hazard."""
    result: Floats = (outlook + months) / (outlook + months + 12 * years)
    return result


def mean_so_far(mean: Floats, now: Floats, months: Floats) -> Floats:
    """Mean of a number over so many months and this one."""
    result: Floats = mean + (now - mean) / (months + 1.0)
    return result
