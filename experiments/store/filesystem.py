"""Small files by name, in a local folder or on any fsspec address; a file is written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from experiments.errors import StoreError


@contextlib.contextmanager
def writing(address: str) -> Iterator[None]:
    """Where an OSError becomes the StoreError that says why this place cannot be written, and that nothing is lost."""
    try:
        yield
    except OSError as error:
        kept = "what is finished is kept, the same call goes on with the rest"
        raise StoreError(f"cannot write {address}: {error.strerror or error}; {kept}") from error


class LocalFiles:
    """A folder of this machine, or mounted on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.address = str(self.folder)

    def read(self, key: str, span: slice = slice(0, None)) -> bytes | None:
        """The content of a file, or these bytes of it; None when there is none."""
        try:
            with (self.folder / key).open("rb", buffering=0) as file:
                file.seek(span.start)
                return file.read() if span.stop is None else file.read(span.stop - span.start)
        except (FileNotFoundError, NotADirectoryError):
            return None

    def write(self, key: str, content: bytes) -> None:
        """Put a file in place, whole; raises StoreError when there is no room or no permission."""
        target = self.folder / key
        partial = target.with_name(f"{target.name}.{uuid.uuid4().hex[:8]}.partial")
        with writing(self.address):
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                partial.write_bytes(content)
                partial.replace(target)
            except OSError:
                partial.unlink(missing_ok=True)
                raise

    def remove(self, key: str) -> None:
        """Delete a file, if it is there."""
        (self.folder / key).unlink(missing_ok=True)

    def sizes(self, folder: str) -> dict[str, int]:
        """Name -> bytes of the files straight in a folder."""
        try:
            with os.scandir(self.folder / folder) as entries:
                return {entry.name: entry.stat().st_size for entry in entries if entry.is_file()}
        except (FileNotFoundError, NotADirectoryError):
            return {}

    def entries(self) -> list[str]:
        """Names of the files and folders at the top; a file in the folder's place counts as one."""
        if not self.folder.is_dir():
            return [self.folder.name] if self.folder.exists() else []
        return os.listdir(self.folder)

    def clear(self, keep: str) -> None:
        """Delete everything but one entry at the top."""
        for name in set(self.entries()) - {keep}:
            path = self.folder / name
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)

    def append(self, key: str, line: str) -> None:
        """Add a line to a file; one short write, so the lines of several workers do not mix."""
        with writing(self.address), (self.folder / key).open("ab", buffering=0) as log:
            log.write(line.encode() + b"\n")

    def remove_partial(self) -> None:
        """Delete what interrupted writes left."""
        for path in self.folder.rglob("*.partial"):
            path.unlink(missing_ok=True)


class RemoteFiles:
    """Any address that fsspec knows, such as s3://bucket/results.zarr; one upload puts a whole file."""

    def __init__(self, address: str) -> None:
        try:
            from fsspec.core import url_to_fs
        except ImportError:
            raise StoreError(f"{address}: addresses need the package fsspec (pip install fsspec)") from None
        self.address = address.rstrip("/")
        self.system: Any
        try:
            self.system, self.root = url_to_fs(self.address)
        except (ValueError, ImportError) as error:  # an unknown kind of address, or a package it needs
            raise StoreError(f"{address}: {error}") from None

    def read(self, key: str, span: slice = slice(0, None)) -> bytes | None:
        """The content of a file, or these bytes of it; None when there is none."""
        try:
            return bytes(self.system.cat_file(f"{self.root}/{key}", start=span.start, end=span.stop))
        except FileNotFoundError:
            return None

    def write(self, key: str, content: bytes, **mode: str) -> None:
        """Put a file in place, whole; raises StoreError when there is no room or no permission."""
        with writing(self.address):
            self.system.makedirs(f"{self.root}/{key}".rpartition("/")[0], exist_ok=True)
            self.system.pipe_file(f"{self.root}/{key}", content, **mode)

    def create(self, key: str, content: bytes) -> bool:
        """Put a file in place by one atomic write, unless there is one; whether it is ours."""
        try:
            self.write(key, content, mode="create")
        except StoreError as error:
            if isinstance(error.__cause__, FileExistsError):
                return False
            raise
        return True

    def remove(self, key: str) -> None:
        """Delete a file, if it is there."""
        with contextlib.suppress(FileNotFoundError):
            self.system.rm_file(f"{self.root}/{key}")

    def _listing(self, folder: str) -> list[dict[str, Any]]:
        self.system.invalidate_cache()
        try:
            items = self.system.ls(f"{self.root}/{folder}".rstrip("/"), detail=True)
        except (FileNotFoundError, NotADirectoryError):
            return []
        return [item | {"name": item["name"].rstrip("/").rpartition("/")[2]} for item in items]

    def sizes(self, folder: str) -> dict[str, int]:
        """Name -> bytes of the files straight in a folder."""
        return {item["name"]: int(item["size"]) for item in self._listing(folder) if item["type"] == "file"}

    def entries(self) -> list[str]:
        """Names of the files and folders at the top."""
        return [item["name"] for item in self._listing("")]

    def clear(self, keep: str) -> None:
        """Delete everything but one entry at the top."""
        for name in set(self.entries()) - {keep}:
            self.system.rm(f"{self.root}/{name}", recursive=True)

    def append(self, key: str, line: str) -> None:
        """Nothing: object stores cannot add to a file, and the log is only kept where it is free."""

    def remove_partial(self) -> None:
        """Nothing to delete: an upload that was cut off leaves no file."""


Files = LocalFiles | RemoteFiles
"""A folder of files named by slash-separated keys; both kinds have the same methods."""


def files_at(address: str | Path) -> Files:
    """The files at a local path or an fsspec address."""
    text = str(address)
    if text.startswith("file://"):
        return LocalFiles(Path(text.removeprefix("file://")))
    return RemoteFiles(text) if "://" in text else LocalFiles(Path(text).expanduser())
