"""Monthly price series of a user, forecast one, three and twelve months ahead by the model and by two random walks.

The model's forecast knows nothing but the series itself: the price of the month, moved by what the last change and
the change over a year foretell in the model's own worlds (`change_coefficients`). So a series of any years can be
scored, and no act or price of later months is known beforehand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from experiments.validation.forecast_scores import diebold_mariano
from experiments.validation.market_replay import CRISIS, WORLDS, replayed
from experiments.validation.user_prices import MARKETS, PLACES, YEARS, Price
from model.array_axes import Floats

HISTORY = 12
"""Months before the first forecast: the change over a year must be known."""
FEWEST = {1: 24, 3: 24, 12: 60}
"""Months ahead -> forecasts from which on they are scored; those twelve months ahead overlap by eleven."""
NEEDED = {ahead: HISTORY + count + ahead for ahead, count in FEWEST.items()}
"""Months ahead -> months without a gap that this takes."""
RIVALS = {"random walk": 0.0, "random walk + 1/4 of the last change": 0.25}
"""Naive forecast -> part of the last change that goes on.

Monthly means of a random walk in continuous time have a correlation of 1/4 between neighbouring changes (Working 1960).
"""
SIGNIFICANCE = 0.05
"""One-sided p below which a smaller error counts as skill."""


@dataclass(frozen=True)
class MonthlySeries:
    """The longest part without a gap of a series of months."""

    name: str  #: element or material, market and kind of price, in words
    material: str
    market: str
    first: pd.Period
    logs: Floats  #: log prices (month,)
    given: int  #: months of the whole series

    @property
    def span(self) -> str:
        """First and last month, in words."""
        return f"{self.first} to {self.first + len(self.logs) - 1}"


def monthly_series(prices: Iterable[Price]) -> list[MonthlySeries]:
    """Series by element, market and kind; days of a month are averaged, years and quarters left out."""
    days: dict[tuple[str, str, str, str], dict[pd.Period, list[float]]] = {}
    for price in prices:
        if "Q" not in price.date and len(price.date) > len("2011"):
            months = days.setdefault((price.name, price.material, price.market, price.kind), {})
            months.setdefault(pd.Period(price.date[:7], "M"), []).append(price.value)
    return [_without_gap(*label, months) for label, months in days.items()]


def _without_gap(
    name: str, material: str, market: str, kind: str, months: Mapping[pd.Period, Sequence[float]]
) -> MonthlySeries:
    """The longest part without a gap, the latest of several."""
    known = sorted(months)
    parts = np.split(np.arange(len(known)), np.flatnonzero(np.diff([month.ordinal for month in known]) > 1) + 1)
    kept = [known[at] for at in max(reversed(parts), key=len)]
    logs = np.log([np.mean(months[month]) for month in kept])
    return MonthlySeries(f"{name} {PLACES[market]} ({kind})", material, market, kept[0], logs, len(known))


def recent_changes(logs: Floats, ahead: int) -> Floats:
    """The last change and the change over a year at each month to forecast from, (month, ..., 2)."""
    now, before, year = logs[HISTORY:-ahead], logs[HISTORY - 1 : -ahead - 1], logs[: -ahead - HISTORY]
    return np.stack([now - before, now - year], axis=-1)


def coming_changes(logs: Floats, ahead: int) -> Floats:
    """What came: the change over the months `ahead` from each of these months on, (month, ...)."""
    result: Floats = logs[HISTORY + ahead :] - logs[HISTORY:-ahead]
    return result


def change_coefficients(material: str, market: str, worlds: int = WORLDS, seed: int = 0) -> dict[int, Floats]:
    """Months ahead -> what a last change and a change over a year of 1 add to the log price in the model, (2,).

    Least squares over all worlds and months of the quota crisis run on to 2024. Each month's mean over worlds is
    taken off first: what all worlds share, China's acts among it, is known in a replay and not beforehand.
    """
    logs = np.log(replayed(CRISIS, worlds, seed).series[MARKETS[market].format(material)])
    own = logs - logs.mean(axis=1, keepdims=True)
    pairs = {ahead: (recent_changes(own, ahead).reshape(-1, 2), coming_changes(own, ahead).ravel()) for ahead in FEWEST}
    return {ahead: np.linalg.lstsq(recent, coming, rcond=None)[0] for ahead, (recent, coming) in pairs.items()}


def series_scores(series: MonthlySeries, coefficients: Mapping[int, Floats]) -> list[dict[str, object]]:
    """One row per horizon that the series is long enough for (NEEDED) and rival; errors are of log prices.

    `skill` is 1 - ratio of mean squared errors, above zero where the model is better; `p` is that of
    `diebold_mariano`, and `result` says skill, no skill, or worse, which is skill of the rival.
    """
    rows: list[dict[str, object]] = []
    for ahead in (ahead for ahead in FEWEST if len(series.logs) >= NEEDED[ahead]):
        recent, coming = recent_changes(series.logs, ahead), coming_changes(series.logs, ahead)
        ours = (coming - recent @ coefficients[ahead]) ** 2
        for rival, part in RIVALS.items():
            theirs = (coming - part * recent[:, 0]) ** 2
            own, other = float(ours.mean()), float(theirs.mean())
            _, p = diebold_mariano(ours, theirs, ahead)
            errors = {"rmse_model": np.sqrt(own), "rival": rival, "rmse_rival": np.sqrt(other)}
            judged = {"skill": 1.0 - own / other if other > 0 else np.nan, "p": p, "result": _result(p)}
            rows.append({"series": series.name, "months_ahead": ahead, "forecasts": len(coming), **errors, **judged})
    return rows


def _result(p: float) -> str:
    return "skill" if p < SIGNIFICANCE else "worse" if p > 1.0 - SIGNIFICANCE else "no skill"


def monthly_scores(prices: Iterable[Price], worlds: int = WORLDS, seed: int = 0) -> tuple[pd.DataFrame, list[str]]:
    """Rows of `series_scores` for all series by the month, and a line or more in words for each of them."""
    rows, notes = [], []
    for series in monthly_series(prices):
        if len(series.logs) >= min(NEEDED.values()):
            coefficients = change_coefficients(series.material, series.market, worlds, seed)
            scored = series_scores(series, coefficients)
            rows += scored
            notes += [*_verdict(series, scored), _forecast_in_words(series, coefficients)]
        notes += _refusals(series)
    return pd.DataFrame(rows), notes


def _verdict(series: MonthlySeries, scored: Sequence[Mapping[str, object]]) -> list[str]:
    """Skill or none by horizon; skill is claimed only against both random walks. Which months tuning has seen."""
    results: dict[object, set[object]] = {}
    for row in scored:
        results.setdefault(row["months_ahead"], set()).add(row["result"])
    said = [f"{'skill' if each == {'skill'} else 'no skill'} at {_months(ahead)}" for ahead, each in results.items()]
    lines = [
        f"{series.name}, {series.span}: {', '.join(said)} (skill: better than both random walks, p < {SIGNIFICANCE:g})"
    ]
    seen = sum((series.first + at).year in YEARS[CRISIS] for at in range(len(series.logs)))
    if seen:
        years = f"{YEARS[CRISIS][0]} to {YEARS[CRISIS][-1]}"
        lines.append(f"{series.name}: {seen} of its months lie in {years}, on whose record the model was tuned")
    return lines


def _forecast_in_words(series: MonthlySeries, coefficients: Mapping[int, Floats]) -> str:
    """What the model adds to the price of the month, by horizon."""
    parts = [f"{last:+.2f} and {year:+.2f} at {_months(ahead)}" for ahead, (last, year) in coefficients.items()]
    return f"{series.name}: the model adds of the last change and of that over a year {', '.join(parts)}"


def _refusals(series: MonthlySeries) -> list[str]:
    """For which horizons the series is too short or has too many gaps, and what they need."""
    refused = [ahead for ahead in FEWEST if len(series.logs) < NEEDED[ahead]]
    length, gaps = len(series.logs), series.given - len(series.logs)
    lines = []
    if refused:
        ahead = _listed([_months(ahead) for ahead in refused])
        needs = _listed([str(NEEDED[ahead]) for ahead in refused])
        has = f"{'the longest part' if gaps else 'it'} has {length} ({series.span})"
        lines.append(f"{series.name} is not scored at {ahead}: needs {needs} months without a gap, {has}")
    if gaps and len(refused) < len(FEWEST):
        lines.append(f"{series.name}: {gaps} months before or after a gap left out")
    return lines


def _listed(words: Sequence[str]) -> str:
    return " and ".join([*filter(None, [", ".join(words[:-1])]), words[-1]])


def _months(ahead: object) -> str:
    return f"{ahead} month{'s' * (ahead != 1)}"
