"""A bar with the rate and the time left, in the terminal and in notebooks; nothing for a run of a moment."""

from __future__ import annotations

import importlib
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Protocol

SHOW_AFTER = 0.7
"""Seconds before the bar appears."""
REFRESH = 0.2
"""Seconds between two lines in a notebook."""

Listener = Callable[[int, int], None]
"""Called with the worlds done and the worlds in all."""


class _Display(Protocol):
    def show(self, done: int) -> None:
        """Say that so many worlds are done."""

    def end(self) -> None:
        """Leave the last state on the screen."""


class Bar:
    """Counts worlds. `show` is True, False, or a function called with (worlds done, worlds in all)."""

    def __init__(self, total: int, done: int, show: bool | Listener) -> None:
        self.total, self.done = total, done
        self._listener = show if callable(show) else None
        self._display: _Display | None = None
        self._timer = threading.Timer(SHOW_AFTER, self._appear) if show is True else None

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
            self._display.end()

    def _appear(self) -> None:
        from rich.console import Console

        console = Console(stderr=True)
        if console.is_jupyter:
            self._display = _Line(self.total, self.done)
        elif console.is_terminal:
            self._display = _Terminal(self.total, self.done, console)

    def advance(self, worlds: int) -> None:
        """Count worlds as done."""
        self.done += worlds
        if self._display:
            self._display.show(self.done)
        if self._listener:
            self._listener(self.done, self.total)


class _Terminal:
    """Rich's bar, on standard error."""

    def __init__(self, total: int, done: int, console: Any) -> None:
        from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
        from rich.text import Text

        class Rate(ProgressColumn):
            """Worlds a second."""

            def render(self, task: Task) -> Text:
                """The rate, empty until there is one."""
                rate = task.speed or task.finished_speed
                return Text("" if rate is None else f"{rate:,.0f} worlds/s", style="cyan")

        count = TextColumn("{task.completed:,.0f} of {task.total:,.0f} worlds")
        columns = (BarColumn(), count, Rate(), TimeRemainingColumn())
        self._bar = Progress(*columns, console=console, speed_estimate_period=60)
        self._task = self._bar.add_task("worlds", total=total, completed=done)
        self._bar.start()

    def show(self, done: int) -> None:
        """Move the bar."""
        self._bar.update(self._task, completed=done)

    def end(self) -> None:
        """Leave the bar as it is."""
        self._bar.stop()


class _Line:
    """A line of text that a notebook replaces; Rich's bar would need ipywidgets there."""

    def __init__(self, total: int, done: int) -> None:
        display = importlib.import_module("IPython.display").display
        self.total, self.first, self.done = total, done, done
        self.started = self.shown = time.monotonic() - SHOW_AFTER
        self._handle: Any = display({"text/plain": self.text()}, raw=True, display_id=True)

    def text(self) -> str:
        """Worlds done, rate and time left."""
        rate = (self.done - self.first) / max(time.monotonic() - self.started, 1e-9)
        left = f", {rate:,.0f} worlds/s, {(self.total - self.done) / rate:,.0f} s left" if rate else ""
        return f"{self.done:,} of {self.total:,} worlds{left}"

    def show(self, done: int) -> None:
        """Replace the line, a few times a second at most."""
        self.done = done
        if time.monotonic() - self.shown > REFRESH:
            self.end()

    def end(self) -> None:
        """Replace the line by the last state."""
        self.shown = time.monotonic()
        self._handle.update({"text/plain": self.text()}, raw=True)
