"""The rare-earth market at the end of a month: goods, prices, licences, plants and debt."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from model.array_axes import CN, HEAVY, MAGNET, US, Floats, Truths, at_least, total
from model.rules import market as rules
from model.rules.buyer_policy import Stockpile
from model.states.frozen import Frozen


@dataclass(frozen=True)
class MarketState(Frozen):
    """Owned by the market, which puts a new one in its place when it clears."""

    # Goods
    mined: Floats  #: ore mined, (country, worlds), t REO/month
    reserve: Floats  #: ore left in the ground, (country, worlds), t REO
    ore: Floats  #: ore in stock by the material it contains, (country, material, worlds), t
    oxide: Floats  #: oxide that waits to become magnets, (country, magnet and heavy, worlds), t
    separated: Floats  #: material separated, (country, material, worlds), t/month
    ore_bought: Floats
    """Material in ore bought from other countries, negative where sold, (country, material, worlds), t/month."""
    oxide_bought: Floats  #: the same of oxide for magnets, (country, magnet and heavy, worlds), t/month
    supply: Floats  #: finished material for sale, (country, material, worlds), t/month
    world_supply: Floats  #: the same in all countries, (material, worlds), t/month
    stock: Floats  #: material held by buyers, and by producers who do not sell it, (country, material, worlds), t
    demand_scale: Floats  #: demand at the base price and the start's level, (country, material, worlds), t/month
    consumed: Floats  #: material used, (country, material, worlds), t/month
    world_use: Floats  #: the same in all countries, (material, worlds), t/month
    arrivals: Floats  #: material used or added to stock, (country, material, worlds), t/month

    # Prices and expectations
    price: Floats  #: price paid by buyers of each country, (country, material, worlds), USD/kg
    log_price: Floats  #: log of the price over the base price, (country, material, worlds)
    expected_log_price: Floats
    """Log of the price over the base price, smoothed: the habit of users, (country, material, worlds)."""
    log_substitution: Floats
    """Log of the part of demand not yet substituted away, (country, material, worlds); above 0 where a price is low."""
    demand_level: Floats  #: log of demand over the start's, (material, worlds)
    cut_off_chance: Floats  #: chance that buyers see of being cut off, (country, material, worlds), 0-1
    wedge: Floats  #: log of the price of licensed buyers over China's, (material, worlds)

    shortage: Floats
    """Log of demand at the base price, before substitution, over normal supply, (material, worlds)."""

    # Licences
    licensed: Floats  #: 1 where a buyer needs China's licence, (country, material, worlds)
    let_through: Floats  #: part of normal exports that licences let through, (worlds,), 0-1
    quota: Floats | None
    """Exports of all materials together that a quota allows, (worlds,), t/month, infinite or None without one."""
    passed_share: Floats
    """Part of the normal recorded imports of licensed buyers that passes, (worlds,) or (material, worlds)."""
    normal_imports: Floats
    """What licensed buyers would take from China on record without licences, (material, worlds), t/month."""
    past_quotas: Floats  #: what leaves China past licences and quotas alike, (material, worlds), t/month
    cap: Floats  #: most that China ships to licensed buyers, (material, worlds), t/month
    binding: Truths  #: whether the licence binds, (material, worlds)
    held_back: Floats  #: blocked exports that China's producers keep, a part of `stock`, (material, worlds), t
    licence_months: Floats  #: months for which a licence has been needed, (material, worlds)
    blocked_share: Floats  #: mean part of normal exports blocked since then, (material, worlds), 0-1
    lasting_wedge: Floats  #: the wedge smoothed over three months, (material, worlds)

    licence_premium: Floats  #: log gap in prices per log of what a new licence withholds, (worlds,)
    highest_log_price: Floats  #: log of the price at which users of what is licensed leave, over the base, (worlds,)

    # What governments of buyers do
    stockpile: Stockpile  #: the US strategic stockpile, a part of `stock`
    stockpile_paid: Floats  #: what it cost this month less what it earned, (worlds,), bn USD
    floor_paid: Floats  #: cost of price floors, negative where sellers give back, (country, worlds), bn USD/month

    # Results
    sales: Floats  #: sales of finished material, (country, worlds), bn USD/month
    profit: Floats  #: profit of mines and plants, (country, worlds), bn USD/month
    mined_world: Floats  #: ore mined in the world, (worlds,), t REO/month
    mine_share: Floats  #: share of world mining, (country, worlds), 0-1
    separation_share: Floats  #: share of world separation, (country, worlds), 0-1
    magnet_share: Floats  #: share of world magnet making, (country, worlds), 0-1
    dependence: Floats  #: part of US use that China controls, (material, worlds), 0-1
    cut_off_loss: Floats  #: US loss of output if China cut it off, (material, worlds), share of GDP
    value_weights: Floats  #: worth of a material at the start over that of all, (material, worlds), 0-1
    stage_markets: Floats  #: size of the world market of each stage at the start, (stage, worlds), t/month

    @property
    def substitution(self) -> Floats:
        """Part of demand not yet substituted away, (country, material, worlds), 0-1 and above where a price is low."""
        return np.exp(self.log_substitution)

    def exports_of_china(self) -> Floats:
        """What buyers abroad would take from China at today's prices without licences (material, worlds), t/month."""
        abroad = self.world_use - self.consumed[CN]
        return at_least(abroad - (self.world_supply - self.supply[CN]), 0.0)

    def magnet_demand(self, country: int) -> Floats:
        """What a country uses of the materials that go into magnets, at the start's level, (worlds,), t/month."""
        wanted = self.demand_scale[country]
        return wanted[MAGNET] + wanted[HEAVY]

    def covered_by_others(self, country: int) -> Floats:
        """Part of a country's use that suppliers other than China could cover (material, worlds), 0-1."""
        others = self.world_supply - self.supply[CN]
        return np.minimum(1.0, others / np.maximum(self.consumed[country], 1e-9))

    def import_weight(self, country: int) -> Floats:
        """A country's part of the demand outside China for magnet material (worlds,), 0-1."""
        scale = self.demand_scale[:, MAGNET]
        return scale[country] / (total(scale) - scale[CN])

    def controlled_share(self, importer: int, exporter: int = CN) -> Floats:
        """Part of a country's use that `exporter` controls in the pool it buys from, (material, worlds), 0-1."""
        pools = rules.offers(self.supply, self.cap, self.binding, CN)
        within = (self.licensed[importer] > 0) & self.binding
        used = self.consumed[importer]
        return np.where(within, *(rules.controlled_share(pool, used, exporter, importer) for pool in pools))

    def shipped(self, exporter: int, importer: int) -> Floats:
        """This month's trade between two countries (material, worlds), t."""
        parts = rules.sales(self.supply, self.arrivals, self.licensed, self.cap, self.binding, CN)
        inside, outside = (rules.pair_flow(*pool, exporter, importer) for pool in (parts[:2], parts[2:]))
        return inside + outside

    @cached_property
    def china_to_united_states(self) -> Floats:
        """US imports from China this month (material, worlds), t."""
        shipped = self.shipped(CN, US)
        shipped.setflags(write=False)
        return shipped

    def flows(self) -> Floats:
        """This month's trade (exporter, importer, material, worlds), t; the diagonal is home supply."""
        parts = rules.sales(self.supply, self.arrivals, self.licensed, self.cap, self.binding, CN)
        return rules.pooled_flows(*parts[:2]) + rules.pooled_flows(*parts[2:])


@dataclass(frozen=True)
class PlantState(Frozen):
    """Owned by the plants."""

    capacity: Floats  #: capacity that works, (country, stage, worlds), t/month
    use: Floats  #: part of mine capacity in use, (country, worlds), 0-1
    idle: Floats  #: capacity closed by default, (country, stage, worlds), t/month
    reopening: Floats  #: idle capacity that works again next January, (country, stage, worlds), t/month
    under_way: Floats  #: capacity under construction, (country, stage, worlds), t/month
    baskets: Floats  #: share of each material in what a country's mines dig, (country, material, worlds), 0-1


@dataclass(frozen=True)
class DebtState(Frozen):
    """Owned by the entrants' debt."""

    financed: Floats  #: capacity on credit, (country, stage, worlds), t/month
    interest: Floats  #: interest due, (country, worlds), bn USD/year
    unpaid: Floats  #: interest in arrears, (country, worlds), bn USD
    part: Floats
    """Part of a country's plants, by their cost, that stands on credit, (country, worlds), 0-1."""
    defaults: Floats  #: defaults so far, (worlds,)
