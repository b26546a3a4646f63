"""What is expected of war and peace: the game solved for the situation as it stands, and as a deal would change it."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from model.calendar import Month
from model.dimensions import Floats, Integers, Truths
from model.parameters.table import Parameters, WorldParameters
from model.rules import conflict
from model.states.deal import AgreementState, Terms
from model.states.known import Known
from model.states.setting import Setting
from model.states.war import TrustState, WarState
from model.states.war_game import DealProspect, Equilibrium, Game, Outlook, Payoffs, Situation
from model.war_game.equilibrium import blank, solve, value_of_war
from model.war_game.payoffs import Phases, answers, game
from model.war_game.reference import reference_gains
from model.war_game.situation import situation

CHANGED = 0.01
"""Change of a part of the situation, relative to its size where that is above 1, at which the game is solved anew."""


@dataclass(frozen=True)
class Layer:
    """The game in a situation, solved in some worlds (nan elsewhere), and what the record says of answers."""

    game: Game
    equilibrium: Equilibrium
    american: Floats  #: chance that the United States answers an attack, by the record, (phase, worlds), 0-1
    european: Floats  #: the same of Europe
    ends: Floats  #: chance that an attack ends the deal, by the record, (phase, worlds), 0-1

    def value(
        self,
        war: Floats,
        peace: Floats | Truths | float = 0.0,
        attack: Floats | float = 0.0,
        after: Floats | float = 0.0,
    ) -> Floats:
        """Value of war to one who gets so much a year in war and in peace, at an attack and once the deal has ended."""
        rows = np.zeros_like(self.ends)
        return value_of_war(
            self.game, self.equilibrium, Payoffs(war, rows + peace, rows + attack, self.ends, rows[0] + after)
        )


class Expectations:
    """Solves the war game where the situation has changed; everybody expects by its rates, each with its own trust."""

    def __init__(self, setting: Setting, agreement: AgreementState, trust: TrustState) -> None:
        self.p, self._start = setting.p, setting.start
        self._nothing, self._nowhere = setting.per_world(0.0), setting.nowhere()
        self._everywhere: Integers = np.arange(setting.worlds)
        self.solved: Truths = ~self._nowhere
        """Whether every game so far had an equilibrium that was reached, (worlds,)."""
        european = bool((self.p.european_guarantee > 0).any())
        self.phases, self._phases_before = Phases(True, european), Phases(False, european)
        defaults = Parameters().by_world(setting.worlds, setting.start.dtype)
        quiet = self._situation(defaults, agreement, trust, self._nothing, setting.calendar.month(0))
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
        """The outlook of a month, solved anew in worlds whose situation has changed; `resource_value` in bn USD."""
        stands, stake = agreement.holds, agreement.stake(resource_value)
        today = self._situation(self.p, agreement, trust, stake, now, agreement.terms, stands)
        where = self._everywhere if before is None else np.flatnonzero(_changed(today, before.situation))
        outlook = before
        if where.size or outlook is None:
            without = self._situation(self.p, agreement, trust, stake, now)
            fresh = self._outlook(today, without, stands, where)
            outlook = fresh if outlook is None else outlook.put(where, fresh.at(where))
        built = war.american_built & stands
        return replace(
            outlook,
            phase=self.phases.of(war.rearmed, built, war.european_built, war.settled),
            win=conflict.contest_probability(war.strength_russia, war.strength_ukraine, self.p.contest_decisiveness),
            resource_value=resource_value,
            solved=self.solved,
        )

    def under(self, terms: Terms, known: Known, where: Truths, now: Month) -> DealProspect:
        """What a deal of these `terms`, each (worlds,), would change in the worlds `where`, nan elsewhere."""
        agreement, trust, value = known.agreement, known.trust, known.outlook.resource_value
        stake, there = terms.ownership_share * terms.revenue_base * value, np.flatnonzero(where)
        without = self._situation(self.p, agreement, trust, stake, now)
        before = self._layer(without, self._phases_before, known.outlook.without)
        signed = self._situation(self.p, agreement, trust, stake, now, terms, ~self._nowhere)
        deal = self._solved(signed, self.phases, there, before.equilibrium)
        security = deal.equilibrium.value[1] - before.equilibrium.value[1]
        support = security
        if (terms.guarantee_strength > 0).any() or (terms.nato_path > 0).any():
            bare = replace(terms, guarantee_strength=self._nothing, nato_path=self._nothing)
            unguarded = self._situation(self.p, agreement, trust, stake, now, bare, ~self._nowhere)
            support = self._solved(unguarded, self.phases, there, before.equilibrium).equilibrium.value[1]
            support = support - before.equilibrium.value[1]
        one, wars = self._nothing + 1.0, before.value(self._nothing, attack=before.american)
        years = before.value(one)
        return DealProspect(
            security=security,
            support=support,
            war_years=deal.value(one, after=years),
            war_years_before=years,
            supported_years=deal.value(one),
            guarded_years=deal.value(self._nothing, peace=self.phases.built("american")),
            interventions=deal.value(self._nothing, attack=deal.american, after=wars) - wars,
            broken_words=deal.value(self._nothing, attack=deal.ends),
        )

    def _situation(
        self,
        p: WorldParameters,
        agreement: AgreementState,
        trust: TrustState,
        stake: Floats,
        now: Month,
        terms: Terms | None = None,
        stands: Truths | None = None,
    ) -> Situation:
        """The situation under `terms` where they stand; with nothing promised by the United States without these."""
        here = self._nowhere if stands is None else stands
        return situation(
            p, self._start, agreement.terms if terms is None else terms, here, stake, agreement, trust, now
        )

    def _outlook(self, today: Situation, without: Situation, stands: Truths, where: Integers) -> Outlook:
        """The outlook in the worlds `where`, nan elsewhere: without a deal, and with it where one stands."""
        before = self._solved(without, self._phases_before, where)
        years = before.value(self._nothing + 1.0)
        equilibrium = _spread(before.equilibrium, self._phases_before.within(self.phases))
        standing = where[stands[where]]
        if standing.size:
            deal = self._solved(today, self.phases, standing, before.equilibrium)
            equilibrium = equilibrium.put(standing, deal.equilibrium.at(standing))
            years = np.where(stands, deal.value(self._nothing + 1.0, after=years), years)
        trusted = answers(self.p, today, self.phases, self._nothing)
        return Outlook(
            situation=today,
            equilibrium=equilibrium,
            without=before.equilibrium,
            american_answers=trusted.american,
            european_answers=trusted.european,
            american_feared=answers(self.p, today, self.phases, today.trust_russia).american,
            war_years=years,
            phase=np.zeros(stands.size, dtype=np.int64),
            win=self._nothing,
            resource_value=self._nothing,
            solved=self.solved,
        )

    def _solved(self, here: Situation, phases: Phases, where: Integers, without: Equilibrium | None = None) -> Layer:
        """The layer of a situation, solved in the worlds `where`; `without` is the layer after the deal's end."""
        layer = self._layer(here, phases, None, without)
        equilibrium = blank(layer.game).put(where, solve(layer.game.at(where)))
        failed = where[~equilibrium.solved[where]]
        if failed.size:
            self.solved = self.solved & ~np.isin(self._everywhere, failed)
        return replace(layer, equilibrium=equilibrium)

    def _layer(
        self, here: Situation, phases: Phases, equilibrium: Equilibrium | None, without: Equilibrium | None = None
    ) -> Layer:
        """The layer of a situation with a known equilibrium, or with none yet."""
        played = game(self.p, here, phases, self._reference, None if without is None else without.value)
        trusted = answers(self.p, here, phases, self._nothing)
        ends = (1.0 - trusted.american) * here.tested
        return Layer(played, blank(played) if equilibrium is None else equilibrium, *trusted, ends)


def _changed(new: Situation, old: Situation) -> Truths:
    """Whether any part of the situation has moved (worlds,)."""
    moved = np.zeros(new.supply_ukraine.shape, dtype=bool)
    for part in fields(Situation):
        now, then = getattr(new, part.name), getattr(old, part.name)
        moved |= np.abs(now - then) > CHANGED * np.maximum(np.abs(then), 1.0)
    return moved


def _spread(equilibrium: Equilibrium, phases: Integers) -> Equilibrium:
    """The equilibrium of a game of fewer phases as one of more, given for each the phase that it is there."""
    return replace(equilibrium, attack=equilibrium.attack[phases], gain=equilibrium.gain[phases])
