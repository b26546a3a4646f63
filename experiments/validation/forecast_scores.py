"""Scores of a forecast, the naive forecasts it has to beat, and the test of whether it does."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from itertools import accumulate

import numpy as np
from scipy.special import stdtr

from model.array_axes import Floats

Forecast = Callable[[int], Floats]
"""Year, or index in a series -> log prices, one per member of the ensemble."""

DRAWS = 2000
"""Members of a naive forecast that is a distribution."""


def crps(ensemble: Floats, value: float) -> float:
    """Continuous ranked probability score of an ensemble, smaller is better: E|X - y| - E|X - X'|/2.

    Gneiting and Raftery (2007). In the unit of the ensemble; for one member it is the absolute error.
    """
    ordered = np.sort(ensemble)
    count = len(ordered)
    spread = float((ordered * (2 * np.arange(1, count + 1) - count - 1)).sum()) / count**2
    return float(np.abs(ensemble - value).mean()) - spread


def mean_crps(forecast: Forecast, points: Collection[int], logs: Mapping[int, float]) -> float:
    """Mean score of a forecast over some points of a series of logs."""
    return sum(crps(forecast(point), logs[point]) for point in points) / len(points)


def score_row(series: str, count: int, ours: float, rival: str, theirs: float) -> dict[str, object]:
    """One comparison; skill is 1 - ours/theirs, above zero where the model is better, -inf beside a perfect rival."""
    skill = round(1.0 - ours / theirs, 3) if theirs > 0 else -np.inf
    scores = {"crps_model": round(ours, 3), "rival": rival, "crps_rival": round(theirs, 3)}
    return {"series": series, "points": count, **scores, "skill": skill, "result": "better" if skill > 0 else "WORSE"}


def diebold_mariano(ours: Floats, theirs: Floats, horizon: int) -> tuple[float, float]:
    """Statistic and one-sided p (0-1) of the losses (forecast,) of two forecasts; small p: `ours` are the smaller.

    Diebold and Mariano (1995) with the correction for small samples of Harvey, Leybourne and Newbold (1997). Forecasts
    `horizon` points ahead overlap, so the variance counts covariances up to lag horizon - 1; where that estimate is
    not above zero, which happens in short series, nothing can be said and both are NaN.
    """
    gaps = ours - theirs
    count, centred = len(gaps), gaps - gaps.mean()
    covariances = [float(centred[lag:] @ centred[: count - lag]) / count for lag in range(horizon)]
    variance = (covariances[0] + 2.0 * sum(covariances[1:])) / count
    if variance <= 0.0:
        return np.nan, np.nan
    correction = (count + 1 - 2 * horizon + horizon * (horizon - 1) / count) / count
    statistic = float(gaps.mean() * np.sqrt(correction / variance))
    return statistic, float(stdtr(count - 1, statistic))


def normal_draws(seed: int, steps: int = 1) -> Floats:
    """Standard normal draws of the naive forecasts, (member, step)."""
    return np.random.default_rng(seed).standard_normal((DRAWS, steps))


def yearly_rivals(logs: Mapping[int, float], scored: Collection[int], draws: Floats) -> dict[str, Forecast]:
    """Naive forecasts of yearly log prices; `logs` is the whole record by year, `scored` the years forecast.

    All but the last know the record up to the year before: no change, AR(1) in logs fitted to all years
    that are not scored, the base rate of those years. `last year's price` knows more: each year the one before.
    """
    known = max(year for year in logs if year < min(scored))
    others = {year: log for year, log in logs.items() if year not in scored}
    rates = np.array(list(others.values()))
    first = np.full(len(draws), logs[known])
    paths = autoregressive_paths(autoregression(neighbours(others)), first, draws)
    return {
        f"no change since {known}": lambda year: np.array([logs[known]]),
        "AR(1) in logs": lambda year: paths[year - known - 1],
        "base rate": lambda year: rates,
        "last year's price": lambda year: np.array([logs[max(earlier for earlier in logs if earlier < year)]]),
    }


def neighbours(logs: Mapping[int, float]) -> Floats:
    """Logs of neighbouring points or years, (pair, 2)."""
    return np.array([(logs[point], logs[point + 1]) for point in logs if point + 1 in logs])


def autoregression(pairs: Floats) -> tuple[float, float, float]:
    """Mean, slope and noise of x' = m + a(x - m) + s e, by least squares on pairs of neighbours."""
    now, then = pairs.T
    slope = float(np.clip(np.polyfit(now, then, 1)[0], 0.0, 0.99)) if np.ptp(now) > 0 else 0.0
    rest = then - slope * now
    return float(rest.mean()) / (1.0 - slope), slope, float(rest.std())


def autoregressive_paths(process: tuple[float, float, float], first: Floats, draws: Floats) -> list[Floats]:
    """Steps of AR(1) from `first` (member,), one array per column of `draws` (member, step)."""
    level, slope, noise = process
    steps = accumulate(draws.T, lambda now, step: level + slope * (now - level) + noise * step, initial=first)
    return list(steps)[1:]
