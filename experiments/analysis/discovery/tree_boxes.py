"""CART: the boxes of a regression tree of the share that fails; needs scikit-learn."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np

from experiments.analysis.discovery.boxes import HIGH, LOW, WORDS, Box, Limit, Side, limit_of
from experiments.analysis.discovery.failures_by_point import FailurePoints
from experiments.errors import SweepError

MOST_LEAVES = 32


def tree_boxes(points: FailurePoints) -> list[Box]:
    """The box of everything, then that of every node of a tree (Breiman and others 1984).

    Words stand in the order of their share that fails, so that one split parts any set of them from the
    rest. No node holds less than `points.least`. Raises SweepError where scikit-learn is not installed.
    """
    try:
        trees: Any = importlib.import_module("sklearn.tree")
    except ImportError:
        raise SweepError("CART needs scikit-learn: pip install 'subsoil[discovery]', or take --method prim") from None
    names, columns = list(points.inputs), _numbers(points)
    tree = trees.DecisionTreeRegressor(max_leaf_nodes=MOST_LEAVES, min_samples_leaf=points.least, random_state=0)
    tree.fit(columns, points.failing / points.known, sample_weight=points.known)
    paths = tree.decision_path(columns).toarray().astype(bool)
    grown, boxes = tree.tree_, [dict[Side, Limit]()]
    parents = {
        int(child): node for side in (grown.children_left, grown.children_right) for node, child in enumerate(side)
    }
    for node in range(1, grown.node_count):
        restricted: set[Side] = set()
        below = node
        while below:
            above = parents[below]
            name = names[grown.feature[above]]
            numeric = HIGH if below == grown.children_left[above] else LOW
            restricted.add((name, numeric if points.inputs[name].dtype.kind == "f" else WORDS))
            below = above
        within = paths[:, node]
        boxes.append({side: limit_of(side[1], points.inputs[side[0]][within]) for side in sorted(restricted)})
    return list(boxes)


def _numbers(points: FailurePoints) -> Any:
    """Inputs as numbers, (point, input): words by their rank in the share that fails."""
    columns = []
    for column in points.inputs.values():
        if column.dtype.kind == "f":
            columns.append(column)
            continue
        codes = np.unique(column, return_inverse=True)[1]
        shares = np.bincount(codes, points.failing) / np.bincount(codes, points.known)
        columns.append(np.argsort(np.argsort(shares, kind="stable"))[codes].astype(np.float64))
    return np.stack(columns, axis=1)
