"""`subsoil coupling`: what moves what, and what chosen changes do to the worth of the three texts."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from experiments.cli import output
from experiments.cli.options import Json, Picture


def coupling(
    preset: Annotated[str, typer.Option(help="Named set of parameters.")] = "documented",
    replicates: Annotated[int, typer.Option(help="Worlds of each row.", min=2)] = 100,
    seed: Annotated[int, typer.Option(help="Seed of the random draws.", min=0)] = 0,
    json: Json = False,
    out: Picture = None,
) -> None:
    """What moves what: each parameter over its range, by group, against answers, war, peace, prices and welfare.

    First what chosen changes do to the worth of the first American draft, of April's agreement and of Ukraine's own
    offer; then, for every outcome, the groups of parameters that move it most, and why the others do not.

    Example: subsoil coupling --out coupling.png
    """
    from experiments.analysis.deal.texts_in_changed_worlds import levers
    from experiments.analysis.parameter_outcome_matrix import coupling as matrix

    table = matrix(preset, replicates, seed=seed)
    moved = levers(10 * replicates, seed)
    if json:
        output.print_json({"levers": _levers(moved), "coupling": _cells(table)})
    else:
        output.print_table(_levers(moved), title="Worth in percent of Ukraine's GDP and share of worlds that sign")
        for outcome in table["outcome"].values:
            typer.echo()
            _show(table.sel(outcome=outcome))
    if out:
        output.save_pictures({out: output.headless_plots().coupling_matrix(table)}, quiet=json)


def _levers(moved: Any) -> list[dict[str, Any]]:
    rows = []
    for lever in moved["lever"].values:
        here = moved.sel(lever=lever)
        row: dict[str, Any] = {"change": str(lever)}
        for text in here["text"].values:
            for who, short in (("ukraine", "UA"), ("united_states", "US")):
                worth, signs = (float(here[name].sel(text=text, signatory=who)) for name in ("worth", "signs"))
                row[f"{text} {short}"] = f"{worth:+.2f} ({100 * signs:.0f} %)"
        rows.append(row)
    return rows


def _cells(table: Any) -> list[dict[str, Any]]:
    names = ("effect", "error", "parameter", "text", "empty", "reason")
    return [
        {"group": str(group), "outcome": str(outcome), "unit": str(table["unit"].sel(outcome=outcome).values)}
        | {name: table[name].sel(group=group, outcome=outcome).values.item() for name in names}
        for outcome in table["outcome"].values
        for group in table["group"].values
    ]


def _show(row: Any) -> None:
    """Print one outcome: what moves it most, and why the rest does not."""
    import numpy as np

    order = np.argsort(-row["effect"].values)
    moving = [at for at in order if not row["empty"].values[at]]
    parts = [
        f"{row['group'].values[at]} {output.cell(row['effect'].values[at], 3)} ({row['parameter'].values[at]})"
        for at in moving
    ]
    output.print_text(
        f"{row['words'].values} ({row['unit'].values}): {', '.join(parts) or 'nothing moves it'}", "", "  "
    )
    reasons: dict[str, list[str]] = {}
    for group, reason, empty in zip(*(row[name].values for name in ("group", "reason", "empty")), strict=True):
        if empty:
            reasons.setdefault(str(reason), []).append(str(group))
    for reason, groups in reasons.items():
        output.print_text(f"not by {', '.join(groups)}: {reason}", "  ", "    ")
