"""Hands blocks to whoever computes them, and takes in their reports; one loop serves every pool.

A worker that dies is replaced and its blocks are given out again; a block that
kills every worker it meets, alone, is reported as failed.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from dataclasses import dataclass

from experiments.ensemble.pools import Cluster, Pool, Processes, Task, start_method
from experiments.ensemble.worker import Report
from experiments.errors import InputError

DEATHS_ALONE = 3


@dataclass(frozen=True)
class Scheduling:
    """Who computes: `processes` of this machine, `workers` of a new Dask cluster, or the cluster at `address`.

    Raises InputError for numbers below 1.
    """

    processes: int = 1
    workers: int | None = None
    address: str | None = None

    def __post_init__(self) -> None:
        if self.processes < 1 or (self.workers is not None and self.workers < 1):
            raise InputError(f"processes={self.processes}, workers={self.workers}: needs a whole number above 0")

    @property
    def count(self) -> int:
        """How many share the work, as far as is known here."""
        return self.workers or self.processes

    @property
    def is_cluster(self) -> bool:
        """Whether Dask does the scheduling."""
        return self.workers is not None or self.address is not None

    def prepare(self) -> None:
        """Let local workers import what they need while the run sees to other things first."""
        if self.processes > 1 and not self.is_cluster:
            start_method()

    def open_pool(self, task: Task, blocks: int) -> Pool:
        """Workers for so many blocks; raises SweepError when they cannot be had."""
        if self.is_cluster:
            return Cluster(task, self.address, self.workers)
        processes = min(self.processes, blocks)
        return Pool(task) if processes == 1 else Processes(task, processes)


def dispatch(pool: Pool, numbers: Iterable[int], receive: Callable[[Report], None]) -> None:
    """Compute all blocks and hand their reports to `receive`, in the order in which they end.

    KeyboardInterrupt waits for the blocks under way and is then raised; whatever `receive` raises ends it.
    """
    flight = _Flight(pool, deque(numbers), receive)
    try:
        flight.run()
    except KeyboardInterrupt:
        flight.land()
        raise
    except Exception:
        pool.close(at_once=False)  # a block under way is a matter of seconds; a killed worker leaves litter
        raise
    pool.close(at_once=False)


class _Flight:
    """The blocks that wait, those under way, and those that were there when a worker died."""

    def __init__(self, pool: Pool, waiting: deque[int], receive: Callable[[Report], None]) -> None:
        self.pool, self.waiting, self.receive = pool, waiting, receive
        self.flying: dict[Future[Report], int] = {}
        self.suspects: deque[int] = deque()
        self.deaths: Counter[int] = Counter()

    def run(self) -> None:
        """Until every block has been reported."""
        while self.waiting or self.suspects or self.flying:
            self.launch()
            if not self.flying:
                continue
            ended, _ = wait(self.flying, return_when=FIRST_COMPLETED)
            lost = [number for future in ended if (number := self.collect(future)) is not None]
            if lost:
                self.replace(lost)

    def launch(self) -> None:
        """Give out blocks; one that was under way when a worker died goes alone, to find the guilty one."""
        while self.waiting and len(self.flying) < self.pool.width:
            self.send(self.waiting)
        if self.suspects and not self.waiting and not self.flying:
            self.send(self.suspects)

    def send(self, queue: deque[int]) -> None:
        """Give out the next block of a queue; it stays there when there is no worker."""
        number = queue.popleft()
        try:
            self.flying[self.pool.submit(number)] = number
        except BrokenExecutor:
            queue.appendleft(number)
            self.replace([])

    def collect(self, future: Future[Report]) -> int | None:
        """Hand over the report of a block that ended; its number if the worker died of or with it."""
        number = self.flying.pop(future)
        try:
            report = future.result()
        except BrokenExecutor:
            return number
        except Exception as error:  # Dask's KilledWorker; a block's own errors come back in its report
            report = Report("failed", message=f"{type(error).__name__}: {error}")
        self.receive(report)
        return None

    def replace(self, lost: list[int]) -> None:
        """New workers; the blocks that were under way are computed again, each alone, after the others."""
        self.pool.restart()
        for future in list(self.flying):
            number = self.collect(future)
            lost += [] if number is None else [number]
        for number in lost:
            self.deaths[number] += len(lost) == 1
            if self.deaths[number] < DEATHS_ALONE:
                self.suspects.append(number)
            else:
                why = f"the worker died {DEATHS_ALONE} times on this block alone (out of memory?)"
                self.receive(Report("failed", message=why))

    def land(self) -> None:
        """After an interrupt: let the blocks under way end, start no other; at once if interrupted again."""
        try:
            for future in [future for future in self.flying if future.cancel()]:
                del self.flying[future]
            for future in wait(self.flying).done:
                self.collect(future)
            self.pool.close(at_once=False)
        except BaseException:
            self.pool.close(at_once=True)
