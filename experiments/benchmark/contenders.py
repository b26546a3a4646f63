"""The contenders of the benchmark: each runs in a process of its own, and says what it took.

Importing `mesa.batchrunner` of Mesa 3.3 makes the whole process spawn its children, so that nothing else
should be measured in the same one.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

import mesa
import numpy as np

from experiments.benchmark.memory_usage import PeakMemory


class Idler(mesa.Agent):
    """An agent that does nothing."""


class BareModel(mesa.Model):
    """Five agents that do nothing, of which nothing is recorded: Mesa's own cost of a run."""

    def __init__(self, rng: int | None = None) -> None:
        super().__init__(rng=rng)
        for _ in range(5):
            Idler(self)
        self.datacollector = mesa.DataCollector(model_reporters=dict.fromkeys(self.reporters(), _nothing))

    @staticmethod
    def reporters() -> Iterable[str]:
        """Names of what is recorded each month."""
        return ()

    def step(self) -> None:
        """One month in which nothing happens."""
        self.datacollector.collect(self)


class EmptyModel(BareModel):
    """The same with as many monthly reporters as our model has: Mesa's own cost of a run and its record."""

    @staticmethod
    def reporters() -> Iterable[str]:
        """The monthly variables of our model."""
        from model.record.variables import TRAJECTORIES

        return TRAJECTORIES


def _nothing(model: mesa.Model) -> float:
    return 0.0


class EmptyWorlds:
    """Worlds in which nothing happens, with the outcomes of our model: the runner's and the store's own cost."""

    def __init__(self, parameters: Any, *, worlds: int, **_: Any) -> None:
        from model.record.variables import OUTCOMES

        self.recorder = self
        self._outcomes = dict.fromkeys(OUTCOMES, np.linspace(0, 1, worlds, dtype=np.float32))

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


def ensemble(
    worlds: int, processes: int, months: int, record: str, store: str, precision: str = "single"
) -> dict[str, float]:
    """A sweep of `worlds` worlds: seconds, and the memory of all its processes at its peak, MiB."""
    from experiments.designs.builders import grid
    from experiments.ensemble.sweep import sweep

    rows = max(1, worlds // 100)
    design = grid(ownership_share=(0.0, 1.0, rows)) if rows > 1 else grid(ownership_share=[0.5])
    with PeakMemory() as memory:
        started = time.perf_counter()
        results = sweep(
            design, replicates=worlds // rows, months=months, processes=processes, record=record,
            store=store or None, precision=precision, progress=False,
        )  # fmt: skip
        seconds = time.perf_counter() - started
    if not results.attrs["complete"]:
        raise RuntimeError("the sweep of the benchmark is not complete")
    return {"worlds": worlds, "seconds": seconds, "peak_mib": memory.peak}


def precision(worlds: int, months: int) -> dict[str, float]:
    """How many worlds differ in single precision from double: an outcome by more than 1 %."""
    from model.simulation import GeopoliticalEconomy

    outcomes = []
    started = time.perf_counter()
    for digits in ("single", "double"):
        model = GeopoliticalEconomy(worlds=worlds, months=months, rng=0, record="outcomes", precision=digits)
        model.simulate()
        model.close()
        outcomes.append(model.outcomes())
    differ = np.zeros(worlds, dtype=bool)
    for single, double in zip(*(each.values() for each in outcomes), strict=True):
        known = double[np.isfinite(double)]
        little = 0.01 * known.std() if len(known) else 0.0  # of what differs between worlds
        differ |= ~np.isclose(single, double, rtol=0.01, atol=little + 1e-6, equal_nan=True)
    return {"worlds": worlds, "seconds": time.perf_counter() - started, "differ": int(differ.sum())}


def blocks(count: int, processes: int, store: str) -> dict[str, float]:
    """Blocks of ten empty worlds, kept in stores at `store`: seconds that `count` more of them take."""
    from experiments.designs.builders import grid
    from experiments.ensemble.sweep import sweep

    took = []
    for number in (2, 4, count + 4):  # the first is for what starts but once
        started = time.perf_counter()
        sweep(
            grid(ownership_share=number), replicates=10, block_worlds=10, processes=processes, months=1,
            model=EmptyWorlds, store=f"{store}/{number}.zarr", progress=False,
        )  # fmt: skip
        took.append(time.perf_counter() - started)
    return {"worlds": 10 * count, "seconds": took[2] - took[1]}


def mesa_batch(worlds: int, processes: int, months: int, model: str) -> dict[str, float]:
    """`mesa.batch_run` with one world a run, of "our" model, of an "empty" or of a "bare" one."""
    from mesa.batchrunner import batch_run

    from model.simulation import GeopoliticalEconomy

    models: dict[str, type[mesa.Model]] = {"our": GeopoliticalEconomy, "empty": EmptyModel, "bare": BareModel}
    started = time.perf_counter()
    rows = batch_run(
        models[model], {"rng": range(worlds)}, number_processes=processes, iterations=1,
        max_steps=months - 1,  # batch_run makes one step more than it is told
        display_progress=False,
    )  # fmt: skip
    if len(rows) != worlds or rows[0]["Step"] != months - 1:
        raise RuntimeError(f"batch_run returned {len(rows)} rows, the first of step {rows[0]['Step']}")
    return {"worlds": worlds, "seconds": time.perf_counter() - started}


def one_world(ownership_share: float = 0.5, months: int = 180) -> dict[str, float]:
    """The outcomes of our model in one world, as the EMA workbench asks for them."""
    from model.simulation import GeopoliticalEconomy

    model = GeopoliticalEconomy(ownership_share=ownership_share, months=months, record="outcomes")
    model.simulate()
    outcomes = {name: float(values[0]) for name, values in model.outcomes().items()}
    model.close()
    return outcomes


def ema(worlds: int, processes: int, months: int) -> dict[str, float]:
    """The evaluators of the EMA workbench, our model wrapped in its Model, with one world an experiment."""
    import ema_workbench as workbench

    from model.record.variables import OUTCOMES

    wrapped = workbench.Model("subsoil", function=one_world)
    wrapped.uncertainties = [workbench.RealParameter("ownership_share", 0, 1)]
    wrapped.constants = [workbench.Constant("months", months)]
    wrapped.outcomes = [workbench.ScalarOutcome(name) for name in OUTCOMES]
    started = time.perf_counter()
    several = {"n_processes": processes} if processes > 1 else {}
    kind = workbench.MultiprocessingEvaluator if several else workbench.SequentialEvaluator
    with kind(wrapped, **several) as evaluator:
        experiments, outcomes = evaluator.perform_experiments(scenarios=worlds)
    if len(experiments) != worlds or len(outcomes) != len(OUTCOMES):
        raise RuntimeError(f"the EMA workbench returned {len(experiments)} experiments, {len(outcomes)} outcomes")
    return {"worlds": worlds, "seconds": time.perf_counter() - started}


def first_result(worlds: int, months: int) -> dict[str, float]:
    """From nothing imported to the outcomes of some worlds, seconds."""
    from model.simulation import GeopoliticalEconomy

    GeopoliticalEconomy(worlds=worlds, months=months, rng=0, record="outcomes").run()
    return {"worlds": worlds}


CONTENDERS: tuple[Callable[..., dict[str, float]], ...] = (ensemble, precision, blocks, ema, mesa_batch, first_result)

if __name__ == "__main__":  # what a contender took, as JSON
    contender = {each.__name__: each for each in CONTENDERS}[sys.argv[1]]
    print(json.dumps(contender(**json.loads(sys.argv[2]))))
