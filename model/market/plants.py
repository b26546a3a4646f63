"""Mines and plants: what works, what is built, what stands idle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from model.dimensions import CN, MINE, UA, DType, Floats, Integers
from model.rules import market as rules
from model.states.decisions import ExportPolicy, Projects
from model.states.market import PlantState
from model.states.setting import ScheduledProject, Setting
from model.states.war import WarState

LONGEST_PROJECT = 26
"""Years of construction kept: one more than the longest lead time allowed."""


class Plants:
    """Owns the `state` of the plants, and what is under construction."""

    def __init__(self, setting: Setting, capacity: Floats, scheduled: list[ScheduledProject]) -> None:
        self.p = setting.p
        nothing = np.zeros_like(capacity)
        self.state = PlantState(capacity, use=np.zeros_like(capacity[:, MINE]) + 1.0, idle=nothing, reopening=nothing)
        self._construction = Construction(LONGEST_PROJECT, capacity.shape, setting.start.dtype)
        for project in scheduled:
            size = np.zeros_like(capacity)
            size[project.country, project.stage] = project.size
            self._construction.start(size, np.full(size.shape, project.year), 0)
        self._spared = self._all = setting.per_world(1.0)

    def open(self, year: int) -> Floats:
        """What is ready in a year since the start comes on stream; returns it (country, stage, worlds), t/month."""
        self._construction.lose(UA, self._spared)
        self._spared = self._all
        ready = self._construction.complete(year)
        self._add(ready)
        return ready

    def begin(self, projects: Mapping[int, Projects], year: int) -> None:
        """Begin what each country builds, by its row; plants that were to restart do, and others are set to."""
        state = self.state
        size, lead_years = np.zeros_like(state.capacity), np.ones(state.capacity.shape, dtype=np.int64)
        restarts = np.zeros_like(state.idle)
        for row, chosen in projects.items():
            size[row], lead_years[row] = chosen.size, chosen.lead_years.astype(np.int64)
            restarts[row] = state.idle[row] * chosen.restarts
        self._construction.start(size, lead_years, year)
        self.state = replace(state, idle=state.idle - restarts, reopening=restarts)
        self._add(state.reopening)

    def _add(self, opened: Floats) -> None:
        """Add capacity (country, stage, worlds), t/month; new mines begin with a part of theirs."""
        state = self.state
        use = rules.blended_use(state.use, state.capacity[:, MINE], opened[:, MINE], self.p.first_use)
        self.state = replace(state, use=use, capacity=state.capacity + opened)

    def close(self, closed: Floats | None) -> None:
        """Plants (country, stage, worlds), t/month, stand idle from now on; None where there are none."""
        if closed is not None:
            self.state = replace(self.state, capacity=self.state.capacity - closed, idle=self.state.idle + closed)

    def apply(self, policy: ExportPolicy) -> None:
        """China's mines and plants grow by a month of its quota's growth; where there is a record, mines follow it."""
        capacity = self.state.capacity.copy()
        capacity[CN] = capacity[CN] * np.exp(policy.growth)
        if policy.mines is not None:
            capacity[CN, MINE] = np.where(np.isnan(policy.mines), capacity[CN, MINE], policy.mines)
        self.state = replace(self.state, capacity=capacity)

    def adjust_use(self, margin: Floats) -> None:
        """Mines are used more or less next month by the log of price over cost (country, worlds)."""
        use = rules.mine_use(self.state.use, self.p.mine_response, margin, self.p.least_mine_use)
        self.state = replace(self.state, use=use)

    def damage(self, war: WarState) -> None:
        """A month of war destroys a part of what is being built in Ukraine."""
        self._spared = self._spared * (1.0 - self.p.war_loss * war.fighting / 12)


class Construction:
    """Capacity under construction by year of completion, country, stage and world (t REO per month)."""

    def __init__(self, years: int, shape: tuple[int, ...], dtype: DType) -> None:
        self._by_year = np.zeros((years, *shape), dtype=dtype)

    def start(self, size: Floats, lead_years: Integers, year: int) -> None:
        """Begin capacity `size` (country, stage, worlds) that is ready after `lead_years` (at least one)."""
        ready = (year + np.clip(lead_years, 1, len(self._by_year) - 1)) % len(self._by_year)
        rows = np.indices(size.shape, sparse=True)
        self._by_year[(ready, *rows)] += size

    def complete(self, year: int) -> Floats:
        """Take out what is ready in this year, shape (country, stage, worlds)."""
        ready = self._by_year[year % len(self._by_year)].copy()
        self._by_year[year % len(self._by_year)] = 0.0
        return ready

    def lose(self, row: int, surviving_share: Floats) -> None:
        """Keep only `surviving_share` (worlds,) of what one country has under construction."""
        self._by_year[:, row] *= surviving_share
