"""`subsoil worths`: what each part of the bargain is worth, and which assumption would reverse their order."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from experiments.cli import output
from experiments.cli.options import Json


def worths(
    preset: Annotated[str, typer.Option(help="Named set of parameters.")] = "documented",
    seed: Annotated[int, typer.Option(help="Seed of the random draws.", min=0)] = 0,
    json: Json = False,
) -> None:
    """What each part of the bargain is worth, and what would reverse that.

    Present values in percent of Ukraine's GDP; then every number that is assumed, over its range, alone: where would
    a strong guarantee be worth less to Ukraine than all of its resources?

    Example: subsoil worths
    """
    from experiments.analysis.deal import deal_worths

    parts, table = deal_worths.worths(preset, seed), deal_worths.reversals(preset, seed)
    turning = [row for name in table["parameter"].values if (row := _turn(table.sel(parameter=name)))]
    if json:
        output.print_json({"worths": parts, "reversals": turning, "tried": table.sizes["parameter"]})
        return
    output.print_table(parts, title="Worth in percent of Ukraine's GDP, present value", digits=2)
    typer.echo()
    tried = f"Of {table.sizes['parameter']} assumptions, each moved alone over its whole range, these make a guarantee "
    output.print_text(f"{tried}of 0.7 at once worth less to Ukraine than all of its resources together:")
    output.print_table(turning, digits=3)


def _turn(row: Any) -> dict[str, Any] | None:
    """One assumption whose range holds a reversal: where, and how near the present value."""
    turn, now = float(row["turn"]), float(row["now"])
    if turn != turn:
        return None
    name, unit = str(row["parameter"].values), str(row["unit"].values)
    return {
        "assumption": name,
        "now": now,
        "reversed": f"{'below' if turn < now else 'above'} {turn:.3g}",
        "unit": unit,
    }
