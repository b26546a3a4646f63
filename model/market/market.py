"""The clearing of the rare-earth market in every world: mines, plants, stocks, prices."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from model.dimensions import (
    BULK,
    CN,
    HEAVY,
    HEAVY_SEPARATION,
    MAGNET,
    MAGNETS,
    MINE,
    SEPARATION,
    US,
    Floats,
    total,
)
from model.market.licences import Licences
from model.market.margins import cash_cost, stage_markets, toll
from model.rules import market as rules
from model.states.decisions import ExportPolicy
from model.states.market import MarketState, PlantState
from model.states.setting import Setting
from model.units import BN_USD_PER_T_AT_1_USD_PER_KG as BN

LIGHT = slice(BULK, HEAVY)
IN_MAGNETS = slice(MAGNET, None)


class Market:
    """Moves goods from mine to buyer once a month, in the order of `clear`; owns the `state` of the market."""

    def __init__(self, setting: Setting, reserve: Floats, demand_scale: Floats) -> None:
        self.p, self.start = setting.p, setting.start
        p, start = self.p, self.start
        self.base_price = start.base_price[:, None] * p.price_level
        """Price that all logs of prices start from, (material, worlds), USD/kg."""
        self._growth = np.stack([p.bulk_growth, p.magnet_growth, p.magnet_growth]) / 12
        duties = np.broadcast_to(p.freight_share, (len(start.baskets), setting.worlds)).copy()
        duties[CN] = 0.0
        duties[US] += p.united_states_tariff
        self._base_use = demand_scale * np.exp(-p.demand_elasticity * np.log1p(duties))[:, None]
        held = p.inventories == 0
        self._pull = held * (1.0 - p.mean_reversion) / p.storage_response
        self._run_down = held * (p.demand_elasticity + 1.0 / p.storage_response)
        self._holding = held * p.cover_months
        self._hoarding = self._holding * p.hoarding
        self._mine_cash, self._separation_cash = cash_cost(p, p.mine_cost), cash_cost(p, p.separation_cost)
        self._licences = Licences(p, demand_scale.shape[1:])
        self.state = self._first_state(setting, reserve, demand_scale)

    def _first_state(self, setting: Setting, reserve: Floats, demand_scale: Floats) -> MarketState:
        """The market before the first month: nothing mined yet, stocks as buyers want them, base prices."""
        goods, cells, rows = np.zeros_like(demand_scale), np.zeros_like(demand_scale[0]), np.zeros_like(reserve)
        open_to_all, worth = setting.per_world(1.0), total(demand_scale) * self.base_price
        unregistered = self.start.unregistered * np.repeat(self.start.baskets[CN][:, None], setting.worlds, axis=1)
        return MarketState(
            mined=rows,
            reserve=reserve,
            ore=goods,
            oxide=goods[:, IN_MAGNETS],
            separated=goods,
            ore_bought=goods,
            oxide_bought=goods[:, IN_MAGNETS],
            supply=goods,
            stock=demand_scale * np.where(self.p.inventories == 0, self.p.cover_months, 0.0),
            demand_scale=demand_scale,
            consumed=goods,
            arrivals=goods,
            price=self.base_price * np.exp(goods),
            log_price=goods,
            expected_log_price=goods,
            substitution=goods + 1.0,
            demand_level=cells,
            cut_off_chance=goods,
            wedge=cells,
            licensed=goods,
            let_through=open_to_all,
            quota=None,
            passed_share=open_to_all,
            normal_imports=cells,
            past_quotas=unregistered,
            cap=cells,
            binding=np.zeros(cells.shape, dtype=bool),
            sales=rows,
            profit=rows,
            mined_world=rows[0],
            mine_share=rows,
            separation_share=rows,
            magnet_share=rows,
            dependence=cells,
            cut_off_loss=cells,
            value_weights=worth / total(worth),
            stage_markets=stage_markets(total(demand_scale)),
        )

    def apply(self, policy: ExportPolicy) -> None:
        """China's export policy binds from the coming clearing on."""
        self._licences.apply(policy)

    def clear(self, plants: PlantState, demand_shock: Floats) -> None:
        """Mine, separate, make magnets, sell; `demand_shock` (material, worlds) moves the log of demand."""
        demand_level = self.state.demand_level + self._growth + demand_shock
        self.state = self._release(self.state)
        self.state = self._process(self.state, plants)
        self.state = self._sell(self.state, demand_level)
        self.state = self._book(self.state)

    def _release(self, state: MarketState) -> MarketState:
        """Who needed a licence last month and no longer does expects the price without its shadow price."""
        policy = self._licences.policy
        if policy is None or policy.licensed is state.licensed:
            return state
        released = (state.licensed > 0) & (policy.licensed == 0)
        return replace(
            state,
            log_price=state.log_price - state.wedge * released,
            licensed=policy.licensed,
            let_through=policy.let_through,
            quota=policy.quota,
        )

    def _process(self, state: MarketState, plants: PlantState) -> MarketState:
        """Turn ore into oxide and magnets, wherever there is capacity and the reserve lasts."""
        capacity = plants.capacity
        mined = np.minimum(
            capacity[:, MINE] * plants.use, np.maximum(state.reserve, 0.0) / (12 * self.p.least_reserve_life)
        )
        ore = state.ore + mined[:, None] * self.start.baskets[:, :, None]
        light, left_light = rules.routed(ore[:, LIGHT], capacity[:, SEPARATION])
        heavy, left_heavy = rules.routed(ore[:, HEAVY:], capacity[:, HEAVY_SEPARATION])
        left, separated = np.concatenate([left_light, left_heavy], axis=1), np.concatenate([light, heavy], axis=1)
        oxide = state.oxide + separated[:, IN_MAGNETS]
        magnets, waiting = rules.routed(oxide, capacity[:, MAGNETS])
        return replace(
            state,
            mined=mined,
            reserve=state.reserve - mined,
            ore=left,
            oxide=waiting,
            separated=separated,
            ore_bought=separated + left - ore,
            oxide_bought=magnets + waiting - oxide,
            supply=np.concatenate([separated[:, :MAGNET], magnets], axis=1),
        )

    def _sell(self, state: MarketState, demand_level: Floats) -> MarketState:
        """Find the prices at which everything is bought, given the `demand_level` (material, worlds), log."""
        p = self.p
        scale = self._base_use * state.substitution
        scale *= np.exp(demand_level)
        stock_scale = self._hoarding * state.cut_off_chance
        stock_scale += self._holding
        stock_scale *= scale
        expected = self._pull * state.log_price
        held, added = rules.pooled_stock(stock_scale, expected)
        free = rules.clearing_log_price(
            total(state.stock) + total(state.supply), total(scale), held, p.demand_elasticity, p.storage_response, added
        )
        log_price = np.empty_like(scale)
        log_price[:] = free
        licences = self._licences.split_prices(state, log_price, scale, stock_scale, expected)
        consumed = rules.demand(scale, log_price, p.demand_elasticity)
        stock = rules.demand(stock_scale, log_price, self._run_down, expected)
        arrivals = consumed + stock
        arrivals -= state.stock
        return replace(
            state,
            demand_level=demand_level,
            consumed=consumed,
            arrivals=arrivals,
            stock=stock,
            log_price=log_price,
            price=self.base_price * np.exp(log_price),
            binding=licences.binding,
            wedge=licences.wedge,
            cap=licences.cap,
            normal_imports=licences.normal_imports,
            passed_share=licences.passed_share,
        )

    def _book(self, state: MarketState) -> MarketState:
        """Sales, profits and shares of the month, what the United States would lose by a cut-off, and expectations."""
        p, home, separated = self.p, state.price[CN], state.separated
        offers = self._licences.offers(state)
        sales = self._licences.sales(state, offers)
        bought = state.ore_bought * np.maximum(home - toll(p), 0.0)
        oxide = state.oxide_bought * home[IN_MAGNETS]
        paid = bought[:, 0] + bought[:, 1] + bought[:, 2] + oxide[:, 0] + oxide[:, 1]
        processed = separated[:, 0] + separated[:, 1] + separated[:, 2]
        cost = state.mined * self._mine_cash + processed * self._separation_cash
        magnets = state.supply[:, MAGNET] + state.supply[:, HEAVY]
        mined_world = total(state.mined)
        dependence = self._licences.controlled_share(state, offers, US, CN)
        loss = rules.cut_off_loss(dependence, p.rare_earth_cost_share, p.source_elasticity)
        expected = state.expected_log_price + p.expectation_gain * (state.log_price - state.expected_log_price)
        slow, fastest = p.long_run_elasticity - p.demand_elasticity, p.substitution_rate / 12
        blocked = state.licensed * np.maximum(1.0 - state.passed_share, 0.0)
        return replace(
            state,
            sales=sales,
            profit=sales - (paid + cost) * BN,
            mined_world=mined_world,
            mine_share=state.mined / mined_world,
            separation_share=processed / np.maximum(total(processed), 1e-9),
            magnet_share=magnets / np.maximum(total(magnets), 1e-9),
            dependence=dependence,
            cut_off_loss=state.value_weights * loss,
            expected_log_price=expected,
            substitution=rules.substituted(state.substitution, expected, slow, fastest, p.substitution_months),
            cut_off_chance=np.maximum(state.cut_off_chance * p.cut_off_memory, blocked),
        )
