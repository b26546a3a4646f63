"""Subsoil: minerals, security and war among five countries, in thousands of worlds at once.

Names are imported when they are first used, so that the errors, which everything needs, cost nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.array_axes import COUNTRIES, MATERIALS, STAGES
    from model.errors import SubsoilError
    from model.parameters.declaration import ParameterError
    from model.parameters.presets import PRESETS, preset
    from model.parameters.table import Parameters
    from model.simulation import GeopoliticalEconomy

_ROOM_OF = {
    "COUNTRIES": "array_axes",
    "MATERIALS": "array_axes",
    "PRESETS": "parameters.presets",
    "STAGES": "array_axes",
    "GeopoliticalEconomy": "simulation",
    "ParameterError": "parameters.declaration",
    "Parameters": "parameters.table",
    "SubsoilError": "errors",
    "preset": "parameters.presets",
}

__all__ = [
    "COUNTRIES",
    "MATERIALS",
    "PRESETS",
    "STAGES",
    "GeopoliticalEconomy",
    "ParameterError",
    "Parameters",
    "SubsoilError",
    "preset",
]


def __getattr__(name: str) -> object:
    """The public name `name`, imported now."""
    if name not in _ROOM_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_ROOM_OF[name]}"), name)
