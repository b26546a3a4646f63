"""Where the rows of a design come from: listed values, tables, samples, and combinations of these.

Everything here gives the values of any rows from their indices alone; nothing is run or checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from experiments.designs.sampling import Index, Sample

Rows = dict[str, NDArray[Any]]


class Source(Protocol):
    """Rows of named values, found by index."""

    @property
    def size(self) -> int:
        """Number of rows."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns."""

    def rows(self, index: Index) -> Rows:
        """The values of the rows with these indices, one array per column."""

    def facts(self) -> dict[str, Any]:
        """How the rows were made, as JSON."""


@dataclass(frozen=True)
class Axis:
    """One dimension of a design: its name and the source of its rows."""

    name: str
    source: Source

    @property
    def size(self) -> int:
        """Number of rows along this dimension."""
        return self.source.size


@dataclass(frozen=True, eq=False)
class Table:
    """Rows held as columns: the levels of one parameter, or a table of the user's."""

    columns: Mapping[str, NDArray[Any]]
    method: str = "table"

    @property
    def size(self) -> int:
        """Number of rows."""
        return len(next(iter(self.columns.values())))

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(self.columns)

    def rows(self, index: Index) -> Rows:
        """The values of the rows with these indices, one array per column."""
        return {name: column[index] for name, column in self.columns.items()}

    def facts(self) -> dict[str, Any]:
        """How the rows were made, as JSON."""
        return {"method": self.method, "n": self.size, "names": list(self.names)}


@dataclass(frozen=True)
class Stretch:
    """From 0-1 to the values of one parameter: between `low` and `high`, or one of `choices`."""

    low: float = 0.0
    high: float = 1.0
    log: bool = False
    integer: bool = False
    choices: tuple[Any, ...] = ()

    def values(self, unit: NDArray[np.float64]) -> NDArray[Any]:
        """The values at these places in 0-1; whole numbers and choices get equal parts of the interval."""
        if self.choices:
            count = len(self.choices)
            return np.asarray(np.array(self.choices)[np.minimum((unit * count).astype(np.int64), count - 1)])
        if self.integer:
            count = int(self.high - self.low) + 1
            return np.asarray(self.low + np.minimum(np.floor(unit * count), count - 1)).astype(np.int64)
        if self.log:
            low, high = np.log(self.low), np.log(self.high)
            return np.asarray(np.clip(np.exp(low + (high - low) * unit), self.low, self.high))
        return np.asarray(np.clip(self.low + (self.high - self.low) * unit, self.low, self.high))

    def facts(self) -> dict[str, Any]:
        """The range, as JSON."""
        if self.choices:
            return {"choices": list(self.choices)}
        return {"low": self.low, "high": self.high, "log": self.log, "integer": self.integer}


@dataclass(frozen=True, eq=False)
class Sampled:
    """A sample of the unit cube stretched over the ranges of some parameters."""

    sample: Sample
    ranges: Mapping[str, Stretch]

    @property
    def size(self) -> int:
        """Number of rows."""
        return self.sample.size

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(self.ranges)

    def rows(self, index: Index) -> Rows:
        """The values of the rows with these indices, one array per column."""
        unit = self.sample.unit(index)
        return {name: stretch.values(unit[:, d]) for d, (name, stretch) in enumerate(self.ranges.items())}

    def facts(self) -> dict[str, Any]:
        """How the rows were made, as JSON; enough for a sensitivity analysis to read the results."""
        ranges = {name: stretch.facts() for name, stretch in self.ranges.items()}
        return self.sample.facts() | {"names": list(self.ranges), "ranges": ranges}


@dataclass(frozen=True, eq=False)
class Crossed:
    """Every combination of the rows of several axes, the last axis fastest."""

    axes: tuple[Axis, ...]

    @property
    def size(self) -> int:
        """Number of rows."""
        count = 1
        for axis in self.axes:
            count *= axis.size
        return count

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(name for axis in self.axes for name in axis.source.names)

    def rows(self, index: Index) -> Rows:
        """The values of the rows with these indices, one array per column."""
        places = np.unravel_index(index, tuple(axis.size for axis in self.axes))
        rows: Rows = {}
        for axis, place in zip(self.axes, places, strict=True):
            rows |= axis.source.rows(place.astype(np.int64))
        return rows

    def facts(self) -> dict[str, Any]:
        """How the rows were made, as JSON."""
        axes = [{"dimension": axis.name} | axis.source.facts() for axis in self.axes]
        return axes[0] if len(axes) == 1 else {"method": "product", "n": self.size, "axes": axes}


@dataclass(frozen=True, eq=False)
class Joined:
    """The rows of several sources side by side: row i of each, all of one length."""

    parts: tuple[Source, ...]

    @property
    def size(self) -> int:
        """Number of rows."""
        return self.parts[0].size

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(name for part in self.parts for name in part.names)

    def rows(self, index: Index) -> Rows:
        """The values of the rows with these indices, one array per column."""
        rows: Rows = {}
        for part in self.parts:
            rows |= part.rows(index)
        return rows

    def facts(self) -> dict[str, Any]:
        """How the rows were made, as JSON."""
        return {"method": "zip", "n": self.size, "parts": [part.facts() for part in self.parts]}


@dataclass(frozen=True, eq=False)
class Stacked:
    """The rows of several sources one after the other, all with the same columns."""

    parts: tuple[Source, ...]

    @property
    def size(self) -> int:
        """Number of rows."""
        return sum(part.size for part in self.parts)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns."""
        return self.parts[0].names

    def rows(self, index: Index) -> Rows:
        """The values of the rows with these indices, one array per column."""
        starts = np.cumsum([0, *(part.size for part in self.parts)])
        owner = np.searchsorted(starts, index, side="right") - 1
        pieces = [part.rows(index[owner == p] - starts[p]) for p, part in enumerate(self.parts)]
        order = np.argsort(np.argsort(owner, kind="stable"), kind="stable")
        return {name: np.concatenate([piece[name] for piece in pieces])[order] for name in self.names}

    def facts(self) -> dict[str, Any]:
        """How the rows were made, as JSON."""
        return {"method": "concat", "n": self.size, "parts": [part.facts() for part in self.parts]}
