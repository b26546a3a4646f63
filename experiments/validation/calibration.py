"""Tune the market's parameters on the patterns marked C, and on nothing else; patterns held out are not read here.

Run `python -m experiments.validation.calibration`: a Latin hypercube over `RANGES`, then differential evolution (Storn
and Price 1997) from its best points. The miss of a line is how many half widths of its tolerance the median over
replicates lies from the middle; a point's score is the mean of what its misses are above `EDGE`, with a little of the
mean miss, so that one line out of reach does not decide for the others. News stand at the moments of 2013-2016 and the
storage response at its source: with the elasticities they are one scale factor of monthly changes, but the height of a
price after a cut of known size tells the short one apart. The defaults in `model/parameters` are a point near the best,
rounded; of 2,740 points (`tune(everything=True)`) six pass twelve of the thirteen lines and none all. The lines tell
the short elasticity, and to a part the cover, the choke of magnet material and the response of mines; the others of
`RANGES` are found almost as wide among the good points as in the search, and stand where most lines pass.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import differential_evolution
from scipy.stats import qmc

from experiments.validation.market_replay import CRISIS, run_replay
from experiments.validation.pass_matrix import matrix_text, pass_matrix
from experiments.validation.recorded_market_patterns import TUNED
from model.array_axes import Floats
from model.parameters.declaration import Value

RANGES: dict[str, tuple[float, float]] = {
    "demand_elasticity": (0.08, 0.20),
    "long_run_elasticity": (0.5, 1.5),
    "cover_months": (1.0, 5.0),
    "expectation_gain": (0.1, 0.5),
    "licence_outlook": (1.0, 8.0),
    "magnet_choke": (300.0, 1100.0),
    "heavy_choke": (2000.0, 5000.0),
    "quota_shift": (0.0, 0.5),
    "mine_response": (0.02, 0.06),
}
"""Parameter -> range searched: the prior, inside the range allowed."""

UNIDENTIFIED: dict[str, tuple[float, float]] = {
    "hoarding": (0.0, 3.0),
    "licence_leak": (0.0, 0.5),
    "cut_off_memory": (0.7, 0.99),
    "storage_response": (0.03, 0.3),
    "substitution_months": (6.0, 60.0),
}
"""Searched together with the others by `everything=True` and found as wide among the good points as in the search: left
at the prior value."""

PATTERNS = [pattern for pattern in TUNED if pattern.replay == CRISIS]
"""The patterns of tuning; the shares of 2024 (P8) stand in the tables and no parameter here moves them."""
NAMES = [f"{pattern.name} {pattern.meaning}" for pattern in PATTERNS]

AT_ONCE = 8000
"""Worlds run side by side."""
POPULATION, GENERATIONS = 40, 30
"""Points that evolve, and for how many generations."""
EDGE = 0.8
"""A miss, in half widths of the tolerance, from which on it counts fully: inside, so that another seed passes too."""
LITTLE = 0.02
"""Weight of the mean miss."""
BEST_SHARE = 0.02
"""Part of the points called good, by which the spread of each parameter is judged."""


@dataclass(frozen=True)
class Tuning:
    """What a search found: its points as those of `scored`, with the `round` of the search."""

    points: pd.DataFrame

    @property
    def chosen(self) -> pd.Series[float]:
        """The point with the best score of those that evolved."""
        evolved = self.points[self.points["round"] == 2]
        return evolved.loc[evolved["score"].idxmin()]

    @property
    def good(self) -> pd.DataFrame:
        """The points of the Latin hypercube with the smallest scores."""
        first = self.points[self.points["round"] == 1]
        return first.nsmallest(max(10, int(BEST_SHARE * len(first))), "score")

    def identified(self) -> pd.DataFrame:
        """Per parameter: chosen value, middle nine tenths of the good points, how far the patterns narrowed it.

        Where `narrowed` is near zero the patterns say nothing about the parameter and its value is a choice.
        """
        rows = []
        searched = {name: ends for name, ends in (RANGES | UNIDENTIFIED).items() if name in self.points}
        for name, (low, high) in searched.items():
            lowest, highest = self.good[name].quantile([0.05, 0.95])
            narrowed = 1 - (highest - lowest) / (0.9 * (high - low))
            rows.append((name, self.chosen[name], lowest, highest, low, high, narrowed))
        columns = ["parameter", "chosen", "good_5%", "good_95%", "searched_from", "searched_to", "narrowed"]
        return pd.DataFrame(rows, columns=columns).set_index("parameter")


def tune(
    points: int = 1500, replicates: int = 32, seed: int = 0, everything: bool = False, generations: int = GENERATIONS
) -> Tuning:
    """Search: `points` with so many `replicates` (round 1), then generations with three times as many (round 2)."""
    ranges = RANGES | (UNIDENTIFIED if everything else {})
    low, high = np.array(list(ranges.values())).T
    cube = low + (high - low) * qmc.LatinHypercube(len(ranges), rng=seed).random(points)
    first = scored(pd.DataFrame(cube, columns=list(ranges)), replicates).assign(round=1)
    rounds = [first]

    def score(generation: Floats) -> Floats:
        """Scores of a generation (parameter, point)."""
        rounds.append(scored(pd.DataFrame(generation.T, columns=list(ranges)), 3 * replicates).assign(round=2))
        return rounds[-1]["score"].to_numpy()

    differential_evolution(
        score, list(ranges.values()), init=first.nsmallest(POPULATION, "score")[list(ranges)].to_numpy(),
        maxiter=generations, vectorized=True, updating="deferred", polish=False, tol=0.0, rng=seed,
    )  # fmt: skip
    return Tuning(pd.concat(rounds, ignore_index=True))


def scored(points: pd.DataFrame, replicates: int) -> pd.DataFrame:
    """Points, a column per parameter, with `score`, `worst` miss, lines `passed` and the median of every pattern."""
    step = max(1, AT_ONCE // replicates)
    parts = [_medians(points[first : first + step], replicates) for first in range(0, len(points), step)]
    medians = np.concatenate(parts, axis=1)
    misses = np.stack([pattern.misses(median) for pattern, median in zip(PATTERNS, medians, strict=True)])
    score = np.maximum(misses - EDGE, 0.0).mean(axis=0) + LITTLE * misses.mean(axis=0)
    table = points.assign(score=score, worst=misses.max(axis=0), passed=(misses <= 1.0).sum(axis=0))
    return table.assign(**dict(zip(NAMES, medians, strict=True)))


def _medians(points: pd.DataFrame, replicates: int) -> Floats:
    """Median over replicates of every pattern, (pattern, point)."""
    count = len(points)
    values: dict[str, Value] = {str(name): np.repeat(points[name].to_numpy(), replicates) for name in points}
    same = np.tile(np.arange(replicates), count)
    replay = run_replay(CRISIS, count * replicates, replicates=same, values=values)
    return np.stack([np.median(pattern.read(replay).reshape(count, replicates), axis=1) for pattern in PATTERNS])


def report(tuning: Tuning) -> str:
    """The result of a search as text: best point, identifiability, how many points pass how much."""
    counts = tuning.points["passed"].value_counts().sort_index(ascending=False)
    chosen = tuning.chosen
    lines = [f"{len(tuning.points)} points, {len(PATTERNS)} pattern lines; points by lines passed:", counts.to_string()]
    lines += ["", f"chosen point: {int(chosen['passed'])} of {len(PATTERNS)} passed"]
    medians = chosen[NAMES].to_numpy(float)[:, None]
    matrix = pass_matrix(pattern.line(median) for pattern, median in zip(PATTERNS, medians, strict=True))
    return "\n".join([*lines, tuning.identified().round(3).to_string(), "", matrix_text(matrix)])


if __name__ == "__main__":
    print(report(tune()))
