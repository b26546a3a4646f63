"""What storers expect of next month's price, and the stock they want for it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from model.array_axes import CN, MATERIALS, MINE, Floats, at_least, total
from model.parameters.market_parameters import EXPORT_POLICIES
from model.parameters.table import WorldParameters
from model.rules import storage as rules
from model.rules.investment import price_at_opening
from model.rules.licensed_market import persistence, still_there
from model.rules.market import TINY
from model.rules.storage import StorageRule
from model.states.decisions import ExportPolicy
from model.states.market import MarketState
from model.states.run_setting import Setting


def read_rule(p: WorldParameters, china_share: Floats) -> StorageRule:
    """The storage rule where China mines so much of the world's material (material, worlds), 0-1.

    Its quota follows the price, but not where mining is as on record.
    """
    follows = p.quota_response * (p.china_policy != EXPORT_POLICIES.index("recorded"))
    slow = np.maximum(p.long_run_elasticity - p.demand_elasticity, 0.0)
    return rules.storage_rule(
        p.demand_elasticity, p.cover_months, p.storage_response, p.expectation_gain,
        china_share * follows / 12, slow, 1.0 / p.substitution_months,
    )  # fmt: skip


class Outlook(NamedTuple):
    """What storers know of the world market, (material, worlds), logs."""

    gap: Floats  #: demand at the base price over normal supply
    now: Floats  #: the same over this month's supply
    shortage: Floats  #: demand before substitution over normal supply
    expected: Floats  #: next month's price but for what the stock left and this month's price do to it


class Storers:
    """Buyers who hold stocks; they know the slow laws of the market, and no news before it comes."""

    def __init__(self, setting: Setting, capacity: Floats, base_use: Floats) -> None:
        p, start = setting.p, setting.start
        self.p, self._new_ore = p, start.new_baskets[:, :, None]
        mined = capacity[:, MINE][:, None] * start.baskets[:, :, None]
        self._china_share = mined[CN] / total(mined)
        self.rule = read_rule(p, self._china_share)
        self.steepness = self.rule.steepness
        """Elasticity of the stock held, (material, worlds)."""
        self.choke = np.log(np.stack([getattr(p, f"{m}_choke") for m in MATERIALS]) / start.base_price[:, None])
        """Log of the price at which users leave, over the base price, (material, worlds)."""
        self._log_use = np.log(total(base_use))
        self._growth = np.stack([p.bulk_growth, p.magnet_growth, p.magnet_growth]) / 12
        self._unmoved = (1.0 - p.expectation_gain) * self.rule.habit
        self._accident = self.rule.passing(p.accident_persistence) * p.accident_persistence
        stays = 1.0 - 1.0 / (12 * p.stockpile_years)
        self._ordered = self.rule.passing(stays) * stays

    def drift(self, policy: ExportPolicy) -> Floats:
        """The gap today that demand is worth which later outgrows supply, (material, worlds), log."""
        result: Floats = self.rule.carry * (self._growth - self._china_share * policy.trend / 12)
        return result

    def look_ahead(
        self,
        state: MarketState,
        wanted: Floats,
        substitution: Floats,
        level: Floats,
        lost: Floats,
        order: Floats,
        policy: ExportPolicy,
    ) -> Outlook:
        """The outlook before a month's market clears.

        `wanted` is demand at the base price (material, worlds; t/month), `substitution` the log of next month's in
        China, `level` the log of next month's demand over the start's but for news. Normal supply is without accidents,
        which stop `lost` (worlds,), log, and without cuts of China's mining: both are expected to end, and so is what a
        stockpile orders (material, worlds; t).
        """
        rule, share = self.rule, self._china_share
        supply = np.log(at_least(state.world_supply, TINY))
        normal, wanted = supply + lost, np.log(wanted)
        expected = self._accident * lost
        if policy.mining_cut.any():
            cut = share * policy.mining_cut
            stays = persistence(policy.cut_months, self.p.licence_outlook)
            normal += cut
            expected += rule.passing(stays) * stays * cut
        shortage = level + self._log_use - normal
        if order.any():
            expected += self._ordered * at_least(order, 0.0) / at_least(state.world_supply, TINY)
        expected += rule.demand * (shortage + self.drift(policy) - share * policy.next_growth)
        expected += rule.substitution * substitution
        expected += self._unmoved * state.expected_log_price[CN]
        return Outlook(wanted - normal, wanted - supply, shortage, expected)

    def shift(self, outlook: Outlook) -> Floats:
        """Log of what is added to the stock wanted, over cover times use, (material, worlds)."""
        return rules.stock_shift(self.rule, outlook.expected, outlook.gap, self.choke) - outlook.gap

    def log_price_at_opening(
        self, state: MarketState, under_way: Floats, growth: Floats, policy: ExportPolicy
    ) -> Floats:
        """Log price over the base to be expected when a plant begun now opens, (country, material, worlds).

        With the mines `under_way` (country, worlds; t/month) open, demand grown by `growth` (material, worlds; 1/year)
        and China's supply by the trend it plans for. Of a licence's wedge and a cut of mining what is left by then.
        """
        p, share, years = self.p, self._china_share, self.p.plant_lead
        ores = total(under_way[:, None] * self._new_ore)
        shortage = state.shortage
        if policy.mining_cut.any():
            shortage = shortage + share * policy.mining_cut * still_there(policy.cut_months, p.licence_outlook, years)
        lasting = price_at_opening(
            shortage, ores / np.maximum(state.world_supply, TINY), growth - share * policy.trend, years,
            np.maximum(p.long_run_elasticity, p.demand_elasticity),
        )  # fmt: skip
        wedge = state.log_price - state.log_price[CN]
        wedge *= still_there(state.licence_months, p.licence_outlook, years)
        wedge += np.minimum(at_least(lasting, rules.FLOOR), self.choke)
        return wedge
