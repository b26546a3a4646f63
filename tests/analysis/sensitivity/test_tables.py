"""From a sweep to the table of indices: what it holds, what it refuses, and what it says is needed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from experiments import from_table, grid, latin_hypercube, morris, open_results, policies, sobol, sweep
from experiments.analysis.sensitivity import report
from experiments.analysis.sensitivity.indices_for_design import index_table
from experiments.analysis.sensitivity.inputs_and_outcomes import design_points
from experiments.analysis.sensitivity.one_at_a_time import one_at_a_time, tornado_table
from experiments.errors import InputError
from tests.analysis.sensitivity import known_functions as known
from tests.stand_ins import Quick

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


def test_one_pair_is_no_effect_and_not_none() -> None:
    """Unknown is not taken for unmoved."""
    facts = latin_hypercube(1, "guarantee_strength").facts()["ranges"]
    results = sweep(one_at_a_time(facts), model=Quick, months=4, replicates=1, progress=False)
    table = tornado_table(results, ("price_heavy_end",))
    assert table["value"].isna().all() and table["note"].str.contains("more replicates").all()
    assert {row["change"] for row in report.outcome_rows(table, "price_heavy_end")} == {"not known"}


def test_shares_without_an_interval_are_no_numbers(sampled: xr.Dataset) -> None:
    shape = sampled["peace_holds"].shape
    same_rows = np.zeros(shape) + (np.arange(8) == 3)
    shares = index_table(planted(sampled, same_rows), ("peace_holds",))
    shares = shares[shares["index"] == "variance"]
    assert shares["value"].isna().all() and shares["note"].str.contains("more replicates").all()


def test_an_outcome_that_is_not_there_is_named(sampled: xr.Dataset) -> None:
    with pytest.raises(InputError, match="ukraine_accepts"):
        index_table(sampled, ("ukraine_accept",))


def test_leading_inputs_in_words(sampled: xr.Dataset) -> None:
    """Of an outcome that one input makes, that input; of one that nothing moves, that nothing can be told."""
    share = sampled["ownership_share"].values
    clear = index_table(planted(sampled, share[:, None] + np.zeros(8)), ("peace_holds",))
    words = report.leading_words(clear)
    assert words.startswith("no fighting at the end of the run: ownership_share ") and "guarantee" not in words
    nothing = index_table(planted(sampled, np.ones((len(share), 8))), ("peace_holds",))
    assert "nothing can be told" in report.leading_words(nothing)


def test_correlated_inputs_of_a_plain_store_have_their_shapley_effects(tmp_path: Path) -> None:
    """Rows from a table; the sum of three normals, two of them correlated, in two replicates that are alike."""
    drawn = known.correlated_normals(4000, 3)
    scaled = 0.5 + drawn / 20
    columns = dict(zip(("ownership_share", "guarantee_strength", "revenue_base"), scaled.T, strict=True))
    sweep(from_table(columns), model=Quick, months=1, replicates=2, store=tmp_path / "plain.zarr", progress=False)
    results = open_results(tmp_path / "plain.zarr")
    assert {name: results.sizes[name] for name in results["signed"].dims} == {"design": 4000, "replicate": 2}
    values = sum(results[name].values for name in columns)[:, None] * np.ones(2)
    table = index_table(planted(results, values), ("peace_holds",), resamples=200)
    found = table[table["index"] == "Shapley"].set_index("input").loc[list(columns)]
    np.testing.assert_allclose(found["value"], known.LINEAR_SHAPLEY, atol=0.03)
    assert (found["low"] < found["value"]).all() and (found["value"] < found["high"]).all()


@pytest.mark.parametrize("index", ["total", "Shapley", "PAWN"])
def test_switches_of_known_share(index: str) -> None:
    """Three categories of worth: of the hypotheses the last one, of talks the last two; China's objective nothing."""
    words = ("tripwire", "talks", "china_objective")
    design = sobol(256, *words) if index == "total" else latin_hypercube(1200, *words)
    results = sweep(design, model=Quick, months=1, replicates=2, progress=False)
    worth = 1.0 * (results["tripwire"] == "H5") + np.isin(results["talks"], ["imposed", "none"])
    table = index_table(planted(results, worth.values[:, None] * np.ones(2)), ("peace_holds",), resamples=200)
    found = table[table["index"] == index].set_index("input")["value"]
    if index == "PAWN":  # of six words five are 1/6 x 3/5 away, the sixth 3/5: the median is that of the five
        floor = found["(an input that does nothing)"]
        assert found["talks"] > 2 * floor and found["tripwire"] > floor > found["china_objective"]
    else:
        variances = np.array([5 / 36, 6 / 25, 0])
        np.testing.assert_allclose(found[list(words)], variances / variances.sum(), atol=0.04)
