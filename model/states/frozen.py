"""The base of all records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from model.dimensions import DType, Integers


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
        parts = dict(vars(self))
        for name, value in parts.items():
            if value is not None:
                parts[name] = value.at(where) if isinstance(value, PerWorld) else value[..., where]
        return type(self)(**parts)

    def of_type(self, dtype: DType) -> Self:
        """The same with all numbers that are not whole of one precision."""

        def cast(value: object) -> object:
            if isinstance(value, PerWorld):
                return value.of_type(dtype)
            if isinstance(value, np.ndarray) and value.dtype.kind == "f":
                return value.astype(dtype, copy=False)
            return value

        return type(self)(**{name: cast(value) for name, value in vars(self).items()})

    def put(self, where: Integers, other: Self) -> Self:
        """This one with the worlds `where` taken from another, which holds these worlds alone."""
        parts = dict(vars(self))
        for name, value in parts.items():
            new = getattr(other, name)
            if isinstance(value, PerWorld):
                parts[name] = value.put(where, new)
            else:
                parts[name] = value.copy()
                parts[name][..., where] = new
        return type(self)(**parts)
