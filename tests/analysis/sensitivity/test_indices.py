"""Sobol', Morris, PAWN and Shapley estimators on functions of known indices, and against SALib."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

from experiments.analysis.sensitivity.morris_effects import morris_effects
from experiments.analysis.sensitivity.pawn_indices import pawn_floor, pawn_indices
from experiments.analysis.sensitivity.shapley_effects import shapley_effects
from experiments.analysis.sensitivity.sobol_indices import sobol_indices
from experiments.designs.sampling import morris_points, saltelli_points
from experiments.errors import InputError
from tests.analysis.sensitivity import known_functions as known

THREE = {"num_vars": 3, "names": list("abc"), "bounds": [[0, 1]] * 3}


def one_world(values: Any) -> Any:
    """Outcome values (row,) or (row, outcome) as worlds (outcome, row, replicate)."""
    return np.atleast_2d(np.asarray(values).T)[..., None]


def test_sobol_of_ishigami_and_intervals() -> None:
    rows = saltelli_points(4096, 3, 1, True)
    found = sobol_indices(one_world(known.ishigami(rows)), 3, True)
    np.testing.assert_allclose(found.first.value[:, 0], known.ISHIGAMI_FIRST, atol=0.015)
    np.testing.assert_allclose(found.total.value[:, 0], known.ISHIGAMI_TOTAL, atol=0.015)
    assert found.second is not None and found.pairs == ((0, 1), (0, 2), (1, 2))
    np.testing.assert_allclose(found.second.value[:, 0], [0, 0.2437, 0], atol=0.03)
    for estimate in (found.first, found.total, found.second):
        assert (estimate.low < estimate.value).all() and (estimate.value < estimate.high).all()


def test_sobol_of_the_g_function() -> None:
    rows = saltelli_points(4096, 5, 2, False)
    found = sobol_indices(one_world(known.sobol_g(rows)), 5)
    first, total = known.sobol_g_indices()
    np.testing.assert_allclose(found.first.value[:, 0], first, atol=0.015)
    np.testing.assert_allclose(found.total.value[:, 0], total, atol=0.015)


def test_sobol_equals_salib() -> None:
    from SALib.analyze import sobol

    values = known.ishigami(saltelli_points(256, 3, 5, True))
    found, theirs = sobol_indices(one_world(values), 3, True), sobol.analyze(THREE, values, num_resamples=2, seed=1)
    assert found.second is not None
    np.testing.assert_allclose(found.first.value[:, 0], theirs["S1"], atol=1e-13)
    np.testing.assert_allclose(found.total.value[:, 0], theirs["ST"], atol=1e-13)
    np.testing.assert_allclose(found.second.value[:, 0], [theirs["S2"][pair] for pair in found.pairs], atol=1e-13)


def test_sobol_intervals_cover_the_truth() -> None:
    hits = []
    for seed in range(60):
        found = sobol_indices(one_world(known.ishigami(saltelli_points(256, 3, seed, False))), 3, resamples=300)
        hits.append((found.total.low[:, 0] < known.ISHIGAMI_TOTAL) & (found.total.high[:, 0] > known.ISHIGAMI_TOTAL))
    assert np.mean(hits) > 0.9


def test_random_draws_are_no_interactions() -> None:
    """Indices of the expected outcome, where noise of its own at each point is five times the inputs' variance."""
    rows = saltelli_points(1024, 3, 3, False)
    truth = known.ishigami(rows)
    random = np.random.default_rng(4)
    noise = np.sqrt(5 * truth.var()) * random.standard_normal((len(rows), 20))
    shared = 10 * random.standard_normal(20)
    found = sobol_indices((truth[:, None] + shared + noise)[None], 3)
    np.testing.assert_allclose(found.total.value[:, 0], known.ISHIGAMI_TOTAL, atol=0.08)
    naive = sobol_indices(one_world((truth[:, None] + shared + noise).mean(axis=1)), 3)
    assert naive.total.value[2, 0] > known.ISHIGAMI_TOTAL[2] + 0.1


def test_a_category_with_a_known_share() -> None:
    """Three words of worth 0, 0 and 3 (variance 2) beside a uniform of variance 1."""
    unit = saltelli_points(2048, 2, 1, False)
    words = np.array(["a", "b", "c"])[(3 * unit[:, 0]).astype(int)]
    number = np.sqrt(12) * (unit[:, 1] - 0.5)
    values = 3.0 * (words == "c") + number
    found = sobol_indices(one_world(values), 2)
    for index in (found.first, found.total):
        np.testing.assert_allclose(index.value[:, 0], [2 / 3, 1 / 3], atol=0.02)
    given = np.random.default_rng(2).permutation(len(values))[:4000]
    shares = shapley_effects([words[given], number[given]], values[given][:, None])
    np.testing.assert_allclose(shares.value[:, 0], [2 / 3, 1 / 3], atol=0.04)


def test_pawn_looks_at_every_category() -> None:
    """An outcome that only the last word moves: distances 1/3, 1/3, 2/3, so 1/3; only the last two words: 2/3."""
    words = np.tile(np.array(["a", "b", "c"]), 1000)
    values = np.stack([words == "c", np.select([words == "a", words == "b"], [0, 1], 2)], axis=1)
    np.testing.assert_allclose(pawn_indices([words], values).value[0], [1 / 3, 2 / 3], atol=1e-12)


def test_pawn_equals_salib() -> None:
    from SALib.analyze import pawn

    unit = np.random.default_rng(1).random((4096, 3))
    values = known.ishigami(unit)
    found = pawn_indices(list(unit.T), values[:, None])
    np.testing.assert_allclose(found.value[:, 0], pawn.analyze(THREE, unit, values, S=10)["median"], atol=0.002)
    dummy = np.random.default_rng(2).random(4096)
    assert pawn_indices([dummy], values[:, None]).value[0, 0] < pawn_floor(values[:, None])[0] < found.low.min()


def test_morris_equals_salib() -> None:
    from SALib.analyze import morris

    unit = morris_points(50, 3, 1, 4)
    values = known.ishigami(unit)
    found, theirs = morris_effects(unit, values[:, None], 4), morris.analyze(THREE, unit, values, num_levels=4)
    for mine, name in ((found.mean_absolute, "mu_star"), (found.mean, "mu"), (found.deviation, "sigma")):
        np.testing.assert_allclose(mine.value[:, 0], theirs[name].astype(float), atol=1e-12)
        assert (mine.low <= mine.value).all() and (mine.value <= mine.high).all()
    with pytest.raises(InputError, match="no Morris walks"):
        morris_effects(np.random.default_rng(1).random((8, 3)), values[:8, None], 4)


def test_shapley_of_correlated_inputs() -> None:
    inputs = known.correlated_normals(20_000, 1)
    found = shapley_effects(list(inputs.T), inputs.sum(axis=1)[:, None])
    np.testing.assert_allclose(found.value[:, 0], known.LINEAR_SHAPLEY, atol=0.015)
    grouped = shapley_effects(list(inputs.T), inputs.sum(axis=1)[:, None], groups=[[0], [1, 2]])
    np.testing.assert_allclose(grouped.value[:, 0], [1 / 9.6, 8.6 / 9.6], atol=0.015)


@pytest.mark.long
def test_shapley_of_ishigami_and_of_many_inputs() -> None:
    unit = np.random.default_rng(3).random((8192, 3))
    found = shapley_effects(list(unit.T), known.ishigami(unit)[:, None])
    np.testing.assert_allclose(found.value[:, 0], known.ISHIGAMI_SHAPLEY, atol=0.02)
    wide = np.random.default_rng(4).random((2000, 10))
    shares = shapley_effects(list(wide.T), wide[:, :2].sum(axis=1)[:, None]).value[:, 0]
    assert shares.sum() == pytest.approx(1, abs=1e-9) and (shares[:2] > 0.3).all() and (abs(shares[2:]) < 0.1).all()


def test_shapley_leaves_out_noise() -> None:
    unit = np.random.default_rng(5).random((8192, 2))
    noise = np.random.default_rng(6).standard_normal(8192) / np.sqrt(12)
    found = shapley_effects(list(unit.T), (unit.sum(axis=1) + noise)[:, None], noise=np.array([1 / 12]))
    np.testing.assert_allclose(found.value[:, 0], [1 / 3, 1 / 3], atol=0.03)


def test_what_is_unknown_or_constant_is_never_nought() -> None:
    """Beside an outcome that is known, one with a single NaN and one that never changes."""
    rows = saltelli_points(64, 3, 1, False)
    values = np.stack([known.ishigami(rows)] * 3, axis=1)
    values[7, 1], values[:, 2] = np.nan, 0.1
    walks = morris_points(80, 3, 1, 4)
    for estimate in (
        *sobol_indices(one_world(values), 3)[:2],
        pawn_indices(list(rows.T), values, resamples=5),
        shapley_effects(list(rows.T), values),
    ):
        for each in estimate:
            assert np.isfinite(each[:, 0]).all() and np.isnan(each[:, 1:]).all()
    effects = morris_effects(walks, values, 4).mean_absolute.value
    assert np.isfinite(effects[:, 0]).all() and np.isnan(effects[:, 1]).all() and not effects[:, 2].any()


@pytest.mark.slow
def test_fifty_outcomes_in_ten_seconds() -> None:
    worlds = np.random.default_rng(1).random((50, 1024 * 14, 1))
    begun = time.perf_counter()
    sobol_indices(worlds, 12, resamples=1000)
    assert time.perf_counter() - begun < 10
