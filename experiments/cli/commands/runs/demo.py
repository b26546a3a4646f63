"""`subsoil demo`: the main question on the real data."""

from __future__ import annotations

from typing import Annotated

import typer

from experiments.cli.options import Processes, process_count


def demo(
    out: Annotated[str, typer.Option(help="Folder for the results and pictures.")] = "results",
    processes: Processes = 0,
    fresh: Annotated[bool, typer.Option("--fresh", help="Remove earlier results of the demo first.")] = False,
    small: Annotated[bool, typer.Option("--small", help="A coarse grid and few worlds, for a first look.")] = False,
) -> None:
    """The main question on the real data, with its pictures.

    Ownership share × guarantee strength: who signs, does the peace hold, what happens to rare earths?
    """
    from experiments.demo import LARGE, SMALL, show

    show(out, SMALL if small else LARGE, process_count(processes), fresh)
