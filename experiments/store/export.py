"""A store as a flat table, for DuckDB, R or a spreadsheet: Parquet or CSV, written piece by piece."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from experiments.errors import StoreError
from experiments.store.store import Store

SUFFIXES = (".parquet", ".csv")


def export(store: str | Path, path: str | Path, variables: Sequence[str] | None = None) -> int:
    """Write variables of a store to `path`, which ends in .parquet or .csv; the number of rows written.

    One row per design row and replicate, with the design's columns; variables of one shape go together:
    by default the outcomes, or monthly variables by name, one row per month too. Parquet is written with
    byte-stream-split, as dictionaries make simulated numbers larger. Raises StoreError.
    """
    source, target = Store(store), Path(path)
    if target.suffix not in SUFFIXES:
        raise StoreError(f"cannot export to {target.name!r}: the name ends in {' or '.join(SUFFIXES)}")
    names = _chosen(source, variables)
    if (progress := source.progress()).damaged:
        raise source.damage(progress)
    write = _write_parquet if target.suffix == ".parquet" else _write_csv
    partial = target.with_name(f"{target.name}.partial")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        rows = write(_pieces(source, names), partial)
        partial.replace(target)
    except OSError as error:
        raise StoreError(f"cannot write {target}: {error.strerror or error}") from error
    finally:
        partial.unlink(missing_ok=True)
    return rows


def _chosen(store: Store, variables: Sequence[str] | None) -> list[str]:
    fields = store.fields
    if variables is None:
        return [name for name, field in fields.items() if field.dims == ("design", "replicate")]
    for name in variables:
        if name not in fields:
            raise StoreError(f"{store.address} has no variable {name!r}; known: {', '.join(fields)}")
    if len({fields[name].dims for name in variables}) != 1:
        raise StoreError(f"these do not fit in one table, as their dimensions differ: {', '.join(variables)}")
    return list(variables)


def _pieces(store: Store, names: list[str]) -> Iterator[pd.DataFrame]:
    """The table, one piece per block of rows; the first column counts the design's rows."""
    manifest = store.manifest
    dims = manifest.fields[names[0]].dims
    for start in range(0, manifest.blocks.rows, manifest.blocks.block_rows):
        rows = slice(start, min(start + manifest.blocks.block_rows, manifest.blocks.rows))
        labels = {dim: np.arange(manifest.sizes[dim]) for dim in dims}
        labels |= {dim: values for dim, (values, _) in manifest.coords.items() if dim in dims}
        labels["design"] = np.arange(rows.start, rows.stop)
        index = dict(zip(dims, np.meshgrid(*(labels[dim] for dim in dims), indexing="ij"), strict=True))
        content: dict[str, Any] = {"design": index["design"].ravel()}
        content |= {name: column[content["design"] - rows.start] for name, column in store.rows(rows).items()}
        for dim in dims:
            if dim != "design":
                content[dim] = index[dim].ravel()
        if "month" in content:
            first = np.datetime64(str(store.group["month"].attrs["units"]).removeprefix("days since "))
            content["month"] = first + content["month"].astype("timedelta64[D]")
        where = tuple(rows if dim == "design" else slice(None) for dim in dims)
        for name in names:
            content[name] = store.read(name, where).ravel()
        yield pd.DataFrame(content)


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
                writer = pq.ParquetWriter(
                    path, table.schema, compression="zstd", use_dictionary=words, use_byte_stream_split=floats
                )
            writer.write_table(table)
            count += len(piece)
    finally:
        if writer is not None:
            writer.close()
    return count
