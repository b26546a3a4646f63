"""The levels of war and peace: the figures that the model was designed to, and what the table says of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from experiments.analysis.war.war_game_targets import GUARANTEE_ALONE, SET_BY_LEVELS, Level, war_levels
from experiments.errors import InputError
from model import preset
from model.parameters.table import DECLARATIONS


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    """The levels at the documented preset."""
    return war_levels(preset("documented"))


DESIGNED = {
    "mean hazard over ten years": ([5.8], 0.05),
    "war renewed within ten years": ([0.44], 0.005),
    "cut by a guarantee of": ([0.56, 0.33, 0.15, 0.03], 0.005),
    "times rearming": ([0.31, 0.47, 0.62], 0.01),
    "while unbuilt, Russia not rearmed": ([1.17], 0.01),
    "once built, Russia rearmed": ([0.41], 0.01),
    "a quarter": ([0.39, 0.44, 0.47, 0.26, 0.31, 0.33], 0.005),
    "war cost": ([3.9, 13.5, 21.9], 0.25),
    "years until a ceasefire": ([2.0], 0.02),
    "all wars to come": ([3.06, 2.78, 2.59], 0.01),
}
"""Words of a level -> the figures of an independent prototype, in the unit of the level, and a tolerance."""


@pytest.mark.parametrize("words", DESIGNED)
def test_levels_are_those_of_the_prototype(words: str, table: pd.DataFrame) -> None:
    expected, tolerance = DESIGNED[words]
    got = table.loc[table["level"].str.contains(words, regex=False), "got"].to_numpy()
    np.testing.assert_allclose(got[: len(expected)], expected, atol=tolerance)


def test_russia_loses_by_every_guarantee_as_in_the_prototype(table: pd.DataFrame) -> None:
    worth = table.loc[table["group"] == "worth to Russia", "got"].to_numpy()
    np.testing.assert_allclose(worth[:3], [-0.4, -0.9, -1.4], atol=0.05)
    assert (worth < 0).all() and len(worth) == 6


def test_every_level_is_met_and_has_a_unit(table: pd.DataFrame) -> None:
    assert (table["unit"].str.len() > 0).all() and table["got"].notna().all()
    asked = table["wanted"] != ""
    assert set(table.loc[asked, "result"]) == {"pass"} and (table.loc[~asked, "result"] == "").all()
    assert asked.sum() >= 30


def test_a_european_guarantee_cuts_less_the_longer_it_takes(table: pd.DataFrame) -> None:
    cuts = table.loc[table["group"].str.contains("cut by a European"), "got"].to_numpy().reshape(3, 4)
    assert (np.diff(cuts, axis=1) < 0).all() and (np.diff(cuts, axis=0) > 0).all()


def test_a_level_that_is_missed_says_so() -> None:
    table = war_levels(preset("documented", renewal_hazard=0.2))
    missed = table.loc[table["result"] == "MISS", "level"].tolist()
    assert "mean hazard over ten years of ceasefire" in missed
    assert Level("group", "level", "share", np.nan, low=0.0).result == "not solved"


def test_what_every_level_sets_does_nothing() -> None:
    """Values for these are refused by the command: they would change no level."""
    values = {name: DECLARATIONS[name].high for name in SET_BY_LEVELS if name != "talks"}
    assert set(GUARANTEE_ALONE) <= set(SET_BY_LEVELS)
    pd.testing.assert_frame_equal(war_levels(preset("documented", **values)), war_levels(preset("documented")))


def test_levels_need_a_war() -> None:
    with pytest.raises(InputError, match="the war game is played from 2025 on"):
        war_levels(preset("quota_crisis_2010"))
