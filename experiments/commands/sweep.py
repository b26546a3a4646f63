"""`subsoil sweep`: a grid of parameters, each point in many worlds with shared luck."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from experiments.commands.options import (
    Json,
    Months,
    Preset,
    Processes,
    Seed,
    Set,
    Store,
    Terms,
    changes,
    fingerprint,
    process_count,
)


def sweep(  # noqa: PLR0913, PLR0917 - a command line has as many options as it has
    over: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME=LOW:HIGH:POINTS | NAME=A,B,C ...", help="What varies, e.g. ownership_share=0:1:21."
        ),
    ] = None,
    over_: Annotated[
        list[str] | None, typer.Option("--over", metavar="NAME=...", help="The same, as an option.")
    ] = None,
    preset: Preset = "documented",
    set_: Set = None,
    terms: Terms = None,
    replicates: Annotated[
        int, typer.Option(help="Worlds at each point; replicate r has the same luck everywhere.")
    ] = 200,
    months: Months = 180,
    seed: Seed = 0,
    record: Annotated[
        str, typer.Option(help="Months kept: outcomes (none), summaries, trajectories, or variables, comma-separated.")
    ] = "outcomes",
    store: Store = None,
    processes: Processes = 0,
    block_worlds: Annotated[int, typer.Option(help="Worlds computed together, a block of the store.", min=1)] = 4096,
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="A Dask scheduler to send the blocks to, e.g. tcp://host:8786."),
    ] = None,
    workers: Annotated[int | None, typer.Option(help="Workers of a Dask cluster started here.", min=1)] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what it would take, and run nothing.")] = False,
    json: Json = False,
) -> None:
    """Run a grid of parameters.

    What is interrupted goes on with the same call.

    Example: subsoil sweep ownership_share=0:1:11 tripwire=H0,H2 --set guarantee_strength=0.4
    """
    from experiments import designs, runner

    levels = axes([*(over or []), *(over_ or [])])
    changed = {name: value for name, value in changes(terms, set_).items() if name not in levels}
    design = designs.grid(**levels).with_base(preset, **changed)
    kept = record if record in ("outcomes", "summaries", "trajectories") else record.split(",")
    facts = {
        "over": {name: str(values) for name, values in levels.items()}, "preset": preset, "changes": changed,
        "replicates": replicates, "months": months, "seed": seed, "record": record,
    }  # fmt: skip
    where = store or f"results/sweep-{fingerprint(**facts)}.zarr"
    settings: dict[str, Any] = {
        "replicates": replicates, "months": months, "seed": seed, "record": kept, "store": where,
        "block_worlds": block_worlds,
    }  # fmt: skip
    count = process_count(processes)
    if dry_run:
        _forecast(runner.plan(design, processes=workers or count, **settings), json)
        return
    cluster: dict[str, Any] = {"scheduler": scheduler, "workers": workers}
    results = runner.sweep(design, processes=count, progress=not json, **settings, **cluster)
    if json:
        import json as text

        typer.echo(
            text.dumps(
                {"store": where, **facts, "worlds": len(design) * replicates, "complete": bool(results.complete)}
            )
        )
        return
    typer.echo(f"{len(design):,} points × {replicates:,} worlds. Kept in {where}. Look at it: subsoil plot {where}")


def axes(given: list[str]) -> dict[str, Any]:
    """The axes of the grid. Raises ValueError for what is not one."""
    if not given:
        raise ValueError("nothing to sweep over: give e.g. ownership_share=0:1:21")
    found: dict[str, Any] = {}
    for text in given:
        name, equals, values = text.partition("=")
        if not equals or not values:
            raise ValueError(f"{text!r}: needs name=low:high:points or name=a,b,c")
        if name in found:
            raise ValueError(f"{name} is given twice")
        found[name] = _levels(text, values)
    return found


def _levels(text: str, values: str) -> Any:
    if ":" in values:
        parts = values.split(":")
        try:
            low, high, points = float(parts[0]), float(parts[1]), int(parts[2])
        except (ValueError, IndexError):
            raise ValueError(f"{text!r}: needs name=low:high:points, e.g. ownership_share=0:1:21") from None
        return low, high, points
    if values == "all":
        return "all"
    listed = values.split(",")
    try:
        return [float(each) for each in listed]
    except ValueError:
        return [each.strip() for each in listed]


def _forecast(expected: Any, json: bool) -> None:
    if not json:
        typer.echo(f"{expected}. Nothing was run; leave out --dry-run to start.")
        return
    import json as text
    from dataclasses import asdict

    typer.echo(text.dumps(asdict(expected)))
