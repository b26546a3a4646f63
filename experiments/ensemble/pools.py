"""Who computes blocks: this process, processes of this machine, or a Dask cluster."""

from __future__ import annotations

import contextlib
import importlib
import multiprocessing
import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from multiprocessing import resource_tracker
from typing import Any, Final

from experiments.ensemble.signals import STOPPING, blocked
from experiments.ensemble.worker import Report, ready
from experiments.errors import SweepError

TRIMMING: Final = "MALLOC_TRIM_THRESHOLD_"
"""The variable by which Dask's nanny tells the allocator of a worker to give freed memory back at once."""
KEPT_BYTES: Final = 2**24
HOW_TO_KEEP_MEMORY = (
    f"give memory back to the system after every array and lose speed by it: set distributed.nanny.pre-spawn-environ."
    f"{TRIMMING} to null in Dask's configuration, or {TRIMMING}={2**30} in the environment, before the workers start"
)
Task = Callable[[int], Report]
CONNECT_SECONDS = 10
METHOD = "forkserver" if sys.platform == "linux" else "spawn"
"""How local workers start. Both leave the run's threads alone; a fork server imports once for all workers."""
IMPORTED_BEFOREHAND = ["experiments.ensemble.worker", "model.simulation", "zarr"]


class Pool:
    """Computes blocks, `width` of which may be under way or waiting at once; this one here and now."""

    width = 1

    def __init__(self, task: Task) -> None:
        self.task = task

    def submit(self, number: int) -> Future[Report]:
        """Start a block; raises BrokenExecutor when a worker has died."""
        future: Future[Report] = Future()
        future.set_result(self.task(number))
        return future

    def restart(self) -> None:
        """New workers, where one was lost that is not replaced anyway."""

    def close(self, at_once: bool) -> None:
        """Let the workers go; `at_once` ends them, as an unfinished block costs nothing but its time."""


class Cluster(Pool):
    """A Dask cluster, which replaces its own workers: an address of a scheduler, or as many workers of this machine."""

    def __init__(self, task: Task, scheduler: str | None, workers: int | None) -> None:
        super().__init__(task)
        try:
            distributed: Any = importlib.import_module("distributed")
        except ImportError:
            raise SweepError("a cluster needs the package distributed: pip install 'subsoil[dask]'") from None
        self._own: Any = None
        if scheduler is None:
            options = {"threads_per_worker": 1, "processes": True, "dashboard_address": None}
            with _keeping_memory():
                self._own = distributed.LocalCluster(n_workers=workers, **options)
        try:
            self._client = distributed.Client(self._own or scheduler, timeout=CONNECT_SECONDS)
        except (OSError, ValueError) as error:
            raise SweepError(f"no Dask scheduler answers at {scheduler} ({error})") from None
        self._pool: Executor = self._client.get_executor(pure=False)
        trimming = [
            host
            for host, value in self._client.run(os.getenv, TRIMMING, on_error="ignore").items()
            if gives_memory_back(value)
        ]
        if trimming:
            some = f"{len(trimming)} of {len(self._client.nthreads())} workers, such as {trimming[0]}"
            warnings.warn(f"{some}, {HOW_TO_KEEP_MEMORY}", stacklevel=8)
        self.width = 2 * max(1, sum(self._client.nthreads().values()), workers or 0)

    def submit(self, number: int) -> Future[Report]:
        """Start a block."""
        return self._pool.submit(self.task, number)

    def close(self, at_once: bool) -> None:
        """Leave the cluster; end it if it was started here."""
        self._pool.shutdown(wait=not at_once)
        self._client.close()
        if self._own is not None:
            self._own.close()


@contextlib.contextmanager
def _keeping_memory() -> Iterator[None]:
    """Where workers start whose allocator keeps the memory of one month's arrays for those of the next.

    Dask's own threshold, 65,536 bytes, makes every month fetch its pages from the system again.
    """
    config: Any = importlib.import_module("dask.config")
    with config.set({f"distributed.nanny.pre-spawn-environ.{TRIMMING}": None}):
        yield


def gives_memory_back(threshold: str | None) -> bool:
    """Whether an allocator with this threshold gives a month's arrays back."""
    return threshold is not None and threshold.isdigit() and int(threshold) < KEPT_BYTES


class Processes(Pool):
    """Local processes, which share no memory and no thread with this one."""

    def __init__(self, task: Task, count: int) -> None:
        super().__init__(task)
        self.count, self.width = count, count + 1
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
        """Start a block."""
        with without_main(), blocked():
            return self._pool.submit(self.task, number)

    def restart(self) -> None:
        """New workers for all."""
        self.close(at_once=True)
        self._pool = self._start()

    def close(self, at_once: bool) -> None:
        """Let the workers go, or kill them, as Python cannot where one has died: they do not hear SIGTERM."""
        workers = list((self._pool._processes or {}).values())
        if at_once or self._pool._broken:
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
            resource_tracker.ensure_running()  # which, as it starts, lets signals through again
        with blocked():
            forkserver.ensure_running()
    finally:
        os.environ.clear()
        os.environ.update(before)


def _prepare_worker() -> None:
    """Leave Ctrl-C and its like to the run, which lets blocks finish, and end when the run is killed."""
    for each in STOPPING:
        signal.signal(each, signal.SIG_IGN)
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
