"""What a run is asked for: whole numbers, a seed, replicates, a precision; checked before anything is built."""

from __future__ import annotations

import numpy as np

from model.array_axes import DType, Integers
from model.parameters.declaration import ParameterError, nearest

PRECISIONS: dict[str, DType] = {"double": np.float64, "single": np.float32}
"""Precision of a run's numbers: about sixteen or seven digits."""


def dtype_of(precision: str) -> DType:
    """The type of the numbers of a run; raises ParameterError for an unknown `precision`."""
    if precision not in PRECISIONS:
        allowed = ", ".join(PRECISIONS)
        raise ParameterError(f"precision={precision!r}: allowed {allowed}; {nearest(precision, PRECISIONS)}")
    return PRECISIONS[precision]


def seed_of(given: int | None) -> int:
    """The seed as given, or a fresh one where none is."""
    fresh = int(np.random.SeedSequence().generate_state(1, np.uint64)[0] >> np.uint64(1))
    return whole_number("rng", fresh if given is None else given, 0, 2**63 - 1)


def replicates_of(given: Integers, worlds: int) -> Integers:
    """The replicates as given; raises ParameterError unless they are one whole number of 0 or more per world."""
    numbers = np.asarray(given)
    if numbers.shape != (worlds,) or numbers.dtype.kind not in "iu" or np.any(numbers < 0):
        raise ParameterError(f"replicates: needs one whole number of 0 or more per world, shape ({worlds},)")
    return numbers.astype(np.int64)


def whole_number(name: str, value: object, low: int, high: int) -> int:
    """The value as an integer; raises ParameterError unless it is one from `low` to `high`."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or not low <= value <= high:
        raise ParameterError(f"{name}={value!r}: needs a whole number from {low} to {high}")
    return int(value)
