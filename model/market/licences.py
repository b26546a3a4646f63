"""The part of the market that China's licences split in two: prices, quotas and sales inside it and outside."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.dimensions import CN, Floats, Scalar, Truths, total
from model.parameters.table import WorldParameters
from model.rules import market as rules
from model.states.decisions import ExportPolicy
from model.states.market import MarketState
from model.units import BN_USD_PER_T_AT_1_USD_PER_KG as BN


class LicensedCells:
    """Some cells of the (material, worlds) plane: rules that are needed in few of them are computed in these alone."""

    def __init__(self, where: Truths) -> None:
        self.shape = where.shape
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
        into.reshape(*into.shape[:-2], -1)[..., self._indices] = numbers


class LicenceEffect(NamedTuple):
    """What licences do to a month's trade: fields as in `MarketState`, (material, worlds)."""

    binding: Truths
    wedge: Floats
    cap: Floats
    normal_imports: Floats
    passed_share: Floats


class Licences:
    """China's licences and quotas, in the few cells of (material, worlds) that have them."""

    def __init__(self, p: WorldParameters, shape: tuple[int, ...]) -> None:
        self.p = p
        self._cells = LicensedCells(np.zeros(shape, dtype=bool))
        self._quota_shares = np.full(shape, np.nan, p.licence_leak.dtype)
        self.policy: ExportPolicy | None = None

    def apply(self, policy: ExportPolicy) -> None:
        """China's export policy binds from the coming clearing on."""
        if policy is not self.policy:
            self.policy, self._cells = policy, LicensedCells(policy.licensed.max(axis=0) > 0)

    def split_prices(
        self, state: MarketState, log_price: Floats, scale: Floats, stock_scale: Floats, expected: Floats
    ) -> LicenceEffect:
        """Where an export is licensed, put the prices of the two groups of buyers into `log_price`."""
        p, cells = self.p, self._cells
        binding = np.zeros(cells.shape, dtype=bool)
        wedge, cap, normal_imports = (np.zeros_like(log_price[0]) for _ in range(3))
        passed = state.let_through
        if len(cells):
            supply, stock, use, store, pull, licensed, past_quotas, last_wedge, leak, e, k = (
                cells.take(values)
                for values in (
                    *(state.supply, state.stock, scale, stock_scale, expected, state.licensed, state.past_quotas),
                    *(state.wedge, p.licence_leak, p.demand_elasticity, p.storage_response),
                )
            )
            wanted = total(use * licensed)
            past_quotas = past_quotas * wanted / (total(use) - use[CN])
            normal = np.maximum(wanted - total(supply) + supply[CN] - past_quotas, 0.0)
            cells.put(normal_imports, normal)
            passed = self._share_let_through(state, normal_imports)
            limit = past_quotas + rules.licence_cap(normal, cells.take(passed), leak, last_wedge)
            prices, binds = rules.spatial_equilibrium(supply, stock, use, store, licensed, limit, CN, e, k, pull)
            abroad = total(licensed * prices) / np.maximum(total(licensed), 1.0)
            gap = np.maximum(abroad - prices[CN], 0.0) * binds
            for into, numbers in ((log_price, prices), (binding, binds), (cap, limit), (wedge, gap)):
                cells.put(into, numbers)
        return LicenceEffect(binding, wedge, cap, normal_imports, passed)

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
        rent = state.price[CN] * np.expm1(state.wedge)
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
