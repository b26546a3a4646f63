"""What is expected of war and peace: the game solved for the situation as it stands, and as a deal would change it."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from model.array_axes import Floats, Integers, Truths
from model.calendar import Month
from model.parameters.table import Parameters
from model.rules import conflict
from model.states.common_knowledge import Known
from model.states.deal import AgreementState, Terms
from model.states.frozen import replace
from model.states.run_setting import Setting
from model.states.war import TrustState, WarState
from model.states.war_game import DealProspect, Equilibrium, Game, Outlook, Payoffs, Situation
from model.war_game.baseline_game import reference_gains
from model.war_game.equilibrium import solve, value_of_war
from model.war_game.payoffs import GameParameters, Phases, answers, game
from model.war_game.situation import situation

CHANGED = 0.01
"""Change of a part of the situation, relative to its size where that is above 1, at which the game is solved anew."""


@dataclass(frozen=True)
class Layer:
    """The game in a situation, solved, and what the record says of answers to an attack."""

    game: Game
    equilibrium: Equilibrium
    american: Floats  #: chance that the United States answers an attack, by the record, (phase, worlds), 0-1
    european: Floats  #: the same of Europe
    ends: Floats  #: chance that an attack ends the deal, by the record, (phase, worlds), 0-1

    def value(
        self,
        war: float = 0.0,
        peace: Truths | float = 0.0,
        attack: Floats | float = 0.0,
        after: Floats | float = 0.0,
    ) -> Floats:
        """Value of war to one who gets so much a year in war and in peace, at an attack and once the deal has ended."""
        rows = np.zeros_like(self.ends)
        payoffs = Payoffs(rows[0] + war, rows + peace, rows + attack, self.ends, rows[0] + after)
        return value_of_war(self.game, self.equilibrium, payoffs)


class Expectations:
    """Solves the war game where the situation has changed; everybody expects by its rates, each with its own trust."""

    def __init__(self, setting: Setting, agreement: AgreementState, trust: TrustState) -> None:
        self.p, self._start = setting.p, setting.start
        self._dtype = setting.start.dtype
        # Small differences of large values are what a signatory weighs: the game is solved in double precision.
        self._game_parameters = GameParameters.of(self.p).of_type(np.float64)
        self._nothing, self._nowhere = setting.per_world(0.0), setting.nowhere()
        self._everywhere: Integers = np.arange(setting.worlds)
        self.solved: Truths = ~self._nowhere
        """Whether every game so far had an equilibrium that was reached, (worlds,)."""
        european = bool((self.p.european_guarantee > 0).any())
        self.phases, self._phases_before = Phases(True, european), Phases(False, european)
        defaults = Parameters().by_world(setting.worlds, setting.start.dtype)
        first = setting.calendar.month(0)
        quiet = situation(defaults, self._start, agreement.terms, self._nowhere, self._nothing, agreement, trust, first)
        self._reference = reference_gains(self.p, quiet)

    def update(
        self,
        war: WarState,
        agreement: AgreementState,
        trust: TrustState,
        resource_value: Floats,
        before: Outlook | None,
        now: Month,
    ) -> Outlook:
        """The outlook of a month, solved anew where the situation has changed; `resource_value` in bn USD.

        A deal that is signed or ends is seen at once; all else (trust, support that tires, a deal with Russia, the
        worth of the stake) is looked at each January.
        """
        stands, outlook = agreement.holds, before
        event = self._nowhere if before is None else stands != (before.situation.signed > 0)
        if outlook is None or now.is_january or event.any():
            stake = agreement.stake(resource_value)
            known = stake, agreement, trust, now
            today = situation(self.p, self._start, agreement.terms, stands, *known)
            bare = situation(self.p, self._start, agreement.terms, self._nowhere, *known)
            if outlook is None:
                outlook = self._outlook(today, bare, self._everywhere)
            else:
                where = np.flatnonzero(event | (now.is_january & _changed(today, outlook.situation)))
                if where.size:
                    fresh = self._outlook(today.at(where), bare.at(where), where, outlook.at(where))
                    outlook = outlook.put(where, fresh)
        built = war.american_built & stands
        return replace(
            outlook,
            phase=self.phases.of(war.rearmed, built, war.european_built, war.settled),
            win=conflict.contest_probability(war.strength_russia, war.strength_ukraine, self.p.contest_decisiveness),
            resource_value=resource_value,
            solved=self.solved,
        )

    def under(self, terms: Terms, known: Known, where: Truths, now: Month, split: bool = True) -> DealProspect:
        """What a deal of these `terms`, each (worlds,), would change in the worlds `where`, nan elsewhere.

        What the support does is told apart from what the guarantee does if `split`; else all counts as support.
        """
        there = np.flatnonzero(where)
        value = known.outlook.resource_value
        parts = terms.ownership_share * terms.revenue_base * value, known.agreement, known.trust, now
        bare = situation(self.p, self._start, terms, self._nowhere, *parts).at(there)
        signed = situation(self.p, self._start, terms, ~self._nowhere, *parts).at(there)
        before = self._layer(bare, self._phases_before, there, near=known.outlook.without.at(there))
        deal = self._layer(signed, self.phases, there, before.equilibrium)
        unguarded = deal
        if split and ((signed.american_guarantee > 0).any() or (signed.nato_path > 0).any()):
            nothing = np.zeros_like(signed.signed)
            promised_nothing = replace(signed, american_guarantee=nothing, nato_path=nothing)
            unguarded = self._layer(promised_nothing, self.phases, there, before.equilibrium)
        wars, years = before.value(attack=before.american), before.value(war=1.0)
        ukraine = before.equilibrium.value[1]
        found = DealProspect(
            security=deal.equilibrium.value[1] - ukraine,
            support=unguarded.equilibrium.value[1] - ukraine,
            war_years=deal.value(war=1.0, after=years),
            war_years_before=years,
            supported_years=deal.value(war=1.0),
            guarded_years=deal.value(peace=self.phases.built("american")),
            interventions=deal.value(attack=deal.american, after=wars) - wars,
            broken_words=deal.value(attack=deal.ends),
        )
        unknown = self._nothing * np.nan
        return DealProspect(**{each.name: unknown for each in fields(DealProspect)}).put(there, found)

    def _outlook(self, today: Situation, bare: Situation, where: Integers, near: Outlook | None = None) -> Outlook:
        """The outlook in the worlds `where`, whose situation is `today` and would be `bare` without a deal.

        It is looked for from an outlook `near` to it, if there is one.
        """
        before = self._layer(bare, self._phases_before, where, near=None if near is None else near.without)
        years, first = before.value(war=1.0), before.equilibrium
        phases = self._phases_before.within(self.phases)
        equilibrium = replace(first, attack=first.attack[phases], gain=first.gain[phases])
        standing = np.flatnonzero(today.signed > 0)
        if standing.size:
            start = None if near is None else near.equilibrium.at(standing)
            deal = self._layer(today.at(standing), self.phases, where[standing], first.at(standing), start)
            equilibrium = equilibrium.put(standing, deal.equilibrium)
            years[standing] = deal.value(war=1.0, after=years[standing])
        trusted, feared = (
            answers(self._game_parameters.at(where), today, self.phases, trust)
            for trust in (np.zeros_like(years), today.trust_russia)
        )
        outlook = Outlook(
            situation=today,
            equilibrium=equilibrium,
            without=first,
            american_answers=trusted.american,
            european_answers=trusted.european,
            american_feared=feared.american,
            war_years=years,
            phase=np.zeros(where.size, dtype=np.int64),
            win=np.zeros_like(years),
            resource_value=np.zeros_like(years),
            solved=self.solved[where],
        )
        return outlook.of_type(self._dtype)

    def _layer(
        self,
        here: Situation,
        phases: Phases,
        where: Integers,
        after: Equilibrium | None = None,
        near: Equilibrium | None = None,
    ) -> Layer:
        """The layer of a situation in the worlds `where`; `after` is the equilibrium once the deal has ended.

        Its own equilibrium is looked for from one `near` to it, if there is one.
        """
        p = self._game_parameters.at(where)
        played = game(p, here, phases, self._reference[:, where], None if after is None else after.value)
        trusted = answers(p, here, phases, np.zeros_like(here.signed))
        ends = (1.0 - trusted.american) * here.tested
        equilibrium = solve(played, near)
        if not equilibrium.solved.all():
            self.solved = self.solved & ~np.isin(self._everywhere, where[~equilibrium.solved])
        return Layer(played, equilibrium, *trusted, ends)


def _changed(new: Situation, old: Situation) -> Truths:
    """Whether any part of the situation has moved (worlds,)."""
    moved = np.zeros(new.signed.shape, dtype=bool)
    for part in fields(Situation):
        now, then = getattr(new, part.name), getattr(old, part.name)
        moved |= np.abs(now - then) > CHANGED * np.maximum(np.abs(then), 1.0)
    return moved
