"""Who plays the countries: the standard classes, or classes of a user's own made from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from model.agents.china import China
from model.agents.country import Country
from model.agents.rest_of_world import RestOfWorld
from model.agents.russia import Russia
from model.agents.ukraine import Ukraine
from model.agents.united_states import UnitedStates
from model.parameters.declaration import ParameterError, Value, nearest

CAST: tuple[type[Country], ...] = (UnitedStates, Ukraine, Russia, China, RestOfWorld)
"""The standard class of each country, in the order in which they decide."""

Player = TypeVar("Player", bound=Country)


def recast(
    cast: tuple[type[Country], ...], changes: Mapping[str, Value | type[Country]]
) -> tuple[tuple[type[Country], ...], dict[str, Value]]:
    """The cast with the classes that `changes` gives by the name of a country, and the other changes.

    Raises ParameterError for a class of no country, and unless it is made from the standard class of its country.
    """
    own, values = {}, {}
    for name, change in changes.items():
        if name in (each.name for each in cast):
            own[name] = change
        elif isinstance(change, type):
            raise ParameterError(f"unknown country {name!r}: {nearest(name, [each.name for each in cast])}")
        else:
            values[name] = change
    return tuple(_made_from(each, own[each.name]) if each.name in own else each for each in cast), values


def _made_from(standard: type[Country], given: Value | type[Country]) -> type[Country]:
    """The class as given; raises ParameterError unless it is a kind of the standard one."""
    if not (isinstance(given, type) and issubclass(given, standard)):
        said = given.__name__ if isinstance(given, type) else repr(given)
        needed = f"a class made from {standard.__name__}, as in class Mine({standard.__name__}): ..."
        raise ParameterError(f"{standard.name}={said}: needs {needed}")
    return given


def player(cast: tuple[type[Country], ...], standard: type[Player]) -> type[Player]:
    """The class of the cast that plays the country of the `standard` one."""
    return next(each for each in cast if issubclass(each, standard))


def own_rules(cast: tuple[type[Country], ...]) -> dict[str, str]:
    """What a record says of countries that are not played by their standard classes: {"china": "Mine"}."""
    return {each.name: each.__name__ for each in cast if each not in CAST}
