"""China's licences: what they let through, what producers hold back, and prices inside and outside."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from model.dimensions import Floats, Truths, total
from model.rules.market import TINY
from model.rules.storage import market_price


class Pool(NamedTuple):
    """A group of buyers and what is for sale to them, each (..., worlds)."""

    available: Floats  #: stock and supply, t
    use: Floats  #: use at the base price, t/month
    stock: Floats  #: stock wanted at the base price but for expectations, t


def pools(
    supply: Floats, stock: Floats, use: Floats, wanted_stock: Floats, capped: Floats, shipped: Floats, held_back: Floats,
    licensor: int,
) -> tuple[Pool, Pool]:  # fmt: skip
    """The buyers marked 1 in `capped` and the others, given what the `licensor` ships to the former (t/month).

    All other suppliers sell to the capped, where the price is higher; `held_back` (t) is for sale to nobody.
    """
    others, home = total(supply) - supply[licensor], supply[licensor] - shipped - held_back
    free = 1 - capped
    return (
        Pool(total(stock * capped) + others + shipped, total(use * capped), total(wanted_stock * capped)),
        Pool(total(stock * free) + home, total(use * free), total(wanted_stock * free)),
    )


def spatial_equilibrium(
    inside: Pool,
    outside: Pool,
    everyone: Floats,
    shifts: tuple[Floats, Floats],
    elasticity: Floats,
    steepness: Floats,
    choke: Floats,
) -> tuple[Floats, Floats, Truths]:
    """Log prices inside and outside, and whether the licence binds, each (..., worlds).

    Spatial price equilibrium (Samuelson 1952; Takayama and Judge 1971) of two groups of buyers. Where the licence does
    not bind there is one price, that at which `everyone` buys. The difference of the two log prices is the licence's
    shadow price. `shifts` is what expectations add to the logs of stocks inside and outside.
    """
    prices = [
        market_price(pool.available, pool.use, pool.stock, shift, elasticity, steepness, choke)
        for pool, shift in zip((inside, outside), shifts, strict=True)
    ]
    binding = (prices[0] > prices[1]) & (inside.use > 0)
    return np.where(binding, prices[0], everyone), np.where(binding, prices[1], everyone), binding


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


def held_back(stock: Floats, blocked: Floats, most: Floats) -> Floats:
    """What producers keep of the exports that are blocked (t) a month later: all of it, but no more than `most`.

    Where more than the normal amount may leave (`blocked` below 0) they sell it off.
    """
    result: Floats = np.clip(stock + blocked, 0.0, most)
    return result


def mean_so_far(mean: Floats, now: Floats, months: Floats) -> Floats:
    """Mean of a number over so many months and this one."""
    result: Floats = mean + (now - mean) / (months + 1.0)
    return result
