"""Sweeps that are killed, interrupted or disturbed, and then resumed: nothing is lost.

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
import time
from collections import Counter
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
import xarray as xr

from experiments import StoreError, SweepInterrupted, open_results
from experiments.store.store import Store
from tests import stand_ins
from tests.sweeps import (
    PAUSE,
    QUICK,
    REAL,
    SAID,
    Sweep,
    check_whole,
    finish,
    kill,
    lines,
    start,
    wait_for,
)

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def undisturbed_real(tmp_path_factory: pytest.TempPathFactory) -> xr.Dataset:
    """The sweep of the model itself, left in peace."""
    return REAL(tmp_path_factory.mktemp("undisturbed") / "a.zarr").load()


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
        assert len(Store(store).progress().done) == sweep.blocks, "and compute what they left"
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
    path = os.pathsep.join([str(Path(__file__).parent.parent.parent), os.environ.get("PYTHONPATH", "")])
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
    with pytest.warns(UserWarning, match=r"\d+ of 20 blocks are done; .* what is not known is NaN"):
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
    with pytest.raises(StoreError, match="holds another experiment: ownership_share has the value"):
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
