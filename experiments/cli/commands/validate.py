"""`subsoil validate`: the model beside the record, wins and losses alike."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli.options import Json

if TYPE_CHECKING:
    import pandas as pd

SUBJECTS = ("market", "talks")


def validate(
    subject: Annotated[str, typer.Argument(help="market: two crises replayed; talks: the drafts of 2025 answered.")],
    worlds: Annotated[int | None, typer.Option(help="Worlds in the ensemble; by default 200 or 2000.", min=20)] = None,
    seed: Annotated[int, typer.Option(help="The seed of all luck.", min=0)] = 0,
    out: Annotated[
        str | None, typer.Option(metavar="FOLDER", help="Draw the pictures into this folder, as PNG and PDF.")
    ] = None,
    record: Annotated[
        str | None,
        typer.Option(
            metavar="FILE.csv",
            help="Score prices of your own: columns date, material or element, value (USD/kg); optional market "
            "(china, abroad), kind (average, end, spot), unit.",
        ),
    ] = None,
    json: Json = False,
) -> None:
    """The model beside the record, line by line.

    The pass matrix of the market or of the talks, or the score of a series of your own.

    Lines marked C were used for tuning, lines marked H are held out; tolerances are those stated beforehand.

    Example: subsoil validate market --record prices.csv --out pictures
    """
    from model.parameters.declaration import ParameterError, nearest

    if subject not in SUBJECTS:
        raise ParameterError(f"unknown subject {subject!r}: {nearest(subject, SUBJECTS)}")
    if record and subject != "market":
        raise ParameterError(f"--record {record!r}: prices belong to subject 'market', not {subject!r}")
    if record:
        _own(record, worlds or 200, seed, out, json)
    elif subject == "market":
        _market(worlds or 200, seed, out, json)
    else:
        _talks(worlds or 2000, seed, out, json)


def _market(worlds: int, seed: int, out: str | None, json: bool) -> None:
    from experiments.validation import market as validation

    if json:
        print(validation.market_table(worlds, seed).reset_index().to_json(orient="records"))
    else:
        print(validation.report(worlds, seed))
    if out:
        from experiments.validation import replay as replays

        figures = {"matrix-market.png": _matrix(validation.market_table(worlds, seed), "market", worlds, seed)}
        for replay in replays.SHOWN:
            shown = replays.replay_panels(replay, worlds, seed)
            figures[f"prices-{replay}.png"] = _prices(shown)
        _save(figures, out, json)
    elif not json:
        print("\nPictures of this: subsoil validate market --out FOLDER. Prices of your own: --record FILE.csv")


def _talks(worlds: int, seed: int, out: str | None, json: bool) -> None:
    from experiments.validation import talks as validation_talks
    from experiments.validation.pass_matrix import matrix_text

    drafts, patterns = (
        table(worlds=worlds, seed=seed) for table in (validation_talks.talks_table, validation_talks.patterns_table)
    )
    if json:
        print(f'{{"drafts": {drafts.reset_index().to_json(orient="records")}, ')
        print(f'"patterns": {patterns.reset_index().to_json(orient="records")}}}')
    else:
        print(drafts.to_string(float_format=lambda number: f"{number:.3g}"), end="\n\n")
        print(matrix_text(patterns))
        print(validation_talks.NOTE)
    if out:
        _save({"matrix-talks.png": _matrix(patterns, "talks, guarantee and war", worlds, seed)}, out, json)
    elif not json:
        print("A picture of this: subsoil validate talks --out FOLDER")


def _own(record: str, worlds: int, seed: int, out: str | None, json: bool) -> None:
    """A series of the reader's own: point by point, then against naive forecasts."""
    from experiments.validation import user_price_comparison as own_series
    from experiments.validation.user_prices import read_prices

    table = read_prices(record)
    prices = table.prices
    points, skill = (table(prices, worlds, seed) for table in (own_series.compare, own_series.skill))
    if json:
        print(f'{{"points": {points.to_json(orient="records")}, "skill": {skill.to_json(orient="records")}}}')
    else:
        print("Prices in USD/kg; median and middle four fifths are the model's, which knows China's acts but no price.")
        print(points.to_string(index=False, float_format=lambda number: f"{number:.4g}"), end="\n\n")
        print(skill.to_string(index=False), end="\n\n")
        print(own_series.verdict(points, skill))
        print("\n".join([*table.notes, *own_series.level_notes(prices)]))
    if out:
        figures = {}
        for replay in dict.fromkeys(price.replay for price in prices):
            mine = [price for price in prices if price.replay == replay]
            shown = own_series.user_panels(mine, worlds, seed)
            figures[f"own-prices-{replay}.png"] = _prices(shown, own=Path(record).name)
        _save(figures, out, json)


def _matrix(table: pd.DataFrame, subject: str, worlds: int, seed: int) -> Any:
    plots = _plots()
    return plots.pass_matrix(table, title=f"Pass matrix: {subject} ({worlds} worlds, seed {seed})")


def _prices(shown: list[Any], own: str = "") -> Any:
    plots = _plots()
    import pandas as pd

    from experiments.validation.price_record import cited

    return plots.replay_prices(shown, sources=own or cited(pd.concat([points for _, points in shown])))


def _plots() -> Any:
    import matplotlib as mpl

    mpl.use("Agg")
    from experiments import plots

    return plots


def _save(figures: dict[str, Any], out: str, json: bool) -> None:
    """Write figures as PNG and PDF, and say where, but not into JSON."""
    written = [str(_plots().save(drawn, Path(out) / name, also=(".pdf",))) for name, drawn in figures.items()]
    if not json:
        print(f"\nDrawn, each also as .pdf: {', '.join(written)}")
