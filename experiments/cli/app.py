"""The command line: `subsoil run`, `subsoil sweep` and the other words of COMMANDS."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Sequence
from typing import Any

import typer

from experiments.cli.commands import (
    bench,
    deals,
    demo,
    export,
    info,
    plot,
    reasons,
    run,
    sweep,
    trade,
    validate,
    windows,
)

BAD_INPUT, INTERRUPTED, FAILED = 2, 130, 1

app = typer.Typer(
    name="subsoil",
    help="Minerals for security: who signs what, does the peace hold, and what happens to rare earths?",
    epilog="Start with: subsoil demo. Everything a command needs to know: subsoil COMMAND --help.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _stoppable(command: Callable[..., None]) -> Callable[..., None]:
    """The same command, which says what is done when the user interrupts it."""

    @functools.wraps(command)
    def stoppable(*arguments: Any, **options: Any) -> None:
        try:
            command(*arguments, **options)
        except KeyboardInterrupt as stop:
            raise typer.Exit(_say(str(stop) or "stopped", INTERRUPTED)) from None

    return stoppable


COMMANDS = (run, sweep, plot, reasons, deals, windows, export, trade, validate, info, demo, bench)
"""The modules of the commands, each of which holds a function of its own name, in the order of the help."""

for module in COMMANDS:
    function = getattr(module, module.__name__.rpartition(".")[2])
    app.command(no_args_is_help=module in (sweep, plot, deals, export, validate, info))(_stoppable(function))

CLICK_ERROR = next(base for base in typer.BadParameter.__mro__ if base.__name__ == "ClickException")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; 0 if all went well, 2 for bad input, 130 when interrupted, 1 for a failure."""
    try:
        returned = app(args=list(sys.argv[1:] if arguments is None else arguments), standalone_mode=False)
    except (KeyboardInterrupt, typer.Abort) as stop:
        return _say(str(stop) or "stopped", INTERRUPTED)
    except Exception as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            print(error.format_message())  # type: ignore[attr-defined]
            return 0
        code = _exit_code(error)
        if code is None:
            raise
        return _say(_line(error), code)
    return returned if isinstance(returned, int) else 0


def _exit_code(error: Exception) -> int | None:
    """The code with which an error that is the user's or the system's ends; None for a fault of the program."""
    if isinstance(error, OSError | CLICK_ERROR):
        return BAD_INPUT
    if isinstance(error, RuntimeError):
        return BAD_INPUT if type(error).__name__ == "StoreError" else FAILED
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    module = str(frame.tb_frame.f_globals.get("__name__", "")) if frame is not None else ""
    ours = isinstance(error, ValueError | TypeError | LookupError) and module.split(".")[0] in ("experiments", "model")
    return BAD_INPUT if ours else None


def _line(error: Exception) -> str:
    """The one line that an error says."""
    if isinstance(error, OSError) and error.strerror:
        return f"cannot use {error.filename or 'a file'}: {error.strerror}"
    if isinstance(error, CLICK_ERROR):
        return str(error.format_message()).partition("\n")[0]  # type: ignore[attr-defined]
    return " ".join(str(error).split()) or type(error).__name__


def _say(words: str, code: int) -> int:
    print(f"subsoil: {words}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
