"""Keeps what is asked for of a run: monthly variables by month, and outcomes when the run is over."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

import mesa
import numpy as np
from numpy.typing import NDArray

from model.array_axes import DType, Floats
from model.calendar import Calendar, Month
from model.parameters.declaration import ParameterError, nearest
from model.record.variables import COORDINATES, OUTCOMES, TRAJECTORIES
from model.states.common_knowledge import Snapshot

if TYPE_CHECKING:
    import xarray as xr

Kept = NDArray[np.float32]
UNSOLVED = "no equilibrium of war and peace was found"
"""Why all that is recorded of a world is nan."""


class Recorded(Protocol):
    """A model whose records of the last month can be looked at."""

    latest: Snapshot
    recorder: Recorder


class Recorder:
    """Keeps the monthly variables asked for, and what outcomes need of every month.

    A world in which a war game was not solved has no numbers: all that is recorded of it is nan.
    """

    def __init__(self, record: str | Sequence[str], calendar: Calendar, worlds: int, dtype: DType) -> None:
        self.names = recorded_names(record)
        self._calendar = calendar
        self._kept: Kept = np.full((len(self.names), calendar.months, worlds), np.nan, dtype=np.float32)
        self._folded: dict[str, Floats] = {
            name: np.full(worlds, outcome.fold.start, dtype) for name, outcome in OUTCOMES.items() if outcome.fold
        }

    def keep(self, snapshot: Snapshot, now: Month) -> None:
        """Read every monthly variable asked for, and fold the month into outcomes."""
        for row, name in enumerate(self.names):
            self._kept[row, now.number] = TRAJECTORIES[name].read(snapshot)
        for name, kept in self._folded.items():
            fold = OUTCOMES[name].fold
            if fold is not None:
                self._folded[name] = np.asarray(fold.step(kept, OUTCOMES[name].read(snapshot), now), kept.dtype)
        if not snapshot.outlook.solved.all():
            self._kept[..., ~snapshot.outlook.solved] = np.nan

    def trajectories(self) -> dict[str, Kept]:
        """Monthly variables by name, each (months, worlds)."""
        return dict(zip(self.names, self._kept, strict=True))

    def outcome(self, name: str, snapshot: Snapshot) -> Kept:
        """An outcome, (..., worlds), given the last month's records."""
        values = self._folded[name] if name in self._folded else OUTCOMES[name].read(snapshot)
        return np.where(snapshot.outlook.solved, values + 0.0, np.nan).astype(np.float32)  # 0 has no sign

    def outcomes(self, snapshot: Snapshot) -> dict[str, Kept]:
        """Outcomes by name, each (..., worlds), given the last month's records."""
        return {name: self.outcome(name, snapshot) for name in OUTCOMES}

    def dataset(self, snapshot: Snapshot, **facts: int | str) -> xr.Dataset:
        """The record with labels, units and meanings; `facts` become its attributes."""
        import xarray as xr  # here, because workers never need it and start without it

        solved = snapshot.outlook.solved
        if not solved.all():
            some = f"{(~solved).sum():,} of {solved.size:,} worlds are unknown (nan)"
            warnings.warn(f"{some}: {UNSOLVED}", stacklevel=3)
        outcomes = self.outcomes(snapshot)
        content: dict[str, Any] = {
            name: ((*OUTCOMES[name].dims, "world"), values, OUTCOMES[name].attributes)
            for name, values in outcomes.items()
        }
        for name, values in self.trajectories().items():
            content[name] = (("month", "world"), values, TRAJECTORIES[name].attributes)
        labels = {"month": self._calendar.labels(), "world": np.arange(self._kept.shape[-1])}
        return xr.Dataset(content, coords=labels | COORDINATES, attrs=facts)


def collector() -> mesa.DataCollector:
    """Mesa's own collector of the seed, monthly variables and outcomes so far, for a model with one world.

    An outcome with dimensions has one column for each of their labels: deal_worth_ukraine_resources.
    """
    monthly = {name: partial(_variable, name) for name in TRAJECTORIES}
    outcomes = {
        column: partial(_outcome, name, index)
        for name, outcome in OUTCOMES.items()
        for column, index in outcome.columns.items()
    }
    return mesa.DataCollector(model_reporters={"seed": "seed"} | monthly | outcomes)


def _variable(name: str, model: Recorded) -> float:
    return float(TRAJECTORIES[name].read(model.latest)[0]) if model.latest.outlook.solved[0] else float("nan")


def _outcome(name: str, index: tuple[int, ...], model: Recorded) -> float:
    return float(model.recorder.outcome(name, model.latest)[*index, 0])


def recorded_names(record: str | Sequence[str]) -> list[str]:
    """Names of the monthly variables that `record` asks for; raises ParameterError for an unknown one."""
    if isinstance(record, str):
        if record not in ("all", "outcomes"):
            raise ParameterError(f"record={record!r}: allowed 'all', 'outcomes' or a list of monthly variables")
        return list(TRAJECTORIES) if record == "all" else []
    for name in record:
        if name not in TRAJECTORIES:
            raise ParameterError(f"unknown monthly variable {name!r}: {nearest(name, TRAJECTORIES)}")
    return list(record)
