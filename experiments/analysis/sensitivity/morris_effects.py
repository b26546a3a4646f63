"""Morris screening: how far an outcome moves when one input takes a step, from many starting points."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from experiments.analysis.sensitivity.bootstrap import Estimate, percentile_estimate, resample_counts
from experiments.errors import InputError
from model.dimensions import Floats


class MorrisEffects(NamedTuple):
    """Mean of absolute effects, mean and standard deviation of effects, (input, outcome), per range of the input."""

    mean_absolute: Estimate
    mean: Estimate
    deviation: Estimate


def morris_effects(
    positions: Floats, values: Floats, levels: int, resamples: int = 1000, seed: int = 0
) -> MorrisEffects:
    """Effects on outcomes `values` (row, outcome) along the walks of `designs.builders.morris`, in their order.

    `positions` (row, input) only need to rise and fall as the inputs do: values, or numbers of choices. Morris (1991),
    the mean of absolute effects by Campolongo and others (2007); intervals by resampling walks. NaN for an outcome that
    is unknown at a row. Raises InputError for rows that are no such walks.
    """
    effects = elementary_effects(positions, values, levels)
    walks, shape = len(effects), effects.shape[1:]
    flat = effects.reshape(walks, -1)
    counts = np.concatenate([np.ones((1, walks)), resample_counts(walks, resamples, seed)])
    absolute, mean, square = (counts @ each / walks for each in (np.abs(flat), flat, flat**2))
    deviation = np.sqrt(np.maximum(square - mean**2, 0) * walks / max(walks - 1, 1))
    parts = (each.reshape(-1, *shape) for each in (absolute, mean, deviation))
    return MorrisEffects(*(percentile_estimate(each[0], each[1:]) for each in parts))


def elementary_effects(positions: Floats, values: Floats, levels: int) -> Floats:
    """Change of each outcome over the step of each input, (walk, input, outcome); see `morris_effects`."""
    rows, inputs = positions.shape
    if rows % (inputs + 1) or not rows:
        raise InputError(f"{rows} rows are no whole number of walks of {inputs + 1} rows")
    walks = rows // (inputs + 1)
    turns = np.sign(np.diff(positions.reshape(walks, inputs + 1, inputs), axis=1))
    if not (np.abs(turns).sum(axis=2) == 1).all() or not (np.abs(turns).sum(axis=1) == 1).all():
        raise InputError("these rows are no Morris walks, on which each step changes one input")
    changes = np.diff(np.asarray(values, dtype=np.float64).reshape(walks, inputs + 1, -1), axis=1)
    step = levels / (2 * (levels - 1))
    return np.asarray(np.einsum("wsi,wso->wio", turns, changes) / step)
