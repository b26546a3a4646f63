"""`subsoil study`: the questions that are asked already, each a short script to copy."""

from __future__ import annotations

from typing import Annotated

import typer

from experiments.cli import output
from experiments.cli.options import one_of


def study(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="Which; without one they are listed.")] = "",
    out: Annotated[
        str | None, typer.Option(metavar="FOLDER", help="Folder for the store and the picture; in results by default.")
    ] = None,
    small: Annotated[bool, typer.Option("--small", help="Few worlds and points, for a first look.")] = False,
) -> None:
    """One question with its design, run, statistic and picture.

    Each is a script of some thirty lines in experiments/studies, to be copied for a question of your own.

    Example: subsoil study ownership_share --small
    """
    import importlib

    from experiments.studies import STUDIES

    modules = {each: importlib.import_module(f"experiments.studies.{each}") for each in STUDIES if name in ("", each)}
    if not name:
        rows = [{"study": each, "question": module.__doc__ or ""} for each, module in modules.items()]
        output.print_table(rows)
        return
    module = modules[one_of("NAME", name, modules or STUDIES)]
    from experiments.studies.run_study import run_study

    output.print_text(run_study(module.study, out, small))
