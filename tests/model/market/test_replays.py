"""The two crises as presets: the start, China's acts on record, and a clear refusal of mixed starts."""

from __future__ import annotations

import numpy as np
import pytest

from model import GeopoliticalEconomy, ParameterError, Parameters, data, preset
from model.array_axes import CN, COUNTRIES, MAGNET, MINE, RW, STAGES, US
from model.calendar import Calendar, Month, month_number
from model.china_policy_record import REPLAY_MONTHS, china_record, replay_months
from model.initial_state import SHARES_OF, read_start
from model.rules.export_policy import OPTIONS


@pytest.fixture(scope="module", params=sorted(REPLAY_MONTHS))
def replayed(request: pytest.FixtureRequest) -> GeopoliticalEconomy:
    model = GeopoliticalEconomy(preset(request.param), worlds=6, months=replay_months(request.param), rng=0)
    model.simulate()
    model.close()
    return model


def test_a_replay_runs_to_its_end_with_sane_prices(replayed: GeopoliticalEconomy) -> None:
    for name, values in replayed.trajectories().items():
        assert np.isfinite(values).all(), name
    for country in ("china", "united_states"):
        prices = replayed.trajectories()[f"price_magnet_{country}"]
        assert (prices > 1).all()
        assert (prices < 20_000).all()


def test_the_calendar_follows_the_start() -> None:
    for name, first in (("quota_crisis_2010", "2008-01"), ("licences_2025", "2024-01"), ("documented", "2025-01")):
        record = GeopoliticalEconomy(preset(name), months=2, rng=0).run()
        assert str(record.month.values[0])[:7] == first


def test_all_worlds_begin_in_the_same_year() -> None:
    with pytest.raises(ParameterError, match=r"start=2008, 2025: all worlds of a run begin in the same year"):
        GeopoliticalEconomy(Parameters(start=np.array(["2008", "2025"])), worlds=2, rng=0)
    with pytest.raises(ParameterError, match="did you mean '2008'"):
        Parameters(start="208")


@pytest.mark.parametrize("year", sorted(SHARES_OF))
def test_a_start_is_read_from_the_tables(year: int) -> None:
    start = read_start(year)
    assert start.baskets.sum(1) == pytest.approx(1.0, abs=2e-3)
    assert start.world_output * 12 == data.value("mine_production", country="world", year=year)
    shares = [row for row in data.table("start_shares") if row["year"] == SHARES_OF[year]]
    for stage in STAGES[1:]:
        assert sum(row["value"] for row in shares if row["item"] == stage) == pytest.approx(1.0)
    assert sum(row["value"] for row in shares if row["kind"] == "buyer") == pytest.approx(1.0)
    assert {row["country"] for row in shares} == set(COUNTRIES)


def test_chinas_acts_are_those_on_record() -> None:
    crisis, licences = china_record(Calendar(2008, 108)), china_record(Calendar(2024, 36))
    exported = crisis.quota[month_number("2010-01", 2008) : month_number("2011-01", 2008)].sum()
    assert exported == pytest.approx(39_813, rel=1e-3)  # customs, January 2011
    assert crisis.quota[month_number("2012-06", 2008)] * 12 == pytest.approx(30_996)
    assert np.isinf(crisis.quota[month_number("2015-01", 2008) :]).all()
    assert (crisis.licensed[: month_number("2015-01", 2008)] == 1).all()
    assert crisis.mined[2] * 12 == 89_200
    assert licences.passed_share[month_number("2025-05", 2024)] == pytest.approx(0.26)
    assert licences.licensed[month_number("2025-05", 2024)].tolist() == [0, 0, 1]
    assert licences.licensed[month_number("2025-03", 2024)].tolist() == [0, 0, 0]
    assert np.isnan(licences.mined[2])


def test_the_script_covers_every_month_of_its_replays_and_holds_after_its_newest_act() -> None:
    longer = china_record(Calendar(2024, 180))
    for start, name in ((2008, "quota_crisis_2010"), (2024, "licences_2025")):
        record = china_record(Calendar(start, REPLAY_MONTHS[name]))
        assert np.isfinite(record.passed_share).all()
        assert (record.quota > 0).all()
    assert month_number("2026-10", 2024) < REPLAY_MONTHS["licences_2025"]
    assert longer.passed_share[month_number("2026-01", 2024)] == 1
    assert (longer.passed_share[month_number("2026-02", 2024) :] == 0.875).all()
    assert (longer.licensed[month_number("2025-04", 2024) :] == [0, 0, 1]).all()


def test_what_is_held_back_from_japan_keeps_the_gap_open() -> None:
    """It lasts to the end of 2026 in most worlds; with licences for the normal amount it closes in about half."""
    model = GeopoliticalEconomy(preset("licences_2025"), worlds=100, months=36, rng=0)
    model.simulate()
    assert (model.trajectories()["wedge_heavy"][month_number("2026-12", 2024)] > 0).mean() > 0.7
    model.close()


def test_china_mines_what_the_record_says() -> None:
    model = GeopoliticalEconomy(preset("quota_crisis_2010"), worlds=2, months=60, rng=0)
    for month in range(60):
        model.step()
        recorded = data.value("mine_production", country="china", year=2008 + month // 12) / 12
        assert model.market.state.mined[CN] == pytest.approx(recorded + model.setting.start.unregistered, rel=1e-9)
    model.close()


def test_a_quota_caps_what_china_ships() -> None:
    model = GeopoliticalEconomy(preset("quota_crisis_2010", licence_leak=0), worlds=3, months=48, rng=0)
    for _ in range(48):
        model.step()
        market = model.market.state
        flows = market.flows()
        abroad = flows[CN].sum(axis=(0, 1)) - flows[CN, CN].sum(axis=0)
        assert market.quota is not None
        assert (abroad <= (market.quota + market.past_quotas.sum()) * (1 + 1e-9)).all()
    model.close()


@pytest.mark.parametrize("start", ["2008", "2024"])
def test_recorded_and_strategic_worlds_run_side_by_side(start: str) -> None:
    """A strategic world does not notice that its neighbour follows the record."""
    mixed = Parameters(start=start, china_policy=np.array(["recorded", "strategic", "open"]))
    together = GeopoliticalEconomy(mixed, worlds=3, months=36, rng=0)
    together.simulate()
    for world, policy in enumerate(("recorded", "strategic", "open")):
        alone = GeopoliticalEconomy(
            Parameters(start=start, china_policy=policy),
            worlds=1,
            months=36,
            replicates=np.array([world]),
            rng=0,
        )
        alone.simulate()
        assert np.array_equal(alone.market.state.price[..., 0], together.market.state.price[..., world])
        alone.close()
    together.close()


def test_no_deal_is_talked_about_before_2025() -> None:
    model = GeopoliticalEconomy(preset("quota_crisis_2010", talks_start=0), worlds=3, months=30, rng=0)
    model.simulate()
    assert (model.outcomes()["signed"] == 0).all()
    model.close()


def test_what_is_smuggled_at_the_start_is_what_was_recorded_abroad() -> None:
    """Imports on record abroad were 36 % above China's customs in 2008; nothing is unregistered in 2025."""
    model = GeopoliticalEconomy(preset("quota_crisis_2010", demand_volatility=0), worlds=1, months=1, rng=0)
    model.simulate()
    market = model.market.state
    exports = float((market.supply[CN] - market.arrivals[CN]).sum())
    assert model.setting.start.unregistered / (exports - model.setting.start.unregistered) == pytest.approx(
        0.36, rel=0.05
    )
    assert read_start(2025).unregistered == 0
    model.close()


def test_plants_under_way_in_2008_come_on_stream() -> None:
    model = GeopoliticalEconomy(preset("quota_crisis_2010"), worlds=1, months=72, rng=0)
    model.simulate()
    assert model.plants.state.capacity[US, MINE, 0] * 12 == pytest.approx(19_050)
    assert model.plants.state.capacity[RW, MINE, 0] * 12 > 11_000
    model.close()


def test_unknown_replay_names_the_nearest() -> None:
    with pytest.raises(KeyError, match="did you mean 'licences_2025'"):
        replay_months("licence_2025")


def test_licences_open_a_gap_for_heavy_material_alone() -> None:
    model = GeopoliticalEconomy(preset("licences_2025"), worlds=10, months=24, rng=0)
    model.simulate()
    outcomes, wedges = model.outcomes(), model.trajectories()
    assert (outcomes["peak_wedge_heavy"] > 0.3).all()
    assert (outcomes["peak_wedge_bulk"] == 0).all()
    assert (wedges["wedge_magnet"] == 0).all()
    model.close()


def test_nothing_is_made_or_lost_under_a_quota() -> None:
    model = GeopoliticalEconomy(preset("quota_crisis_2010"), worlds=5, months=72, rng=0)
    for _ in range(72):
        before = model.market.state
        model.step()
        market = model.market.state
        mined = (market.mined[:, None] * model.plants.state.baskets).sum(0)
        assert before.ore.sum(0) + mined == pytest.approx(market.separated.sum(0) + market.ore.sum(0), rel=1e-9)
        made = before.oxide.sum(0) + market.separated[:, MAGNET:].sum(0)
        assert made == pytest.approx(market.supply[:, MAGNET:].sum(0) + market.oxide.sum(0), rel=1e-9)
        assert (market.supply[:, :MAGNET] == market.separated[:, :MAGNET]).all()
        assert market.supply.sum(0) == pytest.approx(market.arrivals.sum(0), rel=1e-9)
        assert before.stock + market.arrivals == pytest.approx(market.consumed + market.stock, rel=1e-9)
        flows = market.flows()
        assert flows.sum(0) - flows.sum(1) == pytest.approx(market.arrivals - market.supply, rel=1e-9, abs=1e-6)
    model.close()


def test_a_swept_replay_keeps_its_calendar() -> None:
    from experiments import grid, sweep

    design = grid(licence_leak=2).with_base("quota_crisis_2010")
    results = sweep(design, replicates=2, months=3, record=["price_heavy_china"], progress=False)
    assert str(results.month.values[0])[:7] == "2008-01"
    assert float(results.price_heavy_china.isel(month=0).mean()) < 200


def test_worlds_on_record_follow_it_and_others_do_not() -> None:
    """Export quotas in 2008; from April 2025 licences for heavy material, after none in 2024."""
    named = np.array(["recorded", "open", "expand"])
    for name, start, months in (("quota_crisis_2010", 2008, (0, 3, 6)), ("licences_2025", 2024, (3, 6, 16))):
        model = GeopoliticalEconomy(preset(name, china_policy=named), worlds=3, months=24, rng=0)
        for month in months:
            policy = model.china.choose_export_policy(model.market.state, Month(month, start))
        record = model.china._record
        expected = {2008: ("licence_all", 3), 2024: ("licence_heavy", 1)}[start]
        assert [OPTIONS[option] for option in model.china.option] == [expected[0], "open", "expand"]
        abroad = len(COUNTRIES) - 1
        assert policy.licensed.sum(axis=(0, 1)).tolist() == [expected[1] * abroad, 0, 0]
        assert policy.licensed[CN].sum() == 0
        assert policy.quota is not None and policy.mines is not None
        assert np.isfinite(policy.quota).tolist() == [start == 2008, False, False]
        assert policy.quota[0] == record.quota[month]
        assert policy.let_through[0] == record.passed_share[month]
        mined = record.mined[month // 12] + model.setting.start.unregistered
        np.testing.assert_allclose(policy.mines, [mined, np.nan, np.nan])
        assert policy.mining_cut[1:].tolist() == policy.cut_months[1:].tolist() == [0, 0]
        assert policy.trend[0] == 0 < policy.trend[1]
        model.close()


def test_a_month_of_a_cut_on_record() -> None:
    """What was mined most before over what is mined now, and growth as if the cut ended: none while one lasts."""
    model = GeopoliticalEconomy(preset("quota_crisis_2010"), worlds=1, months=108, rng=0)
    record = model.china._record
    month = int(np.argmax(record.mining_cut))
    policy = model.china.choose_export_policy(model.market.state, Month(month, 2008))
    most, now = record.mined[: month // 12].max(), record.mined[month // 12]
    assert policy.mining_cut[0] == pytest.approx(np.log(most / now)) and policy.mining_cut[0] > 0
    assert policy.cut_months[0] == record.cut_months[month] > 0
    assert policy.next_growth[0] == record.lasting_growth(month)
    model.close()
