"""The sweeps that the crash tests disturb, and how one runs in a process of its own.

A fresh interpreter needs seconds until it computes, so most runs are forked from a server that has imported
everything once, and so are their workers; then a kill costs a tenth of a second, and there can be many.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing import forkserver
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from experiments import grid, open_results
from experiments.ensemble import pools
from experiments.ensemble import sweep as runner
from experiments.store.chunk_files import ChunkFiles
from experiments.store.filesystem import files_at
from experiments.store.store import Store
from model.simulation import GeopoliticalEconomy
from tests import stand_ins

PAUSE = 0.02
"""Seconds that a block of the quick sweep takes in a process of its own."""
UNDER_WAY = 2
"""Blocks that two processes compute at once: all that one kill may cost."""
SAID = "errors.txt"
RUNS: list[BaseProcess] = []


@dataclass(frozen=True)
class Sweep:
    """A sweep by name: ownership share × guarantee strength × replicates, in blocks of one row."""

    name: str
    model: type
    shares: int
    months: int
    guarantees: Sequence[float] = (0.0, 0.4)
    replicates: int = 4

    @property
    def blocks(self) -> int:
        """Number of blocks, one per row."""
        return self.shares * len(self.guarantees)

    def __call__(self, store: Path, shares: int = 0, **options: Any) -> Any:
        """Sweep into `store`, here and now; `shares` asks for another design."""
        design = grid(ownership_share=shares or self.shares, guarantee_strength=list(self.guarantees))
        settings: dict[str, Any] = {
            "replicates": self.replicates, "months": self.months, "block_worlds": self.replicates,
            "record": ["tension"], "progress": False, "model": self.model,
        }  # fmt: skip
        return runner.sweep(design, store=store, **(settings | options))


QUICK = Sweep("QUICK", stand_ins.Slow, shares=10, months=3)
"""Twenty blocks of a model that waits for a moment and takes no time otherwise."""
REAL = Sweep("REAL", GeopoliticalEconomy, shares=5, months=4)
"""Ten blocks of the model itself."""


def start_server() -> None:
    """A fork server that has imported this module; models wait for PAUSE seconds in whatever it forks."""
    forkserver._forkserver._stop()  # another test may have started one
    # Python's tracker would warn, at the very end, of the semaphores of those that were killed.
    environment = {stand_ins.PAUSE_NAME: str(PAUSE), "PYTHONWARNINGS": "ignore"}
    pools.start_server([*pools.IMPORTED_BEFOREHAND, __name__], **environment)


def fork(sweep: Sweep, store: Path, said: Path, processes: int) -> BaseProcess:
    """The sweep in a process of its own, which writes its errors to the file `said`."""
    context = multiprocessing.get_context("forkserver")
    run = context.Process(target=_compute, args=(sweep.name, str(store), str(said), processes))
    with pools.without_main():
        run.start()
    return run


def _compute(name: str, store: str, said: str, processes: int) -> None:
    os.dup2(os.open(said, os.O_WRONLY | os.O_CREAT | os.O_APPEND), 2)
    # The server is the one this process was forked from; Python would start another.
    forkserver.ensure_running = forkserver._forkserver.ensure_running = lambda: None
    globals()[name](Path(store), processes=processes)


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


def alter_chunk(store: Path, name: str, number: int, alter: Callable[[bytes], bytes]) -> None:
    """Change the bytes of a block's chunk of a variable, in whatever file they are; as many must come back."""
    key, span = ChunkFiles(files_at(store), Store(store).manifest).locate(name, number)
    content = (store / key).read_bytes()
    changed = alter(content[span])
    assert len(changed) == span.stop - span.start > 0
    (store / key).write_bytes(content[: span.start] + changed + content[span.stop :])


def flip(content: bytes) -> bytes:
    """The same bytes but for one bit in their middle."""
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def drop_block(store: Path, number: int) -> None:
    """Make a finished store as if a block of it had never been computed."""
    there = Store(store)
    there.forget([number])
    other = 0 if number else 1
    there.chunk_files.write(other, {name: there.chunk_files.content(name, other) for name in there.fields})
    there.pack()


def end_all() -> None:
    """End the runs that a failed test left behind."""
    while RUNS:
        run = RUNS.pop()
        kill(run)
        run.close()
