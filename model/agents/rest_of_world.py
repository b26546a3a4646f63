"""The rest of the world: other suppliers and buyers, and Europe's support of Ukraine."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.agents.country import Country
from model.parameters.declaration import Spread

Floats = NDArray[np.floating]


class RestOfWorld(Country):
    """Trades, builds, and replaces part of the aid that the United States withdraws."""

    name = "rest_of_world"
    build_shares = (0.7, 0.38)
    borrows = True

    def prepare(self, p: Spread) -> None:
        """Set up what it remembers and its luck."""
        self.replacement = self.model.per_world(0.0)

    def support_ukraine(self, american_aid: Floats, month: int) -> Floats:
        """European military aid (bn USD a year): its own, and what it replaces after a lag, less fatigue."""
        p, start = self.p, self.model.start
        shortfall = np.maximum(start.united_states_aid - american_aid, 0.0)
        self.replacement = self.replacement + (p.europe_replacement * shortfall - self.replacement) / p.europe_lag
        return (start.european_aid + self.replacement) * np.exp(-p.europe_fatigue * month / 12)

    def account(self, discount: Floats) -> None:
        """It trades and supports by rule and weighs nothing."""
