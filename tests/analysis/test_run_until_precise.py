"""Paired effects: the stopping rule stops where it should, pairing shrinks the variance, a store takes more pairs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments import scenarios, sweep
from experiments.analysis.paired_differences import paired_difference
from experiments.analysis.run_until_precise import effect_to_width, policy_effect, replicates_for
from experiments.errors import InputError

TERMS = {"base": {"guarantee_strength": 0.0}, "guarantee": {"guarantee_strength": 0.4}}


def sides(seed: int) -> Any:
    """A source of pairs whose true difference is 0.3, with a shared part four times as variable as the rest."""

    def sides_of(replicates: int) -> Any:
        random = np.random.default_rng(seed)
        shared, own = 2 * random.standard_normal(50_000), random.standard_normal((2, 50_000))
        return (shared + own[1])[:replicates], (shared + own[0] + 0.3)[:replicates]

    return sides_of


def test_the_rule_reaches_the_width_and_covers() -> None:
    hits, pairs = [], []
    for seed in range(100):
        effect, met = effect_to_width(sides(seed), 0.1, 20_000)
        assert met and effect.half_width <= 0.1
        hits.append(effect.low < 0.3 < effect.high)
        pairs.append(effect.pairs)
    assert np.mean(hits) > 0.89
    assert np.mean(pairs) == pytest.approx(1.96**2 * 2 / 0.1**2, rel=0.1)


def test_a_width_that_is_out_of_reach_is_said() -> None:
    effect, met = effect_to_width(sides(1), 0.01, 500)
    assert not met and effect.pairs == 500
    with pytest.raises(InputError, match="above 0"):
        replicates_for(np.arange(3.0), 0)
    with pytest.raises(InputError, match="known"):
        effect_to_width(lambda n: (np.full(n, np.nan), np.zeros(n)), 0.1, 500)


def test_no_pair_that_differs_is_no_certainty() -> None:
    effect, met = effect_to_width(lambda n: (np.ones(n), np.ones(n)), 0.01, 20_000, binary=True)
    assert met and 200 < effect.pairs < 1000 and effect.difference == 0 < effect.high <= 0.01


def test_pairing_shrinks_the_variance_of_the_model() -> None:
    """Worlds of two deals with the same draws differ by less than worlds of different draws."""
    results = sweep(scenarios(TERMS), replicates=300, progress=False)
    for name in ("ukraine_accepts", "china_separation_share_end", "months_of_fighting"):
        base, changed = results[name]
        effect = paired_difference(base, changed)
        assert effect.variance_ratio < 0.9, name
        shuffled = paired_difference(base, changed.roll(replicate=1))
        assert shuffled.variance_ratio > effect.variance_ratio


def test_replicates_are_added_to_a_store(tmp_path: Path) -> None:
    store, choices = tmp_path / "pair.zarr", {"months": 24, "progress": False}
    effect, met = policy_effect(scenarios(TERMS), "ukraine_accepts", 0.08, store=store, first=50, **choices)
    assert met and effect.pairs > 50
    again = sweep(scenarios(TERMS), replicates=effect.pairs, store=store, **choices)
    assert paired_difference(*again["ukraine_accepts"]) == effect
    first = sweep(scenarios(TERMS), replicates=50, **choices)
    np.testing.assert_array_equal(again["ukraine_accepts"][:, :50], first["ukraine_accepts"])
    with pytest.raises(InputError, match="two rows"):
        policy_effect(scenarios({"one": {}}), "signed", 0.1, **choices)
    with pytest.raises(InputError, match="ukraine_accepts"):
        policy_effect(scenarios(TERMS), "ukraine_accept", 0.1, **choices)
