"""The base of all records."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Frozen:
    """What is true at one moment; its arrays are read-only from the moment it is made, so nobody has to copy."""

    def __post_init__(self) -> None:
        for value in vars(self).values():
            if type(value) is np.ndarray:
                value.setflags(write=False)
            elif type(value) is dict:
                for part in value.values():
                    if type(part) is np.ndarray:
                        part.setflags(write=False)
