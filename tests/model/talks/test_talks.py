"""Bargained and recorded talks: who learns what, what pressure does, what a vote foreseen does to the terms."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

import numpy as np
import pytest

from model import GeopoliticalEconomy, Parameters
from model.array_axes import Floats
from model.rules import beliefs, ratification
from model.states.deal import TERMS, Pressure
from model.talks.bargaining import MENU, Bargaining
from model.talks.offer_values import SIDES
from model.talks.recorded_drafts import draft, drafts
from model.talks.type_prior import NORMAL
from model.talks.us_pressure import ACTS, AID_PAUSE, DEADLINE, NONE, OPENING, PUBLIC_QUARREL

WORLDS = 600


def bargained(months: int = 8, worlds: int = WORLDS, **changes: object) -> GeopoliticalEconomy:
    """A model whose talks have run their course, all designs on the same random numbers."""
    model = GeopoliticalEconomy(
        Parameters(talks="bargained", **changes),  # type: ignore[arg-type]
        worlds=worlds,
        months=months,
        record="outcomes",
        rng=0,
    )
    model.simulate()
    return model


def bargaining_of(model: GeopoliticalEconomy) -> Bargaining:
    """The bargaining of a model in which the sides bargain."""
    assert model.talks.bargaining is not None
    return model.talks.bargaining


@pytest.fixture(scope="module")
def ended() -> GeopoliticalEconomy:
    """Talks at the defaults."""
    return bargained()


def test_the_menu_is_made_of_terms() -> None:
    assert set(MENU) <= set(TERMS)
    for name, values in MENU.items():
        for value in values:
            Parameters(**{name: value})  # type: ignore[arg-type]


def test_the_prior_is_a_standard_normal_in_its_first_five_moments() -> None:
    moments = [sum(w * n**k for w, n in zip(NORMAL.weights, NORMAL.nodes, strict=True)) for k in range(6)]
    np.testing.assert_allclose(moments, [1, 0, 1, 0, 3, 0], atol=1e-12)


def test_beliefs_stay_probabilities(ended: GeopoliticalEconomy) -> None:
    for side in SIDES:
        beliefs = bargaining_of(ended).beliefs[side]
        np.testing.assert_allclose(beliefs[0] + beliefs[1] + beliefs[2], 1.0)
        assert (beliefs >= 0).all()


def test_both_sides_learn_in_the_right_direction() -> None:
    """After a round each side thinks more, on the mean, of a type that is in fact keener to sign."""
    model = bargained(months=3, worlds=3000, demand_share=0.2)
    for side in SIDES:
        mean = sum(node * belief for node, belief in zip(NORMAL.nodes, bargaining_of(model).beliefs[side], strict=True))
        own = getattr(model, side).private_type
        keen, cool = own > 2, own < -2
        assert mean[keen].mean() > mean[cool].mean() + 0.05, side


def test_without_types_there_is_nothing_to_learn() -> None:
    model = bargained(type_spread=0)
    for side in SIDES:
        np.testing.assert_allclose(
            bargaining_of(model).beliefs[side], np.array(NORMAL.weights)[:, None].repeat(WORLDS, 1)
        )


def test_days_to_signature_fall_on_rounds(ended: GeopoliticalEconomy) -> None:
    days = ended.agreement.state.signed_day
    signed = ended.agreement.state.signed
    np.testing.assert_array_equal(np.isfinite(days), signed)
    rounds = days[signed] / (365.25 / 24)
    np.testing.assert_allclose(rounds, np.round(rounds))
    month = (ended.agreement.state.signed_month - 1)[signed]
    np.testing.assert_array_equal(np.round(rounds) // 2, month)


def test_what_is_signed_was_on_the_menu(ended: GeopoliticalEconomy) -> None:
    for name, values in MENU.items():
        assert np.isin(getattr(ended.talks.state.terms, name)[ended.agreement.state.signed], values).all()


def test_a_quarrel_costs_a_month() -> None:
    """One window of a month sees one quarrel at most; more of them leave fewer worlds with a signature."""
    model = bargained(breakdown_probability=0.2, talks_months=1, months=4)
    record = model.outcomes()
    assert record["breakdowns"].max() == 1
    calm = bargained(breakdown_probability=0.0, coercion_cost=5, months=8).outcomes()
    rough = bargained(breakdown_probability=0.2, coercion_cost=5, months=8).outcomes()
    assert rough["breakdowns"].mean() > calm["breakdowns"].mean() + 0.3
    assert rough["signed"].mean() < calm["signed"].mean()


def test_pressure_is_bought_less_the_more_it_costs() -> None:
    months = [bargained(coercion_cost=cost).outcomes()["coercive_months"].mean() for cost in (0.0, 0.5, 5.0)]
    assert months[0] > months[1] > months[2]


def test_pressure_ends_with_the_talks() -> None:
    model = bargained(months=9)
    assert (bargaining_of(model).pressure.act == NONE).all()
    assert not bargaining_of(model).quarrelling.any()
    for part in fields(Pressure):
        assert (getattr(model.talks.state.pressure, part.name) == 0).all(), part.name


def test_harm_makes_the_refused_offer_likelier_to_be_taken() -> None:
    """Where Ukraine has a bargain to wait for: without one a deadline takes nothing from it."""
    model = GeopoliticalEconomy(talks="bargained", russian_option=0, worlds=50, rng=0)
    bargaining = bargaining_of(model)
    values = bargaining.value_offers(
        model.talks.state.terms, model.known(), np.arange(50), model.setting.calendar.month(0)
    )
    assert (values.prospect["ukraine"] > 0).all()
    worth = values.foreseen["ukraine"][40]
    belief = bargaining.beliefs["ukraine"]
    chance = [bargaining.pressure.chance_taken(act, values, worth, belief) for act in range(len(ACTS))]
    for act in (AID_PAUSE, PUBLIC_QUARREL, DEADLINE, OPENING):
        assert (chance[act] > chance[NONE]).all()


def test_aid_stands_still_while_it_is_paused() -> None:
    model = GeopoliticalEconomy(talks="bargained", worlds=6, rng=0)
    bargaining_of(model).pressure.act[:3] = AID_PAUSE
    pressure = bargaining_of(model).pressure.in_force()
    model.agreement.stand(model.war.state, pressure, model.setting.calendar.month(0))
    aid = model.agreement.state.american_aid
    assert (aid[:3] == 0).all()
    assert (aid[3:] > 0).all()


def test_pressure_costs_trust() -> None:
    model = bargained(coercion_cost=0)
    record, trust = model.outcomes(), model.trust.state.reliability
    pressed = record["coercive_months"] > 0
    assert trust[pressed].mean() < trust[~pressed].mean()
    calm = ~pressed & (record["breakdowns"] == 0)
    assert (trust[calm & ~model.agreement.state.signed] == model.trust.state.prior[0]).all()


def test_an_opening_to_russia_can_end_the_talks() -> None:
    model = bargained(coercion_cost=0, russian_option=0.6, settlement_value=60, resource_revenue=5)
    opened = bargaining_of(model).pressure.opened & ~model.agreement.state.signed
    assert opened.any()
    assert (model.agreement.state.russian_deal[opened] > 0).any()


def test_the_forecast_of_a_vote_is_close_to_the_vote() -> None:
    yes = np.linspace(0.01, 0.99, 99)
    for correlation in (0.0, 0.02, 0.05):
        exact = ratification.ratification_probability(yes, 401, 226, correlation)
        assert np.abs(ratification.ratification_forecast(yes, 401, 226, correlation) - exact).max() < 0.02


@pytest.fixture(scope="module")
def by_quota() -> dict[int, GeopoliticalEconomy]:
    """Talks under three quotas of the Rada, on shared draws."""
    return {quota: bargained(worlds=1500, quota=quota) for quota in (150, 201, 260)}


def ukraines_gain(model: GeopoliticalEconomy) -> Floats:
    """Worth to Ukraine of the terms last on the table, before its type, (worlds,)."""
    terms, everywhere = model.talks.state.terms, np.ones(model.worlds, dtype=bool)
    prospect = model.expectations.under(terms, model.known(), everywhere, model.setting.calendar.month(0))
    return model.ukraine.deal_gain(terms, prospect, model.known())


def test_a_higher_quota_makes_no_deal_likelier_and_lets_better_ones_pass(
    by_quota: dict[int, GeopoliticalEconomy],
) -> None:
    """Putnam: on shared draws no step of the quota goes three standard errors the wrong way."""
    in_force = {quota: model.agreement.state.in_force for quota, model in by_quota.items()}
    for low, high in ((150, 201), (201, 260)):
        no_deal = in_force[low].astype(float) - in_force[high]
        assert no_deal.mean() > -3 * no_deal.std() / np.sqrt(len(no_deal))
    assert in_force[260].mean() < in_force[150].mean()
    gains = [ukraines_gain(by_quota[quota])[in_force[quota]].mean() for quota in (150, 201, 260)]
    assert gains[0] < gains[1] < gains[2]


def test_a_higher_quota_helps_ukraines_terms_at_the_signature(by_quota: dict[int, GeopoliticalEconomy]) -> None:
    """Schelling: over the worlds that sign under both quotas."""
    low, high = by_quota[150], by_quota[260]
    both = low.agreement.state.signed & high.agreement.state.signed
    better = (ukraines_gain(high) - ukraines_gain(low))[both]
    assert better.mean() > -3 * better.std() / np.sqrt(both.sum())


def test_recorded_talks_follow_the_record() -> None:
    model = GeopoliticalEconomy(talks="scripted", worlds=400, months=8, record="outcomes", rng=0)
    model.simulate()
    recorded, record = model.talks.recorded, model.outcomes()
    assert recorded is not None
    days = [date.fromisoformat(name) for name in drafts()]
    assert recorded.days == [(day - days[0]).days for day in days]
    assert recorded.answers.gain.shape == (len(days), 400)
    assert recorded._offsets == [0, 0, 0, 1, 2]
    assert recorded._binding == [True, True, False, True, True]
    signed_last = record["days_to_signature"] == 77
    assert signed_last.any()
    for name, value in draft("2025-04-30").items():
        assert (getattr(model.talks.state.terms, name)[signed_last] == value).all()
    # The quarrel of February comes wherever nothing was signed before it.
    np.testing.assert_array_equal(record["breakdowns"] == 1, ~(record["days_to_signature"] < 16))


def test_aid_is_paused_in_the_month_of_march() -> None:
    model = GeopoliticalEconomy(talks="scripted", worlds=50, months=4, record=["aid_united_states"], rng=0)
    model.simulate()
    aid = model.trajectories()["aid_united_states"]
    waiting = ~model.agreement.state.signed | (model.agreement.state.signed_month > 2)
    assert (aid[2, waiting] < aid[1, waiting]).all()


def test_modes_live_side_by_side() -> None:
    """One block may hold all three modes; each world is as it would be alone."""
    modes = np.array(["fixed", "bargained", "scripted"] * 4)
    together = GeopoliticalEconomy(worlds=12, months=12, talks=modes, record="outcomes", rng=0)
    together.simulate()
    for mode in ("fixed", "bargained", "scripted"):
        chosen = np.flatnonzero(modes == mode)
        alone = GeopoliticalEconomy(worlds=4, months=12, talks=mode, replicates=chosen, record="outcomes", rng=0)
        alone.simulate()
        for name, values in alone.outcomes().items():
            np.testing.assert_array_equal(values, together.outcomes()[name][..., chosen], err_msg=name)


def test_investors_change_their_mind_slowly() -> None:
    model = GeopoliticalEconomy(worlds=400, months=90, ceasefire_hazard=0.4, renewal_hazard=0.015, rng=0)
    model.simulate()
    paths = model.trajectories()
    danger, fighting = paths["investors_hazard"], paths["fighting"]
    peaceful = (fighting[30:] == 0).all(axis=0)
    assert peaceful.any()
    after = danger[30:, peaceful]
    falling = danger[:, peaceful].mean(axis=1)
    # What is left then is the chance that Russia returns, which rises as it rearms.
    assert (np.diff(falling)[falling[1:] > 0.01] <= 1e-6).all()
    assert after[-1].mean() < 0.3 * danger[0, 0]
    restless = danger[:, (fighting == 1).all(axis=0)]
    np.testing.assert_allclose(restless, 0.15, rtol=1e-6)


def test_everyone_sees_a_broken_guarantee() -> None:
    model = GeopoliticalEconomy(
        worlds=300,
        months=60,
        talks="imposed",
        guarantee_strength=1.0,
        ceasefire_hazard=0.4,
        guarantee_buildup=120,
        rng=0,
    )
    model.simulate()
    broken, trust = model.agreement.state.broken, model.trust.state
    assert broken.any()
    assert (trust.broken[broken] == 1).all() and (trust.broken[~broken] == 0).all()
    unbroken = beliefs.updated_reliability(trust.honoured, 0.0, 2.2, 7.8)
    assert (trust.reliability[broken] < unbroken[broken]).all()


def test_a_pause_is_over_when_the_talks_are() -> None:
    model = GeopoliticalEconomy(talks="scripted", worlds=50, months=6, talks_months=2, record="outcomes", rng=0)
    model.simulate()
    assert (model.talks.state.pressure.withheld == 0).all()
    assert (model.agreement.state.american_aid > 0).all()
