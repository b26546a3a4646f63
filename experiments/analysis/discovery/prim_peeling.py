"""PRIM: boxes that shrink, a twentieth at a time, to where failures are dense."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.discovery.boxes import HIGH, LOW, WORDS, Box, Limit, Side, limit_of
from experiments.analysis.discovery.failure_points import FailurePoints
from model.dimensions import Truths

FRACTION = 0.05
"""Part of a box's points that one peel takes off the range of a number."""


def peeled_boxes(points: FailurePoints) -> list[Box]:
    """The peeling trajectory, from the box of everything on (Friedman and Fisher 1999).

    A peel takes a twentieth of the points off one end of a number's range (of few values: all of the outermost one), or
    a word; that which gains most density for the mass that it costs (Kwakkel and Jaxa-Rozen 2016). It ends where none
    gains, or a box would hold less than `points.least`. Nothing is pasted back.
    """
    rows, least = np.arange(points.rows), points.least
    box: dict[Side, Limit] = {}
    boxes: list[Box] = [dict(box)]
    while True:
        failing, known = points.failing[rows], points.known[rows]
        whole_failing, whole = failing.sum(), known.sum()
        best, chosen, keep = 0.0, None, np.empty(0, dtype=bool)
        for name, column in points.inputs.items():
            for side, off in _peels(column[rows]):
                if not 0 < np.count_nonzero(off) <= len(rows) - least:
                    continue
                cost = known[off].sum()
                gain = ((whole_failing - failing[off].sum()) / (whole - cost) - whole_failing / whole) / cost
                if gain > best * (1 + 1e-9):
                    best, chosen, keep = gain, (name, side), ~off
        if chosen is None:
            return boxes
        rows = rows[keep]
        box[chosen] = limit_of(chosen[1], points.inputs[chosen[0]][rows])
        boxes.append(dict(box))


def _peels(column: NDArray[Any]) -> Iterator[tuple[str, Truths]]:
    """Each side of an input with the points that a peel there takes off."""
    if column.dtype.kind != "f":
        for word in np.unique(column):
            yield WORDS, column == word
        return
    count = max(1, int(FRACTION * len(column)))
    edges = np.partition(column, (count, len(column) - 1 - count))
    low, high = edges[count], edges[-1 - count]
    yield LOW, column < low if low > edges[:count].min() else column <= low
    yield HIGH, column > high if high < edges[len(column) - count :].max() else column >= high
