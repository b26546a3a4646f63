"""Which assumption that nobody can measure would break the agreement of April 2025?"""

from __future__ import annotations

from pathlib import Path

from experiments import plots, policies, sweep
from experiments.analysis.paired_differences import differences_from, with_both_accept
from experiments.studies.run_study import Size, main, terms_of
from model.parameters.table import DECLARATIONS

BASE = "as assumed"
ASSUMED = (
    "settlement_value", "support_at_stake", "sovereignty_per_ownership", "type_spread", "intervention_cost",
    "broken_word_cost", "full_intervention", "renewal_hazard", "russian_option", "public_support",
)  # fmt: skip
OUTCOMES = ("both_accept", "ukraine_accepts", "united_states_accepts", "ratified")


def study(out: Path, size: Size) -> str:
    """Each assumption alone at either end of its range; who signs the text of April, and does it come into force."""
    ends = {name: (DECLARATIONS[name].low, DECLARATIONS[name].high) for name in ASSUMED}
    cases = {f"{name.replace('_', ' ')} {end:g}": {name: end} for name, pair in ends.items() for end in pair}
    design = policies({BASE: {}, **cases}).with_base(**terms_of("2025-04-30"))
    store = out / "what_breaks_the_deal.zarr"
    results = sweep(design, replicates=size.worlds, months=size.months, store=store)

    both = with_both_accept(results).both_accept.mean("replicate").to_series().sort_values()
    table = differences_from(results, BASE, OUTCOMES).sort_values("row", key=lambda row: row.map(both), kind="stable")
    note = f"text of 30 April 2025, {size.worlds} worlds a point; ratified: if it is tabled, whatever Washington gains"
    axes = plots.differences_by_row(table, BASE, note=note)
    plots.save(axes, out / "what_breaks_the_deal.png")

    listed = "; ".join(f"{row} {share:.0%}" for row, share in both.head(3).items())
    return f"Both would sign in {both[BASE]:.0%} of worlds as assumed; least often with {listed}."


if __name__ == "__main__":
    main(study)
