"""The model: builds the parts and orders the month; contains no formula of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np

from model.agents.china import China
from model.agents.country import Country
from model.agents.country_classes import CAST, own_rules, player, recast
from model.agents.investors import Investors
from model.agents.rest_of_world import RestOfWorld
from model.agents.russia import Russia
from model.agents.ukraine import Ukraine
from model.agents.united_states import UnitedStates
from model.array_axes import MINE, UA, Floats, Integers, total
from model.calendar import Calendar, Month
from model.initial_state import first_market, read_start, scheduled_projects, start_year
from model.market.entrant_debt import EntrantDebt
from model.market.margins import Margins
from model.market.market import Market
from model.market.plants import Plants
from model.parameters.declaration import ParameterError, Value
from model.parameters.table import Parameters
from model.random_streams import RandomStreams
from model.record.recorder import Kept, Recorder, collector
from model.resources.resources import Resources
from model.resources.revenue_values import resource_value
from model.run_arguments import dtype_of, replicates_of, seed_of, whole_number
from model.states.common_knowledge import Known, Snapshot
from model.states.deal import Terms
from model.states.decisions import BuyerPolicy, PriceFloor, WarMoves
from model.states.run_setting import Setting
from model.states.war_game import Outlook
from model.talks.agreement import Agreement
from model.talks.talks import Talks
from model.war.trust import Trust
from model.war.war import War
from model.war_game.war_outlook import Expectations

if TYPE_CHECKING:
    import xarray as xr

FIRST_TALKS = 2025
"""No deal is talked about before January of this year."""
LONGEST = 600
"""Months a run may last."""


class GeopoliticalEconomy(mesa.Model):
    """Minerals, security and war among five countries, in many worlds at once.

    Each month, in this order; everyone decides on what was true when the phase began:

    1. news: demand and tension move
    2. talks: offers, answers, ratification
    3. China's export policy (each quarter)
    4. plants that come on stream, and investment (each quarter)
    5. the market clears, goods move, and entrants pay their lenders or fail
    6. war: promises kept or broken, aid, strength; then ceasefire and attack
    7. payments and utilities
    8. beliefs, and what war destroys
    9. the record

    Arguments: `parameters` (default all defaults), `worlds` run side by side, `months` from January of the
    parameter `start`, `rng` the seed (none: a fresh one, kept in `seed`), `replicates` the random numbers that
    each world draws (default 0, 1, 2, ...), `record` "all", "outcomes" or a list of monthly variables,
    `precision` of the numbers, "double" or "single" (half the memory and faster, the same draws); any
    parameter can also be given by name, and so can a country that follows a rule of your own: `china=Mine`, a
    class made from `model.agents.china.China`.
    """

    def __init__(
        self,
        parameters: Parameters | None = None,
        *,
        worlds: int = 1,
        months: int = 180,
        rng: int | None = None,
        seed: int | None = None,
        replicates: Integers | None = None,
        record: str | list[str] = "all",
        cast: tuple[type[Country], ...] = CAST,
        precision: str = "double",
        **kwargs: Value | type[Country],  # by this name, the only one that Mesa's page lets through
    ) -> None:
        dtype = dtype_of(precision)
        cast, values = recast(cast, kwargs)
        self.worlds = whole_number("worlds", worlds, 1, 10_000_000)
        self.months = whole_number("months", months, 1, LONGEST)
        self.seed = seed_of(rng if seed is None else seed)
        super().__init__(rng=self.seed)
        given: object = Parameters() if parameters is None else parameters
        if not isinstance(given, Parameters):
            kind = type(given).__name__
            raise ParameterError(f"parameters: needs Parameters(...), or values by name, got {kind}")
        self.parameters = given.replace(**values) if values else given
        self.replicates = np.arange(self.worlds) if replicates is None else replicates_of(replicates, self.worlds)
        self.month = 0
        self.setting = Setting(
            p=self.parameters.by_world(self.worlds, dtype),
            start=read_start(start_year(self.parameters.start), dtype),
            calendar=Calendar(start_year(self.parameters.start), self.months),
            streams=RandomStreams(self.seed, self.replicates, dtype),
            worlds=self.worlds,
        )
        self._build(cast)
        self.recorder = Recorder(record, self.setting.calendar, self.worlds, dtype)
        self._collector = collector() if self.worlds == 1 else None

    @property
    def datacollector(self) -> mesa.DataCollector:
        """Mesa's collector of monthly variables and outcomes; raises AttributeError for more than one world."""
        if self._collector is None:
            raise AttributeError(f"Mesa's collector keeps one number a step, not {self.worlds}: use worlds=1, or run()")
        return self._collector

    def _build(self, cast: tuple[type[Country], ...]) -> None:
        """The parts, each with what it reads of the setting, and the first of every record."""
        setting, p = self.setting, self.setting.p
        self.united_states = player(cast, UnitedStates)(self, setting)
        self.ukraine = player(cast, Ukraine)(self, setting)
        self.russia = player(cast, Russia)(self, setting)
        self.china = player(cast, China)(self, setting)
        self.rest_of_world = player(cast, RestOfWorld)(self, setting)
        countries: list[Country] = [self.united_states, self.ukraine, self.russia, self.china, self.rest_of_world]
        self.cast = sorted(countries, key=lambda country: cast.index(type(country)))
        capacity, reserve, demand = first_market(setting.start, p)
        scheduled = scheduled_projects(setting.start.year)
        borrowers = [country.row for country in self.cast if country.borrows]
        self.plants = Plants(setting, capacity, scheduled)
        self.debt = EntrantDebt(setting, borrowers, capacity, scheduled)
        self.market = Market(setting, self.china.policy, capacity, reserve, demand)
        self.margins = Margins(setting, demand)
        self.war, self.trust, self.investors = War(setting), Trust(setting), Investors(setting)
        terms = Terms.tabled(p)
        self.agreement = Agreement(setting, terms)
        ore_price = self.margins.ore_price_today(self.market.state)[UA]
        self.resources = Resources(setting, self.plants.state, self.war.state, ore_price)
        self.expectations = Expectations(setting, self.agreement.state, self.trust.state)
        self.talks = Talks(setting, self.ukraine, self.united_states, self.expectations)
        value = resource_value(p, self.resources.state, setting.per_world(1.0))
        self.outlook = self._expect(value, None, setting.calendar.month(0))

    def known(self) -> Known:
        """All that is public now."""
        return Known(
            market=self.market.state,
            plants=self.plants.state,
            resources=self.resources.state,
            war=self.war.state,
            table=self.talks.state,
            agreement=self.agreement.state,
            trust=self.trust.state,
            outlook=self.outlook,
            investors_hazard=self.investors.expected_hazard,
        )

    def snapshot(self) -> Snapshot:
        """All that is public now, and what the countries know of themselves: for the record and for analyses."""
        return Snapshot(
            **vars(self.known()),
            months=self.month,
            debt=self.debt.state,
            accounts={country.row: country.account for country in self.cast},
            tension=self.china.tension,
            export_option=self.china.option,
            restricting=self.china.restricting(),
            restricted_months=self.china.restricted_months,
            european_replacement=self.rest_of_world.replacement,
            draft_answers=self.talks.draft_answers,
        )

    def step(self) -> None:
        """One month in every world, phase by phase: see, decide, apply. RuntimeError when all months are over."""
        now, p = self.setting.calendar.month(self.month), self.setting.p
        self.china.update_tension(self.agreement.state.signed_month == now.number - 1, now)  # 1 news
        if now.year >= FIRST_TALKS:  # 2 talks: offers, answers, votes
            self.agreement.sign(self.talks.meet(self.known(), now), now)
        policy = self.china.choose_export_policy(self.market.state, now)  # 3 China's export policy
        self.market.apply(policy)
        self.plants.apply(policy)
        self.debt.lend(self.plants.open(now), self.plants.state, now)  # 4 plants come on stream, on credit or not
        if now.opens_quarter:  # 4 investment
            self._invest(now)
        order = self.united_states.stockpile_order(self.market.state, policy, now)
        self.market.clear(self.plants.state, BuyerPolicy(self._floors(now), order), now)  # 5 market
        ore_price = self.margins.ore_price_today(self.market.state)
        self.plants.adjust_use(np.log(ore_price / self.margins.mine_cost))
        self.plants.close(self.debt.collect(self.market.state, self.plants.state))
        self.agreement.stand(self.war.state, self.talks.state.pressure, now)  # 6 war: promises and aid
        self.trust.count_month(self.agreement.state, self.talks.state.pressure)
        aid = self.rest_of_world.support_ukraine(self.agreement.state, now)
        self.war.arm(aid, self.agreement.state, self.outlook.resource_value)
        value = self.outlook.resource_value
        if now.is_january:
            value = resource_value(p, self.resources.state, p.discount_rate * self.outlook.war_years)
        self.outlook = self._expect(value, self.outlook, now)
        moves = self._war_moves(now)  # 6 war: the moves, all on this outlook
        self.war.move(moves, self.agreement.state, now)
        ends = self.agreement.test(moves.attacks & ~moves.american_joins, now)
        self.trust.count(kept=moves.american_joins & self.agreement.state.holds, broken=ends)
        self.resources.update(self.market.state, self.plants.state, self.war.state, ore_price[UA], now)  # 7 accounts
        self.agreement.pay(total(self.resources.state.revenue))
        known, discount = self.known(), np.exp(-p.discount_rate * now.number / 12)
        for each in self.cast:
            each.book(known, discount)
        self.investors.update(self.war.state, self.outlook)  # 8 beliefs and losses
        self.plants.damage(self.war.state)
        self.resources.damage(self.war.state)
        self.month, self.running = self.month + 1, self.month + 1 < self.months
        self._record(now)  # 9 record

    def _invest(self, now: Month) -> None:
        """Every country decides what to build, by the prices to be expected when it opens."""
        floors = {row: floor.price for row, floor in self._floors(now).items() if floor.for_entrants}
        prices = self.market.prices_at_opening(self.plants.state)
        margins = self.margins.expected(self.market.state, self.plants.state, prices, floors)
        known = self.known()
        projects = {each.row: each.choose_projects(margins[each.row], known, now) for each in self.cast}
        self.plants.begin(projects, now)
        self.resources.begin(projects[UA].size[MINE] > 0, known, now)

    def _floors(self, now: Month) -> dict[int, PriceFloor]:
        """The price floors that hold, by row of the country."""
        return {each.row: floor for each in self.cast if (floor := each.price_floor(now)) is not None}

    def _expect(self, resource_value: Floats, before: Outlook | None, now: Month) -> Outlook:
        """What is expected of war and peace this month."""
        states = self.war.state, self.agreement.state, self.trust.state
        return self.expectations.update(*states, resource_value, before, now)

    def _war_moves(self, now: Month) -> WarMoves:
        """What those who can begin, join or end the war do this month."""
        known = self.known()
        attacks = self.russia.attack(known, now)
        return WarMoves(
            attacks=attacks,
            american_joins=self.united_states.fights(attacks, known, now),
            european_joins=self.rest_of_world.fights(attacks, known, now),
            wants=(self.russia.ceasefire_willingness(known), self.ukraine.ceasefire_willingness(known)),
        )

    def _record(self, now: Month) -> None:
        """Keep the month."""
        snapshot = self.snapshot()
        self.recorder.keep(snapshot, now)
        if self._collector is not None:
            self.latest = snapshot
            self._collector.collect(self)

    def run(self) -> xr.Dataset:
        """Run all months and return the record, with labels, units and meanings."""
        self.simulate()
        own = own_rules(tuple(type(country) for country in self.cast))
        record = self.recorder.dataset(self.snapshot(), seed=self.seed, months=self.months, **own)
        self.close()
        return record

    def simulate(self) -> None:
        """Run the months that are left."""
        while self.month < self.months:
            self.step()

    def outcomes(self) -> dict[str, Kept]:
        """Outcomes so far by name, each (worlds,), or (..., worlds) where it has dimensions of its own."""
        return self.recorder.outcomes(self.snapshot())

    def trajectories(self) -> dict[str, Kept]:
        """Monthly variables by name, each (months, worlds), nan in months to come."""
        return self.recorder.trajectories()

    def close(self) -> None:
        """Let go of Mesa's registry, which in Mesa 3.3 keeps every model alive."""
        registry = getattr(mesa.Agent, "_ids", None)
        if registry is not None:
            registry.pop(self, None)

    def __repr__(self) -> str:
        worlds = "1 world" if self.worlds == 1 else f"{self.worlds:,} worlds"
        return f"<GeopoliticalEconomy: {worlds}, month {self.month} of {self.months} from {self.setting.start.year}>"
