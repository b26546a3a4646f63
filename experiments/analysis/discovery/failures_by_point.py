"""The points of a design with their worlds that fail, from a sweep's results or from a table in memory."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from experiments.analysis.discovery.failure_criteria import Failure
from experiments.analysis.sensitivity.inputs_and_outcomes import design_points
from experiments.errors import InputError
from experiments.store.dataset import flat_columns
from model.array_axes import Floats
from model.record.variables import DIMENSIONS

LEAST_POINTS, LEAST_FAILING, MOST_UNKNOWN = 100, 20, 0.5
"""Points that a search needs; points with a world that fails, and with one that does not; unknown worlds at most."""


@dataclass(frozen=True, eq=False)
class FailurePoints:
    """Inputs by name (point,), and how many worlds of each point fail, and are known, (point, replicate).

    Every point is another set of inputs, and is known in one world or more. Worlds of one replicate share their random
    draws. `worlds` counts the unknown ones too; `ranges` are those of a sample, by input.
    """

    inputs: Mapping[str, NDArray[Any]]
    failing_worlds: Floats
    known_worlds: Floats
    worlds: int
    ranges: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Number of points."""
        return len(self.known_worlds)

    @functools.cached_property
    def failing(self) -> Floats:
        """Worlds of each point that fail, (point,)."""
        return np.asarray(self.failing_worlds.sum(axis=1))

    @functools.cached_property
    def known(self) -> Floats:
        """Worlds of each point of which it is known whether they fail, (point,)."""
        return np.asarray(self.known_worlds.sum(axis=1))

    @functools.cached_property
    def base(self) -> float:
        """Share of known worlds that fail."""
        return float(self.failing.sum() / self.known.sum()) if self.rows else np.nan

    @property
    def unknown(self) -> float:
        """Share of worlds of which it is unknown whether they fail."""
        return 1 - float(self.known.sum()) / self.worlds

    @property
    def least(self) -> int:
        """Points that a box must hold: a twentieth, of a rare failure as many as half of those that fail."""
        return max(min(LEAST_FAILING, self.rows // 5), int(min(0.05, self.base / 2) * self.rows))

    def at(self, rows: NDArray[Any]) -> FailurePoints:
        """Some of the points, by number or by truth."""
        inputs = {name: column[rows] for name, column in self.inputs.items()}
        known = self.known_worlds[rows]
        return FailurePoints(inputs, self.failing_worlds[rows], known, int(known.sum()), self.ranges)

    def shuffled(self, random: np.random.Generator) -> FailurePoints:
        """The same outcomes at the inputs of other points."""
        order = random.permutation(self.rows)
        failing, known = self.failing_worlds[order], self.known_worlds[order]
        return FailurePoints(self.inputs, failing, known, self.worlds, self.ranges)

    def lack(self) -> str:
        """Why no box can be sought here and what is needed, in words; "" if one can."""
        if not self.rows:
            return "unknown in every world: needs a run long enough to see it"
        if self.unknown > MOST_UNKNOWN:
            return f"unknown in {self.unknown:.0%} of worlds: needs a longer run, or another outcome"
        if self.rows < LEAST_POINTS:
            return f"{self.rows:,} points are too few: needs {LEAST_POINTS}"
        for count, words in ((self.failing, "fails"), (self.known - self.failing, "does not fail")):
            points = int((count > 0).sum())
            if not points:
                other = "fails" if words != "fails" else "does not fail"
                return f"every known world {other}: widen the ranges, or choose another threshold"
            if points < LEAST_FAILING:
                return f"only {points:,} of {self.rows:,} points have a world that {words}: needs {LEAST_FAILING}"
        return ""


def points_of_table(inputs: Any, failed: Any, ranges: Mapping[str, Mapping[str, Any]] | None = None) -> FailurePoints:
    """The points of a table in memory: a mapping or DataFrame of columns (row,), and what failed.

    `failed` is 1 or true, 0 or false, or NaN for unknown, (row,) or (row, replicate), where a
    replicate may have the same random draws in all rows. Rows with the same inputs are one
    point with the worlds of all of them; inputs that never vary are left out. Raises InputError for lengths that
    differ, an input that is missing at a row, other values than these, or if no input varies.
    """
    import pandas as pd

    columns = {str(name): _column(str(name), inputs[name]) for name in inputs}
    try:
        worlds = np.asarray(failed, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError("what failed: needs 1, 0 or NaN for unknown") from None
    for name, column in columns.items():
        if worlds.ndim not in (1, 2) or len(column) != len(worlds):
            raise InputError(
                f"{name} has {len(column):,} rows, what failed the shape {worlds.shape}: needs one row each"
            )
    if (odd := worlds[~np.isnan(worlds) & (worlds != 0) & (worlds != 1)]).size:
        raise InputError(f"what failed holds {odd[0]:g}: needs 1, 0 or NaN for unknown")
    columns = {name: column for name, column in columns.items() if len(column) and (column != column[0]).any()}
    if not columns:
        raise InputError("no input varies, so that nothing can be told from it")
    point = pd.DataFrame(columns).groupby(list(columns), sort=False).ngroup().to_numpy()
    first = np.unique(point, return_index=True)[1]
    worlds = worlds.reshape(len(worlds), -1)
    failing, known = (np.zeros((len(first), worlds.shape[1])) for _ in range(2))
    np.add.at(failing, point, np.nan_to_num(worlds))
    np.add.at(known, point, np.isfinite(worlds))
    there = known.any(axis=1)
    kept = {name: column[first][there] for name, column in columns.items()}
    return FailurePoints(kept, failing[there], known[there], worlds.size, ranges or {})


def failure_points(results: xr.Dataset, failure: Failure) -> FailurePoints:
    """The points of a sweep's results, of which a Sobol' or Morris design has some: those drawn independently.

    Worlds in which the outcome is unknown are left out and counted. Raises InputError for an unfinished sweep, of which
    nobody knows what the rest would say, for an outcome that is not there, or if no input varies.
    """
    done, blocks = (int(results.attrs.get(name, 1)) for name in ("blocks_done", "blocks"))
    if done < blocks:
        raise InputError(f"{done} of {blocks} blocks are computed: finish the sweep, since the others are unknown")
    points = design_points(results, (failure.outcome,))
    column = flat_columns(results, DIMENSIONS)[failure.outcome]
    dims = [dim for dim in column.dims if dim != "replicate"]
    order = [dim for dim in points.made["dims"] if dim in dims]
    worlds = column.transpose(*order, "replicate").values.reshape(points.rows, -1)
    rows = independent_rows(str(points.made["method"]), points.rows, points.unit)
    inputs = {name: column[rows] for name, column in points.inputs.items()}
    return points_of_table(inputs, failure.of(worlds[rows]), points.made.get("ranges", {}))


def independent_rows(method: str, rows: int, unit: int) -> NDArray[np.int64]:
    """Numbers of the rows drawn independently: of a Sobol' design two of each base point, of Morris one of a walk."""
    numbers = np.arange(rows)
    if method == "sobol":
        return numbers[(numbers % unit == 0) | (numbers % unit == unit - 1)]
    return numbers[numbers % unit == 0]


def _column(name: str, given: Any) -> NDArray[Any]:
    """A column of numbers, or of words; raises InputError where one is missing."""
    import pandas as pd

    column = np.asarray(given)
    if column.ndim != 1:
        raise InputError(f"{name}: needs one value a row, got the shape {column.shape}")
    if (missing := np.flatnonzero(pd.isna(column))).size:
        raise InputError(
            f"{name} is missing at row {missing[0]} and {missing.size - 1} more: needs a value in every row"
        )
    return column.astype(np.float64) if column.dtype.kind in "fiu" else column.astype(str)
