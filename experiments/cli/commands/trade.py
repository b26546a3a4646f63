"""`subsoil trade`: who ships what to whom, and what a cut-off by China would cost."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli.options import Json, Seed, Set, Terms, chosen_parameters

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


def trade(
    preset: Annotated[
        str, typer.Option(help="documented, as_reported, or a replay: quota_crisis_2010, licences_2025.")
    ] = "documented",
    terms: Terms = None,
    set_: Set = None,
    date: Annotated[
        str, typer.Option(metavar="YYYY[-MM]", help="A year or a month; by default the first year of the preset.")
    ] = "",
    worlds: Annotated[int, typer.Option(help="Worlds, each with its own luck.")] = 200,
    seed: Seed = 0,
    material: Annotated[str, typer.Option(help="Only one material: bulk, magnet or heavy.")] = "",
    csv: Annotated[
        str | None, typer.Option(metavar="FILE.csv", help="Write the whole table, and dependence beside it.")
    ] = None,
    json: Json = False,
    out: Annotated[str | None, typer.Option(metavar="FIG.png", help="Draw the flows into this file.")] = None,
) -> None:
    """Who ships what to whom, and who depends on it.

    In a month or a year, with what a cut-off by China would cost.

    Example: subsoil trade --preset quota_crisis_2010 --date 2011 --material heavy --out heavy.png
    """
    from experiments.analysis import trade_flows as tables
    from model.dimensions import MATERIALS
    from model.parameters.declaration import ParameterError, nearest

    if material and material not in MATERIALS:
        raise ParameterError(f"--material {material!r}: allowed {', '.join(MATERIALS)}; {nearest(material, MATERIALS)}")
    if csv and not csv.endswith(".csv"):
        raise ParameterError(f"--csv {csv!r}: the name of the file must end in .csv")
    if out:
        from experiments.plots.style import check_picture

        check_picture(out)
    parameters = chosen_parameters(preset, terms, set_)
    when = date or str(parameters.start)
    traded = tables.observe(parameters, when, worlds, seed)
    chosen = [material] if material else list(MATERIALS)
    bilateral, dependence, balance = (
        table[table["material"].isin(chosen)]
        for table in (tables.trade_table(traded), tables.dependence_table(traded), tables.balance_table(traded))
    )
    if csv:
        _write(csv, bilateral, dependence)
    if out:
        _draw(tables.flow_map(traded, when, preset=preset, seed=seed).sel(material=chosen), out)
    facts = {"preset": preset, "date": when, "worlds": worlds, "seed": seed}
    if json:
        _print_json(facts, trade=bilateral, dependence=dependence, balance=balance)
        return
    _show(facts, bilateral, dependence, balance)
    for note in (_calendar(preset, when), *NOTES):
        if note:
            typer.echo(f"- {note.format(share=parameters.rare_earth_cost_share)}")
    written = [*([csv, str(_beside(csv))] if csv else []), *([out] if out else [])]
    typer.echo(f"Written: {', '.join(written)}." if written else "Draw it: --out trade.png; keep it: --csv trade.csv.")


def _beside(csv: str) -> Path:
    """Where the table of dependence goes."""
    path = Path(csv)
    return path.with_name(f"{path.stem}-dependence{path.suffix}")


def _write(csv: str, bilateral: pd.DataFrame, dependence: pd.DataFrame) -> None:
    Path(csv).parent.mkdir(parents=True, exist_ok=True)
    bilateral.to_csv(csv, index=False, float_format="%.6g")
    dependence.to_csv(_beside(csv), index=False, float_format="%.6g")


def _draw(flows: Any, out: str) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from experiments import plots

    note = (
        "Beside each seller what it sends abroad and, below, what it keeps at home, which no ribbon shows. "
        "Each material has its own scale."
    )
    plots.save(plots.trade_figure(flows, note=note), out)


def _calendar(preset: str, when: str) -> str:
    """A warning where a replay is run on beyond its record."""
    from model.china_policy_record import REPLAY_MONTHS
    from model.parameters.presets import PRESETS

    if preset not in REPLAY_MONTHS:
        return ""
    last = int(str(PRESETS[preset]["start"])) + REPLAY_MONTHS[preset] // 12 - 1
    return (
        f"The replay {preset} ends in {last}; after it nothing changes in China's acts." if int(when[:4]) > last else ""
    )


def _print_json(facts: dict[str, Any], **tables: pd.DataFrame) -> None:
    import json as text

    rows = {name: text.loads(table.to_json(orient="records", double_precision=12)) for name, table in tables.items()}
    typer.echo(text.dumps(facts | rows, indent=1))


def _show(facts: dict[str, Any], bilateral: pd.DataFrame, dependence: pd.DataFrame, balance: pd.DataFrame) -> None:
    """Print the three tables; pairs that trade nothing in nine worlds of ten are left out."""
    said = f"preset {facts['preset']}, {facts['worlds']} worlds, seed {facts['seed']}"
    span = "mean of its months" if len(facts["date"]) == 4 else "the month at a year's rate"
    typer.echo(f"Trade in {facts['date']} ({span}); {said}\n")
    shown = bilateral[bilateral["tonnes_90%"] >= 1].sort_values("tonnes_per_year", ascending=False, kind="stable")
    lines = [
        (
            f"{row['material']:10}{row['exporter']:15}{row['importer']:15}{row['tonnes_per_year']:12,.0f}"
            f"{row['tonnes_10%']:12,.0f}{row['tonnes_90%']:12,.0f}{row['million_usd_per_year']:14,.1f}"
            f"  {'home supply' if row['exporter'] == row['importer'] else ''}"
        ).rstrip()
        for material in dict.fromkeys(bilateral["material"])
        for row in shown[shown["material"] == material].to_dict("records")
    ]
    head = f"{'material':10}{'exporter':15}{'importer':15}{'t/year':>12}{'10 %':>12}{'90 %':>12}{'million USD':>14}"
    typer.echo("\n".join([head, *lines]))
    typer.echo("(pairs below one tonne a year in nine tenths of worlds are left out)\n")
    numbers = {name: (lambda value: f"{value + 0.0:,.0f}") for name in balance.columns[1:-1]}
    typer.echo("Balance, t/year: made + sold_from_stock = kept_at_home + sent_abroad = bought")
    typer.echo(balance.to_string(index=False, formatters=numbers | {"off": lambda value: f"{value:.1e}"}) + "\n")
    shares = {
        name: (lambda value: f"{value:.3f}") for name in ("controlled_by_china", "bought_from_china", "herfindahl")
    }
    typer.echo("Dependence on China")
    money = {"loss_percent_of_gdp": lambda value: f"{value:.5f}", "loss_million_usd": lambda value: f"{value:,.1f}"}
    typer.echo(dependence.to_string(index=False, formatters=shares | money, na_rep="") + "\n")
