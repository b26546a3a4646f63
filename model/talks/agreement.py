"""The agreement: what is signed, whether it is kept, and what is paid under it."""

from __future__ import annotations

import numpy as np

from model.array_axes import Floats, Truths
from model.calendar import Month
from model.rules import bargaining, conflict, credibility
from model.states.deal import AgreementState, Pressure, Terms
from model.states.decisions import Signature
from model.states.frozen import replace
from model.states.run_setting import Setting
from model.states.war import WarState


class Agreement:
    """Owns the `state` of the agreement; the countries decide whether it is kept."""

    def __init__(self, setting: Setting, terms: Terms) -> None:
        self.p, self._american_aid = setting.p, setting.start.united_states_aid
        self._test_stream = setting.streams.uniform("test of the guarantee", setting.months)
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
            ends=none,
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

    def stand(self, war: WarState, pressure: Pressure, now: Month) -> None:
        """The guarantee counts where it is built; support goes on, less the part that pressure withholds this month."""
        p, state = self.p, self.state
        standing = conflict.standing_share(p.support_without_deal, p.support_at_stake, state.holds)
        share = standing * (1.0 - pressure.withheld)
        self.state = replace(
            state,
            age=np.where(state.in_force, now.number - state.signed_month, 0.0),
            guarantee=np.where(state.holds & war.american_built, state.terms.guarantee_strength, 0.0),
            american_aid=self._american_aid * share + state.promised_aid,
        )

    def test(self, unanswered: Truths, now: Month) -> Truths:
        """An attack that the United States leaves unanswered ends the deal, the surer the more was promised.

        Returns where it ends, (worlds,).
        """
        state = self.state
        terms = state.terms
        promised = credibility.assurance(terms.guarantee_strength, terms.guarantee_formality, terms.nato_path)
        ends = unanswered & state.holds & (self._test_stream(now.number) < promised)
        guarantee = np.where(ends, 0.0, state.guarantee)
        self.state = replace(state, broken=state.broken | ends, ends=ends, guarantee=guarantee)
        return ends

    def pay(self, earned: Floats) -> None:
        """Share the month's resource revenue (worlds,), bn USD/year, under the terms."""
        state = self.state
        terms = state.terms
        covered = terms.revenue_base * earned * state.holds
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
