"""What every part of a run is made with; none of it changes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.array_axes import DType, Floats, Truths
from model.calendar import Calendar
from model.parameters.table import WorldParameters
from model.random_streams import RandomStreams
from model.states.frozen import Frozen


@dataclass(frozen=True)
class Start(Frozen):
    """What every world has in common at the start.

    Money and war are those of 2025 in every start: a start before that is for the market alone.
    """

    year: int  #: the run begins in January of this year
    baskets: Floats  #: share of each material in each country's ore, (country, material)
    new_baskets: Floats  #: the same of mines that open during the run, (country, material)
    base_price: Floats  #: oxide prices by material about the start, (material,), USD/kg
    gdp: Floats  #: gross domestic product, (country,), bn USD
    united_states_aid: float  #: US military aid of 2024, bn USD a year
    european_aid: float  #: european military aid of 2024, bn USD a year
    world_output: float  #: world mine output, t REO a month
    occupied_area: float  #: ukrainian land under Russian control, thousand km2
    unregistered: float  #: ore mined and sold abroad past China's records and quotas, t REO a month

    @property
    def dtype(self) -> DType:
        """The precision in which the world is kept."""
        return self.base_price.dtype.type


@dataclass(frozen=True)
class ScheduledProject:
    """A plant of the table of projects that is due after the start."""

    year: int  #: years from the start to the January about which it comes on stream
    country: int
    stage: int
    size: float  #: capacity, t REO a month
    debt: float  #: what it owes, bn USD, 0 where nothing is on record
    interest: float  #: interest on that, a year

    @property
    def quarters(self) -> range:
        """The quarters from the start in which it opens, in equal parts: ours, as years alone are known."""
        return range(4 * self.year - 2, 4 * self.year + 2)


@dataclass(frozen=True)
class Setting:
    """Parameters, start, calendar and random streams of a run, for `worlds` side by side."""

    p: WorldParameters
    start: Start
    calendar: Calendar
    streams: RandomStreams
    worlds: int

    @property
    def months(self) -> int:
        """Months of the run."""
        return self.calendar.months

    def per_world(self, value: float) -> Floats:
        """The same number for every world, (worlds,)."""
        return np.full(self.worlds, value, dtype=self.start.dtype)

    def nowhere(self) -> Truths:
        """False for every world, (worlds,)."""
        return np.zeros(self.worlds, dtype=bool)
