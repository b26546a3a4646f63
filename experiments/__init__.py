"""What is asked of the world: designs, sweeps, stores and results.

    from experiments import grid, sweep
    results = sweep(grid(ownership_share=21, guarantee_strength=21), replicates=200)

Names are imported when they are first used, so that `import experiments` costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from experiments.description import describe
    from experiments.designs import from_table, grid, latin_hypercube, morris, policies, scenarios, sobol
    from experiments.errors import StoreError, SweepError, SweepInterrupted
    from experiments.exporting import export
    from experiments.rehearsal import Forecast
    from experiments.results import open_results
    from experiments.runner import failures, plan, sweep
    from experiments.tables import Base, Design

_ROOMS = {
    "description": ("describe",),
    "designs": ("from_table", "grid", "latin_hypercube", "morris", "policies", "scenarios", "sobol"),
    "errors": ("StoreError", "SweepError", "SweepInterrupted"),
    "exporting": ("export",),
    "rehearsal": ("Forecast",),
    "results": ("open_results",),
    "runner": ("failures", "plan", "sweep"),
    "tables": ("Base", "Design"),
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names}

__all__ = [
    "Base",
    "Design",
    "Forecast",
    "StoreError",
    "SweepError",
    "SweepInterrupted",
    "describe",
    "export",
    "failures",
    "from_table",
    "grid",
    "latin_hypercube",
    "morris",
    "open_results",
    "plan",
    "policies",
    "scenarios",
    "sobol",
    "sweep",
]


def __getattr__(name: str) -> Any:
    """The public name `name`, imported now."""
    if name not in _ROOM_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_ROOM_OF[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
