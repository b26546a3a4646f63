"""A guarantee takes time to build and Russia time to rearm: how much of the guarantee does the race cost?"""

from __future__ import annotations

from pathlib import Path

from experiments import grid, plots, sweep
from experiments.analysis.paired_differences import paired_difference
from experiments.analysis.shares_and_survival import renewed_war_by_row
from experiments.studies.run_study import Size, main, years_seen

REARMING = {rate: f"Russia rearms in {0.25 / rate:.1f} years" for rate in (0.02, 0.06, 0.1)}


def study(out: Path, size: Size) -> str:
    """A guarantee of .7, imposed, against build-up and rearming, and none; war again after the first ceasefire."""
    design = grid(guarantee_strength=[0, 0.7], guarantee_buildup=(0, 120, size.points), regrouping=[*REARMING])
    design, store = design.with_base(talks="imposed"), out / "slow_guarantee.zarr"
    results = sweep(design, replicates=size.worlds, months=size.months, store=store)

    years = years_seen(size)
    renewed = renewed_war_by_row(results, years).assign_attrs(results.attrs)
    none, promised = (renewed.sel(guarantee_strength=strength, drop=True) for strength in (0, 0.7))
    curves = {f"0.7, {words}": promised.sel(regrouping=rate, drop=True) for rate, words in REARMING.items()}
    axes = plots.curves(curves)
    for rate, line in zip(REARMING, axes.get_lines(), strict=True):
        axes.axhline(float(none["mean"].sel(regrouping=rate)[0]), color=line.get_color(), ls=":", lw=1)
    axes.set_ylabel(f"war again within {years:g} years of a ceasefire\n(share of worlds; dotted: nothing promised)")
    plots.save(axes, out / "slow_guarantee.png")

    slow = results.months_of_fighting.sel(guarantee_strength=0.7, guarantee_buildup=[0, 120])
    added = [f"{words}: {paired_difference(*slow.sel(regrouping=rate))}" for rate, words in REARMING.items()]
    return f"A build-up of ten years, against one at once, adds in months of fighting: {'; '.join(added)}."


if __name__ == "__main__":
    main(study)
