"""Groups of inputs: known closed indices, SALib's rows and numbers, and what is no group."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from experiments import InputError, latin_hypercube, morris, sobol, sweep, to_salib_arrays, to_salib_problem
from experiments.analysis.sensitivity.indices_for_design import index_table
from experiments.analysis.sensitivity.morris_effects import morris_effects
from experiments.analysis.sensitivity.sobol_indices import sobol_indices
from experiments.designs.input_groups import TABLES, input_groups, table_inputs
from experiments.designs.sampling import morris_points, saltelli_points
from model.parameters.table import DECLARATIONS
from tests.analysis.sensitivity import known_functions as known
from tests.stand_ins import Quick

GROUPED: dict[str, Any] = {
    "num_vars": 3, "names": list("abc"), "bounds": [[0, 1]] * 3, "groups": ["odd", "even", "odd"],
}  # fmt: skip
ODD_EVEN = [[0, 2], [1]]
TERMS = {"terms": ["ownership_share", "guarantee_strength"]}


def test_rows_and_indices_of_groups_are_those_of_salib() -> None:
    from SALib.analyze import sobol as theirs
    from SALib.sample import sobol as sample

    for second in (False, True):
        rows = saltelli_points(64, 3, 5, second, ODD_EVEN)
        np.testing.assert_array_equal(
            rows, sample.sample(GROUPED, 64, calc_second_order=second, seed=np.random.default_rng(5))
        )
    values = known.ishigami(rows)
    found = sobol_indices(values[None, :, None], 2, True)
    expected = theirs.analyze(GROUPED, values, num_resamples=2, seed=1)
    np.testing.assert_allclose(found.first.value[:, 0], expected["S1"], atol=1e-13)
    np.testing.assert_allclose(found.total.value[:, 0], expected["ST"], atol=1e-13)


def test_closed_indices_of_ishigami() -> None:
    """The first and third input together make .558, the second alone .442, and there is nothing between the two."""
    values = known.ishigami(saltelli_points(4096, 3, 1, False, ODD_EVEN))
    found = sobol_indices(values[None, :, None], 2)
    for index in (found.first, found.total):
        np.testing.assert_allclose(index.value[:, 0], (known.ISHIGAMI_TOTAL[0], known.ISHIGAMI_TOTAL[1]), atol=0.015)


def test_of_a_sum_a_group_has_the_sum_of_its_inputs() -> None:
    weights = np.array([1.0, 2.0, 3.0, 4.0])
    shares = weights**2 / (weights**2).sum()
    values = saltelli_points(2048, 4, 2, False, [[0, 1], [2, 3]]) @ weights
    found = sobol_indices(values[None, :, None], 2)
    for index in (found.first, found.total):
        np.testing.assert_allclose(index.value[:, 0], [shares[:2].sum(), shares[2:].sum()], atol=0.01)


def test_walks_of_groups_have_salibs_effects_and_no_sign() -> None:
    from SALib.analyze import morris as theirs

    rows = morris_points(60, 3, 1, 4, ODD_EVEN)
    steps = np.abs(np.diff(rows.reshape(60, 3, 3), axis=1)) > 0
    assert ((steps == [True, False, True]).all(axis=2).sum(axis=1) == 1).all() and (steps.any(axis=1)).all()
    values = known.ishigami(rows)
    found = morris_effects(rows, values[:, None], 4, groups=ODD_EVEN)
    expected = theirs.analyze(GROUPED, rows, values, num_levels=4)
    np.testing.assert_allclose(found.mean_absolute.value[:, 0], expected["mu_star"].astype(float), atol=1e-12)
    assert np.isnan(found.mean.value[0, 0]) and np.isfinite(found.mean.value[1, 0])
    with pytest.raises(InputError, match="no Morris walks"):
        morris_effects(morris_points(60, 3, 1, 4)[: 3 * 60], values[:, None], 4, groups=ODD_EVEN)


DESIGNS = {
    "total": sobol(64, "tripwire", *TERMS["terms"], groups=TERMS),
    "mean absolute effect": morris(20, "tripwire", *TERMS["terms"], groups=TERMS),
    "Shapley": latin_hypercube(400, "tripwire", *TERMS["terms"]),
}


@pytest.mark.parametrize("index", DESIGNS)
def test_a_store_of_any_design_judges_a_group_as_one(index: str) -> None:
    """The outcome is a sum of the two inputs of the group; the third does nothing."""
    results = sweep(DESIGNS[index], model=Quick, replicates=3, months=4, progress=False)
    table = index_table(results, ("price_heavy_end",), 100, TERMS)
    main = table[table["index"] == index].set_index("input")["value"]
    assert set(main.index) == {"terms", "tripwire"} and main["tripwire"] == pytest.approx(0, abs=0.06)
    assert main["terms"] > 0.9
    with pytest.raises(InputError, match="does not vary"):
        index_table(results, ("price_heavy_end",), 100, {"other": ["seats"]})


def test_groups_of_a_design_are_fixed_and_go_to_salib() -> None:
    design = sobol(64, "tripwire", *TERMS["terms"], groups=TERMS)
    assert len(design) == 64 * 4 and design.facts()["groups"] == {"tripwire": ["tripwire"], **TERMS}
    results = sweep(design, model=Quick, replicates=3, months=4, progress=False)
    with pytest.raises(InputError, match="when it was drawn"):
        index_table(results, ("price_heavy_end",), 100, {"two": ["tripwire", "ownership_share"]})
    from SALib.analyze import sobol as theirs

    problem, (_, values) = to_salib_problem(results), to_salib_arrays(results, "price_heavy_end")
    assert problem["groups"] == ["tripwire", "terms", "terms"]
    expected = theirs.analyze(problem, values, calc_second_order=False, num_resamples=2, seed=1)["ST"]
    table = index_table(results, ("price_heavy_end",), 100)
    found = table[table["index"] == "total"]
    np.testing.assert_allclose(found["value"], expected, atol=1e-5)
    assert found["input"].tolist() == ["tripwire", "terms"]


def test_the_tables_of_the_model_are_groups() -> None:
    assert sum(len(table_inputs(name)) for name in TABLES) == len(DECLARATIONS)
    assert set(table_inputs("war", "D")) < set(table_inputs("war"))
    with pytest.raises(InputError, match="market, war, deal"):
        table_inputs("wars")


@pytest.mark.parametrize(
    ("groups", "words"),
    [
        ({"a": []}, "has no inputs"),
        ({"a": ["x", "z"]}, "z does not vary"),
        ({"a": ["x"], "b": ["x"]}, "in group a already"),
        ({"x": ["y"]}, "not in it"),
    ],
)
def test_what_is_no_group_is_refused(groups: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        input_groups(["x", "y"], groups)
