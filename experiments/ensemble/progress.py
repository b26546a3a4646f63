"""A bar with the rate and the time left, in the terminal and in notebooks; nothing for a run of a moment."""

from __future__ import annotations

import importlib
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any

SHOW_AFTER = 0.7
"""Seconds before the bar appears."""
REFRESH = 0.2
"""Seconds between two lines in a notebook."""

Listener = Callable[[int, int], None]
"""Called with the worlds done and the worlds in all."""


class Bar:
    """Counts worlds. `show` is True, False, or a function called with (worlds done, worlds in all)."""

    def __init__(self, total: int, done: int, show: bool | Listener) -> None:
        self.total, self.first, self.done = total, done, done
        self.started = time.monotonic()
        self._listener = show if callable(show) else None
        self._display: _Terminal | _Notebook | None = None
        self._timer = threading.Timer(SHOW_AFTER, self._appear) if show is True else None

    def __str__(self) -> str:
        rate = (self.done - self.first) / max(time.monotonic() - self.started, 1e-9)
        left = f", {rate:,.0f} worlds/s, {(self.total - self.done) / rate:,.0f} s left" if rate else ""
        return f"{self.done:,} of {self.total:,} worlds{left}"

    def __enter__(self) -> Bar:
        if self._timer:
            self._timer.daemon = True
            self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer.join()
        if self._display:
            self._display.end(str(self))

    def _appear(self) -> None:
        from rich.console import Console

        console = Console(stderr=True)
        if console.is_jupyter:
            self._display = _Notebook(str(self))
        elif console.is_terminal:
            self._display = _Terminal(console, self.total)

    def advance(self, worlds: int) -> None:
        """Count worlds as done."""
        self.done += worlds
        if self._display:
            self._display.show(self.done, str(self))
        if self._listener:
            self._listener(self.done, self.total)


class _Terminal:
    """Rich's bar, on standard error."""

    def __init__(self, console: Any, total: int) -> None:
        from rich.progress import BarColumn, Progress, TextColumn

        self._bar = Progress(BarColumn(), TextColumn("{task.description}"), console=console)
        self._task = self._bar.add_task("", total=total)
        self._bar.start()

    def show(self, done: int, text: str) -> None:
        """Move the bar."""
        self._bar.update(self._task, completed=done, description=text)

    def end(self, text: str) -> None:
        """Leave the bar as it is."""
        self._bar.update(self._task, description=text)
        self._bar.stop()


class _Notebook:
    """A line of text that a notebook replaces; Rich's bar would need ipywidgets there."""

    def __init__(self, text: str) -> None:
        self.shown = time.monotonic()
        self._handle: Any = importlib.import_module("IPython.display").display(
            {"text/plain": text}, raw=True, display_id=True
        )

    def show(self, done: int, text: str) -> None:
        """Replace the line, a few times a second at most."""
        if time.monotonic() - self.shown > REFRESH:
            self.end(text)

    def end(self, text: str) -> None:
        """Replace the line by the last state."""
        self.shown = time.monotonic()
        self._handle.update({"text/plain": text}, raw=True)
