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
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def usual(browser: Any) -> Iterator[Any]:
    """What visitors share unless they come apart: the scripts that their browser keeps."""
    context = browser.new_context()
    yield context
    context.close()


@pytest.fixture
def visit(served: Served, browser: Any, usual: Any) -> Iterator[Callable[..., Any]]:
    """Opens the page as a new visitor; fails on requests that leave the host and on errors in the browser.

    A visitor who comes `apart` has a browser that shares nothing with those of others.
    """
    pages, contexts, left, errors = [], [], [], []

    def note(request: Any) -> None:
        if not request.url.startswith((served.url, "data:", "blob:")):
            left.append(request.url)

    def open_page(
        query: str = SMALL, width: int = 1280, height: int = 800, settled: bool = True, apart: bool = False
    ) -> Any:
        if apart:
            contexts.append(browser.new_context())
        page = (contexts[-1] if apart else usual).new_page()
        pages.append(page)
        page.set_viewport_size({"width": width, "height": height})
        page.set_default_timeout(LONGEST)
        page.on("request", note)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{served.url}?{query}")
        page.get_by_role("heading", name="Minerals for security").wait_for()
        if settled:
            settle(page)
        return page

    yield open_page
    for opened in (*pages, *contexts):
        opened.close()
    assert not left, "requests left the host"
    assert not errors, "errors in the browser"


def of_all(of: Any, what: str) -> list[Any]:
    """The JavaScript `what` of every element that a locator finds, which is looked for once."""
    values: list[Any] = of.evaluate_all(f"all => all.map(each => {what})")
    return values


def settle(page: Any) -> None:
    """Wait until all that the page wants is there."""
    page.get_by_text("All is up to date.").wait_for()
