"""Tables of worlds: grid, Latin hypercube, Sobol', Morris, or the user's own; scenario × policy.

A design runs nothing. Its rows are found by index, so its size costs no memory, and every design ends with
`sweep(design, replicates=...)`, in which replicate r of every row lives with the same luck.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from experiments.designs.design import Base, Design
from experiments.designs.rows import Axis, Sampled, Stretch, Table
from experiments.designs.sampling import LatinHypercube, Morris, Saltelli, Sample
from model.parameters.declaration import ParameterError
from model.parameters.table import DECLARATIONS, check

RESERVED = ("replicate", "month", "quantile", "design")
"""Names that the results need for themselves."""


def grid(*, log: Sequence[str] = (), **levels: int | float | str | ArrayLike) -> Design:
    """Every combination of some values of each parameter, one dimension per parameter.

    `name=21` takes 21 points over the declared range, `name=(low, high, 21)` over another, `name=[...]`
    these values, `name="H2"` one choice; a word-valued parameter takes a list of words or "all". `log`
    names the parameters spaced by equal ratios.
    """
    _spaced(log, levels)
    axes = []
    for name, given in levels.items():
        values = _levels(name, given, name in log)
        check(name, values)
        axes.append(Axis(name, Table({name: values}, "grid")))
    return _possible(Design(tuple(axes)))


def _levels(name: str, given: Any, log: bool) -> NDArray[Any]:
    declared = DECLARATIONS.get(name)
    if declared is None:
        check(name, 0.0)  # raises with the nearest name
        raise AssertionError(name)
    if declared.choices:
        if isinstance(given, int):
            raise ParameterError(f"{name}={given}: needs a list of {declared.range_text}, or 'all'")
        words = declared.choices if isinstance(given, str) and given == "all" else given
        return np.atleast_1d(np.asarray(words))
    if isinstance(given, bool) or not isinstance(given, int | tuple):
        return np.atleast_1d(np.asarray(given))
    if isinstance(given, int):
        given = (declared.low, declared.high, given)
    if len(given) != 3 or not isinstance(given[2], int) or given[2] < 1:
        raise ParameterError(f"{name}={given}: needs a number of points, (low, high, points) or a list of values")
    low, high, points = given
    if log and low <= 0:
        raise ParameterError(f"{name}: points by equal ratios need a range above 0, got {low:g} to {high:g}")
    values = np.geomspace(low, high, points) if log else np.linspace(low, high, points)
    values[0], values[-1] = low, high if points > 1 else low
    if declared.integer:
        values = np.round(values)
        if len(np.unique(values)) < points:
            raise ParameterError(f"{name}: there are no {points} whole numbers from {low:g} to {high:g}")
    return values


def latin_hypercube(n: int, *names: str, seed: int = 0, log: Sequence[str] = (), **ranges: Sequence[Any]) -> Design:
    """`n` rows, one in each of n equal slices of every parameter (McKay and others 1979).

    Positional names use their declared range; `name=(low, high)` another; `name=["H1", "H2"]` some choices.
    """
    stretched = _ranges(names, ranges, log)
    return _sampled(LatinHypercube(_positive(n, "n"), len(stretched), _seed(seed)), stretched)


def sobol(
    n: int,
    *names: str,
    seed: int = 0,
    second_order: bool = False,
    log: Sequence[str] = (),
    **ranges: Sequence[Any],
) -> Design:
    """Rows for Sobol' indices: n (D + 2), or n (2 D + 2) with `second_order`, in SALib's order.

    `n` is a power of two. Names and ranges as in `latin_hypercube`.
    """
    if _positive(n, "n") & (n - 1):
        raise ValueError(f"sobol needs a power of two such as {1 << n.bit_length()}, got n={n}")
    stretched = _ranges(names, ranges, log)
    return _sampled(Saltelli(n, len(stretched), _seed(seed), second_order), stretched)


def morris(
    trajectories: int,
    *names: str,
    levels: int = 4,
    seed: int = 0,
    log: Sequence[str] = (),
    **ranges: Sequence[Any],
) -> Design:
    """Rows for Morris screening: `trajectories` walks of D + 1 rows, in SALib's order.

    `levels`, an even number, is the grid of each parameter. Names and ranges as in `latin_hypercube`.
    """
    if levels < 2 or levels % 2:
        raise ValueError(f"morris needs an even number of levels, got {levels}")
    stretched = _ranges(names, ranges, log)
    return _sampled(Morris(_positive(trajectories, "trajectories"), len(stretched), _seed(seed), levels), stretched)


def _sampled(sample: Sample, ranges: dict[str, Stretch]) -> Design:
    return _possible(Design((Axis("design", Sampled(sample, ranges)),)))


def _ranges(names: Sequence[str], ranges: Mapping[str, Sequence[Any]], log: Sequence[str]) -> dict[str, Stretch]:
    found: dict[str, Stretch] = {}
    _known([*names, *ranges], "a parameter")
    for name in [*names, *ranges]:
        declared, given = DECLARATIONS[name], ranges.get(name)
        if name in found:
            raise ParameterError(f"{name} is given twice in one design")
        if declared.choices:
            choices = tuple(declared.choices if given is None else np.atleast_1d(np.asarray(given)).tolist())
            check(name, np.array(choices))
            found[name] = Stretch(choices=choices)
            continue
        if given is not None and (np.shape(given) != (2,) or isinstance(given, str)):
            raise ParameterError(f"{name}={given}: a sample needs (low, high)")
        low, high = (declared.low, declared.high) if given is None else given
        for bound in (low, high):
            check(name, bound)
        if not low < high or (name in log and low <= 0):
            how = " by equal ratios" if name in log else ""
            raise ParameterError(f"{name}: cannot sample from {low:g} to {high:g}{how}")
        found[name] = Stretch(float(low), float(high), name in log, declared.integer)
    if not found:
        raise ParameterError("a sample needs at least one parameter")
    _spaced(log, found)
    return found


def _spaced(log: Sequence[str], varied: Mapping[str, Any]) -> None:
    _known(log, "log")
    for name in log:
        if name not in varied:
            raise ParameterError(f"log names {name}, which does not vary in this design")


def _known(names: Sequence[str], where: str) -> None:
    for name in names:
        if name not in DECLARATIONS:
            check(name, 0.0)  # raises with the nearest name
        if where == "log" and DECLARATIONS[name].choices:
            raise ParameterError(f"log names {name}, which is not a number")


def _positive(count: int, name: str) -> int:
    if isinstance(count, bool) or count != int(count) or count < 1:
        raise ValueError(f"{name}={count}: needs a whole number above 0")
    return int(count)


def _seed(seed: int) -> int:
    if isinstance(seed, bool) or seed != int(seed) or not 0 <= seed < 2**32:
        raise ValueError(f"seed={seed}: needs a whole number from 0 to {2**32 - 1}")
    return int(seed)


def from_table(table: Any, *, preset: str | None = None) -> Design:
    """The rows of a DataFrame, a mapping of columns, or a CSV file; columns are parameters or labels.

    Raises ParameterError for an unknown column, a value that is not allowed (with its row), or no rows.
    """
    columns: dict[str, NDArray[Any]] = {}
    if isinstance(table, str | Path):
        table = _read_csv(table)
    for name in table:
        column = np.atleast_1d(np.asarray(table[name]))
        words = column.dtype.kind not in "fiu"
        columns[str(name)] = np.array([str(value) for value in column.tolist()]) if words else column
    lengths = {name: len(column) for name, column in columns.items()}
    if not lengths or not min(lengths.values()):
        raise ParameterError("the table has no rows")
    if len(set(lengths.values())) > 1:
        raise ParameterError(f"the columns of the table differ in length: {lengths}")
    return _checked(Design((Axis("design", Table(columns)),), Base(preset)))


def _read_csv(path: str | Path) -> Any:
    import pandas as pd

    try:
        return pd.read_csv(path, skipinitialspace=True)
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        raise ParameterError(f"{path} cannot be read as a table of comma-separated values: {error}") from None


def scenarios(cases: Mapping[str, Mapping[str, float | str]], *, preset: str | None = None) -> Design:
    """One row per named scenario, along the dimension `scenario`; multiply it with policies or a grid.

    A parameter that only some scenarios give has, in the others, its value in `preset` ("documented").
    """
    return _named("scenario", cases, preset)


def policies(cases: Mapping[str, Mapping[str, float | str]], *, preset: str | None = None) -> Design:
    """One row per named policy, along the dimension `policy`; see `scenarios`."""
    return _named("policy", cases, preset)


def _named(label: str, cases: Mapping[str, Mapping[str, float | str]], preset: str | None) -> Design:
    from model.parameters.presets import preset as parameters_of

    if not cases:
        raise ParameterError(f"no {label} is given")
    names = list(dict.fromkeys(name for case in cases.values() for name in case))
    _known(names, "a parameter")
    common = parameters_of(preset or "documented")
    columns: dict[str, NDArray[Any]] = {label: np.array(list(cases))}
    for name in names:
        columns[name] = np.array([case.get(name, getattr(common, name)) for case in cases.values()])
    return _checked(Design((Axis(label, Table(columns, label)),), Base(preset)))


def _checked(design: Design) -> Design:
    """The design, every value of which is allowed; sweeps look again, as a design can be made by hand."""
    _possible(design).check()
    return design


def _possible(design: Design) -> Design:
    if not design.axes or not len(design):
        raise ParameterError("a design needs at least one parameter and one row")
    clash = [name for name in design.names if name in RESERVED]
    if clash:
        raise ParameterError(f"{clash[0]!r} cannot be a column of a design")
    return design
