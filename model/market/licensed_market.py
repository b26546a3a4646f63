"""The part of the market that China's licences split in two: prices, quotas and sales inside it and outside."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.array_axes import CN, US, Floats, Scalar, Truths, total
from model.market.storers import Outlook, Storers
from model.parameters.table import WorldParameters
from model.rules import licensed_market
from model.rules import market as rules
from model.rules.storage import StorageRule, stock_shift, taken
from model.states.decisions import ExportPolicy
from model.states.market import MarketState
from model.units import BN_USD_PER_T_AT_1_USD_PER_KG as BN


class LicensedCells:
    """Some cells of the (material, worlds) plane: rules that are needed in few of them are computed in these alone."""

    def __init__(self, where: Truths) -> None:
        self.where = where
        self._plane = where.size
        self._indices = np.flatnonzero(where)
        self._worlds = self._indices % where.shape[-1]

    def __len__(self) -> int:
        return len(self._indices)

    def take(self, values: NDArray[Scalar]) -> NDArray[Scalar]:
        """The numbers in these cells: (..., material, worlds) becomes (..., cells), and so does one per world."""
        if values.ndim == 1:
            return values.take(self._worlds)
        return values.reshape(*values.shape[:-2], -1).take(self._indices, axis=-1)

    def put(self, into: NDArray[Scalar], numbers: NDArray[Scalar]) -> None:
        """Write numbers (..., cells) into their cells of `into` (..., material, worlds)."""
        cells = into.reshape(-1, self._plane)
        for row, new in zip(cells, numbers.reshape(len(cells), -1), strict=True):
            row[self._indices] = new


class Offer(NamedTuple):
    """What buyers want this month at the base price."""

    base_price: Floats  #: (material, worlds), USD/kg
    scale: Floats  #: use, (country, material, worlds), t/month
    stock_scale: Floats  #: stock but for expectations, (country, material, worlds), t
    cover: Floats  #: stock in months of use, (worlds,)
    piled: Floats  #: what the US stockpile keeps, (material, worlds), t


class Sold(NamedTuple):
    """What buyers pay, use and keep, each (country, material, worlds)."""

    log_price: Floats
    price: Floats
    consumed: Floats
    stock: Floats


def sold_at(
    scale: Floats,
    stock_scale: Floats,
    log_price: Floats,
    base_price: Floats,
    shift: Floats,
    elasticity: Floats,
    steepness: Floats,
    choke: Floats,
) -> Sold:
    """What is used and kept at a log price; what producers do not sell is counted where it would be used."""
    used, stored, unsold = taken(log_price, shift, elasticity, steepness, choke)
    consumed, stock = scale * used, stock_scale * stored
    if unsold.any():
        some: tuple[Any, ...] = (..., *np.nonzero(unsold))
        stock[some] += (consumed[some] + stock[some]) * unsold[some]
    log_prices, prices = np.empty_like(scale), np.empty_like(scale)
    log_prices[:], prices[:] = log_price, base_price * np.exp(log_price)
    return Sold(log_prices, prices, consumed, stock)


class LicenceEffect(NamedTuple):
    """What licences do to a month's trade: fields as in `MarketState`, (material, worlds)."""

    binding: Truths
    wedge: Floats
    cap: Floats
    normal_imports: Floats
    passed_share: Floats
    blocked_share: Floats
    held_back: Floats


class Licences:
    """China's licences and quotas, in the few cells of (material, worlds) that have them."""

    def __init__(self, p: WorldParameters, policy: ExportPolicy, storers: Storers) -> None:
        self.p, self.policy, self._storers = p, policy, storers
        self._cells = LicensedCells(policy.licensed.max(axis=0) > 0)
        self._quota_shares = np.full(self._cells.where.shape, np.nan, p.licence_leak.dtype)

    @property
    def needed(self) -> Truths:
        """Where some buyer needs a licence, (material, worlds)."""
        return self._cells.where

    def apply(self, policy: ExportPolicy) -> None:
        """China's export policy binds from the coming clearing on."""
        if policy.licensed is not self.policy.licensed:
            self._cells = LicensedCells(policy.licensed.max(axis=0) > 0)
        self.policy = policy

    def split(self, state: MarketState, offer: Offer, outlook: Outlook, shift: Floats, sold: Sold) -> LicenceEffect:
        """Where an export is licensed, put what the two groups of buyers pay, use and store into what is `sold`.

        `shift` (material, worlds) is what expectations add to the log of stocks where nothing is licensed.
        """
        p, cells = self.p, self._cells
        binding = np.zeros(cells.where.shape, dtype=bool)
        wedge, cap, normal_imports, blocked_share, held_back = (np.zeros_like(shift) for _ in range(5))
        if not len(cells):
            return LicenceEffect(binding, wedge, cap, normal_imports, state.let_through, blocked_share, held_back)
        supply, stock, use, licensed = map(cells.take, (state.supply, state.stock, offer.scale, state.licensed))
        stock[US] -= cells.take(offer.piled)
        rule, e, choke = self._rule(), cells.take(p.demand_elasticity), cells.take(self._storers.choke)
        k = rule.steepness
        wanted, others = total(use * licensed), total(supply) - supply[CN]
        past_quotas = cells.take(state.past_quotas) * wanted / (total(use) - use[CN])
        normal = np.maximum(wanted - others - past_quotas, 0.0)
        cells.put(normal_imports, normal)
        passed_share = self._share_let_through(state, normal_imports)
        passed = cells.take(passed_share)
        limit = past_quotas + rules.licence_cap(
            normal, passed, cells.take(p.licence_leak), cells.take(state.lasting_wedge)
        )
        shipped, everyone = np.minimum(limit, supply[CN]), cells.take(sold.log_price[CN])
        exports = np.maximum(wanted * np.exp(-e * everyone) - others - past_quotas, 0.0)
        held = np.minimum(cells.take(offer.cover) * exports, supply[CN] - shipped + cells.take(state.held_back))
        store = cells.take(offer.stock_scale)
        pools = licensed_market.pools(supply, stock, use, store, licensed, shipped, held, CN)
        blocked = licensed_market.mean_so_far(
            cells.take(state.blocked_share), 1.0 - passed, cells.take(state.licence_months)
        )
        released = cells.take(state.stockpile.held - offer.piled)
        lasting = others + released + np.minimum(limit + normal * (1.0 - blocked - passed), supply[CN])
        shifts = np.stack([self._shift_inside(state, outlook, rule, choke, wanted, lasting), cells.take(shift)])
        prices, binds = licensed_market.spatial_equilibrium(pools, shipped, everyone, shifts, e, k, choke)
        inside = (licensed > 0) & binds
        price, added = (np.where(inside, each[0], each[1]) for each in (prices, shifts))
        split = sold_at(use, store, price, cells.take(offer.base_price), added, e, k, choke)
        for into, numbers in zip(sold, split, strict=True):
            cells.put(into, numbers)
        cells.put(binding, binds)
        cells.put(wedge, prices[0] - prices[1])
        cells.put(cap, limit)
        cells.put(blocked_share, np.maximum(blocked, 0.0))
        left = total(pools.available) + held - total(split.consumed) - total(split.stock)
        cells.put(held_back, np.maximum(left, 0.0) * binds)
        return LicenceEffect(binding, wedge, cap, normal_imports, passed_share, blocked_share, held_back)

    def _rule(self) -> StorageRule:
        """The storage rule in the licensed cells, as far as it is about passing gaps."""
        rule = self._storers.rule
        parts = ("demand", "carry", "spread", "own", "response")
        return rule._replace(**{name: self._cells.take(getattr(rule, name)) for name in parts})

    def _shift_inside(
        self, state: MarketState, outlook: Outlook, rule: StorageRule, choke: Floats, wanted: Floats, supply: Floats
    ) -> Floats:
        """What expectations add to the log of stocks of the licensed (cells,), given use and lasting supply, t/month.

        What they lack beyond the world's shortage is priced for as long as the licence is expected to last.
        """
        take = self._cells.take
        stays = licensed_market.persistence(take(state.licence_months), take(self.p.licence_outlook))
        lacking = np.maximum(licensed_market.passing_gap(wanted, supply, take(outlook.now)), 0.0)
        gap, expected = take(outlook.gap), take(outlook.expected)
        return stock_shift(rule, expected + rule.passing(stays) * stays * lacking, gap, choke) - gap

    def _share_let_through(self, state: MarketState, normal_imports: Floats) -> Floats:
        """Part of the normal recorded imports of the licensed that licences or a quota let through; may exceed one.

        (worlds,) or (material, worlds). A quota is one number of tonnes for all materials: at first they share
        it as they share normal imports, then exporters shift tonnes to what earned the higher rent.
        """
        if state.quota is None:
            return state.let_through
        normal = np.maximum(normal_imports, 1e-9)
        as_imported = rules.share_of(normal, total(normal))
        shares = np.where(np.isnan(self._quota_shares), as_imported, self._quota_shares)
        rent = state.price[CN] * np.expm1(state.lasting_wedge)
        self._quota_shares = rules.shifted_quota(shares, rent, self.p.quota_shift)
        return np.where(np.isfinite(state.quota), state.quota * self._quota_shares / normal, state.let_through)

    def offers(self, state: MarketState) -> tuple[Floats, Floats]:
        """What is for sale to licensed buyers and to the others, (country, licensed cells), t/month."""
        cells = self._cells
        return rules.offers(cells.take(state.supply), cells.take(state.cap), cells.take(state.binding), CN)

    def sales(self, state: MarketState, offers: tuple[Floats, Floats]) -> Floats:
        """Sales of finished material by country (country, worlds), bn USD a month."""
        home, cells = state.price[CN], self._cells
        worth = state.supply * home
        if len(cells):
            inside, outside = offers
            cells.put(worth, (inside * np.exp(cells.take(state.wedge)) + outside) * cells.take(home))
        return (worth[:, 0] + worth[:, 1] + worth[:, 2]) * BN

    def controlled_share(
        self, state: MarketState, offers: tuple[Floats, Floats], importer: int, exporter: int
    ) -> Floats:
        """Part of a country's use that `exporter` controls (material, worlds), 0-1."""
        used, cells = state.consumed[importer], self._cells
        share = rules.controlled_share(state.supply, used, exporter, importer)
        if len(cells):
            use = cells.take(used)
            within = (cells.take(state.licensed[importer]) > 0) & cells.take(state.binding)
            pools = (rules.controlled_share(pool, use, exporter, importer) for pool in offers)
            cells.put(share, np.where(within, *pools))
        return share
