"""Where a guarantee that takes time to build opens a window for war: strength × months of build-up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from experiments.analysis.run_worlds import outcomes
from model.dimensions import Floats
from model.parameters.declaration import Value
from model.parameters.presets import preset
from model.parameters.table import DECLARATIONS

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

MEASURES = {
    "share": "share of worlds with renewed war within five years of the first ceasefire",
    "excess": "excess over no guarantee, by common random numbers",
    "error": "standard error of the excess",
}


def window_sweep(
    strengths: Sequence[float] = STRENGTHS,
    buildups: Sequence[float] = BUILDUPS,
    worlds: int = 400,
    seed: int = 0,
    tripwires: Sequence[str] = ("H0",),
    **changes: Value,
) -> xr.Dataset:
    """Renewed war within five years of the first ceasefire, (tripwire, guarantee_strength, guarantee_buildup).

    `share` of worlds, 0-1; `excess` over no guarantee by common random numbers, and its standard error `error`;
    `open` where the excess is above two of them: there the guarantee makes war likelier than none would. All cells
    have the parameters BINDING and SIGNED, with `changes` over them. A guarantee in force at once deters; one that
    takes years is weak while it is built, and beyond Powell's threshold, δΔ > d/(1 - d) + p(1 - δ), gives a reason
    to attack before it stands. At the documented preset (`window_sweep(**documented())`) a full guarantee moves
    Russia's odds by a few points, far below d/(1 - d) = .25, so that no window opens; nor does one for a weak
    guarantee, an impatient Russia, or once the build-up is over. Raises ParameterError.
    """
    rows = [(0.0, float(buildups[0])), *((strength, months) for strength in strengths for months in buildups)]
    terms = np.repeat(np.array(rows * len(tripwires)), worlds, axis=0)
    cells = {"guarantee_strength": terms[:, 0], "guarantee_buildup": terms[:, 1]}
    cells["tripwire"] = np.repeat(list(tripwires), len(rows) * worlds)
    parameters = preset("documented", **(BINDING | SIGNED | changes | cells))
    run = outcomes(parameters, len(terms), 120, seed, np.tile(np.arange(worlds), len(rows) * len(tripwires)))
    shape = (len(tripwires), len(rows), worlds)
    stopped, again = (run["ceasefire_month"] < 60).reshape(shape), run["renewed_war_5y"].reshape(shape)
    axes = {"tripwire": tripwires, "guarantee_strength": strengths, "guarantee_buildup": buildups}
    numbers = np.array([_compared(*pair) for pair in zip(again, stopped, strict=True)])
    numbers = numbers.reshape(*(len(axis) for axis in axes.values()), len(MEASURES))
    measures = {
        name: (tuple(axes), numbers[..., index], {"unit": "share", "long_name": words})
        for index, (name, words) in enumerate(MEASURES.items())
    }
    coords = {name: list(axis) for name, axis in axes.items()}
    usual = preset("documented")
    other = {name: value for name, value in (BINDING | changes).items() if value != getattr(usual, name)}
    assumed = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in other.items())
    attrs = {"preset": "documented", "seed": seed, "replicates": worlds, "months": 120, "start": usual.start}
    table = xr.Dataset(measures, coords, attrs | {"assumed": assumed})
    for name in ("guarantee_strength", "guarantee_buildup"):
        declared = DECLARATIONS[name]
        table[name].attrs = {"long_name": name.replace("_", " "), "unit": declared.unit, "meaning": declared.meaning}
    return table.assign(open=table["excess"] > 2 * table["error"])


def _compared(again: Floats, stopped: NDArray[np.bool_]) -> list[tuple[float, float, float]]:
    """MEASURES of every row but the first, which has no guarantee; both arguments (row, world).

    Draws are shared, so a row is compared on the same worlds, those in which the fighting stopped in time.
    """
    rows = []
    for renewed, there in zip(again[1:], stopped[1:], strict=True):
        more = (renewed - again[0])[there & stopped[0]]
        share = renewed[there].mean() if there.any() else np.nan
        error = more.std(ddof=1) / np.sqrt(len(more)) if len(more) > 1 else np.nan
        rows.append((share, more.mean() if len(more) else np.nan, error))
    return rows


def documented() -> dict[str, Value]:
    """Changes that take `window_sweep` back to the documented preset, but for SIGNED."""
    declared = preset("documented")
    return {name: getattr(declared, name) for name in BINDING}
