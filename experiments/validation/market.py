"""How the market's replays compare with the record: the pass matrix, and scores against naive forecasts.

`python -m experiments.validation.market` prints both tables. A pattern is passed when the median of the
worlds lies inside its tolerance; tolerances were fixed before anything was run and misses are shown
like passes. Lines marked H were not used in tuning (see `calibration`). They were printed several
times while the model was being finished, so they are no longer blind: after the first look an error of
arithmetic in routing, the leak of licences at wide gaps and China's cost of breach were changed, none of
them to suit a line. Ore that slips past the quotas, tonnes that exporters shift to the dearer material and
entrants that fail on credit came in later, each from a figure on record, the first because P4 missed (it
still does). After each change the tuned parameters were searched again on the lines marked C; the price
gap of January 2026 (P11), a miss before, came inside with that.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.validation import chinese_export_restrictions as restrictions
from experiments.validation import entrant_survival as entrants
from experiments.validation.forecast_scores import (
    autoregression,
    autoregressive_paths,
    crps,
    mean_crps,
    neighbours,
    normal_draws,
    score_row,
    yearly_rivals,
)
from experiments.validation.market_patterns import CRISIS, HELD_OUT, LICENCES, TUNED, Pattern
from experiments.validation.price_record import yearly_prices
from experiments.validation.replay import Watched, watch
from model import GeopoliticalEconomy, data

Floats = NDArray[np.float64]
WORLDS = 200
LONG_CRISIS = 204
"""Months from January 2008 to December 2024."""

BEFORE_2030 = 60
"""Months from January 2025 to January 2030."""

BAR = 0.7
"""Part of the held-out lines that must pass; stated before the first look."""

CAUSES = {
    "quota used, months 12-30": (
        "buyers abroad still want nearly what the quota lets through: the model's imports fall from 66,000 t "
        "(smuggled ore in it) to 48,000 t, since users replace at most a tenth of their demand a year. On record they "
        "fell to between 20,000 and 40,000 t, most of it in lanthanum and cerium, whose users stopped buying"
    ),
    "China's mine share 2024, run on": (
        "with demand growing as in the default (2 and 5 % a year) the recorded rise of China's mining from "
        "105,000 t in 2016 to 270,000 t floods the market, entrants abroad fail and nobody takes their place. On "
        "record world output grew 7 % a year from 2008 on, and part of China's rise was unregistered mining taken "
        "into the quota"
    ),
    "price abroad over China's, January 2026": (
        "the model's gap opens as stocks are drawn, over half a year, and closes with restocking; Europe's "
        "assessments jumped within a month on few deals. The year's volume-weighted price of exports was 4 % above "
        "China's own (table prices, adamas_2026)"
    ),
}
"""Quantity -> why the model misses it, where it does."""

SERIES = {"Nd": ("magnet", "Nd"), "Dy": ("heavy", "Dy"), "Ce": ("bulk", "Ce")}
"""Score name -> material of the model, element of the price table."""

YEARS = range(2010, 2017)
"""Years scored in the quota crisis; 2009 is the last that a forecast knows."""


def validate(subject: str = "market", worlds: int = WORLDS, rng: int = 0) -> pd.DataFrame:
    """The pass matrix of a subject; there is `market`. Raises ValueError for any other."""
    if subject != "market":
        raise ValueError(f"unknown subject {subject!r}: known: market")
    return market_table(worlds, rng)


def market_table(worlds: int = WORLDS, rng: int = 0) -> pd.DataFrame:
    """One row per pattern line: use, quantity, median, middle four fifths of the worlds, tolerance, verdict, note."""
    replays = {CRISIS: replayed(CRISIS, worlds, rng), LICENCES: replayed(LICENCES, worlds, rng)}
    rows = [_row(pattern, pattern.read(replays[pattern.replay])) for pattern in [*TUNED, *HELD_OUT]]
    order = pd.DataFrame(rows)
    gradient = order[order["pattern"] == "P8"].set_index("quantity")["median"]
    stages = [gradient[f"China's {stage} share 2024"] for stage in _STAGES]
    in_order = pd.DataFrame(
        [_truth("P8", "C", "mines < separation < magnets", stages == sorted(stages), "start table")]
    )
    slow = pd.DataFrame([_slow_money(worlds, rng)])
    number = order["pattern"].str[1:].astype(int)
    table = pd.concat([order.assign(n=number), in_order.assign(n=8), slow.assign(n=18)])
    return table.sort_values(["use", "n"], kind="stable").drop(columns="n").reset_index(drop=True)


_STAGES = ("mine", "separation", "magnet")


@cache
def replayed(name: str, worlds: int, rng: int) -> Watched:
    """A replay in many worlds, run once; the quota crisis is carried on to the end of 2024."""
    return watch(name, worlds, rng=rng, months=LONG_CRISIS if name == CRISIS else None)


def _row(pattern: Pattern, values: Floats) -> dict[str, object]:
    low, middle, high = np.quantile(values, [0.1, 0.5, 0.9])
    return {
        "pattern": pattern.name,
        "use": pattern.use,
        "quantity": pattern.quantity,
        "median": round(float(middle), 3),
        "10%": round(float(low), 3),
        "90%": round(float(high), 3),
        "tolerance": f"{pattern.low:g} to {pattern.high:g}" if np.isfinite(pattern.high) else f"from {pattern.low:g}",
        "result": "pass" if pattern.low <= middle <= pattern.high else "MISS",
        "note": pattern.note,
        "given": pattern.given,
    }


def _truth(name: str, use: str, quantity: str, holds: bool, note: str) -> dict[str, object]:
    value = float(holds)
    shown = {"median": value, "10%": value, "90%": value, "tolerance": "holds", "result": "pass" if holds else "MISS"}
    return {"pattern": name, "use": use, "quantity": quantity, **shown, "note": note, "given": bool(note)}


def _slow_money(worlds: int, rng: int) -> dict[str, object]:
    """P18: part of the runs of the default in which no rare earths are mined in Ukraine before 2030."""
    model = GeopoliticalEconomy(worlds=worlds, months=BEFORE_2030, rng=rng, record="outcomes")
    model.simulate()
    none_mined = float(np.isnan(model.ukraine.first_output_month).mean())
    model.close()
    row = _truth("P18", "H", "runs without Ukrainian output before 2030", none_mined >= 0.9, "")
    return row | {"median": none_mined, "10%": none_mined, "90%": none_mined, "tolerance": "from 0.9"}


# Scores


def skill_table(worlds: int = WORLDS, rng: int = 0) -> pd.DataFrame:
    """CRPS of log prices, model against naive forecasts, one row per series and rival; skill above zero is better.

    The model runs freely from January 2008 with China's acts known and prices unknown. Its rivals know
    the record to 2009: no change; AR(1) in logs, fitted to all other years; the base rate of all other
    years. `last year's price` knows more than any of them: each year the price of the year before.
    Some prices of Nd and Dy are also in the patterns tuned on; no price of Ce is, and none of 2025.
    """
    watched = replayed(CRISIS, worlds, rng)
    draws = normal_draws(rng, len(YEARS))
    rows: list[dict[str, object]] = []
    for name, (material, element) in SERIES.items():
        record = yearly_prices(element)
        years = [year for year in YEARS if year in record]
        logs = {year: float(np.log(value)) for year, (_, value) in record.items()}
        modelled = {year: _modelled(watched, material, year, record[year][0]) for year in years}
        ours = mean_crps(modelled.__getitem__, years, logs)
        for rival, forecast in yearly_rivals(logs, YEARS, draws).items():
            theirs = mean_crps(forecast, years, logs)
            rows.append(score_row(f"{name} {years[0]}-{years[-1]}", len(years), ours, rival, theirs))
    return pd.DataFrame([*rows, *_licence_scores(worlds, rng)])


def _modelled(watched: Watched, material: str, year: int, kind: str) -> Floats:
    """Log price abroad in a year, by world: the mean of the months, or December."""
    name = f"price_{material}"
    return np.log(watched.year(name, year) if kind == "average" else watched.at(name, f"{year}-12"))


def _licence_scores(worlds: int, rng: int) -> list[dict[str, object]]:
    """Dysprosium of 2025: Europe's assessments of April and May, and the year's mean in China."""
    watched = replayed(LICENCES, worlds, rng)
    record = {
        "Dy Europe 2025-04": ("price_heavy", "2025-04", "2025-04", "2025-04-06"),
        "Dy Europe 2025-05": ("price_heavy", "2025-05", "2025-05", "2025-05-06"),
        "Dy China 2025": ("home_price_heavy", "2025-01", "2025-12", "2025"),
    }
    before = np.log(data.value("prices", element="Dy", date="2024", date_type="annual_average"))
    logs = {year: float(np.log(value)) for year, (_, value) in yearly_prices("Dy").items()}
    process = autoregression(neighbours({year: log for year, log in logs.items() if year not in YEARS}))
    draws = normal_draws(rng)
    rivals = {
        "no change since 2024": np.array([before]),
        "AR(1) in logs": autoregressive_paths(process, np.full(len(draws), before), draws)[0],
        "base rate": np.array(list(logs.values())),
    }
    rows = []
    for name, (series, first, last, date) in record.items():
        market = "europe" if "Europe" in name else "china"
        basis = "import" if market == "europe" else "domestic"
        actual = float(np.log(data.value("prices", element="Dy", date=date, market=market, basis=basis)))
        ours = crps(np.log(watched.between(series, first, last).mean(axis=0)), actual)
        rows += [score_row(name, 1, ours, rival, crps(ensemble, actual)) for rival, ensemble in rivals.items()]
    return rows


def verdict(table: pd.DataFrame) -> str:
    """One line: how many tuned and held-out lines pass, and whether the bar set beforehand is met (0.7 of H)."""
    counts = {use: (table[table["use"] == use]["result"] == "pass") for use in ("C", "H")}
    tuned, held = counts["C"], counts["H"]
    met = "met" if held.mean() >= BAR else "NOT met"
    free = table[(table["use"] == "H") & ~table["given"]]["result"] == "pass"
    return (
        f"tuned: {tuned.sum()} of {len(tuned)} pass; held out: {held.sum()} of {len(held)} pass, "
        f"bar of {BAR:.0%} {met}; of the {len(free)} held-out lines that no table or script puts in, {free.sum()} pass"
    )


def report(worlds: int = WORLDS, rng: int = 0) -> str:
    """Pass matrix, verdict, why misses miss, scores, the fate of entrants, and China's own restrictions, as text."""
    matrix = market_table(worlds, rng)
    missed = matrix[matrix["result"] == "MISS"]
    causes = [
        f"{row.pattern} {row.quantity}: {CAUSES.get(str(row.quantity), 'cause not known')}"
        for row in missed.itertuples()
    ]
    parts = [matrix.drop(columns="given").to_string(index=False), verdict(matrix), "\n".join(causes)]
    parts.append(skill_table(worlds, rng).to_string(index=False))
    parts += [entrants.report(worlds, rng), restrictions.report(worlds, rng)]
    return "\n\n".join(parts)


if __name__ == "__main__":
    print(report())
