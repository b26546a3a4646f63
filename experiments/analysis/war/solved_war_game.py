"""The war game solved for given parameters: its rates, its values, and how soon war returns, without a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.linalg import expm

from experiments.analysis.run_worlds import worlds
from experiments.errors import InputError
from model.array_axes import Floats, Truths
from model.parameters.declaration import Value
from model.parameters.table import DECLARATIONS, Parameters
from model.states.war_game import Equilibrium, Game, Outlook
from model.war_game.payoffs import GameParameters, Phases, game


@dataclass(frozen=True)
class SolvedGame:
    """The game in equilibrium, in each of several worlds; nan where none was reached. Phases are the model's."""

    phases: Phases
    clocks: Game  #: rates a year that nobody chooses: rearming, build-up, settlement
    equilibrium: Equilibrium
    war_years: Floats  #: discounted years of war still to come from a year of war on, (worlds,)

    @property
    def median_war(self) -> Floats:
        """Years that the present war goes on in the median, (worlds,)."""
        return np.log(2.0) / self.equilibrium.ceasefire

    def attack_rate(self, *, built: bool, rearmed: bool = False) -> Floats:
        """Rate at which Russia attacks in a ceasefire, all guarantees built or none, (worlds,), 1/year."""
        masks = (self.phases.count - 1) // 2
        return self.equilibrium.attack[masks * rearmed + (masks - 1) * built]

    def renewed(self, years: float) -> Floats:
        """Chance that war returns within so many years of the first day of a ceasefire, (worlds,), 0-1."""
        moves = generator(self.clocks, self.equilibrium.attack)
        known: Truths = np.isfinite(moves.sum(axis=(1, 2)))
        still = expm(np.where(known[:, None, None], moves, 0.0) * years)[:, 0].sum(axis=-1)
        return np.where(known, 1.0 - still, np.nan)


def generator(clocks: Game, attack: Floats) -> Floats:
    """Rates of moving between the phases of a ceasefire, (worlds, from, to), 1/year; rows lack what attacks take.

    `attack` (phase, worlds). Phases are ordered as in `model.rules.war_and_peace`; the settlement is the last.
    """
    phases, count = len(attack), attack.shape[1]
    masks = (phases - 1) // 2
    moves = np.zeros((count, phases, phases))
    for phase in range(phases - 1):
        moves[:, phase, -1] = clocks.settlement
        if phase < masks:
            moves[:, phase, phase + masks] = clocks.rearming
        for guarantor, rate in enumerate(clocks.build_up):
            if not phase >> guarantor & 1:
                moves[:, phase, phase + 2**guarantor] = rate
    leaving = moves.sum(axis=-1) + attack.T
    here = np.arange(phases)
    moves[:, here, here] -= leaving
    return moves


def solved(parameters: Parameters, count: int) -> SolvedGame:
    """The game at the start in `count` worlds: with the deal in force where `talks` is imposed, elsewhere without.

    Raises InputError for a start before the war.
    """
    if parameters.start != "2025":
        raise InputError(f"start {parameters.start!r}: the war game is played from 2025 on, when there is a war")
    with worlds(parameters, count, 1) as model:
        p, imposed = model.setting.p, DECLARATIONS["talks"].choices.index("imposed")
        stands: Truths = p.talks == imposed
        deal = replace(model.agreement.state, signed=stands, in_force=stands)
        known, expected = model.known(), model.expectations
        now = model.setting.calendar.month(0)
        outlook: Outlook = expected.update(known.war, deal, known.trust, known.outlook.resource_value, None, now)
        clocks = game(GameParameters.of(p), outlook.situation, expected.phases, None)
        return SolvedGame(expected.phases, clocks, outlook.equilibrium, outlook.war_years)


def solved_cases(base: Parameters, cases: Sequence[Mapping[str, Value]]) -> SolvedGame:
    """The game in one world for each case, which is `base` with some parameters changed. Raises ParameterError."""
    names = {name for case in cases for name in case}
    columns = {name: [case.get(name, getattr(base, name)) for case in cases] for name in names}
    return solved(base.replace(**{name: np.array(values) for name, values in columns.items()}), len(cases))
