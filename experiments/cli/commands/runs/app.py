"""`subsoil app`: the deal as a page in the browser."""

from __future__ import annotations

import contextlib
import webbrowser
from typing import Annotated

import typer

from experiments.cli.options import Processes, process_count


def app(
    port: Annotated[int, typer.Option(help="Port to serve at; 0 takes a free one.")] = 5006,
    address: Annotated[
        str, typer.Option(help="Address to serve at; by default only this machine can open the page.")
    ] = "127.0.0.1",
    processes: Processes = 0,
    show: Annotated[bool, typer.Option("--show", help="Open it in the browser of this machine.")] = False,
) -> None:
    """The deal in the browser: who signs, why, what turns it.

    Serves one page until Ctrl-C: terms, hypotheses and weights as controls, two deals side by side, a link that
    restores it all, and the same numbers as files, Python and command lines. Asks no other host for anything.

    Example: subsoil app --show
    """
    from experiments.page.server import is_loopback, served

    typer.echo("Preparing the page ...", err=True)
    with served(address, port, process_count(processes) + 1) as (server, _):
        host = f"[{address}]" if ":" in address else address
        if not is_loopback(address):
            typer.echo(
                f"subsoil: not only this machine: whoever can reach {address} can open the page and use its "
                "processors; there is no password",
                err=True,
            )
            host = "127.0.0.1" if address in ("0.0.0.0", "::") else host
        where = f"http://{host}:{server.port}/"
        typer.echo(f"Open {where} in a browser; Ctrl-C ends it.")
        if show:
            webbrowser.open(where)
        server.start()
        with contextlib.suppress(KeyboardInterrupt):  # this is how it ends
            server.io_loop.start()
