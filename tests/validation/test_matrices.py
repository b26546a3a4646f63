"""The pass matrix as a picture's table: inside is inside, outside is outside, for market and talks."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from experiments.validation import market as validation
from experiments.validation import pass_matrix as matrices
from experiments.validation import talks as validation_talks


@pytest.mark.parametrize(
    ("text", "bounds"), [("0.5 to 0.7", (0.5, 0.7)), ("-0.1 to 3e-05", (-0.1, 3e-5)), ("from 0.95", (0.95, np.inf))]
)
def test_tolerances_are_read_back(text: str, bounds: tuple[float, float]) -> None:
    assert matrices.tolerance(text) == bounds


def test_other_tolerances_are_refused() -> None:
    with pytest.raises(ValueError, match="tolerance 'about 3'"):
        matrices.tolerance("about 3")
    with pytest.raises(ValueError, match="no pass matrix: the table has the columns x"):
        matrices.lines(pd.DataFrame({"x": [1]}))


def places_agree(lines: pd.DataFrame) -> None:
    """On its own scale a line lies in its band exactly if it passes."""
    inside = (lines["at"] >= 0) & (lines["at"] <= lines["band"])
    # The market's table is rounded to three digits, so a verdict at the very edge may differ.
    near = lines["at"].abs().lt(0.02) | (lines["at"] - lines["band"]).abs().lt(0.02)
    assert (inside == lines["passed"])[~near].all()
    assert (lines["at_low"].isna() | (lines["at_low"] <= lines["at_high"])).all()
    placed = lines[["at", "at_low", "at_high"]].to_numpy(float)
    assert ((placed >= -1) & (placed <= 2) | np.isnan(placed)).all() and lines["at"].notna().all()
    assert lines["use"].is_monotonic_increasing and set(lines["use"]) == {"C", "H"}


def test_market_lines_lie_where_they_pass() -> None:
    table = validation.market_table(worlds=100)
    lines = matrices.lines(table)
    places_agree(lines)
    assert len(lines) == len(table) and lines["given"].sum() == table["given"].sum()
    assert set(lines["asked"]) == set(table["tolerance"])


def test_talks_lines_lie_where_they_pass() -> None:
    table = validation_talks.patterns_table(worlds=60)
    lines = matrices.lines(table)
    places_agree(lines)
    assert list(lines.sort_values("pattern")["pattern"]) == sorted(table.index)
    assert lines["observed"].notna().sum() == table["observed"].notna().sum()
