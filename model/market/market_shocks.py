"""News of demand and accidents in the mines: what nobody could have known."""

from __future__ import annotations

import math

import numpy as np

from model.array_axes import MATERIALS, Floats
from model.calendar import Month
from model.parameters.market_parameters import EXPORT_POLICIES
from model.states.run_setting import Setting

COMMON = 0.5
"""Part of the variance of news that all materials share: ours."""


class News:
    """Draws a month's news, and remembers what of it prices have not yet taken in."""

    def __init__(self, setting: Setting) -> None:
        p, streams, months = setting.p, setting.streams, setting.months
        self._delay, self._rare_size = p.news_delay, p.rare_news_size
        self._rare_chance = p.rare_news_rate / 12
        total = np.sqrt(1.0 + self._rare_chance * (np.square(p.rare_news_size) - 1.0))
        self._scale = p.demand_volatility / np.sqrt(setting.start.dtype(12)) / total
        self._common = streams.normal("demand", months)
        self._own = [streams.normal(f"demand {material}", months) for material in MATERIALS]
        self._events = streams.uniform("rare news and accidents", months)
        at_risk = p.china_policy != EXPORT_POLICIES.index("recorded")  # mining on record has its accidents in it
        self._accident_chance = p.accident_rate * at_risk / 12
        self._accident_size, self._persistence = p.accident_size, p.accident_persistence
        self._last = np.zeros((len(MATERIALS), setting.worlds), setting.start.dtype)
        self.lost: Floats = setting.per_world(0.0)
        """Log of the mining that accidents have stopped, (worlds,), 0 or more."""

    def draw(self, now: Month) -> Floats:
        """The month's change of the log of demand (material, worlds); accidents move `lost`.

        Mean prices of a month take in a part of its news a month late (Working 1960), and so do slow quotes. Rare news
        and accidents come with a low and a high number of one draw, which is also the accident's exponential size.
        """
        event = self._events(now.number)
        scale = self._scale * np.where(event < self._rare_chance, self._rare_size, 1.0)
        news = np.stack([stream(now.number) for stream in self._own])
        news *= math.sqrt(1.0 - COMMON)
        news += math.sqrt(COMMON) * self._common(now.number)
        news *= scale
        change: Floats = self._last - news
        change *= self._delay
        change += news
        self._last = news
        self.lost = self._persistence * self.lost
        high = np.flatnonzero(1.0 - event < self._accident_chance)
        size = -np.log(np.maximum(1.0 - event[high], 1e-9) / self._accident_chance[high])
        self.lost[high] += self._accident_size[high] * size
        return change
