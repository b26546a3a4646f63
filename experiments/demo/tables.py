"""The small tables that the pictures and the ten lines of the demo are made of."""

from __future__ import annotations

import xarray as xr

from experiments.analysis import agreement_zones as deals
from experiments.analysis.acceptance_reasons import reasons, turning_points
from model.parameters.presets import preset
from model.talks.recorded_drafts import draft

PRESET, SEED = "documented", 0
PLANE = ("ownership_share", "guarantee_strength")
FEBRUARY, APRIL = ({term: float(value) for term, value in draft(day).items()} for day in ("2025-02-12", "2025-04-30"))
"""The first US draft: half of all resource revenue, 500 bn USD of aid credited, no guarantee; and what was signed."""


class Tables:
    """All that the demo draws and says, computed from the results of its sweeps by name."""

    def __init__(self, results: dict[str, xr.Dataset]) -> None:
        february, april = preset(PRESET, **FEBRUARY), preset(PRESET, **APRIL)
        main, signed = results["demo"], results["demo-signed-terms"]
        self.main, self.drafts = deals.agreement(main), deals.recorded_drafts(main)
        self.signed, self.signed_drafts = deals.agreement(signed), deals.recorded_drafts(signed)
        self.hypotheses = deals.agreement(results["demo-hypotheses"])
        both = results["demo-deals"].load()
        self.february, self.april = both.isel(policy=0), both.isel(policy=1)
        self.reasons = {
            "February 2025 demand": reasons(february, SEED),
            "Agreement of 30 April 2025": reasons(april, SEED),
        }
        self.turning = turning_points(february, seed=SEED)
        self.turning_without_debt = turning_points(february.replace(recognised_aid=0.0), seed=SEED)
