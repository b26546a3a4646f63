"""The Python and the command line that give the numbers of a calculation of the page, and these numbers as CSV."""

from __future__ import annotations

import shlex
from typing import Any

import pandas as pd

from experiments.analysis.deal.draft_responses import months_to_the_answer
from experiments.page.content.calculations import (
    COUNTRY_WORLDS,
    MAP_POINTS,
    MAP_WORLDS,
    PATHS,
    PLANE,
    TRADE_WORLDS,
    TRUTHS,
    Case,
    Tables,
)


def command_lines(name: str, case: Case) -> str:
    """The command line of the calculation `name`."""
    sets = _sets(case.changes)
    base = ["--preset", case.preset, *sets]
    seed = ["--seed", str(case.seed)]
    if name == "zone":
        over = [f"{term}=0:1:{MAP_POINTS}" for term in PLANE]
        size = ["--replicates", str(MAP_WORLDS), "--months", str(months_to_the_answer(case.parameters))]
        call = [
            "subsoil",
            "sweep",
            *over,
            "--preset",
            case.preset,
            *_sets(case.held),
            *size,
            *seed,
            "--store",
            "map.zarr",
        ]
        return f"{shlex.join(call)}\nsubsoil plot map.zarr --what map"
    if name == "futures":
        record = ["--record", ",".join([*PATHS, *TRUTHS])]
        size = ["--worlds", str(case.worlds), "--months", str(case.months)]
        call = ["subsoil", "run", *base, *size, *seed, *record, "--out", "futures.zarr"]
        return f"{shlex.join(call)}\nsubsoil plot futures.zarr"
    if name == "trade":
        call = ["subsoil", "trade", *base, "--date", case.trade_date, "--worlds", str(TRADE_WORLDS), *seed]
        return shlex.join([*call, "--csv", "trade.csv"])
    worlds = COUNTRY_WORLDS if name == "countries" else case.worlds
    return shlex.join(
        ["subsoil", "reasons", *base, "--worlds", str(worlds), "--months", str(case.months), *seed, "--json"]
    )


def _sets(changes: dict[str, Any]) -> list[str]:
    return [part for key, value in changes.items() for part in ("--set", f"{key}={_text(value)}")]


def _text(value: Any) -> str:
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def python_lines(name: str, case: Case) -> str:
    """Python that makes `table`, the numbers of the calculation `name` as in its CSV file."""
    changes = {key: f", {key}={_literal(value)}" for key, value in case.changes.items()}
    given = "".join(changes.values())
    facts = {"seed": case.seed, "worlds": case.worlds, "months": case.months, "date": case.trade_date}
    sizes = {"points": MAP_POINTS, "map_worlds": MAP_WORLDS, "trade_worlds": TRADE_WORLDS}
    return PYTHON[name].format(
        start=f"from model import preset\n\nparameters = preset({case.preset!r}{given})\n",
        held="".join(text for key, text in changes.items() if key not in (*PLANE, "talks")),
        preset=case.preset,
        country_worlds=COUNTRY_WORLDS,
        record=[*PATHS, *TRUTHS],
        **facts,
        **sizes,
    )


def _literal(value: Any) -> str:
    return repr(value) if isinstance(value, str) else _text(value)


PYTHON = {
    "answers": """\
{start}
from experiments.analysis.deal.draft_responses import reasons

table = reasons(parameters, seed={seed})["contribution"].to_series()
""",
    "turning": """\
{start}
from experiments.analysis.deal.draft_responses import turning_points

table = turning_points(parameters, "ukraine", seed={seed}).to_dataframe()
""",
    "zone": """\
from experiments import grid, sweep
from experiments.analysis.deal.draft_responses import months_to_the_answer
from experiments.analysis.deal.agreement_zones import agreement
{start}
design = grid(ownership_share={points}, guarantee_strength={points})
design = design.with_base({preset!r}{held}, talks="fixed")
months = months_to_the_answer(parameters)
table = agreement(sweep(design, replicates={map_worlds}, months=months, seed={seed})).to_dataframe()
""",
    "futures": """\
from model import GeopoliticalEconomy
from experiments.analysis import quantile_bands
{start}
record = {record}
choices = dict(worlds={worlds}, months={months}, rng={seed}, record=record, precision="single")
runs = GeopoliticalEconomy(parameters, **choices).run()
table = quantile_bands.bands(runs["price_magnet_united_states"]).to_dataframe()
""",
    "trade": """\
from experiments.analysis.trade_flows import observe, trade_table
{start}
table = trade_table(observe(parameters, {date!r}, worlds={trade_worlds}, seed={seed}))
""",
    "countries": """\
from experiments.analysis.deal.deal_effects import with_and_without
{start}
effects = with_and_without({{"deal": parameters}}, {country_worlds}, {months}, {seed})
table = effects.to_dataframe()
""",
}


def csv_of(name: str, tables: Tables) -> str:
    """The numbers of a calculation, as text of commas: a row per number or per point."""
    if name == "futures":
        return str(_futures(tables).to_csv())
    if name == "answers":
        table = tables["reasons"]["contribution"].to_dataframe().dropna(subset=["contribution"])
    elif name == "turning":
        table = pd.concat({who: each.to_dataframe() for who, each in tables.items()}, names=["country"])
    elif name == "trade":
        table = tables["trade"].set_index(["material", "exporter", "importer"])
    else:
        table = tables["agreement" if name == "zone" else "effects"].to_dataframe()
    return str(table.to_csv())


def _futures(tables: Tables) -> pd.DataFrame:
    """A row per variable and month: the quantiles of fans, and of truths the share of worlds with its interval."""
    rows = []
    for name in PATHS:
        wide = tables[name].to_series().unstack("quantile")
        rows.append(wide.rename(columns=lambda q: f"quantile_{q:g}").assign(variable=name))
    for name in TRUTHS:
        rows.append(tables[name][["mean", "low", "high"]].to_dataframe().assign(variable=name))
    return pd.concat(rows).reset_index().set_index(["variable", "month"])
