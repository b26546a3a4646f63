"""The small tables that the pictures and the ten lines of the demo are made of."""

from __future__ import annotations

from dataclasses import dataclass

import xarray as xr

from experiments.analysis import agreement_zones as deals
from experiments.analysis.acceptance_reasons import reasons, turning_points
from model.parameters.declaration import Value
from model.parameters.presets import preset
from model.talks.recorded_drafts import draft

PRESET, SEED = "documented", 0
PLANE = ("ownership_share", "guarantee_strength")
FEBRUARY: dict[str, Value] = draft("2025-02-12")
"""The first US draft: half of all resource revenue, 500 bn USD of aid credited, no guarantee."""
APRIL: dict[str, Value] = draft("2025-04-30")
"""The agreement that was signed."""


@dataclass(frozen=True)
class Tables:
    """All that the demo draws and says, computed from the results."""

    main: xr.Dataset
    drafts: xr.Dataset
    main_zone: xr.Dataset
    signed: xr.Dataset
    signed_drafts: xr.Dataset
    hypotheses: xr.Dataset
    two_deals: xr.Dataset
    reasons: dict[str, xr.Dataset]
    turning: xr.Dataset
    turning_without_debt: xr.Dataset

    @classmethod
    def of(cls, results: dict[str, xr.Dataset]) -> Tables:
        """All tables of the demo's results."""
        main, signed = deals.agreement(results["demo"]), deals.agreement(results["demo-signed-terms"])
        february, april = preset(PRESET, **FEBRUARY), preset(PRESET, **APRIL)
        return cls(
            main=main,
            drafts=deals.recorded_drafts(results["demo"]),
            main_zone=deals.zone_bounds(main, *PLANE),
            signed=signed,
            signed_drafts=deals.recorded_drafts(results["demo-signed-terms"]),
            hypotheses=deals.agreement(results["demo-hypotheses"]),
            two_deals=results["demo-deals"].load(),
            reasons={
                "February 2025 demand": reasons(february, SEED),
                "Agreement of 30 April 2025": reasons(april, SEED),
            },
            turning=turning_points(february, seed=SEED),
            turning_without_debt=turning_points(february.replace(recognised_aid=0.0), seed=SEED),
        )
