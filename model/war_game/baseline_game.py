"""The reference game: nothing is promised and all else is at its default, so that the base hazard is what it says.

Without it the level of a logit would be set by everything that enters an attack's worth. Tastes and pace
(discounting, scales of choice, base rates, settlement) are the world's own; strengths, costs and stakes are the
defaults: so these move the hazard, and a world's own pace of ceasefires does not.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from model.array_axes import Floats
from model.parameters.table import Parameters, WorldParameters
from model.states.war_game import Situation
from model.war_game.equilibrium import mean_gain, solve
from model.war_game.payoffs import GameParameters, Phases, game

OWN = (
    "discount_rate",
    "ceasefire_hazard",
    "russia_choice_scale",
    "ukraine_choice_scale",
    "renewal_hazard",
    "settlement_hazard",
    "settlement_effect",
)
"""Parameters that are a world's own in the reference game: its tastes and its pace."""


def reference_gains(p: WorldParameters, situation: Situation) -> Floats:
    """Russia's gain from an attack (3, worlds) at which it attacks at the base hazard, nan where there is none.

    Before and after rearming (their mean over time, twice), and in a settlement. The `situation` is the default
    one, with nothing promised.
    """
    defaults = Parameters().by_world(p.discount_rate.size, p.discount_rate.dtype.type)
    own = replace(defaults, **{name: getattr(p, name) for name in OWN})
    parameters = GameParameters.of(own).of_type(np.float64)
    played = game(parameters, situation, Phases(american=False, european=False), reference=None)
    equilibrium = solve(played)
    return np.where(equilibrium.solved, mean_gain(played, equilibrium.gain), np.nan)
