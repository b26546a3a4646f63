"""The months of a run: the only place that knows which month it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Month:
    """One month of a run, `number` 0 being January of the `start_year`."""

    number: int
    start_year: int

    @property
    def years(self) -> int:
        """Whole years since the start."""
        return self.number // 12

    @property
    def year(self) -> int:
        """The calendar year."""
        return self.start_year + self.years

    @property
    def is_january(self) -> bool:
        """Whether a year begins."""
        return self.number % 12 == 0

    @property
    def opens_quarter(self) -> bool:
        """Whether a quarter begins."""
        return self.month_of_quarter == 0

    @property
    def month_of_quarter(self) -> int:
        """Months since the quarter began, 0-2."""
        return self.number % 3

    @property
    def quarter(self) -> int:
        """Whole quarters since the start."""
        return self.number // 3

    @property
    def since_2025(self) -> int:
        """Months since January 2025, negative before."""
        return months_between(2025, self.start_year) + self.number


@dataclass(frozen=True)
class Calendar:
    """So many months from January of a year."""

    start_year: int
    months: int

    def month(self, number: int) -> Month:
        """A month by its number; raises RuntimeError when all months are over."""
        if number >= self.months:
            raise RuntimeError(f"all {self.months} months are over: ask for more with months=")
        return Month(number, self.start_year)

    def labels(self) -> NDArray[np.datetime64]:
        """The first day of each month, (months,)."""
        months = np.array(f"{self.start_year}-01", dtype="datetime64[M]") + np.arange(self.months)
        return months.astype("datetime64[ns]")


def months_between(first_year: int, second_year: int) -> int:
    """Months from January of one year to January of another."""
    return 12 * (second_year - first_year)


def month_number(date: str, start_year: int) -> int:
    """Months from January of the year `start_year` to a date written 2010-07."""
    return months_between(start_year, int(date[:4])) + int(date[5:7]) - 1
