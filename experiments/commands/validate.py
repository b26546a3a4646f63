"""`subsoil validate`: the model beside the record, wins and losses alike."""

from __future__ import annotations

from typing import Annotated

import typer

from experiments.commands.options import Json

SUBJECTS = ("market", "talks")


def validate(
    subject: Annotated[str, typer.Argument(help="market: two crises replayed; talks: the drafts of 2025 answered.")],
    worlds: Annotated[int | None, typer.Option(help="Worlds in the ensemble; by default 200 or 2000.", min=20)] = None,
    seed: Annotated[int, typer.Option(help="The seed of all luck.", min=0)] = 0,
    json: Json = False,
) -> None:
    """Print the pass matrix of the market or of the talks.

    Lines marked C were used for tuning, lines marked H are held out; tolerances are those stated beforehand.

    Example: subsoil validate talks
    """
    from model.declare import ParameterError, nearest

    if subject not in SUBJECTS:
        raise ParameterError(f"unknown subject {subject!r}: {nearest(subject, SUBJECTS)}")
    if subject == "market":
        _market(worlds or 200, seed, json)
    else:
        _talks(worlds or 2000, seed, json)


def _market(worlds: int, seed: int, json: bool) -> None:
    from experiments import validation

    if json:
        print(validation.market_table(worlds, seed).reset_index().to_json(orient="records"))
    else:
        print(validation.report(worlds, seed))


def _talks(worlds: int, seed: int, json: bool) -> None:
    from experiments import validation_talks

    drafts, patterns = (
        table(worlds=worlds, seed=seed) for table in (validation_talks.talks_table, validation_talks.patterns_table)
    )
    if json:
        print(f'{{"drafts": {drafts.reset_index().to_json(orient="records")}, ')
        print(f'"patterns": {patterns.reset_index().to_json(orient="records")}}}')
        return
    for table in (drafts, patterns):
        print(table.to_string(float_format=lambda number: f"{number:.3g}"), end="\n\n")
    print(patterns.attrs["count"])
    print(validation_talks.NOTE)
