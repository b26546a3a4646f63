"""Designs, sweeps, stores and results.

    from experiments import grid, sweep
    results = sweep(grid(ownership_share=21, guarantee_strength=21), replicates=200)

Names are imported when they are first used, so that `import experiments` costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from experiments.analysis.discovery.discovery import discover, discover_table
    from experiments.analysis.ema_model import ema_evaluator, ema_model
    from experiments.analysis.robust_deals.best_and_rivals import deal_findings
    from experiments.analysis.robust_deals.deal_search import search_deals
    from experiments.analysis.robust_deals.outcomes_by_deal import deal_worlds
    from experiments.analysis.robust_deals.pareto_set import deal_table
    from experiments.analysis.robust_deals.robustness import robustness
    from experiments.analysis.run_until_precise import policy_effect
    from experiments.analysis.salib_tables import to_salib_arrays, to_salib_problem
    from experiments.designs.builders import from_table, grid, latin_hypercube, morris, policies, scenarios, sobol
    from experiments.designs.design import Base, Design
    from experiments.ensemble.dry_run import DryRun
    from experiments.ensemble.scheduler import Scheduling
    from experiments.ensemble.spec import SweepSpec
    from experiments.ensemble.sweep import failures, plan, run_sweep, sweep
    from experiments.errors import InputError, StoreError, SweepError, SweepInterrupted
    from experiments.store.dataset import open_results
    from experiments.store.export import export
    from experiments.store.store_info import describe

_ROOMS = {
    "designs.builders": ("from_table", "grid", "latin_hypercube", "morris", "policies", "scenarios", "sobol"),
    "designs.design": ("Base", "Design"),
    "ensemble.dry_run": ("DryRun",),
    "ensemble.scheduler": ("Scheduling",),
    "ensemble.spec": ("SweepSpec",),
    "ensemble.sweep": ("failures", "plan", "run_sweep", "sweep"),
    "errors": ("InputError", "StoreError", "SweepError", "SweepInterrupted"),
    "store.dataset": ("open_results",),
    "store.export": ("export",),
    "store.store_info": ("describe",),
    "analysis.discovery.discovery": ("discover", "discover_table"),
    "analysis.ema_model": ("ema_evaluator", "ema_model"),
    "analysis.run_until_precise": ("policy_effect",),
    "analysis.robust_deals.best_and_rivals": ("deal_findings",),
    "analysis.robust_deals.deal_search": ("search_deals",),
    "analysis.robust_deals.outcomes_by_deal": ("deal_worlds",),
    "analysis.robust_deals.pareto_set": ("deal_table",),
    "analysis.robust_deals.robustness": ("robustness",),
    "analysis.salib_tables": ("to_salib_arrays", "to_salib_problem"),
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names}

# fmt: off
__all__ = [
    "Base", "Design", "DryRun", "InputError", "Scheduling", "StoreError", "SweepError", "SweepInterrupted",
    "SweepSpec", "deal_findings", "deal_table", "deal_worlds", "describe", "discover", "discover_table",
    "ema_evaluator", "ema_model", "export", "failures", "from_table", "grid", "latin_hypercube", "morris",
    "open_results", "plan", "policies", "policy_effect", "robustness", "run_sweep", "scenarios", "search_deals",
    "sobol", "sweep", "to_salib_arrays", "to_salib_problem",
]
# fmt: on


def __getattr__(name: str) -> Any:
    """The public name `name`, imported now."""
    if name not in _ROOM_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_ROOM_OF[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
