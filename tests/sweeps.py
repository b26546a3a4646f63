"""The sweeps that the crash tests disturb, and how one runs in a process of its own.

A fresh interpreter needs seconds until it computes, so most runs are forked from a server that has imported
everything once, and so are their workers; then a kill costs a tenth of a second, and there can be many.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import forkserver
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from experiments import dispatch, grid, runner
from model.economy import GeopoliticalEconomy
from tests import stand_ins


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


def start_server(pause: float) -> None:
    """A fork server that has imported this module; models wait for `pause` seconds in whatever it forks."""
    forkserver._forkserver._stop()  # another test may have started one
    forkserver.set_forkserver_preload([*dispatch.IMPORTED_BEFOREHAND, __name__])
    os.environ[stand_ins.PAUSE_NAME] = str(pause)
    try:
        forkserver.ensure_running()
    finally:
        del os.environ[stand_ins.PAUSE_NAME]


def fork(sweep: Sweep, store: Path, said: Path, processes: int) -> BaseProcess:
    """The sweep in a process of its own, which writes its errors to the file `said`."""
    context = multiprocessing.get_context("forkserver")
    run = context.Process(target=_compute, args=(sweep.name, str(store), str(said), processes))
    with dispatch._without_main():
        run.start()
    return run


def _compute(name: str, store: str, said: str, processes: int) -> None:
    os.dup2(os.open(said, os.O_WRONLY | os.O_CREAT | os.O_APPEND), 2)
    # The server is the one this process was forked from; Python would start another.
    forkserver.ensure_running = forkserver._forkserver.ensure_running = lambda: None
    globals()[name](Path(store), processes=processes)
