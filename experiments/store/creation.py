"""An empty store: the manifest, the coordinates, and every array declared before the first block runs."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.errors import StoreError
from experiments.store import chunk_encoding as chunks
from experiments.store.filesystem import files_at, writing
from experiments.store.manifest import Manifest
from experiments.store.store import Store, read_attributes

READY, BEGUN = "ledger/ready", "ledger/begun"
"""Files that say that a store is made, and that one was to be made here."""
ROWS_AT_ONCE = 65_536

Pieces = Iterator[tuple[int, dict[str, NDArray[Any]]]]


def exists(address: str | Path) -> bool:
    """Whether a store is there and ready for blocks; StoreError if something else is in its place."""
    files = files_at(address)
    if files.read(BEGUN) is not None and files.read(READY) is None:
        return False  # cut off while it was made, at whatever file: it is made again
    if read_attributes(files) is not None:
        Store(address)
        return files.read(READY) is not None
    strange = [name for name in files.entries() if name != "ledger" and not name.endswith(".partial")]
    if strange:
        raise StoreError(f"{files.address} exists and is not a store of results; nothing was touched")
    return False


def create(address: str | Path, manifest: Manifest, pieces: Pieces) -> Store:
    """Make the store: manifest, then arrays and the columns of the design, then the word that it is ready.

    What a creation that was cut off left behind is deleted first. Raises StoreError when the place cannot
    be written.
    """
    import zarr

    files = files_at(address)
    files.write(BEGUN, b"")
    with writing(files.address):
        files.clear(keep="ledger")
        group = zarr.open_group(files.address, mode="a", zarr_format=3)
        group.attrs.put(manifest.attributes())
        for name, dims in manifest.fields.items():
            labels: dict[str, Any] = {"dimension_names": dims, "attributes": _labels(manifest, name)}
            shape, chunk = manifest.shape(name), manifest.chunk_shape(name)
            group.create_array(name, shape=shape, chunks=chunk, **labels, **chunks.declared(manifest.shard_shape(name)))
        _write_coordinates(group, manifest, pieces)
        with warnings.catch_warnings():
            # Zarr says that not every library reads this; xarray opens the store without a listing by it.
            warnings.simplefilter("ignore")
            zarr.consolidate_metadata(files.address, zarr_format=3)
    store = _with_checksums(Store(address), manifest)
    files.write(READY, b"")
    return store


def mend_coordinates(store: Store, manifest: Manifest, pieces: Pieces) -> Store:
    """Write the columns of the design and the other coordinates of a store again."""
    import zarr

    with writing(store.address):
        _write_coordinates(zarr.open_group(store.address, mode="a", zarr_format=3), manifest, pieces)
    return _with_checksums(store, manifest)


def _with_checksums(store: Store, manifest: Manifest) -> Store:
    """The store, which says the checksums of its coordinates, by which a reader sees that one is damaged."""
    checksums = {name: store.checksum(name) for name in (*manifest.coords, *manifest.columns)}
    own = store.attributes["subsoil"] | {"checksums": checksums}
    store.rewrite_root(attributes=store.attributes | {"subsoil": own})
    return Store(store.address)


def add_replicates(store: Store, replicates: int) -> Store:
    """The store with room for more replicates; one write, the last, makes it so.

    Blocks of the same size are added. Blocks at the old edge that are smaller are computed again.
    """
    manifest, blocks = store.manifest.with_replicates(replicates), store.blocks
    if blocks.replicates % blocks.block_replicates:
        store.forget(number for number in range(len(blocks)) if blocks[number].replicates.stop == blocks.replicates)
    root = json.loads(store.files.read("zarr.json") or b"{}")
    consolidated = root["consolidated_metadata"]
    for name in manifest.fields:
        array = consolidated["metadata"][name]
        array["shape"] = list(manifest.shape(name))
        store.files.write(f"{name}/zarr.json", json.dumps(array, indent=1).encode())
    store.rewrite_root(attributes=manifest.attributes(), consolidated_metadata=consolidated)
    return Store(store.address)


def _write_coordinates(group: Any, manifest: Manifest, pieces: Pieces) -> None:
    """The design's columns and the other coordinates; words as whole numbers with their meanings (CF flags)."""
    together: dict[str, Any] = {"chunk_key_encoding": chunks.declared()["chunk_key_encoding"], "overwrite": True}
    for name, (dims, given) in manifest.coords.items():
        labels = {"dimension_names": dims, "attributes": _labels(manifest, name)}
        group.create_array(name, data=manifest.encode(name, np.array(given)), **labels, **together)
    arrays: dict[str, Any] = {}
    count = manifest.blocks.rows
    for start, rows in pieces:
        for name, column in rows.items():
            values = manifest.encode(name, column)
            if name not in arrays:
                labels = {"dimension_names": ["design"], "attributes": _labels(manifest, name)}
                size = {"shape": (count,), "chunks": (min(count, ROWS_AT_ONCE),), "dtype": values.dtype}
                arrays[name] = group.create_array(name, **size, **labels, **together)
            arrays[name][start : start + len(values)] = values


def _labels(manifest: Manifest, name: str) -> dict[str, Any]:
    labels, words = dict(manifest.labels[name]), manifest.words.get(name)
    if words:
        meanings = " ".join(word.replace(" ", "_") for word in words)
        labels |= {"flag_values": np.arange(len(words)).tolist(), "flag_meanings": meanings}
    return labels
