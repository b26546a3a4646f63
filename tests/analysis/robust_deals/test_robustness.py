"""Satisficing shares and regrets on tables worked out by hand, missing cells included."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.analysis.robust_deals.robustness import regrets, robustness, satisficing_share
from experiments.errors import InputError
from tests.analysis.robust_deals.tables import worlds_of, yes

NAN = np.nan


def test_satisficing_counts_only_the_known() -> None:
    share, known = satisficing_share(np.array([[1, 0, 1, NAN], [NAN, NAN, NAN, NAN], [0, 0, 0, 0]]))
    assert np.array_equal(share, [2 / 3, NAN, 0], equal_nan=True) and known.tolist() == [3, 0, 4]


def test_regret_is_savages() -> None:
    """Best by state 8, 9, 4: regrets 0 2 3, 3 0 4, 7 1 0; of an unknown worth unknown, and it beats nobody."""
    worth = np.array([[8.0, 7, 1], [5, 9, 0], [1, 8, 4]])
    assert regrets(worth).tolist() == [[0, 2, 3], [3, 0, 4], [7, 1, 0]]
    worth[0, 0] = NAN
    assert np.array_equal(regrets(worth), [[NAN, 2, 3], [0, 0, 4], [4, 1, 0]], equal_nan=True)
    assert np.isnan(regrets(np.full((2, 1), NAN))).all()


def test_shares_and_regrets_of_a_small_table() -> None:
    """Two deals in four states of two hypotheses, both always signing; deal 2 is unknown in the last."""
    peace = yes([[0.8, 0.4, 0.7, 0.2], [0.6, 0.6, 0.5, NAN]])
    signs = np.ones_like(peace)
    worlds = worlds_of(signs, signs, peace, tripwire=("state", ["H0", "H0", "H1", "H1"]))
    table = robustness(worlds, holds=0.6).set_index(["deal", "group"])
    one, two = (table.loc[name] for name in ("deal 1", "deal 2"))
    assert one["share"].tolist() == [0.5, 0.5, 0.5] and one["known"].tolist() == [4, 2, 2]
    assert two["share"].tolist() == pytest.approx([2 / 3, 1, 0]) and two["known"].tolist() == [3, 2, 1]
    assert one["max_regret"].tolist() == pytest.approx([0.2, 0.2, 0.0])
    assert two["max_regret"].tolist() == pytest.approx([0.2, 0.2, 0.2])
    assert one["worst_state"]["all"] == "state 2" and two["worst_state"]["H1"] == "state 3"
    assert (two["low"] <= two["share"]).all() and two["high"]["all"] - two["low"]["all"] > 0.6


def test_who_does_not_sign_keeps_no_peace_and_who_is_unknown_is_not_refusing() -> None:
    signs = yes([[1.0, 1.0], [0.0, NAN]])
    worlds = worlds_of(signs, np.ones_like(signs), np.ones_like(signs))
    table = robustness(worlds).set_index("deal")
    assert table.loc["deal 2", "share"] == 0 and table.loc["deal 2", "known"] == 1
    assert table.loc["deal 2", "max_regret"] == 1 and table.loc["deal 1", "max_regret"] == 0


def test_unknown_everywhere_is_said_to_be_unknown() -> None:
    signs = yes([[1.0, 1.0], [NAN, NAN]])
    table = robustness(worlds_of(np.ones_like(signs), signs, np.ones_like(signs))).set_index("deal")
    row = table.loc["deal 2"]
    assert np.isnan([row["share"], row["low"], row["max_regret"], row["checked_regret"]]).all()
    assert row["known"] == 0 and row["worst_state"] == ""


def test_the_checked_regret_does_not_grow_with_noise() -> None:
    """All deals are the same, so that nothing is to be regretted; the largest of many noisy regrets says otherwise."""
    peace = (np.random.default_rng(2).random((5, 60, 40)) < 0.5).astype(float)
    table = robustness(worlds_of(np.ones_like(peace), np.ones_like(peace), peace))
    assert (table["max_regret"] >= 0.25).all() and abs(table["checked_regret"].mean()) < 0.1


def test_what_cannot_be_is_refused() -> None:
    worlds = worlds_of(yes([[1.0, 1.0]]), yes([[1.0, 1.0]]), yes([[1.0, 1.0]]))
    with pytest.raises(InputError, match="holds=60: allowed 0 to 1"):
        robustness(worlds, holds=60)
    with pytest.raises(InputError, match="every deal in the same states"):
        robustness(worlds.isel(state=[0]))
    with pytest.raises(InputError, match="every deal in the same states"):
        robustness(worlds.assign_attrs(crossed=0))
