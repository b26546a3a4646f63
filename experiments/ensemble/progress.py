"""A bar with the rate and the time left, in the terminal and in notebooks; nothing for a run of a moment."""

from __future__ import annotations

import contextlib
import importlib
import threading
import time
from collections.abc import Callable, Iterator

SHOW_AFTER = 0.7
"""Seconds before the bar appears."""
REFRESH = 0.2
"""Seconds between two states of it."""

Listener = Callable[[int, int], None]
"""Called with the worlds done and the worlds in all."""


class Bar:
    """Counts worlds, and shows them once it `appears`; a listener is told of every block."""

    def __init__(self, total: int, done: int, listener: Listener | None) -> None:
        self.total, self.first, self.done = total, done, done
        self.started = self.drawn = time.monotonic()
        self.listener = listener
        self.draw: Callable[[], None] | None = None
        self.shown = contextlib.ExitStack()

    def __str__(self) -> str:
        rate = (self.done - self.first) / max(time.monotonic() - self.started, 1e-9)
        left = f", {rate:,.0f} worlds/s, {(self.total - self.done) / rate:,.0f} s left" if rate else ""
        return f"{self.done:,} of {self.total:,} worlds{left}"

    def appear(self) -> None:
        """Rich's bar on standard error, in a notebook a line of text: the bar would need ipywidgets there."""
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        console = Console(stderr=True)
        if console.is_jupyter:
            display = importlib.import_module("IPython.display").display
            handle = display({"text/plain": str(self)}, raw=True, display_id=True)
            self.draw = lambda: handle.update({"text/plain": str(self)}, raw=True)
        elif console.is_terminal:
            columns = BarColumn(), TextColumn("{task.description}")
            bar = self.shown.enter_context(Progress(*columns, console=console))
            task = bar.add_task("", total=self.total)
            self.draw = lambda: bar.update(task, completed=self.done, description=str(self))

    def advance(self, worlds: int) -> None:
        """Count worlds as done."""
        self.done += worlds
        if self.draw and time.monotonic() - self.drawn > REFRESH:
            self.drawn = time.monotonic()
            self.draw()
        if self.listener:
            self.listener(self.done, self.total)


@contextlib.contextmanager
def progress_bar(total: int, done: int, show: bool | Listener) -> Iterator[Bar]:
    """A bar over `total` worlds. `show` is True, False, or a function called with (worlds done, worlds in all)."""
    bar = Bar(total, done, show if callable(show) else None)
    timer = threading.Timer(SHOW_AFTER, bar.appear)
    timer.daemon = True
    if show is True:
        timer.start()
    try:
        yield bar
    finally:
        timer.cancel()
        if show is True:
            timer.join()
        if bar.draw:
            bar.draw()
        bar.shown.close()
