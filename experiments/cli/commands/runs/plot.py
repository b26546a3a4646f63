"""`subsoil plot`: pictures of a store."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli import output
from experiments.cli.options import one_of
from experiments.cli.store_pictures import MOST_ROWS, draw_store, number_axes, swept_axes

if TYPE_CHECKING:
    import xarray as xr

KINDS = ("zone", "map", "curve", "intervals", "sample", "fan", "utility", "reasons", "prices", "trade")
NEXT = {"zone": ("--what", "map"), "fan": ("--what", "reasons")} | dict.fromkeys(
    ("curve", "intervals", "sample"), ("--variable", "peace_holds")
)
"""The kind drawn by default -> options that draw more of the same store."""


def plot(
    store: Annotated[str, typer.Argument(help="A store of `subsoil run` or `subsoil sweep`.")],
    what: Annotated[str, typer.Option(help=f"{', '.join(KINDS)}; by default what fits.")] = "",
    variable: Annotated[str, typer.Option(help="Which variable; both: both would sign.")] = "",
    country: Annotated[str, typer.Option(help="Which country, for utility.")] = "ukraine",
    by: Annotated[str, typer.Option(help="Facets over one more parameter; over tripwire they come by default.")] = "",
    out: Annotated[str | None, typer.Option(help="Picture to write; by default beside the store.")] = None,
) -> None:
    """Draw what a store shows.

    The zone of agreement of a sweep over two terms, a curve over one, policies with their intervals, the fan of a
    run, the reasons of both signatories, its own prices, ...

    Example: subsoil plot results/demo.zarr --what map --variable renewed_war_10y
    """
    if what:
        one_of("--what", what, KINDS)
    from experiments.store.dataset import open_results

    results = open_results(store)
    wanted = what or _fitting(results)
    name = "-".join(part for part in (Path(store).name.removesuffix(".zarr"), wanted, variable) if part)
    target = out or str(Path(store).with_name(f"{name}.png"))
    output.save_pictures({target: draw_store(results, wanted, variable, country, by)}, quiet=True)
    one_row = "month" in results.dims and not swept_axes(results)
    more = NEXT.get(wanted) if not (what or variable) and (wanted != "fan" or one_row) else None
    if wanted == "fan" and more:
        more = ("--what", _of_terms(results))
    further = ("plot", store, *more) if more else ("info", store)
    typer.echo(f"Drawn in {target}. Next: {output.call(*further)}")


def _fitting(results: xr.Dataset) -> str:
    """What suits a store best."""
    wide = swept_axes(results)
    months = any("month" in each.dims for each in results.data_vars.values())
    if not wide or (wide == ["tripwire"] and months):
        return "fan" if months else _of_terms(results)
    if len(numbers := number_axes(results, wide)) > 1:
        return "zone"
    if numbers and len(wide) < 3:
        return "curve"
    rows = math.prod(results.sizes[dim] for dim in wide)
    return "sample" if rows > MOST_ROWS and "design" in wide else "intervals"


def _of_terms(results: xr.Dataset) -> str:
    """What a store of one row shows without months: its reasons, or trade where the run begins before the talks."""
    from experiments.analysis.deal.draft_responses import FIRST_START

    return "reasons" if int(json.loads(results.attrs["parameters"])["start"]) >= FIRST_START else "trade"
