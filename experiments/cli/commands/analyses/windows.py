"""`subsoil windows`: where a guarantee that takes time to build invites war before it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli import output
from experiments.cli.options import Json, Picture, Set, assignments, one_of
from experiments.errors import InputError

if TYPE_CHECKING:
    import xarray as xr

FINE = 21
"""Levels of strength and of build-up in the picture."""


def windows(
    guarantor: Annotated[str, typer.Option(help="Who promises: american or european.")] = "american",
    strengths: Annotated[str, typer.Option(help="Strengths of the guarantee, comma-separated.")] = "0.1,0.4,0.7,1",
    buildups: Annotated[str, typer.Option(help="Months of build-up, comma-separated.")] = "0,12,24,60,120",
    regrouping: Annotated[
        str, typer.Option(help="Rates a quarter at which Russia rearms, comma-separated.")
    ] = "0.02,0.06,0.1",
    years: Annotated[str, typer.Option(help="Years within which war is renewed, comma-separated.")] = "2,10",
    set_: Set = None,
    json: Json = False,
    out: Picture = None,
) -> None:
    """Where a slow guarantee invites war.

    Strength by months of build-up by Russia's rearming: is war likelier than with nothing promised?

    Renewed war within some years of a ceasefire, and the rate of attacks while the guarantee is unbuilt, solved and
    not simulated. The guarantee is all that the deal holds: a stake counts with --set ownership_share=0.5 --set
    tripwire=H2. A picture fills the range between the lowest and the highest level.

    Example: subsoil windows --years 1,2,10 --out window.png
    """
    from experiments.analysis.war import preventive_war

    strength, buildup, _ = preventive_war.GUARANTORS[one_of("--guarantor", guarantor, preventive_war.GUARANTORS)]
    changes = assignments(set_)
    swept = {strength: "--strengths", buildup: "--buildups", "regrouping": "--regrouping", "talks": "--guarantor"}
    for name, option in swept.items():
        if name in changes:
            raise InputError(f"--set {name}: the sweep sets it; use {option}")
    terms = _numbers("--strengths", strengths), _numbers("--buildups", buildups)
    others = _numbers("--regrouping", regrouping), _numbers("--years", years)
    if out and min(map(len, terms)) < 2:
        raise InputError("--out: a map needs two strengths and two build-ups or more")
    table = preventive_war.windows(*terms, *others, guarantor, changes)
    if json:
        output.print_json(table.to_dataframe().reset_index())
    else:
        _show(table)
    if out:
        import numpy as np

        strong, slow = (np.linspace(min(levels), max(levels), FINE).tolist() for levels in terms)
        drawn = preventive_war.windows(strong, slow, sorted(others[0]), sorted(others[1]), guarantor, changes)
        output.save_pictures({out: output.headless_plots().window_maps(drawn)}, quiet=json)


def _numbers(option: str, given: str) -> list[float]:
    try:
        numbers = [float(each) for each in given.split(",")]
    except ValueError:
        raise InputError(f"{option} {given!r}: needs numbers, comma-separated, e.g. 0.5,1") from None
    if len(set(numbers)) != len(numbers):
        raise InputError(f"{option} {given!r}: gives a value twice")
    return numbers


def _show(table: xr.Dataset) -> None:
    """Print each ratio by rearming, strength and build-up, and where the window is open."""
    times = "times that with nothing promised"
    for years in table["years"].values:
        own = table.sel(years=years)
        _print_ratios(
            f"Chance of renewed war within {years:g} years of a ceasefire, {times}", own["renewed"], own["renewed_none"]
        )
    title = f"Attack rate a year while the guarantee is unbuilt and Russia not rearmed, {times}"
    _print_ratios(title, table["attack"], table["attack_none"])
    assumed = table.attrs["assumed"]
    output.print_text(
        f"* The window is open: war is likelier than with nothing promised. Preset {table.attrs['preset']}"
        f"{f' with {assumed}' if assumed else ''}, {table.attrs['guarantor'].title()} guarantee alone, in force when "
        "the ceasefire begins and built up from then on. Russia rearms in 0.25/regrouping years in the mean."
    )


def _print_ratios(title: str, ratios: xr.DataArray, none: xr.DataArray) -> None:
    """Print ratios, and what they are over: `none` by regrouping."""
    regrouping, strength, buildup = (str(name) for name in ratios.dims)
    rows = [
        {
            "regrouping": f"{rate:g}",
            "nothing promised": f"{float(none.sel(regrouping=rate)):.3f}",
            "strength": f"{most:g}",
        }
        | {f"{months:g} months": _cell(float(own)) for months, own in zip(ratios[buildup].values, row, strict=True)}
        for rate, table in zip(ratios[regrouping].values, ratios.values, strict=True)
        for most, row in zip(ratios[strength].values, table, strict=True)
    ]
    output.print_table(rows, title=title)
    typer.echo()


def _cell(ratio: float) -> str:
    """A ratio, with a star where it is above 1; nothing where there is none."""
    return "-" if ratio != ratio else f"{ratio:.3f}{'*' if ratio > 1 else ' '}"
