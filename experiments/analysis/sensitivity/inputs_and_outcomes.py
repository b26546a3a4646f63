"""The points of a sweep: inputs that vary, the outcomes of their worlds, and what forbids an index of them."""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from experiments.analysis.sensitivity.seed_noise import VarianceShares, variance_shares
from experiments.designs.design import LABELS
from experiments.errors import InputError
from experiments.store.dataset import flat_columns
from model.array_axes import Floats
from model.parameters.declaration import nearest
from model.record.variables import DIMENSIONS, OUTCOMES

USUAL_OUTCOMES = ("ukraine_accepts", "united_states_accepts", "peace_holds", "china_separation_share_end")
"""Who signs, whether peace holds, and China's share: what is looked at unless others are named."""
RARE = 0.05
"""Part of the points that must differ from the commonest value, else an index means nothing."""
NOISY, TOO_NOISY, WANTED_NOISE = 0.1, 0.5, 0.05
"""Part of the variance between points that random draws make: said so above, no index above, aimed at."""

CHANCE = 0.001
"""How often an outcome that no input moves is taken for one that some do."""


@dataclass(frozen=True, eq=False)
class DesignPoints:
    """Inputs by name (row,), worlds (outcome, row, replicate) with NaN for unknown, and where they come from."""

    inputs: Mapping[str, NDArray[Any]]
    worlds: Floats
    outcomes: tuple[str, ...]
    labels: tuple[Mapping[str, str], ...]
    made: Mapping[str, Any]
    about: Mapping[str, Any]

    @property
    def rows(self) -> int:
        """Number of points."""
        return int(self.worlds.shape[1])

    @property
    def replicates(self) -> int:
        """Worlds of each point."""
        return int(self.worlds.shape[2])

    @property
    def groups(self) -> Mapping[str, Sequence[str]]:
        """The inputs of each group that the design varies as one; each input alone where it has none."""
        return self.made.get("groups") or {name: [name] for name in self.inputs}

    @property
    def unit(self) -> int:
        """How many rows in a row belong to one base point or walk."""
        count = len(self.groups)
        if self.made["method"] == "sobol":
            return (2 if self.made["second_order"] else 1) * count + 2
        return count + 1 if self.made["method"] == "morris" else 1

    @functools.cached_property
    def means(self) -> Floats:
        """Mean over the known worlds of each point, (row, outcome); NaN where none is known."""
        known = np.isfinite(self.worlds)
        count = known.sum(axis=2)
        total = np.where(known, self.worlds, 0).sum(axis=2)
        return np.asarray((total / np.where(count > 0, count, np.nan)).T)

    @functools.cached_property
    def shares(self) -> VarianceShares:
        """The variance of worlds by where it comes from."""
        return variance_shares(self.worlds, self.unit)


def check_outcomes(names: Sequence[str]) -> None:
    """Raise InputError for a name that is no outcome of the model, one of its labels in the name where it has any."""
    known = [column for each in OUTCOMES.values() for column in each.columns]
    for name in names:
        if name not in known:
            raise InputError(f"no outcome {name!r}: {nearest(name, known)}")


def design_points(results: xr.Dataset, outcomes: Sequence[str] = USUAL_OUTCOMES) -> DesignPoints:
    """The points of a sweep's results; raises InputError for an outcome that is not there, or if no input varies."""
    flat = flat_columns(results, DIMENSIONS)
    dims = tuple(str(dim) for dim in json.loads(results.attrs["design"])["dims"])
    there = [str(name) for name, each in flat.data_vars.items() if set(each.dims) == {*dims, "replicate"}]
    for name in outcomes:
        if name not in there:
            raise InputError(f"no outcome {name!r}: {nearest(name, there)}")
    shape = tuple(results.sizes[dim] for dim in dims)
    inputs: dict[str, NDArray[Any]] = {}
    for name, column in ((str(name), column) for name, column in results.coords.items()):
        if set(column.dims) <= set(dims) and name not in LABELS and column.size > 1:
            spread = column.broadcast_like(xr.DataArray(np.empty(shape), dims=dims)).transpose(*dims).values.ravel()
            if (spread != spread[0]).any():
                inputs[name] = spread
    if not inputs:
        raise InputError("nothing varies in these results but the random draws")
    chosen = [flat[name].transpose(*dims, "replicate") for name in outcomes]
    worlds = np.stack([each.values.reshape(-1, each.sizes["replicate"]) for each in chosen]).astype(np.float64)
    worlds[np.isinf(worlds)] = np.nan
    labels = tuple({key: str(each.attrs.get(key, "")) for key in ("unit", "meaning")} for each in chosen)
    made = json.loads(results.attrs["design"])
    if "names" in made:
        named = [name for name in made["names"] if name not in LABELS]
        inputs = {name: inputs.get(name, results[name].values.ravel()) for name in named}
    return DesignPoints(inputs, worlds, tuple(outcomes), labels, made, results.attrs)


def faults(points: DesignPoints, shares: VarianceShares) -> list[str]:
    """Why an outcome's indices would mean nothing and what is needed, in words, one for each outcome, "" if they do.

    Indices of a Sobol' design leave the random draws out, so that they may be large there; but points must differ by
    more than draws alone would make them (F test of a two-way table, at CHANCE).
    """
    from scipy.special import fdtri

    means, said = points.means, []
    freedom = points.rows - 1, (points.rows - 1) * (points.replicates - 1)
    for values, variance in zip(means.T, shares.noise, strict=True):
        known = values[~np.isnan(values)]
        lost = len(values) - len(known)
        apart = 1 - np.unique(known, return_counts=True)[1].max() / len(known) if len(known) else 0.0
        part = variance / known.var(ddof=1) if apart > 0 else 0.0
        if lost:
            said.append(f"unknown at {lost:,} of {len(values):,} points: finish the sweep, or choose another outcome")
        elif not apart:
            said.append("the same at every point, so that nothing explains it: widen the ranges")
        elif apart < RARE:
            said.append(
                f"differs at only {apart:.1%} of points: needs {RARE:.0%}, so narrow the ranges to where it does"
            )
        elif part * fdtri(*freedom, 1 - CHANCE) > 1 or (part > TOO_NOISY and points.made["method"] != "sobol"):
            needed = max(more_replicates(part, points.replicates), 2 * points.replicates)
            said.append(
                f"hidden by random draws, {part:.0%} of what points differ by: needs some {needed:,} replicates"
            )
        else:
            said.append("")
    return said


def cautions(points: DesignPoints, shares: VarianceShares) -> list[str]:
    """What to know of an outcome's indices, in words, one for each outcome, "" if there is nothing."""
    said = []
    for values, variance, worlds in zip(points.means.T, shares.noise, points.worlds, strict=True):
        known, spread = np.isfinite(worlds).mean(), values.var(ddof=1)
        words = [f"known in {known:.0%} of worlds, of which it is the mean"] if known < 1 else []
        if np.isnan(variance):
            words.append("what the random draws make of it is not known")
        elif points.made["method"] != "sobol" and variance > NOISY * spread:
            needed = more_replicates(variance / spread, points.replicates)
            made = f"random draws make {variance / spread:.0%} of what points differ by"
            words.append(f"{made}: {needed:,} replicates make it {WANTED_NOISE:.0%}")
        said.append("; ".join(words))
    return said


def more_replicates(part: float, replicates: int) -> int:
    """Replicates with which draws make WANTED_NOISE of the variance between points, of which they now make `part`."""
    return math.ceil(replicates * part / max(1 - part, 0.01) * (1 - WANTED_NOISE) / WANTED_NOISE)
