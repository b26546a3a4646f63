"""`subsoil run`: one set of terms in many worlds."""

from __future__ import annotations

from typing import Annotated

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
    run_length,
)


def run(  # noqa: PLR0913, PLR0917 - a command line has as many options as it has
    preset: Preset = "documented",
    set_: Set = None,
    terms: Terms = None,
    worlds: Annotated[int, typer.Option(help="Worlds, each with its own random numbers.")] = 1000,
    months: Months = None,
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
    from experiments.cli.outcome_table import show, summary
    from experiments.designs.builders import policies
    from experiments.ensemble.scheduler import Scheduling
    from experiments.ensemble.spec import SweepSpec
    from experiments.ensemble.sweep import run_sweep

    changed, months = changes(terms, set_), run_length(months, preset)
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
    show(table, results.attrs)
    typer.echo(f"Kept in {store}. Look at it: {output.call('plot', store)}")
