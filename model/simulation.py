"""The model: countries, market, talks and war, and the order of a month."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np
from numpy.typing import NDArray

from model.agents.believer import Believer
from model.agents.china import China
from model.agents.country import Country
from model.agents.investors import Investors
from model.agents.rest_of_world import RestOfWorld
from model.agents.russia import Russia
from model.agents.ukraine import Ukraine
from model.agents.united_states import UnitedStates
from model.dimensions import CN, UA, US
from model.initial_state import FIRST_TALKS, first_projects, first_states, read_start, scheduled_projects, start_year
from model.market.entrant_debt import Loans
from model.market.market import Market
from model.parameters.declaration import ParameterError, Value, nearest
from model.parameters.table import Parameters
from model.random_streams import Luck
from model.record import recorder
from model.rules import beliefs, investment
from model.rules.market import cut_off_loss
from model.talks.talks import Talks
from model.war.war import War

if TYPE_CHECKING:
    import xarray as xr

Floats = NDArray[np.floating]
CAST = (UnitedStates, Ukraine, Russia, China, RestOfWorld)
LONGEST = 600
"""Months a run may last."""
PRECISIONS: dict[str, type[np.floating]] = {"double": np.float64, "single": np.float32}
"""Precision of a run's numbers: about sixteen or seven digits."""


class GeopoliticalEconomy(mesa.Model):
    """Minerals, security and war among five countries, in many worlds at once.

    Each month, in this order; everyone decides on what was true when the phase began:

    1. news: demand and tension move
    2. talks: offers, answers, ratification
    3. China's export policy (each quarter)
    4. investment (each January) and plants that come on stream
    5. the market clears, goods move, and entrants pay their lenders or fail
    6. war: aid, strength, ceasefire, attack
    7. payments and utilities
    8. beliefs
    9. the record

    Arguments: `parameters` (default all defaults), `worlds` run side by side, `months` from January
    of the parameter `start`, `rng` the seed, `replicates` the luck each world lives with (default
    0, 1, 2, ...), `record` "all", "outcomes" or a list of monthly variables, `precision` of the numbers,
    "double" or "single" (half the memory and faster, the same luck); any parameter can also be given by name.
    """

    def __init__(
        self,
        parameters: Parameters | None = None,
        *,
        worlds: int = 1,
        months: int = 180,
        rng: int | None = 0,
        seed: int | None = None,
        replicates: NDArray[np.int64] | None = None,
        record: str | list[str] = "all",
        cast: tuple[type[Country], ...] = CAST,
        precision: str = "double",
        **changes: Value,
    ) -> None:
        self.dtype = dtype_of(precision)
        self.worlds = _whole("worlds", worlds, 1, 10_000_000)
        self.months = _whole("months", months, 1, LONGEST)
        self.seed = _whole("rng", rng if seed is None else seed, 0, 2**63 - 1)
        super().__init__(rng=self.seed)
        self.years = self.months // 12 + 1
        self.parameters = (parameters or Parameters()).replace(**changes)
        self.spread = self.parameters.spread(self.worlds, self.dtype)
        self.replicates = np.arange(self.worlds) if replicates is None else np.asarray(replicates, dtype=np.int64)
        if self.replicates.shape != (self.worlds,) or np.any(self.replicates < 0):
            raise ParameterError(f"replicates: needs one whole number of 0 or more per world, shape ({self.worlds},)")
        self.luck = Luck(self.seed, self.replicates, self.dtype)
        self.month = 0
        self._set_the_stage(cast)
        self.recorder = recorder.Recorder(self, record)
        if self.worlds == 1:
            self.datacollector = recorder.collector()

    def _set_the_stage(self, cast: tuple[type[Country], ...]) -> None:
        p = self.spread
        self.start = read_start(start_year(self.parameters.start), self.dtype)
        self.states = first_states(self.start, p, self.worlds)
        self.spared = self.per_world(1.0)
        scheduled = scheduled_projects(self.start.year)
        self.projects = first_projects(self.worlds, scheduled, self.dtype)
        self.trigger = investment.option_trigger(p.discount_rate, 0.0 * p.discount_rate, p.price_volatility)
        self.prior_reliability = self.per_world(float(beliefs.updated_reliability(0.0, 0.0)))
        self.market = Market(self.start, p, self.states)
        members: dict[str, Any] = {member.name: member(self) for member in cast}
        self.united_states: UnitedStates = members["united_states"]
        self.ukraine: Ukraine = members["ukraine"]
        self.russia: Russia = members["russia"]
        self.china: China = members["china"]
        self.rest_of_world: RestOfWorld = members["rest_of_world"]
        self.cast: list[Country] = list(members.values())
        borrowers = [country for country in self.cast if country.borrows]
        self.loans = Loans(p, borrowers, self.states["capacity"], scheduled)
        self.first_year_shares = np.full((3, self.worlds), np.nan, dtype=self.dtype)
        self.dependence = np.zeros((3, self.worlds), dtype=self.dtype)
        self.cut_off_loss = np.zeros((3, self.worlds), dtype=self.dtype)
        self.resource_worth = self.ukraine.resource_value(p.renewal_hazard)
        self.investors = Investors(self)
        self.believers: list[Believer] = [self.ukraine, self.russia, self.investors]
        self.talks, self.war = Talks(self), War(self)
        self.luck_of_demand = [self.luck.normal(f"demand {m}", self.months) for m in ("bulk", "magnet", "heavy")]
        self.war.assess()

    def per_world(self, value: float) -> Floats:
        """The same number for every world, (worlds,)."""
        return np.full(self.worlds, value, dtype=self.dtype)

    @property
    def year(self) -> int:
        """The calendar year of the month."""
        return self.start.year + self.month // 12

    def step(self) -> None:
        """One month in every world; raises RuntimeError when all months are over."""
        if self.month >= self.months:
            raise RuntimeError(f"all {self.months} months are over: ask for more with months=")
        self.hear_news()
        if self.year >= FIRST_TALKS:
            self.talks.meet(self.month)
        self.set_export_policy()
        self.invest()
        self.trade()
        self.fight()
        self.settle_accounts()
        self.learn()
        self.recorder.record_month(self.month)
        if self.worlds == 1:
            self.datacollector.collect(self)
        self.month += 1
        self.running = self.month < self.months

    def hear_news(self) -> None:
        """Demand moves; tension between the United States and China moves."""
        scale = self.spread.demand_volatility / math.sqrt(12)
        self.demand_shock = np.stack([luck(self.month) for luck in self.luck_of_demand]) * scale
        self.china.feel_tension(self.month, (self.talks.signed_month == self.month - 1).astype(self.dtype))

    def set_export_policy(self) -> None:
        """China decides in the first month of a quarter; its quota grows every month."""
        if self.month % 3 == 0 and self.month > 0:
            self.china.choose_policy(self.month)
        self.china.follow_record(self.month)
        self.china.set_quota(self.month)

    def invest(self) -> None:
        """Once a year, plants come on stream and new ones are begun."""
        if self.month % 12:
            return
        year = self.month // 12
        self.projects.lose(UA, self.spared)
        self.spared = self.per_world(1.0)
        opened = self.projects.complete(year)
        self.market.open_plants(opened)
        self.loans.lend(opened, self.states["capacity"], year)
        margins = self.market.margins([country.supported_price for country in sorted(self.cast, key=lambda c: c.row)])
        begun = np.zeros_like(self.states["capacity"])
        leads = np.ones(begun.shape, dtype=np.int64)
        for country in self.cast:
            begun[country.row] = country.choose_projects(margins[country.row], year)
            leads[country.row] = np.stack(country.lead_years()).astype(np.int64)
        self.projects.start(begun, leads, year)
        self.market.open_plants(self.loans.reopen(margins))

    def trade(self) -> None:
        """The market clears, entrants pay their lenders, and dependence follows."""
        self.market.clear(self.demand_shock)
        self.loans.collect(self.market)
        self.dependence = self.market.controlled_share(US)
        if self.year == 2025 and self.month % 12 == 11:
            market = self.market
            self.first_year_shares = np.stack(
                [market.mine_share[CN], market.separation_share[CN], market.magnet_share[CN]]
            )
        self.cut_off_loss = self.market.value_weights * cut_off_loss(
            self.dependence, self.spread.rare_earth_cost_share, self.spread.source_elasticity
        )

    def fight(self) -> None:
        """Aid, strength, land, ceasefire and attack; war destroys what is being built in Ukraine."""
        self.talks.keep_promises(self.month)
        self.war.arm(self.month)
        self.war.move(self.month)
        self.spared = self.spared * (1.0 - self.spread.war_loss * self.war.fighting / 12)

    def settle_accounts(self) -> None:
        """Share the revenue of the deal and book every country's utility."""
        self.talks.pay(12 * np.maximum(self.market.profit[UA], 0.0))
        discount = np.exp(-self.spread.discount_rate * self.month / 12)
        for country in self.cast:
            country.account(discount)

    def learn(self) -> None:
        """Investors and Ukraine see what the war has done to the resources."""
        self.resource_worth = self.ukraine.resource_value(self.war.hazard)
        self.ukraine.see_output(self.month)
        self.investors.watch()

    def run(self) -> xr.Dataset:
        """Run all months and return the record, with labels, units and meanings."""
        self.simulate()
        record = self.recorder.dataset()
        self.close()
        return record

    def simulate(self) -> None:
        """Run the months that are left."""
        while self.month < self.months:
            self.step()

    def close(self) -> None:
        """Let go of Mesa's registry, which in Mesa 3.3 keeps every model alive."""
        registry = getattr(mesa.Agent, "_ids", None)
        if registry is not None:
            registry.pop(self, None)


def dtype_of(precision: str) -> type[np.floating]:
    """The type of the numbers of a run; raises ParameterError for an unknown `precision`."""
    if precision not in PRECISIONS:
        allowed = ", ".join(PRECISIONS)
        raise ParameterError(f"precision={precision!r}: allowed {allowed}; {nearest(precision, PRECISIONS)}")
    return PRECISIONS[precision]


def _whole(name: str, value: object, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or not low <= value <= high:
        raise ParameterError(f"{name}={value!r}: needs a whole number from {low} to {high}")
    return int(value)
