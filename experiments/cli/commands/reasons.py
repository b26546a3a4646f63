"""`subsoil reasons`: what any draft of the deal is answered, why, and what it would do to each country."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli.options import Json, Months, Preset, Seed, Set, Terms, chosen_parameters, plain

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from model.parameters.table import Parameters


def reasons(
    terms: Terms = None,
    set_: Set = None,
    drafts: Annotated[
        str | None,
        typer.Option(
            metavar="FILE.csv", help="Drafts of your own: a column for each term you give, and label if wanted."
        ),
    ] = None,
    preset: Preset = "documented",
    worlds: Annotated[int, typer.Option(help="Worlds, each with its own luck and private types.", min=20)] = 400,
    months: Months = 180,
    seed: Seed = 0,
    json: Json = False,
    out: Annotated[str | None, typer.Option(metavar="FIG.png", help="Picture to write.")] = None,
) -> None:
    """Answer any draft: who signs, why, what turns it.

    The chances of a signature and of ratification, the reasons, the smallest change that turns the answer, and
    what living with the deal would do to each country.

    The terms are those of the preset, of --terms over them, of --set over both, of a row of --drafts over all.

    Example: subsoil reasons --terms 2025-02-12 --set recognised_aid=100 --out why.png
    """
    from experiments.analysis.acceptance_reasons import draft_responses
    from experiments.analysis.deal_effects import with_and_without

    asked = _asked(preset, terms, set_, drafts)
    said = draft_responses(asked, worlds, seed)
    lives = with_and_without(asked, worlds, months, seed)
    if json:
        import json as text

        typer.echo(text.dumps(_facts(asked, said, lives), indent=1, ensure_ascii=False))
    else:
        for name in asked:
            typer.echo(f"{_answer(name, said.loc[name])}\n{_lives(lives.sel(draft=name))}\n")
        typer.echo(_note(lives))
    if out:
        _draw(asked, said, lives, seed, out)
        if not json:
            typer.echo(f"Drawn in {out}.")


def _asked(preset: str, terms: str | None, given: list[str] | None, drafts: str | None) -> dict[str, Parameters]:
    """The drafts to be answered, by name."""
    from experiments.analysis.draft_table import read_drafts

    base = chosen_parameters(preset, terms, given)
    if drafts:
        return read_drafts(drafts, base)
    return {" ".join([terms or "terms of the preset", *(given or [])]): base}


def _answer(name: str, row: pd.Series[Any]) -> str:
    """Chances, reasons and turning points of one draft, in lines."""
    lines = [name]
    for country, words in (("ukraine", "Ukraine signs"), ("united_states", "the United States would sign")):
        low, high = row[f"{country}_low"], row[f"{country}_high"]
        lines += [
            f"  {words}: {row[f'{country}_signs']:.0%} (central 80 % of its private types: {low:.0%} to {high:.0%}), "
            f"gain {row[f'{country}_gain']:+.1f} % of Ukraine's GDP",
            f"      because: {row[f'{country}_reasons']}",
            f"      turns:   {_turn(row[f'{country}_turn'], country)}",
        ]
    congress = "need not vote" if row["congress"] != row["congress"] else f"ratifies: {row['congress']:.0%}"
    lines.append(
        f"  the Rada ratifies: {row['rada']:.0%}, and {row['rada_if_signed']:.0%} where Ukraine would sign; Congress "
        f"{congress}; in force if tabled: {row['in_force']:.0%}"
    )
    return "\n".join(lines)


def _turn(turn: dict[str, Any] | None, country: str) -> str:
    if turn is None:
        return "no term alone turns the answer"
    other = "Ukraine" if country == "united_states" else "the United States"
    still = "would sign" if turn["other_gain"] >= 0 else "refuses"
    unit = "" if turn["unit"] == "share" else f" {turn['unit']}"
    change = f"{turn['term']} from {turn['now']:g} to {turn['needed']:.3g}{unit}"
    return f"{change} ({other} {still} that: {turn['other_gain']:+.1f})"


def _lives(lives: xr.Dataset) -> str:
    """Utility with and without of the four countries, in lines."""
    from experiments.plots.style import country_name

    head = ("present value, % of its GDP", "with", "without", "change", "± error", "revenue", "security", "bn USD")
    rows: list[tuple[str, ...]] = [head]
    for country in lives["country"].values:
        own = lives.sel(country=country)
        total = own.sel(part="utility")
        change = {part: float(own["change"].sel(part=part)) for part in ("utility", "revenue", "security")}
        worth = f"{change['utility'] * float(own['gdp']) / 100:+.2f}"
        numbers = [f"{float(total[name]):.4g}" for name in ("with_deal", "without")]
        numbers += [f"{change['utility']:+.2g}", f"{float(total['error']):.1g}"]
        numbers += [f"{change[part]:+.2g}" for part in ("revenue", "security")]
        rows.append((country_name(str(country)), *numbers, worth))
    return "\n".join("  " + row[0].ljust(30) + "".join(cell.rjust(11) for cell in row[1:]) for row in rows)


def _note(lives: xr.Dataset) -> str:
    from experiments.plots.deal_effects import caption_of

    return (
        f"Lives: {caption_of(lives)}; the deal in force whatever anyone thinks, or no talks at all. Gains and turning "
        "points are what the signatories expect before they sign, over all time and before private types."
    )


def _facts(asked: dict[str, Parameters], said: pd.DataFrame, lives: xr.Dataset) -> dict[str, Any]:
    """The same for JSON."""
    from model.talks.talks import TERMS

    drafts = {}
    for name, parameters in asked.items():
        row = said.loc[name]
        own = lives.sel(draft=name)
        drafts[name] = {
            "terms": {term: plain(getattr(parameters, term)) for term in TERMS},
            "answers": {
                str(key): value if value is None or isinstance(value, str | dict) else plain(value)
                for key, value in row.items()
            },
            "lives": {
                str(country): {
                    str(part): {str(key): plain(own[key].sel(country=country, part=part)) for key in own.data_vars}
                    for part in own["part"].values
                }
                for country in own["country"].values
            },
        }
    return {"drafts": drafts, **{key: value for key, value in lives.attrs.items()}}


def _draw(asked: dict[str, Parameters], said: pd.DataFrame, lives: xr.Dataset, seed: int, out: str) -> None:
    """One draft: its reasons, turning points and lives; several: a row each."""
    import matplotlib as mpl

    mpl.use("Agg")
    from experiments import plots
    from experiments.analysis.acceptance_reasons import reasons, turning_points

    if len(asked) > 1:
        plots.save(plots.lives_figure(said, lives), out)
        return
    ((name, parameters),) = asked.items()
    cases = {name: reasons(parameters, seed)}
    plots.save(plots.reasons_figure(cases, turning_points(parameters, seed=seed), lives), out)
