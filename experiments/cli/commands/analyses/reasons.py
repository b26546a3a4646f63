"""`subsoil reasons`: how the signatories respond to any draft, why, and what it would do to each country."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli import output
from experiments.cli.options import Json, Months, Picture, Preset, Seed, Set, chosen_parameters, run_length
from experiments.errors import InputError

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from model.parameters.table import Parameters


UTILITY = {"utility with": "with_deal", "without": "without"}
"""Columns of utility -> names in the table of effects."""


def reasons(
    terms: Annotated[
        list[str] | None,
        typer.Option(metavar="DATE", help="A recorded draft, e.g. 2025-04-30; several are compared."),
    ] = None,
    set_: Set = None,
    drafts: Annotated[
        str | None,
        typer.Option(
            metavar="FILE.csv", help="Drafts of your own: a column for each term you give, and label if wanted."
        ),
    ] = None,
    preset: Preset = "documented",
    worlds: Annotated[
        int, typer.Option(help="Worlds, each with its own random draws and private types.", min=20)
    ] = 400,
    months: Months = None,
    seed: Seed = 0,
    json: Json = False,
    out: Picture = None,
    countries: Annotated[
        str | None,
        typer.Option("--countries", metavar="FIG.png", help="Picture of the four countries with the deal and without."),
    ] = None,
) -> None:
    """Judge any draft: who signs, why, what turns it.

    The chances of a signature and of ratification, the reasons, the smallest change that turns a side, and
    what the deal would do to each country.

    The terms are those of the preset, of --terms over them, of --set over both, of a row of --drafts over all.

    Example: subsoil reasons --terms 2025-02-12 --terms 2025-04-30 --out why.png
    """
    from experiments.analysis.deal.deal_effects import with_and_without
    from experiments.analysis.deal.draft_responses import draft_responses
    from experiments.analysis.deal.user_draft_table import read_drafts

    recorded: list[str | None] = [*(terms or [])] or [None]
    for date in recorded:
        if recorded.count(date) > 1:
            raise InputError(f"--terms gives {date} twice")
    bases = {
        " ".join([date or "terms of the preset", *(set_ or [])]): chosen_parameters(preset, date, set_)
        for date in recorded
    }
    if drafts and len(bases) > 1:
        raise InputError("--drafts: goes with one --terms, whose draft stands where a row is empty")
    base = next(iter(bases.values()))
    proposed = read_drafts(drafts, base) if drafts else bases
    responses = draft_responses(proposed, worlds, seed)
    length = run_length(months, preset)
    effects = with_and_without(proposed, worlds, length, seed).assign_attrs(start=base.start, preset=preset)
    if json:
        output.print_json(_facts(proposed, responses, effects))
    else:
        for name in proposed:
            _show_response(name, responses.loc[name])
            _show_effects(effects.sel(draft=name))
        from experiments.plots.effects.country_effects import caption_of

        output.print_text(
            f"Changes: {caption_of(effects)}; the deal in force whatever anyone thinks, or no talks at all; ± reaches "
            "to the ends of the 95 % interval of the mean. Parts are not weighed; utility weighs money and politics "
            "against security. Gains and turning points are what the signatories expect before they sign, over all "
            "time and before private types."
        )
    figures = {out: _picture(proposed, responses, effects, seed)} if out else {}
    if countries:
        figures[countries] = output.headless_plots().country_figure(effects)
    if figures:
        output.save_pictures(figures, quiet=json)


def _show_response(name: str, row: pd.Series[Any]) -> None:
    """Print chances, reasons and turning points of one draft."""
    typer.echo(name)
    for country, words in (("ukraine", "Ukraine signs"), ("united_states", "the United States would sign")):
        low, high = row[f"{country}_low"], row[f"{country}_high"]
        chance = f"{row[f'{country}_signs']:.0%} (central 80 % of its private types: {low:.0%} to {high:.0%})"
        output.print_text(f"{words}: {chance}, gain {row[f'{country}_gain']:+.1f} % of Ukraine's GDP", "  ", "    ")
        output.print_text(f"because: {row[f'{country}_reasons']}", " " * 6, " " * 8)
        output.print_text(f"turns:   {_turn(row[f'{country}_turn'], country)}", " " * 6, " " * 8)
    congress = "need not vote" if row["congress"] != row["congress"] else f"ratifies: {row['congress']:.0%}"
    rada = f"the Rada ratifies: {row['rada']:.0%}, and {row['rada_if_signed']:.0%} where Ukraine would sign"
    output.print_text(f"{rada}; Congress {congress}; in force if tabled: {row['in_force']:.0%}", "  ", "    ")


def _turn(turn: dict[str, Any] | None, country: str) -> str:
    if turn is None:
        return "no term alone does"
    other = "Ukraine" if country == "united_states" else "the United States"
    still = "would sign" if turn["other_gain"] >= 0 else "refuses"
    unit = "" if turn["unit"] == "share" else f" {turn['unit']}"
    changed = f"{turn['term']} from {turn['now']:g} to {turn['needed']:.3g}{unit}"
    return f"{changed} ({other} {still} that: {turn['other_gain']:+.1f})"


def _show_effects(effects: xr.Dataset) -> None:
    """Print what the deal changes for the four countries: each part, and utility with it and without."""
    from experiments.plots.style import country_name

    rows = []
    for country in effects["country"].values:
        own = effects.sel(country=country)
        row = {"% of its GDP": country_name(str(country))}
        for part in ("money", "security", "politics", "utility"):
            change, error = (float(own[name].sel(part=part)) for name in ("change", "change_error"))
            row[part] = _change(change, error)
        row |= {name: f"{float(own[key].sel(part='utility')):.3g}" for name, key in UTILITY.items()}
        rows.append(row | {"money, bn USD": f"{float(own['change'].sel(part='money') * own['gdp']) / 100:+.2f}"})
    output.print_table(rows, title="What the deal changes, present values:", indent="  ")
    typer.echo()


def _change(change: float, error: float) -> str:
    """A change with half its 95 % interval, which is left out where all worlds agree."""
    from experiments.analysis.shares_and_survival import Z

    interval = f" ± {Z * error:.1g}" if error > 1e-9 * abs(change) else ""
    return f"{change:+.2g}{interval}" if change else "0"


def _facts(proposed: dict[str, Parameters], responses: pd.DataFrame, effects: xr.Dataset) -> dict[str, Any]:
    """The same for JSON."""
    from model.states.deal import TERMS

    drafts = {}
    for name, parameters in proposed.items():
        table = effects.sel(draft=name).to_dataframe(["country", "part"])[list(effects.data_vars)]
        drafts[name] = {
            "terms": {term: getattr(parameters, term) for term in TERMS},
            "responses": responses.loc[name].to_dict(),
            "effects": {who: own.loc[who].to_dict("index") for who, own in table.groupby("country", sort=False)},
        }
    return {"drafts": drafts, **effects.attrs}


def _picture(proposed: dict[str, Parameters], responses: pd.DataFrame, effects: xr.Dataset, seed: int) -> Any:
    """One draft: its reasons, turning points and effects; several: a row each."""
    from experiments.analysis.deal.draft_responses import reasons, turning_points

    plots = output.headless_plots()
    if len(proposed) > 1:
        return plots.deal_effects_figure(responses, effects)
    ((name, parameters),) = proposed.items()
    cases = {name: reasons(parameters, seed)}
    return plots.reasons_figure(cases, turning_points(parameters, seed=seed), effects)
