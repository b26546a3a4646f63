"""PRIM: boxes that shrink, a twentieth at a time, to where failures are dense."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.discovery.boxes import HIGH, LOW, WORDS, Box, Limit, Side, limit_of
from experiments.analysis.discovery.failures_by_point import FailurePoints
from model.array_axes import Floats, Truths

FRACTION = 0.05
"""Part of a box's points that one peel takes off the range of a number."""
EQUAL = 1e-9
"""Gains that differ by no more than this part are equal."""


def peeled_boxes(points: FailurePoints) -> list[Box]:
    """The peeling trajectory, from the box of everything on (Friedman and Fisher 1999).

    A peel takes a twentieth of the points off one end of a number's range (of few values: all of the outermost one), or
    a word; that which gains most density for the mass that it costs (Kwakkel and Jaxa-Rozen 2016), of equal ones that
    of an input which is restricted already. It ends where none gains, or a box would hold less than `points.least`.
    Nothing is pasted back, so that limits are as fine as a peel.
    """
    rows, least = np.arange(points.rows), points.least
    counts = np.stack([points.failing, points.known, np.ones(points.rows)])
    names = [name for name, column in points.inputs.items() if column.dtype.kind == "f"]
    numbers = np.stack([points.inputs[name] for name in names], axis=1) if names else np.empty((points.rows, 0))
    is_word, words_of = _words(points)
    sides = [(name, side) for side in (LOW, HIGH) for name in names] + [(name, WORDS) for name in words_of]
    restricted = np.zeros(len(sides), dtype=bool)
    box: dict[Side, Limit] = {}
    boxes: list[Box] = [dict(box)]
    while True:
        off = np.concatenate([*_ends(numbers[rows]), is_word[rows]], axis=1)
        failing, known, cost = counts[:, rows] @ off
        whole_failing, whole = counts[:2, rows].sum(axis=1)
        possible = (cost > 0) & (cost <= len(rows) - least)
        kept = np.where(possible, whole - known, 1)
        gain = np.where(possible, (whole_failing - failing) / kept - whole_failing / whole, 0) / np.maximum(known, 1)
        best = int(np.argmax(gain * (1 + EQUAL * restricted)))
        if gain[best] <= 0:
            return boxes
        rows = rows[~off[:, best]]
        restricted |= np.array([name == sides[best][0] for name, _ in sides])
        box[sides[best]] = limit_of(sides[best][1], points.inputs[sides[best][0]][rows])
        boxes.append(dict(box))


def _ends(numbers: Floats) -> tuple[Truths, Truths]:
    """Which points a peel takes off the low and the high end of each number, (point, input)."""
    rows = len(numbers)
    count = max(1, int(FRACTION * rows))
    edges = np.partition(numbers, (0, count, rows - 1 - count, rows - 1), axis=0)
    lowest, low, high, highest = edges[[0, count, rows - 1 - count, rows - 1]]
    below = np.where(low > lowest, numbers < low, numbers <= low)
    return below, np.where(high < highest, numbers > high, numbers >= high)


def _words(points: FailurePoints) -> tuple[Truths, list[str]]:
    """Which points have each word, (point, word), and the input that it is a word of."""
    columns: list[NDArray[Any]] = [np.empty((points.rows, 0), dtype=bool)]
    names: list[str] = []
    for name, column in points.inputs.items():
        if column.dtype.kind != "f":
            known = np.unique(column)
            columns.append(column[:, None] == known)
            names += [name] * len(known)
    return np.concatenate(columns, axis=1), names
