"""`subsoil info`: tables of parameters, presets, variables, reasons, drafts and sources, or what a store holds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from experiments.cli import output
from experiments.cli.options import Json
from experiments.errors import InputError


def info(
    topic: Annotated[
        str,
        typer.Argument(
            metavar="TOPIC|STORE", help="parameters, presets, variables, reasons, drafts, sources, or a store."
        ),
    ],
    like: Annotated[str, typer.Option(help="Only rows that contain this word.")] = "",
    json: Json = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the table as Markdown.")] = False,
    failures: Annotated[
        bool, typer.Option("--failures", help="Of a store: the rows that failed, with parameters and traceback.")
    ] = False,
) -> None:
    """Parameters, presets, variables, reasons, drafts, sources, or a store.

    What can be asked, what is assumed and where it comes from, or what a store holds.

    Example: subsoil info parameters --like guarantee
    """
    tables = _tables()
    if topic in tables:
        rows = [row for row in tables[topic] if like.lower() in str(list(row.values())).lower()]
        if json:
            output.print_json(rows)
        elif markdown:
            output.print_markdown(rows)
        else:
            output.print_table(rows, digits=6)
        return
    if not Path(topic).exists() and "://" not in topic:
        from model.parameters.declaration import nearest

        raise InputError(f"{topic!r} is neither a store nor a topic: {nearest(topic, tables)}")
    if failures:
        _failures(topic, json)
        return
    from experiments.store.store_info import describe

    described = describe(topic)
    if json:
        output.print_json(described.facts)
        return
    if described.facts["caution"]:
        typer.echo(f"subsoil: {described.facts['caution']}", err=True)
    typer.echo(str(described))
    if described.facts["rows_failed"]:
        typer.echo(f"What failed, and why: {output.call('info', topic, '--failures')}")
    typer.echo(f"Look at it: {output.call('plot', topic)}")


def _failures(store: str, json: bool) -> None:
    """Every row that failed, in full."""
    from experiments.ensemble.sweep import failures

    rows = failures(store)
    if json:
        output.print_json(rows)
        return
    for row in rows:
        last = row["row"] + row["rows"] - 1
        which = f"row {row['row']}" if row["rows"] == 1 else f"rows {row['row']} to {last}, which begin with"
        parameters = ", ".join(f"{name}={output.cell(value)}" for name, value in row["parameters"].items())
        typer.echo(f"{which} ({parameters}), replicates {row['replicates'][0]} to {row['replicates'][1] - 1}")
        typer.echo(row["traceback"])
    typer.echo(f"{sum(row['rows'] for row in rows):,} rows failed" if rows else "no row has failed")


def _tables() -> dict[str, list[dict[str, Any]]]:
    """The rows of every topic."""
    from model import data
    from model.parameters.presets import PRESETS
    from model.parameters.table import DECLARATIONS
    from model.record.variables import OUTCOMES, TRAJECTORIES
    from model.states.reasons import REASONS

    declared = ("name", "default", "unit", "range_text", "meaning", "kind", "source")
    differs = {name: ", ".join(f"{key}={value}" for key, value in each.items()) for name, each in PRESETS.items()}
    variables = [("outcome", ", ".join(each.dims), each) for each in OUTCOMES.values()] + [
        ("monthly", "", each) for each in TRAJECTORIES.values()
    ]
    reasons = [
        {"reason": each.name, "signatory": signatory, "part": part, "meaning": words}
        for each in REASONS
        for signatory, (part, words) in each.sides.items()
    ]
    drafted = ("id", "label", "outcome", "ownership_share", "revenue_base", "recognised_aid", "guarantee_strength",
               "reinvestment_years", "future_aid", "source")  # fmt: skip
    cited = ("title", "publisher", "year", "terms")
    return {
        "parameters": [
            {name.removesuffix("_text"): getattr(each, name) for name in declared} for each in DECLARATIONS.values()
        ],
        "presets": [
            {"name": name, "differs from the defaults": words or "in nothing"} for name, words in differs.items()
        ],
        "variables": [
            {"name": each.name, "when": when, "by": by, "unit": each.unit, "meaning": each.meaning}
            for when, by, each in variables
        ],
        "reasons": reasons,
        "drafts": [{name: "" if row[name] is None else row[name] for name in drafted} for row in data.table("drafts")],
        "sources": [{"id": name} | {key: each[key] for key in cited} for name, each in data.sources().items()],
    }
