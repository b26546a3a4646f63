"""Sweeps that are starved of disk or corrupted, and then resumed: nothing is lost.

After every accident the same call is made again, and the store is compared bit by bit with that of an
undisturbed run; the log of blocks says that only blocks under way were computed twice.
"""

from __future__ import annotations

import contextlib
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import xarray as xr

from experiments import StoreError, open_results
from experiments.store.filesystem import LocalFiles
from experiments.store.store import Store
from tests.sweeps import QUICK, SAID, alter_chunk, check_whole, finish, flip, lines, start, wait_for

pytestmark = pytest.mark.long


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of eight megabytes; skipped where none may be mounted."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(place)]
    if sys.platform != "linux" or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no file system may be mounted here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.mark.parametrize("processes", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_full_disk_stops_with_one_line_and_room_lets_it_finish(
    tmp_path: Path, small_disk: Path, server: None, undisturbed: xr.Dataset, processes: int
) -> None:
    store, ballast = small_disk / "a.zarr", small_disk / "ballast"
    run = start(store, processes=processes, said=tmp_path / SAID)
    wait_for(store, "done", 3)
    with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    said = finish(run, tmp_path / SAID).strip().splitlines()[-1]
    assert "StoreError: cannot write" in said and "No space left on device" in said and "is kept" in said
    kept = len(Store(store).progress().done)
    assert 3 <= kept < QUICK.blocks
    with pytest.raises(StoreError, match="No space left on device"):
        QUICK(store)
    ballast.unlink()
    QUICK(store)
    check_whole(store, undisturbed, 2)


def test_disk_full_from_the_start(small_disk: Path) -> None:
    with (small_disk / "ballast").open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))
    with pytest.raises(StoreError, match="No space left on device"):
        QUICK(small_disk / "a.zarr")


def test_a_write_that_fails_anywhere_can_be_resumed(
    tmp_path: Path, undisturbed: xr.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, write, chance = tmp_path / "a.zarr", LocalFiles.write, random.Random(5)

    def starved(self: LocalFiles, key: str, content: bytes) -> None:
        if chance.random() < 0.004:
            raise StoreError(f"cannot write {self.address}: No space left on device")
        write(self, key, content)

    failed = 0
    for _ in range(100):
        with monkeypatch.context() as patch:
            patch.setattr(LocalFiles, "write", starved)
            try:
                QUICK(store)
                break
            except StoreError:
                failed += 1
    assert failed
    check_whole(store, undisturbed, failed)


SHARD = "tension/c.0.0.0"
"""The file of all chunks of a monthly variable."""
DAMAGES: dict[str, Callable[[Path], object]] = {
    "flipped": lambda store: alter_chunk(store, "tension", 5, flip),
    "zeroed": lambda store: alter_chunk(store, "signed", 5, lambda content: bytes(len(content))),
    "mark": lambda store: (store / "ledger" / "done-5.0.json").write_text('{"bytes": 1'),
    "truncated": lambda store: (store / SHARD).write_bytes((store / SHARD).read_bytes()[:-1]),
    "index": lambda store: (store / SHARD).write_bytes(flip((store / SHARD).read_bytes()[:100])),
    "missing": lambda store: (store / SHARD).unlink(),
}
LOST = {"truncated": [19], "index": range(20), "missing": range(20)}
"""The blocks that a damage costs: only those whose bytes it touches, 5 where nothing is said."""


@pytest.mark.parametrize("how", DAMAGES)
def test_a_damaged_block_is_found_and_computed_again(tmp_path: Path, undisturbed: xr.Dataset, how: str) -> None:
    store, lost = tmp_path / "a.zarr", LOST.get(how, [5])
    QUICK(store)
    DAMAGES[how](store)
    with pytest.raises(StoreError, match=rf"block {lost[0]} .*is damaged or lost; the same sweep mends it"):
        open_results(store)
    QUICK(store)
    check_whole(store, undisturbed, len(lost))
    assert Counter(line["block"] for line in lines(store, "begin")) == Counter([*range(20), *lost])


def test_what_a_killed_worker_left_is_cleared_away(tmp_path: Path, undisturbed: xr.Dataset) -> None:
    store = tmp_path / "a.zarr"
    QUICK(store, progress=lambda done, _: (store / "signed" / "c.0.0.1234.partial").touch())
    check_whole(store, undisturbed, 0)
