"""One server and one browser for all tests of the page in a process; no request may leave the host."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest

SMALL = "worlds=100"
"""A link that begins with few worlds."""
LONGEST = 60_000
"""Milliseconds after which a test gives up; this machine may be busy."""


class Served(NamedTuple):
    """A server that runs in a thread of its own."""

    url: str
    results: Any


BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""Programs that are a Chromium, the names that `make browser` looks for."""


@pytest.fixture(scope="session")
def served() -> Iterator[Served]:
    from experiments.page import server as page_server

    ready, parts = threading.Event(), {}
    page_server.LEFT_AFTER = (
        2_000  # visitors of a test do not come back, and none is to finish before it counts as gone
    )

    def run() -> None:
        asyncio.set_event_loop(asyncio.new_event_loop())
        try:
            with page_server.served("127.0.0.1", 0, 2) as (server, results):
                server.start()
                parts.update(server=server, results=results)
                ready.set()
                server.io_loop.start()
        finally:
            ready.set()

    thread = threading.Thread(target=run)
    thread.start()
    ready.wait()
    server = parts["server"]
    yield Served(f"http://127.0.0.1:{server.port}/", parts["results"])
    server.io_loop.add_callback(server.io_loop.stop)
    thread.join()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    chromium = next(filter(None, map(shutil.which, BROWSERS)), None)
    if chromium is None:
        pytest.skip(f"no Chromium here: the page's browser tests need one of {', '.join(BROWSERS)}")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=LONGEST)

    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def visit(served: Served, browser: Any) -> Iterator[Callable[..., Any]]:
    """Opens the page as a new visitor; fails on requests that leave the host and on errors in the browser."""
    contexts, left, errors = [], [], []

    def note(request: Any) -> None:
        if not request.url.startswith((served.url, "data:", "blob:")):
            left.append(request.url)

    def open_page(query: str = SMALL, width: int = 1280, height: int = 800, settled: bool = True) -> Any:
        contexts.append(browser.new_context(viewport={"width": width, "height": height}))
        page = contexts[-1].new_page()
        page.set_default_timeout(LONGEST)
        page.on("request", note)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{served.url}?{query}")
        page.get_by_role("heading", name="Minerals for security").wait_for()
        if settled:
            settle(page)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not left, "requests left the host"
    assert not errors, "errors in the browser"


def settle(page: Any) -> None:
    """Wait until all that the page wants is there."""
    page.get_by_text("All is up to date.").wait_for()
