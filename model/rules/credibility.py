"""Whether a guarantee would be honoured, and what an ownership stake does to that."""

from __future__ import annotations

from typing import cast

import numpy as np
from scipy.special import expit

from model.array_axes import Floats, Integers

Values = Floats | float
Codes = Integers | Floats | int

SMALLEST = 1e-12
"""Keeps probabilities off 0 and 1 and scales off 0."""

NONE, WEAK, TRAP, CAPACITY, HOSTAGE, COUNTER = range(6)
"""Codes of the hypotheses H0-H5 on what an ownership stake does to safety."""


# The guarantee


def assurance(guarantee_strength: Values, formality: Values, alliance_path: Values) -> Floats:
    """How much is promised (0-1): strength times formality, and a path to an alliance for what these lack (all 0-1)."""
    promised = guarantee_strength * formality
    return cast(Floats, promised + alliance_path * (1.0 - promised))


def intervention_probability(
    guarantee_strength: Values,
    formality: Values,
    alliance_path: Values,
    other_odds: Values = 0.0,
    *,
    base_probability: Values,
    full_probability: Values,
) -> Floats:
    """Chance (0-1) that the guarantor fights.

    Log odds run from `base_probability`, with nothing promised, to `full_probability`, under a full
    and formal guarantee (see `assurance`); a full guarantee is never worth less than none. `other_odds` are
    added: trust beyond the record's, arms in place. Levels: Berkemeier and Fuhrmann (2018), commitments honoured since
    1945 .22, defence pacts .41.
    """
    base, full = _log_odds(base_probability), _log_odds(full_probability)
    promised = assurance(guarantee_strength, formality, alliance_path)
    return expit(base + np.maximum(full - base, 0.0) * promised + other_odds)


def _log_odds(probability: Values) -> Floats:
    """Log odds of a probability, kept off 0 and 1."""
    return np.log(np.maximum(probability, SMALLEST) / np.maximum(np.subtract(1.0, probability), SMALLEST))


# The stake: one function for each channel through which it might work, of which a hypothesis opens one. Its
# largest effects are bounds of the hypotheses, not estimates: those of H3-H5, for which none is published, are
# of the size of H1, to be explored and never tuned.


def stake_intervention_effect(
    stake: Values,
    stake_scale: Values,
    hypothesis: Codes,
    rival_stake: Values,
    weak: Values,
    trap: Values,
    counter: Values,
) -> Floats:
    """What stakes add to the chance of intervention (-`counter` to `trap`), given the hypothesis by its code 0-5.

    Even up to `stake_scale` (one unit for all three) and constant beyond. H1, weak: at most `weak`.
    H2, empire trap: at most `trap`, capital on the ground pulls its owner in (Maurer 2013). H5,
    counter-hostage: a stake with the rival takes at most `counter` away. No effect under H0, H3, H4.
    """
    reach, rival_reach = _reach(stake, stake_scale), _reach(rival_stake, stake_scale)
    return (
        weak * (reach * np.equal(hypothesis, WEAK))
        + trap * (reach * np.equal(hypothesis, TRAP))
        - counter * (rival_reach * np.equal(hypothesis, COUNTER))
    )


def stake_strength_effect(stake: Values, stake_scale: Values, hypothesis: Codes, largest: Values) -> Floats:
    """Part (0-`largest`) by which a stake raises the host's own supply of strength; H3, capacity, only.

    Ownership works through institutions and income, not through the owner's soldiers (Shea 2025).
    """
    return largest * _reach(stake, stake_scale) * np.equal(hypothesis, CAPACITY)


def stake_coercion_effect(stake: Values, stake_scale: Values, hypothesis: Codes, largest: Values) -> Floats:
    """What a stake adds to the log odds of attack (0-`largest`), as a way to coerce its owner; H4, hostage, only."""
    return largest * _reach(stake, stake_scale) * np.equal(hypothesis, HOSTAGE)


def _reach(stake: Values, scale: Values) -> Floats:
    """How much of its full effect (0-1) a stake has."""
    return np.clip(stake / np.maximum(scale, SMALLEST), 0.0, 1.0)
