"""What Ukraine's natural resources earn, and what is built to earn more."""

from __future__ import annotations

from dataclasses import dataclass

from model.array_axes import Floats
from model.states.frozen import Frozen


@dataclass(frozen=True)
class ResourceState(Frozen):
    """Owned by the resources; every array is (stream, worlds) unless said otherwise."""

    revenue: Floats  #: revenue this month, bn USD/year
    price: Floats  #: price over its base; rare earths: of Ukraine's ore, over that of the start
    full_revenue: Floats
    """Revenue once all works that may be opened in free land, bn USD/year: at base prices, rare earths at today's."""
    mined_earnings: Floats  #: what the rare-earth mines that work earn at today's price, (worlds,), bn USD/year
    begun: Floats  #: year of the run in which the projects were begun, nan before
    spared: Floats  #: part of what was begun that the war has spared so far, 0-1
    lead_years: Floats  #: years until the projects earn, were they begun now where they are not
    life_years: Floats  #: years for which they earn after that
