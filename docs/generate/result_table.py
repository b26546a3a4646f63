"""The commands whose results the texts show, as a table."""

from __future__ import annotations

from docs.generate.markdown import table
from docs.reproduce.facts import SOURCES


def result_table() -> str:
    """Name, command and content of each source of results."""
    return table(
        {
            "name": f"`{name}`",
            "command": f"`{source.command}`",
            "results": (source.read.__doc__ or "").strip().partition("\n")[0],
        }
        for name, source in SOURCES.items()
    )
