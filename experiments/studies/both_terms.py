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
    most = zone.both_sign.isel(zone.both_sign.argmax(TERMS))
    at, best = (", ".join(f"{name.replace('_', ' ')} {float(each[name]):g}" for name in TERMS) for each in (most, nash))
    return (
        f"Both would sign in at least half of worlds on {area:.0%} of the map, most often ({float(most):.0%}) at {at}. "
        f"The Nash point of the mean gains: {best}."
    )


if __name__ == "__main__":
    main(study)
