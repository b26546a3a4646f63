"""The war in every world: fighting, ceasefire, rearming, settlement, renewed war."""

from __future__ import annotations

import numpy as np

from model.array_axes import Floats, Truths
from model.calendar import Month
from model.rules import conflict, credibility, war_and_peace
from model.states.deal import AgreementState
from model.states.decisions import WarMoves
from model.states.frozen import replace
from model.states.run_setting import Setting
from model.states.war import UKRAINE_AREA, WarState


class War:
    """Where each world stands between war and peace; the countries decide, this keeps the record in its `state`."""

    def __init__(self, setting: Setting) -> None:
        self.p, start, none, never = setting.p, setting.start, setting.nowhere(), setting.per_world(np.nan)
        p, nothing = self.p, setting.per_world(0.0)
        support = start.united_states_aid + start.european_aid
        self.state = WarState(
            fighting=setting.per_world(1.0),
            rearmed=none,
            american_built=none,
            european_built=none,
            settled=none,
            attacked=none,
            american_joins=none,
            european_joins=none,
            strength_ukraine=p.ukrainian_effort + support,
            strength_russia=p.russian_effort,
            advanced=nothing,
            lead=nothing,
            occupied_area=setting.per_world(start.occupied_area),
            first_occupied_area=start.occupied_area,
            american_aid=nothing,
            aid=nothing,
            renewals=nothing,
            ceasefire_month=never,
            renewed_month=never,
            months_of_fighting=nothing,
        )
        self._settles, self._rearms = (
            conflict.monthly_probability(rate) for rate in (p.settlement_hazard, 4.0 * p.regrouping)
        )
        self._european = bool((p.european_guarantee > 0).any())
        names = ("ceasefire", "rearming", "american guarantee", "european guarantee", "settlement")
        self._streams = {name: setting.streams.uniform(name, setting.months) for name in names}

    def arm(self, european_aid: Floats, agreement: AgreementState, resource_value: Floats) -> None:
        """Aid arrives (bn USD/year); the `resource_value` (bn USD) is that of the US stake under H3."""
        p, aid = self.p, agreement.american_aid + european_aid
        added = credibility.stake_strength_effect(
            agreement.stake(resource_value), p.stake_scale, p.tripwire, p.capacity_effect
        )
        self.state = replace(
            self.state,
            american_aid=agreement.american_aid,
            aid=aid,
            strength_ukraine=p.ukrainian_effort * (1.0 + added) + aid,
            strength_russia=p.russian_effort * np.exp(p.rearmed_advantage * self.state.rearmed),
        )

    def move(self, moves: WarMoves, agreement: AgreementState, now: Month) -> None:
        """Land changes hands, a ceasefire or settlement is made, clocks run in a ceasefire, or war begins again."""
        p, state = self.p, self.state
        fighting, attacks = state.fighting > 0, moves.attacks
        rate = war_and_peace.ceasefire_rate(p.ceasefire_hazard, *moves.wants)
        stops = fighting & self._happens("ceasefire", conflict.monthly_probability(rate), now)
        peace = ~fighting & ~attacks
        settles = peace & self._happens("settlement", self._settles, now)
        win = conflict.contest_probability(state.strength_russia, state.strength_ukraine, p.contest_decisiveness)
        advanced = conflict.territory_change(win, p.advance / 12) / UKRAINE_AREA * fighting
        lead = np.where(attacks, self._lead(moves), 0.0)
        taken = (advanced + p.prize_share * p.prize_land * lead) * UKRAINE_AREA
        american, european = agreement.terms.guarantee_buildup, state.european_built
        if self._european:  # nothing is built where nothing is promised
            european = self._built(european, "european guarantee", p.european_buildup, stops, peace, now)
        rearms = self._happens("rearming", self._rearms, now)
        self.state = replace(
            state,
            fighting=np.where(stops, 0.0, np.where(attacks, 1.0, state.fighting)),
            rearmed=peace & (state.rearmed | rearms),
            american_built=self._built(state.american_built, "american guarantee", american, stops, peace, now),
            european_built=european,
            settled=peace & (state.settled | settles),
            attacked=attacks,
            american_joins=moves.american_joins,
            european_joins=moves.european_joins,
            advanced=advanced,
            lead=lead,
            occupied_area=np.clip(state.occupied_area + taken, 0.0, UKRAINE_AREA),
            renewals=state.renewals + attacks,
            ceasefire_month=np.where(stops & np.isnan(state.ceasefire_month), now.number, state.ceasefire_month),
            renewed_month=np.where(attacks & np.isnan(state.renewed_month), now.number, state.renewed_month),
            months_of_fighting=state.months_of_fighting + state.fighting,
        )

    def _lead(self, moves: WarMoves) -> Floats:
        """Russia's lead in a war that begins now, 2p - 1, given who answers, (worlds,)."""
        p, state = self.p, self.state
        answered = p.united_states_commitment * moves.american_joins + p.european_commitment * moves.european_joins
        defender = state.strength_ukraine + answered
        return conflict.contest_lead(state.strength_russia, defender, p.contest_decisiveness)

    def _built(self, built: Truths, name: str, months: Floats, stops: Truths, peace: Truths, now: Month) -> Truths:
        """Whether a guarantee is built that takes so many `months` in the mean; a settlement completes it."""
        chance = conflict.monthly_probability(12.0 / np.maximum(months, 1e-6))
        done = self._happens(name, chance, now) | self.state.settled
        return (stops & (months <= 0)) | (peace & (built | done))

    def _happens(self, name: str, chance: Floats, now: Month) -> Truths:
        """Where something comes this month that has such a chance."""
        return self._streams[name](now.number) < chance
