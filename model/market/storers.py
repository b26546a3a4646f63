"""What storers expect of next month's price, and the stock they want for it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from model.dimensions import CN, MATERIALS, MINE, Floats, total
from model.market.news import News
from model.parameters.table import WorldParameters
from model.rules import storage as rules
from model.rules.market import TINY
from model.rules.storage import StorageRule
from model.states.market import MarketState
from model.states.setting import Setting


def read_rule(p: WorldParameters, china_share: Floats) -> StorageRule:
    """The storage rule where China mines so much of the world's material (any shape of worlds), 0-1."""
    slow = np.maximum(p.long_run_elasticity - p.demand_elasticity, 0.0)
    return rules.storage_rule(
        p.demand_elasticity, p.cover_months, p.storage_response, p.expectation_gain,
        china_share * p.quota_response / 12, slow, 1.0 / p.substitution_months,
    )  # fmt: skip


class Outlook(NamedTuple):
    """What storers know of the world market, (material, worlds), logs."""

    gap: Floats  #: demand at the base price over normal supply
    expected: Floats  #: next month's price but for the stock, this month's price and passing gaps
    accident: Floats  #: what the expected end of accidents takes off it


class Storers:
    """Buyers who hold stocks; they know the slow laws of the market, and no news before it comes."""

    def __init__(self, setting: Setting, capacity: Floats, base_use: Floats) -> None:
        p, start = setting.p, setting.start
        self.p = p
        mined = capacity[:, MINE][:, None] * start.baskets[:, :, None]
        self._china_share = mined[CN] / total(mined)
        self.rule = read_rule(p, self._china_share)
        self.choke = np.log(np.stack([getattr(p, f"{m}_choke") for m in MATERIALS]) / start.base_price[:, None])
        """Log of the price at which users leave, over the base price, (material, worlds)."""
        self._all_use = total(base_use)
        self._log_use, self._weights = np.log(self._all_use), base_use / self._all_use
        self._unmoved = (1.0 - p.expectation_gain) * self.rule.habit
        self._steady = self.rule.passing(p.accident_persistence) * p.accident_persistence

    def look_ahead(
        self, state: MarketState, wanted: Floats, kept_next: Floats, level: Floats, growth: Floats | float, news: News
    ) -> Outlook:
        """The outlook before a month's market clears.

        `wanted` is demand at the base price, `kept_next` what next month's substitution leaves of that of the start
        (both material, worlds; t/month), `level` the log of next month's demand over the start's but for news; China
        will supply more by `growth` (worlds,), log.
        """
        rule = self.rule
        supply = np.log(np.maximum(total(state.supply), TINY)) + news.lost
        substitution = np.log(kept_next / self._all_use)
        expected = rule.demand * (level + self._log_use - supply - self._china_share * growth)
        expected += rule.substitution * substitution
        expected += self._unmoved * total(self._weights * state.expected_log_price)
        return Outlook(np.log(wanted) - supply, expected, self._steady * news.lost)

    def shift(self, outlook: Outlook, passing: Floats | float = 0.0) -> Floats:
        """Log of what is added to the stock wanted, over cover times use, where a `passing` gap is priced in."""
        expected = outlook.expected + outlook.accident + passing
        return rules.stock_shift(self.rule, expected, outlook.gap, self.choke) - outlook.gap
