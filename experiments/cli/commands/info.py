"""`subsoil info`: tables of parameters, presets, variables, drafts and sources, or what a store holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from experiments.cli import output
from experiments.cli.options import Json
from experiments.errors import InputError

Rows = list[dict[str, Any]]


def info(
    topic: Annotated[
        str, typer.Argument(metavar="TOPIC|STORE", help="parameters, presets, variables, drafts, sources, or a store.")
    ],
    like: Annotated[str, typer.Option(help="Only rows that contain this word.")] = "",
    json: Json = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the table as Markdown.")] = False,
    failures: Annotated[
        bool, typer.Option("--failures", help="Of a store: the rows that failed, with parameters and traceback.")
    ] = False,
) -> None:
    """Parameters, presets, variables, drafts, sources, or a store.

    What can be asked, what is assumed and where it comes from, or what a store holds.

    Example: subsoil info parameters --like guarantee
    """
    if topic in TOPICS:
        _print([row for row in TOPICS[topic]() if like.lower() in str(list(row.values())).lower()], json, markdown)
        return
    if not Path(topic).exists() and "://" not in topic:
        from model.parameters.declaration import nearest

        raise InputError(f"{topic!r} is neither a store nor a topic: {nearest(topic, TOPICS)}")
    if failures:
        _failures(topic, json)
        return
    from experiments.store.store_info import describe

    described = describe(topic)
    if json:
        output.print_json(described.facts)
        return
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


def _parameters() -> Rows:
    from model.parameters.table import DECLARATIONS

    return [
        {
            "name": each.name, "default": each.default, "unit": each.unit, "range": each.range_text,
            "meaning": each.meaning, "kind": each.kind, "source": each.source,
        }
        for each in DECLARATIONS.values()
    ]  # fmt: skip


def _presets() -> Rows:
    from model.parameters.presets import PRESETS

    return [
        {
            "name": name,
            "differs from the defaults": ", ".join(f"{key}={value}" for key, value in values.items()) or "in nothing",
        }
        for name, values in PRESETS.items()
    ]


def _variables() -> Rows:
    from model.record.variables import OUTCOMES, TRAJECTORIES

    return [
        {"name": each.name, "when": when, "unit": each.unit, "meaning": each.meaning}
        for when, table in (("outcome", OUTCOMES), ("monthly", TRAJECTORIES))
        for each in table.values()
    ]


def _drafts() -> Rows:
    from model import data

    names = ("id", "label", "outcome", "ownership_share", "revenue_base", "recognised_aid", "guarantee_strength",
             "reinvestment_years", "future_aid", "source")  # fmt: skip
    return [{name: "" if row[name] is None else row[name] for name in names} for row in data.table("drafts")]


def _sources() -> Rows:
    from model import data

    kept = ("title", "publisher", "year", "terms")
    return [{"id": name} | {key: entry[key] for key in kept} for name, entry in data.sources().items()]


TOPICS: dict[str, Callable[[], Rows]] = {
    "parameters": _parameters,
    "presets": _presets,
    "variables": _variables,
    "drafts": _drafts,
    "sources": _sources,
}


def _print(rows: Rows, json: bool, markdown: bool) -> None:
    if json:
        output.print_json(rows)
    elif markdown:
        output.print_markdown(rows)
    else:
        output.print_table(rows, digits=6)
