"""What each side may think of the other's private type."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Types:
    """Types that are thought possible, in units of `type_spread`, and the chance of each."""

    nodes: tuple[float, ...]
    weights: tuple[float, ...]


NORMAL = Types((-(3.0**0.5), 0.0, 3.0**0.5), (1 / 6, 2 / 3, 1 / 6))
"""Three-point quadrature of the standard normal, right in its first five moments: the prior of the talks."""
