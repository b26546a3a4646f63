"""Models with the signature of GeopoliticalEconomy that are quick, slow, failing or deadly, for the tests.

They live in a module of their own because workers import them by name.
"""

from __future__ import annotations

import os
import signal
import time
from typing import Any

import numpy as np

from model.parameters.table import Parameters
from model.record.variables import OUTCOMES, TRAJECTORIES, Outcome, Variable


class Quick:
    """A model of two lines: outcomes depend on two parameters, the seed, the month and the replicate."""

    def __init__(
        self,
        parameters: Parameters,
        *,
        worlds: int,
        months: int,
        rng: int,
        replicates: Any,
        record: Any,
        precision: str,
    ) -> None:
        self.p = parameters.by_world(worlds)
        self.months, self.rng, self.replicates = months, rng, np.asarray(replicates)
        self.names = [] if record == "outcomes" else list(TRAJECTORIES) if record == "all" else record
        self.outcomes: Any = None
        self.trajectories: Any = None

    def simulate(self) -> None:
        """One number per world, spread over all variables."""
        draw = np.sin(12.9898 * self.replicates + self.rng) * 43758.5453 % 1
        level = self.p.ownership_share + 2 * self.p.guarantee_strength + draw
        outcomes = {name: _within(each, level, i) for i, (name, each) in enumerate(OUTCOMES.items())}
        time_path = np.arange(self.months, dtype=np.float32)[:, None]
        paths = {
            name: _within(TRAJECTORIES[name], level * time_path / self.months, i) for i, name in enumerate(self.names)
        }
        self.outcomes, self.trajectories = (lambda: outcomes), (lambda: paths)

    def close(self) -> None:
        """Nothing to free."""


def _within(variable: Variable, level: Any, number: int) -> Any:
    """A level below 4 as a number that the variable may have."""
    values = (level / 4 if variable.high == 1 else level + number).astype(np.float32)
    return np.tile(values, (*variable.shape, 1)) if isinstance(variable, Outcome) and variable.dims else values


PAUSE_NAME = "SUBSOIL_TEST_PAUSE"
PAUSE = float(os.environ.get(PAUSE_NAME, "0"))


class Slow(Quick):
    """Takes SUBSOIL_TEST_PAUSE seconds, so that a test can strike while it runs."""

    def simulate(self) -> None:
        """As quick, after a pause."""
        time.sleep(PAUSE)
        super().simulate()


class FailsAtHalf(Quick):
    """Cannot do an ownership share of exactly one half."""

    def simulate(self) -> None:
        """Raises when a world has that share."""
        if np.any(self.p.ownership_share == 0.5):
            raise ZeroDivisionError("no world at one half")
        super().simulate()


class LeavesItsRange(Quick):
    """Has a price that is infinite at a share of one half, in the second replicate."""

    def simulate(self) -> None:
        """As quick, but for that price, with a warning of NumPy's."""
        super().simulate()
        outcomes = self.outcomes()
        apart = (self.p.ownership_share == 0.5) & (self.replicates == 1)
        outcomes["price_magnet_end"] = np.where(apart, np.float32(1) / np.float32(1 - apart), 1).astype(np.float32)


class FailsAlways(Quick):
    """Cannot do anything, always for the same reason."""

    def simulate(self) -> None:
        """Raises."""
        raise ArithmeticError("no world at all")


class FailsLater(Quick):
    """Works at the corners, which are tried with the first replicate alone, and fails in every block."""

    def simulate(self) -> None:
        """Raises unless all worlds have the first replicate."""
        if np.any(self.replicates > 0):
            raise ArithmeticError("no world with other random numbers")
        super().simulate()


class DiesAtHalf(Quick):
    """Takes its process with it at a share of one half, as the system does when memory is short."""

    def simulate(self) -> None:
        """Kills the worker, unless it runs in the process of the test."""
        if np.any(self.p.ownership_share == 0.5) and len(self.replicates) > 1:
            os.kill(os.getpid(), signal.SIGKILL)
        super().simulate()
