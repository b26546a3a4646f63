"""The situation that the war game is played in: what stands of support, promises and doubts."""

from __future__ import annotations

import numpy as np

from model.array_axes import Floats, Truths
from model.calendar import Month
from model.parameters.table import WorldParameters
from model.rules import conflict, credibility, war_and_peace
from model.states.deal import AgreementState, Terms
from model.states.run_setting import Start
from model.states.war import TrustState
from model.states.war_game import Situation


def standing_support(p: WorldParameters, start: Start, future_aid: Floats, stands: Truths) -> Floats:
    """American military support (worlds,), bn USD/year: what goes on anyway, and with a deal that stands what hinges
    on it and what it promises.
    """
    share = conflict.standing_share(p.support_without_deal, p.support_at_stake, stands)
    return start.united_states_aid * share + future_aid * stands


def european_support(p: WorldParameters, start: Start, american: Floats, now: Month) -> Floats:
    """European military support (worlds,), bn USD/year, once it has replaced its part of what is lost of `american`."""
    lost = np.maximum(start.united_states_aid - american, 0.0)
    return (start.european_aid + p.europe_replacement * lost) * np.exp(-p.europe_fatigue * now.number / 12)


def situation(
    p: WorldParameters,
    start: Start,
    terms: Terms,
    stands: Truths,
    stake: Floats,
    agreement: AgreementState,
    trust: TrustState,
    now: Month,
) -> Situation:
    """The situation with a deal of these `terms` where it `stands`, and without one elsewhere.

    `stake` is the worth of what the United States owns, bn USD, for the hypotheses on what that does to
    safety. Support is taken as it stands: a month's pause or lag is no news of the years to come.
    """
    american = standing_support(p, start, terms.future_aid, stands)
    stake = stake * stands
    capacity = 1.0 + credibility.stake_strength_effect(stake, p.stake_scale, p.tripwire, p.capacity_effect)
    ukraine = p.ukrainian_effort * capacity + american + european_support(p, start, american, now)
    first = p.ukrainian_effort + start.united_states_aid + start.european_aid
    rival = agreement.russian_deal * p.stake_scale
    relief = np.where(agreement.russian_deal > 0, p.sanctions_kept, 1.0)
    learnt = war_and_peace.logit(trust.reliability) - war_and_peace.logit(trust.prior)
    return Situation(
        signed=np.where(stands, 1.0, 0.0).astype(start.dtype),
        russian_deal=agreement.russian_deal,
        supply_ukraine=ukraine,
        supply_russia=p.russian_effort,
        sanctions=relief * conflict.sanctions_cost(p.sanctioned_trade, p.sanctions_loss),
        american_guarantee=terms.guarantee_strength * stands,
        formality=terms.guarantee_formality,
        nato_path=terms.nato_path * stands,
        american_buildup=terms.guarantee_buildup,
        european_guarantee=p.european_guarantee,
        european_buildup=p.european_buildup,
        stake_effect=credibility.stake_intervention_effect(
            stake, p.stake_scale, p.tripwire, rival, p.weak_effect, p.trap_effect, p.counter_effect
        ),
        hostage=credibility.stake_coercion_effect(stake, p.stake_scale, p.tripwire, p.hostage_effect),
        arms=p.arms_weight * np.log(ukraine / first),
        trust_russia=p.trust_russia + learnt,
        trust_ukraine=p.trust_ukraine + learnt,
    )
