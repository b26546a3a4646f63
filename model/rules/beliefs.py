"""What the countries and investors learn from what they see."""

from __future__ import annotations

import numpy as np

from model.dimensions import Floats

Values = Floats | float

PRIOR_HONOURED = 2.2
"""Promises kept that the prior is worth: 22 % of ten (Berkemeier and Fuhrmann 2018, since 1945)."""

PRIOR_BROKEN = 7.8
"""Promises broken that the prior is worth."""


def updated_reliability(
    honoured: Values,
    broken: Values,
    prior_honoured: Values = PRIOR_HONOURED,
    prior_broken: Values = PRIOR_BROKEN,
) -> Floats:
    """Belief (0-1) that the next promise will be kept, after so many kept and broken.

    Mean of the beta distribution that Bayes' rule gives; counts may be parts of a promise.
    """
    kept = np.add(prior_honoured, honoured)
    return kept / (kept + prior_broken + broken)


def adaptive_expectation(expected: Values, observed: Values, gain: Values) -> Floats:
    """Expectation (unit of both) after an observation that closes a part `gain` (0-1) of the error.

    Source: Cagan (1956), Nerlove (1958).
    """
    return np.add(expected, gain * np.subtract(observed, expected))
