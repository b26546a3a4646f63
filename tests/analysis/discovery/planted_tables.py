"""Tables in which failures fill a box that is known, and tables of noise."""

from __future__ import annotations

from typing import Any

import numpy as np

LIMITS: dict[tuple[str, str], Any] = {
    ("x0", "at least"): 0.3, ("x1", "at most"): 0.6, ("x2", "at least"): 0.4, ("word", "one of"): ("b", "c"),
}  # fmt: skip
"""The planted box: three ranges of numbers, and two words of four."""


def inputs(rows: int, seed: int, numbers: int = 6) -> dict[str, Any]:
    """Columns x0, x1, ... uniform in 0-1, and `word`, one of four."""
    random = np.random.default_rng(seed)
    columns = {f"x{at}": random.random(rows) for at in range(numbers)}
    return columns | {"word": np.array(["a", "b", "c", "d"])[random.integers(0, 4, rows)]}


def within(columns: dict[str, Any]) -> Any:
    """Which rows lie in the planted box."""
    numbers = (columns["x0"] >= 0.3) & (columns["x1"] <= 0.6) & (columns["x2"] >= 0.4)
    return numbers & np.isin(columns["word"], LIMITS[("word", "one of")])


def planted(rows: int, seed: int = 1, inside: float = 0.95, outside: float = 0.05) -> tuple[dict[str, Any], Any]:
    """Columns, and what failed: `inside` and `outside` are the chances in and out of the box."""
    columns = inputs(rows, seed)
    chance = np.where(within(columns), inside, outside)
    return columns, np.random.default_rng(seed + 1000).random(rows) < chance


def noise(rows: int, seed: int, replicates: int = 1) -> tuple[dict[str, Any], Any]:
    """Columns, and failures in three of ten worlds that have nothing to do with them.

    Half of what decides is shared by all rows, as with common random numbers, where there are replicates.
    """
    random = np.random.default_rng(seed + 2000)
    own, shared = random.random((rows, replicates)), random.random(replicates) if replicates > 1 else 0.5
    return inputs(rows, seed), (own + shared) / 2 < (0.4 if replicates == 1 else 0.39)
