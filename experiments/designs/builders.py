"""Tables of worlds: grid, Latin hypercube, Sobol', Morris, or the user's own; scenario × policy.

A design runs nothing. Every design ends with `sweep(design, replicates=...)`, in which replicate r of every
row has the same random numbers.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from experiments.designs.design import LABELS, Axis, Base, Design, check_whole, refuse_if_vast, refuse_twice
from experiments.designs.input_groups import input_groups
from experiments.designs.sampling import latin_hypercube_points, morris_points, saltelli_points, sample_values
from experiments.errors import InputError
from experiments.user_tables import Column, read_table
from model.parameters.declaration import Declaration, ParameterError, check_name
from model.parameters.presets import preset as parameters_of
from model.parameters.table import DECLARATIONS, check

MOST_POINTS, MOST_SEED = 10**9, 2**32 - 1
COLUMNS = {name: Column("label" if declared.choices else "number") for name, declared in DECLARATIONS.items()}
COLUMNS |= {name: Column("label") for name in LABELS}
"""What a table of the user's may hold."""


def grid(*, log: Sequence[str] = (), **levels: int | float | str | ArrayLike) -> Design:
    """Every combination of some values of each parameter, one dimension per parameter.

    `name=21` takes 21 points over the declared range, `name=(low, high, 21)` over another, `name=[...]`
    these values, `name="H2"` one choice; a word-valued parameter takes a list of words or "all". `log`
    names the parameters spaced by equal ratios. Levels keep their order, and are the decimals that one writes, so
    that 0.3 is found by its name. Raises ParameterError for a level that is given twice.
    """
    _check_log(log, levels)
    columns = {name: _levels(check_name(name, DECLARATIONS), given, name in log) for name, given in levels.items()}
    return Design(tuple(_listed(name, {name: values}, "grid") for name, values in columns.items()))


def _levels(declared: Declaration, given: Any, log: bool) -> NDArray[Any]:
    """The levels of one axis, in the order given, each once."""
    name = declared.name
    if np.ndim(given) == 0 and isinstance(given, np.ndarray | np.generic):
        given = given.item()
    if declared.choices and given == "all":
        given = declared.choices
    elif isinstance(given, int) and not isinstance(given, bool) and not declared.choices:
        given = _spaced(declared, declared.low, declared.high, given, log)
    elif isinstance(given, tuple) and not declared.choices:
        if len(given) != 3:
            raise ParameterError(f"{name}={given}: needs a number of points, (low, high, points) or a list of values")
        given = _spaced(declared, *given, log)
    elif isinstance(given, int) and str(given) not in declared.choices:
        raise ParameterError(f"{name}={given}: needs a list of {declared.range_text}, or 'all'")
    levels = np.atleast_1d(np.asarray(check(name, np.atleast_1d(np.asarray(given)))))
    if levels.dtype.kind == "f":
        levels = _as_decimals(levels, log)
    ordered = np.sort(levels)
    if len(again := ordered[1:][ordered[1:] == ordered[:-1]]):
        raise ParameterError(f"{name}: the level {again[0]} is given twice")
    return levels


def _spaced(declared: Declaration, low: Any, high: Any, points: Any, log: bool) -> NDArray[np.float64]:
    """So many points from `low` to `high`."""
    name, points = declared.name, check_whole(f"{declared.name}: number of points", points, 1, MOST_POINTS)
    refuse_if_vast(points)
    check(name, np.array([low, high]))
    low, high = float(low), float(high)
    if log and low <= 0:
        raise ParameterError(f"{name}: points by equal ratios need a range above 0, got {low:g} to {high:g}")
    values = np.geomspace(low, high, points) if log else np.linspace(low, high, points)
    values[0], values[-1] = low, high if points > 1 else low
    if declared.integer:
        values = np.round(values)
        if len(np.unique(values)) < points:
            raise ParameterError(f"{name}: there are no {points} whole numbers from {low:g} to {high:g}")
    return values


def _as_decimals(values: NDArray[Any], log: bool) -> NDArray[np.float64]:
    """What differs by rounding alone from a decimal of eleven places (of the largest, unless `log`) as that decimal."""
    exact = values if values.dtype == np.float64 else values.astype("U").astype(np.float64)
    size = np.abs(exact) if log else np.abs(exact).max()
    scale = 10.0 ** (11 - np.floor(np.log10(np.where(size > 0, size, 1.0))))
    decimal = np.round(exact * scale) / scale
    return np.where(np.abs(decimal - exact) <= 4 * np.spacing(size), decimal, exact)


def latin_hypercube(n: int, *names: str, seed: int = 0, log: Sequence[str] = (), **ranges: Sequence[Any]) -> Design:
    """`n` rows, one in each of n equal slices of every parameter (McKay and others 1979).

    Positional names use their declared range, as `name=None` does; `name=(low, high)` another; `name=["H1", "H2"]`
    some choices. Columns stand in the order given.
    """
    sampled, n = _sampled(names, ranges, log), check_whole("n", n, 1, MOST_POINTS)
    refuse_if_vast(n)
    points = latin_hypercube_points(n, len(sampled), check_whole("seed", seed, 0, MOST_SEED))
    return _sample(points, sampled, log, method="latin_hypercube", n=n, seed=seed)


def sobol(
    n: int,
    *names: str,
    seed: int = 0,
    second_order: bool = False,
    log: Sequence[str] = (),
    groups: Mapping[str, Sequence[str]] | None = None,
    **ranges: Sequence[Any],
) -> Design:
    """Rows for Sobol' indices: n (D + 2), or n (2 D + 2) with `second_order`, in SALib's order.

    `n` is a power of two. Names and ranges as in `latin_hypercube`. Inputs that stand together in one of the `groups`
    are varied as one, so that D counts groups and what stands in none. Raises InputError as `input_groups`.
    """
    sampled, n = _sampled(names, ranges, log), check_whole("n", n, 1, MOST_POINTS)
    if n & (n - 1):
        raise InputError(f"sobol needs a power of two such as {1 << n.bit_length()}, got n={n}")
    made, numbers = _groups(sampled, groups)
    refuse_if_vast(n * ((1 + second_order) * (len(numbers) or len(sampled)) + 2))
    points = saltelli_points(n, len(sampled), check_whole("seed", seed, 0, MOST_SEED), second_order, numbers)
    return _sample(points, sampled, log, method="sobol", n=n, seed=seed, second_order=second_order, **made)


def morris(
    trajectories: int,
    *names: str,
    levels: int = 4,
    seed: int = 0,
    log: Sequence[str] = (),
    groups: Mapping[str, Sequence[str]] | None = None,
    **ranges: Sequence[Any],
) -> Design:
    """Rows for Morris screening: `trajectories` walks of D + 1 rows, in SALib's order.

    `levels`, an even number, is the grid of each parameter. Names and ranges as in `latin_hypercube`, `groups` as in
    `sobol`.
    """
    if levels < 2 or levels % 2:
        raise InputError(f"morris needs an even number of levels, got {levels}")
    sampled, n = _sampled(names, ranges, log), check_whole("trajectories", trajectories, 1, MOST_POINTS)
    made, numbers = _groups(sampled, groups)
    refuse_if_vast(n * ((len(numbers) or len(sampled)) + 1))
    points = morris_points(n, len(sampled), check_whole("seed", seed, 0, MOST_SEED), levels, numbers)
    return _sample(points, sampled, log, method="morris", n=n, seed=seed, levels=levels, **made)


def _groups(
    sampled: Sequence[Declaration], groups: Mapping[str, Sequence[str]] | None
) -> tuple[dict[str, Any], list[list[int]]]:
    """What a sample says of its groups, and the numbers of their inputs; nothing where there are none."""
    if not groups:
        return {}, []
    names = [each.name for each in sampled]
    parts = input_groups(names, groups)
    return {"groups": parts}, [[names.index(member) for member in members] for members in parts.values()]


def _sample(points: NDArray[Any], sampled: Sequence[Declaration], log: Sequence[str], **made: Any) -> Design:
    """The points (row, parameter) of the unit cube as values of these parameters."""
    columns, ranges = {}, {}
    for each, column in zip(sampled, points.T, strict=True):
        columns[each.name] = sample_values(each, column, each.name in log)
        numbers = {"low": each.low, "high": each.high, "log": each.name in log, "integer": each.integer}
        ranges[each.name] = {"choices": list(each.choices)} if each.choices else numbers
    return Design((Axis("design", columns, made | {"names": list(columns), "ranges": ranges}),))


def _sampled(names: Sequence[str], given: Mapping[str, Any], log: Sequence[str]) -> list[Declaration]:
    """The parameters that are drawn, each declared over its range in this sample."""
    refuse_twice([*names, *given])
    if not names and not given:
        raise ParameterError("a sample needs at least one parameter")
    sampled = [_narrowed(check_name(name, DECLARATIONS), given.get(name), name in log) for name in (*names, *given)]
    _check_log(log, [each.name for each in sampled])
    return sampled


def _narrowed(declared: Declaration, given: Any, log: bool) -> Declaration:
    name = declared.name
    if declared.choices:
        return replace(declared, choices=tuple(_levels(declared, "all" if given is None else given, False).tolist()))
    if given is not None and (np.shape(given) != (2,) or isinstance(given, str)):
        raise ParameterError(f"{name}={given}: a sample needs (low, high)")
    low, high = map(float, (declared.low, declared.high) if given is None else given)
    check(name, np.array([low, high]))
    if not low < high or (log and low <= 0):
        how = " by equal ratios" if log else ""
        raise ParameterError(f"{name}: cannot sample from {low:g} to {high:g}{how}")
    return replace(declared, low=low, high=high)


def _check_log(log: Sequence[str], varied: Iterable[str]) -> None:
    for name in log:
        if check_name(name, DECLARATIONS).choices:
            raise ParameterError(f"log names {name}, which is not a number")
        if name not in varied:
            raise ParameterError(f"log names {name}, which does not vary in this design")


def from_table(table: Any, *, preset: str | None = None) -> Design:
    """The rows of a CSV file, a DataFrame or a mapping of columns, which are parameters or labels.

    What of it is left out is a warning, as is a row that stands twice. Raises InputError or ParameterError, which name
    the line, for an unknown column, a value that is missing or not allowed, or no rows.
    """
    import pandas as pd

    read = read_table(table, COLUMNS)
    for note in read.notes:
        warnings.warn(f"{read.source}: {note}", stacklevel=2)
    columns = _checked_rows(read.columns, read.where)
    again = np.flatnonzero(pd.DataFrame(columns).duplicated())
    if len(again):
        rows = f"{len(again)} row{'s' * (len(again) > 1)} that stand{'s' * (len(again) == 1)} there before"
        warnings.warn(f"{read.where(int(again[0]))}: the first of {rows}, and counts again", stacklevel=2)
    return Design((_listed("design", columns, "table"),), Base(preset))


def _checked_rows(columns: Mapping[str, NDArray[Any]], where: Callable[[int], str]) -> dict[str, NDArray[Any]]:
    """The columns as they are kept; raises ParameterError, which says `where` the row is, for what is not allowed."""
    kept = dict(columns)
    for name in (name for name in columns if name not in LABELS):
        try:
            kept[name] = np.asarray(check(name, columns[name]))
        except ParameterError:
            for row, value in enumerate(columns[name].tolist()):
                try:
                    check(name, value)
                except ParameterError as reason:
                    raise ParameterError(f"{where(row)}: {reason}") from None
            raise
    return kept


def scenarios(cases: Mapping[str, Mapping[str, float | str]], *, preset: str | None = None) -> Design:
    """One row per named scenario, along the dimension `scenario`; multiply it with policies or a grid.

    A parameter that only some scenarios give has, in the others, its value in the preset of the design or sweep.
    """
    return _named("scenario", cases, preset)


def policies(cases: Mapping[str, Mapping[str, float | str]], *, preset: str | None = None) -> Design:
    """One row per named policy, along the dimension `policy`; see `scenarios`."""
    return _named("policy", cases, preset)


def _named(label: str, cases: Mapping[str, Mapping[str, float | str]], preset: str | None) -> Design:
    if not cases:
        raise ParameterError(f"no {label} is given")
    columns: dict[str, NDArray[Any]] = {label: np.array(list(cases))}
    for name in dict.fromkeys(name for case in cases.values() for name in case):
        declared, values = check_name(name, DECLARATIONS), []
        for key, case in cases.items():
            try:
                values.append(check(name, case[name]) if name in case else "" if declared.choices else np.nan)
            except ParameterError as reason:
                raise ParameterError(f"{label} {key}: {reason}") from None
        columns[name] = np.array(values)
    rows = Design((_listed(label, columns, label),), Base(preset))
    return rows.filled(vars(parameters_of(preset))) if preset else rows


def _listed(axis: str, columns: Mapping[str, NDArray[Any]], method: str) -> Axis:
    size = len(next(iter(columns.values())))
    return Axis(axis, columns, {"method": method, "n": size, "names": list(columns)})
