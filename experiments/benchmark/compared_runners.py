"""The contenders of the benchmark: each runs in a process of its own, and says what it took.

Importing `mesa.batchrunner` of Mesa 3.3 makes the whole process spawn its children, so that nothing else
should be measured in the same one.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

import mesa
import numpy as np

from experiments.benchmark.memory_usage import PeakMemory
from model.record.variables import OUTCOMES, TRAJECTORIES
from model.simulation import GeopoliticalEconomy

Took = dict[str, float]


class Idler(mesa.Agent):
    """An agent that does nothing."""


class BareModel(mesa.Model):
    """Five agents that do nothing, of which nothing is recorded: Mesa's own cost of a run."""

    reporters: Iterable[str] = ()

    def __init__(self, rng: int | None = None) -> None:
        super().__init__(rng=rng)
        Idler.create_agents(self, 5)
        self.datacollector = mesa.DataCollector(model_reporters=dict.fromkeys(self.reporters, lambda model: 0.0))

    def step(self) -> None:
        """One month in which nothing happens."""
        self.datacollector.collect(self)


class EmptyModel(BareModel):
    """The same with as many monthly reporters as our model has: Mesa's own cost of a run and its record."""

    reporters = TRAJECTORIES


class EmptyWorlds:
    """Worlds in which nothing happens, with the outcomes of our model: the runner's and the store's own cost."""

    def __init__(self, parameters: Any, *, worlds: int, **_: Any) -> None:
        numbers = np.linspace(0, 1, worlds, dtype=np.float32)
        self._outcomes = {name: np.broadcast_to(numbers, (*each.shape, worlds)) for name, each in OUTCOMES.items()}

    def simulate(self) -> None:
        """Nothing happens."""

    def close(self) -> None:
        """Nothing is held."""

    def outcomes(self) -> dict[str, Any]:
        """The same numbers for every outcome."""
        return self._outcomes

    def trajectories(self) -> dict[str, Any]:
        """No monthly variables."""
        return {}


def ensemble(worlds: int, store: str, **settings: Any) -> Took:
    """A sweep of `worlds` worlds: seconds, and the memory of all its processes at its peak, MiB."""
    from experiments import grid, sweep

    rows = max(1, worlds // 100)
    design = grid(ownership_share=(0.0, 1.0, rows)) if rows > 1 else grid(ownership_share=[0.5])
    settings |= {"replicates": worlds // rows, "store": store or None, "progress": False}
    with PeakMemory() as memory:
        started = time.perf_counter()
        results = sweep(design, **settings)
        seconds = time.perf_counter() - started
    if not results.attrs["complete"]:
        raise RuntimeError("the sweep of the benchmark is not complete")
    return {"worlds": worlds, "seconds": seconds, "peak_mib": memory.peak}


def precision(worlds: int, months: int) -> Took:
    """How many worlds differ in single precision from double: an outcome by more than 1 %."""
    outcomes = []
    started = time.perf_counter()
    for digits in ("single", "double"):
        model = GeopoliticalEconomy(worlds=worlds, months=months, rng=0, record="outcomes", precision=digits)
        model.simulate()
        model.close()
        outcomes.append(np.concatenate([each.reshape(-1, worlds) for each in model.outcomes().values()]))
    differ = np.zeros(worlds, dtype=bool)
    for single, double in zip(*outcomes, strict=True):
        known = double[np.isfinite(double)]
        little = 0.01 * known.std() if len(known) else 0.0  # of what differs between worlds
        differ |= ~np.isclose(single, double, rtol=0.01, atol=little + 1e-6, equal_nan=True)
    return {"worlds": worlds, "seconds": time.perf_counter() - started, "differ": int(differ.sum())}


def blocks(count: int, processes: int) -> Took:
    """Blocks of ten empty worlds, kept in stores of this folder: seconds that `count` more of them take."""
    from experiments import grid, sweep

    shared: Any = {"replicates": 10, "block_worlds": 10, "months": 1, "model": EmptyWorlds, "progress": False}
    took = []
    for number in (2, 4, count + 4):  # the first is for what starts but once
        started = time.perf_counter()
        sweep(grid(ownership_share=number), store=f"{number}.zarr", processes=processes, **shared)
        took.append(time.perf_counter() - started)
    return {"worlds": 10 * count, "seconds": took[2] - took[1]}


def mesa_batch(worlds: int, processes: int, months: int, model: str) -> Took:
    """`mesa.batch_run` with one world a run, of "our" model, of an "empty" or of a "bare" one."""
    from mesa.batchrunner import batch_run

    models: dict[str, type[mesa.Model]] = {"our": GeopoliticalEconomy, "empty": EmptyModel, "bare": BareModel}
    settings: Any = {"number_processes": processes, "iterations": 1, "display_progress": False}
    started = time.perf_counter()
    # batch_run makes one step more than it is told
    rows = batch_run(models[model], {"rng": range(worlds)}, max_steps=months - 1, **settings)
    if len(rows) != worlds or rows[0]["Step"] != months - 1:
        raise RuntimeError(f"batch_run returned {len(rows)} rows, the first of step {rows[0]['Step']}")
    return {"worlds": worlds, "seconds": time.perf_counter() - started}


def one_world(ownership_share: float = 0.5, months: int = 180) -> Took:
    """The outcomes of our model in one world, as the EMA workbench asks for them."""
    model = GeopoliticalEconomy(ownership_share=ownership_share, months=months, record="outcomes")
    model.simulate()
    outcomes = model.outcomes()
    model.close()
    return {
        column: float(outcomes[name][*index, 0])
        for name, each in OUTCOMES.items()
        for column, index in each.columns.items()
    }


def ema(worlds: int, processes: int, months: int) -> Took:
    """The evaluators of the EMA workbench, our model wrapped in its Model, with one world an experiment."""
    import ema_workbench as workbench

    wrapped = workbench.Model("subsoil", function=one_world)
    wrapped.uncertainties = [workbench.RealParameter("ownership_share", 0, 1)]
    wrapped.constants = [workbench.Constant("months", months)]
    wrapped.outcomes = [workbench.ScalarOutcome(name) for each in OUTCOMES.values() for name in each.columns]
    started = time.perf_counter()
    several = {"n_processes": processes} if processes > 1 else {}
    kind = workbench.MultiprocessingEvaluator if several else workbench.SequentialEvaluator
    with kind(wrapped, **several) as evaluator:
        experiments, outcomes = evaluator.perform_experiments(scenarios=worlds)
    if len(experiments) != worlds or len(outcomes) != len(wrapped.outcomes):
        raise RuntimeError(f"the EMA workbench returned {len(experiments)} experiments, {len(outcomes)} outcomes")
    return {"worlds": worlds, "seconds": time.perf_counter() - started}
