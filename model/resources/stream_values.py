"""What the streams of resource revenue are worth from now on."""

from __future__ import annotations

import numpy as np

from model.dimensions import HYDROCARBONS, NEW, RARE_EARTHS, STREAMS, Floats, total
from model.parameters.table import WorldParameters
from model.rules import investment, price_index
from model.states.resources import ResourceState


def stream_values(p: WorldParameters, resources: ResourceState, at_war: Floats) -> Floats:
    """Present value of each stream to the state (stream, ...), bn USD, given the share of time at war.

    `at_war`, 0-1, is the discounted share of the time to come, (worlds,) or (offer, worlds). Hydrocarbons
    flow for ever, at a price that returns to its mean. Projects are valued as if those not yet begun were
    begun now; war destroys them at its hazard. Rare earths are valued at today's margin, what is mined for ever.
    """
    rate, hazard, state = p.discount_rate, p.war_loss * at_war, resources
    values = np.empty((len(STREAMS), *at_war.shape), at_war.dtype)
    above = state.price[HYDROCARBONS] - 1.0
    flow = state.full_revenue[HYDROCARBONS]
    values[HYDROCARBONS] = flow * (1.0 / rate + above / (rate + p.resource_price_reversion))
    for stream in range(NEW.start, NEW.stop):
        lead, life, price = state.lead_years[stream], state.life_years[stream], state.price[stream]
        years = price_index.index_annuity(rate, hazard, lead, life, price, p.resource_price_reversion)
        values[stream] = state.full_revenue[stream] * years
    years = investment.annuity(rate, hazard, state.lead_years[RARE_EARTHS], p.project_life)
    values[RARE_EARTHS] = state.full_revenue[RARE_EARTHS] * years + state.mined_earnings / rate
    return values


def resource_value(p: WorldParameters, resources: ResourceState, at_war: Floats) -> Floats:
    """Present value of all streams (worlds,) or (offer, worlds), bn USD, given the share of time at war (0-1)."""
    return total(stream_values(p, resources, at_war))
