"""Zones of agreement and reasons: known answers on small tables, and the model's own answers."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import xarray as xr

from experiments import grid, sweep
from experiments.analysis.deal import agreement_zones as deals
from experiments.analysis.deal.draft_responses import own_reasons, reasons, turning_points
from experiments.analysis.quantile_bands import bands, means
from experiments.errors import InputError
from experiments.validation.price_record import recorded_prices
from model import GeopoliticalEconomy, ParameterError, Parameters, preset
from model.states.deal import TERMS as ALL_TERMS
from model.states.reasons import REASONS, SIGNATORIES
from model.talks.recorded_drafts import draft

TERMS = ("ownership_share", "guarantee_strength")


def table_of(ukraine: np.ndarray, united_states: np.ndarray, worlds: int = 10) -> xr.Dataset:
    """Results on a 3 × 3 grid in which so many of `worlds` worlds say yes; gains are shares less a half."""
    levels = np.array([0.0, 0.5, 1.0])
    coords = {"ownership_share": levels, "guarantee_strength": levels, "replicate": np.arange(worlds)}
    content, gains = {}, []
    for who, shares in (("ukraine", ukraine), ("united_states", united_states)):
        yes = np.arange(worlds) < np.round(shares[..., None] * worlds)
        content[f"{who}_accepts"] = ((*TERMS, "replicate"), yes.astype(np.float32), {"meaning": who, "unit": "0/1"})
        gains.append(np.broadcast_to((shares - 0.5)[..., None], yes.shape))
    content["deal_gain"] = (("signatory", *TERMS, "replicate"), np.stack(gains), {"unit": "percent of GDP"})
    return xr.Dataset(content, coords=coords | {"signatory": list(SIGNATORIES)})


@pytest.fixture(scope="module")
def triangle() -> xr.Dataset:
    """Ukraine wants little ownership, the United States little guarantee; both agree at one corner best."""
    own = np.array([0.9, 0.6, 0.1])[:, None] * np.ones(3)
    other = np.ones((3, 1)) * np.array([0.8, 0.7, 0.2])
    return deals.agreement(table_of(own, other))


@pytest.mark.cases
def test_share_of_worlds_has_wilsons_interval() -> None:
    found = deals.share_of_worlds(xr.DataArray([1.0, 1.0, 0.0, np.nan], dims="replicate"))
    assert float(found.share) == pytest.approx(2 / 3) and int(found.known) == 3
    assert (float(found.low), float(found.high)) == pytest.approx((0.2077, 0.9385), abs=1e-4)
    never = deals.share_of_worlds(xr.DataArray(np.zeros(400), dims="replicate"))
    assert float(never.share) == 0 and 0.009 < float(never.high) < 0.01
    unknown = deals.share_of_worlds(xr.DataArray(np.full(4, np.nan), dims="replicate"))
    assert np.isnan([unknown.share, unknown.low, unknown.high]).all() and int(unknown.known) == 0


@pytest.mark.cases
def test_the_zone_is_joint() -> None:
    """Each signs in six worlds of ten, but in the same worlds only in two: no zone of agreement."""
    table = table_of(np.full((3, 3), 0.6), np.full((3, 3), 0.6))
    table["ukraine_accepts"] = table["ukraine_accepts"].roll(replicate=4)
    joint = deals.agreement(table)
    assert np.allclose(joint["both_sign"], 0.2) and not joint["zone"].any()
    assert np.allclose(joint["ukraine_signs"], 0.6)


@pytest.mark.cases
@pytest.mark.parametrize("order", [(2, 1, 0), (1, 0, 2), (0, 2, 1)])
def test_the_order_of_levels_changes_nothing(triangle: xr.Dataset, order: tuple[int, ...]) -> None:
    turned = triangle.isel(ownership_share=list(order), guarantee_strength=list(order[::-1]))
    xr.testing.assert_allclose(deals.zone_bounds(turned, *TERMS), deals.zone_bounds(triangle, *TERMS))
    for point in (deals.nash_point, deals.kalai_smorodinsky_point):
        xr.testing.assert_allclose(point(turned, *TERMS), point(triangle, *TERMS))


@pytest.mark.cases
def test_a_level_given_twice_is_refused_by_name(triangle: xr.Dataset) -> None:
    with pytest.raises(InputError, match=r"ownership_share: the level 0\.5 is given twice"):
        deals.zone_bounds(triangle.isel(ownership_share=[0, 1, 1, 2]), *TERMS)


@pytest.mark.cases
def test_what_is_not_known_is_not_outside_the_zone(triangle: xr.Dataset) -> None:
    results = table_of(np.full((3, 3), 0.9), np.full((3, 3), 0.9))
    half = results.where(results["ownership_share"] < 0.4)
    bounds = deals.zone_bounds(deals.agreement(half), *TERMS)
    assert float(bounds["area"]) == pytest.approx(0.25) and float(bounds["unknown"]) == pytest.approx(0.75)
    nothing = deals.zone_bounds(deals.agreement(results.where(False)), *TERMS)
    assert np.isnan(nothing["area"]) and float(nothing["unknown"]) == 1
    one_level = deals.zone_bounds(triangle.isel(ownership_share=[0]), *TERMS)
    assert float(one_level["area"]) == pytest.approx(0.75)


@pytest.mark.cases
def test_means_of_one_world_or_none_have_no_interval() -> None:
    worlds = xr.DataArray([[3.0, np.nan], [np.nan, np.inf], [1.0, 3.0]], dims=("x", "replicate"), attrs={"unit": "t"})
    table = means(worlds, "replicate")
    assert np.array_equal(table["mean"], [3.0, np.nan, 2.0], equal_nan=True)
    assert np.array_equal(table["known"], [1, 0, 2]) and np.isnan(table["low"][:2]).all()
    agreed = means(xr.DataArray(np.ones((1, 20)), dims=("x", "replicate"), attrs={"unit": "0/1"}), "replicate")
    assert float(agreed["low"][0]) == pytest.approx(0.8389, abs=1e-4) and float(agreed["high"][0]) == 1


def test_zone_is_where_both_would_sign(triangle: xr.Dataset) -> None:
    expected = np.array([[True, True, False], [True, True, False], [False, False, False]])
    assert np.array_equal(triangle["zone"].values, expected)
    bounds = deals.zone_bounds(triangle, *TERMS)
    assert float(bounds["area"]) == pytest.approx(0.75**2)
    assert (float(bounds["ownership_share_low"]), float(bounds["ownership_share_high"])) == (0.0, 0.5)
    assert float(bounds["guarantee_strength_high"]) == 0.5


@pytest.mark.parametrize("pair", [*itertools.combinations(ALL_TERMS, 2)])
def test_any_two_terms_span_a_zone(triangle: xr.Dataset, pair: tuple[str, str]) -> None:
    """Over levels of other terms, of whatever unit, the part of the map and the points are the same."""
    renamed = triangle.rename(dict(zip(TERMS, pair, strict=True)))
    turned = renamed.assign_coords({pair[1]: 12 * renamed[pair[1]]})
    bounds = deals.zone_bounds(turned, *pair)
    assert float(bounds["area"]) == pytest.approx(0.75**2) and float(bounds[f"{pair[1]}_high"]) == 6
    found, known = deals.nash_point(turned, *pair), deals.nash_point(triangle, *TERMS)
    assert float(found[pair[0]]) == float(known[TERMS[0]]) and float(found[pair[1]]) == 12 * float(known[TERMS[1]])


def test_empty_zone_has_no_bounds_and_no_point() -> None:
    quarter = np.full((3, 3), 0.2)
    table = deals.agreement(table_of(quarter, 1 - quarter))
    bounds = deals.zone_bounds(table, *TERMS)
    assert float(bounds["area"]) == 0 and np.isnan(bounds["ownership_share_low"])
    for point in (deals.nash_point(table, *TERMS), deals.kalai_smorodinsky_point(table, *TERMS)):
        assert np.isnan(point["ownership_share"]) and np.isnan(point["ukraine_gain"])


def test_solutions_by_enumeration() -> None:
    rng = np.random.default_rng(3)
    table = deals.agreement(table_of(rng.random((3, 3)).round(1), rng.random((3, 3)).round(1)))
    gains = table["ukraine_gain"].values, table["united_states_gain"].values
    good = [
        (gains[0][i, j], gains[1][i, j])
        for i, j in itertools.product(range(3), repeat=2)
        if min(gains[0][i, j], gains[1][i, j]) >= 0
    ]
    nash = deals.nash_point(table, *TERMS)
    assert float(nash["ukraine_gain"] * nash["united_states_gain"]) == pytest.approx(max(a * b for a, b in good))
    most = [max(pair[side] for pair in good) for side in (0, 1)]
    fair = deals.kalai_smorodinsky_point(table, *TERMS)
    found = min(float(fair["ukraine_gain"]) / most[0], float(fair["united_states_gain"]) / most[1])
    assert found == pytest.approx(max(min(a / most[0], b / most[1]) for a, b in good))


def test_points_keep_other_dimensions(triangle: xr.Dataset) -> None:
    twice = xr.concat([triangle, triangle], xr.DataArray(["H0", "H1"], dims="tripwire", name="tripwire"))
    assert deals.nash_point(twice, *TERMS)["ownership_share"].dims == ("tripwire",)
    assert deals.zone_bounds(twice, *TERMS)["area"].sizes == {"tripwire": 2}


def test_agreement_says_what_is_missing() -> None:
    with pytest.raises(InputError, match="no ukraine_accepts"):
        deals.agreement(xr.Dataset())


def test_more_guarantee_never_loses_ukraine() -> None:
    results = sweep(grid(ownership_share=3, guarantee_strength=6), replicates=100, months=7, progress=False)
    table = deals.agreement(results)
    assert bool((table["ukraine_signs"].diff("guarantee_strength") >= 0).all())
    drafts = deals.recorded_drafts(results)
    assert drafts.sizes["draft"] == 5 and not bool(drafts["same_terms"].sel(draft="2025-04-30"))


@pytest.mark.parametrize("date", ["2025-02-12", "2025-04-30"])
def test_reasons_add_up_to_the_gain(date: str) -> None:
    terms = preset("documented", **draft(date), ukraine_security_weight=0.7)
    found = reasons(terms)
    for country in SIGNATORIES:
        own = own_reasons(found, country)
        assert own["contribution"].notnull().all() and set(own["part"].values) <= {"money", "security", "politics"}
        assert float(own["contribution"].sum()) == pytest.approx(float(own["gain"]), abs=1e-4)
    security = found["contribution"].values[found["part"].values == "security"]
    assert len(security) == sum(part == "security" for reason in REASONS for part, _ in reason.sides.values())
    assert (security != 0).any()


@pytest.mark.parametrize("country", SIGNATORIES)
def test_turning_points_turn_the_answer(country: str) -> None:
    terms = preset("documented", **draft("2025-04-30"))
    table = turning_points(terms, country)
    gain = table.attrs["gain"]
    turned = table.where(table["needed"].notnull(), drop=True)
    assert turned.sizes["term"] >= 1
    for term in turned["term"].values:
        needed = float(turned["needed"].sel(term=term))
        at = reasons(terms.replace(**{str(term): needed}))
        assert float(at["gain"].sel(signatory=country)) == pytest.approx(0.0, abs=0.02)
        now = float(turned["now"].sel(term=term))
        short = reasons(terms.replace(**{str(term): now + 0.9 * (needed - now)}))
        assert np.sign(float(short["gain"].sel(signatory=country))) == np.sign(gain)


def test_turning_points_refuse_another_country() -> None:
    with pytest.raises(InputError, match="country='russia': allowed ukraine, united_states"):
        turning_points(Parameters(), "russia")


def test_bands_are_quantiles_over_worlds() -> None:
    runs = GeopoliticalEconomy(worlds=40, months=3, record=["china_mine_share"], rng=0).run()
    found = bands(runs["china_mine_share"])
    assert found.dims == ("quantile", "month") and found.attrs["unit"] == "share"
    expected = np.quantile(runs["china_mine_share"].values, 0.75, axis=1)
    assert np.allclose(found.sel(quantile=0.75), expected, atol=1e-6)
    assert bands(found) is found
    with pytest.raises(InputError, match="bands need month and world"):
        bands(runs["signed"])


def test_records_carry_their_sources_and_units() -> None:
    prices = recorded_prices("Nd", "Tb")
    assert prices.attrs["unit"] == "USD/kg" and "usgs_mcs_2026" in prices.attrs["source"]
    assert bool(prices.notnull().any("date").all())
    with pytest.raises(ParameterError, match="no prices of 'Xx' on record"):
        recorded_prices("Xx")
