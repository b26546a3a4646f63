"""The deal: its terms, what is on the table, and the agreement once it is signed."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from model.array_axes import Floats, Truths
from model.parameters.table import WorldParameters
from model.states.frozen import Frozen


@dataclass(frozen=True)
class Terms(Frozen):
    """The deal as a vector; each array is (worlds,), or (offer, worlds) where offers are compared."""

    ownership_share: Floats
    revenue_base: Floats
    recognised_aid: Floats
    guarantee_strength: Floats
    guarantee_formality: Floats
    guarantee_buildup: Floats
    nato_path: Floats
    reinvestment_years: Floats
    future_aid: Floats

    @staticmethod
    def tabled(p: WorldParameters) -> Terms:
        """The terms that the parameters put on the table."""
        return Terms(
            p.ownership_share,
            p.revenue_base,
            p.recognised_aid,
            p.guarantee_strength,
            p.guarantee_formality,
            p.guarantee_buildup,
            p.nato_path,
            p.reinvestment_years,
            p.future_aid,
        )

    def where(self, chosen: Truths, other: Terms) -> Terms:
        """These terms in the worlds `chosen`, the other's elsewhere."""
        return Terms(**{name: np.where(chosen, getattr(self, name), getattr(other, name)) for name in TERMS})


TERMS = tuple(field.name for field in fields(Terms))
"""The parameters that are terms of the deal; units and ranges as declared there."""


@dataclass(frozen=True)
class Pressure(Frozen):
    """What the United States does to Ukraine in a month of talks; every array is (worlds,)."""

    harm: Floats  #: what it takes from Ukraine, percent of its GDP
    withheld: Floats  #: part of the US support held back, 0-1
    breach: Floats  #: part of a broken promise that Ukraine and Russia see in it, 0-1


@dataclass(frozen=True)
class TableState(Frozen):
    """What is on the table and what was said to it. Owned by the talks; arrays are (worlds,) where nothing is said."""

    terms: Terms  #: the terms last offered
    accepted_by_ukraine: Truths  #: whether Ukraine has accepted any terms put to it
    accepted_by_united_states: Truths  #: whether the United States would sign, or has signed, any terms put to it
    answered: Truths  #: whether any terms have been put to the two
    reasons: Floats
    """What signing the first terms put to it changes for each signatory by reason, (signatory, reason, worlds).

    Percent of Ukraine's GDP; nan before any terms are put to it, and for the reasons that a signatory does not have.
    """
    gains: Floats
    """Utility to each signatory of signing these terms over refusing, (signatory, worlds), percent of Ukraine's GDP."""
    breakdowns: Floats  #: public breakdowns of the talks so far
    pressure: Pressure  #: this month's pressure
    coercive_months: Floats  #: months with an act of pressure so far
    broken_off: Truths  #: whether the United States has opened talks with Russia while bargaining
    first_asked_aid: Floats  #: aid credited in the first US offer, bn USD, nan where nobody bargains
    first_asked_stake: Floats
    """US share of resource revenue in present value in the first US offer, 0-1, nan where nobody bargains."""


@dataclass(frozen=True)
class AgreementState(Frozen):
    """The agreement and what has been done under it. Owned by the agreement; every array is (worlds,)."""

    terms: Terms  #: the terms in force, where there are any
    signed: Truths  #: whether the two have signed, ratified or not
    signed_month: Floats  #: month of the run, nan before the signature
    signed_day: Floats  #: days from the first offer to the signature, nan before
    ratification_chance: Floats  #: chance that the Rada ratifies what was signed, nan before, 0-1
    rejected: Truths  #: whether a parliament has refused it
    in_force: Truths  #: whether it is signed and ratified
    broken: Truths  #: whether it ended with an attack on its guarantee that nobody answered
    ends: Truths  #: whether it ends this month
    age: Floats  #: months since the signature, 0 where nothing is in force
    guarantee: Floats  #: strength of the guarantee where it is built, 0-1
    american_aid: Floats
    """US military support: what goes on anyway, what hinges on the deal, what it promises, bn USD/year."""
    effective_stake: Floats  #: US share of all resource revenue in present value, 0 where nothing is in force, 0-1
    owed: Floats  #: credited aid not yet repaid, bn USD
    paid_to_united_states: Floats  #: resource revenue paid under the deal, bn USD/year
    kept_by_ukraine: Floats  #: resource revenue that Ukraine keeps, bn USD/year
    received_by_united_states: Floats  #: revenue paid so far, undiscounted, bn USD
    russian_deal: Floats  #: 1 where the United States has taken Russia's offer

    @property
    def holds(self) -> Truths:
        """Whether it is in force and has not ended, (worlds,)."""
        return self.in_force & ~self.broken

    @property
    def promised_aid(self) -> Floats:
        """New US military aid under the deal (worlds,), bn USD/year."""
        return np.where(self.holds, self.terms.future_aid, 0.0)

    def stake(self, resource_value: Floats) -> Floats:
        """Worth of the US stake (worlds,), bn USD, given that of the resources: what the hypotheses look at."""
        terms = self.terms
        return np.where(self.holds, terms.ownership_share * terms.revenue_base * resource_value, 0.0)
