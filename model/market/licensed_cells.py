"""Work on the few cells of (material, worlds) in which China licenses exports."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


class Cells:
    """Some cells of the (material, worlds) plane, for rules that are needed in few of them."""

    def __init__(self, where: NDArray[np.bool_]) -> None:
        self.shape = where.shape
        self._places = np.flatnonzero(where)
        self._worlds = self._places % where.shape[-1]

    def __len__(self) -> int:
        return len(self._places)

    def take(self, values: NDArray[Any]) -> NDArray[Any]:
        """The numbers in these cells: (..., material, worlds) becomes (..., cells), and so does one per world."""
        if values.ndim == 1:
            return values.take(self._worlds)
        return values.reshape(*values.shape[:-2], -1).take(self._places, axis=-1)

    def put(self, into: NDArray[Any], numbers: NDArray[Any]) -> None:
        """Write numbers (..., cells) into their places in `into` (..., material, worlds)."""
        into.reshape(*into.shape[:-2], -1)[..., self._places] = numbers
