"""What a store says of itself: the experiment it holds, its variables, and how it is cut in blocks."""

from __future__ import annotations

import functools
import math
import operator
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.errors import StoreError
from experiments.store.block_partition import Blocks

FORMAT = "subsoil results 5"
SHARDED_BELOW = 2**20
"""Bytes from which on a variable's chunk, before it is compressed, has a file of its own: monthly paths mostly."""
SHARD_BLOCKS, SHARD_BYTES = 64, 256 * 2**20
"""Most blocks whose chunks share a file, and most bytes of all variables that are put in such files together.

A store is laid out by these three: another value is another FORMAT.
"""


@dataclass(frozen=True)
class Manifest:
    """What a store holds. `identity` must agree for a run to go on with it; `about` is for the reader.

    `fields` gives the dimensions of the variables, of which "design" and "replicate" are cut in `blocks`; `grid` the
    dimensions into which "design" unfolds, `columns` the design's columns, `coords` the dimensions and values of the
    other coordinates, `words` the words of those of both that are not numbers, `checksums` those of the files of both,
    and `labels`, as long as the store is not made, the attributes of all of them.
    """

    identity: Mapping[str, Any]
    about: Mapping[str, Any]
    blocks: Blocks
    grid: Mapping[str, int]
    fields: Mapping[str, Sequence[str]]
    columns: Sequence[str]
    words: Mapping[str, list[str]] = field(default_factory=dict)
    coords: Mapping[str, tuple[list[str], list[Any]]] = field(default_factory=dict)
    checksums: Mapping[str, int] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def sizes(self) -> dict[str, int]:
        """Name -> size of every dimension on disk."""
        others = {name: len(values) for name, (dims, values) in self.coords.items() if dims == [name]}
        return others | {"design": self.blocks.rows, "replicate": self.blocks.replicates}

    def shape(self, name: str) -> tuple[int, ...]:
        """The shape of a variable on disk."""
        return tuple(self.sizes[dim] for dim in self.fields[name])

    def chunk_shape(self, name: str) -> tuple[int, ...]:
        """The shape of a variable's chunk, which is that of a block."""
        along = {"design": self.blocks.block_rows, "replicate": self.blocks.block_replicates}
        return tuple(along.get(dim, self.sizes[dim]) for dim in self.fields[name])

    @functools.cached_property
    def sharded(self) -> list[str]:
        """The variables of which the chunks of many blocks share a file, as each of them is small."""
        return [name for name in self.fields if self._chunk_bytes(name) < SHARDED_BELOW]

    @functools.cached_property
    def shard_blocks(self) -> dict[str, int]:
        """How many blocks a shard holds along the rows and the replicates; more replicates do not change it."""
        together = sum(map(self._chunk_bytes, self.sharded))
        most = max(1, min(SHARD_BLOCKS, SHARD_BYTES // max(1, together)))
        rows = min(most, -(-self.blocks.rows // self.blocks.block_rows))
        return {"design": rows, "replicate": most // rows}

    def shard_chunks(self, name: str) -> tuple[int, ...]:
        """How many chunks a shard of a variable holds along each of its dimensions."""
        return tuple(self.shard_blocks.get(dim, 1) for dim in self.fields[name])

    def shard_shape(self, name: str) -> tuple[int, ...] | None:
        """The shape of a variable's shards; None where each of its chunks has a file of its own."""
        if name not in self.sharded:
            return None
        return tuple(map(operator.mul, self.chunk_shape(name), self.shard_chunks(name)))

    def _chunk_bytes(self, name: str) -> int:
        return 4 * math.prod(self.chunk_shape(name))

    def encode(self, name: str, values: NDArray[Any]) -> NDArray[Any]:
        """Whole numbers for a column or coordinate of words; others as they are."""
        if name in self.words:
            words = np.array(self.words[name])
            order = np.argsort(words)
            return order[np.searchsorted(words[order], values)].astype(np.int32)
        return values

    def decode(self, name: str, codes: NDArray[Any]) -> NDArray[Any]:
        """The words for the numbers under which they are kept; what is not of words as it is."""
        return np.array(self.words[name])[codes] if name in self.words else codes

    def attributes(self) -> dict[str, Any]:
        """The attributes of the Zarr group: what a reader wants to know, and all this class needs."""
        own = asdict(self)
        del own["labels"]
        return own.pop("about") | {"complete": False, "subsoil": {"format": FORMAT} | own}

    @staticmethod
    def read(attributes: Mapping[str, Any], address: str) -> Manifest:
        """The manifest in the attributes of a store; StoreError when it is of another format."""
        about = dict(attributes)
        own = dict(about.pop("subsoil"))
        if (kind := own.pop("format", None)) != FORMAT:
            raise StoreError(f"{address} has the format {kind!r}; this version reads {FORMAT!r}: sweep again")
        return Manifest(about=about, blocks=Blocks(**own.pop("blocks")), **own)

    def with_replicates(self, replicates: int) -> Manifest:
        """The same with more replicates, in blocks of the same size; what blocks hold stays what it is."""
        changed = {"replicates": replicates}
        return replace(
            self,
            identity={**self.identity, **changed},
            about={**self.about, **changed},
            blocks=replace(self.blocks, **changed),
        )

    def compare(self, wanted: Mapping[str, Any], address: str) -> None:
        """Raise StoreError, naming what differs, unless this is the experiment that is wanted, or the first part of it.

        More replicates are added to those that are there, unless they are kept as quantiles over all of them.
        """
        for name in {**wanted, **self.identity}:
            there, here = self.identity.get(name), wanted.get(name)
            grows = name == "replicates" and here > there and self.identity["record"] != "summaries"  # type: ignore[operator]
            if there == here or grows:
                continue
            what = name.replace("_", " ")
            if isinstance(there, dict) and isinstance(here, dict):
                what = next(key for key in {**here, **there} if there.get(key) != here.get(key))
                there, here = there.get(what), here.get(what)
            raise another(address, f"{what} is {there} there and {here} here")


def another(address: str, differs: str) -> StoreError:
    """The one line that says why a sweep cannot go on in a store."""
    return StoreError(f"{address} holds another experiment: {differs}; choose another store, or delete that one")
