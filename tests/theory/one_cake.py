"""The whole model as two sides that share one cake, without friction and over whatever menu a theory needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, TypeVar

import numpy as np

from model import GeopoliticalEconomy, Parameters
from model.random_streams import RandomStreams
from model.states.deal import Terms
from model.states.war_game import DealProspect
from model.talks.bargaining import Bargaining
from tests.theory.beyond_range import beyond_range

FRICTIONLESS: dict[str, Any] = {
    "talks": "bargained",
    "type_spread": 0.0,
    "breakdown_probability": 0.0,
    "demand_share": 0.0,
    "coercion_harm": 0.0,
    "russian_option": 0.0,
    "settlement_value": 0.0,
    "sovereignty_per_ownership": 0.0,
    "support_at_stake": 0.8,
    "support_without_deal": 0.0,
    "support_cost_share": 0.0,
    "deposit_chance": 0.0,
    "public_support": 1.0,
    "revenue_base": 1.0,
}
"""No types, no noise but what precision leaves, no costs of transfer: two sides share one fixed cake.

It is what American support that hinges on a signature, and costs nothing, is worth to Ukraine; it is shared
by paying for it in revenue, which both count alike.
"""


def frictionless(inside: Mapping[str, Any] | None = None, **beyond: float) -> Parameters:
    """The parameters of one cake, some changed within their range and some beyond it; wars cost America nothing."""
    return beyond_range(Parameters(**(FRICTIONLESS | dict(inside or {}))), intervention_cost=0.0, **beyond)


AnyBargaining = TypeVar("AnyBargaining", bound=Bargaining)


def put_in_talks(model: GeopoliticalEconomy, kind: type[AnyBargaining], *menu_and_types: Any) -> AnyBargaining:
    """Another bargaining takes the place of the model's own, on the same random numbers."""
    streams = RandomStreams(model.seed, model.replicates, model.setting.start.dtype)
    setting = replace(model.setting, streams=streams)
    bargaining = kind(setting, model.ukraine, model.united_states, model.expectations, *menu_and_types)
    model.talks.bargaining = bargaining
    return bargaining


def first_month(model: GeopoliticalEconomy) -> None:
    """The talks of the first month, and what is signed in them."""
    month = model.setting.calendar.month(0)
    model.agreement.sign(model.talks.meet(model.known(), month), month)


@lru_cache(maxsize=1)
def prospect_of(model: GeopoliticalEconomy) -> DealProspect:
    """What the deal on the table changes in war and peace: the same for all divisions of the cake."""
    everywhere, month = np.ones(model.worlds, dtype=bool), model.setting.calendar.month(0)
    return model.expectations.under(model.talks.state.terms, model.known(), everywhere, month)


def gain_of(model: GeopoliticalEconomy, side: str, terms: Terms | Mapping[str, Any]) -> Any:
    """Utility to a side of some terms, or of those on the table with some changed, (worlds,), before its type."""
    whole = terms if isinstance(terms, Terms) else replace(model.talks.state.terms, **terms)
    if side == "ukraine":
        return model.ukraine.deal_gain(whole, prospect_of(model), model.known())
    return model.united_states.deal_gain(whole, prospect_of(model), model.known())
