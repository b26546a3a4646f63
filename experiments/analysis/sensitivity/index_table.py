"""Indices of a sweep in one table, by what its design allows, with their intervals and what forbids them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from experiments.analysis.sensitivity.bootstrap import Estimate
from experiments.analysis.sensitivity.design_points import USUAL_OUTCOMES, DesignPoints, cautions, design_points, faults
from experiments.analysis.sensitivity.morris_effects import morris_effects
from experiments.analysis.sensitivity.pawn_indices import SLICES, pawn_floor, pawn_indices
from experiments.analysis.sensitivity.shapley_effects import shapley_effects
from experiments.analysis.sensitivity.sobol_indices import sobol_indices
from experiments.designs.design import LABELS
from experiments.errors import InputError
from model.parameters.table import DECLARATIONS

if TYPE_CHECKING:
    import pandas as pd

LEAST = {"sobol": (64, "base points"), "morris": (10, "walks"), "": (20 * SLICES, "points")}
"""How many base points, walks or points of another design an index needs."""
WIDE, WANTED_WIDTH = 0.3, 0.2
DRAWS = {"inputs": "(inputs together)", "draws": "(random draws)", "both": "(draws with inputs)"}
NO_SHARES = "needs more replicates, in all of which it is known and not the same"
COLUMNS = ("outcome", "meaning", "index", "input", "value", "low", "high", "unit", "note")


def index_table(results: xr.Dataset, outcomes: Sequence[str] = USUAL_OUTCOMES, resamples: int = 1000) -> pd.DataFrame:
    """One row for each outcome, index and input: value, interval of 95 % `low` to `high`, unit, and a note.

    Of a Sobol' design first, total and, where it has the rows, second order; of a Morris design the mean absolute
    effect, the mean and the deviation; of any other PAWN and Shapley effects. And for each outcome the variance
    of single worlds shared between inputs, random draws and both. NaN, with what is needed in the note, where an index
    would mean nothing. Raises InputError as `design_points`.
    """
    import pandas as pd

    if named := [name for name in LABELS if name in results.coords]:
        raise InputError(f"a design with a {named[0]} is no sample of inputs, so that no index can be told from it")
    points = design_points(results, outcomes)
    shares = points.shares
    wrong, careful = faults(points, shares), cautions(points, shares)
    small = too_small(points)
    rows: list[tuple[Any, ...]] = []
    for index, inputs, unit, estimate in _estimates(points, resamples):
        for at, outcome in enumerate(points.outcomes):
            note = small or wrong[at] or "; ".join(filter(None, (careful[at], _wide(index, estimate, at))))
            hidden = bool(small or wrong[at])
            own = unit or points.labels[at]["unit"]
            for row, name in enumerate(inputs):
                numbers = [np.nan] * 3 if hidden else [float(each[row, at]) for each in estimate]
                rows.append((outcome, points.labels[at]["meaning"], index, name, *numbers, own, note))
    for part, name in DRAWS.items():
        estimate = getattr(shares, part)
        for at, outcome in enumerate(points.outcomes):
            numbers = [float(each[at]) for each in estimate]
            note = "" if np.isfinite(numbers).all() else NO_SHARES
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


def _estimates(points: DesignPoints, resamples: int) -> Iterator[tuple[str, list[str], str, Estimate]]:
    """Each index with its inputs, its unit ("" the outcome's own), and its estimates (input, outcome)."""
    names, means, method = list(points.inputs), points.means, points.made["method"]
    if method == "sobol":
        worlds = points.worlds if np.isfinite(points.worlds).all() else means.T[..., None]
        found = sobol_indices(worlds, len(names), bool(points.made["second_order"]), resamples)
        yield "total", names, "share", found.total
        yield "first order", names, "share", found.first
        if found.second is not None:
            yield "second order", [f"{names[j]} × {names[k]}" for j, k in found.pairs], "share", found.second
    elif method == "morris":
        positions = np.stack([_positions(name, column) for name, column in points.inputs.items()], axis=1)
        effects = morris_effects(positions, means, int(points.made["levels"]), resamples)
        yield "mean absolute effect", names, "", effects.mean_absolute
        yield "mean effect", names, "", effects.mean
        yield "deviation of effects", names, "", effects.deviation
    else:
        columns = list(points.inputs.values())
        yield "Shapley", names, "share", shapley_effects(columns, means, np.nan_to_num(points.shares.noise))
        yield "PAWN", names, "distance", pawn_indices(columns, means)
        floor = pawn_floor(means)[None]
        yield "PAWN", ["(an input that does nothing)"], "distance", Estimate(floor, floor * np.nan, floor * np.nan)


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
