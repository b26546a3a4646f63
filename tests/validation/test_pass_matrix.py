"""The pass matrix: inside is inside, outside is outside, in the table, in words and in the picture."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from experiments.plots.pass_matrix import scaled
from experiments.validation.market_report import market_table
from experiments.validation.pass_matrix import PatternLine, matrix_text, pass_matrix, summary
from experiments.validation.talks import patterns_table

LINE = PatternLine("P2 x", "H", "a thing", "months", 1.0, 3.0, 2.0, 1.5, 2.6, observed=2.5)


def test_a_line_passes_inside_its_tolerance() -> None:
    assert LINE.passed and replace(LINE, measured=3.0).passed
    assert not replace(LINE, measured=3.01).passed and not replace(LINE, measured=np.nan).passed
    assert replace(LINE, high=np.inf, measured=1e9).passed


def test_the_existence_test_needs_a_figure_and_an_ensemble() -> None:
    assert LINE.exists is True and replace(LINE, observed=2.7).exists is False
    assert replace(LINE, observed=np.nan).exists is None
    assert replace(LINE, measured_low=np.nan, measured_high=np.nan).exists is None


def test_the_verdict_says_all_numbers() -> None:
    assert LINE.verdict == "pass: 2 (1.5 to 2.6); tolerance 1 to 3 months"
    missed = replace(LINE, measured=-0.1, measured_low=np.nan, low=0.95, high=np.inf, given=True)
    assert missed.verdict == "MISS, put in: -0.1; tolerance from 0.95 months"
    assert "no end" in replace(LINE, measured_high=np.inf).verdict


def test_the_text_fits_a_terminal_and_cuts_nothing() -> None:
    table = pass_matrix([LINE, replace(LINE, pattern="P1", kind="C", note="a note " * 20, measured=9.0)])
    assert list(table["pattern"]) == ["P1", "P2 x"] and list(table["passed"]) == [False, True]
    text = matrix_text(table)
    assert max(map(len, text.splitlines())) <= 80
    words = " ".join(text.split())
    for part in ("P2 x (H): a thing", "MISS: 9", "a note " * 19, "observed 2.5, inside the middle four fifths"):
        assert part in words
    assert "used in tuning: 0 of 1 pass; held out: 1 of 1 pass" in words and "existence test" in words
    assert "bar of 70% met" in summary(table, 0.7) and "bar of 70% NOT met" in summary(
        pass_matrix([replace(LINE, measured=0)]), 0.7
    )


def drawn_where_it_passes(table: pd.DataFrame) -> None:
    """On its own scale a line lies in its band exactly if it passes, and all within the picture."""
    for line in table.to_dict("records"):
        at = scaled(line)
        band = 1.0 if np.isfinite(line["high"]) else 2.0
        assert (0 <= at["measured"] <= band) == line["passed"], line
        numbers = np.array([at[name] for name in at if not np.isnan(line[name])])
        assert ((numbers >= -1) & (numbers <= 2)).all()
        assert np.isnan(line["measured_low"]) or at["measured_low"] <= at["measured_high"]
    assert table["kind"].is_monotonic_increasing and set(table["kind"]) == {"C", "H"}


@pytest.mark.parametrize("matrix", [market_table, patterns_table])
def test_lines_lie_where_they_pass(matrix: object) -> None:
    table = matrix(worlds=60)  # type: ignore[operator]
    drawn_where_it_passes(table)
    inside = (table["measured"] >= table["low"]) & (table["measured"] <= table["high"])
    pd.testing.assert_series_equal(inside, table["passed"], check_names=False)
