"""Debt of entrants: interest, arrears, default, reopening, and the two entrants of the record."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from experiments.validation.entrants_and_restrictions import entrants_table
from model import GeopoliticalEconomy, data, preset
from model.array_axes import COUNTRIES, MINE, RW, STAGES, US
from model.calendar import Month
from model.initial_state import scheduled_projects
from model.market.entrant_debt import EntrantDebt
from model.rules import investment
from model.states.decisions import Projects
from model.states.market import PlantState


def months_to_default(earned: float, interest: float, patience: float) -> int:
    unpaid, months = np.array(0.0), 0
    while not investment.in_default(unpaid, interest, patience) and months < 1000:
        unpaid = investment.unpaid_interest(unpaid, interest / 12, earned / 12)
        months += 1
    return months


@pytest.mark.parametrize(("part", "patience"), [(0.0, 3.0), (0.5, 3.0), (0.75, 2.0)])
def test_a_steady_shortfall_ends_when_patience_does(part: float, patience: float) -> None:
    """Who earns a part q of the interest is in default after patience/(1 - q) years."""
    expected = 12 * patience / (1 - part)
    assert months_to_default(part * 2.0, 2.0, patience) == pytest.approx(expected, abs=1.01)


def test_who_earns_the_interest_never_defaults() -> None:
    assert months_to_default(2.0, 2.0, 0.1) == 1000


def test_a_loss_pays_nothing_and_a_surplus_pays_arrears_back() -> None:
    assert investment.unpaid_interest(1.0, 0.25, -5.0) == 1.25
    assert investment.unpaid_interest(1.0, 0.25, 0.75) == 0.5
    assert investment.unpaid_interest(1.0, 0.25, 9.0) == 0.0


def test_who_owes_nothing_is_never_in_default() -> None:
    assert not investment.in_default(np.array([0.0]), np.array([0.0]), np.array([0.0])).any()


def replay(**changes: Any) -> tuple[GeopoliticalEconomy, np.ndarray]:
    """The quota crisis in 40 worlds, and US mining by year (t a year)."""
    model = GeopoliticalEconomy(preset("quota_crisis_2010", **changes), worlds=40, months=108, record="outcomes", rng=0)
    mined = []
    while model.month < model.months:
        model.step()
        mined.append(12 * model.market.state.mined[US])
    model.close()
    return model, np.stack(mined).reshape(9, 12, -1).mean(axis=1)


def test_mountain_pass_fails_and_lynas_does_not() -> None:
    """On record Molycorp failed in June 2015 and nothing was mined in 2016; Lynas survived on cheaper money."""
    model, mined = replay()
    years = dict(zip(range(2008, 2017), np.median(mined, axis=1), strict=True))
    record = data.series("mine_production", "year", country="united_states")
    assert record[2016] == 0 and years[2016] < 0.1 * max(years.values())
    assert years[2014] > 3000
    assert np.median(model.debt.state.defaults) == 1
    assert np.mean(model.debt.state.financed[RW, MINE] == 0) < 0.2


def test_the_table_of_entrants_says_when_they_fail() -> None:
    table = entrants_table(worlds=60)
    molycorp, lynas = table.iloc[0], table.iloc[1]
    assert molycorp["fails"] > 0.5 > 0.2 > lynas["fails"]
    assert "2014-06" < molycorp["median"] < "2016-07"
    assert molycorp["10%"] <= molycorp["median"] <= molycorp["90%"]


def test_without_debt_nobody_fails() -> None:
    model, mined = replay(lender_patience=20)
    assert (model.debt.state.defaults == 0).all()
    assert np.median(mined[-1]) > 3000


def projects_at(model: GeopoliticalEconomy, margin: float) -> dict[int, Projects]:
    """Nothing new, and whether idle plants restart at such a margin everywhere, USD/kg, by country."""
    known, now = model.known(), model.setting.calendar.month(0)
    chosen = {
        each.row: each.choose_projects(np.full_like(known.plants.idle[each.row], margin), known, now)
        for each in model.cast
    }
    return {row: replace(projects, size=np.zeros_like(projects.size)) for row, projects in chosen.items()}


def all_capacity(plants: PlantState) -> np.ndarray:
    """What works, stands idle or works again next January, (country, stage, worlds), t/month."""
    return plants.capacity + plants.idle + plants.reopening


def test_no_capacity_is_lost_or_found() -> None:
    """What default closes stands idle, and works again whole."""
    model, _ = replay()
    assert model.plants.state.idle[US, MINE].max() * 12 >= 19_050 * (1 - 1e-9)
    before = all_capacity(model.plants.state)
    for _ in range(2):
        model.plants.begin(projects_at(model, margin=1e4), model.setting.calendar.month(0))
    assert all_capacity(model.plants.state) == pytest.approx(before)
    assert not model.plants.state.idle.any()


def test_a_reopened_plant_waits_for_a_price_that_pays() -> None:
    model, _ = replay()
    idle = model.plants.state.idle
    assert idle.any()
    model.plants.begin(projects_at(model, margin=0.0), model.setting.calendar.month(0))
    assert np.array_equal(model.plants.state.idle, idle)


def test_debt_on_record_is_booked_once() -> None:
    due = {(project.year, project.country): project for project in scheduled_projects(2008) if project.debt}
    assert due[4, US].debt == 1.7 and due[5, RW].debt == 0.45
    setting = GeopoliticalEconomy(
        debt_share=0.5, loan_interest=0.1, lender_patience=3.0, mine_capital=40.0, rng=0
    ).setting
    opened, none = np.zeros((2, len(COUNTRIES), len(STAGES), 1))
    opened[US, MINE] = (19_050 / 12 + 100.0) / 12
    debt = EntrantDebt(setting, [US], none, [due[4, US]])
    working = PlantState(24 * opened, use=none[:, MINE], idle=none, reopening=none, under_way=none, baskets=none)
    for month in range(42, 54):  # in twelve parts about January 2012
        debt.lend(opened, working, Month(month, 2008))
    opened = 12 * opened
    assert debt.state.interest[US, 0] == pytest.approx(1.7 * 0.10 + 0.5 * 0.1 * 1200 * 40 * 1e-6)
    assert debt.state.financed[US, MINE, 0] == pytest.approx(opened[US, MINE, 0])
    assert debt.state.part[US, 0] == pytest.approx(0.5)
