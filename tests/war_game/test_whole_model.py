"""What everyone expects of war and peace against what happens month by month in the whole model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from model import GeopoliticalEconomy
from model.war_game.equilibrium import value_of_war
from tests.war_game.games import chain_value, defaults, solved

TERMS: dict[str, dict[str, Any]] = {
    "support and no guarantee": {"guarantee_strength": 0.0},
    "a strong guarantee within a year": {"guarantee_strength": 0.7, "guarantee_buildup": 12},
    "troops after five years, much support": {
        "guarantee_strength": 1.0,
        "guarantee_buildup": 60,
        "support_at_stake": 0.6,
    },
}
IMPOSED: dict[str, Any] = {"talks": "imposed", "talks_start": 0, "europe_fatigue": 0.0}
"""In force from the first month, whatever anyone thinks; Europe's support does not tire, which nobody foresees."""


@dataclass(frozen=True)
class Pair:
    """What is expected, and the mean of what comes."""

    expected: float
    simulated: float


def years_and_security(worlds: int, months: int, **terms: Any) -> tuple[Pair, Pair]:
    """Discounted years of war, and Ukraine's security in percent of GDP: as expected, and month by month.

    The first is what the talks expect with the deal, or without where there are none; the second is the
    value of the game's chain, since what a choice is worth to the chooser is in no account. After the run
    all goes on as in its last ten years.
    """
    model = GeopoliticalEconomy(worlds=worlds, months=months, record=["fighting"], rng=3, **(IMPOSED | terms))
    known, everywhere = model.known(), np.ones(worlds, dtype=bool)
    prospect = model.expectations.under(known.table.terms, known, everywhere, model.setting.calendar.month(0))
    s = solved(defaults(1, **{name: value for name, value in terms.items() if name != "talks"}))
    if terms.get("talks") == "none":
        years = prospect.war_years_before[0]
        value = float(value_of_war(s.before, s.without, s.before.ukraine)[0])
    else:
        years = prospect.war_years[0]
        value = chain_value(s, np.ones(1), (s.game.ukraine, s.before.ukraine))
    booked = []
    for _ in range(months):
        model.step()
        booked.append(model.ukraine.account.security.mean())
    model.close()
    fighting = model.trajectories()["fighting"].mean(axis=1, dtype=np.float64)
    begun = np.concatenate([[1.0], fighting[:-1]])  # whether there is fighting as a month begins
    rate = float(model.setting.p.discount_rate[0])
    return Pair(float(years), total(begun, rate)), Pair(100 * value, total(np.array(booked), rate))


def total(path: NDArray[np.float64], rate: float) -> float:
    """Discounted sum of a yearly flow by month, the mean of the last ten years going on."""
    weights = np.exp(-rate * (np.arange(path.size) + 0.5) / 12) / 12
    return float(weights @ path + np.exp(-rate * path.size / 12) / rate * path[-120:].mean())


def test_what_is_expected_of_a_strong_guarantee_comes_true() -> None:
    for pair in years_and_security(400, 240, **TERMS["a strong guarantee within a year"]):
        assert pair.simulated == pytest.approx(pair.expected, rel=0.1)


@pytest.mark.slow
@pytest.mark.parametrize("name", [*TERMS, "no talks"])
def test_what_is_expected_comes_true_whatever_is_signed(name: str) -> None:
    pairs = years_and_security(1500, 600, **TERMS.get(name, {"talks": "none"}))
    print(name, *pairs)
    for pair in pairs:
        assert pair.simulated == pytest.approx(pair.expected, rel=0.1)
