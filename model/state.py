"""States of the countries, kept for all countries and worlds in one array each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]
DType = type[np.floating]

COUNTRIES = ("united_states", "ukraine", "russia", "china", "rest_of_world")
MATERIALS = ("bulk", "magnet", "heavy")
STAGES = ("mine", "separation", "heavy_separation", "magnets")
AXES: dict[str, tuple[str, ...]] = {"material": MATERIALS, "stage": STAGES}

US, UA, RU, CN, RW = range(5)
BULK, MAGNET, HEAVY = range(3)
MINE, SEPARATION, HEAVY_SEPARATION, MAGNETS = range(4)


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


def total(rows: Floats) -> Floats:
    """Sum over the first axis in its fixed order, so that the last bit never depends on the shape."""
    result: Floats = rows[0].copy()
    for row in rows[1:]:
        result += row
    return result


class Cells:
    """Some cells of the (material, worlds) plane, for rules that are needed in few of them."""

    def __init__(self, where: NDArray[np.bool_]) -> None:
        self.shape = where.shape
        self._places = np.flatnonzero(where)
        self._worlds = self._places % where.shape[-1]

    def __len__(self) -> int:
        return len(self._places)

    def take(self, values: NDArray[Any]) -> NDArray[Any]:
        """The numbers in these cells: (..., material, worlds) becomes (..., cells), and so does one per world."""
        if values.ndim == 1:
            return values.take(self._worlds)
        return values.reshape(*values.shape[:-2], -1).take(self._places, axis=-1)

    def put(self, into: NDArray[Any], numbers: NDArray[Any]) -> None:
        """Write numbers (..., cells) into their places in `into` (..., material, worlds)."""
        into.reshape(*into.shape[:-2], -1)[..., self._places] = numbers


def only(where: NDArray[np.bool_], rule: Callable[..., Floats], *values: Floats) -> Floats:
    """A rule computed in the worlds marked in `where` alone, nan elsewhere (for rules that are dear)."""
    result = np.full(where.shape, np.nan, dtype=values[0].dtype)
    result[where] = rule(*(value[where] for value in values))
    return result


class Pipeline:
    """Capacity under construction by year of completion, country, stage and world (t REO per month)."""

    def __init__(self, years: int, worlds: int, dtype: DType = np.float64) -> None:
        self.cohorts = np.zeros((years, len(COUNTRIES), len(STAGES), worlds), dtype=dtype)

    def start(self, size: Floats, lead_years: NDArray[np.int64], year: int) -> None:
        """Begin capacity `size` (country, stage, worlds) that is ready after `lead_years` (at least one)."""
        slots = (year + np.clip(lead_years, 1, len(self.cohorts) - 1)) % len(self.cohorts)
        rows = np.indices(size.shape, sparse=True)
        self.cohorts[(slots, *rows)] += size

    def complete(self, year: int) -> Floats:
        """Take out what is ready in this year, shape (country, stage, worlds)."""
        slot = year % len(self.cohorts)
        ready = self.cohorts[slot].copy()
        self.cohorts[slot] = 0.0
        return ready

    def lose(self, row: int, surviving_share: Floats) -> None:
        """Keep only `surviving_share` (worlds,) of what one country has under construction."""
        self.cohorts[:, row] *= surviving_share
