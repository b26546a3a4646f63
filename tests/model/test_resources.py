"""Ukraine's resource revenue: prices, projects, what they are worth, and what reaches whom."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model import GeopoliticalEconomy, Parameters, data, preset
from model.agents import ukraine
from model.array_axes import EXOGENOUS, HYDROCARBONS, NEW, RARE_EARTHS, STREAMS, UA, Floats
from model.parameters.presets import PRESETS, months_of
from model.resources.revenue_values import resource_value, stream_values
from model.talks.recorded_drafts import draft

BASE_PRESETS = ("documented", "as_reported")
FEBRUARY, APRIL = "2025-02-12", "2025-04-30"


def after(months: int, worlds: int = 200, **changes: object) -> GeopoliticalEconomy:
    """A run after so many months."""
    model = GeopoliticalEconomy(Parameters(**changes), worlds=worlds, months=months, rng=3)
    model.simulate()
    model.close()
    return model


def value(model: GeopoliticalEconomy, at_war: float = 0.0) -> Floats:
    """Present value of the streams (stream, worlds) at a share of time at war."""
    p = model.setting.p
    return stream_values(p, model.resources.state, np.full_like(p.discount_rate, at_war))


# Prices


def test_index_keeps_its_mean_and_fades_at_its_rate() -> None:
    """After eight years prices are 1 on average in every exogenous stream, and spread as their volatility says."""
    model = GeopoliticalEconomy(worlds=40_000, months=96, hydrocarbon_volatility=0.3, rng=3, record="outcomes")
    parts, ore_price = (model.market.state, model.plants.state, model.war.state), np.full(40_000, 10.0)
    for month in range(96):
        model.resources.update(*parts, ore_price, model.setting.calendar.month(month))
    price = model.resources.state.price[EXOGENOUS]
    assert (price > 0).all()
    error = price.std(axis=1) / 200
    assert (np.abs(price.mean(axis=1) - 1.0) < 4 * error).all()
    new = [data.value("ukraine_streams", mineral=mineral, quantity="volatility") for mineral in STREAMS[NEW]]
    volatility = np.array([0.3, *new])
    spread = np.square(volatility) / (2 * 0.15 - np.square(volatility))
    grown = spread * -np.expm1(-(2 * 0.15 - np.square(volatility)) * 8)
    assert price.std(axis=1) == pytest.approx(np.sqrt(grown), rel=0.1)


def test_price_of_rare_earths_is_the_models_own() -> None:
    model = after(24)
    market = model.market.state
    fetched = model.margins.ore_price_today(market)[UA]
    first = GeopoliticalEconomy(worlds=1, months=1, rng=0)
    at_base = first.margins.ore_price_today(first.market.state)[UA]
    np.testing.assert_allclose(model.resources.state.price[RARE_EARTHS], fetched / at_base, rtol=1e-9)


@pytest.mark.parametrize("level", [0.25, 2, 8])
def test_price_level_moves_prices_and_not_quantities(level: float) -> None:
    """Where costs do not bite: the first month's prices are in proportion, what is mined and used is the same."""
    base, moved = after(1), after(1, price_level=level)
    np.testing.assert_allclose(moved.market.state.price, level * base.market.state.price, rtol=1e-9)
    np.testing.assert_array_equal(moved.market.state.mined, base.market.state.mined)
    np.testing.assert_allclose(moved.market.state.consumed, base.market.state.consumed, rtol=1e-9)


# Projects


def test_table_has_every_figure_of_every_new_mineral() -> None:
    rows = data.table("ukraine_streams")
    quantities = {row["quantity"] for row in rows}
    assert len(rows) == len(quantities) * len(STREAMS[NEW])
    assert {row["mineral"] for row in rows} == set(STREAMS[NEW])


@pytest.mark.long
def test_new_projects_wait_for_peace_or_a_deal_and_for_the_price() -> None:
    model = GeopoliticalEconomy(Parameters(), worlds=2000, months=121, rng=0)
    for _ in range(120):
        state, war, agreement = model.resources.state, model.war.state, model.agreement.state
        financed = (war.fighting == 0) | agreement.in_force
        model.step()
        new = (~np.isnan(model.resources.state.begun)) & np.isnan(state.begun)
        assert (financed | ~new).all()
    begun = ~np.isnan(model.resources.state.begun)
    assert not begun[HYDROCARBONS].any()
    assert (begun[NEW].mean(axis=1) > 0.1).all()
    assert not begun[NEW].all(axis=1).any()
    poor = after(121, worlds=2000, war_loss=0.6)
    assert (~np.isnan(poor.resources.state.begun[NEW])).mean() < begun[NEW].mean()


def test_a_project_pays_in_peace_and_not_in_war() -> None:
    """At base prices, in a settled peace; at a half of them no mineral is worth opening."""
    model = GeopoliticalEconomy(worlds=1, months=1, rng=0)
    p, new, ones = model.setting.p, model.resources._new, np.ones((3, 1))
    settled = p.war_loss * p.renewal_hazard * (1 - p.settlement_effect)
    assert (new.worth_building(p, ones, settled) > 1).all()
    assert (new.worth_building(p, ones, p.war_loss) < 1).all()
    assert (new.worth_building(p, 0.5 * ones, settled) < 1).all()


@pytest.mark.long
@pytest.mark.parametrize(("price_level", "least", "most"), [(1, 0.0, 0.02), (2, 0.1, 0.9)])
def test_long_run_shows_ukraines_mines(price_level: float, least: float, most: float) -> None:
    """The only difference is its length; some worlds mine every mineral in it, but rare earths at higher prices only.

    At prices of 2025 hardly a world mines them: they return to their base, at which a mine is worth less than its cost
    and the option of waiting.
    """
    assert PRESETS["long_run"] == PRESETS["documented"]
    assert months_of("long_run") > months_of("documented")
    model = GeopoliticalEconomy(
        preset("long_run", price_level=price_level), worlds=300, months=months_of("long_run"), rng=0,
        precision="single", record="outcomes",
    )  # fmt: skip
    model.simulate()
    earning = (model.resources.state.revenue > 0).mean(axis=1)
    assert (earning[NEW] > 0.1).all()
    assert least <= earning[RARE_EARTHS] <= most


def test_mines_are_counted_once_as_projects_and_then_as_output() -> None:
    """With a lead of eight years and a half the mine opens in the January before, and is no longer a project."""
    model = GeopoliticalEconomy(
        preset("documented", deposit_chance=1, mine_lead=8.5, price_level=8, ceasefire_hazard=0.4, war_loss=0),
        worlds=50, months=240, rng=0,
    )  # fmt: skip
    seen = 0
    while model.month < model.months:
        model.step()
        state, capacity = model.resources.state, model.plants.state.capacity[UA, 0]
        works = capacity > 0
        seen += works.sum()
        assert (state.full_revenue[RARE_EARTHS][works] == 0).all()
        np.testing.assert_array_equal(works, ~np.isnan(state.begun[RARE_EARTHS]) & (state.lead_years[RARE_EARTHS] == 0))
    assert seen > 0


# Worth


def test_endless_flow_at_a_price_above_its_mean() -> None:
    model = after(12)
    p, price = model.setting.p, model.resources.state.price[HYDROCARBONS]
    expected = p.resource_revenue * (1 / 0.1 + (price - 1) / (0.1 + 0.15))
    np.testing.assert_allclose(value(model)[HYDROCARBONS], expected, rtol=1e-12)


@pytest.mark.parametrize("at_war", [0.0, 0.4])
def test_worth_of_new_licences_is_the_annuity_of_their_total(at_war: float) -> None:
    """At the start, at base prices: the table splits the parameter and neither adds to it nor takes from it."""
    model = GeopoliticalEconomy(worlds=1, months=1, rng=0)
    rate = 0.1 + 0.15 * at_war
    years = np.exp(-8 * rate) * -np.expm1(-25 * rate) / rate
    assert value(model, at_war)[NEW].sum() == pytest.approx(1.0 * years, rel=1e-12)


@pytest.mark.parametrize("name", BASE_PRESETS)
def test_worth_of_rare_earths_is_what_the_deposits_would_earn(name: str) -> None:
    """By hand: chance, free part, capacity and margin, after the lead; and what is mined already, for ever."""
    model = GeopoliticalEconomy(preset(name), worlds=1, months=1, rng=0)
    margin = float(model.margins.ore_price_today(model.market.state)[UA, 0]) - 5
    later = np.exp(-0.8) * -np.expm1(-2.5) / 0.1
    mined = {"documented": 0, "as_reported": 0.05 * data.value("mine_production", country="world", year=2025)}[name]
    expected = margin * 1e-6 * (0.3 * 0.5 * 6000 * later + mined / 0.1)
    assert value(model)[RARE_EARTHS, 0] == pytest.approx(expected, rel=1e-9)


def test_worth_by_offer_is_that_by_world() -> None:
    model = after(24, worlds=7)
    p, shares = model.setting.p, np.linspace(0, 1, 3)
    together = resource_value(p, model.resources.state, np.repeat(shares[:, None], 7, axis=1))
    apart = [resource_value(p, model.resources.state, np.full(7, share)) for share in shares]
    np.testing.assert_array_equal(together, apart)


@pytest.mark.parametrize("name", BASE_PRESETS)
@pytest.mark.parametrize(("date", "claim"), [(FEBRUARY, 1.0), (APRIL, 0.5 * 0.4 * np.exp(-1.0))])
def test_dearer_rare_earths_move_the_worth_of_a_text_by_its_claim_on_them(
    name: str, date: str, claim: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twice the price: what is ceded and repaid changes by share and base times the change of the stream's worth.

    February takes all there is, half as ownership and the rest as repayment; April a fifth after ten years.
    """
    given, worth = [], []
    monkeypatch.setattr(ukraine, "resource_value", lambda *seen: given.append(seen) or resource_value(*seen))
    for level in (1, 2):
        model = GeopoliticalEconomy(preset(name, **draft(date), price_level=level), worlds=1, months=1, rng=0)
        known, terms, now = model.known(), model.talks.state.terms, model.setting.calendar.month(0)
        prospect = model.expectations.under(terms, known, np.ones(1, dtype=bool), now)
        parts = model.ukraine.deal_parts(terms, prospect, known)
        worth.append(float(parts["resources"][0] + parts["repaid"][0]))
    with_deal = min((at_war for _, _, at_war in given), key=lambda share: float(share[0]))
    streams = [stream_values(p, state, with_deal)[RARE_EARTHS, 0] for p, state, _ in given[1::2]]
    change = -100 * claim * float(streams[1] - streams[0]) / float(model.ukraine.gdp)
    assert change < -0.0005
    assert worth[1] - worth[0] == pytest.approx(change, rel=0.05)


def test_licence_revenue_is_the_annuity_that_was_expected() -> None:
    """Begun in the first January, no losses, whole life: on average over deposits and prices, what was weighed."""
    worlds, months = 4000, 404
    model = GeopoliticalEconomy(worlds=worlds, months=months, war_loss=0, rng=0, precision="single")
    p, parts = model.setting.p, (model.snapshot().market, model.snapshot().plants, model.snapshot().war)
    expected = stream_values(p, model.resources.state, np.zeros(worlds))[NEW, 0]
    ore_price = model.margins.ore_price_today(parts[0])[UA]
    earned = np.zeros((3, worlds))
    peace = replace(model.known(), war=replace(parts[2], fighting=np.zeros(worlds)), investors_hazard=np.zeros(worlds))
    for number in range(months):
        now = model.setting.calendar.month(number)
        if number == 0:
            model.resources.begin(np.zeros(worlds, dtype=bool), peace, now)
        model.resources.update(*parts, ore_price, now)
        earned += model.resources.state.revenue[NEW] * np.exp(-0.1 * number / 12) / 12
    error = earned.std(axis=1) / np.sqrt(worlds)
    assert (np.abs(earned.mean(axis=1) - expected) < 4 * error + 0.01 * expected).all()


def test_war_destroys_projects_at_its_hazard() -> None:
    """What has been begun, and nothing before."""
    loss = np.array([0.0, 0.15, 0.6])
    model = GeopoliticalEconomy(worlds=3, months=24, war_loss=loss, replicates=np.zeros(3, dtype=int), rng=0)
    everywhere = np.ones(3, dtype=bool)
    fought = np.zeros(3)
    for month in range(24):
        if month == 6:
            model.resources.begin(everywhere, model.known(), model.setting.calendar.month(6))
        model.step()
        fought += model.snapshot().war.fighting * (month >= 6)
    assert fought.max() > 0
    np.testing.assert_allclose(model.resources.state.spared[RARE_EARTHS], (1 - loss / 12) ** fought, rtol=1e-12)
    assert (model.resources.state.spared[0] == 1).all()


# Payment


def test_streams_are_recorded_and_add_up_to_what_is_shared() -> None:
    model = after(150, worlds=50, talks="imposed", ownership_share=0.5)
    record = model.trajectories()
    streams = sum(record[f"revenue_{stream}"] for stream in STREAMS)
    np.testing.assert_allclose(streams, record["paid_to_united_states"] + record["kept_by_ukraine"], rtol=1e-6)
    for stream in STREAMS[NEW]:
        assert record[f"revenue_{stream}"][-1].max() > 0
