"""What does it change if one of the four countries cares more for security than for revenue, or less?"""

from __future__ import annotations

from pathlib import Path

from experiments import plots, policies, sweep
from experiments.analysis.paired_differences import differences_from
from experiments.studies.run_study import Size, main, terms_of
from model.record.variables import DECIDING, NAMES

BASE = "all weights 0.5"
OUTCOMES = ("ukraine_accepts", "united_states_accepts", "peace_holds", "china_mine_share_end")


def study(out: Path, size: Size) -> str:
    """The agreement of April 2025; each country's weight of security at .2 and .8, the others' at a half."""
    cases = {f"{NAMES[who]}: {weight}": {f"{who}_security_weight": weight} for who in DECIDING for weight in (0.2, 0.8)}
    design = policies({BASE: {}, **cases}).with_base(**terms_of("2025-04-30"))
    store = out / "security_weights.zarr"
    results = sweep(design, replicates=size.worlds, months=size.months, store=store)

    table = differences_from(results, BASE, OUTCOMES)
    note = f"text of 30 April 2025; {plots.worlds_a_point(results.attrs)}; {size.months} months"
    plots.save(plots.differences_by_row(table, BASE, note=note), out / "security_weights.png")

    clear = table.loc[table.groupby("outcome", sort=False)["in_errors"].idxmax()]
    listed = "; ".join(f"{row.meaning}: {row.row} ({row.difference:+.2g})" for row in clear.itertuples())
    return f"The clearest change of each outcome, as a share: {listed}."


if __name__ == "__main__":
    main(study)
