"""Where a guarantee that takes time to build opens a window for war: strength × months of build-up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from model.parameters.declaration import Value
from model.parameters.presets import preset
from model.parameters.table import DECLARATIONS
from model.rules import conflict
from model.simulation import GeopoliticalEconomy

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]

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
    "talks": "imposed",
    "ownership_share": 0.0,
    "talks_start": 0,
    "renege_cost": 1000,
    "ceasefire_hazard": 1.5,
    "settlement_hazard": 0,
}
"""The deal is in force at once and is kept, and the fighting soon stops, so that only the guarantee differs."""


def window_sweep(
    strengths: Sequence[float] = STRENGTHS,
    buildups: Sequence[float] = BUILDUPS,
    worlds: int = 400,
    seed: int = 0,
    tripwires: Sequence[str] = ("H0",),
    **changes: Value,
) -> xr.Dataset:
    """Renewed war within five years of the first ceasefire, (tripwire, guarantee_strength, guarantee_buildup).

    `share` of worlds, 0-1; `excess` over no guarantee by the same luck, and its standard error `error`;
    `open` where the excess is above two of them: there the guarantee makes war likelier than none would.
    All cells live at the parameters BINDING and SIGNED, with `changes` over them. One that is in force
    at once deters. One that takes years is weak while it is built, and beyond Powell's threshold,
    δΔ > d/(1 - d) + p(1 - δ), gives a reason to attack before it stands.

    It does not open at the documented preset (`window_sweep(**documented())`): there a full guarantee
    moves Russia's odds by a few points, far below the threshold d/(1 - d) = .25 at d = .2, so that a slow
    build-up only delays deterrence. Nor does it open for a weak guarantee, whose shift is small; for an
    impatient Russia (δ falls with the years left; at a discount rate of .10 a build-up of ten years is too
    far off to count); or once the build-up is over. Raises ParameterError for values that are not allowed.
    """
    rows = [(0.0, float(buildups[0])), *((strength, months) for strength in strengths for months in buildups)]
    cells = [(which, *row) for which in tripwires for row in rows]
    assumed: dict[str, Value] = BINDING | SIGNED | changes
    terms = np.repeat(np.array([cell[1:] for cell in cells], dtype=float), worlds, axis=0)
    parameters = preset(
        "documented",
        **(assumed | {"guarantee_strength": terms[:, 0], "guarantee_buildup": terms[:, 1]}),
        tripwire=np.repeat([cell[0] for cell in cells], worlds),
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
    shape = (len(tripwires), len(rows), worlds)
    seen = (found["ceasefire_month"] < 60).reshape(shape)
    again = found["renewed_war_5y"].reshape(shape).astype(float)
    grid = (len(tripwires), len(strengths), len(buildups))
    # Luck is shared, so a cell is compared on the same worlds, those in which the fighting stopped in time.
    numbers = [_compared(again[i], seen[i]) for i in range(len(tripwires))]
    share, excess, error = (np.stack([row[place] for row in numbers]).reshape(grid) for place in range(3))
    return _labelled(share, excess, error, (tripwires, strengths, buildups), {"seed": seed, "replicates": worlds})


def _compared(again: Floats, seen: Truths) -> tuple[Floats, Floats, Floats]:
    """Share with renewed war of every row but the first (row, worlds), its excess over the first, and the error."""
    shares, excesses, errors = [], [], []
    for row, there in zip(again[1:], seen[1:], strict=True):
        both = there & seen[0]
        more = (row - again[0])[both]
        shares.append(row[there].mean() if there.any() else np.nan)
        excesses.append(more.mean() if both.any() else np.nan)
        errors.append(more.std(ddof=1) / np.sqrt(len(more)) if len(more) > 1 else np.nan)
    return np.array(shares), np.array(excesses), np.array(errors)


def _labelled(
    share: Floats, excess: Floats, error: Floats, axes: tuple[Sequence[Any], ...], attrs: dict[str, Any]
) -> xr.Dataset:
    """The table of a sweep, with what its numbers are."""
    dims = ("tripwire", "guarantee_strength", "guarantee_buildup")
    words = {
        "share": "share of worlds with renewed war within five years of the first ceasefire",
        "excess": "excess over no guarantee, by the same luck",
        "error": "standard error of the excess",
    }
    content = {
        name: (dims, values, {"unit": "share", "long_name": words[name]})
        for name, values in (("share", share), ("excess", excess), ("error", error))
    }
    table = xr.Dataset(content, dict(zip(dims, (list(axis) for axis in axes), strict=True)), attrs)
    for name in dims[1:]:
        declared = DECLARATIONS[name]
        table[name].attrs = {"long_name": name.replace("_", " "), "unit": declared.unit, "meaning": declared.meaning}
    table["open"] = table["excess"] > 2 * table["error"]
    return table


def window_table(
    strengths: Sequence[float] = STRENGTHS,
    buildups: Sequence[float] = BUILDUPS,
    worlds: int = 400,
    seed: int = 0,
    **changes: Value,
) -> pd.DataFrame:
    """The shares of `window_sweep` under one hypothesis: rows are strengths, columns build-ups (months)."""
    found = window_sweep(strengths, buildups, worlds, seed, (str(changes.pop("tripwire", "H0")),), **changes)
    frame: pd.DataFrame = found["share"].isel(tripwire=0).drop_vars("tripwire").to_pandas()
    return frame


def documented() -> dict[str, Value]:
    """Changes that take `window_sweep` back to the documented preset, but for SIGNED."""
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
