"""The rare-earth market in every world: mines, plants, stocks, prices and trade."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from model.dimensions import BULK, CN, HEAVY, HEAVY_SEPARATION, MAGNET, MAGNETS, MINE, SEPARATION, US, total
from model.market.licensed_cells import Cells
from model.parameters.declaration import Spread
from model.rules import market as rules
from model.units import BN_USD_PER_T_AT_1_USD_PER_KG as BN

if TYPE_CHECKING:
    from model.initial_state import Start

Floats = NDArray[np.floating]
LIGHT = slice(BULK, HEAVY)
IN_MAGNETS = slice(MAGNET, None)
MEMORY_OF_CUT_OFF = 0.92
"""Part of the perceived chance of a cut-off that is left after a quiet month: eight months of half-life."""


class Market:
    """Moves goods from mine to buyer once a month, in the order of `clear`."""

    def __init__(self, start: Start, parameters: Spread, states: dict[str, Floats]) -> None:
        self.parameters, self.states, self.start = parameters, states, start
        p = parameters
        worlds = len(p.demand_elasticity)
        self.base_price = start.base_price[:, None]
        self.growth = np.stack([p.bulk_growth, p.magnet_growth, p.magnet_growth]) / 12
        duties = np.broadcast_to(p.freight_share, (len(start.baskets), worlds)).copy()
        duties[CN] = 0.0
        duties[US] += p.united_states_tariff
        self.landed = duties
        self._base_use = states["demand_scale"] * np.exp(-p.demand_elasticity * np.log1p(duties))[:, None]
        self._hold(p)
        self.demand_level = np.zeros((len(self.base_price), worlds), start.dtype)
        self.capped = self._were_capped = np.zeros((len(start.baskets), *self.demand_level.shape), start.dtype)
        self.licensed_share = np.ones(worlds, start.dtype)
        self.quota: Floats | None = None
        """Exports to the capped of all materials together, t/month, infinite where there is no quota."""
        self.quota_shares = np.full_like(self.demand_level, np.nan)
        """Part of each material in the quota (material, worlds), nan before there is one."""
        self.past_quotas = start.unregistered * np.repeat(start.baskets[CN][:, None], worlds, axis=1)
        """What leaves China past licences and quotas alike (material, worlds), t/month."""
        self.licensed = Cells(np.zeros(self.demand_level.shape, dtype=bool))
        self.cap: Floats = np.zeros_like(self.demand_level)
        self._mine_cash, self._separation_cash = self.cash_cost(p.mine_cost), self.cash_cost(p.separation_cost)
        self.mine_cost = self._mine_cash.copy()
        self.mine_cost[US] += p.environmental_cost
        self.normal_imports: Floats = np.zeros_like(self.demand_level)
        self.passed_share: Floats = self.licensed_share
        self.wedge: Floats = np.zeros_like(self.demand_level)
        self.binding = np.zeros(self.wedge.shape, dtype=bool)
        self.peak_wedge = np.zeros_like(self.wedge)
        self._shipped: dict[tuple[int, int], Floats] = {}
        self._offered: tuple[Floats, Floats] | None = None
        self.price = self.base_price * np.exp(states["log_price"])
        self.separated = np.zeros_like(states["stock"])
        self.sales, self.profit = np.zeros_like(duties), np.zeros_like(duties)
        self._weigh(total(states["demand_scale"]))

    def _hold(self, p: Spread) -> None:
        """How buyers hold stocks, or none; elasticities to the price that was, and (downwards) to the one that is."""
        held = p.inventories == 0
        self._pull = held * (1.0 - p.mean_reversion) / p.storage_response
        self._run_down = held * (p.demand_elasticity + 1.0 / p.storage_response)
        self._holding = held * p.cover_months
        self._hoarding = self._holding * p.hoarding

    def _weigh(self, supply: Floats) -> None:
        """Weights of the materials by tonnes and by value, and the size of each stage's market, at the start."""
        worth = supply * self.base_price
        self.supply_shares = supply / total(supply)
        self.value_weights = worth / total(worth)
        light, heavy, magnets = supply[BULK] + supply[MAGNET], supply[HEAVY], supply[MAGNET] + supply[HEAVY]
        self.stage_markets = np.stack([light + heavy, light, heavy, magnets])

    def put_under_licence(self, capped: Floats) -> None:
        """From now on the buyers marked 1 in `capped` (country, material, worlds) need China's licence."""
        self.capped, self.licensed = capped, Cells(capped.max(axis=0) > 0)
        self._offered = None

    def clear(self, demand_shock: Floats) -> None:
        """Mine, separate, make magnets, sell; `demand_shock` (material, worlds) moves the log of demand."""
        self.demand_level = self.demand_level + self.growth + demand_shock
        self._shipped, self._offered = {}, None
        self.release()
        self.process()
        self.price_and_ship()
        self.book()
        self.remember()

    def release(self) -> None:
        """Who needed a licence last month and no longer does expects the price without its shadow price."""
        if self.capped is not self._were_capped:
            released = (self._were_capped > 0) & (self.capped == 0)
            self.states["log_price"] = self.states["log_price"] - self.wedge * released
            self._were_capped = self.capped

    def process(self) -> None:
        """Turn ore into oxide and magnets, wherever there is capacity."""
        states = self.states
        states["mined"] = self.mine_output()
        states["reserve"] = states["reserve"] - states["mined"]
        ore = states["ore"] + states["mined"][:, None] * self.start.baskets[:, :, None]
        light, left_light = rules.routed(ore[:, LIGHT], states["capacity"][:, SEPARATION])
        heavy, left_heavy = rules.routed(ore[:, HEAVY:], states["capacity"][:, HEAVY_SEPARATION])
        states["ore"] = np.concatenate([left_light, left_heavy], axis=1)
        self.separated = np.concatenate([light, heavy], axis=1)
        self.ore_bought = self.separated + states["ore"] - ore
        oxide = states["oxide"][:, IN_MAGNETS] + self.separated[:, IN_MAGNETS]
        magnets, waiting = rules.routed(oxide, states["capacity"][:, MAGNETS])
        states["oxide"][:, IN_MAGNETS] = waiting
        self.oxide_bought = magnets + waiting - oxide
        self.supply = np.concatenate([self.separated[:, :MAGNET], magnets], axis=1)

    def open_plants(self, opened: Floats) -> None:
        """Add capacity (country, stage, worlds), t/month; new mines begin with a part of theirs."""
        states = self.states
        states["use"] = rules.blended_use(states["use"], states["capacity"][:, MINE], opened[:, MINE])
        states["capacity"] += opened

    def mine_output(self) -> Floats:
        """Ore mined (country, worlds), t REO a month; a mine takes at most a fifth of its reserve a year."""
        wanted = self.states["capacity"][:, MINE] * self.states["use"]
        return np.minimum(wanted, np.maximum(self.states["reserve"], 0.0) / 60)

    def price_and_ship(self) -> None:
        """Find the prices at which everything is bought, and who gets it."""
        p, states = self.parameters, self.states
        scale = self._base_use * states["substitution"]
        scale *= np.exp(self.demand_level)
        stock_scale = self._hoarding * states["cut_off_chance"]
        stock_scale += self._holding
        stock_scale *= scale
        expected = self._pull * states["log_price"]
        e, k = p.demand_elasticity, p.storage_response
        all_stock, all_supply = total(states["stock"]), total(self.supply)
        held, added = rules.pooled_stock(stock_scale, expected)
        free = rules.clearing_log_price(all_stock + all_supply, total(scale), held, e, k, added)
        log_price = np.empty_like(scale)
        log_price[:] = free
        self.split_markets(log_price, scale, stock_scale, expected)
        self.consumed = rules.demand(scale, log_price, e)
        stock = rules.demand(stock_scale, log_price, self._run_down, expected)
        self.arrivals = self.consumed + stock
        self.arrivals -= states["stock"]
        states["stock"], states["log_price"] = stock, log_price
        self.price = self.base_price * np.exp(log_price)

    def split_markets(self, log_price: Floats, scale: Floats, stock_scale: Floats, expected: Floats) -> None:
        """Where an export is licensed, put the prices of the two groups of buyers into `log_price`."""
        p, licensed, last_wedge = self.parameters, self.licensed, self.wedge
        self.binding = np.zeros(licensed.shape, dtype=bool)
        none = np.zeros_like(log_price[0])
        self.wedge, self.cap, self.normal_imports = none, none.copy(), none.copy()
        self.passed_share = self.licensed_share
        if not len(licensed):
            return
        supply, stock, use, store, expected, capped, past_quotas, wedge, leak, e, k = (
            licensed.take(values)
            for values in (
                *(self.supply, self.states["stock"], scale, stock_scale, expected, self.capped, self.past_quotas),
                *(last_wedge, p.licence_leak, p.demand_elasticity, p.storage_response),
            )
        )
        wanted = total(use * capped)
        past_quotas = past_quotas * wanted / (total(use) - use[CN])
        normal = np.maximum(wanted - total(supply) + supply[CN] - past_quotas, 0.0)
        licensed.put(self.normal_imports, normal)
        self.passed_share = self.share_let_through(last_wedge)
        cap = past_quotas + rules.licence_cap(normal, licensed.take(self.passed_share), leak, wedge)
        prices, binding = rules.spatial_equilibrium(supply, stock, use, store, capped, cap, CN, e, k, expected)
        abroad = total(capped * prices) / np.maximum(total(capped), 1.0)
        gap = np.maximum(abroad - prices[CN], 0.0) * binding
        for into, numbers in ((log_price, prices), (self.binding, binding), (self.cap, cap), (self.wedge, gap)):
            licensed.put(into, numbers)

    def share_let_through(self, last_wedge: Floats) -> Floats:
        """Part of the normal recorded imports of the capped that licences or a quota let through; it may exceed one.

        (worlds,) or (material, worlds). A quota is one number of tonnes for all materials: at first they share
        it as they share normal imports, then exporters shift tonnes to what earned the higher rent.
        """
        if self.quota is None:
            return self.licensed_share
        normal = np.maximum(self.normal_imports, 1e-9)
        as_imported = rules.share_of(normal, total(normal))
        shares = np.where(np.isnan(self.quota_shares), as_imported, self.quota_shares)
        rent = self.price[CN] * np.expm1(last_wedge)
        self.quota_shares = rules.shifted_quota(shares, rent, self.parameters.quota_shift)
        return np.where(np.isfinite(self.quota), self.quota * self.quota_shares / normal, self.licensed_share)

    def remember(self) -> None:
        """Expectations, substitution, the fear of a cut-off and the use of mines follow the month's prices."""
        p, states = self.parameters, self.states
        news = states["log_price"] - states["expected_log_price"]
        news *= p.expectation_gain
        states["expected_log_price"] = news + states["expected_log_price"]
        states["substitution"] = rules.substituted(
            states["substitution"],
            states["expected_log_price"],
            p.long_run_elasticity - p.demand_elasticity,
            p.substitution_rate / 12,
        )
        blocked = self.capped * np.maximum(1.0 - self.passed_share, 0.0)
        states["cut_off_chance"] = np.maximum(states["cut_off_chance"] * MEMORY_OF_CUT_OFF, blocked)
        use = rules.mine_use(states["use"], p.mine_response, np.log(self.ore_price() / self.mine_cost))
        states["use"] = use

    def book(self) -> None:
        """Sales, profits and shares of the month."""
        home = self.price[CN]
        self.sales = self.revenue()
        ore_worth = np.maximum(home - self.toll(), 0.0)
        bought = self.ore_bought * ore_worth
        oxide = self.oxide_bought * home[IN_MAGNETS]
        paid = bought[:, 0] + bought[:, 1] + bought[:, 2] + oxide[:, 0] + oxide[:, 1]
        separated = self.separated[:, 0] + self.separated[:, 1] + self.separated[:, 2]
        cost = self.states["mined"] * self._mine_cash + separated * self._separation_cash
        self.profit = self.sales - (paid + cost) * BN
        self.mined_world = total(self.states["mined"])
        self.mine_share = self.states["mined"] / self.mined_world
        self.separation_share = separated / np.maximum(total(separated), 1e-9)
        magnets = self.supply[:, MAGNET] + self.supply[:, HEAVY]
        self.magnet_share = magnets / np.maximum(total(magnets), 1e-9)
        self.peak_wedge = np.maximum(self.peak_wedge, self.wedge)

    def cash_cost(self, abroad: Floats) -> Floats:
        """An operating cost by country (country, worlds), USD/kg: lower in China."""
        cost = np.stack([abroad] * len(self.start.baskets))
        cost[CN] = abroad * (1.0 - self.parameters.china_cost_advantage)
        return cost

    def toll(self) -> Floats:
        """What China's plants charge for separation (worlds,), USD/kg: their cost."""
        result: Floats = self.parameters.separation_cost * (1.0 - self.parameters.china_cost_advantage)
        return result

    def ore_price(self, home: Floats | None = None) -> Floats:
        """What ore of each country's basket fetches (country, worlds), USD/kg.

        The Chinese price less toll, and less the rent of the stages that cannot keep up with the mines.
        """
        prices = self.price[CN] if home is None else home
        baskets = self.start.baskets[:, :, None]
        worth = baskets[:, 0] * prices[0] + baskets[:, 1] * prices[1] + baskets[:, 2] * prices[2] - self.toll()
        cost = self.parameters.mine_cost
        rent = np.maximum(worth - cost, 0.0)
        return np.maximum(worth - rent * np.maximum(self.ore_waiting(), self.oxide_waiting()), 0.1)

    def ore_waiting(self) -> Floats:
        """Ore in stock that no plant can take, in months of mining, at most one (worlds,): separation binds."""
        waiting = self.states["ore"]
        stock = total(waiting[:, 0] + waiting[:, 1] + waiting[:, 2])
        return np.minimum(stock / np.maximum(total(self.states["mined"]), 1e-9), 1.0)

    def oxide_waiting(self) -> Floats:
        """Oxide in stock that no magnet plant can take, in months of output, at most one (worlds,)."""
        waiting = self.states["oxide"]
        made = total(self.separated[:, MAGNET] + self.separated[:, HEAVY])
        return np.minimum(total(waiting[:, MAGNET] + waiting[:, HEAVY]) / np.maximum(made, 1e-9), 1.0)

    def margins(self, supported: list[Callable[[Floats], Floats]]) -> Floats:
        """Expected margin by country and stage (country, stage, worlds), USD per kg of content.

        Mines earn the Chinese price less toll and cost. Plants outside China earn China's toll and
        what the price at home, assured by support, is above the Chinese one; of the two stages of
        magnet material the scarcer outside China earns that gap. The stage behind which material piles
        up earns the scarcity rent of the chain.
        """
        p = self.parameters
        expected = self.base_price * np.exp(self.states["expected_log_price"])
        gap = np.stack([support(row) for support, row in zip(supported, expected, strict=True)]) - expected[CN]
        separated, magnets = self.states["capacity"][:, SEPARATION], self.states["capacity"][:, MAGNETS]
        share = self.stage_markets[MAGNETS] / self.stage_markets[SEPARATION]
        scarce = (total(separated) - separated[CN]) * share > total(magnets) - magnets[CN]
        light = self.start.baskets
        of_magnet = (light[:, MAGNET] / (light[:, BULK] + light[:, MAGNET]))[:, None]
        extra = of_magnet * gap[:, MAGNET] * ~scarce + (1.0 - of_magnet) * gap[:, BULK]
        cheaper = self.toll() - self._separation_cash
        magnet_toll = p.magnet_cost * (1.0 - p.china_cost_advantage) - self.cash_cost(p.magnet_cost)
        world = expected[CN] * self.supply_shares
        rent = np.maximum(world[0] + world[1] + world[2] - self.toll() - p.mine_cost, 0.0)
        ore, oxide = self.ore_waiting() * rent, self.oxide_waiting() * expected[CN, MAGNET]
        rows = [
            self.ore_price(expected[CN]) - self.mine_cost,
            extra + cheaper + ore,
            gap[:, HEAVY] + cheaper + self.ore_waiting() * expected[CN, HEAVY],
            gap[:, MAGNET] * scarce + magnet_toll + oxide,
        ]
        return np.stack(rows, axis=1)

    def exports_of_china(self) -> Floats:
        """What buyers abroad would take from China at today's prices without licences (material, worlds), t/month."""
        abroad = total(self.consumed) - self.consumed[CN]
        return np.maximum(abroad - (total(self.supply) - self.supply[CN]), 0.0)

    def purchases(self, country: int) -> Floats:
        """What a country uses of the materials that go into magnets (worlds,), t/month."""
        wanted = self.states["demand_scale"][country]
        return wanted[MAGNET] + wanted[HEAVY]

    def spared_share(self, country: int) -> Floats:
        """Part of a country's use that suppliers other than China could cover (material, worlds), 0-1."""
        others = total(self.supply) - self.supply[CN]
        return np.minimum(1.0, others / np.maximum(self.consumed[country], 1e-9))

    def import_weight(self, country: int) -> Floats:
        """A country's part of the demand outside China for magnet material (worlds,), 0-1."""
        scale = self.states["demand_scale"][:, MAGNET]
        return scale[country] / (total(scale) - scale[CN])

    def offered(self) -> tuple[Floats, Floats]:
        """What is for sale inside the licensed group and outside it (country, licensed cells), t/month."""
        if self._offered is None:
            supply, cap, binding = (self.licensed.take(part) for part in (self.supply, self.cap, self.binding))
            self._offered = rules.offers(supply, cap, binding, CN)
        return self._offered

    def revenue(self) -> Floats:
        """Sales of finished material by country (country, worlds), bn USD a month."""
        home, licensed = self.price[CN], self.licensed
        worth = self.supply * home
        if len(licensed):
            inside, outside = self.offered()
            abroad = np.exp(licensed.take(self.wedge))
            licensed.put(worth, (inside * abroad + outside) * licensed.take(home))
        result: Floats = (worth[:, 0] + worth[:, 1] + worth[:, 2]) * BN
        return result

    def controlled_share(self, importer: int, exporter: int = CN) -> Floats:
        """Part of a country's use that `exporter` controls (material, worlds), 0-1."""
        used, licensed = self.consumed[importer], self.licensed
        share = rules.controlled_share(self.supply, used, exporter, importer)
        if len(licensed):
            inside, outside = self.offered()
            use = licensed.take(used)
            within = (licensed.take(self.capped[importer]) > 0) & licensed.take(self.binding)
            pools = (rules.controlled_share(pool, use, exporter, importer) for pool in (inside, outside))
            licensed.put(share, np.where(within, *pools))
        return share

    def shipped(self, exporter: int, importer: int) -> Floats:
        """This month's trade between two countries (material, worlds), t."""
        pair = exporter, importer
        if pair not in self._shipped:
            parts = rules.sales(self.supply, self.arrivals, self.capped, self.cap, self.binding, CN)
            inside, outside = (rules.pair_flow(*pool, *pair) for pool in (parts[:2], parts[2:]))
            self._shipped[pair] = inside + outside
        return self._shipped[pair]

    def flows(self) -> Floats:
        """This month's trade (exporter, importer, material, worlds), t; the diagonal is home supply."""
        parts = rules.sales(self.supply, self.arrivals, self.capped, self.cap, self.binding, CN)
        return rules.pooled_flows(*parts[:2]) + rules.pooled_flows(*parts[2:])
