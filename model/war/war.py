"""The war in every world: fighting, ceasefire, regrouping, settlement, renewed war."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from model.dimensions import UA
from model.parameters.declaration import Spread
from model.rules import conflict, credibility

if TYPE_CHECKING:
    from model.simulation import GeopoliticalEconomy

Floats = NDArray[np.floating]
UKRAINE_AREA = 603.5
"""Land area of Ukraine in its recognised borders, thousand km2."""


class War:
    """Where each world stands between war and peace; the countries decide, this keeps the record."""

    def __init__(self, model: GeopoliticalEconomy) -> None:
        self.model = model
        worlds, months = model.worlds, model.months
        self.fighting = model.per_world(1.0)
        self.settled = np.zeros(worlds, dtype=bool)
        self.occupied_area = model.per_world(model.start.occupied_area)
        self.ceasefire_month = model.per_world(np.nan)
        self.renewed_month = model.per_world(np.nan)
        self.ceasefires, self.renewals = model.per_world(0.0), model.per_world(0.0)
        self.american_aid, self.aid_received = model.per_world(0.0), model.per_world(0.0)
        self.intervention, self.hazard, self.win = (model.per_world(0.0) for _ in range(3))
        self.joined, self.joins = np.zeros(worlds, dtype=bool), np.zeros(worlds, dtype=bool)
        self.luck_of_ceasefire = model.luck.uniform("ceasefire", months)
        self.luck_of_settlement = model.luck.uniform("settlement", months)
        self.luck_of_attack = model.luck.uniform("attack", months)
        self.months_of_fighting = model.per_world(0.0)
        self.first_balance = self.balance()
        model.russia.parity = model.russia.win_probability(model.spread.base_intervention)

    def arm(self, month: int) -> None:
        """Aid arrives, both sides use up or rebuild their strength."""
        model = self.model
        self.american_aid = model.talks.american_aid()
        european = model.rest_of_world.support_ukraine(self.american_aid, month)
        self.aid_received = self.american_aid + european
        talks, p = model.talks, model.spread
        effort = p.ukrainian_effort * (
            1.0 + credibility.stake_strength_effect(talks.stake(), p.stake_scale, p.tripwire)
        )
        model.ukraine.rearm(self.fighting, (effort + self.aid_received) / 12)
        model.russia.rearm(self.fighting)

    def move(self, month: int) -> None:
        """Land changes hands, a ceasefire or settlement is made, or war begins again."""
        self.assess()
        p, talks = self.model.spread, self.model.talks
        gained = conflict.territory_change(self.win, p.advance / 12) * self.fighting
        self.months_of_fighting = self.months_of_fighting + self.fighting
        self.occupied_area = np.clip(self.occupied_area + gained, 0.0, UKRAINE_AREA)
        stops = (self.fighting > 0) & (self.luck_of_ceasefire(month) < self.ceasefire_probability())
        attacks = (self.fighting == 0) & (self.luck_of_attack(month) < conflict.monthly_probability(self.hazard))
        settles = conflict.monthly_probability(p.settlement_hazard)
        self.settled = (self.settled | ((self.fighting == 0) & (self.luck_of_settlement(month) < settles))) & ~attacks
        self.fighting = np.where(stops, 0.0, np.where(attacks, 1.0, self.fighting))
        self.joins = talks.test_guarantee(month, attacks)
        self.joined = (self.joined | self.joins) & (self.fighting > 0)
        self.ceasefires, self.renewals = self.ceasefires + stops, self.renewals + attacks
        self.ceasefire_month = np.where(stops & np.isnan(self.ceasefire_month), month, self.ceasefire_month)
        self.renewed_month = np.where(attacks & np.isnan(self.renewed_month), month, self.renewed_month)

    def assess(self) -> None:
        """What Russia expects of a war now, and the hazard that it begins one."""
        trust, investors = self.model.russia.reliability(), self.model.investors.reliability()
        self.intervention, self.win, self.hazard = self.seen_by(trust)
        self.hazard_to_investors = self.hazard if np.array_equal(trust, investors) else self.seen_by(investors)[2]

    def seen_by(self, trust: Floats) -> tuple[Floats, Floats, Floats]:
        """Chance of US intervention, Russia's of winning, and hazard of renewed war, to one of such trust."""
        model, talks = self.model, self.model.talks
        stake, promised = talks.stake(), talks.guarantee_promised()
        now = self.intervention_probability(trust, talks.guarantee, talks.terms, stake, talks.in_force)
        intervention = np.where(self.joined, 1.0, now)
        win = later = model.russia.win_probability(intervention)
        if self.joined.any() or not np.array_equal(promised, talks.guarantee):
            full = self.intervention_probability(trust, promised, talks.terms, stake, talks.in_force)
            later = model.russia.win_probability(full)
        hazard = self.renewal_hazard(win, later, talks.years_to_full_guarantee(), stake)
        return intervention, win, hazard * np.where(self.settled, 1.0 - model.spread.settlement_effect, 1.0)

    def intervention_probability(
        self,
        trust: Floats,
        guarantee: Floats,
        terms: Spread,
        stake: Floats,
        in_force: NDArray[np.bool_] | float,
    ) -> Floats:
        """Chance (0-1) that the United States fights for Ukraine, in the eyes of one who trusts it so much."""
        p, rival = self.model.spread, self.model.talks.russian_deal * self.model.spread.stake_scale
        return credibility.intervention_probability(
            guarantee,
            terms.guarantee_formality,
            trust,
            credibility.stake_intervention_effect(stake, p.stake_scale, p.tripwire, rival),
            p.arms_weight * np.log(np.maximum(self.balance() / self.first_balance, 1e-3)),
            terms.nato_path * in_force,
            base_probability=p.base_intervention,
            full_probability=p.full_intervention,
            reference_reliability=self.model.prior_reliability,
        )

    def expected_renewal(self, trust: Floats, guarantee: Floats, terms: Spread, signed: float) -> Floats:
        """Hazard of renewed war per year that a signatory expects with the full deal (signed 1) or without it (0)."""
        worth = self.model.resource_worth
        stake = signed * terms.ownership_share * terms.revenue_base * worth
        win = self.model.russia.win_probability(self.intervention_probability(trust, guarantee, terms, stake, signed))
        return self.renewal_hazard(win, win, np.zeros_like(win), stake)

    def renewal_hazard(self, win: Floats, win_later: Floats, years: Floats, stake: Floats) -> Floats:
        """Hazard of renewed war per year, given Russia's chances now and later and the US stake (bn USD)."""
        p = self.model.spread
        gain = self.model.russia.attack_gain(win, win_later, years)
        coercion = credibility.stake_coercion_effect(stake, p.stake_scale, p.tripwire)
        return conflict.renewal_hazard(p.renewal_hazard, gain * p.renewal_sensitivity + coercion)

    def ceasefire_probability(self) -> Floats:
        """Chance that the fighting stops this month: both must want it."""
        p, model = self.model.spread, self.model
        russia_wants = conflict.willingness(model.russia.ceasefire_gain(self.win))
        ukraine_wants = conflict.willingness(model.ukraine.ceasefire_gain(self.hazard))
        return conflict.monthly_probability(2.0 * p.ceasefire_hazard * russia_wants * ukraine_wants)

    def occupied_share(self) -> Floats:
        """Part of Ukraine's land under Russian control (0-1)."""
        return self.occupied_area / UKRAINE_AREA

    def free_deposits(self) -> Floats:
        """Part of the rare-earth deposits in Ukrainian hands (0-1): it moves with the front."""
        p = self.model.spread
        moved = self.occupied_area / self.model.start.occupied_area
        return np.clip(1.0 - p.deposit_occupied * moved, 0.0, 1.0)

    def balance(self) -> Floats:
        """Ukraine's strength over Russia's."""
        strength = self.model.states["strength"]
        return strength[UA] / np.maximum(self.model.russia.strength, 1e-9)
