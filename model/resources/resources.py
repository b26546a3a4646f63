"""The owner of Ukraine's resources: prices move, projects begin, war and occupation take their part."""

from __future__ import annotations

import numpy as np

from model.array_axes import (
    EXOGENOUS,
    HYDROCARBONS,
    MINE,
    NEW,
    RARE_EARTHS,
    STREAMS,
    UA,
    Floats,
    Truths,
    at_least,
)
from model.calendar import Month
from model.resources.project_economics import read_new_projects
from model.rules import mean_reverting_price
from model.states.common_knowledge import Known
from model.states.frozen import replace
from model.states.market import MarketState, PlantState
from model.states.resources import ResourceState
from model.states.run_setting import Setting
from model.states.war import WarState
from model.units import BN_USD_PER_T_AT_1_USD_PER_KG as BN


class Resources:
    """Owns the `state` of the resources; Ukraine decides on its rare-earth mines, investors on the rest."""

    def __init__(self, setting: Setting, plants: PlantState, war: WarState, ore_price: Floats) -> None:
        """Prices start at their base; `ore_price` is what Ukraine's ore fetches at the start (worlds,), USD/kg."""
        self.p, self._first_ore_price = setting.p, ore_price
        self._new = read_new_projects(setting.start.dtype)
        shape = (len(STREAMS), setting.worlds)
        draws = [setting.streams.uniform(f"economic {mineral}", 1)(0) for mineral in STREAMS[NEW]]
        self._economic = np.stack(draws) < self._new.chance
        exogenous = STREAMS[EXOGENOUS]
        self._price_streams = [setting.streams.normal(f"price of {name}", setting.months) for name in exogenous]
        of_new = np.broadcast_to(self._new.volatility, (len(self._economic), setting.worlds))
        self._volatility = np.concatenate([self.p.hydrocarbon_volatility[None], of_new])
        ones, zeros = np.ones(shape, setting.start.dtype), np.zeros(shape, setting.start.dtype)
        self._lead = ones * self.p.mine_lead
        self._lead[RARE_EARTHS] = np.trunc(4 * self.p.mine_lead) / 4  # mines of the market open with a quarter
        self.state = ResourceState(
            revenue=zeros,
            price=ones,
            full_revenue=zeros,
            mined_earnings=zeros[0],
            begun=ones * np.nan,
            spared=ones,
            lead_years=self._lead,
            life_years=ones * self.p.project_life,
        )
        self.state = self._valued(plants, war, ore_price)

    def begin(self, rare_earths: Truths, known: Known, now: Month) -> None:
        """Each quarter: new projects that pay and that somebody finances begin, and `rare_earths` where Ukraine does.

        As for rare earths, nobody finances a mine while there is fighting and no deal.
        """
        state = self.state
        pays = self._new.worth_building(self.p, state.price[NEW], known.investors_hazard) > 1.0
        financed = (known.war.fighting == 0) | known.agreement.in_force
        begins = np.zeros(state.begun.shape, dtype=bool)
        begins[NEW] = pays & financed & self._economic
        begins[RARE_EARTHS] = rare_earths
        self.state = replace(state, begun=np.where(begins & np.isnan(state.begun), now.number / 12, state.begun))

    def update(self, market: MarketState, plants: PlantState, war: WarState, ore_price: Floats, now: Month) -> None:
        """A month's prices and revenue, given what Ukraine's ore fetches now (worlds,), USD/kg."""
        p, state = self.p, self.state
        shocks = np.stack([stream(now.number) for stream in self._price_streams])
        price = state.price.copy()
        price[EXOGENOUS] = mean_reverting_price.next_index(
            price[EXOGENOUS], p.resource_price_reversion, self._volatility, shocks
        )
        price[RARE_EARTHS] = ore_price / self._first_ore_price
        years = np.fmax(now.number / 12 - state.begun, 0.0)  # none where nothing has begun
        self.state = replace(
            state,
            price=price,
            lead_years=at_least(self._lead - years, 0.0),
            life_years=np.minimum(at_least(self._lead + p.project_life - years, 0.0), p.project_life),
        )
        self.state = self._valued(plants, war, ore_price)
        works = (self.state.lead_years == 0) & (self.state.life_years > 0)
        revenue = self.state.full_revenue * price * works
        revenue[HYDROCARBONS] = p.resource_revenue * price[HYDROCARBONS]
        revenue[RARE_EARTHS] = 12 * np.maximum(market.profit[UA], 0.0)
        self.state = replace(self.state, revenue=revenue)

    def damage(self, war: WarState) -> None:
        """A month of war destroys a part of what has been begun; a rare-earth mine that works stands."""
        at_risk = ~np.isnan(self.state.begun)
        at_risk[RARE_EARTHS] &= self.state.lead_years[RARE_EARTHS] > 0
        lost = self.p.war_loss * war.fighting / 12
        self.state = replace(self.state, spared=self.state.spared * (1.0 - lost * at_risk))

    def _valued(self, plants: PlantState, war: WarState, ore_price: Floats) -> ResourceState:
        """The state with what the streams would earn: less for what is occupied, more once known to be economic."""
        p, state, new = self.p, self.state, self._new
        known_economic = ~np.isnan(state.begun)
        full = np.empty_like(state.price)
        full[HYDROCARBONS] = p.resource_revenue
        free = war.free_deposits(new.occupied) / (1.0 - new.occupied)
        of_new = p.new_licence_revenue * new.revenue_share * free
        full[NEW] = of_new * at_least(known_economic[NEW] / new.chance, 1.0)
        margin = np.maximum(ore_price - p.mine_cost, 0.0) * BN
        unopened = state.lead_years[RARE_EARTHS] > 0
        deposits = p.deposit_capacity * war.free_deposits(p.deposit_occupied) * unopened
        full[RARE_EARTHS] = margin * deposits * np.maximum(known_economic[RARE_EARTHS], p.deposit_chance)
        mined = 12 * plants.capacity[UA, MINE] * plants.use[UA]
        return replace(state, full_revenue=full * state.spared, mined_earnings=margin * mined)
