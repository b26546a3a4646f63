"""Rows as a Markdown table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def table(rows: Iterable[Mapping[str, object]]) -> str:
    """A table with the keys of the rows as its head; raises ValueError where there is no row."""
    listed = list(rows)
    if not listed:
        raise ValueError("a table needs rows")
    head = list(listed[0])
    lines = [head, ["---"] * len(head), *([cell(row[name]) for name in head] for row in listed)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def cell(value: object) -> str:
    """A value as it may stand in a table: numbers short, nothing that ends a cell or begins a formula."""
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    return " ".join(text.replace("|", "\\|").replace("$", "\\$").replace("*", "\\*").split())
