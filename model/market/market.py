"""The clearing of the rare-earth market in every world: mines, plants, stocks, prices."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from model.array_axes import (
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
    at_least,
    total,
)
from model.calendar import Month
from model.market.licensed_market import Licences, Offer, sold_at
from model.market.margins import cash_cost, stage_markets, toll
from model.market.market_shocks import News
from model.market.storers import Storers
from model.rules import market as rules
from model.rules.buyer_policy import Stockpile, floor_payment, returned_payment
from model.rules.licensed_market import persistence
from model.rules.storage import market_price
from model.states.decisions import BuyerPolicy, ExportPolicy, PriceFloor
from model.states.frozen import replace
from model.states.market import MarketState, PlantState
from model.states.run_setting import Setting
from model.units import BN_USD_PER_T_AT_1_USD_PER_KG as BN

LIGHT = slice(BULK, HEAVY)
IN_MAGNETS = slice(MAGNET, None)
LEAK_MONTHS = 3
"""Months over which leaks and shares in a quota follow a wedge: ours."""


class Market:
    """Moves goods from mine to buyer once a month, in the order of `clear`; owns the `state` of the market."""

    def __init__(
        self, setting: Setting, policy: ExportPolicy, capacity: Floats, reserve: Floats, demand_scale: Floats
    ) -> None:
        self.p, self.start = setting.p, setting.start
        p, start = self.p, self.start
        self.base_price = start.base_price[:, None] * p.price_level
        """Price that all logs of prices start from, (material, worlds), USD/kg."""
        self._growth = np.stack([p.bulk_growth, p.magnet_growth, p.magnet_growth]) / 12
        duties = np.broadcast_to(p.freight_share, (len(start.baskets), setting.worlds)).copy()
        duties[CN] = 0.0
        duties[US] += p.united_states_tariff
        self._base_use = demand_scale * np.exp(-p.demand_elasticity * np.log1p(duties))[:, None]
        self._slow = np.maximum(p.long_run_elasticity - p.demand_elasticity, 0.0)
        self._fastest = p.substitution_rate / 12
        self._holding = (p.inventories == 0) * p.cover_months
        self._hoarding = self._holding * p.hoarding
        self._toll = toll(p)
        self._mine_cash, self._separation_cash = cash_cost(p, p.mine_cost), cash_cost(p, p.separation_cost)
        self._news, self._storers = News(setting), Storers(setting, capacity, self._base_use)
        self._licences = Licences(p, policy, self._storers)
        self.state = self._first_state(setting, policy, reserve, demand_scale)

    def _first_state(
        self, setting: Setting, policy: ExportPolicy, reserve: Floats, demand_scale: Floats
    ) -> MarketState:
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
            world_supply=cells,
            stock=demand_scale * np.where(self.p.inventories == 0, self.p.cover_months, 0.0),
            demand_scale=demand_scale,
            consumed=goods,
            world_use=cells,
            arrivals=goods,
            price=self.base_price * np.exp(goods),
            log_price=goods,
            expected_log_price=goods,
            log_substitution=goods,
            demand_level=-self._storers.drift(policy),  # the price on record already has it in it
            shortage=cells,
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
            licence_premium=self._storers.rule.passing(persistence(cells, self.p.licence_outlook))[HEAVY],
            highest_log_price=self._storers.choke[HEAVY],
            held_back=cells,
            blocked_share=cells,
            licence_months=cells,
            lasting_wedge=cells,
            stockpile=Stockpile(cells, cells),
            stockpile_paid=rows[0],
            floor_paid=rows,
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

    def clear(self, plants: PlantState, buyers: BuyerPolicy, now: Month) -> None:
        """Mine, separate, make magnets, sell, on the news of the month and what governments of `buyers` do."""
        demand_level = self.state.demand_level + self._growth + self._news.draw(now)
        self.state = self._release(self.state)
        self.state = self._process(self.state, plants)
        self.state = self._sell(self.state, demand_level, buyers.order)
        self.state = self._book(self.state, buyers)

    def prices_at_opening(self, plants: PlantState) -> Floats:
        """Prices to be expected when a plant begun now opens, (country, material, worlds), USD/kg."""
        under_way, growth = plants.under_way[:, MINE], 12 * self._growth
        logs = self._storers.log_price_at_opening(self.state, under_way, growth, self._licences.policy)
        return self.base_price * np.exp(logs)

    def _release(self, state: MarketState) -> MarketState:
        """Who needs a licence now, and what licences let through."""
        policy = self._licences.policy
        if policy.licensed is state.licensed:
            return state
        return replace(state, licensed=policy.licensed, let_through=policy.let_through, quota=policy.quota)

    def _process(self, state: MarketState, plants: PlantState) -> MarketState:
        """Turn ore into oxide and magnets, wherever there is capacity and the reserve lasts."""
        capacity = plants.capacity
        mined = np.minimum(
            capacity[:, MINE] * (plants.use * np.exp(-self._news.lost)),
            at_least(state.reserve, 0.0) / (12 * self.p.least_reserve_life),
        )
        ore = mined[:, None] * plants.baskets
        ore += state.ore
        light, left_light = rules.routed(ore[:, LIGHT], capacity[:, SEPARATION])
        heavy, left_heavy = rules.routed(ore[:, HEAVY:], capacity[:, HEAVY_SEPARATION])
        left, separated = np.concatenate([left_light, left_heavy], axis=1), np.concatenate([light, heavy], axis=1)
        oxide = state.oxide + separated[:, IN_MAGNETS]
        magnets, waiting = rules.routed(oxide, capacity[:, MAGNETS])
        supply = np.concatenate([separated[:, :MAGNET], magnets], axis=1)
        return replace(
            state,
            mined=mined,
            reserve=state.reserve - mined,
            ore=left,
            oxide=waiting,
            separated=separated,
            ore_bought=np.subtract(separated + left, ore, out=ore),
            oxide_bought=np.subtract(magnets + waiting, oxide, out=oxide),
            supply=supply,
            world_supply=total(supply),
        )

    def _sell(self, state: MarketState, demand_level: Floats, order: Floats | None) -> MarketState:
        """Find the prices at which everything is bought, given the `demand_level` (material, worlds), log.

        Of that the stockpile takes its `order` (material, worlds), t, and what it holds is for sale to nobody.
        """
        p, elasticity = self.p, self.p.demand_elasticity
        substitution = rules.substituted(
            state.log_substitution, state.expected_log_price, self._slow, self._fastest, p.substitution_months
        )
        scale = np.exp(state.log_substitution + demand_level)
        scale *= self._base_use
        stock_scale = self._hoarding * state.cut_off_chance
        stock_scale += self._holding
        stock_scale *= scale
        order = np.zeros_like(demand_level) if order is None else order
        piled = state.stockpile.held + order
        offer = Offer(self.base_price, scale, stock_scale, self._holding, piled)
        wanted = total(scale)
        ahead = self._storers.look_ahead(
            state, wanted, substitution[CN], demand_level + self._growth, self._news.lost, order, self._licences.policy
        )
        shift, steepness, choke = self._storers.shift(ahead), self._storers.steepness, self._storers.choke
        available = total(state.stock) + state.world_supply - piled
        everyone = market_price(available, wanted, total(stock_scale), shift, elasticity, steepness, choke)
        sold = sold_at(scale, stock_scale, everyone, self.base_price, shift, elasticity, steepness, choke)
        licences = self._licences.split(state, offer, ahead, shift, sold)
        log_price, price, consumed, stock = sold
        stock[CN] += licences.held_back
        stock[US] += piled
        arrivals = consumed + stock
        arrivals -= state.stock
        stockpile = state.stockpile.after(order, price[US])
        return replace(
            state,
            stockpile=stockpile,
            stockpile_paid=total(stockpile.cost) - total(state.stockpile.cost),
            demand_level=demand_level,
            shortage=ahead.shortage,
            log_substitution=substitution,
            consumed=consumed,
            world_use=total(consumed),
            arrivals=arrivals,
            stock=stock,
            log_price=log_price,
            price=price,
            binding=licences.binding,
            wedge=licences.wedge,
            cap=licences.cap,
            normal_imports=licences.normal_imports,
            passed_share=licences.passed_share,
            held_back=licences.held_back,
            blocked_share=licences.blocked_share,
            licence_months=(state.licence_months + 1.0) * self._licences.needed,
            lasting_wedge=state.lasting_wedge + (licences.wedge - state.lasting_wedge) / LEAK_MONTHS,
        )

    def _book(self, state: MarketState, buyers: BuyerPolicy) -> MarketState:
        """Sales, profits and shares of the month, what the United States would lose by a cut-off, and expectations."""
        p, home, separated = self.p, state.price[CN], state.separated
        offers = self._licences.offers(state)
        sales = self._licences.sales(state, offers)
        bought = state.ore_bought * at_least(home - self._toll, 0.0)
        oxide = state.oxide_bought * home[IN_MAGNETS]
        paid = bought[:, 0] + bought[:, 1] + bought[:, 2] + oxide[:, 0] + oxide[:, 1]
        processed = separated[:, 0] + separated[:, 1] + separated[:, 2]
        cost = state.mined * self._mine_cash + processed * self._separation_cash
        magnets = state.supply[:, MAGNET] + state.supply[:, HEAVY]
        mined_world = total(state.mined)
        dependence = self._licences.controlled_share(state, offers, US, CN)
        loss = rules.cut_off_loss(dependence, p.rare_earth_cost_share, p.source_elasticity)
        smoothed = state.log_price - state.expected_log_price
        smoothed *= p.expectation_gain
        smoothed += state.expected_log_price
        feared = state.cut_off_chance * p.cut_off_memory
        np.maximum(feared, state.licensed * state.blocked_share, out=feared)
        floor_paid = self._floor_payments(state, buyers.floors)
        return replace(
            state,
            sales=sales,
            profit=sales - (paid + cost) * BN + floor_paid,
            floor_paid=floor_paid,
            mined_world=mined_world,
            mine_share=state.mined / np.maximum(mined_world, 1e-9),
            separation_share=processed / np.maximum(total(processed), 1e-9),
            magnet_share=magnets / np.maximum(total(magnets), 1e-9),
            dependence=dependence,
            cut_off_loss=state.value_weights * loss,
            expected_log_price=smoothed,
            cut_off_chance=feared,
        )

    def _floor_payments(self, state: MarketState, floors: Mapping[int, PriceFloor]) -> Floats:
        """What price floors cost this month, less what sellers give back, (country, worlds), bn USD."""
        paid = np.zeros_like(state.mined)
        for row, floor in floors.items():
            sold, price = np.minimum(state.separated[row, MAGNET], floor.most), state.price[row, MAGNET]
            above, share, most = floor.returned_above, floor.returned_share, floor.returned_most
            paid[row] = floor_payment(price, floor.price, sold) - returned_payment(price, above, share, sold, most)
        return paid
