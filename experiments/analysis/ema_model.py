"""The model as the EMA workbench's own, so that its sampling, optimisation and discovery can be used; not needed else.

model = ema_model(uncertainties=["tension_decay", "advance"], levers={"guarantee_strength": (0, 1)})
experiments, outcomes = ema_evaluator(model, processes=2).perform_experiments(scenarios=500, policies=4)
"""

from __future__ import annotations

import functools
import importlib
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from experiments.analysis.sensitivity.inputs_and_outcomes import check_outcomes
from experiments.designs.builders import from_table, latin_hypercube
from experiments.ensemble.spec import SweepSpec
from experiments.ensemble.sweep import sweep
from experiments.errors import InputError
from experiments.store.dataset import flat_columns
from model.record.variables import DIMENSIONS, OUTCOMES

Row = Mapping[str, Any]
Ranges = Sequence[str] | Mapping[str, Sequence[Any] | None]
"""Parameters by name, over their declared range, or with (low, high) or, of words, a list of choices."""


@dataclass(frozen=True)
class RowFunction:
    """What the workbench calls for each experiment: a row of parameters, run with all replicates of a sweep."""

    replicates: int
    months: int
    preset: str | None
    seed: int

    def __call__(self, **row: Any) -> dict[str, float]:
        """Every outcome by its column, such as deal_gain_ukraine: the mean over the replicates that know it, or NaN."""
        return self.run([row])[0]

    def run(self, rows: Sequence[Row], processes: int = 1) -> list[dict[str, float]]:
        """The same of several rows at once, as worlds of one sweep; numbers do not depend on how many there are."""
        design = from_table({name: [row[name] for row in rows] for name in rows[0]})
        results = sweep(design, **asdict(self), processes=processes, progress=False)
        table = flat_columns(results, DIMENSIONS).astype(np.float64)
        means = table.where(np.isfinite(table)).mean("replicate")
        columns = {str(name): each.values.tolist() for name, each in means.data_vars.items()}
        return [{name: values[row] for name, values in columns.items()} for row in range(len(rows))]


def ema_model(
    uncertainties: Ranges = (),
    levers: Ranges = (),
    outcomes: Sequence[str] = (),
    *,
    replicates: int = 200,
    months: int = 180,
    preset: str | None = None,
    seed: int = 0,
) -> Any:
    """The model as an `ema_workbench.Model`: parameters with their ranges, outcomes as scalars (default all of them).

    Each experiment is a row of a sweep: the means over `replicates` worlds that are the same random draws in every
    experiment, NaN where none of them knows the outcome. Works with every evaluator of the workbench;
    `ema_evaluator` runs all experiments as worlds of one sweep instead of one by one. Raises ParameterError or
    InputError for a name, range or number that cannot be, InputError without ema-workbench.
    """
    varied = [_parameters(each) for each in (uncertainties, levers)]
    if twice := sorted(varied[0].keys() & varied[1].keys()):
        raise InputError(f"{twice[0]} is both an uncertainty and a lever; it can be one of them")
    if not any(varied):
        raise InputError("the workbench needs at least one uncertainty or lever")
    check_outcomes(outcomes)
    SweepSpec(latin_hypercube(1, *varied[0], *varied[1]), replicates, months, preset, seed)
    workbench = _workbench()
    model = workbench.Model("subsoil", function=RowFunction(replicates, months, preset, seed))
    model.uncertainties, model.levers = ([_as_theirs(workbench, *one) for one in each.items()] for each in varied)
    model.outcomes = [workbench.ScalarOutcome(name) for name in outcomes or _columns()]
    return model


def ema_evaluator(model: Any, processes: int = 1) -> Any:
    """An evaluator of the workbench for what `ema_model` gives: all experiments of a call as worlds of one sweep.

    Raises InputError for another model.
    """
    function = getattr(model, "function", None)
    if not isinstance(function, RowFunction):
        raise InputError(f"ema_evaluator runs what ema_model gives, got {type(model).__name__}")
    sequential: Any = _workbench().SequentialEvaluator

    def evaluate_experiments(self: Any, *given: Any, **choices: Any) -> None:
        """Let the workbench go through its experiments twice: to note their rows, and to take in their outcomes."""
        *experiments, callback = [list(each) if isinstance(each, Iterator) else each for each in given]
        one_by_one = functools.partial(sequential.evaluate_experiments, self, *experiments, **choices)
        rows: dict[tuple[Any, ...], Row] = {}
        unknown = dict.fromkeys(_columns(), np.nan)
        _with_function(model, lambda **row: rows.setdefault(_key(row), row) and unknown, one_by_one, lambda *_: None)
        known = dict(zip(rows, function.run(list(rows.values()), processes), strict=True))
        _with_function(model, lambda **row: known[_key(row)], one_by_one, callback)

    return type("SweepEvaluator", (sequential,), {"evaluate_experiments": evaluate_experiments})(model)


def _with_function(model: Any, function: Callable[..., Any], run: Callable[..., None], callback: Any) -> None:
    """Run experiments with another function in the model's place."""
    own, model.function = model.function, function
    try:
        run(callback)
    finally:
        model.function = own


def _columns() -> list[str]:
    return [column for each in OUTCOMES.values() for column in each.columns]


def _key(row: Row) -> tuple[Any, ...]:
    return tuple(sorted(row.items()))


def _parameters(given: Ranges) -> dict[str, dict[str, Any]]:
    """Name -> its range, as a sample describes it."""
    if isinstance(given, str):
        given = [given]
    ranges = dict(given) if isinstance(given, Mapping) else dict.fromkeys(given)
    return latin_hypercube(1, **ranges).facts()["ranges"] if ranges else {}


def _as_theirs(workbench: Any, name: str, made: Mapping[str, Any]) -> Any:
    """A parameter as the workbench declares it."""
    if "choices" in made:
        return workbench.CategoricalParameter(name, made["choices"])
    if made["integer"]:
        return workbench.IntegerParameter(name, int(made["low"]), int(made["high"]))
    return workbench.RealParameter(name, made["low"], made["high"])


def _workbench() -> Any:
    """The package, which warns when it is imported, of what it could use and does not need."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return importlib.import_module("ema_workbench")
    except ImportError:
        raise InputError("this needs the package ema-workbench: pip install 'subsoil[bench]'") from None
