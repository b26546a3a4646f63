"""Where a guarantee that takes time to build opens a window for war: strength × build-up × Russia's rearming."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr

from experiments.analysis.war.solved_war_game import solved_cases
from experiments.analysis.war.war_game_targets import GUARANTEE_ALONE, NOTHING
from experiments.errors import InputError
from model.array_axes import Floats
from model.parameters.declaration import Value
from model.parameters.presets import preset
from model.parameters.table import DECLARATIONS

GUARANTORS = {
    "american": ("guarantee_strength", "guarantee_buildup", "imposed"),
    "european": ("european_guarantee", "european_buildup", "none"),
}
"""Who promises -> the parameters of the strength and the build-up, and the talks in which the promise stands."""
STRENGTHS = (0.1, 0.4, 0.7, 1.0)
BUILDUPS = (0.0, 12.0, 24.0, 60.0, 120.0)
REGROUPING = (0.02, 0.06, 0.10)
YEARS = (2.0, 10.0)

MEASURES = {
    "attack": "attack rate while unbuilt and Russia not rearmed, over that with nothing promised",
    "renewed": "chance of renewed war within so many years of a ceasefire, over that with nothing promised",
}


def windows(
    strengths: Sequence[float] = STRENGTHS,
    buildups: Sequence[float] = BUILDUPS,
    regrouping: Sequence[float] = REGROUPING,
    years: Sequence[float] = YEARS,
    guarantor: str = "american",
    changes: Mapping[str, Value] | None = None,
) -> xr.Dataset:
    """MEASURES by (regrouping, strength, build-up), `renewed` by years too; above 1 the guarantee invites war.

    Solved, not simulated. The parameters are the documented preset's with the guarantee alone and `changes` over it;
    strength and build-up are those of the `guarantor`. A guarantee built at once has no time in which it is unbuilt:
    `attack` is nan there. `attack_none` (1/year) and `renewed_none` (0-1) are those with nothing promised.
    Raises ParameterError, and InputError for a start before the war or a number of years that is not above 0.
    """
    if min(years) <= 0:
        raise InputError(f"years {min(years):g}: needs a number above 0")
    strength, buildup, talks = GUARANTORS[guarantor]
    levels = [list(map(float, each)) for each in (regrouping, strengths, buildups)]
    promised: list[dict[str, Value]] = [
        {"talks": talks, "regrouping": rate, strength: most, buildup: months}
        for rate, most, months in itertools.product(*levels)
    ]
    nothing = [NOTHING | {"regrouping": rate} for rate in levels[0]]
    game = solved_cases(preset("documented", **(GUARANTEE_ALONE | dict(changes or {}))), [*promised, *nothing])
    shape = tuple(map(len, levels))

    def over(values: Floats) -> tuple[Floats, Floats]:
        """Values with the guarantee over those with nothing promised, and the latter by regrouping."""
        with_guarantee, without = values[: len(promised)].reshape(shape), values[len(promised) :]
        # The ratios are known to the precision of the game alone; rounded, equal ones are 1.
        return (with_guarantee / without[:, None, None]).round(6), without

    attack, attack_none = over(game.attack_rate(built=False))
    attack = np.where(np.array(levels[2]) > 0, attack, np.nan)
    renewed, none = (np.stack(rows) for rows in zip(*(over(game.renewed(each)) for each in years), strict=True))
    axes = ("regrouping", strength, buildup)
    coords = dict(zip(axes, levels, strict=True)) | {"years": list(map(float, years))}
    ratio = {"unit": "times"}
    content = {
        "attack": (axes, attack, ratio | {"long_name": MEASURES["attack"]}),
        "renewed": (("years", *axes), renewed, ratio | {"long_name": MEASURES["renewed"]}),
        "attack_none": (axes[:1], attack_none, {"unit": "1/year", "long_name": "attack rate with nothing promised"}),
        "renewed_none": (("years", axes[0]), none, {"unit": "share", "long_name": "renewed war with nothing promised"}),
    }
    table = xr.Dataset(
        content, coords, {"preset": "documented", "guarantor": guarantor, "assumed": _assumed(changes or {})}
    )
    for name in axes:
        declared = DECLARATIONS[name]
        table[name].attrs = {"long_name": name.replace("_", " "), "unit": declared.unit, "meaning": declared.meaning}
    table["years"].attrs = {"long_name": "years since the ceasefire began", "unit": "years"}
    return table


def _assumed(changes: Mapping[str, Value]) -> str:
    """What differs from the preset's war and Russia, in words."""
    usual = preset("documented")
    other = {name: value for name, value in changes.items() if value != getattr(usual, name)}
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in other.items())
