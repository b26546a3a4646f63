"""Morris screening: how far an outcome moves when one input takes a step, from many starting points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from experiments.analysis.sensitivity.bootstrap import Estimate, percentile_estimate, resample_counts
from experiments.errors import InputError
from model.array_axes import Floats


class MorrisEffects(NamedTuple):
    """Mean of absolute effects, mean and standard deviation of effects, (input, outcome), per range of the input."""

    mean_absolute: Estimate
    mean: Estimate
    deviation: Estimate


def morris_effects(
    positions: Floats,
    values: Floats,
    levels: int,
    resamples: int = 1000,
    seed: int = 0,
    groups: Sequence[Sequence[int]] = (),
) -> MorrisEffects:
    """Effects on outcomes `values` (row, outcome) along the walks of `designs.builders.morris`, in their order.

    `positions` (row, input) only need to rise and fall as the inputs do: values, or numbers of choices; `groups` of
    their numbers move as one. Morris (1991), the mean of absolute effects, of groups too, by Campolongo and others
    (2007); intervals by resampling walks. NaN for an outcome that is unknown at a row, and for the mean and deviation
    of a group of several inputs, whose steps have no sign. Raises InputError for rows that are no such walks.
    """
    effects = elementary_effects(positions, values, levels, groups)
    walks, shape = len(effects), effects.shape[1:]
    flat = effects.reshape(walks, -1)
    counts = np.concatenate([np.ones((1, walks)), resample_counts(walks, resamples, seed)])
    absolute, mean, square = (counts @ each / walks for each in (np.abs(flat), flat, flat**2))
    deviation = np.sqrt(np.maximum(square - mean**2, 0) * walks / max(walks - 1, 1))
    absolute, mean, deviation = (each.reshape(-1, *shape) for each in (absolute, mean, deviation))
    signless = [at for at, members in enumerate(groups) if len(members) > 1]
    mean[:, signless] = deviation[:, signless] = np.nan
    parts = (absolute, mean, deviation)
    return MorrisEffects(*(percentile_estimate(each[0], each[1:]) for each in parts))


def elementary_effects(positions: Floats, values: Floats, levels: int, groups: Sequence[Sequence[int]] = ()) -> Floats:
    """Change of each outcome over the step of each input or group, (walk, group, outcome); see `morris_effects`.

    That of a group has the sign of the step of its first input, while others may step the other way.
    """
    members = [list(each) for each in groups] or [[at] for at in range(positions.shape[1])]
    rows, count = len(positions), len(members)
    if rows % (count + 1) or not rows:
        raise InputError(f"{rows} rows are no whole number of walks of {count + 1} rows")
    walks = rows // (count + 1)
    moves = np.sign(np.diff(positions.reshape(walks, count + 1, -1), axis=1))
    turns = np.stack([moves[..., each[0]] for each in members], axis=2)
    moved = np.stack([(moves[..., each] != 0).any(axis=2) for each in members], axis=2)
    if not (moved.sum(axis=2) == 1).all() or not (moved.sum(axis=1) == 1).all() or (moved & (turns == 0)).any():
        raise InputError("these rows are no Morris walks, on which each step changes one input or group")
    changes = np.diff(np.asarray(values, dtype=np.float64).reshape(walks, count + 1, -1), axis=1)
    step = levels / (2 * (levels - 1))
    return np.asarray(np.einsum("wsi,wso->wio", turns, changes) / step)
