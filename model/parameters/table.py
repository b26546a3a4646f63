"""Every parameter of the model in one table: as given, and as one number per world."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, Generic, cast

import numpy as np

from model.array_axes import DType, Floats, Integers
from model.parameters.deal_parameters import DealParameters
from model.parameters.declaration import Declaration, Number, Value, Word, check_name, checked, value_by_world
from model.parameters.market_parameters import MarketParameters
from model.parameters.war_parameters import WarParameters


@dataclass(frozen=True, kw_only=True)
class ParameterTable(
    MarketParameters[Number, Word], WarParameters[Number, Word], DealParameters[Number, Word], Generic[Number, Word]
):
    """All parameters, each declared once; what stands in a field is said by the two classes below."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Parameters(ParameterTable[Value, Value]):
    """What is assumed of a world: one number or word per parameter, or one per world.

    Fields are checked when the object is made: an unknown name, a value out of range, a wrong shape
    or NaN raises ParameterError. The object never changes; `replace` makes another.
    """

    def __new__(cls, **values: Value) -> Parameters:
        """Refuse an unknown name before anything else is looked at."""
        for name in values:
            check_name(name, DECLARATIONS)
        return super().__new__(cls)

    def __post_init__(self) -> None:
        for name, declared in DECLARATIONS.items():
            object.__setattr__(self, name, checked(declared, getattr(self, name)))

    def __eq__(self, other: object) -> bool:
        """Whether all values are equal, world by world."""
        if not isinstance(other, Parameters):
            return NotImplemented
        return self._plain() == other._plain()

    def __hash__(self) -> int:
        return hash(self._plain())

    def _plain(self) -> tuple[tuple[str, ...], ...]:
        """All values as text, in which 401 and 401.0 are one number."""
        numbers = (np.asarray(value) for value in vars(self).values())
        texts = (each.astype(float) if each.dtype.kind in "iufb" else each for each in numbers)
        return tuple(tuple(each.astype(str).reshape(-1).tolist()) for each in texts)

    def replace(self, **changes: Value) -> Parameters:
        """The same parameters with some values changed; raises ParameterError."""
        values = {name: getattr(self, name) for name in DECLARATIONS}
        return Parameters(**(values | changes))

    def by_world(self, worlds: int, dtype: DType = np.float64) -> WorldParameters:
        """Every parameter as an array of one value per world, (worlds,); words become indices in their list."""
        values = {name: (declared, getattr(self, name)) for name, declared in DECLARATIONS.items()}
        return WorldParameters(**{name: value_by_world(*pair, worlds, dtype) for name, pair in values.items()})

    def changed(self) -> dict[str, Value]:
        """The parameters that differ from their default."""
        pairs = ((name, getattr(self, name)) for name in DECLARATIONS)
        return {name: value for name, value in pairs if _differs(value, DECLARATIONS[name].default)}


@dataclass(frozen=True, kw_only=True)
class WorldParameters(ParameterTable[Floats, Integers]):
    """The parameters as the model reads them: one value per world, (worlds,), read-only; words as their index."""

    def __post_init__(self) -> None:
        for value in vars(self).values():
            value.setflags(write=False)

    @property
    def capital_costs(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Capital cost of a kilogram a year of capacity, by stage, each (worlds,), USD."""
        return self.mine_capital, self.separation_capital, self.separation_capital, self.magnet_capital


def _differs(value: Value, default: float | str) -> bool:
    return bool(np.any(np.asarray(value) != np.asarray(default)))


DECLARATIONS: dict[str, Declaration] = {
    field.name: Declaration(name=field.name, default=cast(Any, field.default), **field.metadata)
    for field in dataclasses.fields(Parameters)
}
"""Name -> declaration, in reading order."""


def check(name: str, value: Value) -> Value:
    """The value as it is kept; raises ParameterError unless `name` is a parameter and `value` is allowed for it."""
    return checked(check_name(name, DECLARATIONS), value)
