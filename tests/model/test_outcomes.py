"""What must come out at the documented preset, and the signs that theory asks for."""

from __future__ import annotations

import numpy as np
import pytest

from model import GeopoliticalEconomy, preset
from model.record.variables import OUTCOMES
from model.talks.recorded_drafts import draft


def outcomes(months: int = 9, worlds: int = 600, **changes: object) -> dict[str, np.ndarray]:
    """Outcomes of a short run at the documented preset."""
    model = GeopoliticalEconomy(
        preset("documented", **changes),  # type: ignore[arg-type]
        worlds=worlds,
        months=months,
        replicates=np.arange(worlds) % 200,
        record="outcomes",
        rng=0,
    )
    model.simulate()
    record = model.outcomes()
    model.close()
    return record


def test_half_of_everything_for_five_hundred_billion_is_refused() -> None:
    refused = outcomes(ownership_share=0.5, revenue_base=1.0, recognised_aid=500, guarantee_strength=0)
    assert refused["ukraine_accepts"].mean() <= 0.05


def test_the_terms_of_april_are_accepted() -> None:
    assert outcomes(**draft("2025-04-30"))["ukraine_accepts"].mean() >= 0.8


@pytest.mark.parametrize("aid", [0, 100])
def test_more_guarantee_never_lowers_acceptance(aid: float) -> None:
    """On the same random numbers, world by world: whoever signs at some guarantee signs at any stronger one."""
    strengths = np.repeat(np.linspace(0, 1, 6), 200)
    accepted = outcomes(worlds=1200, ownership_share=0.4, recognised_aid=aid, guarantee_strength=strengths)
    by_strength = accepted["ukraine_accepts"].reshape(6, 200)
    assert (np.diff(by_strength, axis=0) >= 0).all()
    assert by_strength[0].mean() < by_strength[-1].mean()


def test_more_ownership_never_raises_acceptance_without_a_tripwire() -> None:
    shares = np.repeat(np.linspace(0, 1, 6), 200)
    accepted = outcomes(worlds=1200, ownership_share=shares, guarantee_strength=0.3, tripwire="H0")
    assert (np.diff(accepted["ukraine_accepts"].reshape(6, 200), axis=0) <= 0).all()


def test_stake_changes_no_safety_under_h0() -> None:
    record = GeopoliticalEconomy(
        preset("documented", ownership_share=np.repeat([0.0, 1.0], 50), talks="imposed", tripwire="H0"),
        worlds=100,
        months=60,
        replicates=np.tile(np.arange(50), 2),
        rng=0,
    )
    record.simulate()
    paths = record.trajectories()
    for name in ("intervention_probability", "renewal_hazard_now", "fighting"):
        np.testing.assert_array_equal(paths[name][:, :50], paths[name][:, 50:])


def test_china_leads_in_2025() -> None:
    first_year = outcomes(months=12, worlds=100)
    assert (first_year["china_mine_share_2025"] > 0.60).all()
    assert (first_year["china_separation_share_2025"] > 0.85).all()
    assert (first_year["china_magnet_share_2025"] > first_year["china_separation_share_2025"]).all()


def test_a_share_of_a_month_is_that_of_the_path_and_unknown_in_shorter_runs() -> None:
    assert np.isnan(outcomes(months=131, worlds=3)["china_mine_share_2035"]).all()
    model = GeopoliticalEconomy(worlds=3, months=140, record=["china_mine_share"], rng=0)
    model.simulate()
    kept, path = model.outcomes()["china_mine_share_2035"], model.trajectories()["china_mine_share"]
    np.testing.assert_array_equal(kept, path[131])
    assert not np.array_equal(kept, path[132])


def test_a_licence_on_heavy_opens_a_wedge_on_heavy_alone() -> None:
    licensed = outcomes(months=15, worlds=100, china_policy="licence_heavy")
    assert np.median(licensed["peak_wedge_heavy"]) > 0.3
    assert (licensed["peak_wedge_bulk"] < 0.01).all()


def test_slow_money() -> None:
    """Ukraine's deposits give no ore before 2030 in nine worlds of ten."""
    early = outcomes(months=60, worlds=200, **draft("2025-04-30"))["first_output_month"]
    assert np.isnan(early).mean() >= 0.9


def test_as_reported_shows_what_the_claims_would_imply() -> None:
    claimed = GeopoliticalEconomy(
        preset("as_reported"), worlds=20, months=180, record=["mined_ukraine", "mined_world"], rng=0
    )
    claimed.simulate()
    paths = claimed.trajectories()
    assert np.allclose(paths["mined_ukraine"][0] / paths["mined_world"][0], 0.05, atol=0.005)
    assert claimed.market.state.reserve[3].mean() < 1.5e6


def test_batch_run_of_mesa_works_on_one_world() -> None:
    model = GeopoliticalEconomy(months=3, rng=0)
    model.simulate()
    frame = model.datacollector.get_model_vars_dataframe()
    assert len(frame) == 3
    assert frame["price_magnet_china"].iloc[0] == pytest.approx(56, rel=0.05)


def test_a_higher_stake_never_raises_what_ukraine_keeps() -> None:
    """Of every unit of resource revenue, in present value and month by month."""
    shares = np.repeat(np.linspace(0, 1, 5), 60)
    model = GeopoliticalEconomy(
        preset("documented", ownership_share=shares, talks="imposed"),
        worlds=300,
        months=36,
        replicates=np.tile(np.arange(60), 5),
        rng=0,
    )
    model.simulate()
    kept = model.trajectories()["kept_by_ukraine"][-1].reshape(5, 60)
    assert (model.trajectories()["deal_in_force"][-1] == 1).all()
    assert (np.diff(kept, axis=0) <= 0).all()
    resources = OUTCOMES["deal_worth"].columns["deal_worth_ukraine_resources"]
    ceded = model.outcomes()["deal_worth"][resources].reshape(5, 60)
    assert (np.diff(ceded, axis=0) <= 0).all()
