"""What governments of buyers do about prices and cut-offs: floors under the price, and a strategic stockpile."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from model.array_axes import Floats, Truths, at_least, total
from model.rules.market import share_of
from model.units import BN_USD_PER_T_AT_1_USD_PER_KG as BN


def floor_payment(price: Floats, floor: Floats, sold: Floats) -> Floats:
    """What a floor under the price costs whoever grants it (bn USD, if `sold` is in t and prices in USD/kg)."""
    return np.maximum(floor - price, 0.0) * sold * BN


def returned_payment(price: Floats, above: float, share: float, sold: Floats, most: float) -> Floats:
    """What sellers give back (bn USD, at most `most`): a `share` of what the price is above a line (USD/kg)."""
    return np.minimum(share * np.maximum(price - above, 0.0) * sold * BN, most)


LARGEST_PURCHASE = 0.1
"""Part of a month's supply that a stockpile buys at the most: ours."""


def stockpile_order(
    money: Floats, price: Floats, wanted: Floats, supply: Floats, pile: Floats, cut_off: Truths, lacking: Floats
) -> Floats:
    """What a stockpile buys in a month (material, worlds), t, negative where it releases.

    While nothing is cut off `money` (worlds,; bn USD) is spent on what is `wanted` (t/month) in proportion to its worth
    at the `price` (USD/kg), but at most on a tenth of the world's `supply` (t); what is cut off is released as far as
    it is `lacking` (t) and in the `pile` (t).
    """
    worth = price * wanted
    bought = money * share_of(worth, total(worth)) / (price * BN)
    return np.where(cut_off, -np.minimum(pile, lacking), np.minimum(bought, LARGEST_PURCHASE * supply))


class Stockpile(NamedTuple):
    """A strategic stockpile, each (material, worlds)."""

    held: Floats  #: t
    cost: Floats  #: what was paid for it, bn USD

    def after(self, order: Floats, price: Floats) -> Stockpile:
        """The pile after a month's `order` (t) at a `price` (USD/kg); users buy back at what it cost."""
        if not order.any():
            return self
        bought, released = at_least(order, 0.0), np.minimum(order, 0.0)
        paid = bought * price * BN + self.cost * share_of(released, self.held)
        return Stockpile(at_least(self.held + order, 0.0), at_least(self.cost + paid, 0.0))
