"""War games to solve: of any parameters and terms, with everything that goes into them kept."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from model import Parameters
from model.array_axes import DType
from model.calendar import Calendar
from model.initial_state import read_start
from model.parameters.table import DECLARATIONS, WorldParameters
from model.parameters.war_parameters import WarParameters
from model.random_streams import RandomStreams
from model.states.deal import Terms
from model.states.run_setting import Setting, Start
from model.states.war_game import Equilibrium, Game, Payoffs, Situation
from model.talks.agreement import Agreement
from model.war.trust import Trust
from model.war_game.baseline_game import reference_gains
from model.war_game.equilibrium import solve, value_of_war
from model.war_game.payoffs import Phases, game
from model.war_game.situation import situation

Floats = NDArray[np.float64]

OTHERS = (
    "discount_rate",
    "support_at_stake",
    "support_without_deal",
    "ukraine_security_weight",
    "russia_security_weight",
    "guarantee_strength",
    "guarantee_formality",
    "guarantee_buildup",
    "nato_path",
    "future_aid",
)
"""Parameters of the deal and of tastes that enter the game, beside those of the war."""

read = lru_cache(read_start)


@dataclass(frozen=True)
class Solved:
    """A game with a deal and the one without, with their equilibria."""

    before: Game
    without: Equilibrium
    game: Game
    equilibrium: Equilibrium


def defaults(worlds: int = 1, dtype: DType = np.float64, **values: float | Floats) -> WorldParameters:
    """The default parameters with some changed, one value per world."""
    return Parameters(**values).by_world(worlds, dtype)


def entering() -> list[str]:
    """Names of all numbers that enter the game."""
    return [*(each.name for each in fields(WarParameters) if not DECLARATIONS[each.name].choices), *OTHERS]


def wide(worlds: int, seed: int, dtype: DType = np.float64) -> WorldParameters:
    """Worlds drawn evenly over the whole declared range of everything that enters the game."""
    rng = np.random.default_rng(seed)
    values = {name: rng.uniform(DECLARATIONS[name].low, DECLARATIONS[name].high, worlds) for name in entering()}
    return Parameters(**values).by_world(worlds, dtype)


def situation_of(p: WorldParameters, stands: bool) -> Situation:
    """The situation at the start, with the deal on the table in force or without."""
    worlds, start = p.discount_rate.size, start_of(p)
    terms, dtype = Terms.tabled(p), start.dtype
    setting = Setting(p, start, Calendar(2025, 1), RandomStreams(0, np.arange(worlds), dtype), worlds)
    state, trust, none = Agreement(setting, terms).state, Trust(setting).state, np.zeros(worlds, dtype)
    return situation(p, start, terms, np.full(worlds, stands), none, state, trust, setting.calendar.month(0))


def start_of(p: WorldParameters) -> Start:
    """The start of 2025 in the precision of the parameters."""
    return read(2025, p.discount_rate.dtype.type)


def reference_of(p: WorldParameters) -> Floats:
    """Russia's gains at the base rates, (3, worlds), from the default situation with nothing promised."""
    return reference_gains(p, situation_of(defaults(p.discount_rate.size, p.discount_rate.dtype.type), False))


def solved(p: WorldParameters, european: bool | None = None) -> Solved:
    """Both games of the deal on the table; with European phases where a European guarantee is promised."""
    europe = bool((p.european_guarantee > 0).any()) if european is None else european
    reference = reference_of(p)
    before = game(p, situation_of(p, False), Phases(False, europe), reference)
    without = solve(before)
    played = game(p, situation_of(p, True), Phases(True, europe), reference, without.value)
    return Solved(before, without, played, solve(played))


def same_to_the_bit(first: Equilibrium, second: Equilibrium) -> bool:
    """Whether two equilibria agree in every bit."""
    pairs = ((getattr(first, each.name), getattr(second, each.name)) for each in fields(Equilibrium))
    return all(one.dtype == other.dtype and one.tobytes() == other.tobytes() for one, other in pairs)


def without_end(played: Game) -> Game:
    """The same game in which no attack ends the deal: the guarantor is forgiven, or committed."""
    none = np.zeros_like(played.russia.ends)
    return replace(played, russia=replace(played.russia, ends=none), ukraine=replace(played.ukraine, ends=none))


def picked(p: WorldParameters, where: NDArray[np.int64]) -> WorldParameters:
    """The parameters of some worlds, in that order."""
    return WorldParameters(**{name: value[where] for name, value in vars(p).items()})


def american(p: WorldParameters) -> WorldParameters:
    """The same worlds without a European guarantee."""
    return replace(p, european_guarantee=np.zeros_like(p.european_guarantee))


def chain_value(s: Solved, war: Floats, payoffs: tuple[Payoffs, Payoffs] | None = None) -> float:
    """Value of war with the deal, by the closed form, to one who chooses nothing: of `war` a year, or of payoffs."""
    nothing = (np.zeros_like(s.equilibrium.attack), np.zeros_like(s.without.attack))
    deal, none = payoffs or tuple(Payoffs(war, each, each, each, 0.0 * war) for each in nothing)
    after = value_of_war(s.before, s.without, none)
    ends = s.game.russia.ends
    return float(value_of_war(s.game, s.equilibrium, replace(deal, ends=ends, after=after))[0])
