"""Options that commands share, and how their values are read."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.errors import InputError

if TYPE_CHECKING:
    from model.parameters.table import Parameters

Preset = Annotated[
    str,
    typer.Option(
        help="What is assumed: documented, as_reported, long_run, or a replay: quota_crisis_2010, licences_2025."
    ),
]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="Change a parameter, e.g. tripwire=H2; may be repeated."),
]
Terms = Annotated[
    str | None,
    typer.Option(metavar="DATE", help="Put a recorded draft of the deal on the table, e.g. 2025-04-30."),
]
Months = Annotated[
    int | None,
    typer.Option(
        help="Months from the start, January of the year in which the preset begins; 180, in long_run 420.",
        show_default=False,
    ),
]
Seed = Annotated[int, typer.Option(help="The seed of all random streams.", min=0)]
Worlds = Annotated[int, typer.Option(help="Worlds, each with its own random draws.")]
Precision = Annotated[
    str, typer.Option(metavar="single|double", help="Digits of the computation; single is faster, and what is kept.")
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Processes = Annotated[int, typer.Option(help="Processes that share the work; 0 is one per core.")]
Picture = Annotated[str | None, typer.Option("--out", metavar="FIG.png", help="Picture to write.")]
Store = Annotated[str | None, typer.Option(help="Folder for the results, e.g. results/mine.zarr.")]


def assignments(given: list[str] | None, option: str = "--set") -> dict[str, float | str]:
    """What NAME=VALUE options say, numbers as numbers. Raises InputError for anything else."""
    values: dict[str, float | str] = {}
    for text in given or []:
        name, _, value = (part.strip() for part in text.partition("="))
        if not name or not value:
            raise InputError(f"{option} {text!r}: needs name=value, e.g. ownership_share=0.5")
        if name in values:
            raise InputError(f"{option} gives {name} twice")
        values[name] = number_or_word(name, value)
    return values


def number_or_word(name: str, text: str) -> float | str:
    """A number if it reads as one and the parameter `name` is not one of words, as `start` is with 2025 and 2008."""
    from model.parameters.table import DECLARATIONS

    if name in DECLARATIONS and DECLARATIONS[name].choices:
        return text
    try:
        return float(text)
    except ValueError:
        return text


def one_of(option: str, given: str, allowed: Iterable[str]) -> str:
    """What an option gives, if it is allowed. Raises InputError with the nearest that is."""
    from model.parameters.declaration import nearest

    names = list(allowed)
    if given not in names:
        raise InputError(f"{option} {given!r}: allowed {', '.join(names)}; {nearest(given, names)}")
    return given


def changes(terms: str | None, given: list[str] | None) -> dict[str, Any]:
    """The terms of a recorded draft and, over them, what --set says."""
    from model.parameters.table import check
    from model.talks.recorded_drafts import draft

    changed: dict[str, Any] = (dict(draft(terms)) if terms else {}) | assignments(given)
    for name, value in changed.items():
        check(name, value)
    return changed


def chosen_parameters(name: str, terms: str | None, given: list[str] | None) -> Parameters:
    """A preset with the changes of the command line. Raises ParameterError."""
    from model.parameters.presets import preset

    return preset(name, **changes(terms, given))


def run_length(asked: int | None, preset: str) -> int:
    """Months of a run: as asked for, else those of the preset."""
    from model.parameters.presets import months_of

    return months_of(preset) if asked is None else asked


def process_count(asked: int) -> int:
    """The number of processes, 0 meaning one per core."""
    if asked < 0:
        raise InputError(f"--processes {asked}: needs a whole number of 0 or more")
    return asked or (len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def fingerprint(**facts: Any) -> str:
    """Eight letters for a run, so that the same call finds its store again."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()[:8]
