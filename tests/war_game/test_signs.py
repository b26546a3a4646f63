"""Signs that theory gives, in worlds that differ in one parameter only: what it moves, and which way.

Where theory leaves a sign open (how decisive strength is, what land is worth, scales of choice) none is listed.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from model import GeopoliticalEconomy
from model.parameters.table import DECLARATIONS, WorldParameters
from model.states.war_game import Payoffs
from model.war_game.equilibrium import value_of_war
from tests.war_game.games import defaults, entering, solved, wide

Floats = NDArray[np.float64]
WORLDS = 100
STEP = 0.1
"""By how much of its range a parameter is raised."""

GUARANTEE = {"settled": -1, "worth": 1}
HARDER_FOR_RUSSIA = {"attack": -1, "years": -1, "russia": -1}
SIGNS: dict[str, dict[str, int]] = {
    "base_intervention": {**HARDER_FOR_RUSSIA, "ukraine": 1},
    "trust_russia": HARDER_FOR_RUSSIA,
    "intervention_harm": HARDER_FOR_RUSSIA,
    "united_states_commitment": {**HARDER_FOR_RUSSIA, "ukraine": 1},
    "sanctions_loss": {**HARDER_FOR_RUSSIA, "ceasefire": 1},
    "sanctioned_trade": {**HARDER_FOR_RUSSIA, "ceasefire": 1},
    "war_cost_russia": {**HARDER_FOR_RUSSIA, "ceasefire": 1},
    "full_intervention": GUARANTEE,
    "guarantee_strength": GUARANTEE,
    "guarantee_formality": GUARANTEE,
    "guarantee_buildup": {"worth": -1},
    "nato_path": {"settled": -1},
    "future_aid": {"settled": -1, "deal": 1},
    "support_at_stake": {"deal": 1},
    "trust_ukraine": {"ukraine": 1},
    "ukrainian_effort": {"attack": -1, "russia": -1, "ukraine": 1},
    "russian_effort": {"attack": 1, "russia": 1, "ukraine": -1},
    "europe_replacement": {"attack": -1, "russia": -1, "ukraine": 1},
    "support_without_deal": {"attack": -1, "russia": -1, "ukraine": 1},
    "arms_weight": {"attack": 1, "ukraine": -1},  # without a deal Ukraine is weaker than it was
    "war_cost_ukraine": {"ceasefire": 1, "years": -1, "ukraine": -1},
    "armed_peace_cost": {"ceasefire": -1, "years": 1, "ukraine": -1},
    "outbreak_loss": {"ceasefire": -1, "years": 1, "ukraine": -1},
    "prize_land": {"worth": 1, "ukraine": -1},
    "control_value": {"attack": 1, "ceasefire": -1, "years": 1},
    "prize_share": {"attack": 1, "years": 1, "russia": 1, "ukraine": -1},
    "sanctions_kept": {"attack": 1, "ceasefire": -1, "russia": -1},
    "ceasefire_hazard": {"ceasefire": 1, "years": -1, "russia": 1, "ukraine": 1},
    "renewal_hazard": {"attack": 1, "years": 1, "ukraine": -1},
    "regrouping": {"years": 1, "russia": 1, "ukraine": -1},
    "rearmed_advantage": {"attack": 1, "years": 1, "russia": 1, "ukraine": -1},
    "settlement_hazard": {"years": -1, "ukraine": 1},
    "settlement_effect": {"settled": -1, "years": -1, "ukraine": 1},
    "russia_security_weight": {"attack": 1, "russia": 1},
    "discount_rate": {"years": -1},
    "european_guarantee": {"built": -1, "years": -1, "russia": -1, "ukraine": 1},
    "european_buildup": {"years": 1, "ukraine": -1},
    "european_commitment": {"built": -1, "ukraine": 1},
}
"""Parameter -> outcome -> sign of its effect. Rates of attack are those of a rearmed Russia: with nothing promised,
once Europe's guarantee is built, and under a settlement with the deal."""


@cache
def worlds(european: bool) -> WorldParameters:
    """Worlds half way from the default to anywhere in the range, with a deal that holds a strong guarantee."""
    usual, drawn = defaults(WORLDS), wide(WORLDS, 41)
    half = {name: 0.5 * (getattr(usual, name) + getattr(drawn, name)) for name in entering()}
    fixed = {"guarantee_strength": 0.7, "nato_path": 0.0, "future_aid": 0.0, "european_guarantee": 0.5 * european}
    return replace(usual, **half | {name: np.full(WORLDS, value) for name, value in fixed.items()})


def outcomes(p: WorldParameters) -> dict[str, Floats]:
    """What is compared, each (worlds,)."""
    s = solved(p)
    without, deal, nothing = s.without, s.equilibrium, np.zeros_like(s.without.attack)
    bare = solved(replace(p, guarantee_strength=np.zeros(WORLDS))).equilibrium
    ones = Payoffs(np.ones(WORLDS), nothing, nothing, nothing, np.zeros(WORLDS))
    return {
        "attack": without.attack[(len(nothing) - 1) // 2],
        "built": without.attack[-2],
        "settled": deal.attack[-1],
        "worth": deal.value[1] - bare.value[1],
        "deal": bare.value[1] - without.value[1],
        "years": value_of_war(s.before, without, ones),
        "ceasefire": without.ceasefire,
        "russia": without.value[0],
        "ukraine": without.value[1],
    }


@cache
def common(european: bool) -> dict[str, Floats]:
    """The outcomes that changes are measured from."""
    return outcomes(worlds(european))


@pytest.mark.parametrize("name", SIGNS)
def test_war_and_peace_move_as_theory_says(name: str) -> None:
    """Each sign in 95 of 100 worlds at least, and in the mean."""
    european = name.startswith("european")
    p, declared = worlds(european), DECLARATIONS[name]
    step = STEP * (declared.high - declared.low)
    raised = outcomes(replace(p, **{name: getattr(p, name) + step}))
    for outcome, sign in SIGNS[name].items():
        moved = sign * (raised[outcome] - common(european)[outcome])
        assert np.mean(moved > 0) >= 0.95, outcome
        assert moved.mean() > 0, outcome


DEAL_SIGNS: dict[str, tuple[int, int]] = {
    "ownership_share": (-1, 1),
    "revenue_base": (-1, 1),
    "recognised_aid": (-1, 1),
    "reinvestment_years": (1, -1),
    "resource_revenue": (-1, 1),
    "sovereignty_per_ownership": (-1, 0),
    "sovereignty_per_aid": (-1, 0),
    "settlement_value": (0, 1),
    "intervention_cost": (0, -1),
    "guarantee_upkeep": (0, -1),
    "broken_word_cost": (0, -1),
    "support_cost_share": (0, -1),
    "guarantee_strength": (1, -1),
}
"""Parameter -> signs of its effect on what signing is worth to Ukraine and to the United States."""


@pytest.mark.parametrize("name", DEAL_SIGNS)
def test_worths_of_a_deal_move_as_theory_says(name: str) -> None:
    """Half of all revenue, a debt that revenue can repay, a weak guarantee; steps over the lower half of the range."""
    declared = DECLARATIONS[name]
    high = 4.0 if name == "recognised_aid" else 0.5 * (declared.low + declared.high)
    values = {"recognised_aid": 2.0, "guarantee_strength": 0.4, name: np.linspace(declared.low, high, 5)}
    model = GeopoliticalEconomy(worlds=5, months=12, rng=0, **values)  # type: ignore[arg-type]
    known, now = model.known(), model.setting.calendar.month(0)
    terms = known.table.terms
    prospect = model.expectations.under(terms, known, np.ones(5, dtype=bool), now)
    gains = model.ukraine.deal_gain(terms, prospect, known), model.united_states.deal_gain(terms, prospect, known)
    model.close()
    for gain, sign in zip(gains, DEAL_SIGNS[name], strict=True):
        steps = np.diff(gain)
        assert (sign * steps > 0).all() if sign else (steps == 0).all()


def test_forty_parameters_have_a_sign() -> None:
    assert len(set(SIGNS) | set(DEAL_SIGNS)) >= 40
