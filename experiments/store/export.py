"""A store as a flat table, for DuckDB, R or a spreadsheet: Parquet or CSV, written piece by piece."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from experiments.errors import StoreError
from experiments.store.dataset import flat_columns, other_coordinates
from experiments.store.store import Store, StoreProgress

SUFFIXES = (".parquet", ".csv")


def export(store: str | Path, path: str | Path, variables: Sequence[str] | None = None) -> int:
    """Write variables of a store to `path`, which ends in .parquet or .csv; the number of rows written.

    One row per design row and replicate, with the design's columns; variables of one shape go together:
    by default the outcomes, or monthly variables by name, one row per month too. An outcome with dimensions of its own
    has a column for each of their labels that applies, such as deal_worth_ukraine_resources. Parquet is written with
    byte-stream-split, as dictionaries make simulated numbers larger. A warning says how many rows are not computed
    yet, or failed, and so left empty. Raises StoreError.
    """
    source, target = Store(store), Path(path)
    if target.suffix not in SUFFIXES:
        raise StoreError(f"cannot export to {target.name!r}: the name ends in {' or '.join(SUFFIXES)}")
    names = _chosen(source, variables)
    progress = source.sound_progress()
    write = _write_parquet if target.suffix == ".parquet" else _write_csv
    partial = target.with_name(f"{target.name}.partial")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        rows = write(_pieces(source, names), partial)
        partial.replace(target)
    except OSError as error:
        raise StoreError(f"cannot write {target}: {error.strerror or error}") from error
    finally:
        with contextlib.suppress(OSError):
            partial.unlink()
    if progress.caution:
        unknown = _unknown_rows(source, progress, names)
        warnings.warn(f"{unknown:,} of {rows:,} rows in {target} are unknown: {progress.caution}", stacklevel=2)
    return rows


def _unknown_rows(store: Store, progress: StoreProgress, names: list[str]) -> int:
    """How many rows of the table hold nothing, of blocks that are not done and of rows that failed."""
    unknown, blocks = 0, [store.blocks[number] for number in progress.missing]
    regions = [(block.rows, block.replicates) for block in blocks]
    for failure in store.failures():
        rows, replicates = slice(failure["row"], failure["row"] + failure["rows"]), slice(*failure["replicates"])
        first = rows.start // store.blocks.block_rows, replicates.start // store.blocks.block_replicates
        if store.blocks.number("{}.{}".format(*first)) in progress.sound:
            regions.append((rows, replicates))
    for rows, replicates in regions:
        along = {"design": rows, "replicate": replicates}
        holes = [_nowhere_known(store, name, along) for name in names]
        unknown += int(np.logical_and.reduce(holes).sum())
    return unknown


def _nowhere_known(store: Store, name: str, along: Mapping[str, slice]) -> NDArray[np.bool_]:
    """Where in these rows and replicates a variable is NaN for all labels of its own dimensions."""
    dims = store.fields[name]
    numbers = store.read(name, tuple(along.get(dim, slice(None)) for dim in dims))
    own = tuple(number for number, dim in enumerate(dims) if dim in store.manifest.words)
    return np.asarray(np.isnan(numbers).all(axis=own))


def _chosen(store: Store, variables: Sequence[str] | None) -> list[str]:
    fields = store.fields
    if variables is None:
        return [name for name in fields if _row_dims(store, name) == ["design", "replicate"]]
    for name in variables:
        if name not in fields:
            raise StoreError(f"{store.address} has no variable {name!r}; known: {', '.join(fields)}")
    if len({tuple(_row_dims(store, name)) for name in variables}) != 1:
        raise StoreError(f"these do not fit in one table, as their dimensions differ: {', '.join(variables)}")
    return list(variables)


def _row_dims(store: Store, name: str) -> list[str]:
    """The dimensions along which a variable has rows in a table; one whose labels are words gives columns."""
    return [dim for dim in store.fields[name] if dim not in store.manifest.words]


def _pieces(store: Store, names: list[str]) -> Iterator[pd.DataFrame]:
    """The table, one piece per block of rows; the first column counts the design's rows."""
    dims, size = _row_dims(store, names[0]), store.blocks.block_rows
    others = [dim for dim in dims if dim != "design"]
    wanted = {dim for name in names for dim in store.fields[name]}
    labels = {name: labels for name, labels in other_coordinates(store).items() if name in wanted}
    for first in range(0, store.blocks.rows, size):
        rows = slice(first, min(first + size, store.blocks.rows))
        columns = {name: ("design", column) for name, column in store.rows(rows).items()}
        content = {}
        for name in names:
            where = tuple(rows if dim == "design" else slice(None) for dim in store.fields[name])
            content[name] = (store.fields[name], store.read(name, where), dict(store.group[name].attrs))
        numbers = xr.Dataset(content, labels | {"design": np.arange(rows.start, rows.stop)})
        flat = flat_columns(numbers, store.manifest.words)
        piece = flat.assign(columns).to_dataframe(dims).reset_index()
        yield piece[["design", *columns, *others, *map(str, flat.data_vars)]]


def _write_csv(pieces: Iterator[pd.DataFrame], path: Path) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        for piece in pieces:
            piece.to_csv(file, header=count == 0, index=False)
            count += len(piece)
    return count


def _write_parquet(pieces: Iterator[pd.DataFrame], path: Path) -> int:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise StoreError("Parquet needs the package pyarrow: pip install 'subsoil[parquet]'") from None
    count, writer = 0, None
    try:
        for piece in pieces:
            table = pa.Table.from_pandas(piece, preserve_index=False)
            floats = [field.name for field in table.schema if pa.types.is_floating(field.type)]
            words = [field.name for field in table.schema if field.name not in floats]
            if writer is None:
                packing = {"use_dictionary": words, "use_byte_stream_split": floats, "compression": "zstd"}
                writer = pq.ParquetWriter(path, table.schema, coerce_timestamps="ms", **packing)
            writer.write_table(table)
            count += len(piece)
    finally:
        if writer is not None:
            writer.close()
    return count
