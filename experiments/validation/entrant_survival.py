"""What becomes of the two entrants of the quota crisis, who built on credit: Mountain Pass and Mount Weld."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model import COUNTRIES, GeopoliticalEconomy, preset
from model.china_policy_record import replay_months
from model.dimensions import MINE, RW, US

CRISIS = "quota_crisis_2010"
NAMES = {US: "Mountain Pass (Molycorp)", RW: "Mount Weld (Lynas)"}
RECORD = {
    US: "failed in June 2015 (molycorp_2015)",
    RW: "lived, with its interest cut in 2014 and 2016 (lynas_debt_2016)",
}


def entrants_table(worlds: int = 200, rng: int = 0) -> pd.DataFrame:
    """One row per entrant: share of worlds in which it fails, median and middle four fifths of when, and the record.

    An entrant is the plants on credit in its country; it fails when the lenders' patience ends.
    That patience, `lender_patience`, was read off Mountain Pass itself, so when it fails is partly put in; that
    it does not earn its interest, and that Mount Weld nearly always does, is not.
    """
    model = GeopoliticalEconomy(preset(CRISIS), worlds=worlds, months=replay_months(CRISIS), rng=rng, record="outcomes")
    failed = {row: np.full(worlds, np.nan) for row in NAMES}
    while model.month < model.months:
        financed = {row: model.loans.financed[row, MINE].copy() for row in NAMES}
        model.step()
        for row, month in failed.items():
            fails = (financed[row] > 0) & (model.loans.financed[row, MINE] == 0) & np.isnan(month)
            month[fails] = model.month - 1
    model.close()
    return pd.DataFrame([_row(row, months, model.start.year) for row, months in failed.items()]).set_index("entrant")


def _row(row: int, months: np.ndarray, year: int) -> dict[str, object]:
    known = months[np.isfinite(months)]
    low, middle, high = (
        (f"{year + int(month) // 12}-{int(month) % 12 + 1:02d}" for month in np.quantile(known, [0.1, 0.5, 0.9]))
        if len(known)
        else ("", "", "")
    )
    facts = {"entrant": NAMES[row], "country": COUNTRIES[row], "fails": len(known) / len(months)}
    return facts | {"median": middle, "10%": low, "90%": high, "record": RECORD[row]}


def report(worlds: int = 200, rng: int = 0) -> str:
    """The table as text, with what it says."""
    head = (
        "Entrants on credit in the quota crisis: share of worlds in which they fail by 2016, and when. The date is "
        "partly put in: lender_patience is the three years that Mountain Pass was given. That it does not earn its "
        "interest, and that Mount Weld does, is the model's."
    )
    return f"{head}\n\n{entrants_table(worlds, rng).to_string(float_format=lambda number: f'{number:.2f}')}"
