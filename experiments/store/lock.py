"""One writer to a store: a lock file that names the run holding it, free again when that run is dead."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import time
from collections.abc import Iterator
from typing import IO, Any

from experiments.errors import StoreError
from experiments.store.filesystem import Files, LocalFiles, RemoteFiles, writing

LOCK = "ledger/lock"


@contextlib.contextmanager
def locked(files: Files) -> Iterator[None]:
    """While a run writes to a store; raises StoreError when another run does.

    On a local folder the operating system holds the lock and drops it when the process dies, however it
    dies; at a remote address the file is created by one atomic write. The file also says who holds it: a
    dead process of this host is recognised by that, one of another host is not.
    """
    started = time.strftime("%Y-%m-%d %H:%M:%S")
    ours = json.dumps({"host": socket.gethostname(), "pid": os.getpid(), "since": started}).encode()
    file = None
    if isinstance(files, RemoteFiles):
        _create_remote(files, ours)
    else:
        file = _lock_local(files, ours)
    try:
        yield
    finally:
        # A full disk must not hide the error that filled it; a lock left behind is free once we are dead.
        with contextlib.suppress(StoreError, OSError):
            if file:
                with file:
                    file.truncate(0)
            else:
                files.remove(LOCK)


def _lock_local(files: LocalFiles, ours: bytes) -> IO[bytes]:
    path = files.folder / LOCK
    with contextlib.ExitStack() as stack:
        with writing(files.address):
            path.parent.mkdir(parents=True, exist_ok=True)
            file = stack.enter_context(path.open("r+b" if path.exists() else "w+b", buffering=0))
            is_ours = _system_lock(file)
            holder = _read_holder(file.read())
        # With the system's lock ours, whoever of this host wrote the name has died.
        if is_ours is False or (holder and not (is_ours and _is_here(holder)) and not _is_dead(holder)):
            raise _taken(files, holder)
        with writing(files.address):
            file.truncate(0)
            file.seek(0)
            file.write(ours)
        stack.pop_all()
    return file


def _create_remote(files: RemoteFiles, ours: bytes) -> None:
    if files.create(LOCK, ours):
        return
    holder = _read_holder(files.read(LOCK) or b"")
    if not holder or _is_dead(holder):
        files.remove(LOCK)
        if files.create(LOCK, ours):
            return
    raise _taken(files, _read_holder(files.read(LOCK) or b""))


def _taken(files: Files, holder: dict[str, Any]) -> StoreError:
    who = f"process {holder.get('pid', '?')} on {holder.get('host', '?')} since {holder.get('since', '?')}"
    return StoreError(f"{files.address} is being written by {who}; wait, or, if it is dead, delete {LOCK} there")


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
