"""A store as an xarray.Dataset: labelled, a grid unfolded into its dimensions, read when it is used."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from xarray.backends import BackendArray
from xarray.core import indexing

from experiments.store.manifest import Manifest
from experiments.store.store import Store

KEEP_BELOW = 64 * 2**20
"""Variables up to this many bytes stay in memory once read."""


def open_results(address: str | Path) -> xr.Dataset:
    """The results in a store; what is not computed yet, or failed, is NaN, and `complete` says so.

    A grid has one dimension per parameter, another design the dimension `design` with each parameter as
    a coordinate. Raises StoreError when there is no store.
    """
    store = Store(address)
    manifest, group = store.manifest, store.group
    content: dict[str, Any] = {}
    for name, field in manifest.fields.items():
        dims = tuple(each for dim in field.dims for each in (manifest.grid if dim == "design" else (dim,)))
        lazy: Any = indexing.LazilyIndexedArray(_Unfolded(group[name], field.dims, manifest))
        if np.prod(manifest.shape(name)) * 4 <= KEEP_BELOW:
            lazy = indexing.MemoryCachedArray(lazy)  # type: ignore[no-untyped-call]
        content[name] = xr.Variable(dims, lazy, dict(group[name].attrs))
    dataset = xr.Dataset(content, coords=_coordinates(manifest, group), attrs=_attributes(store))
    return dataset


def _attributes(store: Store) -> dict[str, Any]:
    """Plain attributes, so that the dataset can be saved as NetCDF too."""
    progress = store.progress()
    plain = {
        name: json.dumps(value) if isinstance(value, dict | list) else value
        for name, value in store.manifest.about.items()
    }
    return plain | {
        "complete": int(progress.complete),
        "blocks_done": len(progress.sound),
        "blocks": progress.blocks,
        "rows_failed": progress.rows_failed,
        "store": store.address,
    }


def _coordinates(manifest: Manifest, group: Any) -> dict[str, xr.Variable]:
    """The design's columns, along the one dimension on which they depend if there is such, and the others."""
    found: dict[str, xr.Variable] = {}
    shape = tuple(manifest.grid.values())
    for name in manifest.columns:
        values = manifest.decode(name, np.asarray(group[name][:])).reshape(shape)
        kept = [axis for axis in range(len(shape)) if shape[axis] > 1 and _varies(values, axis)]
        if name in manifest.grid:
            kept = [list(manifest.grid).index(name)]
        elif len(shape) == 1:
            kept = [0]
        place = tuple(slice(None) if axis in kept else 0 for axis in range(len(shape)))
        attrs = {key: value for key, value in group[name].attrs.items() if not key.startswith("flag_")}
        found[name] = xr.Variable([list(manifest.grid)[axis] for axis in kept], values[place], attrs)
    for name in manifest.coords:
        found[name] = xr.conventions.decode_cf_variable(
            name, xr.Variable((name,), np.asarray(group[name][:]), dict(group[name].attrs))
        )
    found["replicate"] = xr.Variable(("replicate",), np.arange(manifest.blocks.replicates))
    found["replicate"].attrs = {
        "long_name": "replicate",
        "meaning": "the luck that worlds share",
        "unit": "1",
    }
    return found


def _varies(values: NDArray[Any], axis: int) -> bool:
    return bool(np.any(values != np.take(values, [0], axis=axis)))


class _Unfolded(BackendArray):
    """A variable on disk whose `design` dimension appears as the dimensions of the grid."""

    def __init__(self, array: Any, dims: tuple[str, ...], manifest: Manifest) -> None:
        self.array = array
        self.grid = tuple(manifest.grid.values())
        self.first = dims.index("design")
        self.shape = (*array.shape[: self.first], *self.grid, *array.shape[self.first + 1 :])
        self.dtype = array.dtype

    def __getitem__(self, key: indexing.ExplicitIndexer) -> Any:
        return indexing.explicit_indexing_adapter(key, self.shape, indexing.IndexingSupport.OUTER, self._read)

    def _read(self, key: tuple[Any, ...]) -> NDArray[Any]:
        """Outer indexing: each part of the key is a whole number, a slice or an array of places."""
        last = self.first + len(self.grid)
        places = [
            np.atleast_1d(np.arange(size)[part]) for part, size in zip(key[self.first : last], self.grid, strict=True)
        ]
        rows = np.ravel_multi_index(np.ix_(*places), self.grid)
        flat = rows.ravel()
        whole = flat.size and np.array_equal(flat, np.arange(flat[0], flat[0] + flat.size))
        wanted = slice(int(flat[0]), int(flat[0]) + flat.size) if whole else flat
        before = [_kept(part) for part in key[: self.first]]
        after = [_kept(part) for part in key[last:]]
        if not flat.size:
            return np.empty([len(np.atleast_1d(np.arange(n)[p])) for p, n in zip(key, self.shape, strict=True)])
        else:
            found = np.asarray(self.array.oindex[(*before, wanted, *after)])
        found = found.reshape(*found.shape[: self.first], *rows.shape, *found.shape[self.first + 1 :])
        drop = tuple(0 if isinstance(part, int | np.integer) else slice(None) for part in key)
        return np.asarray(found[drop])


def _kept(part: Any) -> Any:
    """The same selection, of one place as a slice, so that the dimension stays."""
    return slice(int(part), int(part) + 1) if isinstance(part, int | np.integer) else part
