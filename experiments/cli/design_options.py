"""How a command line says which worlds to run: axes of a grid, ranges of a sample, tables in files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from experiments.errors import InputError

if TYPE_CHECKING:
    from experiments.designs.design import Design


def design_of(
    over: Sequence[str], files: Sequence[str], sample: str | None, points: int | None, log: Sequence[str], seed: int
) -> Design:
    """Every row of every file with every point of the grid, or of the sample. Raises InputError."""
    from experiments.designs import builders as designs

    if not over and not files:
        raise InputError("nothing to sweep over: give e.g. ownership_share=0:1:21, or --design FILE.csv")
    if (sample is None) != (points is None):
        raise InputError("--sample and --points go together, e.g. --sample lhs --points 500")
    if log and not over:
        raise InputError(f"--log {log[0]}: is for what is swept over or sampled, e.g. name=0.1:10:21")
    parts = [designs.from_table(file) for file in files]
    if over and sample is not None and points is not None:
        parts.append(_sampler(sample)(points, *bare(over), seed=seed, log=log, **given(over, _range)))
    elif over:
        if nameless := bare(over):
            raise InputError(f"{nameless[0]!r}: needs name=low:high:points or name=a,b,c")
        parts.append(designs.grid(log=log, **given(over, _levels)))
    elif sample is not None:
        raise InputError("--sample needs the parameters to draw, e.g. ownership_share=0:1 tripwire=H0,H2")
    design = parts[0]
    for part in parts[1:]:
        design = design * part
    return design


def _sampler(name: str) -> Callable[..., Design]:
    from experiments.designs import builders as designs
    from model.parameters.declaration import nearest

    known: dict[str, Callable[..., Design]] = {
        "lhs": designs.latin_hypercube, "sobol": designs.sobol, "morris": designs.morris
    }  # fmt: skip
    if name not in known:
        raise InputError(f"--sample {name}: {nearest(name, known)}")
    return known[name]


def recorded(record: str) -> str | list[str]:
    """What --record says: outcomes, summaries, trajectories, or the names of monthly variables."""
    from experiments.ensemble.spec import RECORDS

    return record if record in RECORDS else record.split(",")


def bare(over: Sequence[str]) -> list[str]:
    """The names that come without values: to be drawn from their declared range."""
    return [text.strip() for text in over if "=" not in text]


def given(over: Sequence[str], read: Callable[[str, str], Any]) -> dict[str, Any]:
    """What NAME=VALUES say, read by `read(text, values)`. Raises InputError for what says nothing."""
    values_of: dict[str, Any] = {}
    for text in over:
        name, equals, values = (part.strip() for part in text.partition("="))
        if not equals:
            continue
        if not name or not values:
            raise InputError(f"{text!r}: needs name=low:high:points or name=a,b,c")
        if name in values_of:
            raise InputError(f"{name} is given twice")
        values_of[name] = read(text, values)
    return values_of


def _levels(text: str, values: str) -> Any:
    """The values of one axis of a grid."""
    if ":" in values:
        try:
            low, high, points = values.split(":")
            return float(low), float(high), int(points)
        except ValueError:
            raise InputError(f"{text!r}: needs name=low:high:points, e.g. ownership_share=0:1:21") from None
    return "all" if values == "all" else _listed(values)


def _range(text: str, values: str) -> Any:
    """The range of one parameter of a sample, or its choices."""
    if ":" in values:
        try:
            low, high = values.split(":")
            return float(low), float(high)
        except ValueError:
            raise InputError(f"{text!r}: a sample needs name=low:high, e.g. ownership_share=0:1") from None
    from model.parameters.table import DECLARATIONS

    name = text.partition("=")[0].strip()
    if name in DECLARATIONS and not DECLARATIONS[name].choices:
        raise InputError(f"{text!r}: a sample needs name=low:high, e.g. ownership_share=0:1")
    return [each.strip() for each in values.split(",")]


def _listed(values: str) -> list[float] | list[str]:
    listed = [each.strip() for each in values.split(",")]
    try:
        return [float(each) for each in listed]
    except ValueError:
        return listed
