"""The war in every world: fighting, ceasefire, regrouping, settlement, renewed war."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from model.calendar import Month
from model.dimensions import Floats, Truths
from model.rules import conflict, credibility
from model.states.deal import AgreementState
from model.states.setting import Setting
from model.states.war import UKRAINE_AREA, Outlook, WarState


class War:
    """Where each world stands between war and peace; the countries decide, this keeps the record in its `state`."""

    def __init__(self, setting: Setting) -> None:
        self.p, start, none, never = setting.p, setting.start, setting.nowhere(), setting.per_world(np.nan)
        p, nothing = self.p, setting.per_world(0.0)
        ukraine = (p.ukrainian_effort + start.united_states_aid + start.european_aid) / 12 / p.attrition
        russia = p.russian_effort / 12 / p.attrition
        self._first_supply = ukraine * p.attrition
        self._potential_ukraine, self._potential_russia = p.full_strength * ukraine, p.full_strength * russia
        self.state = WarState(
            fighting=setting.per_world(1.0),
            settled=none,
            joins=none,
            joined=none,
            strength_ukraine=ukraine,
            strength_russia=russia,
            first_balance=ukraine / np.maximum(russia, 1e-9),
            occupied_area=setting.per_world(start.occupied_area),
            first_occupied_area=start.occupied_area,
            american_aid=nothing,
            aid=nothing,
            ceasefires=nothing,
            renewals=nothing,
            ceasefire_month=never,
            renewed_month=never,
            months_of_fighting=nothing,
        )
        self._ceasefire_stream = setting.streams.uniform("ceasefire", setting.months)
        self._settlement_stream = setting.streams.uniform("settlement", setting.months)

    def arm(self, european_aid: Floats, agreement: AgreementState, outlook: Outlook) -> None:
        """Aid arrives (bn USD/year), and both sides use up or rebuild their strength."""
        p, state = self.p, self.state
        aid = agreement.american_aid + european_aid
        stake = agreement.stake(outlook.resource_value)
        added = credibility.stake_strength_effect(stake, p.stake_scale, p.tripwire, p.capacity_effect)
        effort = p.ukrainian_effort * (1.0 + added)
        supply, russian = (effort + aid) / 12, p.russian_effort / 12
        rate = p.regrouping / 3 * supply / self._first_supply
        ukraine, russia = state.strength_ukraine, state.strength_russia
        self.state = replace(
            state,
            american_aid=agreement.american_aid,
            aid=aid,
            strength_ukraine=np.where(
                state.fighting > 0,
                conflict.strength_change(ukraine, p.attrition, supply, state.fighting),
                conflict.reconstitution(ukraine, self._potential_ukraine, rate),
            ),
            strength_russia=np.where(
                state.fighting > 0,
                conflict.strength_change(russia, p.attrition, russian, state.fighting),
                conflict.reconstitution(russia, self._potential_russia, p.regrouping / 3),
            ),
        )

    def move(
        self, attacks: Truths, joins: Truths, willingness: tuple[Floats, Floats], outlook: Outlook, now: Month
    ) -> None:
        """Land changes hands, a ceasefire or settlement is made, or war begins again.

        `attacks` and `joins` say where Russia attacks and the United States fights, `willingness` how ready
        Russia and Ukraine are to stop (0-1); all (worlds,).
        """
        p, state = self.p, self.state
        fighting = state.fighting
        gained = conflict.territory_change(outlook.win, p.advance / 12) * fighting
        chance = conflict.monthly_probability(2.0 * p.ceasefire_hazard * willingness[0] * willingness[1])
        stops = (fighting > 0) & (self._ceasefire_stream(now.number) < chance)
        settling = conflict.monthly_probability(p.settlement_hazard)
        settles = (fighting == 0) & (self._settlement_stream(now.number) < settling)
        after = np.where(stops, 0.0, np.where(attacks, 1.0, fighting))
        self.state = replace(
            state,
            fighting=after,
            settled=(state.settled | settles) & ~attacks,
            joins=joins,
            joined=(state.joined | joins) & (after > 0),
            occupied_area=np.clip(state.occupied_area + gained, 0.0, UKRAINE_AREA),
            ceasefires=state.ceasefires + stops,
            renewals=state.renewals + attacks,
            ceasefire_month=np.where(stops & np.isnan(state.ceasefire_month), now.number, state.ceasefire_month),
            renewed_month=np.where(attacks & np.isnan(state.renewed_month), now.number, state.renewed_month),
            months_of_fighting=state.months_of_fighting + fighting,
        )
