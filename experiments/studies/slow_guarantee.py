"""A guarantee takes time to build and Russia time to rearm: how much of the guarantee does the race cost?"""

from __future__ import annotations

from pathlib import Path

from experiments import grid, plots, sweep
from experiments.analysis.paired_differences import paired_difference
from experiments.analysis.statistics import renewed_war_by_row
from experiments.studies.run_study import Size, main

REARMING = {0.02: "Russia rearms in 12½ years", 0.06: "in 4 years", 0.1: "in 2½ years"}
"""Part of its rearming that Russia makes good in a quarter, and what that means."""


def study(out: Path, size: Size) -> str:
    """A guarantee of .7, imposed, against build-up and rearming; war again after the first ceasefire."""
    design = grid(guarantee_buildup=(0, 120, size.points), regrouping=list(REARMING))
    design = design.with_base(talks="imposed", guarantee_strength=0.7)
    store = out / "slow_guarantee.zarr"
    results = sweep(design, replicates=size.worlds, months=size.months, store=store)

    renewed = renewed_war_by_row(results, size.months / 18).assign_attrs(results.attrs)
    curves = {words: renewed.sel(regrouping=rate, drop=True) for rate, words in REARMING.items()}
    plots.save(plots.curves(curves), out / "slow_guarantee.png")

    fighting = results.months_of_fighting
    slow = {rate: paired_difference(*(fighting.sel(regrouping=rate, guarantee_buildup=months) for months in (0, 120)))
            for rate in REARMING}  # fmt: skip
    listed = "; ".join(f"{words}: {slow[rate]}" for rate, words in REARMING.items())
    return f"Months of fighting that a build-up of ten years adds to a guarantee in force at once: {listed}."


if __name__ == "__main__":
    main(study)
