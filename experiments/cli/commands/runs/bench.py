"""`subsoil bench`: worlds per second against other runners of the same model, and where the time goes."""

from __future__ import annotations

import os
import platform
from typing import Annotated

import typer

from experiments.cli import output
from experiments.cli.options import Json


def bench(
    phases: Annotated[bool, typer.Option("--phases", help="Only say where the time of a month goes.")] = False,
    large: Annotated[bool, typer.Option("--large", help="Go up to a million worlds (minutes).")] = False,
    quick: Annotated[bool, typer.Option("--quick", help="Smaller ensembles, rougher numbers.")] = False,
    json: Json = False,
) -> None:
    """Worlds per second beside other runners.

    Against Mesa's batch_run and the EMA workbench.

    Measured in one run on this machine: the ensemble on one and two processes, its start, what a block costs,
    scaling, memory and resuming, each with its bar; on a machine busy with other work no bar is judged. The rows
    of the EMA workbench need ema-workbench.
    """
    from experiments.benchmark.benchmark import measure, measure_phases

    rows = measure_phases() if phases else measure(large=large, quick=quick)
    if json:
        output.print_json(rows)
        return
    output.print_markdown({name: row[name] for name in ("what", "value", "unit", "note")} for row in rows)
    typer.echo(f"\nMeasured on {os.cpu_count()} cores with Python {platform.python_version()}.")
    typer.echo("Where the time goes: subsoil bench --phases")
