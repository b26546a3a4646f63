"""Deals, states and replicates out of stores of any design, and what stores do not tell."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from experiments import from_table, grid, latin_hypercube, policies, scenarios, sweep
from experiments.analysis.deal.agreement_zones import agreement
from experiments.analysis.robust_deals.outcomes_by_deal import deal_reasons, deal_worlds
from experiments.designs.design import Design
from experiments.errors import InputError


def swept(design: Design) -> xr.Dataset:
    """A small sweep up to the answers."""
    return sweep(design, replicates=6, months=2, progress=False)


@pytest.fixture(scope="module")
def crossed() -> xr.Dataset:
    return swept(grid(ownership_share=[0, 1], settlement_value=[5, 20], future_aid=[0, 2], tripwire=["H0", "H4"]))


def test_terms_make_deals_and_all_else_makes_states(crossed: xr.Dataset) -> None:
    worlds = deal_worlds(crossed, "peace_holds")
    assert dict(worlds.sizes) == {"deal": 4, "state": 4, "replicate": 6} and worlds.attrs["crossed"]
    assert {"ownership_share", "future_aid"} <= set(worlds["deal"].coords)
    at = {"ownership_share": 1, "settlement_value": 20, "future_aid": 2, "tripwire": "H4"}
    one = worlds.isel(deal=(worlds.ownership_share == 1) & (worlds.future_aid == 2))
    one = one.isel(state=(one.settlement_value == 20) & (one.tripwire == "H4"))
    for who in ("ukraine", "united_states"):
        assert np.array_equal(one[f"{who}_signs"].values.ravel(), crossed[f"{who}_accepts"].sel(at).values)
        assert np.array_equal(
            one[f"{who}_gain"].values.ravel(), crossed["deal_gain"].sel({**at, "signatory": who}).values
        )


def test_a_missing_combination_and_a_failed_row_are_unknown() -> None:
    rows = {"ownership_share": [0.0, 0.0, 1.0], "settlement_value": [5.0, 20.0, 5.0]}
    worlds = deal_worlds(swept(from_table(rows)), "peace_holds")
    assert worlds.sizes["deal"] == 2 and worlds.sizes["state"] == 2
    assert worlds["ukraine_signs"].isnull().sum() == 6 and worlds["peace"][1, 1].isnull().all()


def test_names_are_those_of_policies_and_scenarios() -> None:
    deals = policies({"a": {"ownership_share": 0.2}, "b": {"ownership_share": 0.2, "settlement_value": 50}})
    worlds = deal_worlds(swept(deals * scenarios({"x": {"trust_russia": -1}, "y": {}})), "peace_holds")
    assert worlds["deal"].values.tolist() == ["a", "b"] and worlds["state"].values.tolist() == ["x", "y"]


def test_a_joint_sample_is_not_crossed() -> None:
    worlds = deal_worlds(swept(latin_hypercube(12, "ownership_share", "settlement_value")), "peace_holds")
    assert worlds.sizes["deal"] == 12 and worlds["state"].values.tolist() == ["mixed"] and not worlds.attrs["crossed"]


def test_nobody_is_asked_in_imposed_talks() -> None:
    imposed = swept(grid(ownership_share=[0, 1]).with_base(talks="imposed"))
    worlds = deal_worlds(imposed, "peace_holds")
    assert worlds["ukraine_signs"].isnull().all() and worlds["ukraine_gain"].notnull().all()
    with pytest.raises(InputError, match="nobody is asked"):
        agreement(imposed)
    both = swept(grid(ownership_share=[0, 1], talks=["fixed", "imposed"]))
    together = deal_worlds(both, "peace_holds")
    assert together["ukraine_signs"].notnull().all() and "with the deal in force" in together.attrs["peace_meaning"]
    apart = deal_worlds(swept(grid(ownership_share=[0, 1])), "peace_holds", imposed=imposed)
    xr.testing.assert_equal(together.drop_vars("talks", errors="ignore"), apart.drop_vars("talks", errors="ignore"))


def test_peace_that_is_not_over_is_unknown(crossed: xr.Dataset) -> None:
    assert deal_worlds(crossed)["peace"].isnull().all()
    with pytest.raises(InputError, match="renewed_war_10y, renewed_war_5y, peace_holds; did you mean"):
        deal_worlds(crossed, "renewed_war")


def test_what_does_not_fit_is_refused() -> None:
    one = swept(grid(ownership_share=[0, 1]))
    with pytest.raises(InputError, match="not of the same deals"):
        deal_worlds(one, "peace_holds", imposed=swept(grid(ownership_share=[0, 0.5]).with_base(talks="imposed")))
    with pytest.raises(InputError, match="no term of the deal varies, but tripwire"):
        deal_worlds(swept(grid(tripwire=["H0", "H2"])), "peace_holds")
    with pytest.raises(InputError, match="talks=bargained: what is signed is not the terms"):
        deal_worlds(swept(grid(ownership_share=[0, 1]).with_base(talks="bargained")), "peace_holds")
    with pytest.raises(InputError, match="nobody answers; sweep with talks=fixed,imposed"):
        deal_worlds(swept(grid(ownership_share=[0, 1], talks=["imposed", "none"])), "peace_holds")


def test_reasons_add_up_to_the_gain(crossed: xr.Dataset) -> None:
    worlds = deal_worlds(crossed, "peace_holds")
    for who, reasons in deal_reasons(crossed, "deal 3").items():
        assert sum(reasons.values()) == pytest.approx(float(worlds[f"{who}_gain"].sel(deal="deal 3").mean()), abs=1e-4)
