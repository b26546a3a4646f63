"""`subsoil compare`: two presets, recorded drafts or stores beside each other, on common random numbers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli import output
from experiments.cli.options import Json, Months, Picture, Set, assignments
from experiments.errors import InputError

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

SIDE = "A preset, the date of a recorded draft, both as PRESET+DATE, or a store of `subsoil run` or `subsoil sweep`."
CHANCE = "Of twenty outcomes that are the same, one has an interval without nought by chance."


def compare(
    a: Annotated[str, typer.Argument(metavar="A", help=SIDE)],
    b: Annotated[str, typer.Argument(metavar="B", help="The same; differences are B less A.")],
    set_: Set = None,
    worlds: Annotated[
        int | None, typer.Option(help="Worlds of either run, 1000; with a store, those of the store.", min=2)
    ] = None,
    months: Months = None,
    seed: Annotated[
        int | None, typer.Option(help="The seed of either run, 0; with a store, that of the store.", min=0)
    ] = None,
    csv: Annotated[str | None, typer.Option("--csv", metavar="FILE.csv", help="Write the table.")] = None,
    json: Json = False,
    out: Picture = None,
) -> None:
    """Two presets, drafts or stores beside each other.

    The difference of every outcome with its 95 % interval, sorted by its size in units of its error. World r of
    one has the random numbers of world r of the other.

    Example: subsoil compare 2025-02-12 2025-04-30 --out compare.png

    Example: subsoil compare documented as_reported+2025-04-30 --set tripwire=H2
    """
    from experiments.analysis.paired_differences import changed_settings
    from experiments.analysis.paired_differences import compare as compared

    output.check_csv(csv)
    plots = output.headless_plots()
    if out:
        plots.check_picture(out)
    first, second = _results((a, b), assignments(set_), {"worlds": worlds, "months": months, "seed": seed})
    table = compared(first, second)
    changed = {name: list(pair) for name, pair in changed_settings(first, second).items()}
    if csv:
        output.save_csv({csv: table})
    if json:
        about = {name: first.attrs[name] for name in ("seed", "months", "start")}
        output.print_json({"first": a, "second": b, **about, "changed": changed, "outcomes": table})
    else:
        _show(table, a, b, changed, first.attrs)
    if out:
        said = f"{table['pairs'].max()} pairs of worlds; seed {first.attrs['seed']}, {first.attrs['months']} months"
        output.save_pictures({out: plots.comparison(table, a, b, note=said)}, quiet=json)


def _results(sides: tuple[str, str], changes: dict[str, Any], given: dict[str, int | None]) -> list[xr.Dataset]:
    """The results of both sides; a run takes its worlds, months and seed from the store beside it, if there is one."""
    from experiments.store.dataset import open_results

    stores = {side: open_results(side) for side in sides if _is_store(side)}
    if len(stores) == len(set(sides)) and changes:
        raise InputError("--set changes what is run, and both of these have been run")
    if stores:
        for name, value in given.items():
            if value is not None:
                raise InputError(f"--{name}: with a store it is that of the store")
        attrs = next(iter(stores.values())).attrs
        sizes: dict[str, Any] = {"worlds": int(attrs["replicates"]), "precision": attrs["precision"]}
        sizes |= {"months": int(attrs["months"]), "seed": int(attrs["seed"])}
    else:
        sizes = {"worlds": given["worlds"] or 1000, "months": given["months"], "seed": given["seed"] or 0}
    return [stores[side] if side in stores else _run(side, changes, **sizes) for side in sides]


def _is_store(side: str) -> bool:
    """Whether a side is an address and not the name of a run."""
    return side.endswith(".zarr") or "/" in side or Path(side).is_dir()


def _run(
    side: str, changes: dict[str, Any], worlds: int, months: int | None, seed: int, precision: str = "single"
) -> xr.Dataset:
    """The outcomes of a preset, a draft, or a draft on a preset, held in memory; raises InputError for neither."""
    from experiments.cli.options import run_length
    from experiments.designs.builders import policies
    from experiments.ensemble.sweep import sweep
    from model.parameters.declaration import nearest
    from model.parameters.presets import PRESETS
    from model.talks.recorded_drafts import draft, drafts

    parts = side.split("+")
    for part in parts:
        if part not in (*PRESETS, *drafts()):
            raise InputError(f"{part!r} is no preset, recorded draft or store; {nearest(part, [*PRESETS, *drafts()])}")
    presets, dates = ([part for part in parts if part in known] for known in (PRESETS, drafts()))
    if len(presets) > 1 or len(dates) > 1:
        raise InputError(f"{side!r}: one preset and one draft at most")
    preset, terms = presets[0] if presets else "documented", draft(dates[0]) if dates else {}
    design = policies({"run": {}}, preset=preset).with_base(**(dict(terms) | changes))
    size: dict[str, Any] = {"replicates": worlds, "months": run_length(months, preset), "seed": seed}
    return sweep(design, precision=precision, progress=False, **size)


def _show(table: pd.DataFrame, a: str, b: str, changed: dict[str, list[Any]], about: dict[str, Any]) -> None:
    """Print what is set differently, the outcomes that differ, those that do not, and what is not known."""
    worlds = int(table["pairs"].max())
    pairs = [f"{name} {output.cell(one)} and {output.cell(other)}" for name, (one, other) in changed.items()]
    output.print_text(f"Different in {a} and {b}: {', '.join(pairs) or 'nothing'}.")
    differ = table[(table["difference"] != 0) & table["difference"].notnull()]
    title = f"{worlds:,} pairs of worlds, {about['months']} months, seed {about['seed']}; B less A"
    output.print_table([_row(row, worlds) for row in differ.to_dict("records")], title=title, digits=3)
    for words, which in (("The same in every pair", table["difference"] == 0), ("Unknown", table["difference"].isna())):
        if which.any():
            output.print_text(f"{words}: {', '.join(table['outcome'][which])}.", "", "  ")
    output.print_text(f"{CHANCE} Order: difference in units of its error.")


def _row(row: dict[str, Any], worlds: int) -> dict[str, Any]:
    """One line of the table that is printed."""
    scale, unit = (100.0, "% of worlds") if row["unit"] == "0/1" else (1.0, row["unit"])
    some = f" (known in {row['pairs']:,} pairs)" if row["pairs"] < worlds else ""
    wide = row["high"] > row["low"]
    interval = f"{scale * row['low']:+.3g} to {scale * row['high']:+.3g}" if wide else "in every pair"
    means = {"A": f"{scale * row['first']:.3g}", "B": f"{scale * row['second']:.3g}"}
    shown = {"outcome": row["meaning"] + some, **means, "difference": f"{scale * row['difference']:+.3g}"}
    return shown | {"95 % interval": interval, "unit": unit}
