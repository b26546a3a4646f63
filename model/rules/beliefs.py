"""What the countries and investors learn from what they see."""

from __future__ import annotations

import numpy as np

from model.array_axes import Floats

Values = Floats | float


def updated_reliability(honoured: Values, broken: Values, prior_honoured: Values, prior_broken: Values) -> Floats:
    """Belief (0-1) that the next promise will be kept, after so many kept and broken.

    Mean of the beta distribution that Bayes' rule makes of the prior's counts and these; parts of a promise allowed.
    """
    kept = np.add(prior_honoured, honoured)
    return kept / (kept + prior_broken + broken)


def adaptive_expectation(expected: Values, observed: Values, gain: Values) -> Floats:
    """Expectation (unit of both) after an observation that closes a part `gain` (0-1) of the error.

    Source: Cagan (1956), Nerlove (1958).
    """
    return np.add(expected, gain * np.subtract(observed, expected))
