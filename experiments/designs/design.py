"""A table of worlds: its dimensions, its rows by index, and what all rows share."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.designs.rows import Axis, Crossed, Joined, Rows, Stacked
from experiments.designs.sampling import Index
from model.parameters.declaration import ParameterError
from model.parameters.table import DECLARATIONS, check

LABELS = ("scenario", "policy")
"""Columns that name a row instead of changing a parameter."""
ROWS_AT_ONCE = 65_536


@dataclass(frozen=True)
class Base:
    """What all rows share: a preset (None: the sweep's own) and changes to it."""

    preset: str | None = None
    changes: Mapping[str, float | str] = field(default_factory=dict)

    def __or__(self, other: Base) -> Base:
        """Both together; raises ParameterError when they contradict each other."""
        presets = {base.preset for base in (self, other) if base.preset is not None}
        if len(presets) > 1:
            raise ParameterError(f"designs of different presets cannot be combined: {', '.join(sorted(presets))}")
        for name in self.changes.keys() & other.changes.keys():
            if self.changes[name] != other.changes[name]:
                raise ParameterError(
                    f"{name} is {self.changes[name]} in one design, {other.changes[name]} in the other"
                )
        return Base(next(iter(presets), None), dict(self.changes) | dict(other.changes))


@dataclass(frozen=True)
class Design:
    """A table of worlds: `axes` give its dimensions (the last runs fastest), `base` what all rows share."""

    axes: tuple[Axis, ...]
    base: Base = field(default_factory=Base)

    def __post_init__(self) -> None:
        names = [*self.names, *self.base.changes]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ParameterError(f"{twice[0]} is given twice in one design")

    def __len__(self) -> int:
        return self._source.size

    @property
    def _source(self) -> Crossed:
        return Crossed(self.axes)

    @property
    def dims(self) -> dict[str, int]:
        """Name -> size of the dimensions that the results will have, before `replicate`."""
        return {axis.name: axis.size for axis in self.axes}

    @property
    def names(self) -> tuple[str, ...]:
        """The columns: parameters and labels."""
        return self._source.names

    @property
    def scenario(self) -> NDArray[Any] | None:
        """The scenario label of each row; None when the rows have none."""
        return self.table().get("scenario")

    def rows(self, start: int, stop: int) -> Rows:
        """The rows from `start` up to `stop`, one array per column."""
        return self.at(np.arange(start, min(stop, len(self)), dtype=np.int64))

    def at(self, index: Index) -> Rows:
        """The rows with these indices, one array per column."""
        return self._source.rows(index)

    def table(self) -> Rows:
        """All rows, one array per column; words as strings."""
        return self.rows(0, len(self))

    def pieces(self) -> Iterator[tuple[int, Rows]]:
        """All rows in order, some tens of thousands at a time, each piece with its first row's number."""
        for start in range(0, len(self), ROWS_AT_ONCE):
            yield start, self.rows(start, start + ROWS_AT_ONCE)

    def corners(self, most: int = 16) -> Index:
        """Rows at the edges: the ends of every axis crossed, and where each column is least and greatest."""
        ends = np.ix_(*(np.unique([0, axis.size - 1]) for axis in self.axes))
        found = np.ravel_multi_index(ends, tuple(axis.size for axis in self.axes)).ravel()
        if len(self.axes) == 1:
            first = self.rows(0, ROWS_AT_ONCE)
            numbers = [column for column in first.values() if column.dtype.kind in "fi"]
            found = np.append(found, [place for c in numbers for place in (np.argmin(c), np.argmax(c))])
        chosen = np.unique(found).astype(np.int64)
        return chosen[np.unique(np.linspace(0, len(chosen) - 1, min(most, len(chosen))).astype(np.int64))]

    def check(self) -> None:
        """Raise ParameterError, with the number of the row, unless every value of every row is allowed."""
        for name, value in self.base.changes.items():
            check(name, value)
        for start, rows in self.pieces():
            for name, column in rows.items():
                if name not in LABELS:
                    _check_column(name, column, start)

    def digest(self) -> str:
        """A hash of the dimensions, the columns and all their values."""
        hashed = hashlib.sha256(repr((self.dims, self.names)).encode())
        for _, rows in self.pieces():
            for column in rows.values():
                plain = column.astype(np.float64) if column.dtype.kind in "fiub" else column.astype("U")
                hashed.update(plain.tobytes() if plain.dtype.kind == "f" else "\0".join(plain.tolist()).encode())
        return hashed.hexdigest()[:16]

    def facts(self) -> dict[str, Any]:
        """How the design was made, as JSON; a sensitivity analysis reads its method from here."""
        return self._source.facts() | {"dims": self.dims}

    def with_base(self, preset: str | None = None, **changes: float | str) -> Design:
        """The same rows on a preset, with some parameters changed in all of them; raises ParameterError."""
        for name, value in changes.items():
            check(name, value)
        kept = {name: value for name, value in self.base.changes.items() if name not in changes}
        return replace(self, base=Base(preset or self.base.preset, kept | changes))

    def __mul__(self, other: Design) -> Design:
        """Every row of this design with every row of the other."""
        axes, base = self.axes + other.axes, self.base | other.base
        if len({axis.name for axis in axes}) < len(axes):
            axes = (Axis("design", Crossed(axes)),)
        return Design(axes, base)

    def __add__(self, other: Design) -> Design:
        """The rows of this design, then those of the other; both need the same columns."""
        if set(self.names) != set(other.names):
            odd = sorted(set(self.names) ^ set(other.names))
            raise ParameterError(f"only one of the two designs gives {', '.join(odd)}; both need the same columns")
        return Design((Axis("design", Stacked((self._source, other._source))),), self.base | other.base)

    def zip(self, other: Design) -> Design:
        """Row i of this design with row i of the other; both need the same number of rows."""
        if len(self) != len(other):
            raise ParameterError(f"designs of {len(self)} and {len(other)} rows cannot be put side by side")
        return Design((Axis("design", Joined((self._source, other._source))),), self.base | other.base)


def _check_column(name: str, column: NDArray[Any], start: int) -> None:
    try:
        check(name, column)
    except ParameterError as error:
        if name not in DECLARATIONS:
            raise
        for place, value in enumerate(column.tolist()):
            try:
                check(name, value)
            except ParameterError as reason:
                raise ParameterError(f"row {start + place} of the design: {reason}") from None
        raise error
