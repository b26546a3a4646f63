"""One writer to a store: a lock file that names the run holding it, free again when that run is dead."""

from __future__ import annotations

import json
import os
import socket
import time
from contextlib import suppress
from types import TracebackType
from typing import IO, Any

from experiments.errors import StoreError
from experiments.store.filesystem import Files, LocalFiles, RemoteFiles, unwritable

LOCK = "ledger/lock"


class Lock:
    """Held while a run writes to a store; raises StoreError when another run holds it.

    On a local folder the operating system holds the lock and drops it when the process dies, however it
    dies; at a remote address the file is created by one atomic write. The file also says who holds it: a
    dead process of this host is recognised by that, one of another host is not.
    """

    def __init__(self, files: Files) -> None:
        self.files = files
        self._file: IO[bytes] | None = None

    def __enter__(self) -> Lock:
        started = time.strftime("%Y-%m-%d %H:%M:%S")
        holder = json.dumps({"host": socket.gethostname(), "pid": os.getpid(), "since": started}).encode()
        if isinstance(self.files, RemoteFiles):
            self._hold_remote(self.files, holder)
            return self
        try:
            self._hold_local(self.files, holder)
        except OSError as error:
            self._close()
            raise unwritable(self.files.address, error) from error
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # A full disk must not hide the error that filled it; a lock left behind is free once we are dead.
        with suppress(StoreError, OSError):
            if self._file:
                self._file.seek(0)
                self._file.truncate()
            else:
                self.files.remove(LOCK)
        self._close()

    def _hold_local(self, files: LocalFiles, ours: bytes) -> None:
        path = files.folder / LOCK
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("r+b" if path.exists() else "w+b")
        is_ours = _system_lock(self._file)
        holder = _read_holder(self._file.read())
        # With the system's lock ours, whoever of this host wrote the name has died.
        if is_ours is False or (holder and not (is_ours and _is_here(holder)) and not _is_dead(holder)):
            raise self._taken(holder)
        self._file.seek(0)
        self._file.truncate()
        self._file.write(ours)
        self._file.flush()

    def _hold_remote(self, files: RemoteFiles, ours: bytes) -> None:
        if files.create(LOCK, ours):
            return
        holder = _read_holder(files.read(LOCK) or b"")
        if not holder or _is_dead(holder):
            files.remove(LOCK)
            if files.create(LOCK, ours):
                return
            holder = _read_holder(files.read(LOCK) or b"")
        raise self._taken(holder)

    def _close(self) -> None:
        if self._file:
            with suppress(OSError):
                self._file.close()
            self._file = None

    def _taken(self, holder: dict[str, Any]) -> StoreError:
        who = f"process {holder.get('pid', '?')} on {holder.get('host', '?')} since {holder.get('since', '?')}"
        return StoreError(
            f"{self.files.address} is being written by {who}; wait, or, if it is dead, delete {LOCK} there"
        )


def _read_holder(content: bytes) -> dict[str, Any]:
    try:
        return dict(json.loads(content)) if content.strip() else {}
    except ValueError:
        return {}  # cut off while it was written: whoever wrote it is gone


def _system_lock(file: IO[bytes]) -> bool | None:
    """Whether the operating system gave us the file's lock; None where it has no such locks."""
    try:
        import fcntl
    except ImportError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _is_here(holder: dict[str, Any]) -> bool:
    return bool(holder.get("host") == socket.gethostname())


def _is_dead(holder: dict[str, Any]) -> bool:
    """Whether the holder was a process of this host that is no more."""
    if not _is_here(holder) or os.name != "posix":  # elsewhere, asking for a process would interrupt it
        return False
    try:
        os.kill(int(holder["pid"]), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass
    return False
