"""`subsoil sweep`: a grid, a sample or a table of parameters, each point in many worlds with shared random numbers."""

from __future__ import annotations

from dataclasses import asdict
from importlib import import_module
from typing import Annotated, Any

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
    Store,
    Terms,
    assignments,
    changes,
    fingerprint,
    process_count,
    run_length,
)
from experiments.errors import InputError


def sweep(  # noqa: PLR0913, PLR0917 - a command line has as many options as it has
    over: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME=LOW:HIGH:POINTS | NAME=A,B,C ...",
            help="What varies, e.g. ownership_share=0:1:21; of a sample NAME=LOW:HIGH, or NAME for all its range.",
        ),
    ] = None,
    over_: Annotated[
        list[str] | None, typer.Option("--over", metavar="NAME=...", help="The same, as an option.")
    ] = None,
    design: Annotated[
        list[str] | None,
        typer.Option("--design", metavar="FILE.csv", help="A table, one row per point; several are crossed."),
    ] = None,
    sample: Annotated[
        str | None, typer.Option(metavar="lhs|sobol|morris", help="Draw points from ranges instead of a grid.")
    ] = None,
    points: Annotated[
        int | None,
        typer.Option(help="Points of lhs; base points of sobol, a power of 2; trajectories of morris.", min=1),
    ] = None,
    second_order: Annotated[
        bool, typer.Option("--second-order", help="With sobol: rows for the indices of pairs as well.")
    ] = False,
    log: Annotated[
        list[str] | None, typer.Option("--log", metavar="NAME", help="Space this parameter by equal ratios.")
    ] = None,
    preset: Preset = "documented",
    set_: Set = None,
    terms: Terms = None,
    replicates: Annotated[
        int, typer.Option(help="Worlds at each point; replicate r has the same random numbers everywhere.")
    ] = 200,
    months: Months = None,
    seed: Seed = 0,
    record: Annotated[
        str, typer.Option(help="Months kept: outcomes (none), summaries, trajectories, or variables, comma-separated.")
    ] = "outcomes",
    store: Store = None,
    processes: Processes = 0,
    block_worlds: Annotated[
        int | None, typer.Option(help="Worlds computed together, a block of the store; by default up to 8192.", min=1)
    ] = None,
    precision: Precision = "single",
    scheduler: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="A Dask scheduler to send the blocks to, e.g. tcp://host:8786. Its workers are faster where they were "
            "started with MALLOC_TRIM_THRESHOLD_=1073741824 in their environment.",
        ),
    ] = None,
    workers: Annotated[int | None, typer.Option(help="Workers of a Dask cluster started here.", min=1)] = None,
    yes: Yes = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what it would take, and run nothing.")] = False,
    json: Json = False,
) -> None:
    """Run a grid of parameters, a sample of them, or a table of yours.

    What is interrupted goes on with the same call, and more --replicates are computed on top.

    Tables have a column per parameter, and if you like a column policy or scenario that names the row.

    Example: subsoil sweep ownership_share=0:1:11 tripwire=H0,H2 --set guarantee_strength=0.4

    Example: subsoil sweep --sample lhs --points 500 ownership_share guarantee_strength=0:0.7

    Example: subsoil sweep --design policies.csv --design scenarios.csv --replicates 1000
    """
    from experiments.ensemble.signals import held_back

    with held_back():  # an interrupt amid an import can be lost: it is heard right after
        import_module("model.simulation")
        from experiments.cli.design_options import design_of, recorded, refuse_if_large
        from experiments.ensemble.scheduler import Scheduling
        from experiments.ensemble.spec import SweepSpec
        from experiments.ensemble.sweep import dry_run_of, run_sweep

    ranges, months = [*(over or []), *(over_ or [])], run_length(months, preset)
    rows = design_of(ranges, design or [], sample, points, log or [], seed, second_order)
    for name in assignments(set_):
        if name in rows.names:
            raise InputError(f"{name} varies in this sweep, so --set {name}=... would mean nothing")
    changed = {name: value for name, value in changes(terms, set_).items() if name not in rows.names}
    choices: dict[str, Any] = {"replicates": replicates, "months": months, "seed": seed, "precision": precision}
    based, kept = rows.with_base(preset, **changed), recorded(record)
    spec = SweepSpec(based, record=kept, block_worlds=block_worlds, **choices)
    facts = {
        "over": ranges, "tables": design or [], "sample": sample, "points": len(rows), "design": rows.digest(),
        "preset": preset, "changes": changed, "record": record, **choices,
    }  # fmt: skip
    where = store or f"results/sweep-{fingerprint(**facts)}.zarr"
    scheduling = Scheduling(process_count(processes), workers, scheduler)
    if dry_run:
        expected = dry_run_of(spec, where, scheduling)
        if json:
            output.print_json(asdict(expected))
        else:
            typer.echo(f"{expected}. Nothing was run; leave out --dry-run to start.")
        return
    refuse_if_large(spec, where, scheduling, yes)
    results = run_sweep(spec, where, scheduling, progress=not json)
    complete = bool(results.complete)
    if json:
        output.print_json({"store": where, **facts, "worlds": len(rows) * replicates, "complete": complete})
    else:
        size = f"{len(rows):,} point{'s' * (len(rows) > 1)} × {replicates:,} worlds"
        typer.echo(f"{size}. Kept in {where}. Look at it: {output.call('plot', where)}")
    if not complete or results.rows_failed:
        failed = f"{results.rows_failed:,} row{'s' * (results.rows_failed != 1)} failed"
        typer.echo(f"subsoil: {failed}; which and why: {output.call('info', where, '--failures')}", err=True)
        raise typer.Exit(1)
