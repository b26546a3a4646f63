"""What does a European guarantee add to an American one, and can it replace it?"""

from __future__ import annotations

from pathlib import Path

from experiments import grid, plots, sweep
from experiments.analysis.paired_differences import paired_difference
from experiments.analysis.shares_and_survival import renewed_war_by_row
from experiments.studies.run_study import Size, main, years_seen

AMERICAN = {0.0: "no American guarantee", 0.4: "American guarantee of 0.4", 0.7: "American guarantee of 0.7"}


def study(out: Path, size: Size) -> str:
    """European strengths beside three American ones, imposed; war again after the first ceasefire."""
    design = grid(european_guarantee=size.points, guarantee_strength=list(AMERICAN)).with_base(talks="imposed")
    store = out / "european_guarantee.zarr"
    results = sweep(design, replicates=size.worlds, months=size.months, store=store)

    years = years_seen(size)
    renewed = renewed_war_by_row(results, years).assign_attrs(results.attrs)
    curves = {words: renewed.sel(guarantee_strength=level, drop=True) for level, words in AMERICAN.items()}
    axes = plots.curves(curves)
    axes.set_ylabel(f"war again within {years:g} years of\nthe first ceasefire (share of worlds)")
    plots.save(axes, out / "european_guarantee.png")

    fighting = results.months_of_fighting
    added = {words: paired_difference(*(fighting.sel(guarantee_strength=level, european_guarantee=g) for g in (0, 1)))
             for level, words in AMERICAN.items()}  # fmt: skip
    listed = "; ".join(f"with {words} {change}" for words, change in added.items())
    return f"Months of fighting that a full European guarantee adds: {listed}."


if __name__ == "__main__":
    main(study)
