"""Sweeps that are killed, starved of disk, corrupted or disturbed, and then resumed: nothing is lost.

After every accident the same call is made again, and the store is compared bit by bit with that of an
undisturbed run; the log of blocks says that only blocks under way were computed twice.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from experiments import StoreError, SweepInterrupted, grid, open_results, sweep
from experiments.files import LocalFiles
from experiments.store import Store
from tests import stand_ins

DESIGN = grid(ownership_share=10, guarantee_strength=[0.0, 0.4])
OPTIONS: dict[str, Any] = {
    "replicates": 4,
    "months": 3,
    "block_worlds": 4,
    "record": ["tension"],
    "progress": False,
    "model": stand_ins.Slow,
}
SCRIPT = """
    from experiments import grid, sweep
    from tests import stand_ins
    if __name__ == "__main__":
        design = grid(ownership_share=10, guarantee_strength=[0.0, 0.4])
        options = dict(replicates=4, months=3, block_worlds=4, record=["tension"], progress=False)
        sweep(design, model=stand_ins.Slow, store={store!r}, processes={processes}, **options)
"""
BLOCKS, UNDER_WAY = 20, 3
RUNS: list[subprocess.Popen[bytes]] = []


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> xr.Dataset:
    """The same sweep, left in peace."""
    place = tmp_path_factory.mktemp("undisturbed") / "a.zarr"
    return sweep(DESIGN, store=place, **OPTIONS).load()


def start(store: Path, processes: int = 2) -> subprocess.Popen[bytes]:
    """The sweep in a process of its own, leader of its own group, as a shell would start it."""
    root = str(Path(__file__).parent.parent)
    script = textwrap.dedent(SCRIPT.format(store=str(store), processes=processes))
    path = os.pathsep.join([root, os.environ.get("PYTHONPATH", "")])
    run = subprocess.Popen(
        [sys.executable, "-c", script],
        env=os.environ | {"PYTHONPATH": path, "SUBSOIL_TEST_PAUSE": "0.05"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    RUNS.append(run)
    return run


@pytest.fixture(autouse=True)
def end_runs() -> Iterator[None]:
    """End the runs that a failed test left behind."""
    yield
    while RUNS:
        with RUNS.pop() as run:
            run.kill()


def lines(store: Path, event: str) -> list[dict[str, Any]]:
    """The log's lines of one event, none while there is no store."""
    with contextlib.suppress(StoreError):
        return [line for line in Store(store).log_lines() if line["event"] == event]
    return []


def wait_for(store: Path, event: str, count: int, run: subprocess.Popen[bytes]) -> bool:
    """Wait until the log has so many lines of an event; False when the run ended before."""
    until = time.monotonic() + 60
    while len(lines(store, event)) < count:
        if run.poll() is not None:
            return False
        assert time.monotonic() < until, f"no {count} blocks {event} within a minute"
        time.sleep(0.01)
    return True


def finish(run: subprocess.Popen[bytes]) -> str:
    """What the run said until it ended."""
    return run.communicate(timeout=90)[1].decode()


def check_whole(store: Path, undisturbed: xr.Dataset, disturbances: int) -> None:
    """The store is complete, equal to the bit, swept, and no more was computed twice than was under way."""
    results = open_results(store)
    assert results.attrs["complete"] == 1
    for name in undisturbed.data_vars:
        np.testing.assert_array_equal(results[name].values, undisturbed[name].values, err_msg=str(name))
    assert not list(store.rglob("*.partial"))
    begun, done = (Counter(line["block"] for line in lines(store, event)) for event in ("begin", "done"))
    assert set(begun) == set(range(BLOCKS))
    assert sum(begun.values()) <= BLOCKS + disturbances * UNDER_WAY
    assert sum(done.values()) <= BLOCKS + disturbances * UNDER_WAY


def resume(store: Path) -> None:
    """Make the same call again, in this process."""
    sweep(DESIGN, store=store, **OPTIONS)


def workers_of(run: subprocess.Popen[bytes]) -> list[int]:
    """The processes that compute for a run."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            text = status.read_text()
            parent, command = (
                int(text.rpartition(")")[2].split()[1]),
                (status.parent / "cmdline").read_bytes(),
            )
            if parent == run.pid and b"spawn_main" in command:
                found.append(int(status.parent.name))
    return found


def disturb(store: Path, kills: int, seed: int, whom: str) -> int:
    """Start the sweep and kill it, or one of its workers, at random instants; how often it was struck."""
    chance = random.Random(seed)
    struck = 0
    run = start(store)
    while struck < kills:
        begun = len(lines(store, "begin"))
        if not wait_for(store, "begin", begun + 1, run):
            finish(run)
            if len(Store(store).done()) == BLOCKS:
                break
            run = start(store)
            continue
        time.sleep(chance.uniform(0, 0.08))
        if whom == "run":
            run.kill()
            finish(run)
            struck += 1
            run = start(store) if struck < kills else run
        elif workers := workers_of(run):
            with contextlib.suppress(ProcessLookupError):
                os.kill(chance.choice(workers), signal.SIGKILL)
                struck += 1
    if whom == "worker":
        finish(run)
    return struck


@pytest.mark.parametrize("whom", ["run", pytest.param("worker", marks=pytest.mark.slow)])
def test_killed_and_resumed(tmp_path: Path, undisturbed: xr.Dataset, whom: str) -> None:
    struck = disturb(tmp_path / "a.zarr", 1, seed=1, whom=whom)
    resume(tmp_path / "a.zarr")
    assert struck == 1
    check_whole(tmp_path / "a.zarr", undisturbed, struck + 1)


@pytest.mark.slow
@pytest.mark.parametrize("whom", ["run", "worker"])
@pytest.mark.parametrize("seed", [2, 3, 4])
def test_killed_many_times_and_resumed(tmp_path: Path, undisturbed: xr.Dataset, whom: str, seed: int) -> None:
    struck = disturb(tmp_path / "a.zarr", 5, seed=seed, whom=whom)
    resume(tmp_path / "a.zarr")
    assert struck >= 4
    check_whole(tmp_path / "a.zarr", undisturbed, struck + 1)


@pytest.mark.slow
def test_workers_end_with_a_killed_run(tmp_path: Path) -> None:
    run = start(tmp_path / "a.zarr")
    assert wait_for(tmp_path / "a.zarr", "begin", 2, run)
    workers = workers_of(run)
    assert workers
    run.kill()
    finish(run)
    until = time.monotonic() + 10
    while any(Path(f"/proc/{worker}").exists() for worker in workers):
        assert time.monotonic() < until, "a worker lives on without its run"
        time.sleep(0.05)


def test_interrupted_once_it_ends_cleanly_and_says_how_to_go_on(tmp_path: Path, undisturbed: xr.Dataset) -> None:
    store = tmp_path / "a.zarr"
    run = start(store)
    assert wait_for(store, "done", 2, run)
    os.killpg(run.pid, signal.SIGINT)
    said = finish(run)
    assert "SweepInterrupted: stopped:" in said and "the same call goes on with the rest" in said
    assert run.returncode != 0 and "Process SpawnProcess" not in said
    assert len(lines(store, "begin")) == len(lines(store, "done")) < BLOCKS
    assert open_results(store).attrs["complete"] == 0
    resume(store)
    check_whole(store, undisturbed, 0)


def test_interrupted_in_process_nothing_is_lost(tmp_path: Path, undisturbed: xr.Dataset) -> None:
    store = tmp_path / "a.zarr"

    def interrupt(done: int, _: int) -> None:
        if done == 12:
            raise KeyboardInterrupt

    with pytest.raises(SweepInterrupted, match=r"stopped: 3 of 20 blocks are done in .*a\.zarr"):
        sweep(DESIGN, store=store, **(OPTIONS | {"progress": interrupt}))
    resume(store)
    check_whole(store, undisturbed, 0)


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
    small_disk: Path, undisturbed: xr.Dataset, processes: int
) -> None:
    store, ballast = small_disk / "a.zarr", small_disk / "ballast"
    run = start(store, processes)
    assert wait_for(store, "done", 3, run)
    with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    said = finish(run).strip().splitlines()[-1]
    assert "StoreError: cannot write" in said and "No space left on device" in said and "is kept" in said
    kept = len(Store(store).done())
    assert 3 <= kept < BLOCKS
    with pytest.raises(StoreError, match="No space left on device"):
        resume(store)
    ballast.unlink()
    resume(store)
    check_whole(store, undisturbed, 2)


def test_disk_full_from_the_start(small_disk: Path) -> None:
    with (small_disk / "ballast").open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))
    with pytest.raises(StoreError, match="No space left on device"):
        resume(small_disk / "a.zarr")


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
                sweep(DESIGN, store=store, **OPTIONS)
                break
            except StoreError:
                failed += 1
    assert failed
    check_whole(store, undisturbed, failed)


def damage(store: Path, how: str) -> str:
    """Damage one chunk of block 5 in one way; its name."""
    path = store / "tension" / "c.0.5.0" if how != "swapped" else store / "signed" / "c.5.0"
    content = path.read_bytes()
    if how == "truncated":
        path.write_bytes(content[: len(content) // 2])
    elif how == "flipped":
        path.write_bytes(content[:20] + bytes([content[20] ^ 1]) + content[21:])
    elif how == "swapped":
        path.write_bytes((store / "signed" / "c.6.0").read_bytes())
    else:
        path.unlink()
    return path.name


@pytest.mark.parametrize("how", ["truncated", "flipped", "swapped", "missing", "mark"])
def test_a_damaged_block_is_found_and_computed_again(tmp_path: Path, undisturbed: xr.Dataset, how: str) -> None:
    store = tmp_path / "a.zarr"
    sweep(DESIGN, store=store, **OPTIONS)
    if how == "mark":
        (store / "ledger" / "done-5.json").write_text('{"bytes": 1')
    else:
        damage(store, how)
    if how in ("truncated", "flipped"):
        with pytest.raises(ValueError, match="checksum"):
            open_results(store).tension.load()
    resume(store)
    check_whole(store, undisturbed, 1)
    assert Counter(line["block"] for line in lines(store, "begin")) == Counter({**dict.fromkeys(range(20), 1), 5: 2})


def test_a_store_in_use_is_refused_and_untouched(tmp_path: Path, undisturbed: xr.Dataset) -> None:
    store = tmp_path / "a.zarr"

    def meddle(done: int, _: int) -> None:
        if done == 8:
            with pytest.raises(StoreError, match=f"is being written by process {os.getpid()} on"):
                resume(store)

    sweep(DESIGN, store=store, **(OPTIONS | {"progress": meddle}))
    check_whole(store, undisturbed, 0)


@pytest.mark.slow
def test_two_runs_on_one_store(tmp_path: Path, undisturbed: xr.Dataset) -> None:
    store = tmp_path / "a.zarr"
    run = start(store, processes=1)
    assert wait_for(store, "begin", 1, run)
    with pytest.raises(StoreError, match=f"is being written by process {run.pid} on"):
        resume(store)
    assert finish(run) == ""
    check_whole(store, undisturbed, 0)


@pytest.mark.slow
def test_a_changed_design_is_refused_after_a_kill(tmp_path: Path, undisturbed: xr.Dataset) -> None:
    store = tmp_path / "a.zarr"
    run = start(store)
    assert wait_for(store, "done", 2, run)
    run.kill()
    finish(run)
    with pytest.raises(StoreError, match="holds another experiment: design is"):
        sweep(grid(ownership_share=11, guarantee_strength=[0.0, 0.4]), store=store, **OPTIONS)
    resume(store)
    check_whole(store, undisturbed, 1)


@pytest.mark.slow
def test_killed_while_the_store_is_made(tmp_path: Path, undisturbed: xr.Dataset) -> None:
    """A creation that was cut off at any file is done again from the start."""
    sweep(DESIGN, store=tmp_path / "whole.zarr", **OPTIONS)
    for kept in (["zarr.json"], ["signed"], ["zarr.json", "signed", "month"], []):
        store = tmp_path / f"{len(kept)}{kept[:1]}.zarr"
        store.mkdir()
        for name in kept:
            source = tmp_path / "whole.zarr" / name
            target = store / name
            if source.is_dir():
                target.mkdir()
                (target / "zarr.json").write_bytes((source / "zarr.json").read_bytes())
            else:
                target.write_bytes(source.read_bytes())
        if kept == ["signed"]:  # no manifest: it might be somebody else's
            with pytest.raises(StoreError, match="nothing was touched"):
                resume(store)
            continue
        resume(store)
        check_whole(store, undisturbed, 0)


def test_a_finished_store_is_opened_at_once(tmp_path: Path) -> None:
    sweep(DESIGN, store=tmp_path / "a.zarr", **OPTIONS)
    started = time.perf_counter()
    resume(tmp_path / "a.zarr")
    assert time.perf_counter() - started < 2
    assert len(lines(tmp_path / "a.zarr", "begin")) == BLOCKS
