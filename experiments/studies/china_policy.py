"""What do China's export policies do to prices abroad, to its own share of mining, and to what it earns?"""

from __future__ import annotations

from pathlib import Path

from experiments import plots, policies, sweep
from experiments.analysis.paired_differences import differences_from
from experiments.studies.run_study import Size, main

BASE = "open: no restriction"
CASES = {
    "licences for heavy": "licence_heavy", "licences for all": "licence_all", "embargo on the US": "embargo",
    "mines more": "expand", "decides each quarter": "strategic",
}  # fmt: skip
OUTCOMES = ("peak_wedge_heavy", "price_magnet_end", "china_mine_share_end", "welfare_china")


def study(out: Path, size: Size) -> str:
    """One policy throughout, or China's own choice each quarter, against open exports."""
    cases = {words: {"china_policy": policy} for words, policy in CASES.items()}
    design = policies({BASE: {"china_policy": "open"}, **cases})
    store = out / "china_policy.zarr"
    results = sweep(design, replicates=size.worlds, months=size.months, store=store)

    table = differences_from(results, BASE, OUTCOMES)
    note = f"{plots.worlds_a_point(results.attrs)}; {size.months} months"
    axes = plots.differences_by_row(table, BASE, note=note)
    plots.save(axes, out / "china_policy.png")

    heavy = table[table["outcome"] == "peak_wedge_heavy"]
    listed = "; ".join(f"{row.row} {row.difference:+.2f}" for row in heavy.itertuples())
    return f"Largest log gap of the heavy price abroad over China's, against open exports: {listed}."


if __name__ == "__main__":
    main(study)
