"""Processes that do the page's work: a fixed number, a bounded queue, progress, and a way to stop a task."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from experiments.ensemble.progress import Listener
from experiments.errors import SweepError
from model.errors import SubsoilError

MOST_TASKS = 48
"""Tasks begun or waiting, of all visitors together."""

_board: Any = None
"""In a worker: for each slot whether to stop, months done and months in all, shared with the server."""


class Stopped(Exception):  # noqa: N818 - nothing has gone wrong
    """The visitor no longer wants this."""


class Task:
    """A piece of work on its way: its progress, and its result once it is done."""

    def __init__(self, workers: Workers, slot: int) -> None:
        self._workers, self.slot, self.future = workers, slot, Future[Any]()

    @property
    def done(self) -> bool:
        """Whether there is a result or an error."""
        return self.future.done()

    @property
    def progress(self) -> tuple[int, int]:
        """Months done and months in all; (0, 0) for a task that has none or has not begun."""
        return self._workers.progress(self.slot)

    def stop(self) -> None:
        """Take it out of the queue, or let it end within a month of the model."""
        self.future.cancel()
        self._workers.tell_to_stop(self)


class Workers:
    """`count` processes; at most MOST_TASKS tasks at a time, and none of them outlives who asked for it."""

    def __init__(self, count: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._lock = threading.Lock()
        self._tasks: dict[int, Task] = {}
        self._free = list(range(MOST_TASKS))
        self._shared = context.Array("i", 3 * MOST_TASKS, lock=False)
        self.count = count
        self._open: Callable[[], ProcessPoolExecutor] = lambda: ProcessPoolExecutor(
            count, mp_context=context, initializer=_start, initargs=(self._shared,)
        )
        self._pool = self._open()

    @property
    def busy(self) -> int:
        """Tasks begun or waiting."""
        return len(self._tasks)

    def submit(self, work: Callable[..., Any], *arguments: Any) -> Task | None:
        """Begin `work(*arguments, listen)` as soon as a process is free; None where too much is waiting already."""
        with self._lock:
            if not self._free:
                return None
            task = Task(self, self._free.pop())
            self._tasks[task.slot] = task
            for place in range(3):
                self._shared[3 * task.slot + place] = 0
            try:
                task.future = self._pool.submit(_run, task.slot, work, arguments)
            except BrokenProcessPool:  # a worker was killed: with new ones it goes on
                self._pool = self._open()
                task.future = self._pool.submit(_run, task.slot, work, arguments)
        task.future.add_done_callback(lambda _: self._release(task))
        return task

    def result(self, task: Task) -> Any:
        """What a finished task gave. Raises Stopped, SweepError for a worker that died, or the task's own error."""
        if task.future.cancelled():
            raise Stopped
        try:
            return task.future.result()
        except BrokenProcessPool:
            raise SweepError("a process of the page ended too early, perhaps for want of memory; try again") from None

    def progress(self, slot: int) -> tuple[int, int]:
        """Months done and in all, as a worker has said."""
        return self._shared[3 * slot + 1], self._shared[3 * slot + 2]

    def tell_to_stop(self, task: Task) -> None:
        """Let the worker of a task end it, if it is still that task's."""
        with self._lock:
            if self._tasks.get(task.slot) is task:
                self._shared[3 * task.slot] = 1

    def close(self) -> None:
        """End the processes; what waits is dropped, what runs ends within a month of the model."""
        with self._lock:
            for slot in range(MOST_TASKS):
                self._shared[3 * slot] = 1
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _release(self, task: Task) -> None:
        with self._lock:
            if self._tasks.pop(task.slot, None) is task:
                self._free.append(task.slot)


def core_count() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _start(shared: Any) -> None:
    """In a new worker: leave Ctrl-C to the server, draw without a window, and import what work needs."""
    import matplotlib as mpl

    global _board  # noqa: PLW0603 - a process has one board, handed to it as it starts
    _board = shared
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    mpl.use("Agg")
    with contextlib.suppress(ImportError):
        import experiments.page.content.figures  # noqa: F401


def _run(slot: int, work: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    """In a worker: do it, noting the months done and stopping where that is wanted."""

    def listen(done: int, total: int) -> None:
        if _board[3 * slot]:
            raise Stopped
        _board[3 * slot + 1], _board[3 * slot + 2] = done, total

    if _board[3 * slot]:
        raise Stopped
    listen_to: Listener = listen
    try:
        return work(*arguments, listen_to)
    except SubsoilError as error:
        raise error from None
