"""`subsoil levels`: what the war game says of renewed war, deterrence and worths, beside what it must say."""

from __future__ import annotations

from typing import Annotated

import typer

from experiments.cli import output
from experiments.cli.options import Json, Preset, Set, assignments
from experiments.errors import InputError

NOTE = (
    "Solved, not simulated: no draws, and the situation stays as it is at the start. A guarantee is the American one "
    "and all that the deal holds, unless it says European. The wanted ranges were stated beforehand; where a level "
    "must rise or fall, its range begins or ends at the level above it. Without a range it is only reported."
)


def levels(
    preset: Preset = "documented",
    set_: Set = None,
    json: Json = False,
    csv: Annotated[str | None, typer.Option("--csv", metavar="FILE.csv", help="Write the table.")] = None,
) -> None:
    """The levels of war and peace, each beside its range.

    Renewed war with nothing promised, what a guarantee cuts and what a slow build-up loses of it, the window of
    preventive war, lengths of war, and worths; the same of a European guarantee.

    Example: subsoil levels --set russia_choice_scale=0.1
    """
    from experiments.analysis.war.war_game_targets import SET_BY_LEVELS, war_levels
    from model.parameters.presets import preset as parameters_of

    output.check_csv(csv)
    changes = assignments(set_)
    for name in SET_BY_LEVELS:
        if name in changes:
            raise InputError(f"--set {name}: every level sets it itself")
    table = war_levels(parameters_of(preset, **changes))
    if csv:
        output.save_csv({csv: table})
    if json:
        output.print_json({"preset": preset, "changes": changes, "levels": table})
        return
    for group, own in table.groupby("group", sort=False):
        rows = own[["level", "unit", "wanted", "got", "result"]].to_dict("records")
        output.print_table(rows, title=f"{str(group)[0].upper()}{str(group)[1:]}", digits=3)
        typer.echo()
    asked = table[table["wanted"] != ""]
    changed = ", ".join(f"{name} {value}" for name, value in changes.items())
    met = f"{(asked['result'] == 'pass').sum()} of {len(asked)} levels with a range are met"
    output.print_text(f"{met}; preset {preset}{f' with {changed}' if changed else ''}.")
    output.print_text(NOTE)
