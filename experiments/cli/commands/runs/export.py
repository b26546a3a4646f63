"""`subsoil export`: a store as one table, for other programs."""

from __future__ import annotations

from typing import Annotated

import typer


def export(
    store: Annotated[str, typer.Argument(metavar="STORE", help="The store, e.g. results/mine.zarr.")],
    path: Annotated[str, typer.Argument(metavar="FILE", help="Where to write; the name ends in .parquet or .csv.")],
    variable: Annotated[
        list[str] | None, typer.Option("--variable", metavar="NAME", help="A variable to write; may be repeated.")
    ] = None,
) -> None:
    """Write a store's outcomes to Parquet or CSV.

    Or some of its variables.

    One row per point and world, with the parameters of the point; monthly variables have a row per month too.

    Example: subsoil export results/mine.zarr mine.csv --variable signed --variable renewed_war_10y
    """
    from experiments.store import export as exporting

    rows = exporting.export(store, path, variable)
    typer.echo(f"{rows:,} rows in {path}. Units and meanings: subsoil info variables")
