"""`subsoil sensitivity`: what who signs, the peace and China's share depend on, and how surely."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli import output
from experiments.cli.options import (
    Json,
    Months,
    Preset,
    Processes,
    Seed,
    Set,
    Store,
    Terms,
    assignments,
    changes,
    fingerprint,
    one_of,
    process_count,
    run_length,
)
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


def sensitivity(  # noqa: PLR0913, PLR0917 - a command line has as many options as it has
    over: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME=LOW:HIGH | NAME=A,B,C | NAME] ...",
            help="What varies, NAME alone over all its range; by default eight inputs of the deal, the war and China.",
        ),
    ] = None,
    method: Annotated[
        str | None,
        typer.Option(
            metavar="|".join(SIZES),
            help="sobol (usual): shares of variance; tornado: each alone; morris: screening; lhs: Shapley, PAWN.",
        ),
    ] = None,
    read: Annotated[
        str | None, typer.Option(metavar="STORE", help="Run nothing: read a store of `subsoil sweep --sample ...`.")
    ] = None,
    outcome: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="An outcome; may be repeated. By default who signs, peace, China's share."),
    ] = None,
    points: Annotated[
        int | None, typer.Option(help="Base points of sobol (a power of 2), walks of morris, points of lhs.", min=1)
    ] = None,
    replicates: Annotated[
        int | None, typer.Option(min=1, help="Worlds at each point, with shared random draws.")
    ] = None,
    second_order: Annotated[bool, typer.Option("--second-order", help="With sobol: pairs of inputs as well.")] = False,
    group: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=INPUT,INPUT|TABLE",
            help="Inputs judged as one; TABLE is market, war or deal: what varies of it, else all of kind D.",
        ),
    ] = None,
    preset: Preset = "documented",
    set_: Set = None,
    terms: Terms = None,
    months: Months = None,
    seed: Seed = 0,
    store: Store = None,
    processes: Processes = 0,
    out: Annotated[
        str | None, typer.Option(metavar="REPORT.md", help="Report to write, with its figure beside it.")
    ] = None,
    csv: Annotated[str | None, typer.Option("--csv", metavar="FILE.csv", help="Write the table of indices.")] = None,
    json: Json = False,
) -> None:
    """What each outcome depends on: shares of its variance, or effects, with intervals; a report and a figure.

    Seed noise is told from inputs, and what the design cannot tell is marked with what is needed.

    Example: subsoil sensitivity guarantee_strength ownership_share=0:0.6 tripwire --set talks=imposed

    Example: subsoil sensitivity --group market --group war --group deal

    Example: subsoil sensitivity --read results/sobol.zarr --outcome months_of_fighting
    """
    from experiments.analysis.sensitivity.design_points import USUAL_OUTCOMES, check_outcomes, design_points
    from experiments.analysis.sensitivity.report import sensitivity_table
    from experiments.cli.group_options import groups_of, varied_inputs
    from experiments.store.dataset import open_results

    output.check_csv(csv)
    _check_report(out)
    check_outcomes(outcome or ())
    if read is not None:
        other = None if preset == "documented" else preset
        flags = (second_order or None, seed or None, processes or None)
        _refuse_beside_read(over, method, points, replicates, set_, terms, store, months, other, *flags)
        results = open_results(read)
        groups = groups_of(group or (), tuple(design_points(results).inputs) if group else ())
    else:
        chosen = one_of("--method", method or "sobol", SIZES)
        usual_points, usual_worlds = SIZES[chosen]
        if chosen == "tornado" and points is not None:
            raise InputError("--points means nothing with --method tornado: it has one point for each setting")
        varied = varied_inputs(over or (), group or ()) or INPUTS
        groups = groups_of(group or (), [text.partition("=")[0].strip() for text in varied])
        design = _design(varied, chosen, points or usual_points, seed, second_order, groups)
        if twice := sorted(set(design.names) & set(assignments(set_))):
            raise InputError(f"{twice[0]} varies here, so --set {twice[0]}=... would mean nothing")
        changed = {name: value for name, value in changes(terms, set_).items() if name not in design.names}
        based, worlds = design.with_base(preset, **changed), replicates or usual_worlds
        results = _run(based, worlds, run_length(months, preset), seed, store, processes, not json)
    table = sensitivity_table(results, tuple(dict.fromkeys(outcome or USUAL_OUTCOMES)), groups)
    if csv:
        output.save_csv({csv: table})
    where = str(results.attrs["store"])
    report = out or f"results/{Path(where).stem}-report.md"
    again = output.call("sensitivity", "--read", where, *(f"--outcome={name}" for name in outcome or ()),
                        *(f"--group={text}" for text in group or ()))  # fmt: skip
    _write(results, table, Path(report), again, groups)
    if json:
        output.print_json({"store": where, "report": report, "table": table})
    else:
        _show(table, results)
        typer.echo(f"Kept in {where}, written up in {report}.")


def _check_report(out: str | None) -> None:
    if out and not out.endswith(".md"):
        raise InputError(f"--out {out!r}: the name of the report must end in .md")


def _refuse_beside_read(*given: Any) -> None:
    """Raise InputError for what would mean nothing beside --read."""
    if any(each is not None and each != [] for each in given):
        only = "beside it only --outcome, --group, --out, --csv and --json mean something"
        raise InputError(f"--read takes the store as it is: {only}")


def _design(
    over: Sequence[str], method: str, points: int, seed: int, second_order: bool, groups: Mapping[str, Sequence[str]]
) -> Design:
    """The rows to be run; raises InputError."""
    from experiments.analysis.sensitivity.one_at_a_time import one_at_a_time
    from experiments.cli.design_options import design_of

    if second_order and method != "sobol":
        raise InputError("--second-order goes with --method sobol")
    if groups and method == "tornado":
        raise InputError("--group means nothing with --method tornado, which moves one input at a time")
    if method != "tornado":
        return design_of(over, [], method, points, [], seed, second_order, groups)
    return one_at_a_time(design_of(over, [], "lhs", 1, [], seed, False).facts()["ranges"])


def _run(
    design: Design, replicates: int, months: int, seed: int, store: str | None, processes: int, progress: bool
) -> xr.Dataset:
    """The results of the design, kept in `store` or in one named by what was run."""
    from experiments.ensemble.scheduler import Scheduling
    from experiments.ensemble.spec import SweepSpec
    from experiments.ensemble.sweep import run_sweep

    spec = SweepSpec(design, replicates, months, seed=seed)
    groups = {"groups": design.facts()["groups"]} if "groups" in design.facts() else {}
    named = fingerprint(
        design=design.digest(), **groups, base=design.base, replicates=replicates, months=months, seed=seed
    )
    where = store or f"results/sensitivity-{named}.zarr"
    return run_sweep(spec, where, Scheduling(process_count(processes)), progress)


def _write(results: xr.Dataset, table: Any, report: Path, again: str, groups: Mapping[str, Sequence[str]]) -> None:
    """Write the report, and its figure beside it."""
    from experiments.analysis.sensitivity.report import group_words, markdown_report, range_words

    plots, grouped = output.headless_plots(), group_words(results.attrs, groups)
    picture = report.with_suffix(".png")
    output.save_pictures({str(picture): plots.sensitivity_bars(table, results.attrs, groups)}, quiet=True)
    with output.writing(report):
        report.write_text(
            markdown_report(
                table,
                [
                    f"{_made(results)}.",
                    "",
                    f"Varied: {range_words(results)}. Shares hold for these ranges and no others.",
                    *(["", f"Judged as one: {grouped}."] if grouped else []),
                ],
                picture.name,
                again,
            ),
            encoding="utf-8",
        )


def _made(results: xr.Dataset) -> str:
    """What was run, in one line."""
    attrs = results.attrs
    rows = results["peace_holds"].size // int(attrs["replicates"])
    plots = output.headless_plots()
    return f"{rows:,} points × {int(attrs['replicates']):,} worlds; {plots.about(attrs)}"


def _show(table: Any, results: xr.Dataset) -> None:
    """Print a table for each outcome, and what is to be known of it."""
    from experiments.analysis.sensitivity import report

    output.print_text(f"{_made(results)}. In brackets the interval of 95 %.")
    for outcome in dict.fromkeys(table["outcome"]):
        meaning = table.loc[table["outcome"] == outcome, "meaning"].iloc[0]
        typer.echo()
        output.print_text(f"{outcome}: {meaning}")
        for rows in (report.outcome_rows(table, outcome), report.pair_rows(table, outcome)):
            if rows:
                output.print_table(rows)
        for line in filter(None, (report.draws_words(table, outcome), *report.notes(table, outcome))):
            output.print_text(line, "  ", "    ")
    typer.echo()
