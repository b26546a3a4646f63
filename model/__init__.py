"""Subsoil: minerals, security and war among five countries, in thousands of worlds at once."""

from model.declare import ParameterError
from model.economy import GeopoliticalEconomy
from model.parameters import Parameters
from model.scenarios import PRESETS, preset
from model.state import COUNTRIES, MATERIALS, STAGES

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
