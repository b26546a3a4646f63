"""The contenders of the bench: each runs in a process of its own, and says what it took.

Importing `mesa.batchrunner` of Mesa 3.3 makes the whole process spawn its children, so that nothing else
should be measured in the same one.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mesa

MIB = 1024
"""Kilobytes in a MiB: Linux gives the peak of memory in kilobytes."""


class Idler(mesa.Agent):
    """An agent that does nothing."""


class EmptyModel(mesa.Model):
    """Five agents that do nothing, and as many monthly reporters as our model has: Mesa's own cost."""

    def __init__(self, rng: int | None = None) -> None:
        from model.recorder import TRAJECTORIES

        super().__init__(rng=rng)
        for _ in range(5):
            Idler(self)
        self.datacollector = mesa.DataCollector(model_reporters=dict.fromkeys(TRAJECTORIES, _nothing))

    def step(self) -> None:
        """One month in which nothing happens."""
        self.datacollector.collect(self)


def _nothing(model: mesa.Model) -> float:
    return 0.0


def ensemble(worlds: int, processes: int, months: int, record: str, store: str) -> dict[str, float]:
    """A sweep of `worlds` worlds: seconds, and the peak of memory of all its processes in MiB."""
    from experiments.designs import grid
    from experiments.runner import sweep

    rows = max(1, worlds // 100)
    design = grid(ownership_share=(0.0, 1.0, rows)) if rows > 1 else grid(ownership_share=[0.5])
    started = time.perf_counter()
    results = sweep(
        design, replicates=worlds // rows, months=months, processes=processes, record=record,
        store=store or None, progress=False,
    )  # fmt: skip
    seconds = time.perf_counter() - started
    if not results.attrs["complete"]:
        raise RuntimeError("the sweep of the bench is not complete")
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MIB
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / MIB if processes > 1 else 0.0
    return {"worlds": worlds, "seconds": seconds, "peak_mib": own + processes * child}


def mesa_batch(worlds: int, processes: int, months: int, empty: bool) -> dict[str, float]:
    """`mesa.batch_run` with one world a run, of our model or of an empty one."""
    from mesa.batchrunner import batch_run

    from model.economy import GeopoliticalEconomy

    model = EmptyModel if empty else GeopoliticalEconomy
    started = time.perf_counter()
    rows = batch_run(
        model, {"rng": range(worlds)}, number_processes=processes, iterations=1,
        max_steps=months - 1,  # batch_run makes one step more than it is told
        display_progress=False,
    )  # fmt: skip
    if len(rows) != worlds or rows[0]["Step"] != months - 1:
        raise RuntimeError(f"batch_run returned {len(rows)} rows, the first of step {rows[0]['Step']}")
    return {"worlds": worlds, "seconds": time.perf_counter() - started}


def first_result(worlds: int, months: int) -> dict[str, float]:
    """From nothing imported to the outcomes of some worlds, seconds."""
    from model.economy import GeopoliticalEconomy

    GeopoliticalEconomy(worlds=worlds, months=months, record="outcomes").run()
    return {"worlds": worlds}


CONTENDERS: dict[str, Callable[..., dict[str, float]]] = {
    "ensemble": ensemble,
    "mesa_batch": mesa_batch,
    "first_result": first_result,
}


def main(name: str, settings: str) -> None:
    """Run one contender, in this process, and print what it took as JSON."""
    arguments: dict[str, Any] = json.loads(settings)
    print(json.dumps(CONTENDERS[name](**arguments)))


def command(name: str, **settings: Any) -> list[str]:
    """The command that runs a contender in a process of its own."""
    code = f"from experiments import bench; bench.main({name!r}, {json.dumps(settings)!r})"
    return [sys.executable, "-c", code]


def folder() -> Path:
    """Where the project lies, so that contenders find it."""
    return Path(__file__).resolve().parent.parent
