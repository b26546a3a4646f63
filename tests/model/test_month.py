"""Everyone decides on what was true when the phase began, and a decision changes nothing but who decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from model import GeopoliticalEconomy
from model.states.common_knowledge import Known
from tests.model.kinds_of_runs import KINDS, WORLDS, after, bits

COUNTRIES = ("united_states", "ukraine", "russia", "china", "rest_of_world")
PHASES = {
    "investment": [(country, "choose_projects") for country in COUNTRIES],
    "moves of war": [
        ("russia", "attack"),
        ("united_states", "fights"),
        ("rest_of_world", "fights"),
        ("russia", "ceasefire_willingness"),
        ("ukraine", "ceasefire_willingness"),
    ],
    "accounts": [(country, "book") for country in COUNTRIES],
}
"""Phase -> who decides in it, by what method."""


Handed = dict[str, dict[tuple[str, str], Known]]
"""Phase -> who decides -> what it was handed."""


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> tuple[GeopoliticalEconomy, Handed]:
    """A run after a January in which everyone decides, and what each was handed in it."""
    model = after("imposed", 12)
    seen: Handed = {phase: {} for phase in PHASES}

    def noted(phase: str, who: tuple[str, str]) -> Callable[..., Any]:
        decide = getattr(getattr(model, who[0]), who[1])

        def deciding(*arguments: Any) -> Any:
            assert who not in seen[phase]
            seen[phase][who] = next(each for each in arguments if isinstance(each, Known))
            return decide(*arguments)

        return deciding

    for phase, deciders in PHASES.items():
        for who in deciders:
            monkeypatch.setattr(getattr(model, who[0]), who[1], noted(phase, who))
    model.step()
    return model, seen


@pytest.mark.parametrize("phase", PHASES)
def test_all_who_decide_in_a_phase_are_handed_the_same_records(phase: str, handed: Any) -> None:
    _, seen = handed
    assert set(seen[phase]) == set(PHASES[phase])
    first = next(iter(seen[phase].values()))
    assert all(known is first for known in seen[phase].values())


def test_attack_and_ceasefire_are_decided_on_one_outlook_and_before_either_happens(handed: Any) -> None:
    """The outlook is that of this month's strengths; who fights where is still as the month found it."""
    model, seen = handed
    known = seen["moves of war"]["russia", "attack"]
    assert model.outlook is known.outlook
    armed, moved = known.war, model.war.state
    assert moved is not armed
    np.testing.assert_array_equal(moved.strength_russia, armed.strength_russia)
    begun = seen["investment"]["ukraine", "choose_projects"].war
    np.testing.assert_array_equal(armed.fighting, begun.fighting)
    assert (armed.strength_ukraine != begun.strength_ukraine).any()


@pytest.mark.parametrize("kind", ["fixed terms", "imposed"])
def test_a_ceasefire_and_an_attack_in_the_same_month_exclude_each_other(kind: str) -> None:
    """Neither sees the other's move: who fights cannot attack, and who has peace cannot stop fighting."""
    model = after(kind, 1)
    happened = np.zeros(2)
    while model.month < model.months:
        before = model.war.state
        model.step()
        war = model.war.state
        stopped, attacked = war.fighting < before.fighting, war.renewals > before.renewals
        np.testing.assert_array_equal(attacked, war.attacked)
        assert not (stopped & (before.fighting == 0)).any()
        assert not (attacked & (before.fighting == 1)).any()
        happened += stopped.sum(), attacked.sum()
    assert happened[0] > 0


def decisions(model: GeopoliticalEconomy) -> dict[str, tuple[Callable[[], Any], set[str]]]:
    """Every decision of the month that comes, by name: how it is taken, and what is the decider's own."""
    known, now = model.known(), model.setting.calendar.month(model.month)
    everywhere, terms = np.ones(WORLDS, dtype=bool), model.talks.state.terms
    us, ukraine, russia, china = model.united_states, model.ukraine, model.russia, model.china
    prices = model.market.prices_at_opening(known.plants)
    margins = model.margins.expected(known.market, known.plants, prices, {})
    prospect = model.expectations.under(terms, known, everywhere, now)
    taken: dict[str, tuple[Callable[[], Any], set[str]]] = {
        "China's tension": (lambda: china.update_tension(everywhere, now), {"tension", "restricted_months"}),
        "China's policy": (lambda: china.choose_export_policy(known.market, now), {"export_option", "restricting"}),
        "talks": (lambda: model.talks.meet(known, now), {"table", "draft_answers"}),
        "turn to Russia": (lambda: us.turns_to_russia(everywhere, now), set()),
        "European aid": (
            lambda: model.rest_of_world.support_ukraine(known.agreement, now),
            {"european_replacement"},
        ),
        "attack": (lambda: russia.attack(known, now), set()),
        "US intervention": (lambda: us.fights(everywhere, known, now), set()),
        "European intervention": (lambda: model.rest_of_world.fights(everywhere, known, now), set()),
        "prospect of a deal": (lambda: model.expectations.under(terms, known, everywhere, now), set()),
        "gain of the United States": (lambda: us.deal_gain(terms, prospect, known), set()),
        "gain of Ukraine": (lambda: ukraine.deal_gain(terms, prospect, known), set()),
        "Russia's will to stop": (lambda: russia.ceasefire_willingness(known), set()),
        "Ukraine's will to stop": (lambda: ukraine.ceasefire_willingness(known), set()),
    }
    for country in model.cast:
        taken[f"projects of {country.name}"] = (
            lambda each=country: each.choose_projects(margins[each.row], known, now),  # type: ignore[misc]
            set(),
        )
        taken[f"accounts of {country.name}"] = (
            lambda each=country: each.book(known, np.ones(WORLDS)),  # type: ignore[misc]
            {f"accounts.{country.row}"},
        )
    for side in (us, ukraine):
        taken[f"answer of {side.name}"] = (lambda each=side: each.accepts(np.zeros(WORLDS)), set())  # type: ignore[misc]
    return taken


@pytest.mark.parametrize("months", [0, 3, 12])
@pytest.mark.parametrize("kind", KINDS)
def test_a_decision_changes_no_record_but_the_deciders_own(kind: str, months: int) -> None:
    """In the first month, in talks and in a January under a deal: all else stays as it was, to the bit."""
    model = after(kind, months)
    for name, (decide, own) in decisions(model).items():
        before = bits(model.snapshot())
        decide()
        now = bits(model.snapshot())
        changed = {path for path in before.keys() | now.keys() if before.get(path) != now.get(path)}
        assert {
            path for path in changed if not any(path == mine or path.startswith(f"{mine}.") for mine in own)
        } == set(), name


def test_decisions_leave_their_mark_where_they_may() -> None:
    """Otherwise the test above would prove little: the records that it lets change do change in these runs."""
    changed: set[str] = set()
    for kind in KINDS:
        for months in (0, 3, 12):
            model = after(kind, months)
            before = bits(model.snapshot())
            for decide, _ in decisions(model).values():
                decide()
            now = bits(model.snapshot())
            changed |= {path.split(".")[0] for path in now if before.get(path) != now[path]}
    own = {"tension", "restricted_months", "export_option", "restricting", "table", "draft_answers"}
    assert changed == own | {"european_replacement", "accounts"}
