"""The base of all records."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from model.array_axes import DType, Integers


@dataclass(frozen=True)
class Frozen:
    """What is true at one moment; its arrays are read-only from the moment it is made, so nobody has to copy."""

    def __post_init__(self) -> None:
        _freeze(vars(self).values())


def _freeze(values: Iterable[object]) -> None:
    """Make arrays, and those in dictionaries, read-only."""
    for value in values:
        if type(value) is np.ndarray:
            value.setflags(write=False)
        elif type(value) is dict:
            _freeze(value.values())


if TYPE_CHECKING:  # fields are checked as those of `dataclasses.replace` are
    from dataclasses import replace as replace
else:

    def replace(record: Frozen, **changes: object) -> Frozen:
        """A record with some fields changed, like that of `dataclasses`, but what is kept is not looked at again.

        TypeError for a name that is no field.
        """
        kept, names = vars(record), type(record).__dataclass_fields__
        if not changes.keys() <= names.keys():
            raise TypeError(f"{type(record).__name__} has no {', '.join(sorted(changes.keys() - names.keys()))}")
        _freeze(changes.values())
        fields = kept if len(kept) == len(names) else {name: kept[name] for name in names}  # the rest is cached
        new = object.__new__(type(record))
        vars(new).update(fields, **changes)
        return new


@dataclass(frozen=True)
class PerWorld(Frozen):
    """A record whose arrays, and those of its records, all have the worlds as their last axis."""

    def at(self, where: Integers) -> Self:
        """The worlds `where` alone."""
        parts = dict(vars(self))
        for name, value in parts.items():
            if value is not None:
                parts[name] = value.at(where) if isinstance(value, PerWorld) else value.take(where, axis=-1)
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
