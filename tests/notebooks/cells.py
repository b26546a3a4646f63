"""Runs a notebook's cells in this process: no kernel to start, nothing to import twice, warnings as in any test."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib.pyplot as plt
import nbformat


class Run(NamedTuple):
    """A code cell after it was run: its source, what it printed or shows at its end, and the pictures it drew."""

    source: str
    text: str
    pictures: int


def run_cells(path: Path) -> Iterator[Run]:
    """Run the code cells from top to bottom in one namespace, as a kernel does, and show what they show."""
    names: dict[str, Any] = {"__name__": "__main__"}
    for number, cell in enumerate(nbformat.read(path, as_version=4).cells):
        if cell.cell_type == "code":
            printed = StringIO()
            with redirect_stdout(printed):
                shown = run_cell(cell.source, names, f"{path.name} cell {number}")
            yield Run(cell.source, printed.getvalue() + shown, show_pictures())


def run_cell(source: str, names: dict[str, Any], where: str) -> str:
    """Run one cell; the value of a last line that is an expression, as a page shows it; "" after a semicolon."""
    module = ast.parse(source, where)
    last = module.body.pop() if module.body and isinstance(module.body[-1], ast.Expr) else None
    exec(compile(module, where, "exec"), names)
    if not isinstance(last, ast.Expr):
        return ""
    value = eval(compile(ast.Expression(last.value), where, "eval"), names)
    return "" if value is None or source.rstrip().endswith(";") else rich_text(value)


def rich_text(value: object) -> str:
    """The richest text that a value has for a page."""
    forms = (getattr(value, name, None) for name in ("_repr_markdown_", "_repr_html_"))
    return str(next((text for form in forms if form and (text := form()) is not None), repr(value)))


def show_pictures() -> int:
    """Draw all open pictures to the last point, close them, and say how many there were."""
    numbers = plt.get_fignums()
    for number in numbers:
        plt.figure(number).savefig(BytesIO(), format="png", dpi=40)
    plt.close("all")
    return len(numbers)
