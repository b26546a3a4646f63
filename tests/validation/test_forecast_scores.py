"""Scores have known answers, and naive forecasts are what they are called."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.validation import forecast_scores as scores


def test_crps_of_a_normal_ensemble() -> None:
    """Closed form for a standard normal at 0: 2 φ(0) - 1/√π (Gneiting and Raftery 2007)."""
    ensemble = np.random.default_rng(0).standard_normal(200_000)
    exact = 2 / np.sqrt(2 * np.pi) - 1 / np.sqrt(np.pi)
    assert scores.crps(ensemble, 0.0) == pytest.approx(exact, abs=2e-3)
    assert scores.crps(np.array([2.0]), 5.0) == 3.0
    assert scores.crps(np.array([0.0, 2.0]), 1.0) == pytest.approx(0.5)


def test_autoregression_finds_a_process_without_noise() -> None:
    logs = dict(enumerate(5.0 + 3.0 * 0.7 ** np.arange(8)))
    level, slope, noise = scores.autoregression(scores.neighbours(logs))
    assert (level, slope, noise) == pytest.approx((5.0, 0.7, 0.0), abs=1e-9)
    paths = scores.autoregressive_paths((level, slope, noise), np.array([8.0]), np.zeros((1, 3)))
    assert [path[0] for path in paths] == pytest.approx([logs[1], logs[2], logs[3]])


def test_autoregression_of_a_constant_keeps_it() -> None:
    assert scores.autoregression(np.full((4, 2), 2.5)) == (2.5, 0.0, 0.0)


def test_yearly_rivals_know_what_they_may_know() -> None:
    logs = {2007: 1.0, 2008: 2.0, 2009: 3.0, 2010: 9.0, 2011: 7.0, 2012: 2.5, 2013: 2.0}
    rivals = scores.yearly_rivals(logs, range(2010, 2012), scores.normal_draws(0, 2))
    assert rivals["no change since 2009"](2011) == [3.0]
    assert rivals["base rate"](2010).tolist() == [1.0, 2.0, 3.0, 2.5, 2.0]
    assert rivals["last year's price"](2011) == [9.0]
    assert rivals["AR(1) in logs"](2011).shape == (scores.DRAWS,)
    assert 9.0 not in rivals["AR(1) in logs"](2010)


def test_skill_beside_a_perfect_rival_is_a_loss() -> None:
    row = scores.score_row("x", 2, 0.1, "no change", 0.0)
    assert row["skill"] == -np.inf and row["result"] == "WORSE"
    assert scores.score_row("x", 2, 0.1, "no change", 0.2)["skill"] == 0.5
