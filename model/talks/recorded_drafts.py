"""The recorded drafts of the deal of 2025."""

from __future__ import annotations

from model import data
from model.parameters.declaration import ParameterError, Value, nearest

DRAFT_TERMS = (
    "ownership_share",
    "revenue_base",
    "recognised_aid",
    "guarantee_strength",
    "reinvestment_years",
    "future_aid",
)


def drafts() -> list[str]:
    """Dates of the recorded drafts of the deal, in order."""
    return [str(row["id"]) for row in data.table("drafts")]


def draft(date: str) -> dict[str, Value]:
    """Terms of the draft of a date (table drafts), as parameters; a term the draft leaves open is 0."""
    if date not in drafts():
        raise ParameterError(f"unknown draft {date!r}: {nearest(date, drafts())}")
    row = next(row for row in data.table("drafts") if row["id"] == date)
    return {name: float(row[name] or 0.0) for name in DRAFT_TERMS}
