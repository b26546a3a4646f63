"""What the streams of resource revenue are worth from now on."""

from __future__ import annotations

import numpy as np

from model.array_axes import HYDROCARBONS, NEW, RARE_EARTHS, STREAMS, Floats, total
from model.parameters.table import WorldParameters
from model.rules import investment, mean_reverting_price
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
    shape = (-1, *(1,) * (at_war.ndim - 1), at_war.shape[-1])
    alike = np.isnan(state.begun[NEW]).all()
    lead, life = (years[NEW][: 1 if alike else None].reshape(shape) for years in (state.lead_years, state.life_years))
    price, revenue = state.price[NEW].reshape(shape), state.full_revenue[NEW].reshape(shape)
    years = mean_reverting_price.index_annuity(rate, hazard, lead, life, price, p.resource_price_reversion)
    values[NEW] = revenue * years
    years = investment.annuity(rate, hazard, state.lead_years[RARE_EARTHS], p.project_life)
    values[RARE_EARTHS] = state.full_revenue[RARE_EARTHS] * years + state.mined_earnings / rate
    return values


def resource_value(p: WorldParameters, resources: ResourceState, at_war: Floats) -> Floats:
    """Present value of all streams (worlds,) or (offer, worlds), bn USD, given the share of time at war (0-1)."""
    return total(stream_values(p, resources, at_war))
