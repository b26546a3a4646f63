"""Where the chunk of each variable and block is on disk: in a file of its own, a part, or a shard.

    <variable>/c.I.J     a large chunk, put in place whole by the worker that computed it
    ledger/parts/I.J     the other chunks of block I.J together, put in place whole by its worker
    <variable>/c.I.J     a shard: the chunks of one variable and many blocks, gathered from their parts at the end

A store of many blocks has far fewer files so, and the bytes of a chunk are compressed but once. A part is deleted
when all shards are in place; as long as it is there, it stands before the shard. A shard is as Zarr writes it.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
from collections import defaultdict
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.store import chunk_encoding as chunks
from experiments.store.filesystem import Files, LocalFiles
from experiments.store.manifest import Manifest

PARTS = "ledger/parts"
REQUESTS = 16
"""Chunks that are fetched at once from a remote store."""

Entry = tuple[str, int, int]
"""A file of several chunks, how many it holds, and which of them is meant."""


class ChunkFiles:
    """The chunks of a store as they are when they are first looked for; made anew, it sees what has changed."""

    def __init__(self, files: Files, manifest: Manifest) -> None:
        self.files, self.manifest, self.blocks = files, manifest, manifest.blocks
        self._sizes = functools.cache(files.sizes)
        self._spans = functools.cache(self._read_spans)

    def write(self, number: int, contents: Mapping[str, bytes]) -> None:
        """Put the chunks of a block in place. Raises StoreError."""
        for name in contents.keys() - set(self.manifest.sharded):
            self.files.write(self._key(name, self._position(name, number)), contents[name])
        if self.manifest.sharded:
            self.files.write(self._part(number), chunks.join([contents[name] for name in self.manifest.sharded]))

    def pack(self, kept: Collection[int]) -> None:
        """Gather all parts in shards, and delete them; in those shards, blocks stay that are `kept`. Raises StoreError.

        Whatever cuts this off, no chunk is lost, and the next call does the rest.
        """
        fresh: dict[tuple[int, ...], list[int]] = defaultdict(list)
        for part in self._sizes(PARTS):
            if (number := self.blocks.number(part)) is not None:
                fresh[self._shard(number)].append(number)
        for shard, numbers in fresh.items():
            old = [number for number in kept if self._shard(number) == shard and number not in numbers]
            parts = {number: self._contents(self._part(number), len(self.manifest.sharded)) for number in numbers}
            for at, name in enumerate(self.manifest.sharded):
                key, count, _ = self._entry(name, numbers[0])
                contents, there = [b""] * count, self._contents(key, count) if old else []
                for number in (*old, *numbers):
                    _, _, entry = self._entry(name, number)
                    contents[entry] = parts[number][at] if number in parts else there[entry]
                self.files.write(key, chunks.join(contents))
            for number in numbers:
                self.remove_part(number)

    def remove_part(self, number: int) -> None:
        """Delete what is there of a block and not yet packed."""
        self.files.remove(self._part(number))

    def size(self, name: str, number: int) -> float:
        """Bytes of a block's chunk of a variable; NaN where there is none, or not all of it."""
        with contextlib.suppress(ValueError, RuntimeError):
            key, span = self.locate(name, number)
            if span.start < span.stop <= self._file_bytes(key):
                return float(span.stop - span.start)
        return float("nan")

    def content(self, name: str, number: int) -> bytes:
        """A block's chunk of a variable, empty where there is none; ValueError or RuntimeError when it is damaged."""
        key, span = self.locate(name, number)
        content = self.files.read(key, span) if span.stop else b""
        if content is None:
            raise ValueError(f"{key} is no longer there")
        return content

    def read(self, name: str, index: tuple[Any, ...]) -> NDArray[np.float32]:
        """A variable at an outer index of slices and arrays of numbers; ValueError or RuntimeError for damage."""
        shape, chunk = self.manifest.shape(name), self.manifest.chunk_shape(name)
        index += (slice(None),) * (len(shape) - len(index))
        parts = [np.atleast_1d(np.arange(size)[part]) for size, part in zip(shape, index, strict=True)]
        values = np.full([part.size for part in parts], np.nan, dtype=np.float32)
        along = [_by_chunk(part, size) for part, size in zip(parts, chunk, strict=True)]
        pieces = list(itertools.product(*(each.values() for each in along)))
        numbers = [self._number(name, position) for position in itertools.product(*along)]
        with contextlib.ExitStack() as stack:
            several = not isinstance(self.files, LocalFiles) and len(numbers) > 1
            mapped: Any = stack.enter_context(ThreadPoolExecutor(REQUESTS)).map if several else map
            for piece, content in zip(pieces, mapped(functools.partial(self.content, name), numbers), strict=True):
                if content:
                    inside = _outer([inside for _, inside in piece])
                    values[_outer([where for where, _ in piece])] = chunks.decode(content, chunk)[inside]
        return values

    def locate(self, name: str, number: int) -> tuple[str, slice]:
        """The file of a chunk, and which of its bytes; an empty slice where there is none."""
        if name not in self.manifest.sharded:
            key = self._key(name, self._position(name, number))
            return key, slice(0, self._file_bytes(key))
        part = self._part(number)
        if self._file_bytes(part):
            return part, self._spans(part, len(self.manifest.sharded))[self.manifest.sharded.index(name)]
        key, count, entry = self._entry(name, number)
        return (key, self._spans(key, count)[entry]) if self._file_bytes(key) else (key, slice(0, 0))

    def _file_bytes(self, key: str) -> int:
        folder, _, file = key.rpartition("/")
        return self._sizes(folder).get(file, 0)

    def _read_spans(self, key: str, count: int) -> list[slice]:
        return chunks.spans(self.files.read(key, slice(0, chunks.index_bytes(count))) or b"", count)

    def _contents(self, key: str, count: int) -> list[bytes]:
        """All chunks of a part or shard; none where it cannot be read."""
        content = self.files.read(key) or b""
        with contextlib.suppress(ValueError, RuntimeError):
            return [content[span] for span in chunks.spans(content[: chunks.index_bytes(count)], count)]
        return [b""] * count

    def _part(self, number: int) -> str:
        return f"{PARTS}/{self.blocks.name(number)}"

    def _position(self, name: str, number: int) -> tuple[int, ...]:
        """Where a block's chunk of a variable is among its chunks, along each dimension."""
        along = dict(zip(("design", "replicate"), self.blocks.position(number), strict=True))
        return tuple(along.get(dim, 0) for dim in self.manifest.fields[name])

    def _number(self, name: str, position: tuple[int, ...]) -> int:
        """The block whose chunk of a variable is there."""
        along = dict(zip(self.manifest.fields[name], position, strict=True))
        return self.blocks.at(along["design"], along.get("replicate", 0))

    def _shard(self, number: int) -> tuple[int, ...]:
        """Where the shards that hold a block are, along the rows and the replicates."""
        of = self.manifest.shard_blocks
        return tuple(at // size for at, size in zip(self.blocks.position(number), of.values(), strict=True))

    def _entry(self, name: str, number: int) -> Entry:
        """Where in which shard a block's chunk of a variable is."""
        sizes, entry, count = self.manifest.shard_chunks(name), 0, 1
        position = self._position(name, number)
        for at, size in zip(position, sizes, strict=True):
            entry, count = entry * size + at % size, count * size
        return self._key(name, tuple(at // size for at, size in zip(position, sizes, strict=True))), count, entry

    @staticmethod
    def _key(name: str, position: tuple[int, ...]) -> str:
        return f"{name}/" + ".".join(["c", *map(str, position)])


def _by_chunk(numbers: NDArray[Any], size: int) -> dict[int, tuple[NDArray[Any], NDArray[Any]]]:
    """For each chunk along a dimension that has some of these numbers: where they stand among them, where in it."""
    chunk = numbers // size
    places = {int(each): np.flatnonzero(chunk == each) for each in np.unique(chunk)}
    return {each: (where, numbers[where] - each * size) for each, where in places.items()}


def _outer(parts: list[NDArray[Any]]) -> tuple[Any, ...]:
    """An outer index; by slices, several times as fast, where no part has a gap."""
    slices = [slice(int(part[0]), int(part[-1]) + 1) for part in parts]
    whole = all(
        np.array_equal(part, np.arange(each.start, each.stop)) for part, each in zip(parts, slices, strict=True)
    )
    return tuple(slices) if whole else np.ix_(*parts)
