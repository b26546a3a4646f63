"""`subsoil trade`: who ships what to whom, and what a cut-off by China would cost."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli import output
from experiments.cli.options import Json, Picture, Preset, Seed, Set, Terms, Worlds, chosen_parameters, one_of

if TYPE_CHECKING:
    import pandas as pd


NOTES = (
    "Tonnes are rare-earth oxide in finished material (separated bulk oxide; magnets and the heavy oxide in them) a "
    "year, median over worlds and the middle four fifths; the value is at the importer's price. Ore and oxide that go "
    "to another country's plants are not in the table: ore mined in the United States and separated in China comes "
    "back as China's.",
    "Same country twice: home supply, no trade. A country serves itself first; what it still lacks it buys from all "
    "who have something left, in proportion, so nobody has a favoured supplier. A country that makes nothing can sell "
    "from its stock.",
    "Medians need not add up over a column; in every world the tonnes do, see the balance (means over worlds).",
    "Controlled: China's part of all that is made for the pool a country buys from, for the part of its use that it "
    "does not make itself; the others' home supply counts as open to it, so what it does buy from China can be more. "
    "Herfindahl of what it buys: 1 is a single source, home supply counts as one.",
    "Loss, of the part controlled: if China cut the country off for a year; losses of materials add up. It takes one "
    "cost share for all countries (rare_earth_cost_share={share:g} of GDP, deep uncertainty), so countries differ by "
    "what China controls alone; dollars are of the GDP of 2023, Ukraine's of 2025.",
    "The rest of the world is one buyer here: no single country of it is as well supplied. The tables hold no GDP for "
    "it, so it has no loss in dollars.",
)


FIGURE_NOTE = (
    "Beside each seller what it sends abroad and, below, what it keeps at home, which no ribbon shows. Each material "
    "has its own scale."
)


def trade(
    preset: Preset = "documented",
    terms: Terms = None,
    set_: Set = None,
    date: Annotated[
        str, typer.Option(metavar="YYYY[-MM]", help="A year or a month; by default the first year of the preset.")
    ] = "",
    worlds: Worlds = 200,
    seed: Seed = 0,
    material: Annotated[str, typer.Option(help="Only one material: bulk, magnet or heavy.")] = "",
    csv: Annotated[
        str | None, typer.Option(metavar="FILE.csv", help="Write the whole table, and dependence beside it.")
    ] = None,
    json: Json = False,
    out: Picture = None,
) -> None:
    """Who ships what to whom, and who depends on it.

    In a month or a year, with what a cut-off by China would cost.

    Example: subsoil trade --preset quota_crisis_2010 --date 2011 --material heavy --out heavy.png
    """
    from experiments.analysis import trade_flows as tables
    from model.array_axes import MATERIALS

    chosen = [one_of("--material", material, MATERIALS)] if material else list(MATERIALS)
    output.check_csv(csv)
    if out:
        from experiments.plots.style import check_picture

        check_picture(out)
    parameters = chosen_parameters(preset, terms, set_)
    when = date or str(parameters.start)
    traded = tables.observe(parameters, when, worlds, seed)
    whole = tables.trade_table(traded), tables.dependence_table(traded), tables.balance_table(traded)
    bilateral, dependence, balance = (table[table["material"].isin(chosen)] for table in whole)
    written: dict[str, pd.DataFrame] = {}
    if csv:
        path = Path(csv)
        written = {csv: bilateral, str(path.with_name(f"{path.stem}-dependence{path.suffix}")): dependence}
    output.save_csv(written)
    if out:
        flows = tables.flow_map(traded, when, preset=preset, seed=seed).sel(material=chosen)
        output.save_pictures({out: output.headless_plots().trade_figure(flows, note=FIGURE_NOTE)}, quiet=True)
    facts = {"preset": preset, "date": when, "worlds": worlds, "seed": seed}
    if json:
        output.print_json(facts | {"trade": bilateral, "dependence": dependence, "balance": balance})
        return
    _show(facts, bilateral, dependence, balance)
    for note in (_beyond_record(preset, when), *NOTES):
        if note:
            output.print_text(f"- {note.format(share=parameters.rare_earth_cost_share)}", further="  ")
    names = [*written, *filter(None, [out])]
    typer.echo(f"Written: {', '.join(names)}." if names else "Draw it: --out trade.png; keep it: --csv trade.csv.")


def _beyond_record(preset: str, when: str) -> str:
    """A warning where a replay is run on beyond its record."""
    from model.china_policy_record import REPLAY_MONTHS
    from model.parameters.presets import PRESETS

    if preset not in REPLAY_MONTHS:
        return ""
    last = int(str(PRESETS[preset]["start"])) + REPLAY_MONTHS[preset] // 12 - 1
    return f"The replay {preset} ends in {last}; after it nothing changes in China's acts." * (int(when[:4]) > last)


def _show(facts: dict[str, Any], bilateral: pd.DataFrame, dependence: pd.DataFrame, balance: pd.DataFrame) -> None:
    """Print the three tables; pairs that trade nothing in nine worlds of ten are left out."""
    said = f"preset {facts['preset']}, {facts['worlds']} worlds, seed {facts['seed']}"
    span = "mean of its months" if len(facts["date"]) == 4 else "the month at a year's rate"
    shown = bilateral[bilateral["tonnes_90%"] >= 1].sort_values("tonnes_per_year", ascending=False, kind="stable")
    tonnes = {"t/year": "tonnes_per_year", "10 %": "tonnes_10%", "90 %": "tonnes_90%"}
    flows = [
        {"material": row["material"], "exporter": row["exporter"]}
        | {"importer": "home supply" if row["exporter"] == row["importer"] else row["importer"]}
        | {name: f"{row[column]:,.0f}" for name, column in tonnes.items()}
        | {"million USD": f"{row['million_usd_per_year']:,.1f}"}
        for material in dict.fromkeys(bilateral["material"])
        for row in shown[shown["material"] == material].to_dict("records")
    ]
    output.print_table(flows, title=f"Trade in {facts['date']} ({span}); {said}")
    typer.echo("(pairs below one tonne a year in nine tenths of worlds are left out)\n")
    whole = [
        {name: f"{value + 0.0:,.0f}" if name in balance.columns[1:-1] else value for name, value in row.items()}
        for row in balance.to_dict("records")
    ]
    title = "Balance, t/year: made + sold_from_stock = kept_at_home + sent_abroad = bought"
    output.print_table(whole, title=title, digits=2)
    typer.echo()
    output.print_table(dependence.to_dict("records"), title="Dependence on China", digits=3)
    typer.echo()
