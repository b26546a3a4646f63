"""`subsoil deals`: the deal that both would sign and that keeps the peace most often, and what would break it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli import output, zone_text
from experiments.cli.options import (
    Json,
    Months,
    Preset,
    Processes,
    Seed,
    Set,
    assignments,
    fingerprint,
    process_count,
    run_length,
)
from experiments.cli.sample_or_store import check_report
from experiments.errors import InputError

if TYPE_CHECKING:
    from experiments.analysis.robust_deals.best_and_rivals import DealFindings
    from experiments.analysis.robust_deals.deal_search import DealSearch

SHOWN = 5
"""Deals and changes that are printed; the report has more."""


def deals(  # noqa: PLR0913, PLR0917 - a command line has as many options as it has
    store: Annotated[
        str | None,
        typer.Argument(help="A store of `subsoil sweep` over terms, or what a search has kept; none: search now."),
    ] = None,
    threshold: Annotated[
        float,
        typer.Option(help="A deal can be signed where both would in at least this share of worlds.", min=0, max=1),
    ] = 0.5,
    holds: Annotated[
        float, typer.Option(help="A state of the world satisfies if the peace holds in this share of it.", min=0, max=1)
    ] = 0.6,
    peace: Annotated[
        str,
        typer.Option(
            metavar="renewed_war_10y|renewed_war_5y|peace_holds",
            help="What peace is: no war again in ten or five years of a ceasefire, or none at the end.",
        ),
    ] = "renewed_war_10y",
    points: Annotated[
        int | None,
        typer.Option(help="Deals that a search runs to their end, of 20 times as many drawn.", show_default="100"),
    ] = None,
    worlds: Annotated[int | None, typer.Option(help="Worlds of each deal and each change.", show_default="200")] = None,
    states: Annotated[
        int | None, typer.Option(help="States of the world, each under H0 to H5.", show_default="24")
    ] = None,
    preset: Preset = "documented",
    set_: Set = None,
    months: Months = None,
    seed: Seed = 0,
    folder: Annotated[
        str | None, typer.Option("--store", metavar="FOLDER", help="Folder in which a search keeps its stores.")
    ] = None,
    processes: Processes = 0,
    json: Json = False,
    out: Annotated[
        str | None,
        typer.Option(
            metavar="REPORT.md|FIG.png", help="Report with its figures; of a grid of terms also the map alone."
        ),
    ] = None,
) -> None:
    """The deal both would sign that keeps the peace most often, and what would break it.

    Or what keeps the zone of agreement empty and the smallest change that fills it; the Pareto set of both gains and
    the peace; how deals do across states of the world and the hypotheses of what a stake does. Without a store all
    terms are searched, in a minute or so on two cores, and every world is kept.

    Of a grid of terms also the zone of agreement, the Nash and the Kalai-Smorodinsky point: what the two theories
    would choose by the mean gains before private types, with no deal as the alternative.

    Example: subsoil deals --set settlement_value=5 --out deals.md

    Example: subsoil deals results/demo.zarr --out points.png
    """
    from experiments.analysis.robust_deals.outcomes_by_deal import PEACE
    from experiments.cli.options import one_of

    one_of("--peace", peace, PEACE)
    if store is None:
        check_report(out)
        _search(threshold, holds, peace, {"points": points, "worlds": worlds, "states": states},
                (preset, set_, months, seed), folder, processes, json, out)  # fmt: skip
        return
    other = None if preset == "documented" else preset
    if any(each is not None and each != [] for each in (points, worlds, states, other, set_, months, folder)) or seed:
        only = "beside a store only --threshold, --holds, --peace, --json and --out mean something"
        raise InputError(f"{store} is taken as it is: {only}")
    _read(store, threshold, holds, peace, json, out)


def _search(
    threshold: float, holds: float, peace: str, sizes: dict[str, int | None], run: tuple[Any, ...], folder: str | None,
    processes: int, json: bool, out: str | None,
) -> None:  # fmt: skip
    """Search the terms, keep the worlds, write the report."""
    from experiments.analysis.robust_deals.best_and_rivals import deal_findings
    from experiments.analysis.robust_deals.deal_search import SearchSize, search_deals
    from experiments.ensemble.scheduler import Scheduling

    preset, set_, months, seed = run
    changes = assignments(set_)
    size = SearchSize(**{name: value for name, value in sizes.items() if value is not None})
    length = run_length(months, preset)
    made = {"preset": preset, "changes": changes, "size": vars(size), "months": length, "seed": seed}
    where = folder or f"results/deals-{fingerprint(**made, threshold=threshold)}"
    search = search_deals(
        where, preset, changes, size, months=length, seed=seed, peace=peace, threshold=threshold,
        scheduling=Scheduling(process_count(processes)), progress=not json,
    )  # fmt: skip
    findings = deal_findings(search, threshold, holds)
    _tell(findings, search, where, out or f"{where}/report.md", [], json)


def _read(store: str, threshold: float, holds: float, peace: str, json: bool, out: str | None) -> None:
    """Say what a store or the folder of a search holds."""
    from experiments.analysis.deal import agreement_zones as zones
    from experiments.analysis.robust_deals import deal_search
    from experiments.analysis.robust_deals.best_and_rivals import deal_findings
    from experiments.analysis.robust_deals.outcomes_by_deal import answers_of
    from experiments.store.dataset import open_results
    from model.states.deal import TERMS

    if out and not out.endswith(".md"):
        output.headless_plots().check_picture(out)
    if deal_search.is_search(store):
        search = deal_search.read_search(store, peace)
        _tell(deal_findings(search, threshold, holds), search, store, out, [], json)
        return
    results = open_results(store)
    short = [str(dim) for dim in results["signed"].dims if dim != "replicate" and results.sizes[dim] == 1]
    results = results.squeeze(short)
    search = deal_search.search_of_store(results, peace, threshold)
    results = answers_of(results)
    axes = [str(dim) for dim in results["signed"].dims if dim != "replicate"]
    terms = [dim for dim in axes if dim in TERMS]
    rows: list[dict[str, Any]] = []
    drawn: list[Any] = []
    if terms and zones.asked(results):
        table = zones.agreement(results, threshold)
        points = {
            "Nash": zones.nash_point(table, *terms),
            "Kalai-Smorodinsky": zones.kalai_smorodinsky_point(table, *terms),
        }
        rows = zone_text.zone_rows(table, points, terms)
        others = [dim for dim in axes if dim not in terms]
        if len(terms) == 2 and all(dim == "tripwire" for dim in others):
            drawn = [table, {} if others else {"points": points}]
    if out and not out.endswith(".md"):
        if not drawn:
            raise InputError(
                f"--out: a map needs two terms and no other axis but tripwire, the store has {', '.join(axes)}"
            )
        output.save_pictures({out: output.headless_plots().zone_map(drawn[0], **drawn[1])}, quiet=json)
        out = None
    if rows and not json:
        for row in rows:
            zone_text.print_zone(row, threshold)
        run = f"Preset {table.attrs['preset']}, seed {table.attrs['seed']}, {table.attrs['replicates']} worlds a point"
        output.print_text(f"{run}. Gains in percent of Ukraine's GDP, before types.")
        typer.echo()
    said = {"terms": terms, "rows": rows} if rows else {}
    _tell(deal_findings(search, threshold, holds), search, store, out, drawn, json, said)


def _tell(
    findings: DealFindings, search: DealSearch, store: str, out: str | None, drawn: list[Any], json: bool,
    said: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    """Print the findings, or give them as JSON, and write the report if it has a name."""
    from experiments.analysis.robust_deals import report

    meaning = str(search.deals.attrs["peace_meaning"])
    if out:
        _write(findings, search, store, Path(out), drawn)
    if json:
        told = {"store": store, "report": out, "threshold": findings.threshold, "peace": meaning}
        output.print_json(told | (said or {}) | {"findings": findings.as_json()})
        return
    for line in (*report.answer_lines(findings, meaning), *findings.missing):
        output.print_text(line, "", "    ")
    robust = report.shown_robust(findings)
    for rows in (
        report.deal_rows(findings.table, SHOWN),
        [] if robust is None else report.robustness_rows(robust),
        *([] if each is None else report.change_rows(each, SHOWN) for each in (findings.breaks, findings.fills)),
    ):
        if rows:
            typer.echo()
            output.print_table(rows)
    if out:
        typer.echo(f"\nKept in {store}, written up in {out}.")


def _write(findings: DealFindings, search: DealSearch, store: str, report: Path, drawn: list[Any]) -> None:
    """Write the report with its figures beside it."""
    from experiments.analysis.robust_deals.report import markdown_report, shown_robust

    plots = output.headless_plots()
    attrs = search.deals.attrs
    of = f", chosen from {search.drawn:,} drawn, and the three texts" if search.drawn else ""
    made = f"{search.deals.sizes['deal']:,} deals{of}; {plots.about(attrs, plots.worlds_a_point(attrs))}"
    meaning, figures = str(attrs["peace_meaning"]), {}
    table = findings.table
    if table[["ukraine_gain", "united_states_gain", "peace"]].notna().all(axis=1).any():
        figures["Pareto set"] = plots.pareto_scatter(table, best=findings.best, peace=meaning, note=made)
    if (robust := shown_robust(findings)) is not None and search.states is not None:
        shares = {"threshold": findings.threshold, "holds": findings.holds}
        each = plots.about(search.states.attrs, plots.worlds_a_point(search.states.attrs))
        figures["Robustness"] = plots.robustness_bars(robust, note=each, **shares)
    if drawn:
        figures["Zone of agreement"] = plots.zone_map(drawn[0], **drawn[1])
    names = {words: f"{report.stem}-{words.split()[0].lower()}.png" for words in figures}
    output.save_pictures({str(report.parent / names[words]): each for words, each in figures.items()}, quiet=True)
    usual = {"threshold": 0.5, "holds": 0.6, "peace": "renewed_war_10y"}
    given = {"threshold": findings.threshold, "holds": findings.holds, "peace": attrs["peace"]}
    options = [f"--{name}={value}" for name, value in given.items() if value != usual[name]]
    again = output.call("deals", store, *options, "--out", report.name)
    with output.writing(report):
        report.write_text(markdown_report(findings, meaning, made, list(names.items()), again), encoding="utf-8")
