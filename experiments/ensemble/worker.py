"""What a worker does: reads the rows of its block from the store, simulates them, writes its own chunks.

Only a `Report` goes back. The worker needs nothing but the store's address and the block's number, so a
local process, a notebook's and a cluster's do the same.
"""

from __future__ import annotations

import functools
import gc
import importlib
import os
import socket
import time
import traceback
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.designs.design import LABELS
from experiments.ensemble import provenance
from experiments.errors import StoreError, SweepError
from experiments.store.block_partition import Block
from experiments.store.manifest import Manifest
from experiments.store.quantile_summaries import mean, quantiles
from experiments.store.store import Store

Arrays = dict[str, NDArray[Any]]

LARGEST = float(np.finfo(np.float32).max)
MOST_ATTEMPTS = 64
"""Runs spent on finding which rows of a failing block are to blame."""
WORLDS_BETWEEN_COLLECTIONS = 16_384
"""Models and agents are cycles, and Python's collector does not see the size of their arrays."""
_uncollected = Counter[str]()


@dataclass(frozen=True)
class Report:
    """What became of a block. `status`: "done", "failed" (all rows), "partial" (some), "stop" (no store)."""

    status: str
    worlds: int = 0
    message: str = ""


@dataclass(frozen=True)
class Experiment:
    """How a row becomes numbers: on which parameters, with which random numbers, for how long, by which model.

    `monthly` lists the monthly variables of the record, and `model` is named "module:class".
    """

    parameters: Mapping[str, float | str]
    seed: int
    months: int
    record: str
    precision: str
    model: str
    monthly: list[str]

    @staticmethod
    def of(manifest: Manifest) -> Experiment:
        """The experiment that a store holds."""
        return Experiment(**{field.name: manifest.identity[field.name] for field in fields(Experiment)})

    @property
    def model_class(self) -> Any:
        """The class that is run; raises SweepError when it cannot be imported here."""
        if self.model in OWN_MODELS:
            return OWN_MODELS[self.model]
        module, _, qualified = self.model.partition(":")
        try:
            return functools.reduce(getattr, qualified.split("."), importlib.import_module(module))
        except (ImportError, AttributeError):
            hint = "use processes=1 or put it in a module"
            raise SweepError(f"workers cannot import the model {self.model}: {hint}") from None

    def simulate(self, rows: Mapping[str, NDArray[Any]], replicates: slice) -> Arrays:
        """Every variable of these rows, shaped as on disk: outcomes, and monthly paths or their summaries."""
        from model.parameters.table import Parameters

        replicate = np.arange(replicates.start, replicates.stop)
        shape = (len(next(iter(rows.values()))), len(replicate))
        changes = {name: np.repeat(column, shape[1]) for name, column in rows.items() if name not in LABELS}
        world = self.model_class(
            Parameters(**(dict(self.parameters) | changes)),
            worlds=shape[0] * shape[1],
            months=self.months,
            rng=self.seed,
            replicates=np.tile(replicate, shape[0]),
            record=self.monthly or "outcomes",
            precision=self.precision,
        )
        try:
            with np.errstate(all="ignore"):  # what leaves its range is found in the numbers themselves
                world.simulate()
            arrays = {name: values.reshape(*values.shape[:-1], *shape) for name, values in world.outcomes().items()}
            for name, values in world.trajectories().items():
                paths = values.reshape(self.months, *shape)
                summary = {name: quantiles(paths), f"{name}_mean": mean(paths)} if self.record == "summaries" else {}
                arrays |= summary or {name: paths}
            return arrays
        finally:
            world.close()


OWN_MODELS: dict[str, Any] = {}
"""Classes that this process was given, by "module:class"; a notebook's cannot be imported by others."""


def importable_name(model: Any) -> str:
    """The name "module:class" by which workers import a class; raises SweepError for what is no class."""
    if not isinstance(model, type):
        raise SweepError(f"model={model!r}: needs a class with the signature of GeopoliticalEconomy")
    name = f"{model.__module__}:{model.__qualname__}"
    OWN_MODELS[name] = model
    return name


def compute(
    experiment: Experiment, rows: Arrays, block: Block, manifest: Manifest
) -> tuple[Arrays, list[dict[str, Any]]]:
    """The block's variables, and the rows that could not be computed, or left their range, which are NaN.

    A failing piece is halved until the rows to blame are alone, or MOST_ATTEMPTS are spent.
    """
    values: Arrays = {}
    failures: list[dict[str, Any]] = []
    pieces, attempts = [(0, block.shape[0])], 0
    while pieces:
        start, stop = pieces.pop()
        attempts += 1
        piece = {name: column[start:stop] for name, column in rows.items()}
        try:
            arrays = experiment.simulate(piece, block.replicates)
        except Exception as error:
            if stop - start == 1 or attempts > MOST_ATTEMPTS:
                failures.append(_failure(error, piece, block.rows.start + start, block.replicates))
            else:
                middle = (start + stop) // 2
                pieces += [(middle, stop), (start, middle)]
            continue
        if attempts == 1:
            values = arrays
            break
        values = values or _empty(manifest, block)
        for name in arrays:
            _rows_first(values, name, manifest)[start:stop] = _rows_first(arrays, name, manifest)
    values = values or _empty(manifest, block)
    known = {failure["row"] - block.rows.start + row for failure in failures for row in range(failure["rows"])}
    for row, reason in sorted(out_of_range(values, manifest).items()):
        if row not in known:
            one = {name: column[row : row + 1] for name, column in rows.items()}
            failures.append(_failure(RangeError(reason), one, block.rows.start + row, block.replicates))
            for name in values:
                _rows_first(values, name, manifest)[row] = np.nan
    return values, failures


class RangeError(ArithmeticError):
    """A row whose numbers are no longer numbers, or not allowed; computing it again would not help."""


ALWAYS_KNOWN = ("price", "welfare", "peak", "china_mine_share_end", "china_separation_share_end", "occupied_share_end")
"""How outcomes begin that every world has; another that is NaN is unknown, or never came."""
SLACK = 1e-3
"""By how much a rounded number may be outside its range."""


def out_of_range(values: Arrays, manifest: Manifest) -> dict[int, str]:
    """The rows of a block in which a number is infinite, outside its range or, where it must be known, NaN, and why."""
    from model.record.recorder import UNSOLVED
    from model.record.variables import OUTCOMES, TRAJECTORIES

    unsolved = np.isnan(_rows_first(values, "signed", manifest)).any(axis=1)  # all of such a world is nan
    reasons = dict.fromkeys(np.flatnonzero(unsolved).tolist(), UNSOLVED)
    for name, numbers in values.items():
        variable = OUTCOMES.get(name) or TRAJECTORIES[name.removesuffix("_mean")]
        low, high = (max(variable.low, -LARGEST) - SLACK, min(variable.high, LARGEST) + SLACK)
        may_be_unknown = name in OUTCOMES and not name.startswith(ALWAYS_KNOWN)
        lowest, highest = (np.fmin, np.fmax) if may_be_unknown else (np.minimum, np.maximum)
        if lowest.reduce(numbers, axis=None) >= low and highest.reduce(numbers, axis=None) <= high:
            continue
        by_row = _rows_first(values, name, manifest).reshape(len(_rows_first(values, name, manifest)), -1)
        wrong = ~((by_row >= low) & (by_row <= high) | (np.isnan(by_row) & may_be_unknown))
        for row in np.flatnonzero(wrong.any(axis=1)).tolist():
            value = by_row[row][wrong[row]][0]
            reasons.setdefault(row, f"{name} is {value:g}, allowed {variable.low:g} to {variable.high:g}")
    return reasons


def _rows_first(values: Arrays, name: str, manifest: Manifest) -> NDArray[Any]:
    """A view of a variable of which the first axis is the design's."""
    return np.moveaxis(values[name], manifest.fields[name].index("design"), 0)


def _empty(manifest: Manifest, block: Block) -> Arrays:
    sizes = manifest.sizes | dict(zip(("design", "replicate"), block.shape, strict=True))
    shapes = {name: [sizes[dim] for dim in dims] for name, dims in manifest.fields.items()}
    return {name: np.full(shape, np.nan, dtype=np.float32) for name, shape in shapes.items()}


def _failure(error: Exception, rows: Arrays, first: int, replicates: slice) -> dict[str, Any]:
    return {
        "row": first,
        "rows": len(next(iter(rows.values()))),
        "replicates": [replicates.start, replicates.stop],
        "parameters": {name: column[0].item() for name, column in rows.items()},
        "error": f"{type(error).__name__}: {error}",
        "traceback": "".join(traceback.format_exception(error)),
    }


@functools.lru_cache(maxsize=1)
def _store(address: str, run: str) -> Store:
    """The store, opened once a run in each worker; `run` keeps an older one of the same address apart.

    Raises StoreError when this worker's code or data are not those the store is made of, as on a cluster
    that has another version.
    """
    store = Store(address)
    wanted, model = store.manifest.identity, Experiment.of(store.manifest).model_class
    for name, value in {"code_version": provenance.code_hash(model), "data_hash": provenance.data_hash()}.items():
        if wanted[name] != value:
            what = f"{name.replace('_', ' ')} is {wanted[name]} in the run and {value}"
            raise StoreError(f"{what} in the worker on {socket.gethostname()}; install the same version there")
    return store


def ready() -> None:
    """Nothing to do: whoever can call this function has imported all that a block needs."""


def run_block(address: str, number: int, run: str) -> Report:
    """Compute one block and put it in the store; nothing large comes back, and no error escapes."""
    try:
        store = _store(address, run)
        report = _run(store, store.blocks[number], run)
    except StoreError as error:
        report = Report("stop", message=str(error))
    except Exception as error:
        report = Report("failed", message="".join(traceback.format_exception(error)).strip())
    _uncollected["worlds"] += report.worlds
    if _uncollected["worlds"] >= WORLDS_BETWEEN_COLLECTIONS:
        gc.collect()
        _uncollected.clear()
    return report


def _run(store: Store, block: Block, run: str) -> Report:
    started = time.perf_counter()
    store.log("begin", block, run=run, worker=os.getpid())
    values, failures = compute(Experiment.of(store.manifest), store.rows(block.rows), block, store.manifest)
    written = store.write_block(block, values)
    seconds = round(time.perf_counter() - started, 4)
    store.keep_failures(block, failures)
    if not all(failure["error"].startswith(RangeError.__name__) for failure in failures):
        store.log("failed", block, run=run, seconds=seconds)
        every = sum(failure["rows"] for failure in failures) == block.shape[0]
        return Report("failed" if every else "partial", block.worlds, failures[0]["error"])
    facts = {"worlds": block.worlds, "seconds": seconds, "host": socket.gethostname(), "pid": os.getpid()}
    store.mark(block, written | facts | {"run": run})
    store.log("done", block, run=run, seconds=seconds)
    return Report("partial" if failures else "done", block.worlds, failures[0]["error"] if failures else "")
