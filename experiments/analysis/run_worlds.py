"""The one way in which an analysis runs worlds: the model is built, read and always closed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from model.array_axes import Floats
from model.parameters.table import Parameters
from model.simulation import GeopoliticalEconomy
from model.states.common_knowledge import Snapshot

Reading = TypeVar("Reading")
Replicates = NDArray[np.int64] | None
"""Which random draws each world has, (world,); None for draws of its own in every world."""


def worlds(
    parameters: Parameters,
    count: int,
    months: int,
    seed: int = 0,
    replicates: Replicates = None,
    record: str | list[str] = "outcomes",
    precision: str = "double",
) -> closing[GeopoliticalEconomy]:
    """A context with a model of `count` worlds over `months`; arguments as those of the model."""
    choices: dict[str, Any] = {"replicates": replicates, "record": record, "precision": precision}
    return closing(GeopoliticalEconomy(parameters, worlds=count, months=months, rng=seed, **choices))


def each_month(
    read: Callable[[Snapshot], Reading],
    parameters: Parameters,
    count: int,
    months: int,
    seed: int = 0,
    replicates: Replicates = None,
) -> Iterator[Reading]:
    """What `read` makes of the records at the end of every month."""
    with worlds(parameters, count, months, seed, replicates) as model:
        for _ in range(months):
            model.step()
            yield read(model.snapshot())


def outcomes(
    parameters: Parameters, count: int, months: int, seed: int = 0, replicates: Replicates = None
) -> dict[str, Floats]:
    """Outcomes of a run by name, each (world,), or (..., world) where it has dimensions of its own."""
    with worlds(parameters, count, months, seed, replicates) as model:
        model.simulate()
        return {name: values.astype(np.float64) for name, values in model.outcomes().items()}
