"""On which ownership shares and guarantees together would both sign, and does one pay for the other?"""

from __future__ import annotations

from pathlib import Path

from experiments import grid, plots, sweep
from experiments.analysis.deal.agreement_zones import agreement, nash_point, recorded_drafts, zone_bounds
from experiments.studies.run_study import Size, main

TERMS = ("ownership_share", "guarantee_strength")


def study(out: Path, size: Size) -> str:
    """Every share with every strength, of all resource revenue, with no aid credited; where both would sign."""
    design = grid(ownership_share=size.points, guarantee_strength=size.points)
    store = out / "both_terms.zarr"
    results = sweep(design, replicates=size.worlds // 2, months=size.months, store=store)

    zone = agreement(results)
    nash = nash_point(zone, *TERMS)
    axes = plots.zone_map(zone, drafts=recorded_drafts(results), points={"Nash": nash})
    plots.save(axes, out / "both_terms.png")

    area = float(zone_bounds(zone, *TERMS).area)
    ceded = zone.ownership_share.where(zone.zone).max("ownership_share")
    levels = "; ".join(f"{float(each):g} at {float(each.guarantee_strength):g}" for each in ceded.dropna(TERMS[1]))
    best = ", ".join(f"{name.replace('_', ' ')} {float(nash[name]):g}" for name in TERMS)
    return (
        f"Both would sign in at least half of worlds on {area:.0%} of the map. The largest share that they would, by "
        f"guarantee: {levels or 'none'}. The Nash point of the mean gains: {best}."
    )


if __name__ == "__main__":
    main(study)
