"""The command line: `subsoil run`, `subsoil sweep` and the other words of COMMANDS."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Sequence
from typing import Any

import typer
from typer.core import TyperCommand

from experiments.cli.commands.analyses import (
    coupling,
    deals,
    discover,
    levels,
    reasons,
    sensitivity,
    trade,
    validate,
    windows,
    worths,
)
from experiments.cli.commands.runs import app as page
from experiments.cli.commands.runs import bench, compare, demo, export, info, plot, run, study, sweep
from experiments.errors import SweepError
from model.errors import SubsoilError

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


class Command(TyperCommand):
    """A command that refuses an option given twice, unless it may be repeated."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the arguments; raises a usage error."""
        order: list[Any] = self.make_parser(ctx).parse_args(args=list(args))[2]
        for at, param in enumerate(order):
            if param in order[:at] and param.param_type_name == "option" and not (param.multiple or param.is_flag):
                raise typer.BadParameter("is given twice", ctx=ctx, param=param)
        return super().parse_args(ctx, args)


COMMANDS = (
    run, sweep, plot, compare, study, sensitivity, discover, reasons, deals, levels, windows, worths, coupling, export,
    trade, validate, info, demo, page, bench,
)  # fmt: skip
"""The modules of the commands, each of which holds a function of its own name, in the order of the help."""

for module in COMMANDS:
    function = getattr(module, module.__name__.rpartition(".")[2])
    app.command(cls=Command, no_args_is_help=module in (sweep, plot, compare, export, validate, info))(function)

USAGE_ERROR: Any = typer.BadParameter.__base__


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; 0 if all went well, 2 for bad input, 130 when interrupted, 1 for a failure."""
    try:
        return _run(list(sys.argv[1:] if arguments is None else arguments))
    except BrokenPipeError:
        sys.stdout = None  # whoever was reading has gone; else Python would say so once more at its end
        return 0


def _run(arguments: list[str]) -> int:
    """The command's code; raises BrokenPipeError where whoever was reading has gone."""
    command = typer.main.get_command(app)
    try:
        with warnings.catch_warnings():
            warnings.showwarning = _warn
            with command.make_context("subsoil", arguments) as context:
                command.invoke(context)
    except typer.Exit as end:
        return end.exit_code
    except (KeyboardInterrupt, typer.Abort) as stop:
        return _say(str(stop) or "stopped", INTERRUPTED)
    except USAGE_ERROR as error:
        if type(error).__name__ != "NoArgsIsHelpError":
            return _say(error.format_message().partition("\n")[0], BAD_INPUT)
        print(error.format_message())
    except BrokenPipeError:
        raise
    except OSError as error:
        used = f"cannot use {error.filename or 'a file'}: {error.strerror}"
        return _say(used if error.strerror else str(error), BAD_INPUT)
    except SubsoilError as error:
        return _say(str(error), FAILED if isinstance(error, SweepError) else BAD_INPUT)
    return 0


def _warn(message: Warning | str, *_: Any, **__: Any) -> None:
    _say(str(message))


def _say(words: str, code: int = 0) -> int:
    """Print one line that is no result, and return the code."""
    print(f"subsoil: {' '.join(words.split())}", file=sys.stderr)
    return code
