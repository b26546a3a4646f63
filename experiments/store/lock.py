"""One writer to a store: a lock file that names the run holding it, free again when that run is dead."""

from __future__ import annotations

import json
import os
import socket
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from experiments.errors import StoreError
from experiments.store.filesystem import Files, LocalFiles, unwritable

LOCK = "ledger/lock"


class Lock:
    """Held while a run writes to a store; raises StoreError when another run holds it.

    On a local folder the operating system holds the lock and drops it when the process dies, however it
    dies. The file also says who it is, for other hosts that share the folder and for remote addresses; a
    dead process of this host is recognised there, one of another host is not.
    """

    def __init__(self, files: Files) -> None:
        self.files = files
        self._open: IO[bytes] | None = None
        self._system: bool | None = None

    def __enter__(self) -> Lock:
        if isinstance(self.files, LocalFiles):
            self._hold(self.files.folder / LOCK)
        holder = self._holder()
        if holder and not self._is_dead(holder):
            self._drop()
            raise self._taken(holder)
        started = time.strftime("%Y-%m-%d %H:%M:%S")
        try:
            self._say({"host": socket.gethostname(), "pid": os.getpid(), "since": started})
        except BaseException:
            self._drop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # A full disk must not hide the error that filled it; a lock left behind is free once we are dead.
        with suppress(StoreError, OSError):
            self._say(None)
        self._drop()

    def _hold(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._open = path.open("r+b" if path.exists() else "w+b")
        except OSError as error:
            raise unwritable(self.files.address, error) from error
        self._system = _lock_file(self._open)
        if self._system is False:
            holder = self._holder()
            self._drop()
            raise self._taken(holder)

    def _holder(self) -> dict[str, Any]:
        if self._open:
            self._open.seek(0)
            content = self._open.read()
        else:
            content = self.files.read(LOCK) or b""
        try:
            return dict(json.loads(content)) if content.strip() else {}
        except ValueError:
            return {}  # cut off while it was written: whoever wrote it is gone

    def _say(self, holder: dict[str, Any] | None) -> None:
        if not self._open:
            if holder:
                self.files.write(LOCK, json.dumps(holder).encode())
            else:
                self.files.remove(LOCK)
            return
        try:
            self._open.seek(0)
            self._open.truncate()
            self._open.write(json.dumps(holder).encode() if holder else b"")
            self._open.flush()
        except OSError as error:
            raise unwritable(self.files.address, error) from error

    def _drop(self) -> None:
        if self._open:
            with suppress(OSError):
                self._open.close()
            self._open = None

    def _is_dead(self, holder: dict[str, Any]) -> bool:
        if holder.get("host") != socket.gethostname():
            return False
        # The system's lock is ours, so whoever wrote the name has died; elsewhere ask for the process.
        return bool(self._system) or not _is_alive(int(holder["pid"]))

    def _taken(self, holder: dict[str, Any]) -> StoreError:
        who = f"process {holder.get('pid', '?')} on {holder.get('host', '?')} since {holder.get('since', '?')}"
        return StoreError(
            f"{self.files.address} is being written by {who}; wait, or, if it is dead, delete {LOCK} there"
        )


def _lock_file(file: IO[bytes]) -> bool | None:
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


def _is_alive(pid: int) -> bool:
    if os.name != "posix":
        return True  # asking would interrupt it
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
