"""`subsoil windows`: where a guarantee that takes time to build invites war before it stands."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli import output
from experiments.cli.options import Json, Picture, Seed, Set, assignments
from experiments.errors import InputError

if TYPE_CHECKING:
    import xarray as xr


def windows(
    strengths: Annotated[str, typer.Option(help="Strengths of the guarantee, comma-separated.")] = "0,0.25,0.5,0.75,1",
    buildups: Annotated[str, typer.Option(help="Months of build-up, comma-separated.")] = "0,12,24,60,120",
    set_: Set = None,
    documented: Annotated[
        bool, typer.Option("--documented", help="Keep the preset's war and Russia, where no window opens.")
    ] = False,
    hypotheses: Annotated[str, typer.Option(help="Hypotheses of the tripwire, comma-separated, or all.")] = "H0",
    worlds: Annotated[int, typer.Option(help="Worlds in each cell.", min=2)] = 400,
    seed: Seed = 0,
    json: Json = False,
    out: Picture = None,
) -> None:
    """Where a slow guarantee invites war.

    A sweep of its strength and of its months of build-up: where is war likelier than with none, before it stands?

    By default at parameters for which Powell's condition binds (a strong guarantee, a cheap war, a keen and
    patient Russia); --documented keeps the preset's. A stake counts only with --set ownership_share above 0.

    Example: subsoil windows --set destroyed_share=0.1 --out window.png
    """
    from experiments.analysis import preventive_war
    from model.parameters.war_parameters import TRIPWIRES

    hypotheses_asked = list(TRIPWIRES) if hypotheses == "all" else [each.strip() for each in hypotheses.split(",")]
    given: dict[str, Any] = assignments(set_)
    changes: dict[str, Any] = (preventive_war.documented() if documented else {}) | given
    for name in ("guarantee_strength", "guarantee_buildup", "tripwire"):
        if name in given:
            raise InputError(f"--set {name}: the sweep varies it; use --strengths, --buildups or --hypotheses")
    if str(given.get("start", "2025")) != "2025":
        raise InputError("--set start: windows for war are asked of runs that begin in 2025, when there is one")
    levels = _numbers("--strengths", strengths), _numbers("--buildups", buildups)
    table = preventive_war.window_sweep(*levels, worlds, seed, hypotheses_asked, **changes)
    if json:
        output.print_json(table.to_dataframe().reset_index())
    else:
        for each in hypotheses_asked:
            _show(table.sel(tripwire=each))
        assumed = table.attrs["assumed"]
        war = f"not the preset's, but chosen: {assumed}" if assumed else "the preset's"
        output.print_text(
            f"War and Russia are {war}. The deal is in force at once and kept, and the fighting soon stops."
        )
    if out:
        output.save_pictures({out: output.headless_plots().window_map(table)}, quiet=json)


def _numbers(option: str, given: str) -> list[float]:
    try:
        numbers = [float(each) for each in given.split(",")]
    except ValueError:
        raise InputError(f"{option} {given!r}: needs numbers, comma-separated, e.g. 0,0.5,1") from None
    if len(set(numbers)) != len(numbers):
        raise InputError(f"{option} {given!r}: gives a value twice")
    return numbers


def _show(table: xr.Dataset) -> None:
    """Print the shares, the excess over no guarantee, and where the window is open."""
    rows = []
    for strength in table["guarantee_strength"].values:
        row: dict[str, Any] = {"strength": f"{strength:g}"}
        for months in table["guarantee_buildup"].values:
            cell = table.sel(guarantee_strength=strength, guarantee_buildup=months)
            share, excess, error = (float(cell[name]) for name in ("share", "excess", "error"))
            compared = f"{100 * excess:+.1f} ± {100 * error:.1f}" if error > 0 else "no world differs"
            if strength == 0:
                compared = "no guarantee"
            star = "*" if bool(cell["open"]) else ""
            row[f"{months:g} months"] = "unknown" if math.isnan(share) else f"{share:.3f} ({compared}){star}"
        rows.append(row)
    title = (
        f"{table['tripwire'].values}: renewed war within five years of the first ceasefire, share of "
        f"{table.attrs['replicates']} worlds (points above no guarantee ± error; * window open)"
    )
    output.print_table(rows, title=title)
    typer.echo(f"The window is open in {int(table['open'].sum())} of {table['open'].size} cells.\n")
