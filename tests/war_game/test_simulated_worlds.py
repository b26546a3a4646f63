"""Values of the game against worlds simulated by other code: from its rates, and from the shocks behind them."""

from __future__ import annotations

import numpy as np
import pytest

from tests.war_game.games import Floats, chain_value, defaults, solved
from tests.war_game.simulated_worlds import walk

GAMES = {
    "a strong guarantee": {"guarantee_strength": 0.7, "guarantee_buildup": 24},
    "troops, much at stake": {"guarantee_strength": 1.0, "guarantee_buildup": 60, "support_at_stake": 0.8},
    "a spoken promise, a fast Russia": {"guarantee_strength": 0.4, "guarantee_formality": 0.5, "regrouping": 0.1},
}
YEARS = 120.0
"""After so many years a year counts for less than a hundred thousandth."""


def scores(sample: Floats, expected: float) -> float:
    """Standard errors by which the mean of a sample misses what is expected."""
    return float((sample.mean() - expected) / (sample.std() / np.sqrt(sample.size)))


@pytest.mark.parametrize("name", GAMES)
def test_years_of_war_and_payoffs_are_those_of_simulated_worlds(name: str) -> None:
    s = solved(defaults(1, **GAMES[name]))
    totals = walk(s, 100_000, seed=1, years=YEARS)
    missed = [
        scores(totals.war_years, chain_value(s, np.ones(1))),
        scores(totals.ukraine, chain_value(s, np.ones(1), (s.game.ukraine, s.before.ukraine))),
        scores(totals.russia, chain_value(s, np.ones(1), (s.game.russia, s.before.russia))),
    ]
    assert np.all(np.abs(missed) < 4)


@pytest.mark.parametrize("name", GAMES)
def test_worlds_that_draw_the_shocks_get_the_values(name: str) -> None:
    """Whoever has a choice gains by it: the values hold the surplus of the logit, and the rates come out alike."""
    s = solved(defaults(1, **GAMES[name]))
    totals = walk(s, 50_000, seed=2, years=80.0, shocks=True)
    missed = [
        scores(totals.war_years, chain_value(s, np.ones(1))),
        scores(totals.russia, float(s.equilibrium.value[0, 0])),
        scores(totals.ukraine, float(s.equilibrium.value[1, 0])),
    ]
    assert np.all(np.abs(missed) < 4)
    surplus = s.equilibrium.value[:, 0] - [
        chain_value(s, np.ones(1), (s.game.russia, s.before.russia)),
        chain_value(s, np.ones(1), (s.game.ukraine, s.before.ukraine)),
    ]
    errors = [each.std() / np.sqrt(each.size) for each in (totals.russia, totals.ukraine)]
    # Without the surplus this test would fail.
    assert np.max(np.abs(surplus / errors)) > 8
