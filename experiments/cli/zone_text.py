"""What `subsoil deals` says of a grid over terms: the zone of agreement and the points of two theories, row by row."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import product
from typing import TYPE_CHECKING, Any

import typer

from experiments.cli import output

if TYPE_CHECKING:
    import xarray as xr


def zone_rows(table: xr.Dataset, points: dict[str, xr.Dataset], terms: list[str]) -> list[dict[str, Any]]:
    """For each combination of the other axes of an `agreement`: size and bounds of its zone, and the points."""
    from experiments.analysis.deal.agreement_zones import zone_bounds

    bounds = zone_bounds(table, *terms)
    others = [str(dim) for dim in table["both_sign"].dims if dim not in terms]
    rows = []
    for values in product(*(table[dim].values.tolist() for dim in others)):
        where = dict(zip(others, values, strict=True))
        zone = {str(name): float(value) for name, value in bounds.sel(where).items()}
        edges = {term: [zone[f"{term}_low"], zone[f"{term}_high"]] for term in terms}
        at = {name: {key: float(each) for key, each in point.sel(where).items()} for name, point in points.items()}
        rows.append({"where": where, "area": zone["area"], "unknown": zone["unknown"], "bounds": edges} | at)
    return rows


def print_zone(row: dict[str, Any], threshold: float) -> None:
    """Print one combination in words."""
    if row["where"]:
        typer.echo(", ".join(f"{name} {output.cell(value)}" for name, value in row["where"].items()))
    share = "half" if threshold == 0.5 else f"{threshold:.0%}"
    if math.isnan(row["area"]):
        output.print_text("zone, Nash, Kalai-Smorodinsky: unknown, no point of the grid is known", "  ", "    ")
        return
    part = f"{row['unknown']:.1%} of the grid is not known; in the rest, " if row["unknown"] else ""
    zone = f"zone: {part or 'empty, '}nowhere would both sign in at least {share} of worlds"
    if row["area"] > 0:
        sides = "; ".join(f"{term} {low:g} to {high:g}" for term, (low, high) in row["bounds"].items())
        zone = f"zone: {part}both would sign in at least {share} of worlds on {row['area']:.1%} of the grid; {sides}"
    output.print_text(zone, "  ", "    ")
    for name in ("Nash", "Kalai-Smorodinsky"):
        output.print_text(f"{name}: {_point(row[name], row['bounds'], bool(part))}", "  ", "    ")
    typer.echo()


def _point(point: dict[str, float], terms: Iterable[str], in_part: bool) -> str:
    if any(map(math.isnan, point.values())):
        return "unknown, each point known harms somebody" if in_part else "none, every point of the grid harms somebody"
    where = "of the points known, " * in_part + ", ".join(f"{term} {point[term]:g}" for term in terms)
    return (
        f"{where}; Ukraine gains {point['ukraine_gain']:+.2f} and signs in {point['ukraine_signs']:.0%}, "
        f"the United States {point['united_states_gain']:+.2f} and {point['united_states_signs']:.0%}"
    )
