"""Chunks of many blocks in one file: few files, the same numbers for every reader, and nothing lost on the way."""

from __future__ import annotations

import functools
import math
import os
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from experiments import StoreError, SweepInterrupted, grid, open_results, sweep
from experiments.ensemble.spec import SweepSpec
from experiments.store import manifest
from experiments.store.chunk_files import PARTS, ChunkFiles
from experiments.store.filesystem import LocalFiles
from experiments.store.store import Store
from tests.stand_ins import Quick
from tests.sweeps import alter_chunk, flip

pytestmark = pytest.mark.long

CHOICES: dict[str, Any] = {"replicates": 7, "months": 3, "progress": False, "model": Quick}
FEW_ROWS, MANY_ROWS = grid(ownership_share=2), grid(ownership_share=5, guarantee_strength=[0.0, 0.4])


SHARD_BLOCKS = 4


@pytest.fixture(autouse=True)
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shards of four blocks."""
    monkeypatch.setattr(manifest, "SHARD_BLOCKS", SHARD_BLOCKS)


class KilledError(Exception):
    """The end of a run at an instant of the test's choice."""


def sweep_without_gathering(store: Path | str, **choices: Any) -> None:
    """A run that is killed when all blocks are done, before it gathers anything."""

    def end(*_: Any) -> None:
        raise KilledError

    with pytest.MonkeyPatch.context() as patch, pytest.raises(KilledError):
        patch.setattr(ChunkFiles, "pack", end)
        sweep(MANY_ROWS, store=store, **choices)


def files(store: Path, folder: str = "signed") -> set[str]:
    """Names of the files of a folder, but for its description."""
    return {path.name for path in (store / folder).iterdir()} - {"zarr.json"}


def check_readers(store: Path, wanted: xr.Dataset) -> None:
    """Our reader and Zarr's own see the same numbers."""
    ours = open_results(store)
    with xr.open_zarr(store) as plain:
        for name in wanted.data_vars:
            np.testing.assert_array_equal(ours[name].values, wanted[name].values)
            np.testing.assert_array_equal(plain[name].values.ravel(), wanted[name].values.ravel())
    assert not list((store / PARTS).glob("*"))


@pytest.mark.parametrize("record", ["outcomes", ["tension"], pytest.param("summaries", marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    ("design", "block_worlds", "shards"),
    [
        (MANY_ROWS, 7, {"c.0.0", "c.1.0", "c.2.0"}),  # ten blocks of one row each
        (MANY_ROWS, 14, {"c.0.0", "c.1.0"}),
        (FEW_ROWS, 2, {"c.0.0", "c.0.1"}),  # four blocks for each of two rows, the last of each smaller
    ],
)
def test_every_reader_sees_the_same_numbers(
    tmp_path: Path, design: Any, block_worlds: int, shards: set[str], record: Any
) -> None:
    choices = CHOICES | {"record": record, "block_worlds": block_worlds}
    sweep(design, store=tmp_path / "a.zarr", **choices)
    check_readers(tmp_path / "a.zarr", sweep(design, **(choices | {"block_worlds": None})))
    assert files(tmp_path / "a.zarr") == shards or record == "summaries"


def test_large_chunks_have_files_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which chunk is large is decided by its bytes: 21 worlds of three months, of four bytes each."""
    monkeypatch.setattr(manifest, "SHARDED_BELOW", 3 * 21 * 4)
    choices = CHOICES | {"record": ["tension"], "block_worlds": 21}
    sweep(MANY_ROWS, store=tmp_path / "a.zarr", **choices)
    assert files(tmp_path / "a.zarr", "tension") == {f"c.0.{number}.0" for number in range(4)}
    assert files(tmp_path / "a.zarr") == {"c.0.0"}
    check_readers(tmp_path / "a.zarr", sweep(MANY_ROWS, **choices))
    alter_chunk(tmp_path / "a.zarr", "tension", 2, flip)
    with pytest.raises(StoreError, match="block 2 of"):
        open_results(tmp_path / "a.zarr")


def test_few_blocks_share_a_file_where_they_are_large(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The bytes that all shards of some blocks may hold bound the memory that gathering takes."""
    choices = CHOICES | {"block_worlds": 7}
    wanted = sweep(MANY_ROWS, **choices)
    layout = SweepSpec(MANY_ROWS, replicates=7, block_worlds=7).manifest()
    one_block = sum(4 * math.prod(layout.chunk_shape(name)) for name in layout.fields)
    monkeypatch.setattr(manifest, "SHARD_BYTES", 2 * one_block)
    sweep(MANY_ROWS, store=tmp_path / "a.zarr", **choices)
    assert files(tmp_path / "a.zarr") == {f"c.{number}.0" for number in range(5)}
    check_readers(tmp_path / "a.zarr", wanted)


def test_ten_million_worlds_take_a_tenth_of_the_files_of_one_for_each_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the counts of the layout alone: marks, shards and descriptions, and while it runs a part for each block."""
    monkeypatch.undo()
    layout = SweepSpec(grid(ownership_share=50_000), replicates=200).manifest(processes=2)
    blocks, variables = len(layout.blocks), len(layout.fields) + len(layout.coords) + len(layout.columns)
    shards = -(-blocks // manifest.SHARD_BLOCKS)
    assert layout.blocks.worlds == 10**7 and layout.sharded == list(layout.fields)
    assert all(layout.shard_chunks(name)[-2:] == (manifest.SHARD_BLOCKS, 1) for name in layout.fields)
    assert blocks * (len(layout.fields) + 1) > 10 * (blocks * 2 + len(layout.fields) * shards + 2 * variables)


def test_a_run_killed_before_it_gathers_anything_has_lost_nothing(tmp_path: Path) -> None:
    store, choices = tmp_path / "a.zarr", CHOICES | {"block_worlds": 7, "record": ["tension"]}
    sweep_without_gathering(store, **choices)
    assert len(files(store, PARTS)) == 10 and not files(store)
    wanted, log = open_results(store).load(), (store / "ledger" / "log").read_text()
    sweep(MANY_ROWS, store=store, **choices)
    assert (store / "ledger" / "log").read_text() == log, "nothing is computed again"
    check_readers(store, wanted)


@pytest.mark.parametrize("seed", range(4))
def test_gathering_that_fails_at_any_write_is_done_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    store, choices = tmp_path / "a.zarr", CHOICES | {"block_worlds": 7}
    whole, write, remove, chance = sweep(MANY_ROWS, **choices), LocalFiles.write, LocalFiles.remove, random.Random(seed)

    def starved(action: Any, files: LocalFiles, key: str, *content: bytes) -> None:
        if key.endswith(".0") and chance.random() < 0.02:
            raise StoreError("No space left on device")
        action(files, key, *content)

    failed = 0
    for action, name in ((write, "write"), (remove, "remove")):
        monkeypatch.setattr(
            LocalFiles, name, functools.partialmethod(lambda f, k, *c, a: starved(a, f, k, *c), a=action)
        )
    for _ in range(100):
        try:
            sweep(MANY_ROWS, store=store, **choices)
            break
        except StoreError:
            failed += 1
            known = Store(store).read("signed").ravel()
            np.testing.assert_array_equal(known, np.where(np.isnan(known), np.nan, whole.signed.values.ravel()))
    assert failed
    check_readers(store, whole)


def test_an_interrupted_run_shows_all_readers_what_it_did_and_is_gone_on_with(tmp_path: Path) -> None:
    store, choices = tmp_path / "a.zarr", CHOICES | {"block_worlds": 7}

    def interrupt(done: int, _: int) -> None:
        if done == 42:
            raise KeyboardInterrupt

    with pytest.raises(SweepInterrupted, match="6 of 10 blocks"):
        sweep(MANY_ROWS, store=store, **(choices | {"progress": interrupt}))
    with xr.open_zarr(store) as plain:
        assert np.isnan(plain.signed.values).all(axis=1).tolist() == [False] * 6 + [True] * 4
    sweep(MANY_ROWS, store=store, **choices)
    check_readers(store, sweep(MANY_ROWS, **choices))


def test_an_open_store_is_read_on_while_a_run_gathers(tmp_path: Path) -> None:
    store, choices = tmp_path / "a.zarr", CHOICES | {"block_worlds": 7}
    sweep_without_gathering(store, **choices)
    opened, wanted = open_results(store), open_results(store).load()
    sweep(MANY_ROWS, store=store, **choices)
    xr.testing.assert_equal(opened, wanted)


def test_a_forgotten_block_is_unknown_until_it_is_computed(tmp_path: Path) -> None:
    """Its chunk, damaged perhaps, does not come along when its neighbours are gathered anew."""
    store, choices = tmp_path / "a.zarr", CHOICES | {"block_worlds": 7}
    wanted = sweep(MANY_ROWS, store=store, **choices).load()
    alter_chunk(store, "signed", 2, flip)
    alter_chunk(store, "signed", 1, flip)

    def interrupt(done: int, total: int) -> None:
        if done == total - 7:
            raise KeyboardInterrupt

    with pytest.raises(SweepInterrupted, match="9 of 10 blocks"):
        sweep(MANY_ROWS, store=store, **(choices | {"progress": interrupt}))
    with pytest.warns(UserWarning, match="9 of 10 blocks are done"):
        assert np.isnan(open_results(store).signed.values.reshape(10, 7)).all(axis=1).sum() == 1
    sweep(MANY_ROWS, store=store, **choices)
    check_readers(store, wanted)


def test_a_remote_store_is_gathered_too() -> None:
    address = f"memory://subsoil-shards-{os.getpid()}/a.zarr"
    choices = CHOICES | {"block_worlds": 7}
    sweep_without_gathering(address, **choices)
    before = open_results(address).load()
    sweep(MANY_ROWS, store=address, **choices)
    there = Store(address)
    assert set(there.files.sizes("signed")) == {"zarr.json", "c.0.0", "c.1.0", "c.2.0"}
    assert not there.files.sizes(PARTS)
    xr.testing.assert_equal(open_results(address), before)
    xr.testing.assert_equal(sweep(MANY_ROWS, **choices), before.drop_attrs())


def test_outer_selections_of_several_shards(tmp_path: Path) -> None:
    choices = CHOICES | {"block_worlds": 2, "record": ["tension"]}
    whole = sweep(MANY_ROWS, store=tmp_path / "a.zarr", **choices).load()
    rows = np.array([9, 0, 4])
    every = slice(None)
    picks: list[tuple[Any, ...]] = [
        (0, every, every),
        (every, rows, every),
        (every, rows, np.array([6, 1])),
        (slice(1, 3), slice(2, 9, 3), slice(0, 0)),
    ]
    values = whole.tension.values.reshape(3, 10, 7)
    for pick in picks:
        outer = [np.atleast_1d(np.arange(size)[part]) for size, part in zip(values.shape, pick, strict=True)]
        np.testing.assert_array_equal(Store(tmp_path / "a.zarr").read("tension", pick), values[np.ix_(*outer)])
