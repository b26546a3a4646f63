"""How many pairs of worlds are enough: a paired difference run until its interval is as narrow as wanted."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from experiments.analysis.paired_differences import Difference, paired_difference
from experiments.designs.design import Design
from experiments.errors import InputError
from model.array_axes import Floats

LEAST, GROWTH = 30, 4
"""Replicates below which no interval is trusted, and the most by which a run is made longer at once."""


def replicates_for(differences: Floats, wanted: float, binary: bool = False) -> int:
    """How many pairs would make the interval `wanted` wide to either side, by the spread of these differences.

    At least LEAST. Of a `binary` outcome the variance is taken larger by 1 over the number of pairs, so that a few
    that all agree are not taken for certainty (Chow and Robbins 1965). Raises InputError for a width that is not above
    nought.
    """
    from scipy.special import stdtrit

    if not wanted > 0:
        raise InputError(f"an interval of half width {wanted} cannot be reached: it needs to be above 0")
    n = len(differences)
    variance = float(differences.var(ddof=1)) + binary / n
    return max(math.ceil(float(stdtrit(n - 1, 0.975)) ** 2 * variance / wanted**2), LEAST)


def effect_to_width(
    sides_of: Callable[[int], tuple[Any, Any]], wanted: float, most: int, first: int = 100, binary: bool = False
) -> tuple[Difference, bool]:
    """The difference from as many replicates as make its interval `wanted` wide to either side, and whether it is.

    `sides_of` gives both sides' outcomes (replicate,), the changed one second, of replicates 0 to n - 1 for a growing
    n, from `first` to `most`. Raises InputError as `replicates_for`, and where fewer than two of `first` pairs are
    known.
    """
    replicates = min(first, most)
    while True:
        base, changed = (np.asarray(side, dtype=np.float64) for side in sides_of(replicates))
        effect = paired_difference(base, changed, binary)
        known = (changed - base)[np.isfinite(changed - base)]
        if len(known) < 2:
            raise InputError(f"of {replicates} pairs of worlds only {len(known)} are known: no effect can be told")
        needed = math.ceil(replicates_for(known, wanted, binary) * replicates / len(known))
        enough = needed <= replicates and effect.half_width <= wanted
        if enough or replicates >= most:
            return effect, enough
        replicates = min(max(needed, replicates + LEAST), GROWTH * replicates, most)


def policy_effect(
    design: Design, outcome: str, wanted: float, most: int = 20_000, first: int = 100, **choices: Any
) -> tuple[Difference, bool]:
    """The effect of the second row of a design over its first, run until its interval is `wanted` wide to either side.

    `choices` are those of `experiments.ensemble.sweep.sweep`; with a `store` replicates are added to what it holds, and
    without one each longer run starts anew. The effect, and whether the width was met. Raises InputError for a design
    that has not two rows, for an outcome that is not known, and as `effect_to_width`.
    """
    from experiments.ensemble.sweep import sweep
    from experiments.store.dataset import flat_columns
    from model.parameters.declaration import nearest
    from model.record.variables import DIMENSIONS, OUTCOMES

    if len(design) != 2:
        raise InputError(f"an effect compares two rows, the design has {len(design)}")

    def sides_of(replicates: int) -> tuple[Any, Any]:
        results = flat_columns(sweep(design, replicates=replicates, **choices), DIMENSIONS)
        if outcome not in results:
            raise InputError(f"no outcome {outcome!r}: {nearest(outcome, list(map(str, results.data_vars)))}")
        base, changed = results[outcome].values.reshape(2, -1)
        return base, changed

    binary = outcome in OUTCOMES and OUTCOMES[outcome].unit == "0/1"
    return effect_to_width(sides_of, wanted, most, first, binary)
