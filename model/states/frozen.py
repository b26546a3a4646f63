"""The base of all records."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Frozen:
    """What is true at one moment; its arrays are read-only from the moment it is made, so nobody has to copy."""

    def __post_init__(self) -> None:
        for value in vars(self).values():
            for part in value.values() if isinstance(value, dict) else (value,):
                if isinstance(part, np.ndarray):
                    part.setflags(write=False)
