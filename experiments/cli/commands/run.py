"""`subsoil run`: one set of terms in many worlds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli import output
from experiments.cli.design_options import Yes
from experiments.cli.options import (
    Json,
    Months,
    Precision,
    Preset,
    Processes,
    Seed,
    Set,
    Terms,
    changes,
    fingerprint,
    process_count,
)

if TYPE_CHECKING:
    import xarray as xr

SHOWN = (
    "ukraine_accepts", "united_states_accepts", "signed", "ratified", "month_signed", "ukraine_gain",
    "united_states_gain", "guarantee_broken", "peace_holds", "renewed_war_5y", "renewed_war_10y",
    "months_of_fighting", "occupied_share_end", "first_output_month", "received_by_united_states",
    "china_mine_share_2025", "china_mine_share_end", "china_separation_share_end", "price_magnet_end",
    "price_heavy_end", "peak_wedge_heavy",
)  # fmt: skip


def run(  # noqa: PLR0913, PLR0917 - a command line has as many options as it has
    preset: Preset = "documented",
    set_: Set = None,
    terms: Terms = None,
    worlds: Annotated[int, typer.Option(help="Worlds, each with its own random numbers.")] = 1000,
    months: Months = 180,
    seed: Seed = 0,
    record: Annotated[
        str, typer.Option(help="Months kept: trajectories (all), outcomes (none), or variables, comma-separated.")
    ] = "trajectories",
    out: Annotated[str | None, typer.Option(help="Folder for the results; by default one in results/.")] = None,
    processes: Processes = 1,
    precision: Precision = "single",
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Run one set of terms in many worlds.

    Example: subsoil run --terms 2025-04-30 --set tripwire=H2 --worlds 2000
    """
    from experiments.cli.design_options import recorded, refuse_if_large
    from experiments.designs.builders import policies
    from experiments.ensemble.scheduler import Scheduling
    from experiments.ensemble.spec import SweepSpec
    from experiments.ensemble.sweep import run_sweep

    changed = changes(terms, set_)
    design = policies({"run": {}}, preset=preset).with_base(**changed)
    spec = SweepSpec(design, worlds, months, seed=seed, record=recorded(record), precision=precision)
    choices = {"months": months, "seed": seed, "record": record, "precision": precision}
    facts = {"preset": preset, "changes": changed, "worlds": worlds, **choices}
    store = out or f"results/run-{fingerprint(**facts)}.zarr"
    scheduling = Scheduling(process_count(processes))
    refuse_if_large(spec, store, scheduling, yes)
    results = run_sweep(spec, store, scheduling, progress=not json)
    table = summary(results.isel(policy=0))
    if json:
        output.print_json({"store": store, **facts, "outcomes": table})
        return
    show(table, worlds)
    typer.echo(f"Kept in {store}. Look at it: {output.call('plot', store)}")


def summary(results: xr.Dataset) -> dict[str, dict[str, Any]]:
    """Mean, standard error and 5-95 % range over worlds of every outcome."""
    import numpy as np

    table: dict[str, dict[str, Any]] = {}
    for name, outcome in results.data_vars.items():
        if outcome.dims != ("replicate",):
            continue
        values = np.asarray(outcome.values, dtype=np.float64)
        known = values[np.isfinite(values)]
        row = {"unit": outcome.attrs["unit"], "meaning": outcome.attrs["meaning"], "worlds": len(known)}
        if len(known):
            low, middle, high = np.quantile(known, [0.05, 0.5, 0.95])
            error = known.std(ddof=1) / np.sqrt(len(known)) if len(known) > 1 else np.nan
            row |= {"mean": known.mean(), "error": error, "median": middle, "low": low, "high": high}
        table[str(name)] = row
    return table


def show(table: dict[str, dict[str, Any]], worlds: int) -> None:
    """Print the outcomes that most people want."""
    rows = []
    for name in SHOWN:
        if (row := table.get(name)) is None:
            continue
        known, truth = row["worlds"], row["unit"] == "0/1"
        words = row["meaning"] + (f" ({known / worlds:.0%} of worlds)" if 0 < known < worlds else "")
        shown = {"outcome": words, "mean": "never", "± error": "", "median": "", "5 % to 95 %": "", "unit": ""}
        if known:
            shown |= {"mean": f"{row['mean']:.3g}", "unit": "share of worlds" if truth else row["unit"]}
            shown["± error"] = f"{row['error']:.2g}" if row["error"] >= 0 else ""
        if known and not truth:
            shown |= {"median": f"{row['median']:.3g}", "5 % to 95 %": f"{row['low']:.3g} to {row['high']:.3g}"}
        rows.append(shown)
    output.print_table(rows, title=f"{worlds:,} worlds")
