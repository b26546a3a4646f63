"""Sweeps that are killed, starved of disk, corrupted or disturbed, and then resumed: nothing is lost.

After every accident the same call is made again, and the store is compared bit by bit with that of an
undisturbed run; the log of blocks says that only blocks under way were computed twice.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from experiments import StoreError, SweepInterrupted, open_results
from experiments.files import LocalFiles
from experiments.store import Store
from tests import stand_ins
from tests.sweeps import QUICK, REAL, Sweep, fork, start_server

PAUSE = 0.02
UNDER_WAY = 2
"""Blocks that two processes compute at once: all that one kill may cost."""
SAID = "errors.txt"
RUNS: list[BaseProcess] = []


@pytest.fixture(scope="module")
def server() -> None:
    """What cheap runs are forked from."""
    start_server(PAUSE)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> xr.Dataset:
    """The quick sweep, left in peace."""
    return QUICK(tmp_path_factory.mktemp("undisturbed") / "a.zarr").load()


@pytest.fixture(scope="module")
def undisturbed_real(tmp_path_factory: pytest.TempPathFactory) -> xr.Dataset:
    """The sweep of the model itself, left in peace."""
    return REAL(tmp_path_factory.mktemp("undisturbed") / "a.zarr").load()


@pytest.fixture(autouse=True)
def end_runs() -> Iterator[None]:
    """End the runs that a failed test left behind."""
    yield
    while RUNS:
        run = RUNS.pop()
        run.kill()
        run.join()
        run.close()


def start(store: Path, sweep: Sweep = QUICK, processes: int = 2, said: Path | None = None) -> BaseProcess:
    """The sweep in a process of its own, its errors in the file `said` (beside the store)."""
    RUNS.append(fork(sweep, store, said or store.parent / SAID, processes))
    return RUNS[-1]


def lines(store: Path, event: str) -> list[dict[str, int]]:
    """The log's lines of one event, none while there is no store."""
    with contextlib.suppress(FileNotFoundError):
        found = (json.loads(line) for line in (store / "ledger" / "log").read_text().splitlines())
        return [line for line in found if line["event"] == event]
    return []


def wait_for(store: Path, event: str, count: int) -> None:
    """Wait until the log has so many lines of an event."""
    until = time.monotonic() + 60
    while len(lines(store, event)) < count:
        assert time.monotonic() < until, f"no {count} blocks {event} within a minute"
        time.sleep(0.002)


def finish(run: BaseProcess, said: Path) -> str:
    """What the run said until it ended."""
    run.join(90)
    assert run.exitcode is not None
    return said.read_text()


def kill(run: BaseProcess) -> None:
    """End it as a power cut would."""
    run.kill()
    run.join()


def check_whole(store: Path, undisturbed: xr.Dataset, kills: int, sweep: Sweep = QUICK) -> None:
    """The store is complete, equal to the bit, swept, and no more was computed twice than was under way."""
    results = open_results(store)
    assert results.attrs["complete"] == 1 and results.data_vars.keys() == undisturbed.data_vars.keys()
    for name in undisturbed.data_vars:
        np.testing.assert_array_equal(results[name].values, undisturbed[name].values, err_msg=str(name))
    assert not list(store.rglob("*.partial"))
    begun, done = (Counter(line["block"] for line in lines(store, event)) for event in ("begin", "done"))
    assert set(begun) == set(range(sweep.blocks))
    assert begun.total() <= sweep.blocks + kills * UNDER_WAY
    assert done.total() <= sweep.blocks + kills * UNDER_WAY


def wait_while_alive(run: BaseProcess, store: Path, begun: int) -> None:
    """Until so many blocks are begun, or the run has ended."""
    while run.exitcode is None and len(lines(store, "begin")) < begun:
        run.join(0.002)


def strike_runs(folder: Path, sweep: Sweep, kills: int, chance: random.Random) -> Counter[Path]:
    """Kill runs at random instants, every other one while it makes or opens its store; how often for each store."""
    struck: Counter[Path] = Counter()
    store = folder / "0.zarr"
    while struck.total() < kills:
        run = start(store, sweep)
        if struck.total() % 2:
            wait_while_alive(run, store, len(lines(store, "begin")) + chance.randint(1, 4))
            run.join(chance.uniform(0, 2 * PAUSE))
        else:
            run.join(chance.uniform(0, 0.3))
        if run.exitcode is None:
            kill(run)
            struck[store] += 1
        else:  # it was done first: the others strike a new one
            assert finish(run, folder / SAID) == "" and run.exitcode == 0
            store = folder / f"{struck.total()}.zarr"
    return struck


def strike_workers(folder: Path, sweep: Sweep, kills: int, chance: random.Random) -> Counter[Path]:
    """Kill the worker that began a block last, at random instants; how often for each store."""
    struck: Counter[Path] = Counter()
    while struck.total() < kills:
        store = folder / f"{struck.total()}.zarr"
        run = start(store, sweep)
        begun = 0
        while run.exitcode is None and struck.total() < kills:
            wait_while_alive(run, store, begun + chance.randint(1, 3))
            time.sleep(chance.uniform(0, 2 * PAUSE))
            begun = len(lines(store, "begin"))
            with contextlib.suppress(ProcessLookupError):
                os.kill(lines(store, "begin")[-1]["worker"], signal.SIGKILL)
                struck[store] += 1
        assert finish(run, folder / SAID) == "" and run.exitcode == 0, "a run must survive its workers"
        assert len(Store(store).done()) == sweep.blocks, "and compute what they left"
    return struck


STRIKES = {"run": strike_runs, "worker": strike_workers}


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("whom", STRIKES)
def test_killed_at_random_instants_and_resumed(
    tmp_path: Path, server: None, undisturbed: xr.Dataset, whom: str, seed: int
) -> None:
    struck = STRIKES[whom](tmp_path, QUICK, 6, random.Random(seed))
    assert struck.total() == 6
    for store, kills in struck.items():
        QUICK(store)
        check_whole(store, undisturbed, kills)


@pytest.mark.parametrize("whom", STRIKES)
def test_worlds_of_the_model_itself_survive_kills(
    tmp_path: Path, server: None, undisturbed_real: xr.Dataset, whom: str
) -> None:
    struck = STRIKES[whom](tmp_path, REAL, 3, random.Random(3))
    assert struck.total() == 3
    for store, kills in struck.items():
        REAL(store)
        check_whole(store, undisturbed_real, kills, REAL)


def test_workers_end_with_a_killed_run(tmp_path: Path, server: None) -> None:
    run = start(tmp_path / "a.zarr")
    wait_for(tmp_path / "a.zarr", "begin", 2)
    workers = {line["worker"] for line in lines(tmp_path / "a.zarr", "begin")}
    assert workers and run.pid not in workers
    kill(run)
    until = time.monotonic() + 10
    while any(Path(f"/proc/{worker}").exists() for worker in workers):
        assert time.monotonic() < until, "a worker lives on without its run"
        time.sleep(0.02)


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_workers_of_a_cluster_are_killed(tmp_path: Path, undisturbed: xr.Dataset) -> None:
    distributed = pytest.importorskip("distributed")
    store, chance, struck = tmp_path / "a.zarr", random.Random(4), Counter[int]()

    def strike(done: int, _: int) -> None:
        """At every fourth block or so, kill the worker that began one last."""
        if chance.random() < 0.25:
            with contextlib.suppress(ProcessLookupError):
                worker = lines(store, "begin")[-1]["worker"]
                os.kill(worker, signal.SIGKILL)
                struck[worker] += 1

    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        QUICK(store, scheduler=cluster.scheduler_address, progress=strike)
    assert len(struck) >= 3
    check_whole(store, undisturbed, struck.total())


SCRIPT = """
from pathlib import Path
from tests.sweeps import QUICK
if __name__ == "__main__":
    QUICK(Path({store!r}), processes=2)
"""


@pytest.mark.parametrize("how", ["kill", "interrupt"])
def test_a_fresh_run_is_killed_or_interrupted_and_resumed(tmp_path: Path, undisturbed: xr.Dataset, how: str) -> None:
    """As from a shell: an interpreter of its own, and Ctrl-C reaches every process of the group."""
    store = tmp_path / "a.zarr"
    path = os.pathsep.join([str(Path(__file__).parent.parent), os.environ.get("PYTHONPATH", "")])
    environment = os.environ | {"PYTHONPATH": path, stand_ins.PAUSE_NAME: "0.05"}
    command = [sys.executable, "-c", SCRIPT.format(store=str(store))]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, start_new_session=True) as run:
        wait_for(store, "done", 2)
        if how == "kill":
            run.kill()
        else:
            os.killpg(run.pid, signal.SIGINT)
        said = run.communicate(timeout=90)[1].decode()
    assert run.returncode != 0 and lines(store, "done")
    assert open_results(store).attrs["complete"] == 0
    if how == "interrupt":
        assert "SweepInterrupted: stopped:" in said and "the same call goes on with the rest" in said
        assert "Process ForkServerProcess" not in said and said.count("Traceback") == 1
        assert len(lines(store, "begin")) == len(lines(store, "done")) < QUICK.blocks
    QUICK(store)
    check_whole(store, undisturbed, how == "kill")


def test_interrupted_in_process_nothing_is_lost(tmp_path: Path, undisturbed: xr.Dataset) -> None:
    store = tmp_path / "a.zarr"

    def interrupt(done: int, _: int) -> None:
        if done == 12:
            raise KeyboardInterrupt

    with pytest.raises(SweepInterrupted, match=r"stopped: 3 of 20 blocks are done in .*a\.zarr"):
        QUICK(store, progress=interrupt)
    QUICK(store)
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
    kept = len(Store(store).done())
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
    QUICK(store)
    if how == "mark":
        (store / "ledger" / "done-5.json").write_text('{"bytes": 1')
    else:
        damage(store, how)
    if how in ("truncated", "flipped"):
        with pytest.raises(ValueError, match="checksum"):
            open_results(store).tension.load()
    QUICK(store)
    check_whole(store, undisturbed, 1)
    assert Counter(line["block"] for line in lines(store, "begin")) == Counter({**dict.fromkeys(range(20), 1), 5: 2})


def test_what_a_killed_worker_left_is_cleared_away(tmp_path: Path, undisturbed: xr.Dataset) -> None:
    store = tmp_path / "a.zarr"
    QUICK(store, progress=lambda done, _: (store / "signed" / "c.0.0.1234.partial").touch())
    check_whole(store, undisturbed, 0)


def test_a_store_in_use_is_refused_and_untouched(tmp_path: Path, undisturbed: xr.Dataset) -> None:
    store = tmp_path / "a.zarr"

    def meddle(done: int, _: int) -> None:
        if done == 8:
            with pytest.raises(StoreError, match=f"is being written by process {os.getpid()} on"):
                QUICK(store)

    QUICK(store, progress=meddle)
    check_whole(store, undisturbed, 0)


def test_two_runs_on_one_store(tmp_path: Path, server: None, undisturbed: xr.Dataset) -> None:
    store = tmp_path / "a.zarr"
    run = start(store, processes=1)
    wait_for(store, "begin", 1)
    with pytest.raises(StoreError, match=f"is being written by process {run.pid} on"):
        QUICK(store)
    assert finish(run, tmp_path / SAID) == "" and run.exitcode == 0
    check_whole(store, undisturbed, 0)


def test_a_changed_design_is_refused_after_a_kill(tmp_path: Path, server: None, undisturbed: xr.Dataset) -> None:
    store = tmp_path / "a.zarr"
    run = start(store)
    wait_for(store, "done", 2)
    kill(run)
    with pytest.raises(StoreError, match="holds another experiment: design is"):
        QUICK(store, shares=11)
    QUICK(store)
    check_whole(store, undisturbed, 1)


def test_killed_while_the_store_is_made(tmp_path: Path, undisturbed: xr.Dataset) -> None:
    """A creation that was cut off at any file is done again from the start."""
    QUICK(tmp_path / "whole.zarr")
    half = tmp_path / "half.zarr"
    (half / "ledger").mkdir(parents=True)
    (half / "ledger" / "begun").touch()
    (half / "zarr.json").write_text('{"attributes": {"subs')
    QUICK(half)
    check_whole(half, undisturbed, 0)
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
                QUICK(store)
            continue
        QUICK(store)
        check_whole(store, undisturbed, 0)


def test_a_finished_store_is_opened_at_once(tmp_path: Path) -> None:
    QUICK(tmp_path / "a.zarr")
    started = time.perf_counter()
    QUICK(tmp_path / "a.zarr")
    assert time.perf_counter() - started < 2
    assert len(lines(tmp_path / "a.zarr", "begin")) == QUICK.blocks
