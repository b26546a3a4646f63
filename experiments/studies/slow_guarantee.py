"""A guarantee takes time to build and Russia time to rearm: how much of the guarantee does the race cost?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from experiments import grid, plots, sweep
from experiments.analysis.paired_differences import paired_difference
from experiments.analysis.statistics import renewed_war_by_row
from experiments.studies.run_study import Size, main, years_seen

REARMING = {rate: f"Russia rearms in {0.25 / rate:.1f} years" for rate in (0.02, 0.06, 0.1)}


def study(out: Path, size: Size) -> str:
    """A guarantee of .7, imposed, against build-up and rearming; war again after the first ceasefire."""
    design = grid(guarantee_buildup=(0, 120, size.points), regrouping=list(REARMING)).with_base(talks="imposed")
    shared: dict[str, Any] = {"replicates": size.worlds, "months": size.months}
    results = sweep(design.with_base(guarantee_strength=0.7), store=out / "slow_guarantee.zarr", **shared)
    bare = sweep(grid(regrouping=list(REARMING)).with_base(talks="imposed", guarantee_strength=0), **shared)

    years = years_seen(size)
    renewed, nothing = (renewed_war_by_row(each, years).assign_attrs(each.attrs) for each in (results, bare))
    axes = plots.curves({words: renewed.sel(regrouping=rate, drop=True) for rate, words in REARMING.items()})
    for row, line in enumerate(axes.get_lines()):
        axes.axhline(float(nothing["mean"][row]), color=line.get_color(), ls=":", lw=1)
    axes.set_ylabel(
        f"war again within {years:g} years of the first\nceasefire (share of worlds; dotted: nothing promised)"
    )
    plots.save(axes, out / "slow_guarantee.png")

    cut = nothing["mean"] - renewed["mean"]
    lost = 1 - cut.isel(guarantee_buildup=-1) / cut.isel(guarantee_buildup=0)
    ends = [results.months_of_fighting.sel(guarantee_buildup=months) for months in (0, 120)]
    fought = [paired_difference(*(end.sel(regrouping=rate) for end in ends)) for rate in REARMING]
    rows = zip(REARMING.values(), lost.values, fought, strict=True)
    listed = "; ".join(f"{words}: {part:.0%} and {added}" for words, part, added in rows)
    return f"A build-up of ten years loses of the cut in renewed war, and adds in months of fighting: {listed}."


if __name__ == "__main__":
    main(study)
