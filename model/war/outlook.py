"""What is expected of the war, as functions of what is known: intervention, odds, renewed war, years of war.

The same rates drive what happens and what everyone expects of it.
"""

from __future__ import annotations

import numpy as np

from model.dimensions import Floats, Truths
from model.parameters.table import WorldParameters
from model.rules import conflict, credibility
from model.states.deal import Terms
from model.states.known import Known
from model.states.war import INVESTORS, RUSSIA, Outlook, WarState


def first_outlook(p: WorldParameters, war: WarState, resource_value: Floats) -> Outlook:
    """What the first expectations start from: the odds with nothing promised, and the base hazard of renewed war."""
    odds = win_probability(p, war, p.base_intervention)
    return Outlook(p.base_intervention, odds, p.renewal_hazard, p.renewal_hazard, odds, resource_value)


def expect(p: WorldParameters, known: Known) -> Outlook:
    """What Russia and investors expect of the war now; the worth of the resources stays that of the last outlook."""
    trust, before = known.trust, known.outlook
    of_russia, of_investors = trust.reliability(RUSSIA), trust.reliability(INVESTORS)
    intervention, win, hazard = _seen_by(p, known, of_russia)
    same = np.array_equal(of_russia, of_investors)
    to_investors = hazard if same else _seen_by(p, known, of_investors)[2]
    return Outlook(intervention, win, hazard, to_investors, before.parity, before.resource_value)


def _seen_by(p: WorldParameters, known: Known, reliability: Floats) -> tuple[Floats, Floats, Floats]:
    """Chance of US intervention, Russia's of winning, hazard of renewed war (1/year), to one of such trust."""
    war, agreement = known.war, known.agreement
    stake, promised = agreement.stake(known.outlook.resource_value), agreement.promised_guarantee

    def chance(guarantee: Floats) -> Floats:
        return intervention_probability(p, known, reliability, guarantee, agreement.terms, stake, agreement.in_force)

    intervention = np.where(war.joined, 1.0, chance(agreement.guarantee))
    win = later = win_probability(p, war, intervention)
    if war.joined.any() or not np.array_equal(promised, agreement.guarantee):
        later = win_probability(p, war, chance(promised))
    hazard = renewal_hazard(p, known.outlook, win, later, agreement.years_to_full_guarantee, stake)
    return intervention, win, hazard * np.where(war.settled, 1.0 - p.settlement_effect, 1.0)


def intervention_probability(
    p: WorldParameters,
    known: Known,
    reliability: Floats,
    guarantee: Floats,
    terms: Terms,
    stake: Floats,
    in_force: Truths | float,
) -> Floats:
    """Chance (0-1) that the United States fights for Ukraine, in the eyes of one of such `reliability` (trust).

    Under a `guarantee` (0-1) of these `terms` and a US `stake` (bn USD), `in_force` or not (0/1).
    """
    war, rival = known.war, known.agreement.russian_deal * p.stake_scale
    return credibility.intervention_probability(
        guarantee,
        terms.guarantee_formality,
        reliability,
        credibility.stake_intervention_effect(
            stake, p.stake_scale, p.tripwire, rival, p.weak_effect, p.trap_effect, p.counter_effect
        ),
        p.arms_weight * np.log(np.maximum(war.balance / war.first_balance, 1e-3)),
        terms.nato_path * in_force,
        base_probability=p.base_intervention,
        full_probability=p.full_intervention,
        reference_reliability=known.trust.prior,
    )


def win_probability(p: WorldParameters, war: WarState, intervention: Floats) -> Floats:
    """Russia's chance of winning a war now (0-1), given the chance of US intervention."""
    defender = war.strength_ukraine + intervention * p.united_states_commitment / 12 / p.attrition
    return conflict.contest_probability(war.strength_russia, defender, p.contest_decisiveness)


def attack_gain(p: WorldParameters, parity: Floats, win: Floats, win_later: Floats, years_to_shift: Floats) -> Floats:
    """Worth to Russia of returning to war over keeping the peace, percent of its GDP, nought at the odds `parity`.

    A stronger defender lowers it. A guarantee still building up raises it: what is lost by
    waiting counts for war now, where it exceeds Powell's threshold.
    """
    shift = np.maximum(win - win_later, 0.0)
    patience = np.exp(-p.discount_rate * np.maximum(years_to_shift, 1 / 12))
    incentive = conflict.preventive_incentive(shift, patience, p.destroyed_share, 1.0 - win)
    worth = win - parity + np.maximum(incentive, 0.0)
    return p.russia_security_weight * (100 * p.control_value * worth)


def renewal_hazard(
    p: WorldParameters, outlook: Outlook, win: Floats, win_later: Floats, years: Floats, stake: Floats
) -> Floats:
    """Hazard of renewed war per year, given Russia's chances now and after so many years, and the US stake (bn USD)."""
    gain = attack_gain(p, outlook.parity, win, win_later, years)
    coercion = credibility.stake_coercion_effect(stake, p.stake_scale, p.tripwire, p.hostage_effect)
    return conflict.renewal_hazard(p.renewal_hazard, gain * p.renewal_sensitivity + coercion)


def expected_renewal(
    p: WorldParameters, known: Known, reliability: Floats, guarantee: Floats, terms: Terms, signed: float
) -> Floats:
    """Hazard of renewed war per year that a signatory expects with the full deal (signed 1) or without it (0)."""
    stake = signed * terms.ownership_share * terms.revenue_base * known.outlook.resource_value
    chance = intervention_probability(p, known, reliability, guarantee, terms, stake, signed)
    win = win_probability(p, known.war, chance)
    return renewal_hazard(p, known.outlook, win, win, np.zeros_like(win), stake)


def war_years(p: WorldParameters, renewal: Floats) -> Floats:
    """Discounted years of fighting still to come for a country at war, given the hazard of renewed war (1/year)."""
    return conflict.expected_war_years(p.discount_rate, p.ceasefire_hazard, renewal)


def share_at_war(p: WorldParameters, renewal: Floats) -> Floats:
    """Discounted share (0-1) of the time to come that a country at war spends fighting, given the hazard of return."""
    return p.discount_rate * war_years(p, renewal)
