"""Where supply comes from: projects on record, and what China's mines and those abroad add to them."""

from __future__ import annotations

import numpy as np
import pytest

from model import GeopoliticalEconomy, data
from model.array_axes import CN, COUNTRIES, HEAVY, MATERIALS, MINE, RW, STAGES
from model.initial_state import PRICE_OF, PROJECTS_OF, read_start, scheduled_projects
from model.parameters.table import DECLARATIONS


@pytest.mark.parametrize("start", [2025, 2024, 2008])
def test_what_is_financed_comes_on_stream_and_nothing_else(start: int) -> None:
    """Rows with a year after the start and a status that counts for it; 2008 knows of nothing decided later."""
    rows = [row for row in data.table("projects") if row["status"] in PROJECTS_OF[start]]
    due = [row for row in rows if isinstance(row["start_year"], float) and row["start_year"] > start]
    found = scheduled_projects(start)
    assert [(start + p.year, COUNTRIES[p.country], STAGES[p.stage]) for p in found] == [
        (row["start_year"], row["country"], row["stage"]) for row in due
    ]
    assert found
    assert all(project.size > 0 for project in found)
    if start == 2008:
        assert max(start + project.year for project in found) <= 2013


def test_the_quota_follows_the_price_as_on_record() -> None:
    """Growth of the mining quota on the log of this and last year's price, weighted by value, 2018-2024.

    The default lies within a standard error of the slope. The quota of 2025 was not published.
    """
    years = range(2018, 2025)
    quota = {
        year: data.value("china_policy", instrument="mining_quota", batch="total", date=str(year))
        for year in range(2017, 2025)
    }
    start = read_start(2025)
    worth = start.baskets.T @ [data.value("mine_production", country=c, year=2025) for c in COUNTRIES]
    weights = worth * start.base_price / (worth * start.base_price).sum()
    price = {
        year: [data.value("prices", element=PRICE_OF[m], date=str(year), date_type="annual_average") for m in MATERIALS]
        for year in range(2017, 2025)
    }
    growth = np.array([np.log(quota[year] / quota[year - 1]) for year in years])
    two_years = np.array([np.add(price[year], price[year - 1]) / 2 for year in years])
    design = np.column_stack([np.log(two_years / start.base_price) @ weights, np.ones(len(growth))])
    fit, rest = np.linalg.lstsq(design, growth, rcond=None)[:2]
    error = (rest[0] / (len(growth) - 2) * np.linalg.inv(design.T @ design)[0, 0]) ** 0.5
    assert abs(DECLARATIONS["quota_response"].default - fit[0]) < error


def test_new_mines_abroad_dig_their_own_ore() -> None:
    """What opens is hard rock, poor in heavy material; mines of the start go on with theirs, in China for good."""
    model = GeopoliticalEconomy(worlds=3, months=60, rng=0)
    start = model.setting.start
    before = model.plants.state
    while model.month < model.months:
        model.step()
    now = model.plants.state
    added = now.capacity[RW, MINE] - before.capacity[RW, MINE]
    part = added / now.capacity[RW, MINE]
    assert (added > 0).all() and not now.idle.any()
    for material in range(len(MATERIALS)):
        mixed = (1 - part) * start.baskets[RW, material] + part * start.new_baskets[RW, material]
        assert now.baskets[RW, material] == pytest.approx(mixed, rel=1e-9)
    assert (now.baskets[CN] == before.baskets[CN]).all()
    assert (now.baskets[RW, HEAVY] < before.baskets[RW, HEAVY]).all()
    model.close()


def test_projects_of_the_table_open_about_their_january_in_no_single_month() -> None:
    """A twelfth a month, six of them before its year, so that no January is a step in what can be mined."""
    model = GeopoliticalEconomy(months=30, rng=0)
    due = sum(p.size for p in scheduled_projects(2025) if (p.country, p.stage, p.year) == (RW, MINE, 1))
    capacity = [model.plants.state.capacity[RW, MINE, 0]]
    while model.month < 18:
        model.step()
        capacity.append(model.plants.state.capacity[RW, MINE, 0])
    model.close()
    assert due > 0
    assert np.diff(capacity)[6:18] == pytest.approx(due / 12)
    assert not np.diff(capacity)[:6].any()
