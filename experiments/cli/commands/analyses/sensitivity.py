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
    one_of,
)
from experiments.cli.sample_or_store import (
    INPUTS,
    SIZES,
    Over,
    Replicates,
    Report,
    check_report,
    refuse_beside_read,
    run_sample,
    what_was_run,
)
from experiments.errors import InputError

if TYPE_CHECKING:
    import xarray as xr

    from experiments.designs.design import Design


def sensitivity(  # noqa: PLR0913, PLR0917 - a command line has as many options as it has
    over: Over = None,
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
    replicates: Replicates = None,
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
    out: Report = None,
    csv: Annotated[str | None, typer.Option("--csv", metavar="FILE.csv", help="Write the table of indices.")] = None,
    json: Json = False,
) -> None:
    """What each outcome depends on: shares of its variance, or effects, with intervals; a report and a figure.

    Seed noise is told from inputs, and what the design cannot tell is marked with what is needed.

    Example: subsoil sensitivity guarantee_strength ownership_share=0:0.6 tripwire --set talks=imposed

    Example: subsoil sensitivity --group market --group war --group deal

    Example: subsoil sensitivity --read results/sobol.zarr --outcome months_of_fighting
    """
    from experiments.analysis.sensitivity.inputs_and_outcomes import USUAL_OUTCOMES, check_outcomes, design_points
    from experiments.analysis.sensitivity.report import sensitivity_table
    from experiments.cli.input_group_options import groups_of, varied_inputs
    from experiments.store.dataset import open_results

    output.check_csv(csv)
    check_report(out)
    check_outcomes(outcome or ())
    if read is not None:
        other = None if preset == "documented" else preset
        flags = (second_order or None, seed or None, processes or None)
        given = (over, method, points, replicates, set_, terms, store, months, other, *flags)
        refuse_beside_read("--outcome, --group, --out, --csv and --json", *given)
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
        worlds = replicates or usual_worlds
        results = run_sample(
            "sensitivity", design, worlds, preset, set_, terms, months, seed, store, processes, not json
        )
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
                    f"{what_was_run(results)}.",
                    "",
                    f"Varied: {range_words(results)}. Shares hold for these ranges and no others.",
                    *(["", f"Judged as one: {grouped}."] if grouped else []),
                ],
                picture.name,
                again,
            ),
            encoding="utf-8",
        )


def _show(table: Any, results: xr.Dataset) -> None:
    """Print a table for each outcome, and what is to be known of it."""
    from experiments.analysis.sensitivity import report

    output.print_text(f"{what_was_run(results)}. In brackets the interval of 95 %.")
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
