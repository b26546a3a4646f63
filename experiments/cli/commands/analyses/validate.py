"""`subsoil validate`: the model beside the record, wins and losses alike."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli import output
from experiments.cli.options import Json, Seed, one_of
from experiments.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

SUBJECTS = ("market", "talks")
BESIDE_REPLAYS = (
    "Prices in USD/kg; median and middle four fifths are the model's, which knows China's acts but no price."
)
BY_THE_MONTH = (
    "Errors of log prices forecast by the month. The model moves each month's price by what the last change and the "
    "change over a year foretell in its own worlds; p: Diebold and Mariano, one-sided, for small samples."
)


def validate(
    subject: Annotated[str, typer.Argument(help="market: two crises replayed; talks: the drafts of 2025 answered.")],
    worlds: Annotated[int | None, typer.Option(help="Worlds in the ensemble; by default 200 or 2000.", min=20)] = None,
    seed: Seed = 0,
    out: Annotated[
        str | None, typer.Option(metavar="FOLDER", help="Draw the pictures into this folder, as PNG and PDF.")
    ] = None,
    prices: Annotated[
        str | None,
        typer.Option(
            metavar="FILE.csv",
            help="Score prices of your own, of any years where monthly or daily: columns date, material or element, "
            "value; optional market (china, "
            "abroad), kind (average, end, spot), unit (USD/kg, USD/t, CNY/kg, CNY/t), for CNY rate (CNY per USD) and "
            "vat (China's value-added tax: included, excluded), and confirmed (yes) for a price that is questioned.",
        ),
    ] = None,
    json: Json = False,
) -> None:
    """The model beside the record, line by line.

    The pass matrix of the market or of the talks, or the score of a series of your own.

    Lines marked C were used for tuning, lines marked H are held out; tolerances are those stated beforehand.

    Example: subsoil validate market --prices prices.csv --out pictures
    """
    if one_of("SUBJECT", subject, SUBJECTS) != "market" and prices:
        raise InputError(f"--prices {prices!r}: prices belong to subject 'market', not {subject!r}")
    how = seed, json, bool(out)
    if prices:
        figures = _user_prices(prices, worlds or 200, *how)
    else:
        figures = _market(worlds or 200, *how) if subject == "market" else _talks(worlds or 2000, *how)
    if out:
        placed = {str(Path(out) / name): figure for name, figure in figures.items()}
        output.save_pictures(placed, also=(".pdf",), quiet=json)
    elif not json and not prices:
        typer.echo(f"Pictures of this: subsoil validate {subject} --out FOLDER")


def _market(worlds: int, seed: int, json: bool, drawn: bool) -> dict[str, Any]:
    """Print the market's pass matrix and what belongs to it; the pictures by name of file."""
    from experiments.validation import market_report
    from experiments.validation.market_replay import SHOWN, replay_panels
    from experiments.validation.pass_matrix import matrix_text

    matrix = market_report.market_table(worlds, seed)
    if json:
        output.print_json(matrix.reset_index())
    else:
        typer.echo(matrix_text(matrix, market_report.BAR))
        for part in market_report.report(worlds, seed):
            typer.echo()
            if isinstance(part, str):
                output.print_text(part)
            else:
                output.print_table(part.to_dict("records"), digits=3)
        typer.echo("\nPrices of your own: subsoil validate market --prices FILE.csv")
    if not drawn:
        return {}
    prices = {f"prices-{replay}.png": _price_figure(replay_panels(replay, worlds, seed)) for replay in SHOWN}
    return {"matrix-market.png": _matrix(matrix, "market", worlds, seed)} | prices


def _talks(worlds: int, seed: int, json: bool, drawn: bool) -> dict[str, Any]:
    """Print how the drafts of 2025 are answered, and the pass matrix; the picture by name of file."""
    from experiments.validation import talks
    from experiments.validation.pass_matrix import matrix_text

    drafts, patterns = (table(worlds=worlds, seed=seed) for table in (talks.talks_table, talks.patterns_table))
    if json:
        output.print_json({"drafts": drafts.reset_index(), "patterns": patterns.reset_index()})
    else:
        output.print_table(drafts.reset_index().to_dict("records"), digits=3)
        typer.echo(f"\n{matrix_text(patterns)}")
        output.print_text(talks.NOTE)
    return {"matrix-talks.png": _matrix(patterns, "talks, guarantee and war", worlds, seed)} if drawn else {}


def _user_prices(file: str, worlds: int, seed: int, json: bool, drawn: bool) -> dict[str, Any]:
    """Score a series of the reader's own, beside the replays and by the month; the pictures by name."""
    from experiments.validation import user_price_comparison as comparison
    from experiments.validation.monthly_price_scores import monthly_scores
    from experiments.validation.user_prices import read_prices

    brought = read_prices(file)
    prices = brought.replayed
    points, skill = (table(prices, worlds, seed) for table in (comparison.compare, comparison.skill))
    monthly, verdicts = monthly_scores(brought.prices, worlds, seed)
    if points.empty and monthly.empty:
        raise InputError(f"{file}: holds no prices to score; {'; '.join([*verdicts, *brought.notes])}")
    notes = [*verdicts, *brought.notes, *comparison.level_notes(prices)]
    if json:
        output.print_json({"points": points, "skill": skill, "monthly": monthly, "notes": notes})
    else:
        if prices:
            output.print_table(points.to_dict("records"), title=BESIDE_REPLAYS)
            typer.echo()
            output.print_table(skill.to_dict("records"))
            output.print_text(f"{comparison.verdict(points, skill)}\n")
        if not monthly.empty:
            output.print_table(monthly.to_dict("records"), title=BY_THE_MONTH, digits=3)
        for words in notes:
            output.print_text(words)
    figures: dict[str, Any] = {}
    if drawn and not monthly.empty:
        figures["own-prices-by-month.png"] = output.headless_plots().forecast_errors(monthly)
    for replay in dict.fromkeys(price.replay for price in prices if drawn):
        shown = comparison.user_panels([price for price in prices if price.replay == replay], worlds, seed)
        figures[f"own-prices-{replay}.png"] = _price_figure(shown, sources=Path(file).name)
    return figures


def _matrix(table: pd.DataFrame, subject: str, worlds: int, seed: int) -> Any:
    title = f"Pass matrix: {subject} ({worlds} worlds, seed {seed})"
    return output.headless_plots().pass_matrix(table, title=title)


def _price_figure(shown: list[Any], sources: str = "") -> Any:
    import pandas as pd

    from experiments.validation.price_record import cited

    sources = sources or cited(pd.concat([points for _, points in shown]))
    return output.headless_plots().replay_prices(shown, sources=sources)
