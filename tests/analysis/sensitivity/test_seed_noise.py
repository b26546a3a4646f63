"""Inputs, random draws and both together on tables of known components."""

from __future__ import annotations

import numpy as np

from experiments.analysis.sensitivity.seed_noise import variance_shares

TRUE = np.array([1.0, 0.5, 2.5]) / 4


def table(seed: int, rows: int = 300, replicates: int = 40) -> np.ndarray:
    """Worlds (1, row, replicate) whose components are TRUE."""
    random = np.random.default_rng(seed)
    parts = (random.standard_normal(size) for size in ((rows, 1), (1, replicates), (rows, replicates)))
    scaled = [np.sqrt(share) * part for share, part in zip(TRUE, parts, strict=True)]
    return np.asarray(sum(scaled[1:], scaled[0]))[None]


def test_components_are_recovered_and_covered() -> None:
    found = [variance_shares(table(seed)) for seed in range(60)]
    values = np.array([[part.value[0] for part in each[:3]] for each in found])
    np.testing.assert_allclose(values.mean(axis=0), TRUE, atol=0.015)
    np.testing.assert_allclose(values.sum(axis=1), 1)
    hits = np.array(
        [[part.low[0] < true < part.high[0] for part, true in zip(each[:3], TRUE, strict=True)] for each in found]
    )
    assert (hits.mean(axis=0) > 0.85).all()
    np.testing.assert_allclose(np.mean([each.noise[0] for each in found]), TRUE[2] / 40, rtol=0.05)


def test_one_replicate_or_unknown_worlds_say_nothing() -> None:
    holed = table(1)
    holed[0, 3, 4] = np.nan
    for worlds in (table(1, replicates=1), holed, np.ones((1, 30, 4))):
        assert all(np.isnan(part.value).all() for part in variance_shares(worlds)[:3])
