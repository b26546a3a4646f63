"""What China is on record to have done, month by month, and how long the two replays run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model import data
from model.array_axes import MATERIALS, DType, Floats
from model.calendar import Calendar, month_number
from model.parameters.declaration import nearest

REPLAY_MONTHS = {"quota_crisis_2010": 108, "licences_2025": 36}
"""Replay -> months of its record: 2008-2016 and 2024-2026."""


@dataclass(frozen=True)
class ChinaRecord:
    """China's recorded acts from the first month of a run on."""

    licensed: Floats
    """1 where exports of a material are limited, (month, material)."""
    passed_share: Floats
    """Part of normal exports that licences let through, (month,)."""
    quota: Floats
    """Exports of all materials together that a quota allows, t/month, infinite without a quota, (month,)."""
    mined: Floats
    """Ore mined in China, t REO a month, nan in years without a record, (year,)."""
    mining_cut: Floats
    """Log of the most that China mined in an earlier year of the run over what it mines now, at least 0, (month,)."""
    cut_months: Floats
    """Months for which it has mined less than that, (month,)."""

    def lasting_growth(self, month: int) -> np.floating:
        """Growth of mining to the next month but for cuts, which are expected to end, log; nan without a record."""
        ahead = min(month + 1, len(self.mining_cut) - 1)
        growth: np.floating = np.log(self.mined[ahead // 12] / self.mined[month // 12])
        return growth + (self.mining_cut[ahead] - self.mining_cut[month])


def replay_months(name: str) -> int:
    """Months of a replay; raises KeyError with the nearest name for an unknown one."""
    if name not in REPLAY_MONTHS:
        raise KeyError(f"unknown replay {name!r}: {nearest(name, REPLAY_MONTHS)}")
    return REPLAY_MONTHS[name]


def china_record(calendar: Calendar, dtype: DType = np.float64) -> ChinaRecord:
    """China's acts in the months of a run (tables china_script, mine_production).

    An act holds until the next one on the same instrument; after the newest, of October 2026, nothing
    changes. Quotas are in the table as tonnes a year, licences as the part of normal exports that they let
    through; other acts move no volume. An act on one country of the rest of the world, as on Japan, lowers
    that part for all licensed buyers, who pay one price.
    """
    start, months = calendar.start_year, calendar.months
    licensed, passed, quota = np.zeros((months, len(MATERIALS))), np.ones(months), np.full(months, np.inf)
    for row in data.table("china_script"):
        first = max(month_number(str(row["date"]), start), 0)
        value = float(row["value"]) if isinstance(row["value"], float) else np.nan
        materials = slice(None) if row["elements"] == "all" else MATERIALS.index(str(row["elements"]))
        if row["instrument"] == "export_quota":
            licensed[first:, materials], quota[first:] = 1.0, value / 12
        elif row["instrument"] == "quota_abolished":
            licensed[first:, materials], quota[first:] = 0.0, np.inf
        elif row["instrument"] == "export_licence":
            licensed[first:, materials], passed[first:] = 1.0, value
    output = data.series("mine_production", "year", country="china")
    years = range(start, start + months // 12 + 1)
    mined = np.array([output.get(float(year), np.nan) for year in years]) / 12
    cut, cut_months = _mining_cut(mined, months)
    return ChinaRecord(*(part.astype(dtype) for part in (licensed, passed, quota, mined, cut, cut_months)))


def _mining_cut(mined: Floats, months: int) -> tuple[Floats, Floats]:
    """How far each month's mining is below the most of earlier years (log, month), and for how long it has been.

    Given `mined` (year,); nothing is cut in years without a record.
    """
    most = np.maximum.accumulate(np.nan_to_num(mined))
    cut = np.repeat(np.nan_to_num(np.log(most / mined)), 12)[:months]
    number = np.arange(months, dtype=np.float64)
    return cut, number - np.maximum.accumulate(np.where(cut > 0, 0.0, number))
