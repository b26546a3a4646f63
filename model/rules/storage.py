"""Competitive storage in closed form: what stock, demand, substitution, habit and passing gaps do to the price.

All logs of prices are over the base price; the unit of time is a month.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from model.array_axes import Floats, Integers, Truths, at_least
from model.rules.market import TINY

STEPS = {4: 3, 8: 4}
"""Bytes of a number -> Halley steps of the clearing price, to the digits it holds; fixed, so that no world waits."""
STEPS_AT_BOUNDS = {4: 5, 8: 8}
"""Bytes of a number -> Newton steps where the price is near the choke or the floor."""
BISECTIONS = 50
FLOOR = float(np.log(0.1))
"""Log of the price below which producers keep what they have, over the base price: ours."""
ONSET = 1.0
"""Log distance from the choke or the floor within which it is felt."""
SHARPNESS = float(4.65 / np.log(49 / 20))
"""Of the choke: at 49/20 of its price demand is e^-104, none; nothing finite drives a price beyond that."""


class StorageRule(NamedTuple):
    """The log price x = -A s + B u + C X + Q m + V v.

    s is the stock (deviation, months of supply), u the lasting gap of demand over supply, X substitution, m the
    smoothed price and v a passing gap (all logs). Arrays like the parameters it is made of.
    """

    stock: Floats  #: A
    demand: Floats  #: B
    substitution: Floats  #: C
    habit: Floats  #: Q
    carry: Floats  #: what a month of waiting keeps of a gap: cover x A / response
    spread: Floats  #: cover x A + response
    own: Floats  #: what the price itself takes off the log of stocks, times `spread`
    response: Floats  #: kappa
    habit_gain: Floats  #: gamma

    @property
    def steepness(self) -> Floats:
        """Elasticity of the stock held."""
        result: Floats = self.own / self.spread
        return result

    def passing(self, persistence: Floats) -> Floats:
        """V: the price of a gap of which `persistence` (0-1) is expected to be left after each month."""
        result: Floats = self.demand / (1.0 + self.carry * (1.0 - persistence))
        return result


def storage_rule(
    elasticity: Floats,
    cover: Floats,
    response: Floats,
    habit_gain: Floats,
    quota_feedback: Floats,
    slow_elasticity: Floats,
    adjustment: Floats,
) -> StorageRule:
    """The rule of buyers who hold S = cover x use x exp((E x' - x) / response), by undetermined coefficients.

    They know that m' = m + habit_gain (x - m), X' = X + adjustment (-slow_elasticity m - X) and that supply grows by
    quota_feedback x m. Supply of storage: Working (1949), Brennan (1958); linear, it is Muth (1961), and with response
    to 0 the martingale of Deaton and Laroque (1992). A is the one positive root of a rising function, found by
    bisection of its log in double precision.
    """
    given = (elasticity, cover, response, habit_gain, quota_feedback, slow_elasticity, adjustment)
    e, c, k, gain, quota, slow, speed = (each.astype(np.float64) for each in np.broadcast_arrays(*given))
    ratio = c / k

    def coefficients(stock: Floats) -> tuple[Floats, Floats, Floats]:
        carry = ratio * stock
        demand = stock * (1.0 + c + carry)
        substitution = demand / (1.0 + carry * speed)
        habit = -carry * (demand * quota + substitution * slow * speed) / (1.0 + carry * gain)
        return demand, substitution, habit

    low, high = np.full(e.shape, -12.0), np.full(e.shape, 6.0)
    for _ in range(BISECTIONS):
        middle = 0.5 * (low + high)
        stock = np.exp(middle)
        left = stock * (e * (1.0 + c + ratio * stock) - ratio * gain * coefficients(stock)[2])
        low, high = np.where(left < 1.0, middle, low), np.where(left < 1.0, high, middle)
    stock = np.exp(0.5 * (low + high))
    demand, substitution, habit = coefficients(stock)
    spread, own = c * stock + k, 1.0 - habit * gain + k * e
    numbers = (stock, demand, substitution, habit, ratio * stock, spread, own, k, gain)
    return StorageRule(*(each.astype(elasticity.dtype) for each in numbers))


def stock_shift(rule: StorageRule, expected: Floats, gap: Floats, choke: Floats) -> Floats:
    """Log of the stock wanted at the base price over cover x normal supply.

    `expected` is next month's log price but for what the stock left and this month's price do to it, `gap` the log of
    this month's use at the base price over normal supply. Nobody stores for a price beyond the `choke`.
    """
    hat = np.minimum(at_least(expected, FLOOR), choke)
    hat += rule.response * gap
    np.minimum(hat, choke * rule.own, out=hat)
    hat /= rule.spread
    return hat


def clearing_log_price(use: Floats, stock: Floats, elasticity: Floats, steepness: Floats) -> Floats:
    """Log price at which use and stock take all there is: e^(use - elasticity x) + e^(stock - steepness x) = 1.

    `use` and `stock` are logs of what is wanted at the base price over what is available. Halley's method on the log
    of the convex decreasing left side, begun at the larger root of the two terms.
    """
    x: Floats = np.maximum(use / elasticity, stock / steepness)  # neither term is above one from here on
    steeper = steepness - elasticity
    for _ in range(STEPS[x.itemsize]):
        held = np.exp(stock - steepness * x)
        taken = np.exp(use - elasticity * x)
        taken += held
        held /= taken
        gap = np.log(taken, out=taken)
        curvature = steeper * held
        slope = elasticity + curvature
        curvature *= steeper
        curvature *= 1.0 - held
        curvature *= 0.5 * gap
        gap *= slope
        x += gap / (np.square(slope) - curvature)
    return x


def market_price(
    available: Floats,
    use: Floats,
    stock: Floats,
    shift: Floats,
    elasticity: Floats,
    steepness: Floats,
    choke: Floats,
) -> Floats:
    """Log price at which use and stock take what is `available` (all t), the log of stock moved by `shift`.

    Above the choke users and storers leave for a backstop (Nordhaus 1973), below the floor producers keep what they
    have; both are looked at only where they are near.
    """
    goal = np.log(at_least(available, TINY))
    log_use = np.log(at_least(use, TINY)) - goal
    log_stock = np.log(at_least(stock, TINY))
    log_stock += shift
    log_stock -= goal
    x = clearing_log_price(log_use, log_stock, elasticity, steepness)
    near = np.nonzero(near_bounds(x, choke))
    if near[0].size:
        given = (x, log_use, log_stock, elasticity, steepness, choke)
        x[near] = bounded_log_price(*(_at(each, near) for each in given))
    return x


def _at(numbers: Floats, cells: tuple[Integers, ...]) -> Floats:
    """The numbers in some cells, given by the index on each axis, of an array that may lack the first axes."""
    result: Floats = numbers[cells[len(cells) - numbers.ndim :]]
    return result


def near_bounds(log_price: Floats, choke: Floats) -> Truths:
    """Where the choke or the floor is felt."""
    return (log_price > choke - ONSET) | (log_price < FLOOR + ONSET)


def bounded_log_price(
    log_price: Floats, use: Floats, stock: Floats, elasticity: Floats, steepness: Floats, choke: Floats
) -> Floats:
    """The clearing price where the choke or the floor is felt, by Newton's method from the one without them."""
    lead, steeper = stock - use, steepness - elasticity

    def excess(x: Floats) -> tuple[Floats, Floats]:
        return _log_sum(use - elasticity * x, lead - steeper * x)

    side = np.sign(log_price)  # only one bound is near
    bound = np.where(side > 0, choke, choke.dtype.type(FLOOR))
    most = side * bound + np.log(np.maximum(side * excess(bound)[0], 1.0)) / SHARPNESS
    x: Floats = side * np.minimum(side * log_price, most)
    for _ in range(STEPS_AT_BOUNDS[x.itemsize]):
        gap, part = excess(x)
        left = np.exp(np.minimum(SHARPNESS * side * (x - bound), 12.0))
        left *= left > _AT_ONSET
        gap -= side * np.maximum(left - _AT_ONSET, 0.0)
        x += gap / (elasticity + steeper * part + SHARPNESS * left)
    return x


def taken(
    log_price: Floats, shift: Floats, elasticity: Floats, steepness: Floats, choke: Floats
) -> tuple[Floats, Floats, Floats]:
    """Parts of what is wanted at the base price that are used and stored, and what is unsold over both.

    Above the choke some of use and stock leaves; what producers do not sell at the floor comes on top.
    """
    used: Floats = -elasticity * log_price
    stored: Floats = shift - steepness * log_price
    unsold = np.zeros_like(used)
    near = np.nonzero(near_bounds(log_price, choke))
    if near[0].size:
        price = log_price[near]
        left = beyond(price - _at(choke, near))
        used[near] -= left
        stored[near] -= left
        unsold[near] = np.expm1(beyond(FLOOR - price))
    return np.exp(used, out=used), np.exp(stored, out=stored), unsold


def beyond(distance: Floats) -> Floats:
    """Log of the demand that leaves at so much (log) above the choke, or of supply kept below the floor; 0 far away."""
    result: Floats = np.exp(np.minimum(SHARPNESS * distance, 12.0)) - _AT_ONSET
    return np.maximum(result, 0.0, out=result)


_AT_ONSET = float(np.exp(-SHARPNESS * ONSET))


def _log_sum(first: Floats, apart: Floats) -> tuple[Floats, Floats]:
    """log(e^first + e^(first + apart)), safe for any numbers, and the second's part in the sum."""
    smaller: Floats = np.exp(-np.abs(apart))
    result: Floats = np.log1p(smaller)
    result += first
    result += np.maximum(apart, 0.0)
    part: Floats = np.maximum(smaller, apart > 0)
    smaller += 1.0
    part /= smaller
    return result, part
