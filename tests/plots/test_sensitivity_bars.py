"""Bars of what outcomes depend on show the numbers of their table, and say what is not known."""

from __future__ import annotations

import json
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from experiments import plots

ATTRS = {"preset": "documented", "seed": 1, "replicates": 8}


def indices(**values: float) -> pd.DataFrame:
    """A table of total indices of one outcome."""
    rows = [
        {"outcome": "peace_holds", "meaning": "no fighting", "index": "total", "input": name, "unit": "share"}
        | {"value": value, "low": value - 0.1, "high": value + 0.1, "note": "too few points" * bool(np.isnan(value))}
        for name, value in values.items()
    ]
    return pd.DataFrame(rows)


def bars(ax: Any) -> list[float]:
    """Lengths of the bars from the top down."""
    return [bar.get_width() for bar in sorted(ax.patches, key=lambda bar: -bar.get_y())]


def test_bars_are_ranked_and_say_what_they_hold_for() -> None:
    axes = plots.sensitivity_bars(indices(small=0.1, large=0.7), ATTRS)
    ax = axes.flat[0]
    assert bars(ax) == [0.7, 0.1] and [text.get_text() for text in ax.get_yticklabels()] == ["large", "small"]
    assert "ranges" in ax.figure.get_suptitle() and "8 worlds a point" in ax.figure.get_suptitle()
    plt.close(ax.figure)


def test_what_is_not_known_has_no_bar_but_a_reason() -> None:
    ax = plots.sensitivity_bars(indices(one=np.nan, two=np.nan), ATTRS).flat[0]
    assert not ax.patches and "too few points" in ax.texts[0].get_text()
    plt.close(ax.figure)


def test_many_inputs_are_cut_with_a_word() -> None:
    ax = plots.sensitivity_bars(indices(**{f"input_{at}": 0.01 * at for at in range(14)}), ATTRS).flat[0]
    assert len(ax.patches) == 10 and "4 more inputs" in ax.texts[-1].get_text()
    plt.close(ax.figure)


def test_tornado_names_its_settings() -> None:
    rows = [
        {"outcome": "peace_holds", "meaning": "no fighting", "index": "change", "input": "talks", "unit": "0/1"}
        | {"setting": setting, "base": base, "value": value, "low": value - 0.01, "high": value + 0.01, "note": ""}
        for setting, base, value in (("0.1", 0.5, -0.2), ("0.9", 0.5, 0.3))
    ]
    ax = plots.sensitivity_bars(pd.DataFrame(rows), ATTRS).flat[0]
    assert bars(ax) == pytest.approx([-0.2, 0.3])
    assert {"0.1", "0.9"} <= {text.get_text() for text in ax.texts}
    plt.close(ax.figure)


def test_groups_say_who_is_in_them_and_vague_bars_are_hollow() -> None:
    design = json.dumps({"groups": {"terms": ["ownership_share", "guarantee_strength"], "large": ["large"]}})
    table = indices(terms=0.5, large=0.7)
    table.loc[0, "high"] = 0.95
    ax = plots.sensitivity_bars(table, ATTRS | {"design": design}).flat[0]
    assert "Judged as one: terms (ownership share, guarantee strength)" in ax.figure.get_suptitle().replace("\n", " ")
    hollow = [bar.get_hatch() == "////" for bar in sorted(ax.patches, key=lambda bar: -bar.get_y())]
    assert hollow == [False, True] and "hollow" in ax.figure.legends[0].get_texts()[0].get_text()
    plt.close(ax.figure)
