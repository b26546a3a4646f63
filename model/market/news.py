"""News of demand and accidents in the mines: what nobody could have known."""

from __future__ import annotations

import numpy as np

from model.calendar import Month
from model.dimensions import MATERIALS, Floats
from model.parameters.market_parameters import EXPORT_POLICIES
from model.states.setting import Setting

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
        self._rare, self._accident = streams.uniform("rare news", months), streams.uniform("accident", months)
        at_risk = p.china_policy != EXPORT_POLICIES.index("recorded")  # mining on record has its accidents in it
        self._accident_chance = p.accident_rate * at_risk / 12
        self._accident_size, self._persistence = p.accident_size, p.accident_persistence
        self._last = np.zeros((len(MATERIALS), setting.worlds), setting.start.dtype)
        self.lost: Floats = setting.per_world(0.0)
        """Log of the mining that accidents have stopped, (worlds,), 0 or more."""

    def draw(self, now: Month) -> Floats:
        """The month's change of the log of demand (material, worlds); accidents move `lost`.

        Mean prices of a month take in a part of its news a month late (Working 1960), and so do slow quotes. An
        exponential size of an accident is read off the same number as its coming.
        """
        scale = self._scale * np.where(self._rare(now.number) < self._rare_chance, self._rare_size, 1.0)
        common = np.sqrt(COMMON) * self._common(now.number)
        own = np.sqrt(1.0 - COMMON) * np.stack([stream(now.number) for stream in self._own])
        news = ((own + common) * scale).astype(self._last.dtype, copy=False)
        change = news + self._delay * (self._last - news)
        self._last = news
        drawn = self._accident(now.number)
        hit = drawn < self._accident_chance
        self.lost = self._persistence * self.lost
        if hit.any():
            where = np.flatnonzero(hit)
            size = -np.log(np.maximum(drawn[where], 1e-9) / self._accident_chance[where])
            self.lost[where] += self._accident_size[where] * size
        return change
