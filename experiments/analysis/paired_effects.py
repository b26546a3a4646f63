"""What a change of policy does, from worlds with the same random draws, and how many of them are enough."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from experiments.designs.design import Design
from experiments.errors import InputError
from model.dimensions import Floats

LEAST, GROWTH = 30, 4
"""Replicates below which no interval is trusted, and the most by which a run is made longer at once."""


class PairedEffect(NamedTuple):
    """A mean difference, its interval of 95 %, the number of pairs, and what pairing does.

    `variance_ratio` is the variance of the paired difference over that of two independent worlds': below 1 pairing
    helps. NaN where fewer than two pairs are known; the ratio also where neither side varies.
    """

    mean: float
    low: float
    high: float
    pairs: int
    variance_ratio: float

    @property
    def half_width(self) -> float:
        """Half the width of the interval."""
        return (self.high - self.low) / 2


def paired_effect(changed: Any, base: Any, binary: bool = False) -> PairedEffect:
    """The mean of `changed` less `base`, (replicate,) each, replicate r with the same random draws in both.

    Student's interval. Where no pair differs in a `binary` outcome the interval is Clopper and Pearson's for none of so
    many. Pairs of which one side is unknown (NaN or infinite) do not count.
    """
    sides = np.stack([np.asarray(side, dtype=np.float64).ravel() for side in (changed, base)])
    sides = sides[:, np.isfinite(sides).all(axis=0)]
    difference, pairs = sides[0] - sides[1], sides.shape[1]
    if pairs < 2:
        return PairedEffect(math.nan, math.nan, math.nan, pairs, math.nan)
    half = half_width(difference)
    if binary and not difference.any():
        half = 1 - 0.025 ** (1 / pairs)
    apart = float(sides.var(axis=1, ddof=1).sum())
    ratio = float(difference.var(ddof=1)) / apart if apart else math.nan
    mean = float(difference.mean())
    return PairedEffect(mean, mean - half, mean + half, pairs, ratio)


def half_width(differences: Floats) -> float:
    """Half the width of Student's interval of 95 % of the mean of two or more differences."""
    from scipy.special import stdtrit

    n = len(differences)
    return float(stdtrit(n - 1, 0.975)) * float(differences.std(ddof=1)) / math.sqrt(n)


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
) -> tuple[PairedEffect, bool]:
    """The effect from as many replicates as make its interval `wanted` wide to either side, and whether that was met.

    `sides_of` gives both sides' outcomes (replicate,) of replicates 0 to n - 1 for a growing n, from `first` to `most`.
    Raises InputError as `replicates_for`, and where fewer than two of `first` pairs are known.
    """
    replicates = min(first, most)
    while True:
        changed, base = (np.asarray(side, dtype=np.float64) for side in sides_of(replicates))
        effect = paired_effect(changed, base, binary)
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
) -> tuple[PairedEffect, bool]:
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
        return changed, base

    binary = outcome in OUTCOMES and OUTCOMES[outcome].unit == "0/1"
    return effect_to_width(sides_of, wanted, most, first, binary)
