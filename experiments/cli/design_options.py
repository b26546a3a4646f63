"""How a command line says which worlds to run: axes of a grid, ranges of a sample, tables in files."""

from __future__ import annotations

import functools
import math
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli.options import number_or_word
from experiments.errors import InputError

if TYPE_CHECKING:
    from experiments.designs.design import Design
    from experiments.ensemble.scheduler import Scheduling
    from experiments.ensemble.spec import SweepSpec

LARGE = 10e9
"""Bytes above which a run is asked about first."""

Yes = Annotated[bool, typer.Option("--yes", help="Run what takes more than 10 GB on disk.")]


def design_of(
    over: Sequence[str],
    files: Sequence[str],
    sample: str | None,
    points: int | None,
    log: Sequence[str],
    seed: int,
    second_order: bool,
    groups: Mapping[str, Sequence[str]] | None = None,
) -> Design:
    """Every row of every file with every point of the grid, or of the sample, which may vary `groups` as one.

    Raises InputError.
    """
    from experiments.designs import builders as designs
    from model.parameters.declaration import nearest

    if not over and not files:
        raise InputError("nothing to sweep over: give e.g. ownership_share=0:1:21, or --design FILE.csv")
    if (sample is None) != (points is None):
        raise InputError("--sample and --points go together, e.g. --sample lhs --points 500")
    if second_order and sample != "sobol":
        raise InputError("--second-order goes with --sample sobol")
    if log and not over:
        raise InputError(f"--log {log[0]}: is for what is swept over or sampled, e.g. name=0.1:10:21")
    parts = [designs.from_table(file) for file in files]
    given = _given(over, sample is not None)
    bare = [name for name, values in given.items() if values is None]
    if sample is not None and points is not None:
        if not over:
            raise InputError("--sample needs the parameters to draw, e.g. ownership_share=0:1 tripwire=H0,H2")
        samplers: dict[str, Callable[..., Design]]
        samplers = {"lhs": designs.latin_hypercube, "morris": functools.partial(designs.morris, groups=groups)}
        samplers["sobol"] = functools.partial(designs.sobol, second_order=second_order, groups=groups)
        if sample not in samplers:
            raise InputError(f"--sample {sample}: {nearest(sample, samplers)}")
        parts.append(samplers[sample](points, seed=seed, log=log, **given))
    elif bare:
        raise InputError(f"{bare[0]!r}: needs name=low:high:points or name=a,b,c")
    elif over:
        parts.append(designs.grid(log=log, **given))
    return functools.reduce(operator.mul, parts)


def recorded(record: str) -> str | list[str]:
    """What --record says: outcomes, summaries, trajectories, or the names of monthly variables."""
    from experiments.ensemble.spec import RECORDS

    return record if record in RECORDS else [name.strip() for name in record.split(",")]


def refuse_if_large(spec: SweepSpec, store: str, scheduling: Scheduling, yes: bool) -> None:
    """Raise InputError, with what it would take, for a run of more than LARGE bytes that is not said to be meant."""
    from experiments.ensemble.sweep import dry_run_of

    manifest = spec.manifest(scheduling.count)
    if yes or sum(4 * math.prod(manifest.shape(name)) for name in manifest.fields) < LARGE:
        return
    expected = dry_run_of(spec, store, scheduling)
    if expected.bytes > LARGE and expected.blocks_done < expected.blocks:
        less = ", or keep less: --record outcomes" if spec.monthly else ""
        raise InputError(f"{expected}: give --yes if that is meant{less}")


def _given(over: Sequence[str], sample: bool) -> dict[str, Any]:
    """What each NAME=VALUES says, in the order typed, None for a NAME alone; raises InputError."""
    values_of: dict[str, Any] = {}
    for text in over:
        name, equals, values = (part.strip() for part in text.partition("="))
        if equals and not (name and values):
            raise InputError(f"{text!r}: needs name=low:high:points or name=a,b,c")
        if name in values_of:
            raise InputError(f"{name} is given twice")
        values_of[name] = _values(text, name, values, sample) if equals else None
    return values_of


def _values(text: str, name: str, values: str, sample: bool) -> Any:
    """The values along an axis of a grid; of a `sample`, the range of a parameter or its choices."""
    from model.parameters.table import DECLARATIONS

    needs_range = sample and name in DECLARATIONS and not DECLARATIONS[name].choices
    if ":" not in values and not needs_range:
        listed = [number_or_word(name, each.strip()) for each in values.split(",")]
        return values if values == "all" and not sample else listed
    try:
        low, high, *points = values.split(":")
        numbers: tuple[float, ...] = (float(low), float(high), *map(int, points))
    except ValueError:
        numbers = ()
    if len(numbers) != (2 if sample else 3):
        of_a_sample = "a sample needs name=low:high, e.g. ownership_share=0:1"
        form = of_a_sample if sample else "needs name=low:high:points, e.g. ownership_share=0:1:21"
        raise InputError(f"{text!r}: {form}")
    return numbers
