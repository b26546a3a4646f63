"""Serves the page: one page at `/`, files below `download/`, nothing from another host."""

from __future__ import annotations

import html
import ipaddress
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from experiments.errors import InputError
from experiments.page.content.calculations import CALCULATIONS
from experiments.page.content.plain_words import TITLE
from experiments.page.page_state import PageState
from experiments.page.work.shared_results import Results
from experiments.page.work.visitor_orders import Orders
from experiments.page.work.workers import Workers

MISSING = "the page needs the packages panel and panel-material-ui: pip install 'subsoil[page]'"
LEFT_AFTER = 5_000
"""Milliseconds after which a visitor whose connection is closed counts as gone."""
MOST_VISITORS = 100
OWN_FILES = "static/extensions/panel/"
"""Where a page at `/` finds Panel's files on this server."""
FULL = "So many people have this page open that there is no room; please try again in a few minutes."


def is_loopback(address: str) -> bool:
    """Whether only this machine can reach a server at this address."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"


def origins(address: str, port: int) -> list[str]:
    """Hosts by whose name a browser may have come here."""
    names = ["localhost", "127.0.0.1"]
    if not is_loopback(address):
        names += [address, socket.gethostname(), socket.getfqdn()]
    return [f"{name}:{port}" for name in dict.fromkeys(names) if ":" not in name]


@contextmanager
def served(address: str, port: int, processes: int) -> Iterator[Any]:
    """A server that is ready for its first visitor, and its results; InputError where it cannot be opened.

    `port` 0 takes a free one. The server begins with `server.start()`; its loop is that of the caller.
    """
    try:
        import panel as pn

        from experiments.page.downloads import Download
        from experiments.page.view import View
    except ImportError:
        raise InputError(MISSING) from None
    free = _free_port(address, port)
    workers = Workers(processes)
    try:
        results = Results(workers)
        _warm(results)
        options: dict[str, Any] = {
            "extra_patterns": [(r"/download/([a-z_-]+)\.(png|svg|csv)", Download, {"results": results})],
            "check_unused_sessions_milliseconds": 1_000,
            "unused_session_lifetime_milliseconds": LEFT_AFTER,
            "websocket_origin": origins(address, free),
        }
        server = pn.io.server.get_server(
            {"/": _visit(pn, results, View)}, port=free, address=address, title=TITLE, start=False, **options
        )
        try:
            yield server, results
        finally:
            server.stop()
    finally:
        workers.close()


def _visit(pn: Any, results: Results, view: Callable[[Any, str], Any]) -> Callable[[], Any]:
    """What is built for every visitor, also for one who comes back after the server took them for gone.

    Panel says where its files are only when it sends a page, not when an open page connects anew; it would then
    name another host.
    """
    open_views: set[Any] = set()

    def visit() -> Any:
        pn.state.curdoc.template_variables["dist_url"] = OWN_FILES
        if len(open_views) >= MOST_VISITORS:
            return pn.pane.HTML(f"<p>{html.escape(FULL)}</p>")
        query = pn.state.location.search if pn.state.location is not None else ""
        mine = view(results, query or "")
        open_views.add(mine)

        def leave(_: Any) -> None:
            open_views.discard(mine)
            mine.close()

        pn.state.on_session_destroyed(leave)
        pn.state.onload(mine.update)
        return mine.layout()

    return visit


def _free_port(address: str, port: int) -> int:
    """The port, or a free one for 0; raises InputError where the address or port cannot be used."""
    if not 0 <= port <= 65_535:
        raise InputError(f"--port {port}: needs a whole number from 0 to 65535; 0 takes a free one")
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((address, port))
        except OSError as error:
            raise InputError(f"cannot serve at {address}, port {port}: {error.strerror or error}") from None
        return int(trial.getsockname()[1])


def _warm(results: Results) -> None:
    """Compute what the page opens with, so that the first visitor finds it; the processes import meanwhile."""
    orders = Orders(results)
    orders.want(PageState().cases(), tuple(name for name in CALCULATIONS if name != "countries"))
    while orders.waiting:
        orders.advance()
        time.sleep(0.02)
