"""The smallest change of one term or assumption, or of two, that breaks a deal or makes both sign one."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from experiments.analysis.robust_deals.outcomes_by_deal import answers_of, design_dims, design_rows, worlds_by_row
from experiments.analysis.sensitivity.bootstrap import LEVEL, resample_counts
from experiments.designs.builders import from_table
from experiments.designs.design import LABELS, Design
from experiments.errors import InputError
from model.array_axes import Floats
from model.parameters.table import DECLARATIONS, Parameters
from model.record.variables import NAMES
from model.states.reasons import SIGNATORIES

COLUMNS = ("input", "now", "needed", "low", "high", "size", "sure", "refuses", "seen_at")


ROUNDING = 1e-12
"""What a share must fall short of a threshold by to be below it."""


@dataclass(frozen=True, eq=False)
class Changes:
    """Rows that differ from a deal as assumed in at most two inputs; each row's answers are (replicate,)."""

    moved: tuple[tuple[str, ...], ...]  #: names of what differs, by row; empty in the row as assumed
    values: tuple[tuple[Any, ...], ...]  #: what they are there
    now: Mapping[str, Any]  #: what every input of the rows is as assumed
    answers: Mapping[str, Floats]  #: 0/1 by signatory, (row, replicate), NaN unknown
    loss: (
        Floats  #: what those who lose by signing lose together in the mean, 0 or less, (row,), percent of Ukraine's GDP
    )

    @property
    def sizes(self) -> Floats:
        """Size of each row's change: the sum of its parts, each in units of the range of its input; a word counts 1."""
        pairs = zip(self.moved, self.values, strict=True)
        return np.array([sum(map(self._size, names, values)) for names, values in pairs], dtype=np.float64)

    def _size(self, name: str, value: Any) -> float:
        return 1.0 if DECLARATIONS[name].choices else abs(in_ranges(name, float(value) - float(self.now[name])))

    def margins(self, counts: Floats, threshold: float, fills: bool) -> Floats:
        """How far each row is beyond breaking the deal, or with `fills` beyond both signing; (resample, row).

        0 or more where it does it, NaN where unknown, for replicates taken `counts` (resample, replicate) times.
        """
        ukraine, united_states = self.answers.values()
        if fills:
            return _means(ukraine * united_states, counts) - threshold
        least = np.minimum(_means(ukraine, counts), _means(united_states, counts))
        return np.asarray(threshold - least - ROUNDING)

    def both_sign(self) -> Floats:
        """The share of worlds in which both sign, by row; NaN unknown."""
        return self.margins(np.ones((1, self.answers["ukraine"].shape[1])), 0.0, True)[0]


def in_ranges(name: str, change: float) -> float:
    """A change of a number in units of the range of its parameter."""
    return change / (DECLARATIONS[name].high - DECLARATIONS[name].low)


def _means(worlds: Floats, counts: Floats) -> Floats:
    """Means over the replicates known, each taken so many times: (resample, row)."""
    known = ~np.isnan(worlds)
    weight = counts @ known.T
    return np.asarray(counts @ np.where(known, worlds, 0.0).T / np.where(weight > 0, weight, np.nan))


def single_changes(base: Parameters, names: Sequence[str], levels: int) -> Design:
    """The deal as assumed, and each of `names` alone at its other words, or so many levels to either end of its range.

    Levels stand the closer the nearer they are to what is assumed, since the smallest change is sought.
    """
    moves = [(name, value) for name in names for value in _levels(base, name, levels)]
    return _design(base, names, [(), *((move,) for move in moves)])


def pair_changes(base: Parameters, names: Sequence[str], levels: int) -> Design:
    """The deal as assumed, and every two of `names` together, each at so many levels to either end of its range."""
    moves = {name: [(name, value) for value in _levels(base, name, levels)] for name in names}
    pairs = itertools.combinations(names, 2)
    return _design(base, names, [(), *(two for a, b in pairs for two in itertools.product(moves[a], moves[b]))])


def _levels(base: Parameters, name: str, levels: int) -> list[Any]:
    declared, now = DECLARATIONS[name], plain(base, name)
    if declared.choices:
        return [word for word in declared.choices if word != now]
    steps = (np.arange(1, levels + 1) / levels) ** 2
    spread = np.concatenate([now + (end - now) * steps for end in (declared.low, declared.high)])
    spread = np.clip(spread, declared.low, declared.high)  # an end may be missed by rounding
    return [float(value) for value in np.unique(np.round(spread) if declared.integer else spread) if value != now]


def _design(base: Parameters, names: Sequence[str], rows: Sequence[Sequence[tuple[str, Any]]]) -> Design:
    columns = {name: [dict(row).get(name, plain(base, name)) for row in rows] for name in names}
    return from_table(columns)


def plain(parameters: Parameters, name: str) -> Any:
    """The one value of a parameter."""
    value = np.asarray(getattr(parameters, name))
    return str(value) if DECLARATIONS[name].choices else float(value)


def changes_from(results: xr.Dataset, base: Mapping[str, Any]) -> Changes:
    """The rows of a sweep that differ from `base` in at most two inputs.

    Inputs that `base` does not name are as in the preset. Raises InputError if no row is as assumed, or no other near.
    """
    from model.parameters.presets import preset

    answers = answers_of(results)
    rows = {name: each for name, each in design_rows(answers).items() if name not in LABELS}
    usual = preset(str(results.attrs["preset"]))
    now = {name: base.get(name, plain(usual, name)) for name in rows}
    other = {name: ~np.isclose(each, now[name]) if each.dtype.kind in "fiu" else each != now[name]
             for name, each in rows.items()}  # fmt: skip
    if not other:
        raise InputError("nothing varies in these results, so that no change can be told from them")
    count = np.sum(list(other.values()), axis=0)
    if not (count == 0).any():
        wanted = ", ".join(f"{name} {value:.4g}" if isinstance(value, float) else f"{name} {value}"
                           for name, value in now.items())  # fmt: skip
        raise InputError(f"no row of the store is the deal as assumed: {wanted}")
    near = np.flatnonzero(count <= 2)
    if len(near) < 2:
        raise InputError("no row of the store differs from the deal as assumed in one input or two")
    near = near[np.argsort(count[near], kind="stable")]
    moved = tuple(tuple(name for name in rows if other[name][row]) for row in near)
    values = tuple(tuple(rows[name][row].item() for name in names) for row, names in zip(near, moved, strict=True))
    dims = design_dims(answers)
    said = {who: worlds_by_row(answers[f"{who}_accepts"], dims)[near] for who in SIGNATORIES}
    gains = answers["deal_gain"].mean("replicate").clip(max=0)
    loss = gains.sum("signatory", skipna=False).transpose(*dims).values.ravel()[near]
    return Changes(moved, values, now, said, loss.astype(np.float64))


def smallest_changes(
    changes: Changes, threshold: float = 0.5, *, fills: bool = False, resamples: int = 200
) -> pd.DataFrame:  # fmt: skip
    """For each input alone the smallest change that breaks the deal, or `fills`: makes both sign; smallest first.

    A deal breaks where one of the two signs in less than `threshold` of worlds, and is filled where both sign in
    it. One row for each input that does it: `now`, `needed` (interpolated between the levels tried; of a word the
    word), its interval of 95 % `low` to `high` and the share of bootstrap resamples in which it does it at all,
    `sure`; `size` is the change in units of the range, a word counting 1; `refuses` the less willing of the two at
    `seen_at`, the first level that does it. Levels of which no answer is known say neither. Raises InputError where
    the deal is broken, or signed, as it is assumed already, or that is not known.
    """
    worlds = changes.answers["ukraine"].shape[1]
    margin = changes.margins(np.ones((1, worlds)), threshold, fills)[0]
    if not margin[0] < 0:
        state = "not known" if np.isnan(margin[0]) else "signed by both" if fills else "refused by one"
        raise InputError(f"with all as assumed the deal is {state}, so that no change from there can be told")
    draws = changes.margins(resample_counts(worlds, resamples), threshold, fills)
    rows = []
    for name in dict.fromkeys(names[0] for names in changes.moved if len(names) == 1):
        own = np.array([0, *(at for at, moved in enumerate(changes.moved) if moved == (name,))])
        if DECLARATIONS[name].choices:
            for at in own[1:][margin[own[1:]] >= 0]:
                sure = float(np.mean(draws[:, at] >= 0))
                rows.append(_row(changes, name, int(at), changes.values[at][0], 1.0, (np.nan, np.nan), sure))
            continue
        levels = np.array([changes.now[name], *(changes.values[at][0] for at in own[1:])], dtype=np.float64)
        needed, seen = _crossing(levels, margin[own])
        if np.isnan(needed):
            continue
        resampled = np.array([_crossing(levels, each[own])[0] for each in draws])
        turned = resampled[~np.isnan(resampled)]
        interval = tuple(np.quantile(turned, LEVEL)) if turned.size else (np.nan, np.nan)
        size = abs(in_ranges(name, needed - levels[0]))
        rows.append(_row(changes, name, int(own[seen]), needed, size, interval, turned.size / resamples))
    return pd.DataFrame(rows, columns=list(COLUMNS)).sort_values("size", kind="stable", ignore_index=True)


def _row(changes: Changes, name: str, at: int, needed: Any, size: float, interval: Any, sure: float) -> tuple[Any, ...]:
    """One row of the table of smallest changes."""
    shares = [float(np.nanmean(each[at])) for each in changes.answers.values()]
    who = NAMES[list(changes.answers)[int(np.argmin(shares))]]
    return (name, changes.now[name], needed, *interval, size, sure, who, changes.values[at][0])


def _crossing(levels: Floats, margin: Floats) -> tuple[float, int]:
    """The level nearest to the first at which a margin reaches nought, interpolated, and the index where it is seen.

    Levels with an unknown margin (NaN) are passed over; NaN where no level reaches it or the first is unknown.
    """
    order = np.argsort(levels, kind="stable")
    order = order[~np.isnan(margin[order])]
    best, start = (np.nan, 0), np.flatnonzero(order == 0)
    for path in (part for at in start for part in (order[at:], order[at::-1])):
        reached = np.flatnonzero(margin[path] >= 0)
        if not reached.size:
            continue
        before, after = path[max(reached[0] - 1, 0)], path[reached[0]]
        gap = margin[after] - margin[before]
        share = -margin[before] / gap if gap > 0 else 0.0
        needed = float(levels[before] + (levels[after] - levels[before]) * share)
        if not abs(needed - levels[0]) >= abs(best[0] - levels[0]):
            best = needed, int(after)
    return best


def smallest_pair(changes: Changes, threshold: float = 0.5) -> dict[str, Any] | None:
    """The smallest change of two inputs together, of those tried, with which both sign in `threshold` of worlds."""
    both = changes.both_sign()
    fit = [at for at, names in enumerate(changes.moved) if len(names) == 2 and both[at] >= threshold]
    if not fit:
        return None
    at = min(fit, key=lambda row: changes.sizes[row])
    parts = zip(changes.moved[at], changes.values[at], strict=True)
    moves = [{"input": name, "now": changes.now[name], "needed": value} for name, value in parts]
    return {"moves": moves, "size": float(changes.sizes[at]), "both_sign": float(both[at])}


def most_helpful(changes: Changes, count: int) -> list[str]:
    """The inputs that alone make the loss of those who lose by signing smallest, at the best of their levels."""
    best: dict[str, float] = {}
    for names, loss in zip(changes.moved, changes.loss.tolist(), strict=True):
        if len(names) == 1 and loss > max(best.get(names[0], -np.inf), changes.loss[0]):
            best[names[0]] = loss
    return sorted(best, key=lambda name: -best[name])[:count]
