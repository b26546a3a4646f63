"""War and peace month by month: the rates that everyone expects are those that happen, and clocks run in peace only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from model import GeopoliticalEconomy, Parameters
from model.array_axes import Floats, Truths
from model.rules.conflict import monthly_probability
from model.rules.war_and_peace import ceasefire_rate
from model.states.deal import AgreementState
from model.states.war import TrustState, WarState
from model.states.war_game import Outlook

EVENTFUL = Parameters(
    talks="imposed",
    talks_start=0,
    guarantee_strength=0.6,
    guarantee_formality=0.8,
    guarantee_buildup=18,
    european_guarantee=0.7,
    european_buildup=30,
    ceasefire_hazard=0.4,
    renewal_hazard=0.25,
    settlement_hazard=0.15,
    war_cost_russia=0.12,
)
"""A deal under which war stops and begins again often."""
WORLDS, MONTHS = 1200, 100


@dataclass(frozen=True)
class Moment:
    """A month: the war as it began and ended, what was expected of it, the deal and the trust after it."""

    before: WarState
    after: WarState
    outlook: Outlook
    trusted: TrustState
    agreement: AgreementState
    trust: TrustState

    @property
    def held(self) -> Truths:
        """Whether the deal stood when the month's attacks came, (worlds,)."""
        return self.agreement.holds | self.agreement.ends

    @property
    def peace(self) -> Truths:
        """Whether there was a ceasefire before and after, (worlds,)."""
        return (self.before.fighting == 0) & (self.after.fighting == 0)


@pytest.fixture(scope="module")
def moments() -> list[Moment]:
    """Every month of an eventful run."""
    model = GeopoliticalEconomy(EVENTFUL, worlds=WORLDS, months=MONTHS, record="outcomes", rng=0)
    seen = []
    for _ in range(MONTHS):
        before, trusted = model.war.state, model.trust.state
        model.step()
        seen.append(Moment(before, model.war.state, model.outlook, trusted, model.agreement.state, model.trust.state))
    return seen


def assert_likely(happened: list[Truths], chances: list[Floats]) -> None:
    """As many events as their chances (0-1) add up to, within four standard errors."""
    came, chance = np.concatenate(happened), np.concatenate(chances)
    spread = np.sqrt((chance * (1.0 - chance)).sum())
    assert came.sum() > 20
    assert abs(came.sum() - chance.sum()) < 4 * spread, (came.sum(), chance.sum(), spread)


# What happens comes at the rates that are expected


def test_russia_attacks_at_the_rate_of_the_outlook(moments: list[Moment]) -> None:
    """In every phase apart, so that no error in one makes up for another's."""
    for phase in range(9):
        where = [(each.before.fighting == 0) & (each.outlook.phase == phase) for each in moments]
        pairs = list(zip(moments, where, strict=True))
        chances = [monthly_probability(each.outlook.equilibrium.attack[phase])[here] for each, here in pairs]
        assert_likely([each.after.attacked[here] for each, here in pairs], chances)


def test_the_phase_is_that_of_the_clocks(moments: list[Moment]) -> None:
    for each in moments[::9]:
        war = each.before
        built = war.american_built & each.held
        expected = np.where(war.settled, 8, 4 * war.rearmed + built + 2 * war.european_built)
        np.testing.assert_array_equal(each.outlook.phase, expected)


def test_fighting_stops_at_the_rate_at_which_both_want_it(moments: list[Moment]) -> None:
    fights = [each.before.fighting > 0 for each in moments]
    rates = [ceasefire_rate(np.full(WORLDS, 0.4), *each.outlook.equilibrium.wants) for each in moments]
    stopped = [each.after.fighting == 0 for each in moments]
    pairs = list(zip(fights, rates, stopped, strict=True))
    assert_likely([stop[here] for here, _, stop in pairs], [monthly_probability(rate)[here] for here, rate, _ in pairs])


def test_attacks_are_answered_by_the_records_chance(moments: list[Moment]) -> None:
    for joins, chance in (("american_joins", "american_answer"), ("european_joins", "european_answer")):
        answers = [getattr(each.after, joins)[each.after.attacked] for each in moments]
        assert_likely(answers, [getattr(each.outlook, chance)[each.after.attacked] for each in moments])
        assert not any(getattr(each.after, joins)[~each.after.attacked].any() for each in moments)


@pytest.mark.parametrize(
    ("clock", "rate"),
    [
        ("rearmed", 4 * 0.06),
        ("american_built", 12 / 18),
        ("european_built", 12 / 30),
        ("settled", 0.15),
    ],
)
def test_clocks_run_in_a_ceasefire_at_their_rates_and_nowhere_else(
    moments: list[Moment], clock: str, rate: float
) -> None:
    happened = []
    for each in moments:
        was, now = getattr(each.before, clock), getattr(each.after, clock)
        assert not now[each.after.fighting > 0].any()
        assert not (now & (each.before.fighting > 0)).any(), "not in the month in which the fighting stops"
        assert now[was & each.peace].all()
        happened.append(now[each.peace & ~was & ~each.before.settled])
    assert_likely(happened, [np.full(came.size, monthly_probability(rate)) for came in happened])


def test_a_settlement_completes_what_was_being_built(moments: list[Moment]) -> None:
    for each in moments:
        settled = each.before.settled & each.peace
        assert each.after.american_built[settled].all() and each.after.european_built[settled].all()


def test_a_guarantee_that_takes_no_time_is_built_when_the_fighting_stops() -> None:
    parameters = EVENTFUL.replace(guarantee_buildup=0)
    model = GeopoliticalEconomy(parameters, worlds=300, months=40, record="outcomes", rng=0)
    for _ in range(40):
        model.step()
        np.testing.assert_array_equal(model.war.state.american_built, model.war.state.fighting == 0)


# An attack on a guarantee


def test_an_attack_that_is_answered_keeps_the_promise(moments: list[Moment]) -> None:
    """Answered, the deal stands and everyone notes it; unanswered, it ends by strength times formality."""
    tested, ends = [], []
    for each in moments:
        answered = each.after.american_joins
        assert not each.agreement.ends[answered | ~each.after.attacked].any()
        assert (each.trust.honoured[answered & each.held] >= each.trusted.honoured[answered & each.held] + 1).all()
        np.testing.assert_array_equal(each.trust.broken, each.trusted.broken + each.agreement.ends)
        unanswered = each.after.attacked & ~answered & each.held
        tested.append(np.full(unanswered.sum(), 0.6 * 0.8))
        ends.append(each.agreement.ends[unanswered])
    assert_likely(ends, tested)


def test_what_an_unanswered_attack_ends_is_over(moments: list[Moment]) -> None:
    """The guarantee, the support that hinges on the deal and what it pays; and it does not come back."""
    last = moments[-1].agreement
    ended = moments[-2].agreement.broken
    assert ended.any() and last.broken[ended].all()
    assert not last.holds[ended].any() and (last.guarantee[ended] == 0).all()
    assert (last.paid_to_united_states[ended] == 0).all()
    assert last.american_aid[ended].max() < last.american_aid[last.holds].min()
    np.testing.assert_array_equal(last.broken, np.sum([each.agreement.ends for each in moments], axis=0) == 1)


def test_nothing_promised_leaves_nothing_to_test() -> None:
    model = GeopoliticalEconomy(EVENTFUL.replace(guarantee_strength=0), worlds=300, months=80, rng=0)
    model.simulate()
    assert (model.war.state.renewals > 0).any()
    assert not model.agreement.state.broken.any()


# Land


def test_an_outbreak_decides_land_by_who_comes_to_help(moments: list[Moment]) -> None:
    helped, alone = [], []
    for each in moments:
        attacked = each.after.attacked
        assert (each.after.lead[~attacked] == 0).all()
        assert (each.after.advanced[each.before.fighting == 0] == 0).all()
        moved = (each.after.advanced + 0.2 * 0.3 * each.after.lead) * 603.5
        expected = np.clip(each.before.occupied_area + moved, 0.0, 603.5)
        np.testing.assert_allclose(each.after.occupied_area, expected)
        helped.append(each.after.lead[attacked & each.after.american_joins])
        alone.append(each.after.lead[attacked & ~each.after.american_joins & ~each.after.european_joins])
    assert np.concatenate(helped).mean() < np.concatenate(alone).mean() - 0.1


def test_the_war_counts_its_months_and_returns(moments: list[Moment]) -> None:
    last = moments[-1].after
    np.testing.assert_array_equal(last.renewals, np.sum([each.after.attacked for each in moments], axis=0))
    np.testing.assert_array_equal(last.months_of_fighting, np.sum([each.before.fighting for each in moments], axis=0))
    first = np.argmax([each.after.attacked for each in moments], axis=0)
    again = last.renewals > 0
    np.testing.assert_array_equal(last.renewed_month[again], first[again])
    assert np.isnan(last.renewed_month[~again]).all()
