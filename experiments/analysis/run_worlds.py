"""The one way in which an analysis runs worlds: the model is built, read and always closed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from model.parameters.table import Parameters
from model.simulation import GeopoliticalEconomy

Reading = TypeVar("Reading")
Replicates = NDArray[np.int64] | None
"""Which random draws each world has, (world,); None for draws of its own in every world."""


@contextmanager
def worlds(
    parameters: Parameters,
    count: int,
    months: int,
    seed: int = 0,
    replicates: Replicates = None,
    record: str | list[str] = "outcomes",
) -> Iterator[GeopoliticalEconomy]:
    """A model of `count` worlds over `months`, closed at the end; arguments as those of the model."""
    model = GeopoliticalEconomy(parameters, worlds=count, months=months, rng=seed, replicates=replicates, record=record)
    try:
        yield model
    finally:
        model.close()


def each_month(
    read: Callable[[GeopoliticalEconomy], Reading],
    parameters: Parameters,
    count: int,
    months: int,
    seed: int = 0,
    replicates: Replicates = None,
    first: int = 0,
) -> Iterator[Reading]:
    """What `read` finds at the end of every month from the month `first` on."""
    with worlds(parameters, count, months, seed, replicates) as model:
        for month in range(months):
            model.step()
            if month >= first:
                yield read(model)


def outcomes(
    parameters: Parameters, count: int, months: int, seed: int = 0, replicates: Replicates = None
) -> dict[str, NDArray[np.float64]]:
    """Outcomes of a run by name, each (world,)."""
    with worlds(parameters, count, months, seed, replicates) as model:
        model.simulate()
        return {name: values.astype(np.float64) for name, values in model.outcomes().items()}
