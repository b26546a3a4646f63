"""A price that returns to its mean: how it moves, and what a flow at that price is worth."""

from __future__ import annotations

import math

import numpy as np

from model.array_axes import Floats

MONTH = 1 / 12


def next_index(index: Floats, reversion: Floats | float, volatility: Floats | float, shock: Floats) -> Floats:
    """The index a month later, above 0, mean 1 in the long run, given a standard normal `shock`.

    dp = k(1 - p)dt + σ p dW by the month, with the exact conditional mean 1 + (p - 1)e^{-k/12}; `reversion` k
    is 1/year, `volatility` σ 1/sqrt(year). Source: Dixit and Pindyck (1994), ch. 3.
    """
    mean = 1.0 + (index - 1.0) * np.exp(-np.asarray(reversion) * MONTH)
    step = np.asarray(volatility) * math.sqrt(MONTH)
    return mean * np.exp(step * (shock - 0.5 * step))


def index_annuity(
    discount_rate: Floats | float,
    hazard: Floats | float,
    lead_years: Floats | float,
    life_years: Floats | float,
    index: Floats | float,
    reversion: Floats | float,
) -> Floats:
    """Expected present value (years) of one a year at base price, from the end of the lead time for so many years.

    A(r) + (p - 1) A(r + k): what the price is above its mean fades at the rate k, which counts like
    interest; for an immediate and endless flow this is 1/r + (p - 1)/(r + k).
    """
    rate, fades = np.asarray(discount_rate) + hazard, np.exp(-np.asarray(reversion) * lead_years)
    first = np.exp(-rate * lead_years)
    last = first * np.exp(-rate * life_years)
    fading = fades * (first - last * np.exp(-np.asarray(reversion) * life_years)) / (rate + reversion)
    return (first - last) / rate + (np.asarray(index) - 1.0) * fading
