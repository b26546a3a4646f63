"""Bootstrap intervals of statistics that are sums over independent units of a design."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from model.array_axes import Floats

LEVEL = (0.025, 0.975)
"""Quantiles between which the 95 % of an interval lie."""


class Estimate(NamedTuple):
    """An estimate and its interval of 95 %, arrays of one shape; NaN where nothing can be said."""

    value: Floats
    low: Floats
    high: Floats


def resample_counts(units: int, resamples: int, seed: int = 0) -> Floats:
    """How often each unit is drawn in each bootstrap sample (Efron 1979), (resample, unit)."""
    drawn = np.random.default_rng(seed).integers(0, units, (resamples, units))
    drawn += units * np.arange(resamples)[:, None]
    return np.bincount(drawn.ravel(), minlength=units * resamples).reshape(resamples, units).astype(np.float64)


def percentile_estimate(value: Floats, draws: Floats) -> Estimate:
    """The value (...) with the percentile interval of its bootstrap draws (resample, ...)."""
    low, high = np.quantile(draws, LEVEL, axis=0)
    return Estimate(value, low, high)
