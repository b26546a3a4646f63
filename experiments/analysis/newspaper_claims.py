"""The newspaper report of February 2025 beside the record: what it says in numbers, and what the tables hold."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import pandas as pd

from model import data
from model.talks.recorded_drafts import draft

TOLERANCE = 0.1
"""A figure holds when the record lies within it and this part of it."""
REPORT = "2025-02-27"
"""Day of the report."""


@dataclass(frozen=True)
class Claim:
    """What the report says, between `low` and `high`, and the `record` with its source, all in one unit."""

    words: str
    low: float
    high: float
    record: float
    unit: str
    source: str

    @property
    def verdict(self) -> str:
        """Whether the figure holds, or by how much it is off."""
        if self.low * (1 - TOLERANCE) <= self.record <= self.high * (1 + TOLERANCE):
            return "holds"
        if self.record == 0:
            return "wrong: on record there is none"
        ratio = self.low / self.record if self.record < self.low else self.record / self.high
        return f"too {'high' if self.record < self.low else 'low'} by a factor of {_number(ratio)}"


def article_claims() -> pd.DataFrame:
    """The report's figures, one a row: claim, `said`, `record`, unit, verdict and source of the record."""
    rows = []
    for claim in _claims():
        said = " to ".join(dict.fromkeys(_number(end) for end in (claim.low, claim.high)))
        facts = {"said": said, "record": _number(claim.record), "unit": claim.unit, "verdict": claim.verdict}
        rows.append({"claim": claim.words, **facts, "source": claim.source})
    return pd.DataFrame(rows).set_index("claim")


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def day_named() -> str:
    """The report's "last Thursday on February 19th": the weekday of that date, and the day on record."""
    said = datetime.date.fromisoformat("2025-02-19")
    met = next(row for row in data.table("deal_timeline") if str(row["event"]).startswith("Kellogg meets"))
    day = datetime.date.fromisoformat(str(met["date"]))
    return f"{said:%-d %B %Y} was a {said:%A}; Kellogg and Zelensky met on {day:%A}, {day:%-d %B} ({met['source']})."


def _claims() -> list[Claim]:
    """What can be set beside a number of the tables."""
    report = {"date": REPORT, "kind": "claim"}
    aid = [data.value("aid", donor=f"article_{end}", **report) for end in ("low", "high")]
    reserves = data.value("reserves", country="china", kind="claim")
    sold = [data.value("trade_value", flow="exports", year=2022, country=name) for name in ("ukraine", "world")]
    mined = [data.value("mine_production", year=2024, country=name) for name in ("ukraine", "world")]
    asked = float(str(draft("2025-02-12")["ownership_share"]))
    demand = data.value("aid", donor="trump", date="2025-02-10")
    military = data.value("aid", donor="zelensky", measure="military", date="2025-02-19")
    every = data.value("aid", donor="zelensky", measure="total", date="2025-02-19")
    official = data.value("reserves", country="china", kind="estimate", year=2024)
    return [
        Claim("China's reserves of rare earths", reserves, reserves, official, "t REO", "usgs_mcs_2025"),
        Claim("Ukraine's part of the world's mining", 5, 5, 100 * mined[0] / mined[1], "%", "ukraine_survey_2025"),
        Claim("Ukraine's part of the world's exports", 5, 5, 100 * sold[0] / sold[1], "%", "oec_2022"),
        Claim("share of the minerals that was asked for", 50, 50, 100 * asked, "%", "ki_2025_02_12"),
        Claim("past support that was asked back", 500, 500, demand, "bn USD", "nyt_2025_02_23"),
        Claim("US military support, by Zelensky", aid[0], aid[1], military, "bn USD", "reuters_2025_02_19"),
        Claim("all US support, by Zelensky", aid[0], aid[1], every, "bn USD", "reuters_2025_02_19"),
    ]


def years_to_repay(aid: float, share: float, revenue: float) -> float:
    """Years until a `share` (0-1) of a yearly `revenue` has paid back `aid`, both in bn USD, without interest."""
    return aid / (share * revenue)
