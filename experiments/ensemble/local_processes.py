"""Processes of this machine that compute blocks: how they start, what they know, and how they end."""

from __future__ import annotations

import contextlib
import importlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Any

from experiments.ensemble.signals import blocked
from experiments.ensemble.worker import Report, ready

METHOD = "forkserver" if sys.platform == "linux" else "spawn"
"""How local workers start. Both leave the run's threads alone; a fork server imports once for all workers."""
IMPORTED_BEFOREHAND = ["experiments.ensemble.worker", "model.simulation", "zarr"]


class Processes:
    """Local processes, which share no memory and no thread with this one."""

    def __init__(self, task: Callable[[int], Report], count: int) -> None:
        self.task, self.count, self.width = task, count, count + 1
        self._pool = self._start()

    def _start(self) -> ProcessPoolExecutor:
        """A pool whose workers begin to import at once, before there is a block for them."""
        context = multiprocessing.get_context(start_method())
        pool = ProcessPoolExecutor(self.count, mp_context=context, initializer=_prepare_worker)
        with without_main(), blocked():
            for _ in range(self.count):
                pool.submit(ready)
        return pool

    def submit(self, number: int) -> Future[Report]:
        """Start a block; raises BrokenExecutor when a worker has died."""
        with without_main(), blocked():
            return self._pool.submit(self.task, number)

    def restart(self) -> None:
        """New workers in place of a pool that lost one."""
        self.close(at_once=True)
        self._pool = self._start()

    def close(self, at_once: bool) -> None:
        """Let the workers go; `at_once` kills them, as an unfinished block costs nothing but its time."""
        workers = list((self._pool._processes or {}).values())
        if at_once:
            for worker in workers:
                worker.kill()
        self._pool.shutdown(wait=True, cancel_futures=True)


def start_method() -> str:
    """How local workers start, here; the fork server is running by then."""
    if METHOD != "forkserver":
        return METHOD
    try:
        start_server(IMPORTED_BEFOREHAND)
    except ChildProcessError:  # we are a fork of a process that has a server, which Python cannot share
        return "spawn"
    return METHOD


def start_server(modules: Sequence[str], **environment: str) -> None:
    """Start Python's fork server, unless it runs; it imports `modules`, from where this process would.

    Before Python 3.13 the server is not told this process's path and looks in the working folder first.
    """
    forkserver = importlib.import_module("multiprocessing.forkserver")
    forkserver.set_forkserver_preload(list(modules))
    path = os.pathsep.join(os.path.abspath(folder) for folder in sys.path)
    before = dict(os.environ)
    os.environ.update({"PYTHONPATH": path, "PYTHONSAFEPATH": "1"} | environment)
    try:
        with blocked():
            forkserver.ensure_running()
    finally:
        os.environ.clear()
        os.environ.update(before)


def _prepare_worker() -> None:
    """Leave Ctrl-C to the run, which lets blocks finish, and end when the run is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent: Any = multiprocessing.parent_process()

    def end_with_parent() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=end_with_parent, daemon=True).start()


@contextlib.contextmanager
def without_main() -> Iterator[None]:
    """Start workers that do not run the user's script again: they need nothing of it.

    Otherwise a script without `if __name__ == "__main__":` would start itself over and over.
    """
    main = vars(sys.modules["__main__"])
    before: dict[str, Any] = {name: main.pop(name) for name in ("__file__", "__spec__") if name in main}
    main["__spec__"] = None
    try:
        yield
    finally:
        main.update(before)
