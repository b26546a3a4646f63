"""Zones of agreement and reasons: known answers on small tables, and the model's own answers."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import xarray as xr

from experiments import grid, sweep
from experiments.analysis import agreement_zones as deals
from experiments.analysis.acceptance_reasons import COUNTRIES, reasons, turning_points
from experiments.analysis.quantile_bands import bands
from experiments.errors import InputError
from experiments.validation.price_record import recorded_prices
from model import GeopoliticalEconomy, ParameterError, Parameters, preset
from model.talks.recorded_drafts import draft

TERMS = ("ownership_share", "guarantee_strength")


def table_of(ukraine: np.ndarray, united_states: np.ndarray, worlds: int = 10) -> xr.Dataset:
    """Results on a 3 × 3 grid in which so many of `worlds` worlds say yes; gains are shares less a half."""
    levels = np.array([0.0, 0.5, 1.0])
    coords = {"ownership_share": levels, "guarantee_strength": levels, "replicate": np.arange(worlds)}
    content = {}
    for who, shares in (("ukraine", ukraine), ("united_states", united_states)):
        yes = np.arange(worlds) < np.round(shares[..., None] * worlds)
        content[f"{who}_accepts"] = ((*TERMS, "replicate"), yes.astype(np.float32), {"meaning": who, "unit": "0/1"})
        gains = np.broadcast_to((shares - 0.5)[..., None], yes.shape)
        content[f"{who}_gain"] = ((*TERMS, "replicate"), gains, {"unit": "percent of GDP"})
    return xr.Dataset(content, coords=coords)


@pytest.fixture(scope="module")
def triangle() -> xr.Dataset:
    """Ukraine wants little ownership, the United States little guarantee; both agree at one corner best."""
    own = np.array([0.9, 0.6, 0.1])[:, None] * np.ones(3)
    other = np.ones((3, 1)) * np.array([0.8, 0.7, 0.2])
    return deals.agreement(table_of(own, other))


def test_share_of_worlds_has_a_jeffreys_error() -> None:
    found = deals.share_of_worlds(xr.DataArray([1.0, 1.0, 0.0, np.nan], dims="replicate"))
    assert float(found.share) == pytest.approx(2 / 3)
    assert float(found.error) == pytest.approx(np.sqrt(2.5 * 1.5 / (16 * 5)))
    never = deals.share_of_worlds(xr.DataArray(np.zeros(400), dims="replicate"))
    assert float(never.share) == 0 and 0.001 < float(never.error) < 0.003


def test_zone_is_where_both_would_sign(triangle: xr.Dataset) -> None:
    expected = np.array([[True, True, False], [True, True, False], [False, False, False]])
    assert np.array_equal(triangle["zone"].values, expected)
    bounds = deals.zone_bounds(triangle, *TERMS)
    assert float(bounds["area"]) == pytest.approx(0.75**2)
    assert (float(bounds["ownership_share_low"]), float(bounds["ownership_share_high"])) == (0.0, 0.5)
    assert float(bounds["guarantee_strength_high"]) == 0.5


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
    for country in COUNTRIES:
        own = found["contribution"].values[found["of"].values == country]
        gain = float(found["gain"].sel(country=country))
        assert own.sum() == pytest.approx(gain, abs=1e-4)
    security = found["contribution"].values[found["part"].values == "security"]
    assert len(security) == 4 and (security != 0).any()


@pytest.mark.parametrize("country", list(COUNTRIES))
def test_turning_points_turn_the_answer(country: str) -> None:
    terms = preset("documented", **draft("2025-04-30"))
    table = turning_points(terms, country)
    gain = table.attrs["gain"]
    turned = table.where(table["needed"].notnull(), drop=True)
    assert turned.sizes["term"] >= 1
    for term in turned["term"].values:
        needed = float(turned["needed"].sel(term=term))
        at = reasons(terms.replace(**{str(term): needed}))
        assert float(at["gain"].sel(country=country)) == pytest.approx(0.0, abs=0.02)
        now = float(turned["now"].sel(term=term))
        short = reasons(terms.replace(**{str(term): now + 0.9 * (needed - now)}))
        assert np.sign(float(short["gain"].sel(country=country))) == np.sign(gain)


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
