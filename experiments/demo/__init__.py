"""The demo: ownership share × guarantee strength on the real data, its pictures, and eleven lines about it."""

from __future__ import annotations

import shlex
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import xarray as xr

from experiments.analysis.deal.standard_texts import OWN_OFFER
from experiments.demo.summary_text import summary_lines
from experiments.demo.tables import APRIL, FEBRUARY, POLITICS, PRESET, SEED, STORES, Tables
from experiments.designs.builders import grid, policies
from experiments.designs.design import Design
from experiments.ensemble.sweep import sweep
from experiments.errors import StoreError
from experiments.studies import what_matters

TALKS_OVER = 7
"""Months after which every draft is signed or refused: the talks open in February 2025 and last six months."""
MONTHLY = (
    "fighting", "china_mine_share", "china_separation_share", "price_magnet_china", "price_magnet_united_states",
    "price_heavy_china", "price_heavy_united_states", "aid_total",
)  # fmt: skip


class Size(NamedTuple):
    """How large the demo is: points a side of the map and of a facet, worlds a point, worlds of the two deals.

    And base points of the sensitivity indices, with worlds at each of their rows.
    """

    points: int
    replicates: int
    facet_points: int
    facet_replicates: int
    worlds: int
    base_points: int
    base_replicates: int
    months: int


LARGE = Size(21, 200, 11, 100, 400, 256, 16, 180)
SMALL = Size(6, 40, 4, 20, 80, 64, 4, 60)


def show(folder: str, size: Size, processes: int, fresh: bool = False) -> None:
    """Compute what is missing, draw the pictures into `folder` and print eleven lines about them."""
    started = time.perf_counter()
    target = Path(folder)
    stores = {name: target / f"{name}.zarr" for name in STORES}
    if fresh:
        for store in stores.values():
            shutil.rmtree(store, ignore_errors=True)
    note = "Six sweeps, a minute or so of computing on two cores; whatever is interrupted goes on with the same call."
    print(note, file=sys.stderr)
    sweeps = zip(stores.items(), _sweeps(size), strict=True)
    results = {name: _sweep(store, processes, *each) for (name, store), each in sweeps}
    computed = time.perf_counter() - started
    from experiments.demo import pictures

    tables = Tables(results)
    drawn = pictures.draw(tables, target)
    for number, line in enumerate(summary_lines(tables), 1):
        print(f"{number:2}. {line}")
    print()
    for path, words in drawn.items():
        print(f"    {path}  {words}")
    worlds = sum(int(each["signed"].size) for each in results.values())
    spent = f"{computed:.0f} s of computing, {time.perf_counter() - started:.0f} s in all"
    further = f"subsoil plot {shlex.quote(str(stores['demo']))} --what map --variable ratified"
    print(f"\n{worlds:,} worlds; {spent}. Kept in {stores['demo']}. Next: {further}")


def _sweeps(size: Size) -> Iterator[tuple[Design, int, int, str | list[str]]]:
    """The design, worlds a point, months and record of each sweep."""
    plane = grid(ownership_share=size.points, guarantee_strength=size.points)
    coarse = grid(ownership_share=size.facet_points, guarantee_strength=size.facet_points)
    deals: dict[str, dict[str, float | str]] = {
        "February 2025 demand": {**FEBRUARY},
        "agreement of 30 April 2025": {**APRIL},
        "Ukraine's own offer": {**OWN_OFFER},
        "Ukraine's own offer, in force": {**OWN_OFFER, "talks": "imposed"},
    }
    yield plane, size.replicates, size.months, "outcomes"
    for end in POLITICS.values():
        yield plane.with_base(PRESET, **end), size.replicates, TALKS_OVER, "outcomes"
    yield grid(tripwire="all") * coarse, size.facet_replicates, TALKS_OVER, "outcomes"
    yield policies(deals), size.worlds, size.months, list(MONTHLY)
    yield what_matters.design(size.base_points), size.base_replicates, size.months, "outcomes"


def _sweep(store: Path, processes: int, design: Design, replicates: int, months: int, record: Any) -> xr.Dataset:
    """One of the demo's sweeps, opened if it is there, computed if not."""
    size: Any = {"replicates": replicates, "months": months, "record": record}
    progress = sys.stderr.isatty()
    try:
        return sweep(design, preset=PRESET, seed=SEED, store=store, processes=processes, progress=progress, **size)
    except StoreError as error:
        if "another experiment" not in str(error):
            raise
        raise StoreError(f"{error} (the demo does so with --fresh, or goes elsewhere with --out)") from None
