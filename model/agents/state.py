"""States of the countries, kept for all countries and worlds in one array each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, overload

import numpy as np

from model.dimensions import AXES, COUNTRIES, DType, Floats


@dataclass
class State:
    """A quantity every country carries from month to month, in every world at once.

    Declared on the class of the countries; the numbers of all countries stand in one array of the
    model, shape (country, worlds) or (country, axis, worlds), of which a country sees its own row.
    """

    unit: str
    meaning: str
    axis: str | None = None
    name: str = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, country: None, owner: type) -> State: ...
    @overload
    def __get__(self, country: Any, owner: type) -> Floats: ...
    def __get__(self, country: Any, owner: type) -> State | Floats:
        if country is None:
            return self
        row: Floats = country.model.states[self.name][country.row]
        return row

    def __set__(self, country: Any, value: Floats | float) -> None:
        country.model.states[self.name][country.row] = value

    def empty(self, worlds: int, dtype: DType = np.float64) -> Floats:
        """Zeros for all countries: shape (country, worlds) or (country, axis, worlds)."""
        middle = (len(AXES[self.axis]),) if self.axis else ()
        return np.zeros((len(COUNTRIES), *middle, worlds), dtype=dtype)
