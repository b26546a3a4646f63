"""A store as an xarray.Dataset: labelled, a grid unfolded into its dimensions, read when it is used."""

from __future__ import annotations

import json
import warnings
from collections.abc import Collection, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from xarray.backends import BackendArray
from xarray.core import indexing

from experiments.store.store import Store, StoreProgress

KEEP_BELOW = 64 * 2**20
"""Variables up to this many bytes stay in memory once read."""


def open_results(address: str | Path) -> xr.Dataset:
    """The results in a store; what is not computed yet, or failed, is NaN, and a warning says how much that is.

    A grid has one dimension per parameter, another design the dimension `design` with each parameter as
    a coordinate. Raises StoreError when there is no store, or when a block or coordinate is damaged or lost.
    """
    store = Store(address)
    progress = store.sound_progress()
    if progress.caution:
        warnings.warn(progress.caution, stacklevel=2)
    return read_results(store, progress)


def read_results(store: Store, progress: StoreProgress) -> xr.Dataset:
    """The results in a store that is so far."""
    manifest, group = store.manifest, store.group
    content: dict[str, Any] = {}
    for name, on_disk in manifest.fields.items():
        dims = tuple(each for dim in on_disk for each in (manifest.grid if dim == "design" else (dim,)))
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
    grid, coords = store.manifest.grid, {}
    for name, column in store.rows(slice(None)).items():
        values = xr.Variable(tuple(grid), column.reshape(tuple(grid.values())), _attributes(store, name))
        for dim in values.dims if len(grid) > 1 else ():
            first = values.isel({dim: 0})
            if dim != name and (name in grid or bool((values == first).all())):
                values = first
        coords[name] = values
    labels = {"long_name": "replicate", "meaning": "the random numbers that worlds share", "unit": "1"}
    replicates = xr.Variable(("replicate",), np.arange(store.blocks.replicates), labels)
    return coords | other_coordinates(store) | {"replicate": replicates}


def other_coordinates(store: Store) -> dict[str, xr.Variable]:
    """What labels the outcomes and, where the store has them, the months, as dates, and the quantiles."""
    coords = {}
    for name, (dims, _) in store.manifest.coords.items():
        variable = xr.Variable(dims, store.manifest.decode(name, store.read(name)), _attributes(store, name))
        coords[name] = xr.conventions.decode_cf_variable(name, variable)
    return coords


def _attributes(store: Store, name: str) -> dict[str, Any]:
    """The attributes of a coordinate, of which words are no longer numbers."""
    return {key: value for key, value in store.group[name].attrs.items() if not key.startswith("flag_")}


def flat_columns(table: xr.Dataset, dims: Collection[str]) -> xr.Dataset:
    """Each variable along some of `dims` as one for each of their labels, such as deal_gain_ukraine.

    Those that its attribute `not_applicable` names are left out, and so are coordinates along `dims`.
    """
    columns: dict[str, xr.Variable] = {}
    for name, each in table.data_vars.items():
        own = [str(dim) for dim in each.dims if dim in dims]
        left_out = each.attrs.get("not_applicable", "").split()
        for pairs in product(*(enumerate(table[dim].values.tolist()) for dim in own)):
            labels = [label for _, label in pairs]
            column = "_".join((str(name), *labels))
            if column not in left_out:
                columns[column] = each.variable.isel({dim: at for dim, (at, _) in zip(own, pairs, strict=True)})
                columns[column].attrs = _of_labels(each.attrs, labels)
    coords = {name: each for name, each in table.coords.items() if not set(each.dims) & set(dims)}
    return xr.Dataset(columns, coords, table.attrs)


def _of_labels(attrs: Mapping[str, Any], labels: list[str]) -> dict[str, Any]:
    """The attributes of a variable for one of its labels each: its words say which, and that it applies is plain."""
    if not labels:
        return dict(attrs)
    which = ", ".join(label.replace("_", " ") for label in labels)
    words = {name: f"{attrs[name]} ({which})" for name in ("long_name", "meaning") if name in attrs}
    return {name: each for name, each in attrs.items() if name not in ("comment", "not_applicable")} | words


class _Unfolded(BackendArray):
    """A variable on disk whose `design` dimension appears as the dimensions of the grid."""

    def __init__(self, store: Store, name: str) -> None:
        self.store, self.name, self.dtype = store, name, np.dtype(np.float32)
        self.grid = tuple(store.manifest.grid.values())
        self.first = store.fields[name].index("design")
        shape = store.manifest.shape(name)
        self.shape = (*shape[: self.first], *self.grid, *shape[self.first + 1 :])

    def __getitem__(self, key: indexing.ExplicitIndexer) -> Any:
        return indexing.explicit_indexing_adapter(key, self.shape, indexing.IndexingSupport.OUTER, self._read)

    def _read(self, key: tuple[Any, ...]) -> NDArray[Any]:
        """Outer indexing: each part of the key is a whole number, a slice or an array of numbers."""
        last = self.first + len(self.grid)
        parts = [np.atleast_1d(np.arange(size)[part]) for part, size in zip(key, self.shape, strict=True)]
        whole = [isinstance(part, int | np.integer) for part in key]
        shape = [part.size for part, is_whole in zip(parts, whole, strict=True) if not is_whole]
        if not all(part.size for part in parts):
            return np.empty(shape, dtype=self.dtype)
        rows = np.ravel_multi_index(np.ix_(*parts[self.first : last]), self.grid).ravel()
        outer = [_as_slice(part) for part in (*parts[: self.first], rows, *parts[last:])]
        return self.store.read(self.name, tuple(outer)).reshape(shape)


def _as_slice(numbers: NDArray[Any]) -> slice | NDArray[Any]:
    """Numbers without a gap as a slice, which is several times as fast to read."""
    first, last = int(numbers[0]), int(numbers[-1])
    return slice(first, last + 1) if np.array_equal(numbers, np.arange(first, last + 1)) else numbers
