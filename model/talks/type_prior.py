"""What each side may think of the other's private type."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Types:
    """Types that are thought possible, in units of `type_spread`, and the chance of each."""

    nodes: tuple[float, ...]
    weights: tuple[float, ...]


NORMAL = Types((-(3.0**0.5), 0.0, 3.0**0.5), (1 / 6, 2 / 3, 1 / 6))
"""Three-point quadrature of the standard normal, right in its first five moments: the prior of the talks."""


def uniform_types(low: float, high: float, count: int) -> Types:
    """`count` equally likely types from `low` to `high`, the middles of equal parts; one if the ends meet."""
    edges = np.linspace(low, high, count + 1)
    middles = 0.5 * (edges[1:] + edges[:-1])
    return Types(tuple(float(node) for node in middles), (1.0 / count,) * count)
