"""A table of worlds: its columns along one or several dimensions, and what all rows share."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.errors import InputError
from model.parameters.declaration import ParameterError
from model.parameters.table import DECLARATIONS, check

LABELS = ("scenario", "policy")
"""Columns that name a row instead of changing a parameter."""
MOST_ROWS = 50_000_000
"""More rows than this are refused: a column of them takes 400 MB."""
ROWS_AT_ONCE, MOST_CORNERS = 65_536, 16

Rows = dict[str, NDArray[Any]]


def refuse_if_vast(rows: int) -> None:
    """Raise ParameterError, before memory is used, for a design of more than MOST_ROWS rows."""
    if rows > MOST_ROWS:
        raise ParameterError(f"a design of {rows:,} rows is too large: at most {MOST_ROWS:,}; take fewer points")


def check_whole(name: str, value: Any, low: int, high: int) -> int:
    """The number as an integer; raises InputError unless it is whole and from `low` to `high`."""
    number = isinstance(value, Real) and not isinstance(value, bool)
    if not number or not low <= value <= high or value % 1:
        raise InputError(f"{name}={value}: needs a whole number from {low} to {high}")
    return int(value)


def refuse_twice(names: Sequence[str]) -> None:
    """Raise ParameterError for a name that stands twice."""
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ParameterError(f"{twice[0]} is given twice in one design")


@dataclass(frozen=True)
class Base:
    """What all rows share: a preset (None: the sweep's own) and changes to it."""

    preset: str | None = None
    changes: Mapping[str, Any] = field(default_factory=dict)

    def __or__(self, other: Base) -> Base:
        """Both together; raises ParameterError when they contradict each other."""
        if self.preset and other.preset and self.preset != other.preset:
            both = ", ".join(sorted((self.preset, other.preset)))
            raise ParameterError(f"designs of different presets cannot be combined: {both}")
        for name in self.changes.keys() & other.changes.keys():
            if self.changes[name] != other.changes[name]:
                mine, theirs = self.changes[name], other.changes[name]
                raise ParameterError(f"{name} is {mine} in one design, {theirs} in the other")
        return Base(self.preset or other.preset, {**self.changes, **other.changes})


@dataclass(frozen=True, eq=False)
class Axis:
    """One dimension of a design: a table of allowed values, and how it was made, as JSON."""

    name: str
    columns: Mapping[str, NDArray[Any]]
    made: Mapping[str, Any]

    @property
    def size(self) -> int:
        """Number of rows along this dimension."""
        return len(next(iter(self.columns.values())))


@dataclass(frozen=True, eq=False)
class Design:
    """Every combination of the rows of some axes (the last runs fastest), on a base that all rows share."""

    axes: tuple[Axis, ...]
    base: Base = field(default_factory=Base)

    def __post_init__(self) -> None:
        refuse_twice([*(name for axis in self.axes for name in axis.columns), *self.base.changes])
        if not self.axes or not len(self):
            raise ParameterError("a design needs at least one parameter and one row")
        if "start" in self.columns:
            raise ParameterError(
                "start is no axis, since a sweep has one calendar: set it for all rows (--set start=2008, "
                "with_base(start=2008)), and sweep each start in a store of its own"
            )
        refuse_if_vast(len(self))

    def __len__(self) -> int:
        return math.prod(self.shape)

    @property
    def shape(self) -> tuple[int, ...]:
        """Sizes of the axes."""
        return tuple(axis.size for axis in self.axes)

    @property
    def dims(self) -> dict[str, int]:
        """Name -> size of the dimensions that the results will have, before `replicate`."""
        return {axis.name: axis.size for axis in self.axes}

    @property
    def columns(self) -> Rows:
        """Parameters and labels, each along its own dimension."""
        return {name: column for axis in self.axes for name, column in axis.columns.items()}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(self.columns)

    def at(self, rows: NDArray[np.int64]) -> Rows:
        """The rows with these numbers, one array per column."""
        along = zip(self.axes, np.unravel_index(rows, self.shape), strict=True)
        return {name: column[index] for axis, index in along for name, column in axis.columns.items()}

    def table(self) -> Rows:
        """All rows, one array per column; words as strings."""
        return self.at(np.arange(len(self)))

    def pieces(self) -> Iterator[tuple[int, Rows]]:
        """All rows in order, some tens of thousands at a time, each piece with its first row's number."""
        for start in range(0, len(self), ROWS_AT_ONCE):
            yield start, self.at(np.arange(start, min(start + ROWS_AT_ONCE, len(self))))

    def corners(self) -> NDArray[np.int64]:
        """Numbers of rows at the edges: the ends of every axis crossed, and the extremes of a lone axis's columns."""
        ends = np.ix_(*(np.unique([0, size - 1]) for size in self.shape))
        edges = np.ravel_multi_index(ends, self.shape).ravel()
        if len(self.axes) == 1:
            numbers = [column for column in self.axes[0].columns.values() if column.dtype.kind in "fi"]
            edges = np.append(edges, [end for column in numbers for end in (np.argmin(column), np.argmax(column))])
        rows = np.unique(edges).astype(np.int64)
        return rows[np.unique(np.linspace(0, len(rows) - 1, min(MOST_CORNERS, len(rows))).astype(np.int64))]

    def words(self) -> dict[str, list[str]]:
        """The words that a column of words may hold: a parameter's choices in their order, or the labels, sorted."""
        words = {name: column for name, column in self.columns.items() if column.dtype.kind not in "fiub"}
        return {
            name: np.unique(column).tolist() if name in LABELS else list(DECLARATIONS[name].choices)
            for name, column in words.items()
        }

    def digest(self) -> str:
        """A hash of the dimensions, the columns and all their values."""
        hashed = hashlib.sha256(repr(self.dims).encode())
        for name, column in self.columns.items():
            plain = column.astype(np.float64 if column.dtype.kind in "fiub" else "U")
            hashed.update(name.encode() + plain.tobytes())
        return hashed.hexdigest()[:16]

    def difference(self, dims: Mapping[str, int], rows: Rows) -> str:
        """Where this design differs from another of these dimensions, of which all rows are given."""
        if odd := sorted(set(self.names) ^ set(rows)):
            return f"{odd[0]} is a column of the design only {'here' if odd[0] in self.names else 'there'}"
        if list(dims) != list(self.dims):
            return f"the axes are {' × '.join(dims)} there and {' × '.join(self.dims)} here"
        for at, axis in enumerate(self.axes):
            for name, column in axis.columns.items():
                along = np.moveaxis(rows[name].reshape(tuple(dims.values())), at, 0)
                there, here = along.reshape(len(along), -1)[:, 0].tolist(), column.tolist()
                where = axis.name if axis.name == name else f"{name} of {axis.name}"
                for only, values, others in (("here", here, there), ("there", there, here)):
                    if missing := sorted(set(values) - set(others)):
                        return f"{where} has the value {missing[0]} only {only}"
                for row, (before, now) in enumerate(zip(there, here, strict=False)):
                    if before != now:
                        return f"{where} has {before} there and {now} here as its value {row}"
        return f"the sizes of the axes are {dict(dims)} there and {self.dims} here"

    def facts(self) -> dict[str, Any]:
        """How the design was made, as JSON; a sensitivity analysis reads its method from here."""
        return self._made() | {"dims": self.dims}

    def _made(self) -> dict[str, Any]:
        parts = [{"dimension": axis.name, **axis.made} for axis in self.axes]
        return parts[0] if len(parts) == 1 else {"method": "product", "n": len(self), "axes": parts}

    def with_base(self, preset: str | None = None, **changes: float | str) -> Design:
        """The same rows on a preset, with some parameters changed in all of them; raises ParameterError."""
        checked = {name: check(name, value) for name, value in changes.items()}
        return replace(self, base=Base(preset or self.base.preset, {**self.base.changes, **checked}))

    def filled(self, values: Mapping[str, Any]) -> Design:
        """The same rows, where a policy or scenario that says nothing of a parameter has that of `values`."""
        return replace(self, axes=tuple(replace(axis, columns=_filled(axis.columns, values)) for axis in self.axes))

    def __mul__(self, other: Design) -> Design:
        """Every row of this design with every row of the other."""
        product = Design(self.axes + other.axes, self.base | other.base)
        if len(product.dims) == len(product.axes):
            return product
        return Design((Axis("design", product.table(), product._made()),), product.base)

    def __add__(self, other: Design) -> Design:
        """The rows of this design, then those of the other; both need the same columns."""
        if set(self.names) != set(other.names):
            odd = sorted(set(self.names) ^ set(other.names))
            raise ParameterError(f"only one of the two designs gives {', '.join(odd)}; both need the same columns")
        refuse_if_vast(len(self) + len(other))
        below = other.table()
        columns = {name: np.concatenate([column, below[name]]) for name, column in self.table().items()}
        return self._with(other, "concat", columns)

    def zip(self, other: Design) -> Design:
        """Row i of this design with row i of the other; both need the same number of rows."""
        if len(self) != len(other):
            raise ParameterError(f"designs of {len(self)} and {len(other)} rows cannot be put side by side")
        refuse_twice([*self.names, *other.names])
        return self._with(other, "zip", self.table() | other.table())

    def _with(self, other: Design, method: str, columns: Rows) -> Design:
        made = {"method": method, "n": len(next(iter(columns.values()))), "parts": [self._made(), other._made()]}
        return Design((Axis("design", columns, made),), self.base | other.base)


def _filled(columns: Mapping[str, NDArray[Any]], values: Mapping[str, Any]) -> Rows:
    """The columns with `values` where nothing is said: NaN, or no word."""
    filled = dict(columns)
    for name in filled.keys() - set(LABELS):
        column = filled[name]
        unsaid = column == "" if column.dtype.kind == "U" else column != column
        if np.any(unsaid):
            filled[name] = np.where(unsaid, values[name], column)
    return filled
