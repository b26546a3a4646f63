"""Boxes in the space of inputs: their restrictions, which points they hold, and how well they hold what fails."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.discovery.failures_by_point import FailurePoints
from experiments.analysis.sensitivity.bootstrap import Estimate
from experiments.analysis.shares_and_survival import wilson
from model.array_axes import Truths

LOW, HIGH, WORDS = "at least", "at most", "one of"
Side = tuple[str, str]
"""An input, and which side of it is restricted: LOW, HIGH or WORDS."""
Limit = float | tuple[str, ...]
Box = Mapping[Side, Limit]
"""The limit of each restricted side, itself inside; an empty one holds everything."""


class Measures(NamedTuple):
    """Of a box: its share of known worlds (mass), of all that fail (coverage), and of its own that fail (density).

    `correlation`, of being inside with failing, is 1 for a box of all that fails and nothing else, and 0 for any box
    that fails as often as the rest (phi coefficient; Matthews 1975).
    """

    mass: float
    coverage: float
    density: float
    correlation: float


def holds(limit: Limit, side: str, column: NDArray[Any]) -> Truths:
    """Where a restriction holds, (point,)."""
    if side == WORDS:
        return np.isin(column, np.array(limit))
    return np.asarray(column >= limit if side == LOW else column <= limit)


def limit_of(side: str, column: NDArray[Any]) -> Limit:
    """The limit of a side that holds just the points of this column."""
    if side == WORDS:
        return tuple(np.unique(column).tolist())
    return float(column.min() if side == LOW else column.max())


def inside(box: Box, points: FailurePoints) -> Truths:
    """Which points a box holds, (point,)."""
    within = np.ones(points.rows, dtype=bool)
    for (name, side), limit in box.items():
        within &= holds(limit, side, points.inputs[name])
    return within


def measures(points: FailurePoints, box: Box) -> Measures:
    """How well a box holds what fails; NaN for what nothing says."""
    within = inside(box, points)
    failing, known = float(points.failing[within].sum()), float(points.known[within].sum())
    mass, base = known / float(points.known.sum()), points.base
    coverage = failing / float(points.failing.sum()) if base > 0 else np.nan
    density = failing / known if known else np.nan
    if not 0 < mass < 1 or not 0 < base < 1:
        return Measures(mass, coverage, density, 0.0)
    correlation = (density - base) * np.sqrt(mass / (1 - mass) / (base * (1 - base)))
    return Measures(mass, coverage, density, float(correlation))


def box_intervals(points: FailurePoints, box: Box) -> dict[str, Estimate]:
    """Coverage and density with intervals of 95 % for this very box, points and random draws being what was sampled.

    Wilson's interval at the number of independent worlds of which the share would vary as much (Rao and Scott 1992);
    that the box was chosen on these points is not in it.
    """
    within = inside(box, points)
    failing, known = points.failing_worlds, points.known_worlds
    ratios = {"coverage": (failing * within[:, None], failing), "density": (failing[within], known[within])}
    estimates = {}
    for name, (part, whole) in ratios.items():
        share = part.sum() / whole.sum()
        variance = two_way_variance(part, whole)
        count = share * (1 - share) / variance if variance > 0 else (whole.sum(axis=1) > 0).sum()
        low, high = wilson(share * count, count)[1:]
        estimates[name] = Estimate(*(np.asarray(each, dtype=np.float64) for each in (share, low, high)))
    return estimates


def two_way_variance(part: Any, whole: Any) -> float:
    """The variance of the share sum(part) / sum(whole), (point, replicate), as points and draws are sampled.

    That between points and that between replicates, whose draws all points share, less what both count, the single
    worlds (Cameron, Gelbach and Miller 2011); never less than either.
    """
    size = whole.sum()
    apart = (part - part.sum() / size * whole) / size
    replicates = apart.shape[1]
    points = float((apart.sum(axis=1) ** 2).sum())
    if replicates < 2:
        return points
    draws = float((apart.sum(axis=0) ** 2).sum()) * replicates / (replicates - 1)
    return max(points + draws - float((apart**2).sum()), points, draws)


def independent_worlds(part: Any, whole: Any) -> float:
    """How many independent worlds the share sum(part) / sum(whole) over points, (point,), is worth.

    The count of which a binomial share would vary as much as this one does between points (Rao and Scott 1992): one a
    point where all of its worlds agree, all worlds where points differ no more than random draws make them.
    """
    size = whole.sum()
    share = part.sum() / size
    spread = float(((part - share * whole) ** 2).sum()) / size**2
    return float(share * (1 - share) / spread) if spread > 0 else float((whole > 0).sum())
