"""What mines and plants earn over their costs, and expect to."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from model.array_axes import (
    BULK,
    CN,
    COUNTRIES,
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
from model.parameters.table import WorldParameters
from model.states.market import MarketState, PlantState
from model.states.run_setting import Setting


def cash_cost(p: WorldParameters, abroad: Floats) -> Floats:
    """An operating cost by country (country, worlds), USD/kg: lower in China."""
    cost = np.stack([abroad] * len(COUNTRIES))
    cost[CN] = abroad * (1.0 - p.china_cost_advantage)
    return cost


def toll(p: WorldParameters) -> Floats:
    """What China's plants charge for separation (worlds,), USD/kg: their cost."""
    return p.separation_cost * (1.0 - p.china_cost_advantage)


def stage_markets(supply: Floats) -> Floats:
    """Size of the world market of each stage (stage, worlds), t/month, given supply (material, worlds)."""
    light, heavy, magnets = supply[BULK] + supply[MAGNET], supply[HEAVY], supply[MAGNET] + supply[HEAVY]
    return np.stack([light + heavy, light, heavy, magnets])


class Margins:
    """Prices less costs, by country and stage."""

    def __init__(self, setting: Setting, demand_scale: Floats) -> None:
        self.p, self._baskets, self._new_ore = setting.p, setting.start.baskets, setting.start.new_baskets
        p, supply = self.p, total(demand_scale)
        self._supply_shares = supply / total(supply)
        self.mine_cost = cash_cost(p, p.mine_cost)
        """Cost of mining, what voters put on it at home included, (country, worlds), USD/kg."""
        self.mine_cost[US] += p.environmental_cost
        self._separation_cost, self._toll = cash_cost(p, p.separation_cost), toll(p)
        self._magnet_margin = p.magnet_cost * (1.0 - p.china_cost_advantage) - cash_cost(p, p.magnet_cost)

    def ore_price_today(self, market: MarketState) -> Floats:
        """What the ore of each country's mines at the start fetches now (country, worlds), USD/kg."""
        waiting = np.maximum(ore_waiting(market), oxide_waiting(market))
        return self._ore_price(self._baskets, market.price[CN], waiting)

    def _ore_price(self, ore: Floats, home: Floats, waiting: Floats) -> Floats:
        """What `ore` (country, material) fetches (country, worlds), USD/kg, at Chinese prices (material, worlds).

        The Chinese price less toll, and less the rent of the stages that cannot keep up with the mines: for a month's
        output that is `waiting` (worlds,) all of it.
        """
        baskets = ore[:, :, None]
        worth = baskets[:, 0] * home[0] + baskets[:, 1] * home[1] + baskets[:, 2] * home[2] - self._toll
        rent = at_least(worth - self.p.mine_cost, 0.0)
        return at_least(worth - rent * waiting, 0.1)

    def expected(self, market: MarketState, plants: PlantState, prices: Floats, floors: Mapping[int, Floats]) -> Floats:
        """Margin to be expected by country and stage (country, stage, worlds), USD per kg of content.

        At `prices` (country, material, worlds), USD/kg. Mines earn the Chinese price of what new ones dig, less toll
        and cost. Plants outside China earn China's toll and what the price at home, not below the floor of magnet
        material (worlds,) by country, is above the Chinese one; of the two stages of magnet material the scarcer
        outside China earns that gap. The stage behind which material will pile up earns the scarcity rent of the chain.
        """
        home = prices[CN]
        gap = prices - home
        for row, floor in floors.items():
            gap[row, MAGNET] = np.maximum(prices[row, MAGNET], floor) - home[MAGNET]
        planned = plants.capacity + plants.under_way
        separated, magnets = planned[:, SEPARATION], planned[:, MAGNETS]
        share = market.stage_markets[MAGNETS] / market.stage_markets[SEPARATION]
        scarce = (total(separated) - separated[CN]) * share > total(magnets) - magnets[CN]
        of_magnet = (self._baskets[:, MAGNET] / (self._baskets[:, BULK] + self._baskets[:, MAGNET]))[:, None]
        extra = of_magnet * gap[:, MAGNET] * ~scarce + (1.0 - of_magnet) * gap[:, BULK]
        cheaper = self._toll - self._separation_cost
        world = home * self._supply_shares
        rent = np.maximum(world[0] + world[1] + world[2] - self._toll - self.p.mine_cost, 0.0)
        light, heavy, oxide = self._piles_at_opening(market, plants, total(planned))
        rows = [
            self._ore_price(self._new_ore, home, np.maximum(light, oxide)) - self.mine_cost,
            extra + cheaper + light * rent,
            gap[:, HEAVY] + cheaper + heavy * home[HEAVY],
            gap[:, MAGNET] * scarce + self._magnet_margin + oxide * home[MAGNET],
        ]
        return np.stack(rows, axis=1)

    def _piles_at_opening(
        self, market: MarketState, plants: PlantState, planned: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """Light and heavy ore and oxide that will wait for plants when one begun now opens, in months of output, 0-1.

        What waits today, and what mines and plants add and take until then with all that is `planned` (stage, worlds).
        """
        months = 12 * self.p.plant_lead
        mined = (plants.capacity[:, MINE] * plants.use)[:, None] * plants.baskets
        mined += plants.under_way[:, MINE][:, None] * self._new_ore[:, :, None]
        ores = np.maximum(total(mined), 1e-9)
        magnets = ores[MAGNET] * np.minimum(planned[SEPARATION] / (ores[BULK] + ores[MAGNET]), 1.0) + 1e-9
        waits, oxide = total(market.ore), total(market.oxide)
        piles = (
            (waits[BULK] + waits[MAGNET], ores[BULK] + ores[MAGNET], planned[SEPARATION]),
            (waits[HEAVY], ores[HEAVY], planned[HEAVY_SEPARATION]),
            (oxide[0] + oxide[1], magnets + ores[HEAVY], planned[MAGNETS]),
        )
        light, heavy, unmade = (
            np.clip(stock / flow + months * (1.0 - taken / flow), 0.0, 1.0) for stock, flow, taken in piles
        )
        return light, heavy, unmade


def ore_waiting(market: MarketState) -> Floats:
    """Ore in stock that no plant can take, in months of mining, at most one (worlds,): separation binds."""
    stock = total(market.ore[:, 0] + market.ore[:, 1] + market.ore[:, 2])
    return np.minimum(stock / np.maximum(total(market.mined), 1e-9), 1.0)


def oxide_waiting(market: MarketState) -> Floats:
    """Oxide in stock that no magnet plant can take, in months of output, at most one (worlds,)."""
    made = total(market.separated[:, MAGNET] + market.separated[:, HEAVY])
    stock = total(market.oxide[:, 0] + market.oxide[:, 1])
    return np.minimum(stock / np.maximum(made, 1e-9), 1.0)
