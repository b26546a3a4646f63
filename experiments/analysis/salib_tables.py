"""A design and its results as SALib's own dictionaries and arrays, for its analyses; SALib itself is not needed."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import xarray as xr

from experiments.designs.design import LABELS, Design
from experiments.errors import InputError
from experiments.store.dataset import flat_columns
from model.array_axes import Floats
from model.parameters.table import DECLARATIONS
from model.record.variables import DIMENSIONS


def to_salib_problem(source: Design | xr.Dataset) -> dict[str, Any]:
    """The `problem` of a design, or of the results of one: num_vars, names, bounds.

    With dists where one is by ratio, and groups where the design has them.

    Bounds are those of the sample, of a grid or table the declared ones; of words from 0 to the last one's number.
    Raises InputError for a design with no parameter.
    """
    facts = source.facts() if isinstance(source, Design) else json.loads(source.attrs["design"])
    ranges = facts.get("ranges", {})
    names = [name for name in facts["names"] if name not in LABELS] if "names" in facts else _varied(source)
    if not names:
        raise InputError("SALib needs a design over one parameter or more; this one has none")
    made = [ranges.get(name, {}) for name in names]
    bounds = [_bounds(name, each) for name, each in zip(names, made, strict=True)]
    problem = {"num_vars": len(names), "names": names, "bounds": bounds}
    log = [bool(each.get("log")) for each in made]
    problem |= {"dists": ["logunif" if each else "unif" for each in log]} if any(log) else {}
    owner = {member: group for group, members in facts.get("groups", {}).items() for member in members}
    return problem | ({"groups": [owner[name] for name in names]} if owner else {})


def to_salib_arrays(results: xr.Dataset, outcome: str) -> tuple[Floats, Floats]:
    """X (row, parameter) and Y (row,) for SALib: the parameters in the problem's order, the mean over replicates.

    Rows stand in the order of the design, which SALib's analyses take for granted; a word is its number among its
    choices, of a sample among those drawn. An outcome along labels is named by its column: deal_gain_ukraine. Raises
    InputError for an unknown outcome, and for a row that no replicate knows: SALib would turn one into zeros.
    """
    table = flat_columns(results, DIMENSIONS)
    if outcome not in table or "replicate" not in table[outcome].dims:
        raise InputError(f"{outcome!r} is no outcome of these results, such as signed or deal_gain_ukraine")
    values = table[outcome].astype(np.float64)
    means = values.where(np.isfinite(values)).mean("replicate")
    if unknown := int(means.isnull().sum()):
        raise InputError(f"{outcome} is not known in {unknown} of {means.size} rows, and SALib would not say so")
    choices = json.loads(results.attrs["design"]).get("ranges", {})
    names = to_salib_problem(results)["names"]
    columns = [_numbers(results[name].broadcast_like(means), choices.get(name, {})) for name in names]
    dims = means.dims
    return np.stack([each.transpose(*dims).values.ravel() for each in columns], axis=1), means.values.ravel()


def _varied(source: Design | xr.Dataset) -> list[str]:
    """The parameters that are columns of a product of designs."""
    names = source.names if isinstance(source, Design) else source.coords
    return [str(name) for name in names if name in DECLARATIONS]


def _bounds(name: str, made: dict[str, Any]) -> list[float]:
    declared = DECLARATIONS[name]
    if declared.choices:
        return [0.0, float(len(made.get("choices", declared.choices)) - 1)]
    return [float(made.get("low", declared.low)), float(made.get("high", declared.high))]


def _numbers(column: xr.DataArray, made: dict[str, Any]) -> xr.DataArray:
    """A column as numbers, words by their index among the choices."""
    declared = DECLARATIONS[str(column.name)]
    if not declared.choices:
        return column.astype(np.float64)
    choices = list(made.get("choices", declared.choices))
    return xr.apply_ufunc(np.vectorize(choices.index, otypes=[np.float64]), column)
