"""What the war game is played about, and what is expected of it: the outlook, and what a deal would change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from model.array_axes import Floats, Integers, Truths
from model.rules import credibility
from model.states.frozen import PerWorld


@dataclass(frozen=True)
class Situation(PerWorld):
    """What is known of strengths and promises, as it would stay; every array is (worlds,).

    A guarantee comes with how it is built up: it counts from the moment it is built, in a ceasefire only.
    """

    signed: Floats  #: 1 where a deal stands
    russian_deal: Floats  #: 1 where the United States has taken Russia's offer
    supply_ukraine: Floats  #: military spending with the support that stands, bn USD/year
    supply_russia: Floats  #: the same of Russia, bn USD/year
    sanctions: Floats  #: Russia's loss of income to sanctions while there is fighting, share of GDP a year
    american_guarantee: Floats  #: strength of the American guarantee, 0-1
    formality: Floats  #: legal form of its promise, 0-1
    nato_path: Floats  #: progress to membership of the alliance, 0-1
    american_buildup: Floats  #: mean time until it is built, months
    european_guarantee: Floats  #: strength of the European guarantee, 0-1
    european_buildup: Floats  #: mean time until it is built, months
    stake_effect: Floats  #: what stakes add to the chance that the United States intervenes, -1 to 1
    hostage: Floats  #: what the US stake adds to the log odds of an attack
    arms: Floats  #: what Ukraine's own strength adds to the log odds of intervention
    trust_russia: Floats  #: trust of Russia over the record's, log odds
    trust_ukraine: Floats  #: the same of Ukraine

    @property
    def tested(self) -> Floats:
        """Chance that an attack nobody answers ends the deal (worlds,): in proportion to what was promised, 0-1."""
        return credibility.assurance(self.american_guarantee, self.formality, self.nato_path)


@dataclass(frozen=True)
class Payoffs(PerWorld):
    """What war and peace pay somebody, in a unit of its own."""

    war: Floats  #: in a year of war, (worlds,)
    peace: Floats  #: in a year without, (phase, worlds)
    attack: Floats  #: at an attack, (phase, worlds)
    ends: Floats  #: chance that an attack ends the deal, as it believes, (phase, worlds), 0-1
    after: Floats  #: value of war once the deal has ended, (worlds,)


@dataclass(frozen=True)
class Game(PerWorld):
    """One layer of the game: what everyone gets, and the clocks that nobody chooses; rates are a year's."""

    discount_rate: Floats  #: (worlds,)
    rearming: Floats  #: rate at which Russia rearms in a ceasefire, (worlds,)
    build_up: Floats  #: rate at which each guarantor's promise is built up in a ceasefire, (guarantor, worlds)
    settlement: Floats  #: rate of a settlement in a ceasefire, (worlds,)
    ceasefire: Floats  #: rate of a ceasefire where both sides are indifferent, (worlds,)
    base_log_odds: Floats  #: of an attack at an opportunity where it gains `reference`, (phase, worlds)
    reference: Floats | None
    """Russia's gain from an attack at which it attacks at the base rate, (phase, worlds); none in the reference
    game itself, in which it comes with the equilibrium (see `model.war_game.baseline_game`)."""
    scales: Floats  #: scales of the choices of Russia and Ukraine, (side, worlds), in the units of their payoffs
    russia: Payoffs
    ukraine: Payoffs


@dataclass(frozen=True)
class Equilibrium(PerWorld):
    """What the sides do and get in one layer of the game; nan in worlds that are not `solved`."""

    attack: Floats  #: rate of an attack, (phase, worlds), 1/year
    ceasefire: Floats  #: rate of a ceasefire, (worlds,), 1/year
    gain: Floats  #: Russia's gain from an attack over waiting, (phase, worlds), in its unit
    wants: Floats  #: chances that Russia and Ukraine want a ceasefire, (side, worlds), 0-1
    value: Floats  #: values of war to Russia and Ukraine, (side, worlds), in their units
    gap: Floats  #: values of the first phase of a ceasefire over war, (side, worlds), in their units
    passes: Integers  #: passes until solved, (worlds,)
    solved: Truths  #: whether it converged, (worlds,)


@dataclass(frozen=True)
class Outlook(PerWorld):
    """What is expected of war and peace, and with what chances they come; everything of a phase is (phase, worlds)."""

    situation: Situation  #: what it was last worked out for
    equilibrium: Equilibrium  #: of the game as it stands, with the deal where there is one
    without: Equilibrium  #: of the game without a deal, in its own phases
    american_answers: Floats  #: chance that the United States fights, by the record, 0-1
    european_answers: Floats  #: chance that Europe does, 0-1
    american_feared: Floats  #: the same of the United States as Russia sees it, 0-1
    war_years: Floats  #: discounted years of war still to come from a year of war on, (worlds,)
    phase: Integers  #: the phase that each world is in, or would be if the fighting stopped, (worlds,)
    win: Floats  #: Russia's chance of winning a war that nobody joins, (worlds,), 0-1
    resource_value: Floats  #: present value of Ukraine's resource revenue, (worlds,), bn USD
    solved: Truths  #: whether every game so far, of the talks too, had an equilibrium: else nothing is known, (worlds,)

    @property
    def hazard(self) -> Floats:
        """Rate at which Russia attacks in the present phase (worlds,), 1/year."""
        return self._now(self.equilibrium.attack)

    @property
    def intervention(self) -> Floats:
        """Chance that the United States answers an attack now, as Russia sees it, (worlds,), 0-1."""
        return self._now(self.american_feared)

    @property
    def american_answer(self) -> Floats:
        """Chance that the United States answers an attack now, by the record, (worlds,), 0-1."""
        return self._now(self.american_answers)

    @property
    def european_answer(self) -> Floats:
        """Chance that Europe answers an attack now, (worlds,), 0-1."""
        return self._now(self.european_answers)

    def _now(self, rows: Floats) -> Floats:
        worlds = self.phase.size
        return rows.reshape(-1).take(self.phase * worlds + np.arange(worlds))


@dataclass(frozen=True)
class DealProspect(PerWorld):
    """What signing changes in war and peace, over not signing; every array is (worlds,) or (offer, worlds)."""

    security: Floats  #: value to Ukraine of all of it, by its own trust, share of its GDP
    support: Floats  #: of that, what the support does that hinges on signing, share of its GDP
    war_years: Floats  #: discounted years of war with the deal
    war_years_before: Floats  #: discounted years of war without
    supported_years: Floats  #: discounted years of war in which the deal stands
    guarded_years: Floats  #: discounted years in which its guarantee is built
    interventions: Floats  #: American wars that it adds, discounted
    broken_words: Floats  #: attacks on its guarantee that nobody answers, discounted

    def stacked(self, others: Sequence[DealProspect]) -> DealProspect:
        """This one and others below one another, (offer, worlds)."""
        rows = [self, *others]
        return DealProspect(**{each.name: np.stack([getattr(row, each.name) for row in rows]) for each in fields(self)})

    def rows(self, offers: Integers) -> DealProspect:
        """The rows `offers`, (offer, worlds)."""
        return DealProspect(**{each.name: getattr(self, each.name)[offers] for each in fields(self)})
