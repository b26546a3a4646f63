"""The axes of every array and their labels: countries, materials, stages, streams; worlds are always the last axis."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]
Truths = NDArray[np.bool_]
Integers = NDArray[np.int64]
DType = type[np.floating]
Scalar = TypeVar("Scalar", bound=np.generic)
"""The kind of number in an array that is only re-ordered."""

COUNTRIES = ("united_states", "ukraine", "russia", "china", "rest_of_world")
MATERIALS = ("bulk", "magnet", "heavy")
STAGES = ("mine", "separation", "heavy_separation", "magnets")
STREAMS = ("hydrocarbons", "lithium", "titanium", "graphite", "rare_earths")
"""Ukraine's resource revenue; hydrocarbons stand for all licences that exist at the start."""

US, UA, RU, CN, RW = range(5)
BULK, MAGNET, HEAVY = range(3)
MINE, SEPARATION, HEAVY_SEPARATION, MAGNETS = range(4)
HYDROCARBONS, RARE_EARTHS = 0, 4
EXOGENOUS, NEW = slice(HYDROCARBONS, RARE_EARTHS), slice(HYDROCARBONS + 1, RARE_EARTHS)
"""Streams whose price comes from outside, and those of them that are new projects."""


def total(rows: Floats) -> Floats:
    """Sum over the first axis in its fixed order, so that the last bit never depends on the shape."""
    if len(rows) == 1:
        return rows[0].copy()
    result: Floats = rows[0] + rows[1]
    for row in rows[2:]:
        result += row
    return result


def at_least(numbers: Floats, least: float) -> Floats:
    """`np.maximum` of an array and one number, which NumPy is twice as slow at."""
    return numbers.clip(least, np.inf)


def only(where: NDArray[np.bool_], rule: Callable[..., Floats], *values: Floats) -> Floats:
    """A rule computed in the worlds marked in `where` alone, nan elsewhere (for rules that are dear)."""
    result = np.full(where.shape, np.nan, dtype=values[0].dtype)
    result[where] = rule(*(value[where] for value in values))
    return result
