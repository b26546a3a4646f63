"""One block of one variable as the bytes of a Zarr chunk, many chunks in one file, and how such an array is declared.

A block is exactly one chunk of every array, so it is encoded here: six times faster than through Zarr's own
writer, and the bytes are known, so that their checksum can be kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numcodecs import Blosc
from numcodecs.checksum32 import CRC32C
from numpy.typing import NDArray

COMPRESSOR: Final = "lz4"
LEVEL = 9
"""Three times as quick as zstd at level 3 on monthly paths, which it leaves 2 % larger (outcomes 10 %)."""
_BLOSC = Blosc(cname=COMPRESSOR, clevel=LEVEL, shuffle=Blosc.BITSHUFFLE)
_CHECK = CRC32C(location="end")


NO_CHUNK: Final = 2**64 - 1
"""Where in the index of a shard there is no chunk."""


def declared(shard: tuple[int, ...] | None = None) -> dict[str, Any]:
    """The arguments of zarr.create_array that match `encode` and, with the shape of a `shard`, `join`."""
    from zarr.codecs import BloscCodec, Crc32cCodec

    blosc = BloscCodec(typesize=4, cname=COMPRESSOR, clevel=LEVEL, shuffle="bitshuffle")
    return {
        "dtype": "float32",
        "fill_value": float("nan"),
        "compressors": [blosc, Crc32cCodec()],
        "shards": shard and {"shape": shard, "index_location": "start"},
        # All chunks of a variable in one folder: a folder per chunk would cost as much as the chunk.
        "chunk_key_encoding": {"name": "default", "separator": "."},
    }


def encode(values: NDArray[Any], shape: tuple[int, ...]) -> bytes:
    """The chunk of this shape that holds `values` at its start; the rest of an edge chunk is NaN."""
    chunk = values
    if values.shape != shape:
        chunk = np.full(shape, np.nan, dtype=np.float32)
        chunk[tuple(slice(0, size) for size in values.shape)] = values
    plain = np.ascontiguousarray(chunk, dtype="<f4")
    return bytes(_CHECK.encode(_BLOSC.encode(plain)))


def decode(content: bytes, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """The numbers of a chunk of this shape; raises ValueError or RuntimeError when it is damaged."""
    return np.frombuffer(_BLOSC.decode(_CHECK.decode(content)), dtype="<f4").reshape(shape)


def join(contents: Sequence[bytes]) -> bytes:
    """Chunks as one file, a shard of Zarr's `sharding_indexed`: where each begins and its length, a checksum, and they.

    No bytes stand for a chunk that is not there.
    """
    sizes = np.array([len(content) for content in contents], dtype="<u8")
    starts = index_bytes(len(contents)) + np.cumsum(sizes) - sizes
    index = np.where(sizes[:, None] > 0, np.stack([starts, sizes], axis=1), np.uint64(NO_CHUNK)).astype("<u8")
    return b"".join([bytes(_CHECK.encode(index)), *contents])


def index_bytes(count: int) -> int:
    """Length of the index at the start of a shard of so many chunks."""
    return 16 * count + 4


def spans(index: bytes, count: int) -> list[slice]:
    """Which bytes of a shard each chunk is, none where there is none; ValueError or RuntimeError when damaged."""
    table = np.frombuffer(_CHECK.decode(index), dtype="<u8").reshape(count, 2).tolist()
    return [slice(0, 0) if start == NO_CHUNK else slice(start, start + size) for start, size in table]
