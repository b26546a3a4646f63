"""What a store says of itself: the experiment it holds, its variables, and how it is cut in blocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.errors import StoreError
from experiments.store.block_partition import Blocks

FORMAT = "subsoil results 1"


@dataclass(frozen=True)
class Field:
    """One variable of the results: its dimensions, of which "design" and "replicate" are cut in blocks."""

    dims: tuple[str, ...]
    attrs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Manifest:
    """What a store holds. `identity` must agree for a run to go on with it; `about` is for the reader.

    `grid` gives the dimensions into which "design" unfolds, `columns` the attributes of the design's
    columns, `words` the words of those that are not numbers, sorted, and `coords` the values of the other
    coordinates and, as long as the store is not made, their attributes.
    """

    identity: Mapping[str, Any]
    about: Mapping[str, Any]
    blocks: Blocks
    grid: Mapping[str, int]
    fields: Mapping[str, Field]
    columns: Mapping[str, Mapping[str, Any]]
    words: Mapping[str, list[str]] = field(default_factory=dict)
    coords: Mapping[str, tuple[NDArray[Any], Mapping[str, Any]]] = field(default_factory=dict)

    @property
    def sizes(self) -> dict[str, int]:
        """Name -> size of every dimension on disk."""
        others = {name: len(values) for name, (values, _) in self.coords.items()}
        return others | {"design": self.blocks.rows, "replicate": self.blocks.replicates}

    def shape(self, name: str) -> tuple[int, ...]:
        """The shape of a variable on disk."""
        return tuple(self.sizes[dim] for dim in self.fields[name].dims)

    def chunk_shape(self, name: str) -> tuple[int, ...]:
        """The shape of a variable's chunk, which is that of a block."""
        along = {"design": self.blocks.block_rows, "replicate": self.blocks.block_replicates}
        return tuple(along.get(dim, self.sizes[dim]) for dim in self.fields[name].dims)

    def encode(self, name: str, values: NDArray[Any]) -> NDArray[Any]:
        """Whole numbers for a column of words; other columns as they are."""
        if name in self.words:
            return np.searchsorted(np.array(self.words[name]), values).astype(np.int32)
        return values

    def decode(self, name: str, codes: NDArray[Any]) -> NDArray[Any]:
        """The words for the numbers under which they are kept; other columns as they are."""
        return np.array(self.words[name])[codes] if name in self.words else codes

    def attributes(self) -> dict[str, Any]:
        """The attributes of the Zarr group: what a reader wants to know, and all this class needs."""
        own = {
            "format": FORMAT,
            "identity": dict(self.identity),
            "blocks": asdict(self.blocks),
            "grid": [[name, size] for name, size in self.grid.items()],
            "fields": {name: list(each.dims) for name, each in self.fields.items()},
            "columns": list(self.columns),
            "words": dict(self.words),
            "coords": {name: values.tolist() for name, (values, _) in self.coords.items()},
        }
        return dict(self.about) | {"complete": False, "subsoil": own}

    @staticmethod
    def read(attributes: Mapping[str, Any], address: str) -> Manifest:
        """The manifest in the attributes of a store; StoreError when it is of another format."""
        own = attributes["subsoil"]
        if own.get("format") != FORMAT:
            raise StoreError(f"{address} has the format {own.get('format')!r}; this version reads {FORMAT!r}")
        return Manifest(
            identity=own["identity"],
            about={name: value for name, value in attributes.items() if name != "subsoil"},
            blocks=Blocks(**own["blocks"]),
            grid={name: size for name, size in own["grid"]},
            fields={name: Field(tuple(dims)) for name, dims in own["fields"].items()},
            columns={name: {} for name in own["columns"]},
            words=own["words"],
            coords={name: (np.array(values), {}) for name, values in own["coords"].items()},
        )

    def compare(self, wanted: Mapping[str, Any], address: str) -> None:
        """Raise StoreError, naming what differs, unless this is the experiment that is wanted."""
        for name in {**wanted, **self.identity}:
            there, here = self.identity.get(name), wanted.get(name)
            if there == here:
                continue
            what = name.replace("_", " ")
            if isinstance(there, dict) and isinstance(here, dict):
                what = next(key for key in {**here, **there} if there.get(key) != here.get(key))
                there, here = there.get(what), here.get(what)
            raise StoreError(
                f"{address} holds another experiment: {what} is {there} there and {here} here; "
                "choose another store, or delete that one"
            )
