"""`subsoil discover`: under which conditions together there is no deal, war again, or China above 80 %."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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

    from experiments.analysis.discovery.discovery import Discovery

POINTS, WORLDS = SIZES["lhs"]
"""Points of the Latin hypercube and worlds at each: a minute or so on two cores with INPUTS."""


def discover(  # noqa: PLR0913, PLR0917 - a command line has as many options as it has
    over: Over = None,
    failure: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME | 'OUTCOME < VALUE'",
            help="What fails: no_deal, renewed_war, china_above_80, or a comparison with <, <=, >, >=; may be "
            "repeated. By default these three.",
        ),
    ] = None,
    method: Annotated[
        str, typer.Option(metavar="prim|cart", help="prim peels a box; cart grows a tree (needs scikit-learn).")
    ] = "prim",
    coverage: Annotated[
        float | None,
        typer.Option(
            help="The densest box with this share of failures; by default the one that goes best with failing.",
            show_default=False,
        ),
    ] = None,
    read: Annotated[
        str | None, typer.Option(metavar="STORE", help="Run nothing: read a finished store of `subsoil sweep`.")
    ] = None,
    points: Annotated[int | None, typer.Option(help="Points of the Latin hypercube.", min=1)] = None,
    replicates: Replicates = None,
    preset: Preset = "documented",
    set_: Set = None,
    terms: Terms = None,
    months: Months = None,
    seed: Seed = 0,
    store: Store = None,
    processes: Processes = 0,
    out: Report = None,
    json: Json = False,
) -> None:
    """The conditions under which something fails: a box of inputs with coverage, density and quasi-p, or none and why.

    A box must beat shuffled outcomes and come again in half-samples. Worlds of which it is unknown are left out and
    counted.

    Example: subsoil discover --failure no_deal --failure 'months_of_fighting > 60'

    Example: subsoil discover --read results/mine.zarr --failure 'china_mine_share_end > 70%' --method cart
    """
    from experiments.analysis.discovery.discovery import METHODS
    from experiments.analysis.discovery.discovery import discover as discover_failure
    from experiments.analysis.discovery.failure_criteria import FAILURES, failure_of
    from experiments.cli.design_options import design_of
    from experiments.store.dataset import open_results

    failures = [failure_of(text) for text in dict.fromkeys(failure or FAILURES)]
    one_of("--method", method, METHODS)
    if coverage is not None and not 0 < coverage <= 1:
        raise InputError(f"--coverage {coverage:g}: needs a share above 0 and up to 1")
    check_report(out)
    if read is not None:
        other = None if preset == "documented" else preset
        given = (over, points, replicates, set_, terms, store, months, other, seed or None, processes or None)
        refuse_beside_read("--failure, --method, --coverage, --out and --json", *given)
        results = open_results(read)
    else:
        sample = design_of(over or INPUTS, [], "lhs", points or POINTS, [], seed, False)
        worlds = replicates or WORLDS
        results = run_sample("discover", sample, worlds, preset, set_, terms, months, seed, store, processes, not json)
    found = [discover_failure(results, each, method, coverage) for each in failures]
    where = str(results.attrs["store"])
    report = out or f"results/{Path(where).stem}-discovery.md"
    options = [f"--failure={each.name}" for each in failures] if failure else []
    options += ["--method", method] if method != "prim" else []
    options += [f"--coverage={coverage:g}"] if coverage is not None else []
    _write(results, found, Path(report), output.call("discover", "--read", where, *options))
    if json:
        _print_json(found, where, report)
    else:
        _show(found, results)
        typer.echo(f"Kept in {where}, written up in {report}.")


def _write(results: xr.Dataset, found: Sequence[Discovery], report: Path, again: str) -> None:
    """Write the report, and its figure beside it."""
    from experiments.analysis.discovery.report import markdown_report
    from experiments.analysis.sensitivity.report import range_words

    picture = report.with_suffix(".png")
    drawn = output.headless_plots().discovery_boxes(found, results.attrs)
    output.save_pictures({str(picture): drawn}, quiet=True)
    made = [
        f"{what_was_run(results)}.",
        "",
        f"Varied: {range_words(results)}. Boxes hold for these ranges and no others.",
    ]
    with output.writing(report):
        report.write_text(markdown_report(found, made, picture.name, again), encoding="utf-8")


def _print_json(found: Sequence[Discovery], where: str, report: str) -> None:
    """Print the tables of the report."""
    from experiments.analysis.discovery.report import candidate_table, restriction_table, summary_table

    tables = {"summary": summary_table(found), "restrictions": restriction_table(found)}
    candidates = {each.failure.name: candidate_table(each) for each in found}
    output.print_json({"store": where, "report": report, **tables, "candidates": candidates})


def _show(found: Sequence[Discovery], results: xr.Dataset) -> None:
    """Print each failure's box, or why there is none."""
    from experiments.analysis.discovery import report

    output.print_text(f"{what_was_run(results)}. In brackets the interval of 95 %.")
    for each in found:
        typer.echo()
        rule = "" if each.failure.name == each.failure.rule else f" ({each.failure.rule})"
        output.print_text(f"{each.failure.name}: {each.failure.meaning}{rule}")
        output.print_text(report.base_words(each), "  ", "    ")
        if each.restrictions:
            output.print_table(report.restriction_rows(each), indent="  ")
            output.print_text(report.measure_words(each), "  ", "    ")
        else:
            output.print_text(report.sentence(each.note), "  ", "    ")
        if each.left_out:
            output.print_text(report.left_out_words(each), "  ", "    ")
    typer.echo()
