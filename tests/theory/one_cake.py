"""The whole model as two sides that share one cake, without friction and over whatever menu a theory needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from model import GeopoliticalEconomy
from model.random_streams import RandomStreams
from model.states.deal import Terms
from model.talks.bargaining import Bargaining

FRICTIONLESS: dict[str, Any] = {
    "talks": "bargained",
    "type_spread": 0.0,
    "breakdown_probability": 0.0,
    "demand_share": 0.0,
    "coercion_harm": 0.0,
    "russian_option": 0.0,
    "settlement_value": 0.0,
    "sovereignty_per_ownership": 0.0,
    "united_states_security_weight": 0.0,
    "ukraine_security_weight": 0.0,
    "public_support": 1.0,
    "revenue_base": 1.0,
}
"""No types, no noise but what precision leaves, no costs of transfer: two sides share one fixed cake."""

AnyBargaining = TypeVar("AnyBargaining", bound=Bargaining)


def put_in_talks(model: GeopoliticalEconomy, kind: type[AnyBargaining], *menu_and_types: Any) -> AnyBargaining:
    """Another bargaining takes the place of the model's own, on the same random numbers."""
    streams = RandomStreams(model.seed, model.replicates, model.setting.start.dtype)
    bargaining = kind(replace(model.setting, streams=streams), model.ukraine, model.united_states, *menu_and_types)
    model.talks.bargaining = bargaining
    return bargaining


def first_month(model: GeopoliticalEconomy) -> None:
    """The talks of the first month, and what is signed in them."""
    month = model.setting.calendar.month(0)
    model.agreement.sign(model.talks.meet(model.known(), month), month)


def gain_of(model: GeopoliticalEconomy, side: str, terms: Terms | Mapping[str, Any]) -> Any:
    """Utility to a side of some terms, or of those on the table with some changed, (worlds,), before its type."""
    whole = terms if isinstance(terms, Terms) else replace(model.talks.state.terms, **terms)
    return getattr(model, side).deal_gain(whole, model.known())
