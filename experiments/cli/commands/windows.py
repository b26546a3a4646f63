"""`subsoil windows`: where a guarantee that takes time to build invites war before it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli.options import Json, Seed, Set, assignments, plain

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
    out: Annotated[str | None, typer.Option(metavar="FIG.png", help="Picture to write.")] = None,
) -> None:
    """Where a slow guarantee invites war.

    A sweep of its strength and of its months of build-up: where is war likelier than with none, before it stands?

    By default at parameters for which Powell's condition binds (a strong guarantee, a cheap war, a keen and
    patient Russia); --documented keeps the preset's. A stake counts only with --set ownership_share above 0.

    Example: subsoil windows --set destroyed_share=0.1 --out window.png
    """
    from experiments.analysis import preventive_war as rooms
    from model.parameters.war_parameters import TRIPWIRES

    asked = list(TRIPWIRES) if hypotheses == "all" else [each.strip() for each in hypotheses.split(",")]
    changes: dict[str, Any] = (rooms.documented() if documented else {}) | assignments(set_)
    for name in ("guarantee_strength", "guarantee_buildup", "tripwire"):
        if name in changes:
            raise ValueError(f"--set {name}: the sweep varies it; use --strengths, --buildups or --hypotheses")
    table = rooms.window_sweep(
        _numbers("--strengths", strengths), _numbers("--buildups", buildups), worlds, seed, asked, **changes
    )
    if json:
        import json as text

        typer.echo(text.dumps(_cells(table), indent=1))
    else:
        typer.echo("\n\n".join(_lines(table.sel(tripwire=each)) for each in asked))
    if out:
        import matplotlib as mpl

        mpl.use("Agg")
        from experiments import plots

        plots.save(plots.window_map(table), out)
        if not json:
            typer.echo(f"Drawn in {out}.")


def _numbers(option: str, given: str) -> list[float]:
    try:
        found = [float(each) for each in given.split(",")]
    except ValueError:
        raise ValueError(f"{option} {given!r}: needs numbers, comma-separated, e.g. 0,0.5,1") from None
    if len(set(found)) != len(found):
        raise ValueError(f"{option} {given!r}: gives a value twice")
    return found


def _lines(table: xr.Dataset) -> str:
    """The shares, the excess over no guarantee, and where the window is open, in lines."""
    months = [f"{float(each):g}" for each in table["guarantee_buildup"].values]
    lines = [
        f"{table['tripwire'].values}: renewed war within five years of the first ceasefire, share of "
        f"{table.attrs['replicates']} worlds (points above no guarantee ± error; * window open)",
        "strength".rjust(10) + "".join(f"{each} months".rjust(22) for each in months),
    ]
    for strength in table["guarantee_strength"].values:
        row = table.sel(guarantee_strength=strength)
        cells = []
        for place in range(len(months)):
            cell = row.isel(guarantee_buildup=place)
            share, excess, error = (float(cell[name]) for name in ("share", "excess", "error"))
            star = "*" if bool(cell["open"]) else " "
            cells.append(f"{share:.3f} ({100 * excess:+.1f} ± {100 * error:.1f}){star}".rjust(22))
        lines.append(f"{float(strength):g}".rjust(10) + "".join(cells))
    count = int(table["open"].sum())
    lines.append(f"The window is open in {count} of {table['open'].size} cells.")
    return "\n".join(lines)


def _cells(table: xr.Dataset) -> list[dict[str, Any]]:
    """The same for JSON, a cell each."""
    frame = table.to_dataframe().reset_index()
    return [
        {
            str(key): value if isinstance(value, str | bool) else plain(value)
            for key, value in row.items()
        }
        for row in frame.to_dict("records")
    ]  # fmt: skip
