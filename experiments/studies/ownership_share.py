"""Which ownership share would both sign, in the text of April 2025, and what does it change?"""

from __future__ import annotations

from pathlib import Path

from experiments import grid, plots, sweep
from experiments.analysis.paired_differences import paired_difference, with_both_accept
from experiments.analysis.quantile_bands import means
from experiments.studies.run_study import Size, main, terms_of

WHO = {"Ukraine would sign": "ukraine_accepts", "the United States would sign": "united_states_accepts"}


def study(out: Path, size: Size) -> str:
    """Shares from nought to all, every other term as signed; who signs, and how much fighting there is."""
    design = grid(ownership_share=size.points).with_base(**terms_of("2025-04-30", "ownership_share"))
    store = out / "ownership_share.zarr"
    results = with_both_accept(sweep(design, replicates=size.worlds, months=size.months, store=store))

    shown = WHO | {"both would sign": "both_accept"}
    curves = {words: means(results[name], "replicate") for words, name in shown.items()}
    axes = plots.curves({words: table.assign_attrs(results.attrs) for words, table in curves.items()})
    plots.save(axes, out / "ownership_share.png")

    none, every = (results.sel(ownership_share=share) for share in (0, 1))
    signs = paired_difference(none.both_accept, every.both_accept)
    fighting = paired_difference(none.months_of_fighting, every.months_of_fighting)
    return f"All instead of nothing: both would sign {signs} as a share of worlds; months of fighting {fighting}."


if __name__ == "__main__":
    main(study)
