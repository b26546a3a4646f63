"""The small tables that the pictures and the eleven lines of the demo are made of."""

from __future__ import annotations

import xarray as xr

from experiments.analysis.deal import agreement_zones as deals
from experiments.analysis.deal.draft_responses import reasons, turning_points
from experiments.analysis.deal.standard_texts import OWN_OFFER
from experiments.analysis.deal.worth_of_parts import worths
from experiments.analysis.deal.zone_shifts import zone_shifts
from experiments.analysis.paired_differences import with_both_accept
from experiments.analysis.sensitivity.report import sensitivity_table
from experiments.studies import what_matters
from model.parameters.presets import preset
from model.parameters.table import DECLARATIONS
from model.talks.recorded_drafts import draft

PRESET, SEED = "documented", 0
PLANE = ("ownership_share", "guarantee_strength")
FEBRUARY, APRIL = ({term: float(value) for term, value in draft(day).items()} for day in ("2025-02-12", "2025-04-30"))
"""The first US draft: half of all resource revenue, 500 bn USD of aid credited, no guarantee; and what was signed."""
POLITICS = {
    "no": dict.fromkeys(("sovereignty_per_ownership", "sovereignty_per_aid"), 0.0),
    "high": {name: DECLARATIONS[name].high for name in ("sovereignty_per_ownership", "sovereignty_per_aid")},
}
"""Political costs of the deal to Ukraine at the two ends of their ranges."""
STORES = ("demo", "demo-no-politics", "demo-high-politics", "demo-hypotheses", "demo-deals", "demo-sensitivity")


class Tables:
    """All that the demo draws and says, computed from the results of its sweeps by name."""

    def __init__(self, results: dict[str, xr.Dataset]) -> None:
        february, april = preset(PRESET, **FEBRUARY), preset(PRESET, **APRIL)
        main = results["demo"]
        self.main, self.drafts = deals.agreement(main), deals.recorded_drafts(main)
        self.politics = {end: deals.agreement(results[f"demo-{end}-politics"]) for end in POLITICS}
        self.hypotheses = deals.agreement(results["demo-hypotheses"])
        each = results["demo-deals"].load()
        self.february, self.april, self.own, self.guarded = (each.isel(policy=at) for at in range(4))
        self.worths, self.shifts = worths(PRESET, SEED), zone_shifts(PRESET, SEED)
        self.reasons = {
            "February 2025 demand": reasons(february, SEED),
            "Agreement of 30 April 2025": reasons(april, SEED),
            "Ukraine's own offer": reasons(preset(PRESET, **OWN_OFFER), SEED),
        }
        self.turning = turning_points(february, seed=SEED)
        swept = with_both_accept(results["demo-sensitivity"])
        self.sensitivity, self.varied = sensitivity_table(swept, what_matters.OUTCOMES), swept.attrs
