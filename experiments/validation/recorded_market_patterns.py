"""The patterns of the market: what is on record, with its tolerance, and how a replay is read for it.

Patterns marked C may be used to tune; those marked H are looked at after tuning, by `market_report` alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from experiments.validation.market_replay import CRISIS, LICENCES, Replay
from experiments.validation.pass_matrix import PatternLine
from model.array_axes import Floats

Reading = Callable[[Replay], Floats]


@dataclass(frozen=True)
class Pattern:
    """An observed regularity: passed when the median of the worlds lies from `low` to `high` (see `PatternLine`)."""

    name: str
    kind: str
    replay: str
    meaning: str
    unit: str
    low: float
    high: float
    read: Reading
    note: str = ""
    given: bool = False

    def misses(self, values: Floats) -> Floats:
        """Distance from the middle in half widths of the tolerance; above one is a miss."""
        return np.abs(values - (self.low + self.high) / 2) / ((self.high - self.low) / 2)

    def line(self, values: Floats) -> PatternLine:
        """The line of a pass matrix on what was read of some worlds, (world,)."""
        low, median, high = map(float, np.quantile(values, [0.1, 0.5, 0.9]))
        return PatternLine(
            self.name, self.kind, self.meaning, self.unit, self.low, self.high, median, low, high,
            given=self.given, note=self.note,
        )  # fmt: skip


def _crisis(run: Replay, material: str) -> Floats:
    """Price abroad from January 2009 to December 2013, USD/kg, (month, world)."""
    return run.between(f"price_{material}", "2009-01", "2013-12")


def peak_over_base(material: str) -> Reading:
    """Log of the highest price abroad of 2009-2013 over that of January 2009."""
    return lambda run: np.log(_crisis(run, material).max(axis=0) / _crisis(run, material)[0])


def months_to_peak(material: str) -> Reading:
    """Months from July 2010 to the highest price abroad of 2009-2013."""
    return lambda run: _crisis(run, material).argmax(axis=0) - 18.0


def fall(material: str, first: str, last: str) -> Reading:
    """Part of the price abroad lost between two months (share)."""
    return lambda run: 1.0 - run.at(f"price_{material}", last) / run.at(f"price_{material}", first)


def fastest_substitution(run: Replay) -> Floats:
    """Largest part of demand abroad substituted away within twelve months of 2010-2013 (share)."""
    kept = run.between("kept_demand", "2010-01", "2013-12")
    return np.max(1.0 - kept[12:] / kept[:-12], axis=0)


def entry_abroad(run: Replay) -> Floats:
    """Yearly rise of mining outside China, 2010 to 2015, in parts of the world's output of 2010."""
    return (run.year("mined_abroad", 2015) - run.year("mined_abroad", 2010)) / 5 / run.year("mined_world", 2010)


def months_to_recover(run: Replay) -> Floats:
    """Months from the peak until the price of magnet material abroad has lost half of its rise in logs.

    On record: the year-ends of 2013 are the first below that line, two years and a little after the peak.
    """
    price = np.log(run.between("price_magnet", "2009-01", "2016-12"))
    top, half = price.argmax(axis=0), (price.max(axis=0) + price[0]) / 2
    later = np.arange(len(price))[:, None] > top
    back = (price < half) & later
    return np.where(back.any(axis=0), back.argmax(axis=0) - top, len(price) - top).astype(float)


def share_of_quota_used(run: Replay) -> Floats:
    """Licensed exports over the quota in months 12-30 after July 2010, when the rise began (share)."""
    used, quota = (run.between(name, "2011-07", "2013-01") for name in ("licensed_exports", "quota"))
    return np.sum(used, axis=0) / np.sum(quota, axis=0)


def exports_in(first: str, last: str, pick: Callable[..., Floats]) -> Reading:
    """Lowest or highest monthly export of heavy material over that of the same month a year before (ratio)."""
    name, earlier = "exports_heavy", [f"{int(date[:4]) - 1}{date[4:]}" for date in (first, last)]
    return lambda run: pick(run.between(name, first, last) / run.between(name, *earlier), axis=0)


def home_move(run: Replay) -> Floats:
    """Largest change of China's own price of heavy material in the first quarter of licences (share)."""
    start, later = run.at("home_price_heavy", "2025-03"), run.between("home_price_heavy", "2025-04", "2025-06")
    return np.max(np.abs(later / start - 1.0), axis=0)


def gap_between_prices(run: Replay) -> Floats:
    """Price of heavy material abroad over China's own in January 2026 (ratio)."""
    return run.at("price_heavy", "2026-01") / run.at("home_price_heavy", "2026-01")


def year_share(stage: str, year: int) -> Reading:
    """China's share of a stage over a year."""
    return lambda run: run.year(f"{stage}_share", year)


SCRIPTED = "China's mining is scripted"
TABLE = "start table"
VOLUMES = "volumes let through are scripted", True
MINED, SEPARATED, MAGNETS = (f"China's {stage} share 2024" for stage in ("mine", "separation", "magnet"))
TROUGH = "heavy exports at the trough, year on year"
RELIEF = "heavy exports within a quarter of relief"

TUNED = [
    Pattern("P1", "C", CRISIS, "log peak over January 2009, heavy", "log", 2.76, 3.76, peak_over_base("heavy")),
    Pattern("P1", "C", CRISIS, "log peak over January 2009, magnet", "log", 2.45, 3.45, peak_over_base("magnet")),
    Pattern("P2", "C", CRISIS, "months from the cut to the peak, heavy", "months", 9, 17, months_to_peak("heavy")),
    Pattern("P2", "C", CRISIS, "months from the cut to the peak, magnet", "months", 9, 17, months_to_peak("magnet")),
    Pattern("P3", "C", CRISIS, "fall end 2011-2012, magnet", "share", 0.50, 0.70, fall("magnet", "2011-12", "2012-12")),
    Pattern("P3", "C", CRISIS, "fall end 2011-2012, heavy", "share", 0.46, 0.66, fall("heavy", "2011-12", "2012-12")),
    Pattern("P3", "C", CRISIS, "fall end 2011-2015, magnet", "share", 0.72, 0.88, fall("magnet", "2011-12", "2015-12")),
    Pattern("P3", "C", CRISIS, "fall end 2011-2015, heavy", "share", 0.76, 0.92, fall("heavy", "2011-12", "2015-12")),
    Pattern("P5", "C", CRISIS, "demand substituted in a year, at most", "share", 0.06, 0.14, fastest_substitution),
    Pattern("P5", "C", CRISIS, "mining outside China, rise a year", "share", 0.024, 0.056, entry_abroad),
    Pattern("P5", "C", CRISIS, "months to lose half the rise", "months", 14.4, 33.6, months_to_recover),
    Pattern("P7", "C", CRISIS, "China's mine share 2010", "share", 0.90, 1.0, year_share("mine", 2010), SCRIPTED),
    Pattern("P7", "C", CRISIS, "China's mine share 2016", "share", 0.80, 1.0, year_share("mine", 2016), SCRIPTED),
    Pattern("P8", "C", LICENCES, MINED, "share", 0.56, 0.74, year_share("mine", 2024), TABLE, True),
    Pattern("P8", "C", LICENCES, SEPARATED, "share", 0.87, 0.95, year_share("separation", 2024), TABLE, True),
    Pattern("P8", "C", LICENCES, MAGNETS, "share", 0.90, 0.98, year_share("magnet", 2024), TABLE, True),
]
"""Patterns that tuning may use."""

HELD_OUT = [
    Pattern("P4", "H", CRISIS, "quota used, months 12-30", "share", 0.45, 0.70, share_of_quota_used),
    Pattern("P7", "H", LICENCES, MINED, "share", 0.66, 0.74, year_share("mine", 2024), TABLE, True),
    Pattern("P7", "H", CRISIS, f"{MINED}, run on", "share", 0.66, 0.74, year_share("mine", 2024), SCRIPTED),
    Pattern("P10", "H", LICENCES, TROUGH, "ratio", 0.15, 0.35, exports_in("2025-04", "2025-06", np.min), *VOLUMES),
    Pattern("P10", "H", LICENCES, RELIEF, "ratio", 0.95, np.inf, exports_in("2025-07", "2025-09", np.max), *VOLUMES),
    Pattern("P11", "H", LICENCES, "price abroad over China's, January 2026", "ratio", 2.5, 6.0, gap_between_prices),
    Pattern("P11", "H", LICENCES, "China's own price, move in the first quarter", "share", 0.0, 0.25, home_move),
]
"""Patterns looked at after tuning."""
