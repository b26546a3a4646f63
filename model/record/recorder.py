"""What is kept of a run: monthly variables and outcomes, with their units and meanings."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np
from numpy.typing import NDArray

from model.parameters.declaration import ParameterError
from model.record import variables

if TYPE_CHECKING:
    import xarray as xr

    from model.simulation import GeopoliticalEconomy

Kept = NDArray[np.float32]


@dataclass(frozen=True)
class Variable:
    """One number that is recorded: its unit, meaning, range, and where it is read."""

    name: str
    unit: str
    meaning: str
    low: float
    high: float
    read: Callable[[Any], Any]

    @property
    def attributes(self) -> dict[str, str]:
        """Labels that travel with the numbers."""
        return {"unit": self.unit, "long_name": self.name.replace("_", " "), "meaning": self.meaning}


def _declared(rows: list[tuple[Any, ...]]) -> dict[str, Variable]:
    return {row[0]: Variable(*row) for row in rows}


TRAJECTORIES: dict[str, Variable] = _declared(variables.MONTHLY)
"""Monthly variables by name, each (month, world)."""

OUTCOMES: dict[str, Variable] = _declared(variables.OUTCOMES)
"""Outcomes of a run by name, each (world,)."""


class Recorder:
    """Keeps the monthly variables asked for; outcomes are read when the run is over."""

    def __init__(self, model: GeopoliticalEconomy, record: str | list[str]) -> None:
        self.model = model
        self.names = chosen(record)
        self._kept: Kept = np.full((len(self.names), model.months, model.worlds), np.nan, dtype=np.float32)

    def record_month(self, month: int) -> None:
        """Read every monthly variable asked for."""
        for place, name in enumerate(self.names):
            self._kept[place, month] = TRAJECTORIES[name].read(self.model)

    def trajectories(self) -> dict[str, Kept]:
        """Monthly variables by name, each (months, worlds)."""
        return dict(zip(self.names, self._kept, strict=True))

    def outcomes(self) -> dict[str, Kept]:
        """Outcomes by name, each (worlds,)."""
        whole = np.zeros(self.model.worlds)
        return {name: (whole + variable.read(self.model)).astype(np.float32) for name, variable in OUTCOMES.items()}

    def dataset(self) -> xr.Dataset:
        """The record with labels, units and meanings."""
        import xarray as xr  # here, because workers never need it and start without it

        months = np.array(f"{self.model.start.year}-01", dtype="datetime64[M]") + np.arange(self.model.months)
        content: dict[str, Any] = {
            name: ("world", values, OUTCOMES[name].attributes) for name, values in self.outcomes().items()
        }
        for name, values in self.trajectories().items():
            content[name] = (("month", "world"), values, TRAJECTORIES[name].attributes)
        return xr.Dataset(
            content,
            coords={"month": months.astype("datetime64[ns]"), "world": np.arange(self.model.worlds)},
            attrs={"seed": self.model.seed, "months": self.model.months},
        )


def collector() -> mesa.DataCollector:
    """Mesa's own collector of the monthly variables, for a model with one world."""
    readers = {name: partial(_one, variable.read) for name, variable in TRAJECTORIES.items()}
    return mesa.DataCollector(model_reporters=readers)


def _one(read: Callable[[Any], Any], model: Any) -> float:
    return float(np.asarray(read(model)).flat[0])


def chosen(record: str | list[str]) -> list[str]:
    """Names of the monthly variables that `record` asks for; raises ParameterError for an unknown one."""
    if isinstance(record, str):
        if record not in ("all", "outcomes"):
            raise ParameterError(f"record={record!r}: allowed 'all', 'outcomes' or a list of monthly variables")
        return list(TRAJECTORIES) if record == "all" else []
    for name in record:
        if name not in TRAJECTORIES:
            alike = difflib.get_close_matches(name, TRAJECTORIES, n=1)
            hint = f"did you mean {alike[0]!r}?" if alike else f"known: {', '.join(TRAJECTORIES)}"
            raise ParameterError(f"unknown monthly variable {name!r}: {hint}")
    return list(record)
