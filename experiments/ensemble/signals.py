"""Signals that stop a run, where they would do harm: kept from what is started, or handled a moment later."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from typing import Any

STOPPING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
"""Ctrl-C, the word of a scheduler or of `timeout`, and a terminal that is closed."""


def stop_alike() -> None:
    """Let every signal that stops a program do what Ctrl-C does, but those that this process was told to ignore."""
    for each in STOPPING:
        if signal.getsignal(each) is signal.SIG_DFL:
            signal.signal(each, signal.default_int_handler)


@contextlib.contextmanager
def held_back() -> Iterator[None]:
    """What must not be cut in two, such as a store in the making: these signals are handled once it is done.

    Elsewhere than in the main thread, where Python handles no signal, this does nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {each: handler for each in STOPPING if callable(handler := signal.getsignal(each))}
    received: list[Any] = []
    for each in before:
        signal.signal(each, lambda *what: received.append(what))
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
        if received:
            before[received[0][0]](*received[0])


@contextlib.contextmanager
def blocked() -> Iterator[None]:
    """What starts here never receives these signals, not even while it imports; this process does so afterwards."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
