"""The base of all records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from model.dimensions import Integers


@dataclass(frozen=True)
class Frozen:
    """What is true at one moment; its arrays are read-only from the moment it is made, so nobody has to copy."""

    def __post_init__(self) -> None:
        for value in vars(self).values():
            if type(value) is np.ndarray:
                value.setflags(write=False)
            elif type(value) is dict:
                for part in value.values():
                    if type(part) is np.ndarray:
                        part.setflags(write=False)


@dataclass(frozen=True)
class PerWorld(Frozen):
    """A record whose arrays, and those of its records, all have the worlds as their last axis."""

    def at(self, where: Integers) -> Self:
        """The worlds `where` alone."""

        def picked(value: Any) -> Any:
            return value.at(where) if isinstance(value, PerWorld) else None if value is None else value[..., where]

        return type(self)(**{name: picked(value) for name, value in vars(self).items()})

    def put(self, where: Integers, other: Self) -> Self:
        """This one with the worlds `where` taken from another, which holds these worlds alone."""

        def mixed(value: Any, new: Any) -> Any:
            if isinstance(value, PerWorld):
                return value.put(where, new)
            whole = value.copy()
            whole[..., where] = new
            return whole

        return type(self)(**{name: mixed(value, getattr(other, name)) for name, value in vars(self).items()})
