"""A store as an xarray.Dataset: labelled, a grid unfolded into its dimensions, read when it is used."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from xarray.backends import BackendArray
from xarray.core import indexing

from experiments.store.store import Store

KEEP_BELOW = 64 * 2**20
"""Variables up to this many bytes stay in memory once read."""


def open_results(address: str | Path) -> xr.Dataset:
    """The results in a store; what is not computed yet, or failed, is NaN, and a warning says how much there is.

    A grid has one dimension per parameter, another design the dimension `design` with each parameter as
    a coordinate. Raises StoreError when there is no store, or when a block of it is damaged or lost.
    """
    results = read_results(Store(address))
    if not results.complete:
        done = f"{results.blocks_done} of {results.blocks} blocks are done"
        warnings.warn(f"{done} in {results.store}, and what is not is NaN; the same sweep goes on", stacklevel=2)
    return results


def read_results(store: Store) -> xr.Dataset:
    """The results in a store, however many there are; raises StoreError when a block is damaged or lost."""
    manifest, group, progress = store.manifest, store.group, store.progress()
    if progress.damaged:
        raise store.damage(progress)
    content: dict[str, Any] = {}
    for name, field in manifest.fields.items():
        dims = tuple(each for dim in field.dims for each in (manifest.grid if dim == "design" else (dim,)))
        lazy: Any = indexing.LazilyIndexedArray(_Unfolded(store, name))
        if np.prod(manifest.shape(name)) * 4 <= KEEP_BELOW:
            lazy = indexing.MemoryCachedArray(lazy)  # type: ignore[no-untyped-call]
        content[name] = xr.Variable(dims, lazy, dict(group[name].attrs))
    attrs = {
        # Plain attributes, so that the dataset can be saved as NetCDF too.
        **{name: json.dumps(each) if isinstance(each, dict | list) else each for name, each in manifest.about.items()},
        "complete": int(progress.complete),
        "blocks_done": len(progress.sound),
        "blocks": progress.blocks,
        "rows_failed": progress.rows_failed,
        "store": store.address,
    }
    return xr.Dataset(content, coords=_coordinates(store), attrs=attrs)


def _coordinates(store: Store) -> dict[str, xr.Variable]:
    """The design's columns, along the one dimension on which they depend if there is such, and the others."""
    manifest, group, columns = store.manifest, store.group, store.rows(slice(None))
    coords: dict[str, xr.Variable] = {}
    shape = tuple(manifest.grid.values())
    for name, column in columns.items():
        values = column.reshape(shape)
        kept = [axis for axis in range(len(shape)) if shape[axis] > 1 and _varies(values, axis)]
        if name in manifest.grid:
            kept = [list(manifest.grid).index(name)]
        elif len(shape) == 1:
            kept = [0]
        index = tuple(slice(None) if axis in kept else 0 for axis in range(len(shape)))
        attrs = {key: value for key, value in group[name].attrs.items() if not key.startswith("flag_")}
        coords[name] = xr.Variable([list(manifest.grid)[axis] for axis in kept], values[index], attrs)
    for name in manifest.coords:
        coords[name] = xr.conventions.decode_cf_variable(
            name, xr.Variable((name,), store.read(name), dict(group[name].attrs))
        )
    labels = {"long_name": "replicate", "meaning": "the random numbers that worlds share", "unit": "1"}
    coords["replicate"] = xr.Variable(("replicate",), np.arange(manifest.blocks.replicates), labels)
    return coords


def _varies(values: NDArray[Any], axis: int) -> bool:
    return bool(np.any(values != np.take(values, [0], axis=axis)))


class _Unfolded(BackendArray):
    """A variable on disk whose `design` dimension appears as the dimensions of the grid."""

    def __init__(self, store: Store, name: str) -> None:
        self.store, self.name, self.dtype = store, name, np.dtype(np.float32)
        self.grid = tuple(store.manifest.grid.values())
        self.first = store.fields[name].dims.index("design")
        shape = store.manifest.shape(name)
        self.shape = (*shape[: self.first], *self.grid, *shape[self.first + 1 :])

    def __getitem__(self, key: indexing.ExplicitIndexer) -> Any:
        return indexing.explicit_indexing_adapter(key, self.shape, indexing.IndexingSupport.OUTER, self._read)

    def _read(self, key: tuple[Any, ...]) -> NDArray[Any]:
        """Outer indexing: each part of the key is a whole number, a slice or an array of numbers."""
        last = self.first + len(self.grid)
        parts = [slice(int(part), int(part) + 1) if isinstance(part, int | np.integer) else part for part in key]
        sizes = [np.arange(size)[part].size for part, size in zip(parts, self.shape, strict=True)]
        shape = [size for size, part in zip(sizes, key, strict=True) if not isinstance(part, int | np.integer)]
        if not all(sizes):
            return np.empty(shape, dtype=self.dtype)
        along = [np.arange(size)[part] for part, size in zip(parts[self.first : last], self.grid, strict=True)]
        rows: Any = np.ravel_multi_index(np.ix_(*along), self.grid).ravel()
        if np.array_equal(rows, np.arange(rows[0], rows[0] + rows.size)):
            rows = slice(int(rows[0]), int(rows[0]) + rows.size)  # several times as fast to read
        return self.store.read(self.name, (*parts[: self.first], rows, *parts[last:])).reshape(shape)
