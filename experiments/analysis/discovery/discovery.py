"""From points to a box that holds what fails, or to the reason why there is none."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import xarray as xr

from experiments.analysis.discovery.boxes import Box, Limit, Measures, Side, box_intervals, measures
from experiments.analysis.discovery.failure_criteria import Failure, failure_of
from experiments.analysis.discovery.failures_by_point import FailurePoints, failure_points, points_of_table
from experiments.analysis.discovery.prim_peeling import peeled_boxes
from experiments.analysis.discovery.quasi_p_values import WEAK, quasi_p, strong
from experiments.analysis.discovery.tree_boxes import tree_boxes
from experiments.analysis.sensitivity.bootstrap import Estimate
from experiments.errors import InputError
from model.parameters.declaration import nearest

Search = Callable[[FailurePoints], list[Box]]
METHODS: dict[str, Search] = {"prim": peeled_boxes, "cart": tree_boxes}
SHUFFLES, HALVES, SEEN_AGAIN = 99, 50, 0.5
"""Shuffled tables, none of which may give a box as good; half-samples; the part of them that restricts a side again."""
NOTHING = "nothing found"


class Restriction(NamedTuple):
    """A side of a box, its limit, its quasi-p, and in which part of half-samples that side is restricted again."""

    side: Side
    limit: Limit
    quasi_p: float
    seen_again: float


@dataclass(frozen=True, eq=False)
class Discovery:
    """What a search says of a failure: a box of `restrictions`, or none and why (`note`).

    `left_out` are restrictions that were sought out and dropped, being weak or not seen again. `candidates` are the
    boxes that it was chosen from. `held_out` is the box found in one half and measured in the other, on average;
    `shuffled` how many of so many shuffled tables gave a box as good.
    """

    failure: Failure
    points: FailurePoints
    method: str
    note: str = ""
    restrictions: tuple[Restriction, ...] = ()
    left_out: tuple[Restriction, ...] = ()
    candidates: tuple[Box, ...] = ()
    held_out: Measures | None = None
    shuffled: tuple[int, int] = (0, 0)

    @property
    def box(self) -> dict[Side, Limit]:
        """The limits by side; empty if nothing was found."""
        return {each.side: each.limit for each in self.restrictions}

    @functools.cached_property
    def measures(self) -> Measures:
        """How well the box holds what fails."""
        return measures(self.points, self.box)

    @functools.cached_property
    def intervals(self) -> dict[str, Estimate]:
        """Coverage and density of the box with intervals of 95 %."""
        return box_intervals(self.points, self.box)


@dataclass(frozen=True)
class Choice:
    """How a box is sought (METHODS) and chosen: by its correlation, or as the densest of some coverage."""

    method: str = "prim"
    coverage: float | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise InputError(f"method {self.method!r}: {nearest(self.method, METHODS)}")
        if self.coverage is not None and not 0 < self.coverage <= 1:
            raise InputError(f"coverage={self.coverage:g}: needs a share above 0 and up to 1")

    @property
    def search(self) -> Search:
        """What finds the boxes to choose from."""
        return METHODS[self.method]

    def box(self, points: FailurePoints, candidates: list[Box]) -> Box:
        """The box of choice; of equally good ones the first."""
        found = [measures(points, box) for box in candidates]
        if self.coverage is None:
            return candidates[int(np.argmax([each.correlation for each in found]))]
        return candidates[int(np.argmax([each.density * (each.coverage >= self.coverage) for each in found]))]


def discover(
    results: xr.Dataset,
    failure: str | Failure = "no_deal",
    method: str = "prim",
    coverage: float | None = None,
    seed: int = 0,
) -> Discovery:
    """The box of inputs in which the worlds of a sweep fail, or why there is none; see `find_box`.

    `failure` is a name of FAILURES or a comparison such as `peace_holds < 0.5`; `method` is prim or cart. Raises
    InputError for an unfinished sweep, and for what `failure_of` and `points_of_table` refuse.
    """
    chosen = failure_of(failure) if isinstance(failure, str) else failure
    return find_box(failure_points(results, chosen), chosen, Choice(method, coverage, seed))


def discover_table(
    inputs: Any,
    failed: Any,
    method: str = "prim",
    coverage: float | None = None,
    seed: int = 0,
    ranges: Mapping[str, Mapping[str, Any]] | None = None,
) -> Discovery:
    """The same of a table in memory, whatever it is about; `inputs` and `failed` as in `points_of_table`."""
    failure = Failure("failed", "failed", ">", 0.5, "what failed")
    return find_box(points_of_table(inputs, failed, ranges), failure, Choice(method, coverage, seed))


def find_box(points: FailurePoints, failure: Failure, choice: Choice) -> Discovery:
    """The box of choice, if it holds up, with restrictions that are neither weak nor chance finds.

    It holds up if none of SHUFFLES tables in which outcomes are dealt anew to the points gives a box of as high a
    correlation, so that one of a hundred tables of noise gives any. Restrictions are then dropped that have a quasi-p
    of WEAK or more, and those that come again in less than half of half-samples.
    """
    made = Discovery(failure, points, choice.method)
    if lack := points.lack():
        return replace(made, note=f"{NOTHING}: {lack}")
    candidates = choice.search(points)
    best = max(measures(points, box).correlation for box in candidates)
    as_good = _as_good_shuffled(points, choice, best)
    made = replace(made, candidates=tuple(candidates), shuffled=as_good)
    if as_good[0]:
        words = f"{NOTHING}: the same outcomes dealt at random to the points give a box as good (trial {as_good[1]} of"
        return replace(
            made, note=f"{words} {SHUFFLES}), so that these inputs do not tell where it fails; more points may"
        )
    chosen = choice.box(points, candidates)
    if not chosen:
        return replace(
            made, note=f"{NOTHING}: no box that was tried covers so much and is denser than the whole; ask less"
        )
    again, held_out = _half_samples(points, choice, chosen)
    steady = {side: limit for side, limit in chosen.items() if again[side] >= SEEN_AGAIN}
    kept = strong(points, steady)
    restrictions = tuple(Restriction(side, kept[side], quasi_p(points, kept, side), again[side]) for side in kept)
    dropped = [side for side in chosen if side not in kept]
    left_out = tuple(Restriction(side, chosen[side], quasi_p(points, chosen, side), again[side]) for side in dropped)
    note = "" if kept else f"{NOTHING}: no restriction has a quasi-p below {WEAK} and comes again in half-samples"
    return replace(made, note=note, restrictions=restrictions, left_out=left_out, held_out=held_out)


def _as_good_shuffled(points: FailurePoints, choice: Choice, best: float) -> tuple[int, int]:
    """How many shuffled tables gave a box as good, and of how many tried: it ends at the first."""
    random = np.random.default_rng(choice.seed)
    for trial in range(1, SHUFFLES + 1):
        table = points.shuffled(random)
        if max(measures(table, box).correlation for box in choice.search(table)) >= best:
            return 1, trial
    return 0, SHUFFLES


def _half_samples(points: FailurePoints, choice: Choice, chosen: Box) -> tuple[dict[Side, float], Measures]:
    """How often each side of a box is restricted in half-samples, and their boxes measured in the other halves."""
    random = np.random.default_rng(choice.seed)
    boxes, measured = [], []
    for _ in range(HALVES):
        order = random.permutation(points.rows)
        half, other = (points.at(rows) for rows in np.array_split(order, 2))
        box = strong(half, choice.box(half, choice.search(half)))
        boxes.append(box)
        measured.append(measures(other, box))
    again = {side: sum(side in box for box in boxes) / HALVES for side in chosen}
    return again, Measures(*np.nanmean(measured, axis=0).tolist())
