"""The result on disk: one Zarr v3 store, labelled, cut in blocks, resumable; knows no model.

    zarr.json            the manifest, as attributes: which sweep it holds, of which code and data
    <variable>/c.I.J     chunks, one per block, and ledger/parts until the end: see chunk_files
    ledger/done-I.J.json block I.J is complete: its bytes and their checksum, written after its chunks
    ledger/failed-I.J.json rows of that block that failed, or left their range: parameters and traceback
    ledger/begun, ready  the store is to be made here; its arrays and coordinates are all declared
    ledger/lock, log     who is writing, and which block was begun and done when (local folders)

A block without a mark, or whose files do not agree with it, is computed again.
"""

from __future__ import annotations

import contextlib
import functools
import json
import time
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.errors import StoreError
from experiments.store import chunk_encoding as chunks
from experiments.store.block_partition import Block
from experiments.store.chunk_files import ChunkFiles
from experiments.store.filesystem import Files, LocalFiles, files_at
from experiments.store.manifest import Manifest

CHECK_CONTENT_BELOW = 256 * 2**20
"""Stores up to this many bytes are read whole when a run resumes; of larger ones only the sizes are."""


@dataclass(frozen=True)
class StoreProgress:
    """How far a store is: numbers of blocks in all, done, and sound, and how many rows failed.

    A block is `done` when it has a mark, and `sound` when its files agree with it.
    """

    blocks: int
    done: frozenset[int]
    sound: frozenset[int]
    rows_failed: int
    lost_coordinates: tuple[str, ...] = ()

    @property
    def missing(self) -> list[int]:
        """The blocks that are not sound, and so to be computed."""
        return [number for number in range(self.blocks) if number not in self.sound]

    @property
    def damaged(self) -> list[int]:
        """The blocks that are done but not sound."""
        return sorted(self.done - self.sound)

    @property
    def complete(self) -> bool:
        """Whether every block is sound, and every coordinate."""
        return not self.missing and not self.lost_coordinates

    @property
    def caution(self) -> str:
        """What whoever reads the store has to know, in a line; empty where nothing is unknown."""
        done = f"{len(self.sound):,} of {self.blocks:,} blocks are done; the same sweep goes on with the rest"
        failed = f"{self.rows_failed:,} row{'s' * (self.rows_failed != 1)} failed; subsoil info --failures says why"
        said = "; ".join([done] * (not self.complete) + [failed] * bool(self.rows_failed))
        return f"{said}; what is not known is NaN" if said else ""


class Store:
    """An existing store: its manifest, and which of its blocks are done. Raises StoreError if it is none."""

    def __init__(self, address: str | Path) -> None:
        self.files: Files = files_at(address)
        self.address = self.files.address
        self.attributes = read_attributes(self.files) or {}
        if "subsoil" not in self.attributes:
            raise StoreError(f"{self.address} is not a store of results")
        self.manifest = Manifest.read(self.attributes, self.address)
        self.blocks, self.fields = self.manifest.blocks, self.manifest.fields

    @functools.cached_property
    def group(self) -> Any:
        """The Zarr group, for reading."""
        import zarr

        return zarr.open_group(self.address, mode="r", zarr_format=3)

    @functools.cached_property
    def chunk_files(self) -> ChunkFiles:
        """Where the chunks are; looked up again by `progress`, and where a run has moved one since."""
        return ChunkFiles(self.files, self.manifest)

    def read(self, name: str, index: Any = slice(None)) -> NDArray[Any]:
        """A variable or coordinate at an outer index; raises StoreError when what is there is damaged."""
        outer = index if isinstance(index, tuple) else (index,)
        try:
            if name not in self.fields:
                return np.asarray(self.group[name].oindex[index])
            with contextlib.suppress(ValueError, RuntimeError):
                return self.chunk_files.read(name, outer)
            self.chunk_files = ChunkFiles(self.files, self.manifest)
            return self.chunk_files.read(name, outer)
        except (ValueError, RuntimeError) as error:
            raise self.damage(self.progress(content=True)) from error

    def sound_progress(self) -> StoreProgress:
        """How far the store is, for a reader; raises StoreError where something of it is damaged or lost.

        Of a small local store the content is checked, of others the sizes of the files.
        """
        progress = self.progress(content=isinstance(self.files, LocalFiles))
        if progress.damaged or progress.lost_coordinates:
            raise self.damage(progress)
        return progress

    def damage(self, progress: StoreProgress) -> StoreError:
        """The one line that says which block or coordinate is damaged, and what mends it."""
        lost = [f"coordinate {name}" for name in progress.lost_coordinates]
        lost += [f"block {number}" for number in progress.damaged] or ["a block"] * (not lost)
        others = f" (and {len(lost) - 1} more)" if len(lost) > 1 else ""
        return StoreError(f"{lost[0]}{others} of {self.address} is damaged or lost; the same sweep mends it")

    def rows(self, rows: slice) -> dict[str, NDArray[Any]]:
        """The parameters and labels of some rows of the design."""
        return {name: self.manifest.decode(name, self.read(name, rows)) for name in self.manifest.columns}

    def write_block(self, block: Block, values: Mapping[str, NDArray[Any]]) -> dict[str, Any]:
        """Put a block's chunks in place; its bytes and checksum, for `mark`. Raises StoreError."""
        for cut, size, whole in (
            (block.rows, self.blocks.block_rows, self.blocks.rows),
            (block.replicates, self.blocks.block_replicates, self.blocks.replicates),
        ):
            # Two blocks in one chunk would overwrite each other without a word.
            assert cut.start % size == 0 and cut.stop in (cut.start + size, whole), "a block must be a chunk"
        if values.keys() != self.fields.keys():
            raise ValueError(f"block of other variables: {sorted(values.keys() ^ self.fields.keys())}")
        contents = {name: chunks.encode(values[name], self.manifest.chunk_shape(name)) for name in self.fields}
        self.chunk_files.write(block.number, contents)
        checksum = functools.reduce(lambda checksum, content: zlib.crc32(content, checksum), contents.values(), 0)
        return {"bytes": sum(map(len, contents.values())), "crc32": checksum}

    def pack(self) -> None:
        """Gather the chunks of many blocks in one file for each variable; the last thing that a run does."""
        ChunkFiles(self.files, self.manifest).pack(self.marks())

    def mark(self, block: Block, facts: Mapping[str, Any]) -> None:
        """Say that a block is done; the last thing written of it."""
        self.files.write(f"ledger/done-{self.blocks.name(block.number)}.json", json.dumps(dict(facts)).encode())

    def keep_failures(self, block: Block, failures: list[dict[str, Any]]) -> None:
        """Keep which rows of a block failed, and forget those of an earlier try."""
        key = f"ledger/failed-{self.blocks.name(block.number)}.json"
        if failures:
            self.files.write(key, json.dumps(failures).encode())
        else:
            self.files.remove(key)

    def log(self, event: str, block: Block, **facts: Any) -> None:
        """Add a line to the log of blocks begun and done."""
        line = {"event": event, "block": block.number, "time": round(time.time(), 3)} | facts
        self.files.append("ledger/log", json.dumps(line))

    def marks(self) -> dict[int, dict[str, Any]]:
        """What the marks of the blocks that are done say; nothing where one cannot be read."""
        return self._ledger("done", {})

    def failures(self) -> list[dict[str, Any]]:
        """The rows that could not be computed: row, replicates, parameters, error and traceback."""
        return [failure for part in self._ledger("failed", []).values() for failure in part]

    def _ledger(self, kind: str, empty: Any) -> dict[int, Any]:
        """The content of the ledger's files of a kind by number of the block; `empty` where it cannot be read."""
        contents: dict[int, Any] = {}
        for name in self.files.sizes("ledger"):
            word, _, block = name.removesuffix(".json").partition("-")
            if word == kind and (number := self.blocks.number(block)) is not None:
                contents[number] = empty
                with contextlib.suppress(ValueError):
                    content = json.loads(self.files.read(f"ledger/{name}") or b"null")
                    contents[number] = content if isinstance(content, type(empty)) else empty
        return dict(sorted(contents.items()))

    def progress(self, content: bool = False) -> StoreProgress:
        """How far the store is, by the sizes of its files and, with `content`, by their checksums.

        Checksums are left out of stores of CHECK_CONTENT_BELOW bytes or more.
        """
        marks = self.marks()
        content &= sum(mark.get("bytes", 0) for mark in marks.values()) < CHECK_CONTENT_BELOW
        self.chunk_files = ChunkFiles(self.files, self.manifest)
        sound = frozenset(number for number, mark in marks.items() if self._agrees(number, mark, content))
        failed = sum(failure["rows"] for failure in self.failures())
        lost = tuple(name for name, checksum in self.manifest.checksums.items() if self.checksum(name) != checksum)
        return StoreProgress(len(self.blocks), frozenset(marks), sound, failed, lost)

    def checksum(self, name: str) -> int:
        """The checksum of the files of a column or coordinate."""
        contents = (self.files.read(f"{name}/{file}") for file in sorted(self.files.sizes(name)))
        return functools.reduce(lambda checksum, content: zlib.crc32(content or b"", checksum), contents, 0)

    def _agrees(self, number: int, mark: Mapping[str, Any], content: bool) -> bool:
        if not content:
            return bool(sum(self.chunk_files.size(name, number) for name in self.fields) == mark.get("bytes"))
        total = checksum = 0
        with contextlib.suppress(ValueError, RuntimeError):
            for name in self.fields:
                chunk = self.chunk_files.content(name, number)
                total, checksum = total + len(chunk), zlib.crc32(chunk, checksum)
            return bool((total, checksum) == (mark.get("bytes"), mark.get("crc32")))
        return False

    def forget(self, numbers: Iterable[int]) -> None:
        """Take back the marks of blocks, so that they are computed again."""
        for number in numbers:
            self.files.remove(f"ledger/done-{self.blocks.name(number)}.json")
            self.chunk_files.remove_part(number)

    def say_complete(self, is_complete: bool) -> None:
        """Say in the attributes whether every block is done, for those who open the store with xarray."""
        if self.attributes.get("complete") != is_complete:
            self.attributes["complete"] = is_complete
            self.rewrite_root(attributes=self.attributes)

    def rewrite_root(self, **changed: Any) -> None:
        """Change parts of the root's metadata, in one write."""
        root = json.loads(self.files.read("zarr.json") or b"{}")
        self.files.write("zarr.json", json.dumps(root | changed, indent=1).encode())


def read_attributes(files: Files) -> dict[str, Any] | None:
    """The attributes of the Zarr group there; None when there is none, StoreError when it is unreadable."""
    content = files.read("zarr.json")
    if content is None:
        return None
    try:
        return dict(json.loads(content)["attributes"])
    except (ValueError, KeyError, TypeError):
        raise StoreError(f"{files.address} is not a store of results") from None
