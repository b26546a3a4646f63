"""Prices that a user brings, beside the replays: the model's interval, its score, and naive forecasts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from experiments.validation import forecast_scores as scores
from experiments.validation.market_replay import WORLDS, Panel, price_fans, replayed
from experiments.validation.price_record import days_of, level
from experiments.validation.user_prices import MARKETS, PLACES, Price
from model.array_axes import MATERIALS, Floats
from model.initial_state import PRICE_OF, PRICES_OF, read_start

BROUGHT = "brought by you"
FEWEST = 4
"""Points from which on AR(1) and the base rate are forecasts worth the name."""


def modelled_logs(price: Price, worlds: int = WORLDS, seed: int = 0) -> Floats:
    """The model's log price of what a price speaks of, (world,): the mean of its months.

    The model prices a material as the element that stands for it (PRICE_OF); another element is set to
    its own level by the record of the years of the first price, where there is one (see `level_notes`).
    """
    series = replayed(price.replay, worlds, seed).between(MARKETS[price.market].format(price.material), *price.months)
    result: Floats = np.log(series.mean(axis=0)) + np.log(_level(price) or 1.0)
    return result


def _level(price: Price) -> float | None:
    return 1.0 if price.name == price.material else level(price.name, price.start)


def level_notes(prices: Iterable[Price]) -> list[str]:
    """How elements are priced that do not themselves stand for their material, one line each."""
    notes = []
    for price in prices:
        standing = PRICE_OF[price.material]
        if price.name in (standing, price.material):
            continue
        factor, years = _level(price), "-".join(map(str, PRICES_OF[price.start]))
        priced = f"at {factor:.3g} times the model's {standing}" if factor else f"like the model's {standing}"
        why = f"the record of {years}" if factor else f"no yearly price of its own is on record for {years}"
        notes.append(f"{price.name} is priced {priced}: {why} ({price.replay})")
    return list(dict.fromkeys(notes))


def compare(prices: Iterable[Price], worlds: int = WORLDS, seed: int = 0) -> pd.DataFrame:
    """One row per price: the model's median, middle four fifths (USD/kg), CRPS of the log, and where the price lies.

    `below` is the part of worlds with a lower price (0-1), `inside` whether it lies in the middle four fifths.
    """
    rows = []
    for price in prices:
        logs = modelled_logs(price, worlds, seed)
        low, median, high = np.exp(np.quantile(logs, [0.1, 0.5, 0.9]))
        own, log = {name: getattr(price, name) for name in ("series", "date", "kind", "value")}, np.log(price.value)
        inside, below = bool(low <= price.value <= high), float((logs < log).mean())
        row = own | {"median": median, "10%": low, "90%": high, "inside": inside, "below": below}
        rows.append(row | {"crps_log": scores.crps(logs, float(log))})
    return pd.DataFrame(rows)


def skill(prices: Iterable[Price], worlds: int = WORLDS, seed: int = 0) -> pd.DataFrame:
    """CRPS of log prices, model against naive forecasts, one row per series and rival; skill above zero is better.

    The model and `the model's first price` know no price after the start; the others know more: no change from the
    first point; and, for FEWEST points or more, AR(1) in logs fitted to the whole series, and the base rate of all
    other points. A forecast that knows the first point is scored, like the model beside it, on the rest.
    """
    rows = []
    listed = list(prices)
    for series in dict.fromkeys(price.series for price in listed):
        rows += _series_skill(series, [price for price in listed if price.series == series], worlds, seed)
    return pd.DataFrame(rows)


def _series_skill(series: str, prices: Sequence[Price], worlds: int, seed: int) -> list[dict[str, object]]:
    logs = {index: float(np.log(price.value)) for index, price in enumerate(prices)}
    ours = [modelled_logs(price, worlds, seed) for price in prices]
    values, every, later = np.array(list(logs.values())), range(len(logs)), range(1, len(logs))
    start = read_start(prices[0].start).base_price[MATERIALS.index(prices[0].material)] * (_level(prices[0]) or 1.0)
    rivals: dict[str, tuple[range, scores.Forecast]] = {}
    rivals["the model's first price"] = every, lambda index: np.array([float(np.log(start))])
    if len(logs) > 1:
        rivals["no change from the first point"] = later, lambda index: values[:1]
    if len(logs) >= FEWEST:
        draws = scores.normal_draws(seed, len(logs) - 1)
        process = scores.autoregression(scores.neighbours(logs))
        paths = scores.autoregressive_paths(process, np.full(len(draws), logs[0]), draws)
        rivals["AR(1) in logs, fitted to it all"] = later, lambda index: paths[index - 1]
        rivals["base rate of the others"] = every, lambda index: np.delete(values, index)
    rows = []
    for rival, (points, forecast) in rivals.items():
        own, theirs = (scores.mean_crps(each, points, logs) for each in (ours.__getitem__, forecast))
        rows.append(scores.score_row(series, len(points), own, rival, theirs))
    return rows


def as_points(prices: Iterable[Price]) -> pd.DataFrame:
    """The prices as points of a figure (see `price_points`), at the level of the element the model prices."""
    rows = []
    for price in prices:
        factor = _level(price) or 1.0
        name = price.name if price.name != price.material else PRICE_OF[price.material]
        own = f"your series, {PLACES[price.market]}"
        row = {"element": name if factor == 1.0 else f"{name} / {factor:.3g}", "material": price.material}
        row |= {"date": price.date, **days_of(*price.days), "kind": _kind_of_point(price), "market": own, "basis": own}
        rows.append(row | {"abroad": price.market == "abroad", "value": price.value / factor, "use": BROUGHT})
    return pd.DataFrame(rows)


def _kind_of_point(price: Price) -> str:
    yearly = len(price.date) == len("2011")
    if price.kind == "end":
        return "year end" if yearly else "dated quote"
    return "average of a year" if yearly else "average of a quarter" if "Q" in price.date else "dated quote"


def user_panels(prices: Sequence[Price], worlds: int = WORLDS, seed: int = 0) -> list[Panel]:
    """Panels of a figure (see `replay_panels`) for the prices of one replay, one a material."""
    points = as_points(prices)
    return [
        (price_fans(prices[0].replay, str(material), worlds, seed), own)
        for material, own in points.groupby("material", sort=False)
    ]


def verdict(points: pd.DataFrame, skill: pd.DataFrame) -> str:
    """One line: how many prices lie within the middle four fifths, and how often the model scores better."""
    wins, inside = int((skill["result"] == "better").sum()), int(points["inside"].sum())
    return (
        f"{inside} of {len(points)} prices lie in the middle four fifths of the model's worlds (of a well calibrated "
        f"model, about {0.8 * len(points):.0f} would); scored better than the naive forecast in {wins} of "
        f"{len(skill)} comparisons, no better in {len(skill) - wins}"
    )
