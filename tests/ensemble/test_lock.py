"""Who may write to a store, and that its files are written whole."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import threading
from pathlib import Path

import pytest

from experiments import StoreError
from experiments.store.filesystem import LocalFiles, files_at
from experiments.store.lock import LOCK, locked


def test_a_lock_is_exclusive_and_free_after_use(tmp_path: Path) -> None:
    files = files_at(tmp_path)
    with (
        locked(files),
        pytest.raises(StoreError, match=f"is being written by process {os.getpid()} on"),
        locked(files),
    ):
        pass
    with locked(files):
        pass


@pytest.mark.parametrize("local", [True, False])
def test_locks_of_the_dead_are_free_and_those_of_other_hosts_hold(tmp_path: Path, local: bool) -> None:
    files = files_at(tmp_path if local else f"memory://lock-{tmp_path.name}")
    dead = 2**22 + 1  # beyond the highest process number
    for content in (json.dumps({"host": socket.gethostname(), "pid": dead}), "", '{"host": "cut o'):
        files.write(LOCK, content.encode())
        with locked(files):
            pass
    files.write(LOCK, json.dumps({"host": "elsewhere", "pid": 1, "since": "noon"}).encode())
    with pytest.raises(StoreError, match="process 1 on elsewhere since noon"), locked(files):
        pass


def test_a_remote_lock_is_one_write_that_only_one_of_many_can_make(tmp_path: Path) -> None:
    address = f"memory://lock-race-{tmp_path.name}"
    gate, got = threading.Barrier(16), []

    def compete() -> None:
        lock = locked(files_at(address))
        gate.wait()
        with contextlib.suppress(StoreError):
            lock.__enter__()
            got.append(lock)

    threads = [threading.Thread(target=compete) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 1
    assert not files_at(address).create(LOCK, b"another"), "the lock is there, and is not written over"  # type: ignore[union-attr]
    got[0].__exit__(None, None, None)
    with locked(files_at(address)):
        pass


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = LocalFiles(tmp_path)
    files.write("a/b", b"before")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(StoreError, match="No space left on device"):
        files.write("a/b", b"after")
    assert files.read("a/b") == b"before" and files.sizes("a") == {"b": 6}
