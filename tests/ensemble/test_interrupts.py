"""Ctrl-C at an unhappy moment: heard, but when it does no harm."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path
from typing import Any

import pytest
import xarray as xr

from experiments.designs.builders import grid
from experiments.ensemble import sweep as runner
from experiments.ensemble.pools import Pool
from experiments.ensemble.scheduler import Scheduling
from experiments.ensemble.signals import held_back
from experiments.store import creation
from tests.stand_ins import Quick

OPTIONS: dict[str, Any] = {"replicates": 4, "months": 3, "progress": False, "model": Quick}


def interrupt() -> None:
    os.kill(os.getpid(), signal.SIGINT)


def test_what_is_under_way_is_done_first() -> None:
    done = []
    with pytest.raises(KeyboardInterrupt), held_back():
        interrupt()
        done.append("all")
    assert done == ["all"]
    with pytest.raises(KeyboardInterrupt):
        interrupt()


def test_elsewhere_than_in_the_main_thread_it_does_nothing() -> None:
    seen: list[Any] = []

    def hold() -> None:
        with held_back():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=hold)
    thread.start()
    thread.join()
    assert seen == [signal.getsignal(signal.SIGINT)]


def test_a_store_in_the_making_is_made_and_gone_on_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = creation._write_coordinates

    def disturbed(*arguments: Any) -> None:
        interrupt()
        write(*arguments)

    store = tmp_path / "a.zarr"
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(creation, "_write_coordinates", disturbed)
        runner.sweep(grid(ownership_share=3), store=store, **OPTIONS)
    assert creation.exists(store)
    results = runner.sweep(grid(ownership_share=3), store=store, **OPTIONS).load()
    undisturbed = runner.sweep(grid(ownership_share=3), store=tmp_path / "b.zarr", **OPTIONS).load()
    xr.testing.assert_equal(results, undisturbed)


def test_workers_that_are_starting_are_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[bool] = []

    class Watched(Pool):
        def close(self, at_once: bool) -> None:
            closed.append(at_once)

    def disturbed(self: Scheduling, task: Any, blocks: int) -> Pool:
        interrupt()
        return Watched(task)

    monkeypatch.setattr(Scheduling, "open_pool", disturbed)
    with pytest.raises(KeyboardInterrupt):
        runner.sweep(grid(ownership_share=3), store=tmp_path / "a.zarr", **OPTIONS)
    assert closed == [True]
