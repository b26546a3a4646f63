"""What do the signature, the peace and China's share each depend on, of all that the model leaves open?"""

from __future__ import annotations

from pathlib import Path

from experiments import Design, plots, sobol, sweep
from experiments.analysis.paired_differences import with_both_accept
from experiments.analysis.sensitivity.report import leading_words, sensitivity_table
from experiments.studies.run_study import Size, main, terms_of

GROUPS = {
    "terms of the deal": ("ownership_share", "guarantee_strength", "guarantee_buildup"),
    "what Washington cares for": ("settlement_value", "intervention_cost", "support_at_stake"),
    "war and ceasefire": ("war_cost_russia", "ceasefire_hazard", "renewal_hazard"),
    "what a US stake does": ("tripwire",),
    "what China wants": ("china_objective",),
    "mines and demand": ("entry_rate", "china_cost_advantage", "magnet_growth"),
}
OUTCOMES = ("both_accept", "peace_holds", "china_mine_share_end")


def design(points: int) -> Design:
    """The text of April 2025, with each group of inputs drawn over its whole range as one."""
    inputs = [name for names in GROUPS.values() for name in names]
    return sobol(points, *inputs, groups=GROUPS).with_base(**terms_of("2025-04-30", *inputs))


def study(out: Path, size: Size) -> str:
    """Sobol' indices of the groups, with more base points the more worlds a point are asked for."""
    drawn, store = design(2 ** max(size.worlds.bit_length(), 6)), out / "what_matters.zarr"
    results = sweep(drawn, replicates=max(size.worlds // 25, 4), months=size.months, store=store)
    table = sensitivity_table(with_both_accept(results), OUTCOMES)
    plots.save(plots.sensitivity_bars(table, results.attrs), out / "what_matters.png")
    return f"Of the variance of what is to be expected (total Sobol' indices): {leading_words(table)}."


if __name__ == "__main__":
    main(study)
