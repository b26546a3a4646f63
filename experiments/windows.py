"""Where a guarantee that takes time to build opens a window for war: strength × months of build-up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from model.declare import Value
from model.economy import GeopoliticalEconomy
from model.rules import conflict
from model.scenarios import preset

STRENGTHS = (0.0, 0.25, 0.5, 0.75, 1.0)
BUILDUPS = (0, 12, 24, 60, 120)

BINDING: dict[str, Value] = {
    "united_states_commitment": 400,
    "full_intervention": 0.9,
    "base_intervention": 0.01,
    "destroyed_share": 0.02,
    "renewal_sensitivity": 0.6,
    "renewal_hazard": 0.02,
    "discount_rate": 0.04,
}
"""A guarantee strong enough, a war cheap enough and a Russia keen enough for Powell's condition to bind."""

SIGNED: dict[str, Value] = {
    "ownership_share": 0.0,
    "talks_start": 0,
    "talks_months": 1,
    "type_spread": 0,
    "choice_precision": 20,
    "public_support": 1,
    "congress_support": 1,
    "renege_cost": 1000,
    "ceasefire_hazard": 1.5,
    "settlement_hazard": 0,
}
"""The deal is made at once and kept, and the fighting soon stops, so that only the guarantee differs."""


def window_table(
    strengths: Sequence[float] = STRENGTHS,
    buildups: Sequence[float] = BUILDUPS,
    worlds: int = 400,
    seed: int = 0,
    **changes: Value,
) -> pd.DataFrame:
    """Share of worlds with renewed war within five years of the first ceasefire, strength × build-up (months).

    Rows are strengths, columns build-ups; every cell lives with the same luck, at the parameters BINDING
    and SIGNED. A guarantee that is in force at once deters. One that takes years is weak while it is
    built, and beyond Powell's threshold, δΔ > d/(1 - d) + p(1 - δ), gives a reason to attack before it
    stands: the window is open where a cell exceeds that of no guarantee in the same column.

    It does not open at the documented preset (`window_table(**documented())`): there a full guarantee
    moves Russia's odds by a few points, far below the threshold d/(1 - d) = .25 at d = .2, so that a slow
    build-up only delays deterrence. Nor does it open for a weak guarantee, whose shift is small; for an
    impatient Russia (δ falls with the years left; at a discount rate of .10 a build-up of ten years is too
    far off to count); or once the build-up is over.
    """
    cells = [(strength, months) for strength in strengths for months in buildups]
    terms = np.repeat(np.array(cells, dtype=float), worlds, axis=0)
    assumed: dict[str, Value] = BINDING | SIGNED | changes
    parameters = preset(
        "documented", **(assumed | {"guarantee_strength": terms[:, 0], "guarantee_buildup": terms[:, 1]})
    )
    model = GeopoliticalEconomy(
        parameters,
        worlds=len(terms),
        months=120,
        rng=seed,
        replicates=np.tile(np.arange(worlds), len(cells)),
        record="outcomes",
    )
    model.simulate()
    found = model.recorder.outcomes()
    model.close()
    # Luck is shared, so a cell is compared on the same worlds, those in which the fighting stopped in time.
    seen = (found["ceasefire_month"] < 60).reshape(len(cells), worlds)
    again = found["renewed_war_5y"].reshape(len(cells), worlds)
    shares = [float(row[there].mean()) if there.any() else np.nan for row, there in zip(again, seen, strict=True)]
    grid = np.array(shares).reshape(len(strengths), len(buildups))
    return pd.DataFrame(
        grid,
        index=pd.Index(list(strengths), name="guarantee_strength"),
        columns=pd.Index(list(buildups), name="guarantee_buildup"),
    )


def documented() -> dict[str, Value]:
    """Changes that take `window_table` back to the documented preset, but for SIGNED."""
    declared = preset("documented")
    return {name: getattr(declared, name) for name in BINDING}


def powell_margin(strength: float = 1.0, months: float = 12, **changes: Value) -> float:
    """What attacking before a guarantee stands gains, as a share of what war leaves; 0 or less: no window.

    At the start's arms, on the day of the signature, with the parameters BINDING.
    """
    model = GeopoliticalEconomy(
        preset("documented", **(BINDING | SIGNED | changes)), worlds=1, months=1, record="outcomes"
    )
    war, p, none = model.war, model.spread, np.zeros(1)
    trust, terms = model.russia.reliability(), model.talks.terms
    now, later = (
        model.russia.win_probability(war.intervention_probability(trust, none + g, terms, none, 1.0))
        for g in (0.0, strength)
    )
    patience = np.exp(-p.discount_rate * max(months, 1.0) / 12)
    margin = conflict.preventive_incentive(now - later, patience, p.destroyed_share, 1.0 - now)
    model.close()
    return float(margin[0])
