"""The picture of a discovery shows the limits where they lie, every word, and why there is nothing."""

from __future__ import annotations

import numpy as np
import pytest

from experiments import discover_table, plots
from tests.analysis.discovery.planted_tables import noise, planted

ATTRS = {"preset": "documented", "seed": 1, "replicates": 1}


def test_bars_lie_at_the_limits_and_words_have_cells() -> None:
    columns, failed = planted(400)
    whole = {"low": 0.0, "high": 1.0, "log": False}
    found = discover_table(columns, failed, ranges={f"x{at}": whole for at in range(6)})
    axes = plots.discovery_boxes([found], ATTRS)
    ax = axes[0, 0]
    spans = {(round(bar.get_x(), 6), round(bar.get_x() + bar.get_width(), 6)) for bar in ax.patches}
    for (_, side), limit in found.box.items():
        if isinstance(limit, float):
            assert ((round(limit, 6), 1.0) if side == "at least" else (0.0, round(limit, 6))) in spans
    words = {text.get_text(): text.get_weight() for text in ax.texts}
    assert {word for word, weight in words.items() if weight == "bold"} >= {"b", "c"}
    assert words["a"] != "bold" and words["d"] != "bold"
    assert any("quasi-p" in label.get_text() for label in ax.get_yticklabels())
    assert f"{100 * found.measures.density:.1f} % of worlds fail in the box" in ax.get_title(loc="left")


def test_a_range_by_equal_ratios_is_drawn_so() -> None:
    random = np.random.default_rng(1)
    size = np.exp(random.uniform(np.log(0.01), np.log(100), 600))
    found = discover_table({"size": size}, size > 1, ranges={"size": {"low": 0.01, "high": 100.0, "log": True}})
    ax = plots.discovery_boxes([found], ATTRS)[0, 0]
    assert min(bar.get_x() for bar in ax.patches if bar.get_x() > 0) == pytest.approx(0.5, abs=0.02)


def test_nothing_found_is_said_and_no_bar_drawn() -> None:
    assert not plots.discovery_boxes([discover_table(*planted(50))], ATTRS)[0, 1].get_visible()
    axes = plots.discovery_boxes([discover_table(*noise(200, 1)), discover_table(*planted(50))], ATTRS)
    for ax, words in zip(axes[:, 0], ("Nothing found", "too few"), strict=True):
        assert not ax.patches and words in ax.texts[0].get_text().replace("\n", " ")
    assert axes[0, 1].get_visible() and not axes[1, 1].get_visible()
