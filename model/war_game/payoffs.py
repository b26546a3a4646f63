"""What war and peace pay: Russia and Ukraine, who choose, and what is believed of those who promised to help."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np

from model.array_axes import Floats, Integers, Truths
from model.parameters.table import WorldParameters
from model.rules import conflict, credibility, war_and_peace
from model.states.frozen import PerWorld
from model.states.war import UKRAINE_AREA
from model.states.war_game import Game, Payoffs, Situation

SOON = 1e-3
"""Build-up (years) below which a guarantee counts as built at once."""


@dataclass(frozen=True)
class GameParameters(PerWorld):
    """The parameters that the game looks up, each (worlds,); units as declared."""

    discount_rate: Floats
    ceasefire_hazard: Floats
    renewal_hazard: Floats
    settlement_hazard: Floats
    settlement_effect: Floats
    russia_choice_scale: Floats
    ukraine_choice_scale: Floats
    russia_security_weight: Floats
    ukraine_security_weight: Floats
    regrouping: Floats
    rearmed_advantage: Floats
    base_intervention: Floats
    full_intervention: Floats
    intervention_harm: Floats
    united_states_commitment: Floats
    european_commitment: Floats
    contest_decisiveness: Floats
    advance: Floats
    control_value: Floats
    prize_share: Floats
    prize_land: Floats
    war_cost_russia: Floats
    war_cost_ukraine: Floats
    land_worth: Floats
    armed_peace_cost: Floats
    outbreak_loss: Floats
    sanctions_kept: Floats

    @staticmethod
    def of(p: WorldParameters) -> GameParameters:
        """Those of all worlds."""
        return GameParameters(**{each.name: getattr(p, each.name) for each in fields(GameParameters)})


class Answers(NamedTuple):
    """Chances that an attack is answered, by phase (phase, worlds), 0-1."""

    american: Floats
    european: Floats


@dataclass(frozen=True)
class Phases:
    """The phases without fighting, given who promised to help."""

    american: bool
    european: bool

    @property
    def count(self) -> int:
        """How many phases there are."""
        return war_and_peace.phase_count(self.american + self.european)

    @property
    def settled(self) -> Truths:
        """Whether a phase is the settlement, (phase, 1)."""
        return np.arange(self.count)[:, None] == self.count - 1

    @property
    def rearmed(self) -> Truths:
        """Whether Russia has rearmed in a phase, (phase, 1): also in the settlement, for want of a clock."""
        return np.arange(self.count)[:, None] >= (self.count - 1) // 2

    def built(self, guarantor: str) -> Truths:
        """Whether the `guarantor`, american or european, has built its guarantee up in a phase, (phase, 1)."""
        bit = {"american": 0, "european": int(self.american)}[guarantor]
        masks = np.arange(self.count)[:, None] % max((self.count - 1) // 2, 1)
        return ((masks >> bit & 1 > 0) | self.settled) & bool(getattr(self, guarantor))

    def of(self, rearmed: Truths, american: Truths, european: Truths, settled: Truths) -> Integers:
        """Index of the phase that each world is in, or would be, (worlds,)."""
        masks = (self.count - 1) // 2
        bits = american * int(self.american) + european * (2**self.american * self.european)
        return np.where(settled, self.count - 1, masks * rearmed.astype(np.int64) + bits)

    def within(self, wider: Phases) -> Integers:
        """For each phase of a `wider` game, the phase here that it is when what is not promised here is left out."""
        american, european = wider.built("american")[:, 0], wider.built("european")[:, 0]
        return self.of(wider.rearmed[:, 0], american, european, wider.settled[:, 0])


def answers(p: GameParameters, situation: Situation, phases: Phases, trust: Floats) -> Answers:
    """How likely each guarantor is to fight in each phase, to one of such `trust` (log odds over the record's).

    Europe's chance comes on top of what nobody promised, and has no record to be judged by.
    """
    levels = {"base_probability": p.base_intervention, "full_probability": p.full_intervention}
    here, odds, nothing = situation, situation.arms + trust, np.zeros_like(trust)
    american = np.stack(
        [
            credibility.intervention_probability(promised, here.formality, here.nato_path, odds, **levels)
            for promised in (nothing, here.american_guarantee)
        ]
    )
    american = np.clip(american + here.stake_effect, 0.0, 1.0)[phases.built("american")[:, 0].astype(int)]
    if not phases.european:
        return Answers(american, np.zeros_like(american))
    unpromised, promised = (
        credibility.intervention_probability(each, 1.0, 0.0, **levels) for each in (nothing, here.european_guarantee)
    )
    european = np.stack([nothing, np.maximum(promised - unpromised, 0.0) / (1.0 - unpromised)])
    return Answers(american, european[phases.built("european")[:, 0].astype(int)])


def expected_lead(p: GameParameters, situation: Situation, phases: Phases, answered: Answers) -> Floats:
    """Russia's lead in a war that begins in each phase, over who might come to help, (phase, worlds), -1 to 1."""
    american, european = p.united_states_commitment, p.european_commitment
    russia = situation.supply_russia * np.stack([np.ones_like(p.advance), np.exp(p.rearmed_advantage)])
    row = phases.rearmed[:, 0].astype(int)

    def lead(help_given: Floats | float) -> Floats:
        defender = situation.supply_ukraine + help_given
        return conflict.contest_lead(russia, defender, p.contest_decisiveness)[row]

    alone = (1.0 - answered.american) * lead(0.0) + answered.american * lead(american)
    if not phases.european:
        return alone
    helped = (1.0 - answered.american) * lead(european) + answered.american * lead(american + european)
    return (1.0 - answered.european) * alone + answered.european * helped


def harm_to_russia(p: GameParameters, answered: Answers) -> Floats:
    """Harm that answers do to Russia at an attack, share of its GDP: in proportion to what is thrown in."""
    europe = p.european_commitment / p.united_states_commitment
    return p.intervention_harm * (answered.american + europe * answered.european)


def land_rate(p: GameParameters, situation: Situation) -> Floats:
    """Part of Ukraine's land that Russia takes in a year of war, negative where it loses land, (worlds,)."""
    win = conflict.contest_probability(situation.supply_russia, situation.supply_ukraine, p.contest_decisiveness)
    return conflict.territory_change(win, p.advance) / UKRAINE_AREA


def game(
    p: GameParameters,
    situation: Situation,
    phases: Phases,
    reference: Floats | None,
    after: Floats | None = None,
) -> Game:
    """The game that a situation makes.

    `reference` are Russia's gains at the base rates before and after rearming and in a settlement, (3, worlds), none
    in the reference game; `after` the values of war to Russia and Ukraine once the deal has ended, (side, worlds).
    """
    dtype = p.discount_rate.dtype
    settled = phases.settled
    gone = np.zeros((2, *p.advance.shape), dtype) if after is None else after
    hazard = np.where(settled, p.renewal_hazard * (1.0 - p.settlement_effect), p.renewal_hazard)
    soon = [situation.american_buildup] * phases.american + [situation.european_buildup] * phases.european
    of_russia = of_ukraine = answers(p, situation, phases, situation.trust_russia)
    if not np.array_equal(situation.trust_russia, situation.trust_ukraine):
        of_ukraine = answers(p, situation, phases, situation.trust_ukraine)
    build_up = [1.0 / np.maximum(months / 12.0, SOON) for months in soon]
    if phases.european:
        # Nothing is built where nothing is promised: such a world is, to the bit, one without these phases.
        build_up[-1] = build_up[-1] * (situation.european_guarantee > 0)
    none = np.zeros((0, *p.advance.shape), dtype)
    return Game(
        discount_rate=p.discount_rate,
        rearming=4.0 * p.regrouping,
        build_up=np.stack(build_up).astype(dtype) if build_up else none,
        settlement=p.settlement_hazard,
        ceasefire=p.ceasefire_hazard,
        base_log_odds=war_and_peace.logit(hazard),
        reference=None if reference is None else reference[phases.rearmed[:, 0].astype(int) + settled[:, 0]],
        scales=np.stack(
            [p.russia_choice_scale, p.ukraine_choice_scale / np.maximum(2.0 * p.ukraine_security_weight, 1e-3)]
        ),
        russia=_russia(p, situation, phases, of_russia, gone[0]),
        ukraine=_ukraine(p, situation, phases, of_ukraine, gone[1]),
    )


def _russia(p: GameParameters, situation: Situation, phases: Phases, answered: Answers, after: Floats) -> Payoffs:
    """Shares of Russia's GDP; at equal weights of money and security a part counts in full."""
    money, security = 2.0 * (1.0 - p.russia_security_weight), 2.0 * p.russia_security_weight
    kept = np.where(phases.settled, p.sanctions_kept * p.sanctions_kept, p.sanctions_kept)
    prize = p.control_value * p.prize_share * expected_lead(p, situation, phases, answered)
    return Payoffs(
        war=-money * (p.war_cost_russia + situation.sanctions) + security * p.control_value * land_rate(p, situation),
        peace=-money * kept * situation.sanctions,
        attack=security * prize - money * harm_to_russia(p, answered) + situation.hostage * p.russia_choice_scale,
        ends=(1.0 - answered.american) * situation.tested,
        after=after,
    )


def _ukraine(p: GameParameters, situation: Situation, phases: Phases, answered: Answers, after: Floats) -> Payoffs:
    """Shares of Ukraine's GDP, all of them security."""
    seized = p.prize_share * p.prize_land * expected_lead(p, situation, phases, answered)
    return Payoffs(
        war=-p.war_cost_ukraine - p.land_worth * land_rate(p, situation),
        peace=np.where(phases.settled, 0.0, -p.armed_peace_cost),
        attack=-p.outbreak_loss - p.land_worth * seized,
        ends=(1.0 - answered.american) * situation.tested,
        after=after,
    )
