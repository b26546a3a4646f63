"""Parameters set past the check of their ranges, for the limits in which theory gives the answer."""

from __future__ import annotations

import copy

from model import Parameters
from model.parameters.table import DECLARATIONS

SHARP = 1e9
"""Stands for infinite precision, which no declared range allows."""


def beyond_range(parameters: Parameters, **values: float) -> Parameters:
    """The same parameters with some numbers set whatever their range; raises KeyError for an unknown name."""
    changed = copy.copy(parameters)
    for name, value in values.items():
        object.__setattr__(changed, DECLARATIONS[name].name, value)
    return changed
