"""From a sweep to the table of indices: what it holds, what it refuses, and what it says is needed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import xarray as xr

from experiments import grid, latin_hypercube, morris, policies, sobol, sweep
from experiments.analysis.sensitivity import report
from experiments.analysis.sensitivity.design_points import design_points
from experiments.analysis.sensitivity.index_table import index_table
from experiments.analysis.sensitivity.one_at_a_time import one_at_a_time, tornado_table
from experiments.errors import InputError

NAMES = ("guarantee_strength", "ownership_share", "tripwire")
CHOICES: dict[str, Any] = {"months": 12, "replicates": 8, "progress": False}
SIGNS = ("ukraine_accepts",)


@pytest.fixture(scope="module")
def sampled() -> xr.Dataset:
    return sweep(sobol(64, *NAMES, "china_objective", second_order=True), **CHOICES)


def planted(results: xr.Dataset, values: Any) -> xr.Dataset:
    """The same results with these values of `peace_holds` (row, replicate)."""
    return results.assign(peace_holds=results["peace_holds"].copy(data=values))


def test_sobol_design_gives_total_first_and_pairs(sampled: xr.Dataset) -> None:
    table = index_table(sampled, SIGNS)
    totals = table[table["index"] == "total"].set_index("input")
    assert set(totals.index) == {*NAMES, "china_objective"}
    assert (totals["low"] <= totals["value"]).all() and (totals["value"] <= totals["high"]).all()
    assert totals.loc["guarantee_strength", "value"] > 0.2 and totals.loc["china_objective", "high"] == 0
    assert (table["index"] == "second order").sum() == 6
    shares = table[table["index"] == "variance"]["value"]
    assert shares.sum() == pytest.approx(1) and len(shares) == 3


def test_planted_outcome_of_a_category_and_a_number(sampled: xr.Dataset) -> None:
    """A third of the variance a number's, the rest the word H2's; all of single worlds' rest are random draws."""
    share = sampled["ownership_share"].values
    word = sampled["tripwire"].values == "H2"
    signal = word / np.std(word) * np.sqrt(2) + share / np.std(share)
    noise = np.random.default_rng(1).standard_normal((len(signal), 8)) * np.sqrt(3)
    table = index_table(planted(sampled, (signal[:, None] + noise)), ("peace_holds",))
    total = table[table["index"] == "total"].set_index("input")
    assert total.loc["tripwire", "low"] < 2 / 3 < total.loc["tripwire", "high"]
    assert total.loc["ownership_share", "low"] < 1 / 3 < total.loc["ownership_share", "high"]
    assert total.loc["guarantee_strength", "value"] == pytest.approx(0, abs=0.12)
    inputs = table[table["input"] == "(inputs together)"].iloc[0]
    assert inputs["low"] < 0.5 < inputs["high"]


def test_what_means_nothing_is_marked_and_no_number(sampled: xr.Dataset) -> None:
    shape = sampled["peace_holds"].shape
    random = np.random.default_rng(1)
    rare, holed = np.zeros(shape), random.random(shape)
    rare[:5], holed[3] = 1, np.nan
    cases = {
        "same at every point": np.ones(shape),
        "differs at only": rare,
        "unknown at 1 of": holed,
        "hidden by random draws": random.random(shape),
    }
    for words, values in cases.items():
        table = index_table(planted(sampled, values), ("peace_holds",))
        indices = table[table["index"] != "variance"]
        assert indices["value"].isna().all() and indices["low"].isna().all(), words
        assert indices["note"].str.contains(words).all()
        assert "not known" in {row["total"] for row in report.outcome_rows(table, "peace_holds")}


def test_unknown_worlds_are_said(sampled: xr.Dataset) -> None:
    values = sampled["ukraine_accepts"].values.copy()
    values[:, 0] = np.nan
    table = index_table(planted(sampled, values), ("peace_holds",))
    totals = table[table["index"] == "total"]
    assert totals["value"].notna().all() and totals["note"].str.contains("known in 88%").all()


def test_too_few_points_are_no_index() -> None:
    for design in (sobol(16, *NAMES), morris(4, *NAMES), latin_hypercube(50, *NAMES)):
        table = index_table(sweep(design, **CHOICES), SIGNS)
        indices = table[table["index"] != "variance"]
        assert indices["value"].isna().all() and indices["note"].str.contains("too few").all()


def test_morris_and_given_data_agree_with_sobol_on_what_leads() -> None:
    for design, index in ((morris(20, *NAMES), "mean absolute effect"), (latin_hypercube(400, *NAMES), "Shapley")):
        table = index_table(sweep(design, **CHOICES), SIGNS)
        assert report.main_index(table) == index
        assert report.ranked_inputs(table, "ukraine_accepts")[0] == "guarantee_strength"
    assert {"PAWN", "Shapley"} <= set(table["index"])


def test_a_grid_is_given_data() -> None:
    results = sweep(grid(guarantee_strength=11, ownership_share=10, tripwire=["H0", "H2"]), **CHOICES)
    points = design_points(results, SIGNS)
    assert {name: len(np.unique(column)) for name, column in points.inputs.items()} == {
        "guarantee_strength": 11, "ownership_share": 10, "tripwire": 2,
    }  # fmt: skip
    row = dict(guarantee_strength=4, ownership_share=7, tripwire=1)
    at = np.ravel_multi_index(tuple(row.values()), (11, 10, 2))
    np.testing.assert_array_equal(points.worlds[0, at], results["ukraine_accepts"].isel(row).values)
    assert all(points.inputs[name][at] == results[name].values[index] for name, index in row.items())
    assert report.ranked_inputs(index_table(results, SIGNS), "ukraine_accepts")[0] == "guarantee_strength"


def test_tornado_is_a_paired_difference() -> None:
    facts = latin_hypercube(1, *NAMES).facts()["ranges"]
    results = sweep(one_at_a_time(facts), **(CHOICES | {"replicates": 40}))
    table = tornado_table(results, SIGNS)
    assert (
        "guarantee_strength=0" in results["scenario"] and not ((table["setting"] == "0") & (table["base"] == 0)).any()
    )
    row = table[(table["input"] == "guarantee_strength") & (table["setting"] == "1")].iloc[0]
    accepts = results["ukraine_accepts"]
    differences = accepts.sel(scenario="guarantee_strength=1") - accepts.sel(scenario="base")
    assert row["value"] == pytest.approx(float(differences.mean())) and row["pairs"] == 40
    assert row["low"] < row["value"] < row["high"]
    named = sweep(policies({"a": {}, "b": {"recognised_aid": 1.0}}) * grid(ownership_share=[0, 1]), **CHOICES)
    with pytest.raises(InputError, match="policy is no sample"):
        report.sensitivity_table(named)
    with pytest.raises(InputError, match="base"):
        tornado_table(sweep(grid(ownership_share=[0, 1]), **CHOICES))


def test_an_outcome_that_is_not_there_is_named(sampled: xr.Dataset) -> None:
    with pytest.raises(InputError, match="ukraine_accepts"):
        index_table(sampled, ("ukraine_accept",))
