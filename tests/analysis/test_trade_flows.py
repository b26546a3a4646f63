"""The tables of trade add up to what was sold."""

from __future__ import annotations

import pytest

from experiments.analysis.trade_flows import (
    Traded,
    balance_table,
    dependence_table,
    flow_map,
    observe,
    trade_table,
    traded_now,
)
from model import COUNTRIES, MATERIALS, GeopoliticalEconomy, ParameterError, Parameters, preset
from model.array_axes import RW, US


@pytest.fixture(scope="module")
def model() -> GeopoliticalEconomy:
    model = GeopoliticalEconomy(china_policy="licence_heavy", worlds=1, months=24, rng=0)
    model.simulate()
    model.close()
    return model


@pytest.fixture(scope="module")
def crisis() -> Traded:
    return observe(preset("quota_crisis_2010"), "2011", worlds=30)


def last_month(model: GeopoliticalEconomy) -> Traded:
    return traded_now(model.snapshot().market, model.setting.p)


def test_imports_and_home_supply_are_what_arrives(model: GeopoliticalEconomy) -> None:
    table = trade_table(last_month(model))
    assert len(table) == len(COUNTRIES) ** 2 * 3
    arrived = table.groupby("material", sort=False)["tonnes_per_year"].sum().to_numpy()
    assert arrived == pytest.approx(12 * model.snapshot().market.supply.sum(0)[:, 0], rel=1e-9)
    value = table["million_usd_per_year"].sum()
    assert value == pytest.approx(12_000 * model.snapshot().market.sales.sum(), rel=1e-9)


def test_what_leaves_less_what_reaches_is_what_is_made_less_what_is_taken_in(crisis: Traded) -> None:
    """In every country and world, and for means over worlds in the table too."""
    net = crisis.flows.sum(axis=1) - crisis.flows.sum(axis=0)
    assert net == pytest.approx(crisis.supply - crisis.arrivals, rel=1e-9, abs=1e-6)
    balance = balance_table(crisis)
    assert (balance["off"] < 1e-9).all()
    assert (balance["kept_at_home"] + balance["sent_abroad"]).to_numpy() == pytest.approx(balance["bought"].to_numpy())
    assert (balance["made"] + balance["sold_from_stock"]).to_numpy() == pytest.approx(balance["bought"].to_numpy())
    means = trade_table(crisis).groupby("material", sort=False)["tonnes_mean"].sum()
    assert means.to_numpy() == pytest.approx(balance["bought"].to_numpy())
    assert float(flow_map(crisis).sum()) == pytest.approx(means.sum())


def test_an_unbalanced_flow_is_seen(crisis: Traded) -> None:
    flows = crisis.flows.copy()
    flows[0, 1] += 0.01 * crisis.supply.sum(axis=0)
    broken = Traded(**(vars(crisis) | {"flows": flows}))
    assert balance_table(broken)["off"].to_numpy() == pytest.approx([0.01] * 3, rel=1e-6)


def test_a_year_is_the_mean_of_its_months() -> None:
    parameters = preset("licences_2025")
    year = observe(parameters, "2024", worlds=3)
    months = [observe(parameters, f"2024-{number:02}", worlds=3) for number in range(1, 13)]
    assert year.flows == pytest.approx(sum(each.flows for each in months) / 12)
    assert year.worth == pytest.approx(sum(each.worth for each in months) / 12)
    assert observe(parameters, worlds=3).flows == pytest.approx(year.flows)


@pytest.mark.parametrize("date", ["2024", "2075", "2025-13", "June", "2025-6"])
def test_dates_outside_the_run_are_refused(date: str) -> None:
    with pytest.raises(ParameterError, match=f"date='{date}': needs a year from 2025 to 2074, or a month such as"):
        observe(Parameters(), date)


def test_dependence_lies_between_none_and_all(model: GeopoliticalEconomy) -> None:
    table = dependence_table(last_month(model))
    assert set(table["country"]) == set(COUNTRIES) - {"china"}
    for name in ("controlled_by_china", "bought_from_china", "herfindahl"):
        assert table[name].between(0, 1 + 1e-9).all()
    assert (table["herfindahl"] >= table["bought_from_china"] ** 2 - 1e-9).all()
    states = table[table["country"] == "united_states"]
    assert states["controlled_by_china"].to_numpy() == pytest.approx(model.snapshot().market.dependence[:, 0])
    lost = states["loss_percent_of_gdp"].to_numpy()
    assert lost == pytest.approx(100 * model.snapshot().market.cut_off_loss[:, 0])
    assert states["loss_million_usd"].to_numpy() == pytest.approx(lost / 100 * model.setting.start.gdp[US] * 1000)


def test_no_dollars_where_there_is_no_gdp(crisis: Traded) -> None:
    """The rest of the world has a share that China controls and a loss in percent, but no GDP in the tables."""
    table = dependence_table(crisis)
    rest = table[table["country"] == COUNTRIES[RW]]
    assert rest["loss_million_usd"].isna().all() and rest["loss_percent_of_gdp"].notna().all()
    assert table[table["country"] != COUNTRIES[RW]]["loss_million_usd"].notna().all()
    assert len(table) == (len(COUNTRIES) - 1) * len(MATERIALS)
