"""The agreement: what is signed, whether it is kept, and what is paid under it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from model.calendar import Month
from model.dimensions import Floats, Truths
from model.rules import bargaining, credibility
from model.states.deal import AgreementState, Pressure, Terms
from model.states.decisions import Signature
from model.states.setting import Setting


class Agreement:
    """Owns the `state` of the agreement; the countries decide whether it is kept."""

    def __init__(self, setting: Setting, terms: Terms) -> None:
        self.p, self._american_aid = setting.p, setting.start.united_states_aid
        none, nothing, never = setting.nowhere(), setting.per_world(0.0), setting.per_world(np.nan)
        self.state = AgreementState(
            terms=terms,
            signed=none,
            signed_month=never,
            signed_day=never,
            ratification_chance=never,
            rejected=none,
            in_force=none,
            broken=none,
            withheld=none,
            age=nothing,
            guarantee=nothing,
            american_aid=nothing,
            effective_stake=nothing,
            owed=nothing,
            paid_to_united_states=nothing,
            kept_by_ukraine=self.p.resource_revenue,
            received_by_united_states=nothing,
            russian_deal=nothing,
        )

    def sign(self, signature: Signature, now: Month) -> None:
        """What is signed and ratified binds both from now on."""
        state, new, enters = self.state, signature.signed, signature.ratified
        if new.any():
            terms = signature.terms
            stake = bargaining.effective_stake(
                terms.ownership_share, terms.revenue_base, terms.reinvestment_years, self.p.discount_rate
            )
            state = replace(
                state,
                terms=terms.where(enters, state.terms),
                signed=state.signed | new,
                signed_month=np.where(new, now.number, state.signed_month),
                signed_day=np.where(new, signature.day, state.signed_day),
                ratification_chance=np.where(new, signature.ratification_chance, state.ratification_chance),
                rejected=state.rejected | signature.rejected,
                in_force=state.in_force | enters,
                effective_stake=np.where(enters, stake, state.effective_stake),
                owed=np.where(enters, terms.recognised_aid, state.owed),
            )
        if signature.turns_to_russia.any():
            state = replace(state, russian_deal=np.where(signature.turns_to_russia, 1.0, state.russian_deal))
        self.state = state

    def review(self, keeps_word: Truths, keeps_paying: Truths) -> Truths:
        """Each January the guarantee is kept or broken, and Ukraine pays or holds back; returns where it is broken."""
        state = self.state
        breaks = state.holds & ~keeps_word
        withheld = state.withheld | (state.in_force & ~keeps_paying)
        self.state = replace(state, broken=state.broken | breaks, withheld=withheld)
        return breaks

    def build_up(self, pressure: Pressure, now: Month) -> None:
        """The guarantee grows; support goes on, less the part that pressure withholds this month."""
        p, state = self.p, self.state
        age = np.where(state.in_force, now.number - state.signed_month, 0.0)
        strength = credibility.guarantee_in_force(state.terms.guarantee_strength, age, state.terms.guarantee_buildup)
        share = p.support_without_deal + p.support_at_stake * state.in_force * ~state.broken * ~state.withheld
        aid = self._american_aid * np.minimum(share * (1.0 - pressure.withheld), 1.0) + state.promised_aid
        self.state = replace(state, age=age, guarantee=np.where(state.holds, strength, 0.0), american_aid=aid)

    def test(self, attacks: Truths, joins: Truths) -> Truths:
        """The guarantee is broken where the United States stood aside in an attack; returns where, (worlds,)."""
        state = self.state
        breaks = attacks & (state.guarantee > 0) & ~joins
        if breaks.any():
            self.state = replace(state, broken=state.broken | breaks, guarantee=np.where(breaks, 0.0, state.guarantee))
        return breaks

    def pay(self, earned: Floats) -> None:
        """Share the month's resource revenue (worlds,), bn USD/year, under the terms."""
        state = self.state
        terms = state.terms
        covered = terms.revenue_base * earned * (state.in_force & ~state.withheld)
        due = state.age >= 12 * terms.reinvestment_years
        share = terms.ownership_share * covered * due
        repaid = np.minimum(state.owed * 12, (covered - terms.ownership_share * covered) * (state.owed > 0))
        paid = share + repaid
        self.state = replace(
            state,
            owed=np.maximum(state.owed - repaid / 12, 0.0),
            paid_to_united_states=paid,
            kept_by_ukraine=earned - paid,
            received_by_united_states=state.received_by_united_states + paid / 12,
        )
