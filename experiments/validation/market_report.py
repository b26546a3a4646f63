"""How the market's replays compare with the record: the pass matrix, and scores against naive forecasts.

`subsoil validate market` prints both. A pattern is passed when the median of the worlds lies inside
its tolerance, fixed before anything was run. Lines marked H were not used in tuning (see `calibration`) but printed
several times while the model was finished, so they are no longer blind: after the first look an error of arithmetic
in routing, the leak of licences at wide gaps and China's cost of breach were changed, none to suit a line; ore past
the quotas (P4 missed and still does), the shift to dearer material and entrants that fail on credit came in later,
each from a figure on record; and competitive storage took the place of stocks that follow the price. After each change
the parameters were tuned again on the lines marked C; the price gap of January 2026 (P11) came inside with one of these
and is a miss again with the last.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from experiments.analysis.run_worlds import outcomes
from experiments.validation import entrants_and_restrictions as behaviour
from experiments.validation import forecast_scores as scores
from experiments.validation.market_replay import CRISIS, LICENCES, WORLDS, replayed, run_replay
from experiments.validation.pass_matrix import PatternLine, pass_matrix
from experiments.validation.price_record import yearly_prices
from experiments.validation.recorded_market_patterns import HELD_OUT, TABLE, TUNED
from model import Parameters, data
from model.parameters.declaration import Value

BEFORE_2030 = 60
"""Months from January 2025 to January 2030."""
BAR = 0.7
"""Part of the held-out lines that must pass; stated before the first look."""
EDGE = (
    "on the edge of its tolerance: with other seeds the median falls on the other side. Storers who know what is short "
    "pay early what they expect of it, so that prices climb from 2009 on and the top is broad"
)
CAUSES = {
    "log peak over January 2009, heavy": EDGE,
    "log peak over January 2009, magnet": EDGE,
    "months from the cut to the peak, heavy": (
        "in half of the worlds the highest month is one of autumn 2010, when customs let out a fifth of the usual "
        "amount: a sharp month that the record, in yearly and quarterly means, does not show"
    ),
    "fall end 2011-2012, magnet": EDGE,
    "fall end 2011-2015, magnet": EDGE,
    "fall end 2011-2012, heavy": (
        "by the end of 2011 stocks of heavy material abroad are down to ten days of use, so that none are sold off "
        "when the fear is over, and users replace at most a tenth of their demand a year: the price falls by three "
        "tenths, not by half. On record those who had bought too much in 2011 sold"
    ),
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
        "the model's gap opens at once, fourfold in two months, and is two thirds closed by January 2026: licences "
        "let through the normal amount again, and those abroad use less than that and restock. Europe's assessments "
        "stayed high on few deals. The year's volume-weighted price of exports was 4 % above China's own (table "
        "prices, adamas_2026). A longer memory of cut-offs would keep it open; it is not tuned on a line held out"
    ),
}
"""Line -> why the model misses it, where it does."""
SERIES = {"Nd": "magnet", "Dy": "heavy", "Ce": "bulk"}
"""Element of the price table -> material of the model."""
YEARS = range(2010, 2017)
"""Years scored in the quota crisis; 2009 is the last that a forecast knows."""


def market_table(worlds: int = WORLDS, seed: int = 0) -> pd.DataFrame:
    """The pass matrix of the market, see `PatternLine`: measured is the median of `worlds`."""
    lines = [pattern.line(pattern.read(replayed(pattern.replay, worlds, seed))) for pattern in [*TUNED, *HELD_OUT]]
    gradient = [line.measured for line in lines if line.pattern == "P8"]
    in_order = float(gradient == sorted(gradient))
    order = PatternLine("P8", "C", "mines < separation < magnets", "0/1", 1.0, np.inf, in_order, given=True, note=TABLE)
    run = outcomes(Parameters(), worlds, BEFORE_2030, seed)
    none_mined = float(np.isnan(run["first_output_month"]).mean())
    slow = PatternLine("P18", "H", "runs without Ukrainian output before 2030", "share", 0.9, np.inf, none_mined)
    return pass_matrix([*lines, order, slow])


def skill_table(worlds: int = WORLDS, seed: int = 0) -> pd.DataFrame:
    """CRPS of log prices, model against naive forecasts, one row per series and rival; skill above zero is better.

    The model runs freely from January 2008 with China's acts known and prices unknown; for what its rivals know see
    `yearly_rivals`. Some prices of Nd and Dy are in the patterns tuned on; none of Ce is, and none of 2025.
    """
    replay = replayed(CRISIS, worlds, seed)
    draws = scores.normal_draws(seed, len(YEARS))
    rows: list[dict[str, object]] = []
    for element, material in SERIES.items():
        record = yearly_prices(element)
        years = [year for year in YEARS if year in record]
        logs = {year: float(np.log(value)) for year, (_, value) in record.items()}
        first = {year: "01" if record[year][0] == "average" else "12" for year in years}
        prices = {year: replay.between(f"price_{material}", f"{year}-{first[year]}", f"{year}-12") for year in years}
        modelled = {year: np.log(price.mean(axis=0)) for year, price in prices.items()}
        ours = scores.mean_crps(modelled.__getitem__, years, logs)
        for rival, forecast in scores.yearly_rivals(logs, YEARS, draws).items():
            theirs = scores.mean_crps(forecast, years, logs)
            rows.append(scores.score_row(f"{element} {years[0]}-{years[-1]}", len(years), ours, rival, theirs))
    return pd.DataFrame([*rows, *_licence_scores(worlds, seed)])


def _licence_scores(worlds: int, seed: int) -> list[dict[str, object]]:
    """Dysprosium of 2025: Europe's assessments of April and May, and the year's mean in China."""
    replay = replayed(LICENCES, worlds, seed)
    europe, china = {"market": "europe", "basis": "import"}, {"market": "china", "basis": "domestic"}
    record = {
        "Dy Europe 2025-04": ("price_heavy", ("2025-04", "2025-04"), europe | {"date": "2025-04-06"}),
        "Dy Europe 2025-05": ("price_heavy", ("2025-05", "2025-05"), europe | {"date": "2025-05-06"}),
        "Dy China 2025": ("home_price_heavy", ("2025-01", "2025-12"), china | {"date": "2025"}),
    }
    before = np.log(data.value("prices", element="Dy", date="2024", date_type="annual_average"))
    logs = {year: float(np.log(value)) for year, (_, value) in yearly_prices("Dy").items()}
    process = scores.autoregression(scores.neighbours({year: log for year, log in logs.items() if year not in YEARS}))
    draws = scores.normal_draws(seed)
    rivals = {
        "no change since 2024": np.array([before]),
        "AR(1) in logs": scores.autoregressive_paths(process, np.full(len(draws), before), draws)[0],
        "base rate": np.array(list(logs.values())),
    }
    rows = []
    for name, (series, months, where) in record.items():
        actual = float(np.log(data.value("prices", element="Dy", **where)))
        ours = scores.crps(np.log(replay.between(series, *months).mean(axis=0)), actual)
        theirs = {rival: scores.crps(ensemble, actual) for rival, ensemble in rivals.items()}
        rows += [scores.score_row(name, 1, ours, *rival) for rival in theirs.items()]
    return rows


def tuned_lines_with(changes: Mapping[str, Value], worlds: int = WORLDS, seed: int = 0) -> pd.DataFrame:
    """The quota crisis's lines used in tuning with some parameters changed, beside the default on the same draws.

    Columns: `from` and `to` of the tolerance, `default` and `changed` medians, and whether each of these passes.
    """
    changed = run_replay(CRISIS, worlds, seed=seed, values=changes)
    rows = {}
    for pattern in (pattern for pattern in TUNED if pattern.replay == CRISIS):
        lines = [pattern.line(pattern.read(run)) for run in (replayed(CRISIS, worlds, seed), changed)]
        limits = {"from": pattern.low, "to": pattern.high}
        medians = {name: line.measured for name, line in zip(("default", "changed"), lines, strict=True)}
        passes = {f"{name} passes": line.passed for name, line in zip(medians, lines, strict=True)}
        rows[f"{pattern.name} {pattern.meaning}"] = limits | medians | passes
    return pd.DataFrame.from_dict(rows, orient="index")


def report(worlds: int = WORLDS, seed: int = 0) -> list[str | pd.DataFrame]:
    """Why misses miss, the scores, and what the market's actors do by themselves, to be printed one by one."""
    matrix = market_table(worlds, seed)
    missed = matrix.loc[~matrix["passed"], ["pattern", "meaning"]].to_numpy()
    causes = [f"{line} {meaning}: {CAUSES.get(meaning, 'cause not known')}" for line, meaning in missed]
    entrants, restrictions = behaviour.entrants_table(worlds, seed), behaviour.restrictions_table(worlds, seed)
    scored = [skill_table(worlds, seed), behaviour.ENTRANTS_HEAD, entrants.reset_index()]
    shares = [behaviour.PROJECTIONS_HEAD, behaviour.projections_table(worlds, seed).reset_index()]
    return [*causes, *scored, behaviour.RESTRICTIONS_HEAD, restrictions.reset_index(), *shares]
