"""The Pareto set by brute force, on fronts known in closed form, with equal and unknown rows; and how sure it is."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.analysis.robust_deals.pareto_set import (
    best_deal,
    by_closeness,
    checked_peace,
    deal_table,
    nearest_deal,
    non_dominated,
    rivals,
)
from experiments.errors import InputError
from model.array_axes import Floats
from tests.analysis.robust_deals.tables import worlds_of, yes


def brute_force(points: Floats) -> list[bool]:
    """The definition, row by row."""
    return [
        not np.isnan(own).any() and not any((other >= own).all() and (other > own).any() for other in points)
        for own in points
    ]


@pytest.mark.parametrize("objectives", [1, 2, 3, 4])
@pytest.mark.parametrize("decimals", [1, 6])
def test_it_is_what_brute_force_finds(objectives: int, decimals: int) -> None:
    """With one decimal many rows are equal in some objectives, or in all."""
    points = np.random.default_rng(objectives).random((300, objectives)).round(decimals)
    assert non_dominated(points).tolist() == brute_force(points)


def test_the_front_of_zdt1_is_found() -> None:
    """ZDT1 (Zitzler, Deb, Thiele 2000): f2 = g (1 - sqrt(f1 / g)), whose front is g = 1."""
    f1 = np.linspace(0, 1, 101)
    front = np.column_stack([f1, 1 - np.sqrt(f1)])
    g = 1 + np.random.default_rng(1).random(101) + 1e-6
    behind = np.column_stack([f1, g * (1 - np.sqrt(f1 / g))])
    points = -np.vstack([behind, front])
    assert np.array_equal(non_dominated(points), np.arange(202) >= 101)
    order = np.argsort(f1)
    volume = np.sum(np.diff(f1[order]) * (1 - front[order][:-1, 1]))
    assert volume == pytest.approx(2 / 3, abs=0.01)


def test_equal_rows_stay_together_and_the_unknown_neither_stays_nor_beats() -> None:
    points = np.array([[1.0, 1.0], [1.0, 1.0], [1.0, 0.9], [np.nan, 9.0], [9.0, np.nan], [np.inf, 0.0]])
    assert non_dominated(points).tolist() == [True, True, False, False, False, True]
    assert not non_dominated(np.full((3, 2), np.nan)).any() and non_dominated(np.empty((0, 3))).size == 0


def test_a_difference_lost_by_rounding_a_sum_still_counts() -> None:
    """The sum of both rows is the same number in double precision, yet the second is beaten."""
    assert non_dominated(np.array([[1e16, 0.0], [1e16, 1.0]])).tolist() == [False, True]


def test_certainty_is_one_where_draws_agree_and_a_half_where_a_draw_decides() -> None:
    """Deal 2 beats deal 1 in peace in every world; deals 3 and 4 in one half of the draws each."""
    halves = np.arange(40) % 2.0
    peace = np.stack([np.zeros(40), np.ones(40), halves, 1 - halves])[:, None]
    signs = np.ones((4, 1, 40))
    table = deal_table(worlds_of(signs, signs, peace), resamples=400)
    assert table["pareto_sure"].tolist() == [0, 1, 0, 0] and table["pareto"].tolist() == [False, True, False, False]
    close = deal_table(worlds_of(signs[2:], signs[2:], peace[2:]), resamples=1000)
    assert close["pareto"].all() and close["pareto_sure"].between(0.5, 0.62).all()
    assert close["best_sure"].sum() == pytest.approx(1) and close["best_sure"].between(0.44, 0.56).all()


def test_common_random_numbers_make_a_small_difference_sure() -> None:
    """The better deal keeps the peace in the same worlds and in four more of a hundred."""
    first, second = np.arange(100) < 50, np.arange(100) < 54
    signs = np.ones((2, 1, 100))
    worlds = worlds_of(signs, signs, np.stack([first, second])[:, None])
    table = deal_table(worlds, resamples=400)
    assert table["pareto_sure"].iloc[1] == 1 and table["pareto_sure"].iloc[0] < 0.05
    assert best_deal(table) == "deal 2" and table.loc["deal 2", "peace"] == 0.54


def test_the_best_is_signable_and_unknown_deals_are_not_refused() -> None:
    both = yes([[0.4], [0.6], [0.8], [np.nan]])
    table = deal_table(worlds_of(both, np.ones_like(both), yes([[1.0], [0.7], [0.6], [0.9]])))
    assert best_deal(table) == "deal 2" and nearest_deal(table) == "deal 3"
    unknown = table.loc["deal 4"]
    assert np.isnan([unknown["both_sign"], unknown["both_sign_low"], unknown["both_sign_high"]]).all()
    assert not unknown["signable"] and unknown["both_sign_known"] == 0
    assert best_deal(table[table.index == "deal 1"]) is None
    assert list(by_closeness(table).index) == ["deal 3", "deal 2", "deal 1", "deal 4"]


def test_where_nobody_signs_the_least_loss_is_nearest() -> None:
    never = yes([[0.0], [0.0], [0.0]])
    table = deal_table(worlds_of(never, never, never))
    table["ukraine_gain"], table["united_states_gain"] = [9.0, -4.0, 1.0], [-8.0, -3.0, -9.0]
    assert list(by_closeness(table).index) == ["deal 2", "deal 1", "deal 3"]


def test_a_deal_whose_peace_is_unknown_is_not_the_best() -> None:
    signs = yes([[0.9], [0.9]])
    table = deal_table(worlds_of(signs, signs, yes([[np.nan], [0.1]])))
    assert best_deal(table) == "deal 2" and np.isnan(table.loc["deal 1", "peace"])
    with pytest.raises(InputError, match="no answer is known"):
        nearest_deal(deal_table(worlds_of(signs[:1], signs[:1] * np.nan, signs[:1])))


def test_peace_known_in_no_world_is_unknown_over_several_states() -> None:
    signs = yes([[0.9, 0.8]])
    own = deal_table(worlds_of(signs, signs, signs * np.nan)).loc["deal 1"]
    assert np.isnan([own["peace"], own["peace_low"], own["peace_high"]]).all() and own["both_sign_low"] > 0.5


def test_partly_known_worlds_count_by_what_is_known() -> None:
    peace = np.array([[[1.0, np.nan, 0.0, np.nan, 1.0, 1.0]]])
    table = deal_table(worlds_of(np.ones((1, 1, 6)), np.ones((1, 1, 6)), peace))
    assert table.loc["deal 1", "peace"] == 0.75 and table.loc["deal 1", "peace_known"] == 4


def test_the_best_of_equal_deals_is_not_better_than_they_are() -> None:
    """Of 40 deals with the same chance of peace the best looks better; checked by the other draws it does not."""
    peace = (np.random.default_rng(5).random((40, 1, 200)) < 0.6).astype(float)
    worlds = worlds_of(np.ones_like(peace), np.ones_like(peace), peace)
    table = deal_table(worlds, resamples=50)
    best = best_deal(table)
    assert best is not None and table.loc[best, "peace"] > 0.65
    assert abs(checked_peace(worlds) - 0.6) < 0.06
    assert len(rivals(worlds, table, best)) > 10
    assert np.isnan(checked_peace(worlds.assign(ukraine_signs=worlds["ukraine_signs"] * 0)))


def test_a_threshold_that_is_no_share_is_refused() -> None:
    with pytest.raises(InputError, match=r"threshold=1\.5: allowed 0 to 1"):
        deal_table(worlds_of(yes([[1]]), yes([[1]]), yes([[1]])), threshold=1.5)
