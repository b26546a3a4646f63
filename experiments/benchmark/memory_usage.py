"""The memory of this process and of all that descend from it, while something runs (Linux)."""

from __future__ import annotations

import contextlib
import os
import threading
from pathlib import Path

SECONDS_BETWEEN_LOOKS = 0.1
PROC = Path("/proc")


class PeakMemory:
    """Looks at the memory of all processes ten times a second; `peak` is the most it saw, MiB, NaN elsewhere.

    Proportional set size: a page that several processes share counts once in their sum, as in the machine.
    """

    def __init__(self) -> None:
        self.peak = float("nan")
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> PeakMemory:
        if PROC.is_dir():
            self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        if self._thread.ident:
            self._thread.join()

    def _look(self) -> None:
        while True:
            now = sum(_megabytes(process) for process in family(os.getpid()))
            self.peak = max(now, self.peak) if self.peak == self.peak else now
            if self._ended.wait(SECONDS_BETWEEN_LOOKS):
                return


def family(root: int) -> set[int]:
    """A process and its descendants, by their numbers."""
    parents = {}
    for path in PROC.glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it has just ended
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
    members, more = set[int](), {root}
    while more:
        members |= more
        more = {child for child, parent in parents.items() if parent in more} - members
    return members


def _megabytes(process: int) -> float:
    with contextlib.suppress(OSError):
        for line in (PROC / str(process) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0
