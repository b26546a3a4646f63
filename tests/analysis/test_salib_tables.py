"""Designs and results as SALib's own tables: its analyses give the numbers that the published formulas give."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import xarray as xr
from SALib.analyze import morris as morris_analysis
from SALib.analyze import pawn
from SALib.analyze import sobol as sobol_analysis

from experiments import InputError, grid, latin_hypercube, morris, policies, sobol, sweep
from experiments.analysis.salib_tables import to_salib_arrays, to_salib_problem
from tests.stand_ins import Quick

OUTCOME = "price_heavy_end"


def swept(design: Any, **changes: Any) -> xr.Dataset:
    """Results in which an outcome is a sum of two parameters and a draw."""
    return sweep(design, **({"model": Quick, "replicates": 5, "months": 4, "progress": False} | changes))


def test_sobol_indices_are_those_of_the_formulas() -> None:
    """First-order indices of Saltelli and others (2010), total ones of Jansen (1999), from the same rows."""
    design = sobol(256, "ownership_share", "guarantee_strength", "tripwire", seed=3)
    results = swept(design)
    problem, (x, y) = to_salib_problem(design), to_salib_arrays(results, OUTCOME)
    assert to_salib_problem(results) == problem
    assert problem["names"] == ["ownership_share", "guarantee_strength", "tripwire"]
    assert problem["bounds"] == [[0, 1], [0, 1], [0, 5]]
    indices = sobol_analysis.analyze(problem, y, calc_second_order=False, seed=1)
    means = results[OUTCOME].astype(float).mean("replicate").values.reshape(256, 5)
    a, ab, b = means[:, :1], means[:, 1:4], means[:, 4:]
    centred, spread = means - means[:, [0, 4]].mean(), means[:, [0, 4]].var()
    np.testing.assert_allclose(indices["S1"], (centred[:, 4:] * (ab - a)).mean(0) / spread, atol=1e-6)
    np.testing.assert_allclose(indices["ST"], ((a - ab) ** 2).mean(0) / 2 / spread, atol=1e-6)
    np.testing.assert_allclose(indices["ST"], [0.2, 0.8, 0.0], atol=0.03)  # share + 2 strength
    assert x.shape == (1280, 3) and set(np.unique(x[:, 2])) == set(range(6)) and b.shape == (256, 1)


def test_columns_are_those_of_the_design() -> None:
    """In its order; numbers as they are, words by their index among those drawn."""
    design = latin_hypercube(40, tripwire=["H2", "H0"], advance=(5, 50), seats=(100, 200), log=["advance"], seed=1)
    results, table = swept(design), design.table()
    x, y = to_salib_arrays(results, "deal_gain_ukraine")
    np.testing.assert_array_equal(x[:, 0], [["H2", "H0"].index(word) for word in table["tripwire"]])
    np.testing.assert_array_equal(x[:, 1:], np.stack([table["advance"], table["seats"]], axis=1))
    expected = results["deal_gain"].sel(signatory="ukraine").astype(float).mean("replicate")
    np.testing.assert_array_equal(y, expected)
    problem = to_salib_problem(design)
    assert problem["dists"] == ["unif", "logunif", "unif"] and problem["bounds"] == [[0, 1], [5, 50], [100, 200]]


def test_morris_walks_give_the_slopes() -> None:
    """Elementary effects of a sum are its weights."""
    results = swept(morris(10, "ownership_share", "guarantee_strength", seed=2))
    effects = morris_analysis.analyze(to_salib_problem(results), *to_salib_arrays(results, OUTCOME))
    np.testing.assert_allclose(effects["mu_star"], [1, 2], rtol=1e-4)


def test_a_grid_goes_to_methods_for_given_data() -> None:
    """Rows stand in the order of the last axis, of a product of designs too."""
    results = swept(grid(ownership_share=9, guarantee_strength=9))
    problem, (x, y) = to_salib_problem(results), to_salib_arrays(results, OUTCOME)
    assert problem["names"] == ["ownership_share", "guarantee_strength"] and problem["bounds"] == [[0, 1], [0, 1]]
    np.testing.assert_allclose(y - y[0], x[:, 0] + 2 * x[:, 1], atol=1e-4)
    weak, strong = pawn.analyze(problem, x, y, S=4)["median"]
    assert strong > weak
    crossed = swept(latin_hypercube(3, "ownership_share", seed=1) * grid(tripwire=["H1", "H2"]))
    x, y = to_salib_arrays(crossed, OUTCOME)
    assert to_salib_problem(crossed)["names"] == ["ownership_share", "tripwire"]
    assert x[:2, 1].tolist() == [1, 2] and x[0, 0] == x[1, 0] and len(y) == 6


def test_what_salib_would_hide_is_refused() -> None:
    """A row that is not known, an outcome that is none, a design without a parameter."""
    results = swept(grid(ownership_share=4))
    holed = results.assign({OUTCOME: results[OUTCOME].where(results.ownership_share > 0.5)})
    with pytest.raises(InputError, match="not known in 2 of 4 rows"):
        to_salib_arrays(holed, OUTCOME)
    with pytest.raises(InputError, match="'prize' is no outcome"):
        to_salib_arrays(results, "prize")
    with pytest.raises(InputError, match="one parameter or more"):
        to_salib_problem(policies({"run": {}}))
