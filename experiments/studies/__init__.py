"""Studies: one question each, with its design, its run, its statistic and its picture; made to be copied.

    python -m experiments.studies.ownership_share --out results/mine

A study is a module with one function, `study`, which is handed a folder and a size and says what came out.
"""

from __future__ import annotations

STUDIES = (
    "ownership_share", "guarantee_strength", "both_terms", "slow_guarantee", "security_weights", "china_policy",
    "european_guarantee", "what_matters", "what_breaks_the_deal", "conditions_without_deal",
)  # fmt: skip
"""The studies by name, in the order in which to read them."""
