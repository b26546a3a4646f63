"""The demo: ownership share × guarantee strength on the real data, its pictures, and ten lines about it."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import xarray as xr

from experiments.demo import summary_text as telling
from experiments.demo.tables import APRIL, FEBRUARY, PLANE, PRESET, SEED, Tables
from experiments.designs.builders import grid, policies
from experiments.designs.design import Design
from experiments.ensemble.sweep import sweep
from experiments.errors import StoreError
from model.parameters.declaration import Value

ANSWERED = 7
"""Months after which all answers are in: the talks open in February 2025 and last six months."""
MONTHLY = (
    "fighting", "china_mine_share", "china_separation_share", "price_magnet_china", "price_magnet_united_states",
    "price_heavy_china", "price_heavy_united_states", "aid_total",
)  # fmt: skip


@dataclass(frozen=True)
class Size:
    """How large the demo is: points a side, worlds a point, worlds of the two recorded deals, months."""

    points: int
    replicates: int
    facet_points: int
    facet_replicates: int
    worlds: int
    months: int


LARGE = Size(21, 200, 11, 100, 400, 180)
SMALL = Size(6, 40, 4, 20, 80, 60)


def show(folder: str, size: Size, processes: int, fresh: bool = False) -> None:
    """Compute what is missing, draw the pictures into `folder` and print ten lines about them."""
    started = time.perf_counter()
    place = Path(folder)
    stores = {name: place / f"{name}.zarr" for name in ("demo", "demo-signed-terms", "demo-hypotheses", "demo-deals")}
    if fresh:
        for store in stores.values():
            shutil.rmtree(store, ignore_errors=True)
    note = "Four sweeps, half a minute of computing on two cores; whatever is interrupted goes on with the same call."
    print(note, file=sys.stderr)
    results = {name: _answer(name, stores[name], size, processes) for name in stores}
    computed = time.perf_counter() - started
    from experiments.demo import pictures

    tables = Tables.of(results)
    drawn = pictures.draw(tables, place)
    for number, line in enumerate(telling.lines(tables), 1):
        print(f"{number:2}. {line}")
    print()
    for path, words in drawn.items():
        print(f"    {path}  {words}")
    spent = time.perf_counter() - started
    print(
        f"\n{sum(int(each['signed'].size) for each in results.values()):,} worlds; {computed:.0f} s of computing, "
        f"{spent:.0f} s in all. Kept in {stores['demo']}. Next: subsoil plot {stores['demo']} --what map "
        "--variable ratified"
    )


def _answer(name: str, store: Path, size: Size, processes: int) -> xr.Dataset:
    """One of the demo's sweeps, opened if it is there, computed if not."""
    design, replicates, months, record = QUESTIONS[name](size)
    try:
        return sweep(
            design, replicates=replicates, months=months, preset=PRESET, seed=SEED, store=store,
            record=record, processes=processes, progress=_listener(),
        )  # fmt: skip
    except StoreError as error:
        if "another experiment" not in str(error):
            raise
        raise StoreError(f"{error} (the demo does so with --fresh, or goes elsewhere with --out)") from None


def _listener() -> bool:
    return sys.stderr.isatty()


def _main(size: Size) -> tuple[Design, int, int, str | list[str]]:
    return grid(ownership_share=size.points, guarantee_strength=size.points), size.replicates, size.months, "outcomes"


def _signed_terms(size: Size) -> tuple[Design, int, int, str | list[str]]:
    design = grid(ownership_share=size.points, guarantee_strength=size.points).with_base(PRESET, **_beside(APRIL))
    return design, size.replicates, ANSWERED, "outcomes"


def _hypotheses(size: Size) -> tuple[Design, int, int, str | list[str]]:
    plane = grid(ownership_share=size.facet_points, guarantee_strength=size.facet_points)
    return grid(tripwire="all") * plane, size.facet_replicates, ANSWERED, "outcomes"


def _deals(size: Size) -> tuple[Design, int, int, str | list[str]]:
    cases = {"February 2025 demand": FEBRUARY, "agreement of 30 April 2025": APRIL}
    plain = {name: {term: float(value) for term, value in terms.items()} for name, terms in cases.items()}
    return policies(plain), size.worlds, size.months, list(MONTHLY)


QUESTIONS: dict[str, Callable[[Size], tuple[Design, int, int, str | list[str]]]] = {
    "demo": _main,
    "demo-signed-terms": _signed_terms,
    "demo-hypotheses": _hypotheses,
    "demo-deals": _deals,
}


def _beside(terms: dict[str, Value]) -> dict[str, float]:
    """Terms of a draft other than the two that the plane varies."""
    return {name: float(value) for name, value in terms.items() if name not in PLANE}
