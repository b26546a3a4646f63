"""What `subsoil sensitivity` and `subsoil discover` share: a sample of inputs that is run and kept, or a store read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli import output
from experiments.cli.options import assignments, changes, fingerprint, process_count, run_length
from experiments.errors import InputError

if TYPE_CHECKING:
    import xarray as xr

    from experiments.designs.design import Design

INPUTS = (
    "ownership_share", "guarantee_strength", "guarantee_buildup", "settlement_value", "ceasefire_hazard",
    "war_cost_russia", "tripwire", "china_objective",
)  # fmt: skip
"""What is varied, over all its range, unless other inputs are named."""
SIZES = {"tornado": (1, 1000), "sobol": (512, 16), "morris": (50, 64), "lhs": (1000, 32)}
"""Base points, walks or points of each method, and worlds at each; a minute or so on two cores with INPUTS."""

Over = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[NAME=LOW:HIGH | NAME=A,B,C | NAME] ...",
        help="What varies, NAME alone over all its range; by default eight inputs of the deal, the war and China.",
    ),
]
Replicates = Annotated[int | None, typer.Option(help="Worlds at each point, with shared random draws.", min=1)]
Report = Annotated[str | None, typer.Option(metavar="REPORT.md", help="Report to write, with its figure beside it.")]


def check_report(out: str | None) -> None:
    """Raise InputError unless a report is named as one."""
    if out and not out.endswith(".md"):
        raise InputError(f"--out {out!r}: the name of the report must end in .md")


def refuse_beside_read(meaningful: str, *given: Any) -> None:
    """Raise InputError for what would mean nothing beside --read, with which only what is `meaningful` goes."""
    if any(each is not None and each != [] for each in given):
        raise InputError(f"--read takes the store as it is: beside it only {meaningful} mean something")


def run_sample(  # noqa: PLR0913, PLR0917 - what the command was given
    command: str,
    sample: Design,
    worlds: int,
    preset: str,
    set_: list[str] | None,
    terms: str | None,
    months: int | None,
    seed: int,
    store: str | None,
    processes: int,
    progress: bool,
) -> xr.Dataset:
    """The results of a sample, kept in `store` or in one named by the `command` and by what was run.

    Raises InputError for a parameter that both varies and is set.
    """
    from experiments.ensemble.scheduler import Scheduling
    from experiments.ensemble.spec import SweepSpec
    from experiments.ensemble.sweep import run_sweep

    if twice := sorted(set(sample.names) & set(assignments(set_))):
        raise InputError(f"{twice[0]} varies here, so --set {twice[0]}=... would mean nothing")
    changed = {name: value for name, value in changes(terms, set_).items() if name not in sample.names}
    design, length = sample.with_base(preset, **changed), run_length(months, preset)
    groups = {name: value for name, value in design.facts().items() if name == "groups"}
    named = fingerprint(design=design.digest(), **groups, base=design.base, replicates=worlds, months=length, seed=seed)
    spec = SweepSpec(design, worlds, length, seed=seed)
    return run_sweep(spec, store or f"results/{command}-{named}.zarr", Scheduling(process_count(processes)), progress)


def what_was_run(results: xr.Dataset) -> str:
    """What was run, in one line."""
    attrs = results.attrs
    rows = results["peace_holds"].size // int(attrs["replicates"])
    return f"{rows:,} points × {int(attrs['replicates']):,} worlds; {output.headless_plots().about(attrs)}"
