"""What is assumed of a world: every parameter, its declaration, and named sets of them."""

from model.parameters.declaration import Declaration, ParameterError, Value, nearest
from model.parameters.presets import PRESETS, preset
from model.parameters.table import DECLARATIONS, Parameters, check

__all__ = [
    "DECLARATIONS",
    "PRESETS",
    "Declaration",
    "ParameterError",
    "Parameters",
    "Value",
    "check",
    "nearest",
    "preset",
]
