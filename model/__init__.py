"""Subsoil: minerals, security and war among five countries, in thousands of worlds at once."""

from model.dimensions import COUNTRIES, MATERIALS, STAGES
from model.parameters import PRESETS, ParameterError, Parameters, preset
from model.simulation import GeopoliticalEconomy

__all__ = [
    "COUNTRIES",
    "MATERIALS",
    "PRESETS",
    "STAGES",
    "GeopoliticalEconomy",
    "ParameterError",
    "Parameters",
    "preset",
]
