"""Which assumptions together keep the agreement of April 2025 from coming into force?"""

from __future__ import annotations

from pathlib import Path

from experiments import discover, latin_hypercube, plots, sweep
from experiments.analysis.discovery.report import box_words
from experiments.studies.run_study import Size, main, terms_of
from experiments.studies.what_breaks_the_deal import ASSUMED

POINTS, PART = 60, 10
"""Points of the sample for each of an axis, and the part of an axis' worlds that each has."""


def study(out: Path, size: Size) -> str:
    """All of ten assumptions at once, over their ranges, and the box in which the deal fails most often."""
    design = latin_hypercube(POINTS * size.points, *ASSUMED).with_base(**terms_of("2025-04-30"))
    store = out / "conditions_without_deal.zarr"
    results = sweep(design, replicates=size.worlds // PART, months=size.months, store=store)

    found = discover(results, "ratified < 0.5")
    plots.save(plots.discovery_boxes([found], results.attrs), out / "conditions_without_deal.png")

    said = f"It does not come into force in {found.points.base:.0%} of worlds"
    if not found.restrictions:
        return f"{said}; {found.note}."
    inside, coverage = found.measures.density, found.measures.coverage
    return f"{said}, but in {inside:.0%} where {box_words(found)}, which holds {coverage:.0%} of these failures."


if __name__ == "__main__":
    main(study)
