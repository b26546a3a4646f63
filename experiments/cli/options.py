"""Options that commands share, and how their values are read."""

from __future__ import annotations

import hashlib
import json
import math
import os
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from model.parameters.table import Parameters

Preset = Annotated[str, typer.Option(help="What the world is assumed to be: documented or as_reported.")]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="Change a parameter, e.g. tripwire=H2; may be repeated."),
]
Terms = Annotated[
    str | None,
    typer.Option(metavar="DATE", help="Put a recorded draft of the deal on the table, e.g. 2025-04-30."),
]
Months = Annotated[int, typer.Option(help="Months from January 2025.")]
Seed = Annotated[int, typer.Option(help="The seed of all luck.")]
Precision = Annotated[
    str, typer.Option(metavar="single|double", help="Digits of the computation; single is faster, and what is kept.")
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Processes = Annotated[int, typer.Option(help="Processes that share the work; 0 is one per core.")]
Store = Annotated[str | None, typer.Option(help="Folder for the results, e.g. results/mine.zarr.")]


def assignments(given: list[str] | None, option: str = "--set") -> dict[str, float | str]:
    """What NAME=VALUE options say, numbers as numbers. Raises ValueError for anything else."""
    found: dict[str, float | str] = {}
    for text in given or []:
        name, equals, value = text.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise ValueError(f"{option} {text!r}: needs name=value, e.g. ownership_share=0.5")
        if name.strip() in found:
            raise ValueError(f"{option} gives {name.strip()} twice")
        found[name.strip()] = number_or_word(value)
    return found


def number_or_word(text: str) -> float | str:
    """A number if it reads as one."""
    try:
        return float(text)
    except ValueError:
        return text.strip()


def changes(terms: str | None, given: list[str] | None) -> dict[str, Any]:
    """The terms of a recorded draft and, over them, what --set says."""
    from model.parameters.table import check
    from model.talks.recorded_drafts import draft

    found: dict[str, Any] = dict(draft(terms)) if terms else {}
    found |= assignments(given)
    for name, value in found.items():
        check(name, value)
    return found


def chosen_parameters(name: str, terms: str | None, given: list[str] | None) -> Parameters:
    """A preset with the changes of the command line. Raises ParameterError."""
    from model.parameters.presets import preset

    return preset(name, **changes(terms, given))


def process_count(asked: int) -> int:
    """The number of processes, 0 meaning one per core."""
    if asked < 0:
        raise ValueError(f"--processes {asked}: needs a whole number of 0 or more")
    return asked or len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else asked or os.cpu_count() or 1


def fingerprint(**facts: Any) -> str:
    """Eight letters for a question, so that the same question finds its answer again."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()[:8]


def plain(value: Any) -> Any:
    """A number for JSON, where NaN has no place."""
    number = float(value)
    return number if math.isfinite(number) else None
