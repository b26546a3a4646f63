"""Where supply comes from: projects on record, and what China's mines and those abroad add to them."""

from __future__ import annotations

import pytest

from model import data
from model.dimensions import COUNTRIES, STAGES
from model.initial_state import PROJECTS_OF, scheduled_projects


@pytest.mark.parametrize("start", [2025, 2024, 2008])
def test_what_is_financed_comes_on_stream_and_nothing_else(start: int) -> None:
    """Rows with a year after the start and a status that counts for it; 2008 knows of nothing decided later."""
    rows = [row for row in data.table("projects") if row["status"] in PROJECTS_OF[start]]
    due = [row for row in rows if isinstance(row["start_year"], float) and row["start_year"] > start]
    found = scheduled_projects(start)
    assert [(start + p.year, COUNTRIES[p.country], STAGES[p.stage]) for p in found] == [
        (row["start_year"], row["country"], row["stage"]) for row in due
    ]
    assert found
    assert all(project.size > 0 for project in found)
    if start == 2008:
        assert max(start + project.year for project in found) <= 2013
