"""One run of each kind that the model knows: what must hold in every run is tested in all of these."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import is_dataclass
from typing import Any

import numpy as np

from model import GeopoliticalEconomy, Parameters, preset

WORLDS = 97
"""A number that no other axis has, so that no axis is taken for that of the worlds."""
KINDS: dict[str, tuple[Parameters, int]] = {
    "fixed terms": (Parameters(), 180),
    "bargained": (Parameters(talks="bargained"), 60),
    "scripted": (Parameters(talks="scripted", tripwire="H3"), 24),
    "imposed": (Parameters(talks="imposed", guarantee_strength=0.7, china_policy="licence_heavy", tripwire="H4"), 120),
    "quota crisis": (preset("quota_crisis_2010"), 60),
    "no stocks": (Parameters(inventories="none", tripwire="H5"), 36),
}
"""Kind -> parameters, and months in which all that it knows has happened."""


def after(kind: str, months: int) -> GeopoliticalEconomy:
    """A run of a kind after so many months, with more to come."""
    model = GeopoliticalEconomy(KINDS[kind][0], worlds=WORLDS, months=months + 24, rng=0)
    for _ in range(months):
        model.step()
    model.close()
    return model


def numbers(thing: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Everything in a record that is no record itself, with the way to it: arrays, numbers, None."""
    if is_dataclass(thing) and not isinstance(thing, type):
        for name, part in vars(thing).items():
            yield from numbers(part, f"{path}.{name}" if path else name)
    elif isinstance(thing, dict):
        for name, part in thing.items():
            yield from numbers(part, f"{path}.{name}")
    else:
        yield path, thing


def bits(thing: Any) -> dict[str, tuple[Any, ...]]:
    """The same, to the bit, in a form that can be compared."""
    return {path: (np.shape(each), np.asarray(each).dtype, np.asarray(each).tobytes()) for path, each in numbers(thing)}
