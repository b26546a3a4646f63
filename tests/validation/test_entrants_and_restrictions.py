"""What China's own restrictions look like: the figures of the table on options written by hand."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.validation import entrants_and_restrictions as restrictions
from model import data
from model.parameters.market_parameters import OBJECTIVES
from model.rules.export_policy import OPTIONS

OPEN, HEAVY, ALL, BARRED = (OPTIONS.index(name) for name in ("open", "licence_heavy", "licence_all", "embargo"))


def test_episodes_are_counted_and_measured() -> None:
    """World 0: two episodes of 3 and 1 months; world 1: none; world 2: one that lasts to the end."""
    option = np.full((70, 3), OPEN)
    option[5:8, 0], option[20, 0] = HEAVY, BARRED
    option[10:, 2] = ALL
    found = restrictions.restriction_figures(option)
    assert found["ever"] == pytest.approx(2 / 3)
    assert found["episodes"] == pytest.approx(1.0)
    assert found["months_each"] == pytest.approx(64 / 3)
    assert found["recurrent"] == found["lasting"] == pytest.approx(1 / 3)
    assert found["heavy_only"] == pytest.approx(3 / 64) and found["one_buyer"] == pytest.approx(1 / 64)


def test_tighter_mining_alone_is_no_restriction_of_exports() -> None:
    found = restrictions.restriction_figures(np.full((12, 2), OPTIONS.index("tighten")))
    assert found["ever"] == found["episodes"] == found["one_buyer"] == 0


def test_a_change_from_one_restriction_to_another_is_one_episode() -> None:
    option = np.full((12, 1), OPEN)
    option[3:6], option[6:9] = HEAVY, ALL
    assert restrictions.restriction_figures(option)["episodes"] == 1


def test_every_objective_has_a_row() -> None:
    table = restrictions.restrictions_table(worlds=20, months=36)
    assert tuple(table.index) == OBJECTIVES
    assert ((table["ever"] >= 0) & (table["ever"] <= 1)).all()
    calm = restrictions.restrictions_table(worlds=20, months=36, china_policy="open")
    assert (calm["ever"] == 0).all()


def test_every_projection_of_china_has_a_row() -> None:
    """Each with the share on record that its change counts from; the model's first year is that of its start table."""
    table = restrictions.projections_table(worlds=10)
    assert list(zip(table.index, table["year"], strict=True)) == [
        ("mine", 2030), ("mine", 2035), ("separation", 2030), ("separation", 2035),
    ]  # fmt: skip
    assert ((table["10%"] <= table["median"]) & (table["median"] <= table["90%"])).all()
    assert (table["projected"] - table["projected_change"]).to_list() == pytest.approx([0.61, 0.61, 0.91, 0.91])
    first = data.value("mine_production", country="china", year=2025) / data.value(
        "mine_production", country="world", year=2025
    )
    assert (table["median"] - table["change"])["mine"].to_list() == pytest.approx([first, first], abs=0.03)
