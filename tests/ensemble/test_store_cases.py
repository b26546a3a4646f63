"""What is not known in a store, how it is said and mended, and how replicates are added."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from experiments import (
    StoreError,
    describe,
    export,
    grid,
    open_results,
    sweep,
)
from experiments.cli.app import main
from experiments.store.store import Store
from tests.stand_ins import Quick
from tests.sweeps import alter_chunk, drop_block, flip

pytestmark = [pytest.mark.cases, pytest.mark.long]

QUICK: dict[str, Any] = {"replicates": 6, "months": 5, "block_worlds": 12, "progress": False, "model": Quick}
DESIGN = grid(ownership_share=[0.8, 0.2, 0.5], guarantee_strength=[0.0, 0.4])


# What is not known in a store


@pytest.fixture
def finished(tmp_path: Path) -> Path:
    """A finished store of six rows in three blocks."""
    sweep(DESIGN, store=tmp_path / "a.zarr", record=["tension"], **QUICK)
    return tmp_path / "a.zarr"


@pytest.fixture
def unfinished(finished: Path) -> Path:
    """The same, but block 1 was never computed."""
    drop_block(finished, 1)
    return finished


SAID = "2 of 3 blocks are done; the same sweep goes on with the rest; what is not known is NaN"


def test_every_reader_of_an_unfinished_store_says_so(unfinished: Path, tmp_path: Path, capsys: Any) -> None:
    readers: list[Callable[[], Any]] = [
        lambda: open_results(unfinished),
        lambda: export(unfinished, tmp_path / "a.csv"),
    ]
    for read in readers:
        with pytest.warns(UserWarning, match=SAID) as said:
            read()
        assert len(said) == 1
    assert describe(unfinished).facts["caution"] == SAID
    assert main(["info", str(unfinished)]) == 0
    assert capsys.readouterr().err == f"subsoil: {SAID}\n"
    with pytest.warns(UserWarning, match=rf"12 of 36 rows in .*b\.csv are unknown: {SAID}"):
        assert export(unfinished, tmp_path / "b.csv", ["signed"]) == 36
    assert pd.read_csv(tmp_path / "b.csv").signed.isna().sum() == 12


COORDINATES: dict[str, Callable[[Path], Any]] = {
    "removed": shutil.rmtree,
    "chunk removed": lambda folder: (folder / "c.0").unlink(),
    "cut short": lambda folder: (folder / "c.0").write_bytes((folder / "c.0").read_bytes()[:3]),
    "emptied": lambda folder: (folder / "c.0").write_bytes(b""),
    "flipped": lambda folder: (folder / "c.0").write_bytes(bytes([b ^ 1 for b in (folder / "c.0").read_bytes()])),
    "swapped": lambda folder: shutil.copy(folder.parent / "guarantee_strength" / "c.0", folder / "c.0"),
    "its description": lambda folder: (folder / "zarr.json").write_text("{}"),
}


@pytest.mark.parametrize("name", ["ownership_share", "month"])
@pytest.mark.parametrize("how", COORDINATES)
def test_a_damaged_coordinate_is_named_and_mended_by_the_same_sweep(
    finished: Path, how: str, name: str, tmp_path: Path
) -> None:
    before = open_results(finished).load()
    COORDINATES[how](finished / name)
    with pytest.raises(StoreError, match=rf"coordinate {name} of .* is damaged or lost; the same sweep mends it"):
        open_results(finished)
    with pytest.raises(StoreError, match=f"coordinate {name}"):
        export(finished, tmp_path / "a.csv")
    assert not (tmp_path / "a.csv").exists()
    assert describe(finished).facts["damaged"] == [name] and not describe(finished).facts["complete"]
    log = (finished / "ledger" / "log").read_text()
    sweep(DESIGN, store=finished, record=["tension"], **QUICK)
    assert (finished / "ledger" / "log").read_text() == log, "nothing is computed again"
    xr.testing.assert_identical(open_results(finished).load(), before)


BLOCKS: dict[str, Callable[[Path], Any]] = {
    "flipped": lambda store: alter_chunk(store, "signed", 1, flip),
    "another's": lambda store: alter_chunk(store, "signed", 1, lambda content: bytes(len(content))),
    "removed": lambda store: (store / "signed" / "c.0.0").unlink(),
    "cut short": lambda store: cut_short(store / "signed" / "c.0.0", -3),
    "no index": lambda store: cut_short(store / "signed" / "c.0.0", 10),
    "emptied": lambda store: cut_short(store / "signed" / "c.0.0", 0),
    "its mark": lambda store: (store / "ledger" / "done-1.0.json").write_text("[]"),
    "what its mark says": lambda store: (store / "ledger" / "done-1.0.json").write_text('{"bytes": 7}'),
    "the whole variable": lambda store: shutil.rmtree(store / "signed"),
}


def cut_short(path: Path, size: int) -> None:
    """Leave only the first bytes of a file, or with a number below 0 all but the last."""
    path.write_bytes(path.read_bytes()[:size])


@pytest.mark.parametrize("how", BLOCKS)
def test_a_damaged_block_is_named_by_every_reader_and_mended(finished: Path, how: str, tmp_path: Path) -> None:
    before = open_results(finished).load()
    BLOCKS[how](finished)
    for read in (open_results, lambda store: export(store, tmp_path / "a.csv")):
        with pytest.raises(StoreError, match=r"block [012] .* is damaged or lost; the same sweep mends it"):
            read(finished)
    assert not list(tmp_path.glob("a.csv*"))
    assert f"block {2 if how == 'cut short' else 1}" in describe(finished).facts["damaged"]
    sweep(DESIGN, store=finished, record=["tension"], **QUICK)
    xr.testing.assert_identical(open_results(finished).load(), before)
    with xr.open_zarr(finished) as plain:
        np.testing.assert_array_equal(plain.signed, before.signed.values.reshape(6, 6))


def test_other_readers_see_words_under_the_numbers_of_the_table(tmp_path: Path) -> None:
    sweep(grid(tripwire=["H2", "H0"], ownership_share=[0.5]), store=tmp_path / "c.zarr", **QUICK)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        plain = xr.open_zarr(tmp_path / "c.zarr")
    assert plain.tripwire.values.tolist() == [2, 0] and plain.tripwire.attrs["high"] == 5
    assert plain.tripwire.attrs["flag_meanings"].split()[2] == "H2"
    assert open_results(tmp_path / "c.zarr").tripwire.values.tolist() == ["H2", "H0"]


# More replicates


def contents(store: Path, names: Iterable[str]) -> dict[str, list[bytes]]:
    """The chunks of blocks by their names, one for each variable, as they are on disk."""
    there = Store(store)
    numbers = {name: there.blocks.number(name) for name in names}
    return {
        name: [there.chunk_files.content(field, number) for field in there.fields] for name, number in numbers.items()
    }


@pytest.mark.parametrize("block_worlds", [4, 5, 6, 12, 1000])
@pytest.mark.parametrize("record", ["outcomes", "tension"])
def test_more_replicates_are_computed_on_top_of_those_that_are_there(
    tmp_path: Path, block_worlds: int, record: str
) -> None:
    choices = QUICK | {"block_worlds": block_worlds, "record": record if record == "outcomes" else [record]}
    store = tmp_path / "a.zarr"
    sweep(DESIGN, store=store, **choices)
    kept = contents(store, map(Store(store).blocks.name, range(len(Store(store).blocks))))
    log = store / "ledger" / "log"
    computed = log.read_text().count('"done"')
    for replicates in (12, 17):
        results = sweep(DESIGN, store=store, **(choices | {"replicates": replicates}))
        fresh = sweep(DESIGN, **(choices | {"replicates": replicates}))
        for name in fresh.data_vars:
            np.testing.assert_array_equal(results[name].values, fresh[name].values)
        assert results.attrs["replicates"] == replicates == results.sizes["replicate"] and results.attrs["complete"]
    whole = 6 % Store(store).blocks.block_replicates == 0
    if whole:
        assert contents(store, kept) == kept
        assert log.read_text().count('"done"') - computed <= 2 * (len(Store(store).blocks) - computed)
    with xr.open_zarr(store) as plain:
        assert plain.sizes["replicate"] == 17 and bool(np.isfinite(plain.signed.values).all())
    with pytest.raises(StoreError, match="replicates is 17 there and 6 here"):
        sweep(DESIGN, store=store, **choices)


def test_more_replicates_of_an_unfinished_sweep(unfinished: Path) -> None:
    results = sweep(DESIGN, store=unfinished, record=["tension"], **(QUICK | {"replicates": 9}))
    fresh = sweep(DESIGN, record=["tension"], **(QUICK | {"replicates": 9}))
    for name in fresh.data_vars:
        np.testing.assert_array_equal(results[name].values, fresh[name].values)


def test_quantiles_of_all_replicates_cannot_grow(tmp_path: Path) -> None:
    sweep(DESIGN, store=tmp_path / "a.zarr", record="summaries", **QUICK)
    with pytest.raises(StoreError, match="replicates is 6 there and 9 here"):
        sweep(DESIGN, store=tmp_path / "a.zarr", record="summaries", **(QUICK | {"replicates": 9}))
