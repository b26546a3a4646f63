"""Results that the visitors of the page share: kept by what they depend on, computed once, stopped when unwanted."""

from __future__ import annotations

import traceback
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

from experiments.page.work.workers import Stopped, Task, Workers
from model.errors import SubsoilError

MOST_KEPT = 400
"""Results kept, pictures included; the longest unused go first."""


@dataclass(frozen=True)
class Failure:
    """Why there is no result, in the words of the error."""

    words: str


@dataclass
class _Running:
    task: Task
    wanted: int = 1


class Results:
    """What has been computed, and what is being computed for whom."""

    def __init__(self, workers: Workers) -> None:
        self.workers = workers
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._running: dict[Hashable, _Running] = {}

    def get(self, key: Hashable) -> Any:
        """The result of this key, a Failure, or None while there is none."""
        running = self._running.get(key)
        if running is not None and running.task.done:
            self._keep(key, running.task)
        if key not in self._kept:
            return None
        self._kept.move_to_end(key)
        return self._kept[key]

    def begin(self, key: Hashable, work: Callable[..., Any], *arguments: Any) -> bool:
        """Want the result of a key: compute it, or wait with others for it. False where too much is waiting."""
        if key in self._running:
            self._running[key].wanted += 1
            return True
        task = self.workers.submit(work, *arguments)
        if task is not None:
            self._running[key] = _Running(task)
        return task is not None

    def leave(self, key: Hashable) -> None:
        """Want it no longer; what nobody wants is stopped."""
        if key in self._running:
            self._running[key].wanted -= 1
            if not self._running[key].wanted:
                self._running.pop(key).task.stop()

    def progress(self, key: Hashable) -> tuple[int, int]:
        """Months done and in all of what is being computed; (0, 0) of what is not."""
        running = self._running.get(key)
        return running.task.progress if running else (0, 0)

    def _keep(self, key: Hashable, task: Task) -> None:
        del self._running[key]
        try:
            self._kept[key] = self.workers.result(task)
        except Stopped:
            return
        except SubsoilError as error:
            self._kept[key] = Failure(str(error))
        except Exception as error:
            traceback.print_exception(error)  # for whoever serves the page; visitors get one line
            self._kept[key] = Failure(f"an error of the program, {type(error).__name__}: {error}")
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
