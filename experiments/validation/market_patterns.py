"""The patterns of the market: what is on record, with its tolerance, and how a run is read for it.

Patterns marked C may be used to tune; those marked H are looked at after tuning, by `validation` alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.validation.replay import Watched

Floats = NDArray[np.float64]
Reading = Callable[[Watched], Floats]
CRISIS, LICENCES = "quota_crisis_2010", "licences_2025"


@dataclass(frozen=True)
class Pattern:
    """An observed regularity: passed when the median of the worlds lies from `low` to `high`."""

    name: str
    use: str
    """C (tuning allowed) or H (held out)."""
    replay: str
    quantity: str
    low: float
    high: float
    read: Reading
    note: str = ""
    given: bool = False
    """The table of the start or the script puts the value in: no test of the model's equations."""

    def misses(self, values: Floats) -> Floats:
        """Distance from the middle in half widths of the tolerance; above one is a miss."""
        return np.abs(values - (self.low + self.high) / 2) / ((self.high - self.low) / 2)


def peak_over_base(material: str) -> Reading:
    """Log of the highest price abroad of 2009-2013 over that of January 2009."""
    return lambda w: np.log(
        w.between(f"price_{material}", "2009-01", "2013-12").max(axis=0) / w.at(f"price_{material}", "2009-01")
    )


def months_to_peak(material: str) -> Reading:
    """Months from July 2010 to the highest price abroad of 2009-2013."""
    return lambda w: w.between(f"price_{material}", "2009-01", "2013-12").argmax(axis=0) - 18.0


def fall(material: str, first: str, last: str) -> Reading:
    """Part of the price abroad lost between two months (share)."""
    return lambda w: 1.0 - w.at(f"price_{material}", last) / w.at(f"price_{material}", first)


def fastest_substitution(w: Watched) -> Floats:
    """Largest part of demand abroad substituted away within twelve months of 2010-2013 (share)."""
    kept = w.between("kept_demand", "2010-01", "2013-12")
    result: Floats = (1.0 - kept[12:] / kept[:-12]).max(axis=0)
    return result


def entry_abroad(w: Watched) -> Floats:
    """Yearly rise of mining outside China, 2010 to 2015, in parts of the world's output of 2010."""
    return (w.year("mined_abroad", 2015) - w.year("mined_abroad", 2010)) / 5 / w.year("mined_world", 2010)


def months_to_recover(w: Watched) -> Floats:
    """Months from the peak until the price of magnet material abroad has lost half of its rise in logs.

    On record: the year-ends of 2013 are the first below that line, two years and a little after the peak.
    """
    price = np.log(w.between("price_magnet", "2009-01", "2016-12"))
    top, half = price.argmax(axis=0), (price.max(axis=0) + price[0]) / 2
    later = np.arange(len(price))[:, None] > top
    back = (price < half) & later
    return np.where(back.any(axis=0), back.argmax(axis=0) - top, len(price) - top).astype(float)


def share_of_quota_used(w: Watched) -> Floats:
    """Licensed exports over the quota in months 12-30 after July 2010, when the rise began (share)."""
    used = w.between("licensed_exports", "2011-07", "2013-01").sum(axis=0)
    result: Floats = used / w.between("quota", "2011-07", "2013-01").sum(axis=0)
    return result


def exports_over_year_before(first: str, last: str, pick: Callable[..., Floats]) -> Reading:
    """Lowest or highest monthly export of heavy material over that of the same month a year before (ratio)."""

    def read(w: Watched) -> Floats:
        earlier = [f"{int(date[:4]) - 1}{date[4:]}" for date in (first, last)]
        now, then = w.between("exports_heavy", first, last), w.between("exports_heavy", *earlier)
        return pick(now / then, axis=0)

    return read


def home_move(w: Watched) -> Floats:
    """Largest change of China's own price of heavy material in the first quarter of licences (share)."""
    start = w.at("home_price_heavy", "2025-03")
    result: Floats = np.abs(w.between("home_price_heavy", "2025-04", "2025-06") / start - 1.0).max(axis=0)
    return result


def year_share(stage: str, year: int) -> Reading:
    """China's share of a stage over a year."""
    return lambda w: w.year(f"{stage}_share", year)


TUNED = [
    Pattern("P1", "C", CRISIS, "log peak over January 2009, heavy", 2.76, 3.76, peak_over_base("heavy")),
    Pattern("P1", "C", CRISIS, "log peak over January 2009, magnet", 2.45, 3.45, peak_over_base("magnet")),
    Pattern("P2", "C", CRISIS, "months from the cut to the peak, heavy", 9, 17, months_to_peak("heavy")),
    Pattern("P2", "C", CRISIS, "months from the cut to the peak, magnet", 9, 17, months_to_peak("magnet")),
    Pattern("P3", "C", CRISIS, "fall end 2011-2012, magnet", 0.50, 0.70, fall("magnet", "2011-12", "2012-12")),
    Pattern("P3", "C", CRISIS, "fall end 2011-2012, heavy", 0.46, 0.66, fall("heavy", "2011-12", "2012-12")),
    Pattern("P3", "C", CRISIS, "fall end 2011-2015, magnet", 0.72, 0.88, fall("magnet", "2011-12", "2015-12")),
    Pattern("P3", "C", CRISIS, "fall end 2011-2015, heavy", 0.76, 0.92, fall("heavy", "2011-12", "2015-12")),
    Pattern("P5", "C", CRISIS, "demand substituted in a year, at most", 0.06, 0.14, fastest_substitution),
    Pattern("P5", "C", CRISIS, "mining outside China, rise a year", 0.024, 0.056, entry_abroad),
    Pattern("P5", "C", CRISIS, "months to lose half the rise", 14.4, 33.6, months_to_recover),
    Pattern(
        "P7", "C", CRISIS, "China's mine share 2010", 0.90, 1.0, year_share("mine", 2010), "China's mining is scripted"
    ),
    Pattern(
        "P7", "C", CRISIS, "China's mine share 2016", 0.80, 1.0, year_share("mine", 2016), "China's mining is scripted"
    ),
    Pattern("P8", "C", LICENCES, "China's mine share 2024", 0.56, 0.74, year_share("mine", 2024), "start table", True),
    Pattern(
        "P8",
        "C",
        LICENCES,
        "China's separation share 2024",
        0.87,
        0.95,
        year_share("separation", 2024),
        "start table",
        True,
    ),
    Pattern(
        "P8", "C", LICENCES, "China's magnet share 2024", 0.90, 0.98, year_share("magnet", 2024), "start table", True
    ),
]
"""Patterns that tuning may use."""

HELD_OUT = [
    Pattern("P4", "H", CRISIS, "quota used, months 12-30", 0.45, 0.70, share_of_quota_used),
    Pattern("P7", "H", LICENCES, "China's mine share 2024", 0.66, 0.74, year_share("mine", 2024), "start table", True),
    Pattern(
        "P7", "H", CRISIS, "China's mine share 2024, run on", 0.66, 0.74, year_share("mine", 2024),
        "China's mining is scripted",
    ),
    Pattern(
        "P10", "H", LICENCES, "heavy exports at the trough, year on year", 0.15, 0.35,
        exports_over_year_before("2025-04", "2025-06", np.min), "volumes let through are scripted", True,
    ),
    Pattern(
        "P10", "H", LICENCES, "heavy exports within a quarter of relief", 0.95, np.inf,
        exports_over_year_before("2025-07", "2025-09", np.max), "volumes let through are scripted", True,
    ),
    Pattern(
        "P11", "H", LICENCES, "price abroad over China's, January 2026", 2.5, 6.0,
        lambda w: w.at("price_heavy", "2026-01") / w.at("home_price_heavy", "2026-01"),
    ),
    Pattern("P11", "H", LICENCES, "China's own price, move in the first quarter", 0.0, 0.25, home_move),
]  # fmt: skip
"""Patterns looked at after tuning."""
