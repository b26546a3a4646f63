"""Floors under the price and the strategic stockpile, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from model.rules import buyer_policy


def column(*values: float) -> np.ndarray:
    """Numbers of materials as an array with one world."""
    return np.array(values)[:, None]


def test_what_a_floor_costs() -> None:
    """On record: 42 USD/kg below 110 on 1,006 t is 42.3 million USD; above the floor nothing is paid."""
    paid = buyer_policy.floor_payment(np.array([68.0, 120.0]), np.array([110.0] * 2), np.array([1006.0] * 2))
    assert paid == pytest.approx([0.04225, 0.0], abs=1e-5)


def test_what_goes_back() -> None:
    """Three tenths of what lies above 150 USD/kg on 400 t, at most 10 million USD a year."""
    back = buyer_policy.returned_payment(np.array([140.0, 152.0, 400.0]), 150.0, 0.3, np.array(400.0), 0.01 / 12)
    assert back == pytest.approx([0.0, 0.3 * 2 * 400e-6, 0.01 / 12])


def test_a_stockpile_buys_by_worth_and_releases_what_is_cut_off() -> None:
    """Of 8 million USD three quarters go to what is worth three times as much; of 50 t that lack 30 are there."""
    given = (np.array([0.008]), column(10.0, 60.0), column(100.0, 50.0), column(1e4, 1e4), column(5.0, 30.0))
    bought = buyer_policy.stockpile_order(*given, np.zeros((2, 1), bool), column(0.0, 50.0))
    assert bought[:, 0] == pytest.approx([200.0, 100.0])
    released = buyer_policy.stockpile_order(*given, np.array([[False], [True]]), column(0.0, 50.0))
    assert released[:, 0] == pytest.approx([200.0, -30.0])


def test_it_buys_no_more_than_a_tenth_of_the_supply() -> None:
    given = (np.array([0.008]), column(10.0, 60.0), column(100.0, 50.0), column(1e4, 500.0), column(0.0, 0.0))
    bought = buyer_policy.stockpile_order(*given, np.zeros((2, 1), bool), column(0.0, 0.0))
    assert bought[:, 0] == pytest.approx([200.0, 50.0])


def test_users_buy_back_at_what_was_paid() -> None:
    """Ten tonnes at 5 and ten at 15 USD/kg; half of them released takes half of the cost out, whatever the price."""
    pile = buyer_policy.Stockpile(column(0.0), column(0.0))
    for order, price in ((10.0, 5.0), (10.0, 15.0), (-10.0, 99.0)):
        pile = pile.after(column(order), column(price))
    assert (pile.held[0, 0], pile.cost[0, 0]) == (10.0, pytest.approx(1e-4))


def test_no_more_leaves_the_pile_than_is_there() -> None:
    """Half a tonne at 4 USD/kg, then a fifth of a tonne, then all and more: nothing is left, and nothing owed."""
    pile = buyer_policy.Stockpile(column(0.0), column(0.0)).after(column(0.5), column(4.0))
    assert (pile.held[0, 0], pile.cost[0, 0]) == (0.5, pytest.approx(2e-6))
    pile = pile.after(column(-0.2), column(9.0))
    assert (pile.held[0, 0], pile.cost[0, 0]) == (pytest.approx(0.3), pytest.approx(1.2e-6))
    pile = pile.after(column(-2.0), column(9.0))
    assert (pile.held[0, 0], pile.cost[0, 0]) == (0.0, 0.0)
    assert pile.after(column(0.0), column(9.0)) == pile
