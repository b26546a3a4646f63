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
    a strong guarantee be worth less to Ukraine than all of its resources, and how far does the zone in which both gain
    move?

    Example: subsoil worths
    """
    from experiments.analysis.deal import worth_of_parts
    from experiments.analysis.deal.zone_shifts import zone_shifts

    parts, table = worth_of_parts.worths(preset, seed), worth_of_parts.reversals(preset, seed)
    shifts = zone_shifts(preset, seed)
    turning = [row for name in table["parameter"].values if (row := _turn(table.sel(parameter=name)))]
    if json:
        output.print_json({"worths": parts, "reversals": turning, "tried": table.sizes["parameter"], "zone": shifts})
        return
    output.print_table(parts, title="Worth in percent of Ukraine's GDP, present value", digits=3)
    typer.echo()
    tried = f"Of {table.sizes['parameter']} assumptions, each moved alone over its whole range, these make a guarantee "
    output.print_text(f"{tried}of 0.7 at once worth less to Ukraine than all of its resources together:")
    output.print_table(turning, digits=3)
    typer.echo()
    whole = f"{100 * shifts[0]['zone_now']:.0f} %"
    output.print_text(
        f"On {whole} of the map of ownership share and guarantee strength both gain, before private types. With one "
        "assumption at the ends of its range, and in points of the map per unit of it:"
    )
    output.print_table(map(_shift, shifts), digits=3)


def _shift(row: dict[str, Any]) -> dict[str, Any]:
    """How the zone moves with one assumption, as it is printed."""
    ends = {f"at {end}": f"{row[end]:g}: {100 * row[f'zone_{end}']:.0f} %" for end in ("low", "high")}
    return {
        "assumption": row["assumption"],
        "now": row["now"],
        **ends,
        "per unit": row["per_unit"],
        "unit": row["unit"],
    }


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
