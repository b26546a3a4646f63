"""Mines and plants: what works, what is built, what stands idle."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from model.array_axes import CN, MINE, RU, RW, UA, US, DType, Floats
from model.calendar import Month
from model.rules import market as rules
from model.rules.market import TINY
from model.states.decisions import ExportPolicy, Projects
from model.states.frozen import replace
from model.states.market import PlantState
from model.states.run_setting import ScheduledProject, Setting
from model.states.war import WarState

BUILDERS = [US, RU, CN, RW]


class Plants:
    """Owns the `state` of the plants, and what is under construction.

    What is begun in a quarter is begun, and opens its lead time later, in equal parts in its three months. A project of
    the table opens in equal parts in the twelve months about the January of its year.
    """

    def __init__(self, setting: Setting, capacity: Floats, scheduled: list[ScheduledProject]) -> None:
        self.p = setting.p
        nothing = np.zeros_like(capacity)
        worlds, start = np.ones(capacity.shape[-1], capacity.dtype), setting.start
        self._other_ore = np.flatnonzero((start.new_baskets != start.baskets).any(axis=1))
        self._new_ore = start.new_baskets[self._other_ore, :, None]
        self.state = PlantState(
            capacity,
            use=nothing[:, MINE] + worlds,
            idle=nothing,
            reopening=nothing,
            under_way=nothing,
            baskets=start.baskets[:, :, None] * worlds,
        )
        self._opening: Floats | None = None
        self._spared = self._all = self._standing = setting.per_world(1.0)
        self._leads = np.trunc(4 * self.p.plant_lead), np.trunc(4 * self.p.mine_lead)
        longest = max(int(self._leads[0].max()), max((project.quarters[-1] for project in scheduled), default=0))
        self._plants = Construction(longest, (len(BUILDERS), *capacity.shape[1:]), setting.start.dtype)
        self._deposits = Construction(int(self._leads[1].max()), capacity[UA, MINE].shape, setting.start.dtype)
        for project in scheduled:
            size = np.zeros_like(capacity)
            size[project.country, project.stage] = project.size
            for quarter in project.quarters:
                self._start(size / len(project.quarters), 0, (self._all * quarter, self._leads[1]))

    def open(self, now: Month) -> Floats | None:
        """What is ready comes on stream; returns it (country, stage, worlds), t/month, None where nothing is."""
        if now.opens_quarter:
            self._opening = self._complete(now.quarter)
        if self._opening is not None:
            self._mix(self._opening[:, MINE])
            self._add(self._opening)
            left = self.state.under_way - self._opening
            self.state = replace(self.state, under_way=np.maximum(left, 0.0, out=left))
        return self._opening

    def begin(self, projects: Mapping[int, Projects], now: Month) -> None:
        """Begin what each country builds this quarter, by its row.

        Each January plants that were to restart do, and other idle ones that are worth it are set to.
        """
        size = np.zeros_like(self.state.capacity)
        for row, chosen in projects.items():
            size[row] = chosen.size
        self._start(size, now.quarter, self._leads)
        if now.is_january:
            state, restarts = self.state, np.zeros_like(self.state.idle)
            for row, chosen in projects.items():
                restarts[row] = state.idle[row] * chosen.restarts
            self.state = replace(state, idle=state.idle - restarts, reopening=restarts)
            self._add(state.reopening)

    def _start(self, size: Floats, quarter: int, leads: tuple[Floats, Floats]) -> None:
        """Begin capacity (country, stage, worlds), t/month, that opens `leads` quarters on: plants, Ukraine's mines."""
        self._plants.start(size[BUILDERS], quarter + leads[0])
        self._deposits.start(size[UA, MINE] / self._standing, quarter + leads[1])
        self.state = replace(self.state, under_way=self.state.under_way + size)

    def _complete(self, quarter: int) -> Floats | None:
        """What opens in each month of a quarter (country, stage, worlds), t/month; war has destroyed a part of it."""
        self._standing = self._standing * self._spared
        under_way = self.state.under_way.copy()
        under_way[UA] *= self._spared
        self.state = replace(self.state, under_way=under_way)
        self._spared = self._all
        ready = np.zeros_like(under_way)
        ready[BUILDERS] = self._plants.complete(quarter)
        ready[UA, MINE] = self._deposits.complete(quarter) * self._standing
        return ready / 3 if ready.any() else None

    def _add(self, opened: Floats) -> None:
        """Add capacity (country, stage, worlds), t/month; new mines begin with a part of theirs."""
        state = self.state
        use = rules.blended_use(state.use, state.capacity[:, MINE], opened[:, MINE], self.p.first_use)
        self.state = replace(state, use=use, capacity=state.capacity + opened)

    def _mix(self, opened: Floats) -> None:
        """New mines (country, worlds), t/month, dig the ore of new mines, the others what they did."""
        rows, opened, baskets = self._other_ore, opened[self._other_ore], self.state.baskets.copy()
        part = opened / np.maximum(self.state.capacity[rows, MINE] + opened, TINY)
        baskets[rows] += part[:, None] * (self._new_ore - baskets[rows])
        self.state = replace(self.state, baskets=baskets)

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
    """Capacity under construction by quarter of completion (t REO per month)."""

    def __init__(self, longest: int, shape: tuple[int, ...], dtype: DType) -> None:
        """Nothing yet; it takes at most so many quarters to build."""
        self._by_quarter = np.zeros((longest + 1, *shape), dtype=dtype)

    def start(self, size: Floats, ready: Floats) -> None:
        """Begin capacity `size` (..., worlds) that is ready in a quarter (worlds,)."""
        if not size.any():
            return
        first, last = int(ready.min()), int(ready.max())
        for quarter in range(first, last + 1):
            self._by_quarter[quarter % len(self._by_quarter)] += size if first == last else size * (ready == quarter)

    def complete(self, quarter: int) -> Floats:
        """Take out what is ready in this quarter, shape (..., worlds)."""
        ready = self._by_quarter[quarter % len(self._by_quarter)].copy()
        self._by_quarter[quarter % len(self._by_quarter)] = 0.0
        return ready
