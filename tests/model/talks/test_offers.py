"""What offers are worth in the whole model: kinds of offers, the drafts of 2025, the offer that Ukraine would make."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model import GeopoliticalEconomy, preset
from model.talks.bargaining import Bargaining
from model.talks.recorded_drafts import drafts

WORLDS = 12
NOTHING_AT_HOME = {"sovereignty_per_ownership": 0, "sovereignty_per_aid": 0}
"""No political cost of any deal."""
OWN_OFFER = {
    "ownership_share": 0.5,
    "revenue_base": 1.0,
    "recognised_aid": 0,
    "guarantee_strength": 0.7,
    "guarantee_buildup": 0,
}
"""Half of all revenue and no aid credited, for a ratified guarantee that is in force at once."""


def about_to_bargain(**changes: object) -> tuple[GeopoliticalEconomy, Bargaining]:
    """A model after a month of talks, and its bargaining."""
    model = GeopoliticalEconomy(
        preset("documented", talks="bargained", **changes),  # type: ignore[arg-type]
        worlds=WORLDS,
        months=4,
        rng=0,
    )
    model.step()
    assert model.talks.bargaining is not None
    return model, model.talks.bargaining


# Kinds of offers


@pytest.mark.parametrize("tripwire", [["H0"], ["H0", "H1", "H2", "H3", "H4", "H5"]])
def test_offers_valued_by_kind_are_worth_what_each_is_worth_alone(tripwire: list[str]) -> None:
    """Under every hypothesis on what a stake does to safety, in worlds where they meet."""
    model, bargaining = about_to_bargain(tripwire=np.resize(tripwire, WORLDS))
    terms, known, now = model.talks.state.terms, model.known(), model.setting.calendar.month(1)
    where = np.arange(0, WORLDS, 2)
    gains = bargaining.value_offers(terms, known, where, now).gains
    there = np.isin(np.arange(WORLDS), where)
    for number in (0, 13, 57, 101, len(gains["ukraine"]) - 1):
        values = {name: np.full(WORLDS, column[number, 0]) for name, column in bargaining.offers.items()}
        offer = replace(terms, **values)
        prospect = model.expectations.under(offer, known, there, now)
        alone = {
            "ukraine": model.ukraine.deal_gain(offer, prospect, known),
            "united_states": model.united_states.deal_gain(offer, prospect, known),
        }
        for side, gain in alone.items():
            np.testing.assert_allclose(gains[side][number], gain[where], rtol=1e-12, err_msg=f"{side} {values}")


def test_an_offer_is_known_only_where_the_sides_meet() -> None:
    model, _ = about_to_bargain()
    there = np.arange(WORLDS) % 3 == 0
    prospect = model.expectations.under(model.talks.state.terms, model.known(), there, model.setting.calendar.month(1))
    np.testing.assert_array_equal(np.isfinite(prospect.security), there)


# The drafts of 2025, judged against going on


@pytest.fixture(scope="module", params=["no political cost", "the default"])
def answers(request: pytest.FixtureRequest) -> dict[str, np.ndarray]:
    """Draft -> whether Ukraine accepted it, in the worlds in which it was still put, (worlds,)."""
    changes = NOTHING_AT_HOME if request.param == "no political cost" else {}
    model = GeopoliticalEconomy(
        preset("documented", talks="scripted", **changes),  # type: ignore[arg-type]
        worlds=1000,
        months=5,
        record="outcomes",
        rng=0,
    )
    model.simulate()
    said = model.talks.draft_answers
    assert said is not None
    return {name: row[np.isfinite(row)] for name, row in zip(drafts(), said.accepted, strict=True)}


@pytest.mark.parametrize("name", ["2025-02-12", "2025-02-21"])
def test_the_drafts_of_february_are_refused(answers: dict[str, np.ndarray], name: str) -> None:
    """Better ones are foreseen: also where ceding resources and owning up to debt cost nothing at home."""
    assert answers[name].mean() <= 0.05


def test_the_text_of_april_is_signed_by_ukraine(answers: dict[str, np.ndarray]) -> None:
    signed = answers["2025-04-30"]
    assert signed.size > 900
    assert signed.mean() >= 0.8


# The offer that Ukraine would make


def test_ukraine_signs_its_own_offer_and_washington_says_why_it_does_not() -> None:
    """What the guarantee costs the United States is more than resources and a settlement are worth to it."""
    model = GeopoliticalEconomy(preset("documented", **OWN_OFFER), worlds=600, months=8, record="outcomes", rng=0)  # type: ignore[arg-type]
    model.step()
    terms, known, everywhere = model.talks.state.terms, model.known(), np.ones(600, dtype=bool)
    prospect = model.expectations.under(terms, known, everywhere, model.setting.calendar.month(1))
    parts = model.united_states.deal_parts(terms, prospect, known)
    worth = {name: float(np.median(part)) for name, part in parts.items()}
    gain = model.united_states.deal_gain(terms, prospect, known)
    print("Washington on Ukraine's own offer:", {name: round(part, 1) for name, part in worth.items()})
    model.simulate()
    outcomes = model.outcomes()
    assert outcomes["ukraine_accepts"].mean() >= 0.8
    assert outcomes["united_states_accepts"].mean() <= 0.2
    assert (gain < 0).all()
    costs = {name: worth[name] for name in ("upkeep", "risk", "word")}
    assert all(cost < -1 for cost in costs.values())
    assert sum(costs.values()) < -(worth["resources"] + worth["settlement"])
