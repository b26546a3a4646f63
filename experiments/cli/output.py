"""What commands print: tables that fit the terminal, JSON, Markdown, pictures, and calls to go on with."""

from __future__ import annotations

import contextlib
import itertools
import json
import math
import re
import shlex
import shutil
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import typer

from experiments.errors import InputError

GAP = 2
"""Blanks between two columns of a table."""
MOST_LINES = 4
"""Lines to which a cell may be wrapped; a table that needs more is printed as blocks."""

NUMBER = re.compile(r"[-+]?[0-9][0-9.,]*(e[-+][0-9]+)?|never|-|")
"""What a cell of a column of numbers says, which stands to the right."""

Rows = Iterable[Mapping[str, Any]]


def terminal_width() -> int:
    """Columns of the terminal, or what COLUMNS says, or 120."""
    return shutil.get_terminal_size((120, 24)).columns


def cell(value: Any, digits: int = 4) -> str:
    """A value as people read it: yes or no, "-" for unknown, "never" for an infinite time, numbers in few digits."""
    if value is None or value != value:
        return "-"
    if str(value) in ("True", "False"):
        return "yes" if value else "no"
    if not hasattr(value, "__float__") or isinstance(value, str | int):
        return str(value)
    if math.isinf(value):
        return "never" if value > 0 else "-"
    return f"{value:.0f}" if 10**digits <= abs(value) < 1e15 else f"{value + 0.0:.{digits}g}"


def print_table(rows: Rows, *, title: str = "", digits: int = 4, indent: str = "") -> None:
    """Print rows of equal names at the width of the terminal; words and names are never cut."""
    text = table_text(rows, terminal_width() - len(indent), title=title, digits=digits)
    typer.echo(textwrap.indent(text, indent))


def table_text(rows: Rows, width: int, *, title: str = "", digits: int = 4) -> str:
    """Rows of equal names as a table of at most `width` columns, or as blocks of "name: value" where none fits."""
    listed = list(rows)
    if not listed:
        return "nothing matches"
    columns = [str(name) for name in listed[0]]
    cells = [[cell(value, digits) for value in row.values()] for row in listed]
    widths = _widths([columns, *cells], width)
    lines = textwrap.wrap(title, width)
    if widths is None:
        return "\n".join([*lines, "\n\n".join(_block(columns, row, width) for row in cells)])
    numbers = [all(map(NUMBER.fullmatch, column)) for column in zip(*cells, strict=True)]
    for row in (columns, *cells):
        wrapped = [_wrapped(text, each) for text, each in zip(row, widths, strict=True)]
        for parts in itertools.zip_longest(*wrapped, fillvalue=""):
            placed = zip(parts, widths, numbers, strict=True)
            padded = [part.rjust(each) if right else part.ljust(each) for part, each, right in placed]
            lines.append((" " * GAP).join(padded).rstrip())
    return "\n".join(lines)


def _widths(rows: Sequence[Sequence[str]], width: int) -> list[int] | None:
    """The width of each column, of which none cuts a word; None where a table of this width cannot be read."""
    columns = list(zip(*rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    least = [max((len(word) for text in column for word in text.split()), default=0) for column in columns]
    while sum(widths) + GAP * (len(columns) - 1) > width:
        shrinkable = [at for at in range(len(widths)) if widths[at] > least[at]]
        if not shrinkable:
            return None
        widths[max(shrinkable, key=widths.__getitem__)] -= 1
    lines = [len(_wrapped(text, each)) for column, each in zip(columns, widths, strict=True) for text in column]
    return widths if max(lines) <= MOST_LINES else None


def _block(columns: Sequence[str], texts: Sequence[str], width: int) -> str:
    """One row as lines "name: value", what is empty left out."""
    named = [f"{name}: {text}" for name, text in zip(columns, texts, strict=True) if text]
    return "\n".join(line for each in named for line in _wrapped(each, width, "    "))


def _wrapped(text: str, width: int, further: str = "", first: str = "") -> list[str]:
    """Words in lines, the first indented by `first`, the others by `further`."""
    lines = textwrap.TextWrapper(width, first, further, break_long_words=False, break_on_hyphens=False)
    return lines.wrap(text) or [""]


def print_text(text: str, indent: str = "", further: str | None = None) -> None:
    """Print words in lines of the terminal's width, the first indented by `indent`, all others by `further`."""
    lines = _wrapped(text, terminal_width(), indent if further is None else further, indent)
    typer.echo("\n".join(lines))


def print_markdown(rows: Rows) -> None:
    """Print rows of equal names as a table in Markdown."""
    listed = [dict(row) for row in rows]
    cells = [[cell(value, 6).replace("|", "/") for value in row.values()] for row in listed]
    lines = [list(listed[0]), ["---"] * len(listed[0]), *cells] if listed else []
    typer.echo("\n".join(f"| {' | '.join(line)} |" for line in lines) or "nothing matches")


def print_json(value: Any) -> None:
    """Print mappings, sequences, data frames and numbers as JSON, in which what is not finite is null."""
    typer.echo(json.dumps(plain(value), indent=1, ensure_ascii=False))


def plain(value: Any) -> Any:
    """The same for JSON: data frames as lists of rows, arrays and NumPy numbers as Python's, null for NaN."""
    if hasattr(value, "to_dict") and hasattr(value, "columns"):
        value = value.to_dict("records")
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    value = value.tolist() if hasattr(value, "tolist") else value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, str | bool | int | list) else str(value)


def call(*words: str) -> str:
    """A call of the command line, to be copied: `subsoil plot 'my results.zarr'`."""
    return shlex.join(("subsoil", *words))


def headless_plots() -> Any:
    """The room of plots, drawing without a window."""
    import matplotlib as mpl

    mpl.use("Agg")
    from experiments import plots

    return plots


@contextlib.contextmanager
def writing(path: Path) -> Iterator[None]:
    """While a file is written: an error names it, and a new file is not left behind in part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = not path.exists()
    try:
        yield
    except OSError as error:
        if new:
            path.unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror, str(path)) from None


def check_csv(path: str | None) -> None:
    """Nothing, if a table can have that name or none is asked for; raises InputError otherwise."""
    if path and not path.endswith(".csv"):
        raise InputError(f"--csv {path!r}: the name of the file must end in .csv")


def save_csv(tables: Mapping[str, Any]) -> None:
    """Write data frames by path, numbers to six digits."""
    for path, table in tables.items():
        with writing(Path(path)):
            table.to_csv(path, index=False, float_format="%.6g")


def save_pictures(figures: Mapping[str, Any], *, also: tuple[str, ...] = (), quiet: bool = False) -> None:
    """Write figures by path and, unless `quiet`, say where."""
    plots = headless_plots()
    for path, drawn in figures.items():
        with writing(plots.check_picture(path)):
            plots.save(drawn, path, also=also)
    if not quiet:
        typer.echo(f"Drawn in {', '.join(figures)}{f', each also as {also[0]}' if also else ''}.")
