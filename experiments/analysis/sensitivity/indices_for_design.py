"""Indices of a sweep in one table, by what its design allows, with their intervals and what forbids them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from experiments.analysis.sensitivity.bootstrap import Estimate
from experiments.analysis.sensitivity.inputs_and_outcomes import (
    USUAL_OUTCOMES,
    DesignPoints,
    cautions,
    design_points,
    faults,
)
from experiments.analysis.sensitivity.morris_effects import morris_effects
from experiments.analysis.sensitivity.pawn_indices import SLICES, pawn_floor, pawn_indices
from experiments.analysis.sensitivity.shapley_effects import shapley_effects
from experiments.analysis.sensitivity.sobol_indices import sobol_indices
from experiments.designs.design import LABELS
from experiments.designs.input_groups import input_groups
from experiments.errors import InputError
from model.parameters.table import DECLARATIONS

if TYPE_CHECKING:
    import pandas as pd

LEAST = {"sobol": (64, "base points"), "morris": (10, "walks"), "": (20 * SLICES, "points")}
"""How many base points, walks or points of another design an index needs."""
WIDE, WANTED_WIDTH = 0.3, 0.2
DRAWS = {"inputs": "(inputs together)", "draws": "(random draws)", "both": "(draws with inputs)"}
NO_SHARES = "needs more replicates, in all of which it is known and not the same"
NO_INDEX = "in some bootstrap samples inputs make no variance: needs more points or replicates"
COLUMNS = ("outcome", "meaning", "index", "input", "value", "low", "high", "unit", "note")


def index_table(
    results: xr.Dataset,
    outcomes: Sequence[str] = USUAL_OUTCOMES,
    resamples: int = 1000,
    groups: Mapping[str, Sequence[str]] | None = None,
) -> pd.DataFrame:
    """One row for each outcome, index and input or group: value, interval of 95 % `low` to `high`, unit, and a note.

    Of a Sobol' design first, total and, where it has the rows, second order; of a Morris design the mean absolute
    effect, the mean and the deviation; of any other PAWN and Shapley effects. And for each outcome the variance
    of single worlds shared between inputs, random draws and both. NaN, with what is needed in the note, where an index
    would mean nothing. `groups` of inputs are judged as one in any rows but those of a Sobol' or Morris design, which
    has its own. Raises InputError as `design_points` and `input_groups`, and for groups that are not the design's.
    """
    import pandas as pd

    if named := [name for name in LABELS if name in results.coords]:
        raise InputError(f"a design with a {named[0]} is no sample of inputs, so that no index can be told from it")
    points = design_points(results, outcomes)
    parts = _groups(points, groups)
    shares = points.shares
    wrong, careful = faults(points, shares), cautions(points, shares)
    small = too_small(points)
    rows: list[tuple[Any, ...]] = []
    for index, inputs, unit, estimate in _estimates(points, parts, resamples):
        for at, outcome in enumerate(points.outcomes):
            note = small or wrong[at] or "; ".join(filter(None, (careful[at], _wide(index, estimate, at))))
            hidden = bool(small or wrong[at])
            own = unit or points.labels[at]["unit"]
            for row, name in enumerate(inputs):
                numbers = [np.nan] * 3 if hidden else [float(each[row, at]) for each in estimate]
                if not hidden and (np.isnan(numbers[0]) or (own == "share" and np.isnan(numbers).any())):
                    numbers, note = [np.nan] * 3, NO_INDEX
                rows.append((outcome, points.labels[at]["meaning"], index, name, *numbers, own, note))
    for part, name in DRAWS.items():
        estimate = getattr(shares, part)
        for at, outcome in enumerate(points.outcomes):
            numbers = [float(each[at]) for each in estimate]
            note = "" if np.isfinite(numbers).all() else NO_SHARES
            numbers = [np.nan] * 3 if note else numbers
            rows.append((outcome, points.labels[at]["meaning"], "variance", name, *numbers, "share", note))
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    order = {name: at for at, name in enumerate(outcomes)}
    return table.sort_values("outcome", key=lambda each: each.map(order), kind="stable", ignore_index=True)


def too_small(points: DesignPoints) -> str:
    """What the design lacks for any index, in words; "" if nothing."""
    method = str(points.made["method"])
    least, words = LEAST.get(method, LEAST[""])
    have = points.rows // points.unit
    return f"{have:,} {words} are too few for an index: needs {least}" if have < least else ""


def _groups(points: DesignPoints, given: Mapping[str, Sequence[str]] | None) -> Mapping[str, Sequence[str]]:
    """The inputs of each group that has an index: those of the design, or of given data those asked for."""
    if not given:
        return points.groups
    parts, method = input_groups(list(points.inputs), given), points.made["method"]
    if method in ("sobol", "morris") and parts != points.groups:
        raise InputError(f"a {method} design has its groups from when it was drawn: draw one with these groups")
    return parts


def _estimates(
    points: DesignPoints, groups: Mapping[str, Sequence[str]], resamples: int
) -> Iterator[tuple[str, list[str], str, Estimate]]:
    """Each index with its inputs or groups, its unit ("" the outcome's own), and its estimates (input, outcome)."""
    names, means, method = list(groups), points.means, points.made["method"]
    numbers = [[list(points.inputs).index(name) for name in members] for members in groups.values()]
    alone = [at for at, members in enumerate(numbers) if len(members) == 1]
    if method == "sobol":
        worlds = points.worlds if np.isfinite(points.worlds).all() else means.T[..., None]
        found = sobol_indices(worlds, len(names), bool(points.made["second_order"]), resamples)
        yield "total", names, "share", found.total
        yield "first order", names, "share", found.first
        if found.second is not None:
            yield "second order", [f"{names[j]} × {names[k]}" for j, k in found.pairs], "share", found.second
    elif method == "morris":
        positions = np.stack([_positions(name, column) for name, column in points.inputs.items()], axis=1)
        effects = morris_effects(positions, means, int(points.made["levels"]), resamples, groups=numbers)
        yield "mean absolute effect", names, "", effects.mean_absolute
        signed = [names[at] for at in alone]
        yield "mean effect", signed, "", _rows(effects.mean, alone)
        yield "deviation of effects", signed, "", _rows(effects.deviation, alone)
    else:
        columns, noise = list(points.inputs.values()), np.nan_to_num(points.shares.noise)
        yield "Shapley", names, "share", shapley_effects(columns, means, noise, numbers, resamples)
        if single := [columns[numbers[at][0]] for at in alone]:
            yield "PAWN", [names[at] for at in alone], "distance", pawn_indices(single, means)
            floor = pawn_floor(means)[None]
            yield "PAWN", ["(an input that does nothing)"], "distance", Estimate(floor, floor * np.nan, floor * np.nan)


def _rows(estimate: Estimate, rows: list[int]) -> Estimate:
    """Some rows of the estimates (input, outcome)."""
    return Estimate(*(each[rows] for each in estimate))


def _positions(name: str, column: Any) -> Any:
    """Numbers as they are, words by their number among the choices."""
    if column.dtype.kind in "fiu":
        return column.astype(np.float64)
    return np.array([DECLARATIONS[name].choices.index(word) for word in column.tolist()], dtype=np.float64)


def _wide(index: str, estimate: Estimate, at: int) -> str:
    """What to say where the widest interval of shares of an outcome is too wide; "" else."""
    if index not in ("total", "first order", "Shapley"):
        return ""
    widest = float(np.max(estimate.high[:, at] - estimate.low[:, at]))
    if not widest > WIDE:
        return ""
    more = (widest / WANTED_WIDTH) ** 2
    return f"{index}: intervals up to {widest:.2f} wide; {more:.0f} times the points make them {WANTED_WIDTH}"
