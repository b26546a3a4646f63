"""How busy the machine is with other work, without which the seconds of a benchmark say little."""

from __future__ import annotations

import contextlib
import math
import os
import resource
import time
from pathlib import Path

BUSY_BEFORE, BUSY_MEANWHILE = 0.25, 0.1
"""Loaded from here on: processes that run or wait for each core before, and the share of all cores that others take."""
STAT = Path("/proc/stat")


class MachineLoad:
    """The load before and after what runs within, the CPU time of it and its children, and the share that others took.

    Loads are means over a minute of the processes that run or wait. What a system does not say is NaN.
    """

    before = after = cpu_seconds = others_share = math.nan

    def __enter__(self) -> MachineLoad:
        self.cores = os.cpu_count() or 1
        self.before = _load()
        self._begun = time.monotonic(), cpu_seconds(), _busy_seconds()
        return self

    def __exit__(self, *error: object) -> None:
        started, own, busy = self._begun
        elapsed = max(time.monotonic() - started, 1e-9)
        self.after, self.cpu_seconds = _load(), cpu_seconds() - own
        others = _busy_seconds() - busy - self.cpu_seconds
        self.others_share = max(others, 0.0) / elapsed / self.cores

    @property
    def is_loaded(self) -> bool:
        """Whether others were so busy that a goal set for a machine of one's own cannot be judged."""
        return self.before > BUSY_BEFORE * self.cores or self.others_share > BUSY_MEANWHILE


def _load() -> float:
    try:
        return os.getloadavg()[0]
    except OSError:
        return math.nan


def cpu_seconds() -> float:
    """CPU time of this process and of all its children that have ended, s."""
    used = (resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


def _busy_seconds() -> float:
    """CPU time of all processes of the machine since it started, time taken by other machines on it too, s."""
    with contextlib.suppress(OSError, ValueError):
        user, nice, system, _idle, _wait, *others = map(int, STAT.read_text().split("\n")[0].split()[1:9])
        return (user + nice + system + sum(others)) / os.sysconf("SC_CLK_TCK")
    return math.nan
