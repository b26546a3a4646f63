"""Sixty changes of one operator in the rules, drawn at random, of which the tests must notice nearly all."""

from __future__ import annotations

import random

import pytest

from model.rules import buyer_policy, storage
from tests.rules import mutants

DRAWN = 60
FILLER = "fills a branch that np.where throws away"
MORE = "more steps find the same digits"
BRACKET = "a wider bracket of the same root"
START = "where Newton's method begins, not where it ends"
FELT = "it is called only where a bound is felt"
GONE = "so far beyond a bound nothing is left"
ABOVE = "beyond the mean it is above 1 for every vote still to come"
EQUIVALENT = {
    "bargaining.rubinstein_share: np.where(total > 0.0, total, 1.0) -> np.where(total > 0.0, total, 2.0)": FILLER,
    "bargaining.posterior: np.where(seen, total, 1.0) -> np.where(seen, total, 2.0)": FILLER,
    "bargaining.flip_value: np.where(turns, left, 0.0) -> np.where(turns, left, 1.0)": FILLER,
    "bargaining.flip_value: np.where(turns, left - right, 1.0) -> np.where(turns, left - right, 2.0)": FILLER,
    "buyer_policy.Stockpile: np.minimum(order, 0.0) -> np.minimum(order, 1.0)": FILLER,
    "licensed_market.spatial_equilibrium: shipped < wanted - (pools.available[0] - shipped) -> "
    "shipped <= wanted - (pools.available[0] - shipped)": "a licence for just what is wanted leaves both prices alone",
    "licensed_market.spatial_equilibrium: pools.use[0] > 0 -> pools.use[0] >= 0": "who uses nothing imports nothing",
    "market.shifted_quota: np.clip(rent / np.maximum(mean, TINY) - 1.0, -1.0, 1.0) -> "
    "np.clip(rent / np.maximum(mean, TINY) - 1.0, -2.0, 1.0)": "a rent of 0 or more is never further below its mean",
    "market.shifted_quota: mean > 0 -> mean >= 0": "with no rent anywhere all shares shrink alike",
    "ratification.ratification_probability: n - first -> n + first": "steps beyond the last vote add nothing",
    "ratification.ratification_probability: initial=0 -> initial=1": "a step beyond the last vote adds nothing",
    "ratification.ratification_probability: k < n -> k <= n": "the term after the last vote has a factor n - k",
    "ratification.ratification_probability: (k < n) & (fewer > 0.0) -> (k < n) | (fewer > 0.0)": ABOVE,
    "ratification.ratification_probability: fewer > 0.0 -> fewer >= 0.0": ABOVE,
    "ratification.ratification_probability: fewer > 0.0 -> fewer > 1.0": ABOVE,
    "ratification.ratification_probability: np.where((k < n) & (fewer > 0.0), fewer, 1.0) -> "
    "np.where((k < n) & (fewer > 0.0), fewer, 2.0)": FILLER,
    "ratification.ratification_probability: np.minimum(tail, 1.0) -> np.minimum(tail, 2.0)": "only rounding exceeds 1",
    "ratification._urn_probability: initial=0 -> initial=1": "a step beyond the last seat multiplies by 1",
    "storage.: {4: 3, 8: 4} -> {4: 6, 8: 4}": MORE,
    "storage.: {4: 3, 8: 4} -> {4: 3, 8: 8}": MORE,
    "storage.: {4: 5, 8: 8} -> {4: 10, 8: 8}": MORE,
    "storage.: {4: 5, 8: 8} -> {4: 5, 8: 16}": MORE,
    "storage.: BISECTIONS = 50 -> BISECTIONS = 100": MORE,
    "storage.: -SHARPNESS * ONSET -> -SHARPNESS / ONSET": "the onset is one",
    "storage.storage_rule: np.full(e.shape, -12.0) -> np.full(e.shape, -24.0)": BRACKET,
    "storage.storage_rule: np.full(e.shape, 6.0) -> np.full(e.shape, 12.0)": BRACKET,
    "storage.storage_rule: left < 1.0 -> left <= 1.0": "either half of the bracket has the root at its end",
    "storage.near_bounds: log_price > choke - ONSET -> log_price >= choke - ONSET": "at its onset a bound adds nothing",
    "storage.near_bounds: log_price < FLOOR + ONSET -> log_price <= FLOOR + ONSET": "at its onset a bound adds nothing",
    "storage.bounded_log_price: side > 0 -> side >= 0": "the base price is far from both bounds",
    "storage.bounded_log_price: SHARPNESS * side -> SHARPNESS / side": "the side is one or minus one",
    "storage.bounded_log_price: np.maximum(side * excess(bound)[0], 1.0) -> "
    "np.maximum(side * excess(bound)[0], 2.0)": START,
    "storage.bounded_log_price: np.minimum(SHARPNESS * side * (x - bound), 12.0) -> "
    "np.minimum(SHARPNESS * side * (x - bound), 24.0)": GONE,
    "storage.bounded_log_price: left *= left > _AT_ONSET -> left /= left > _AT_ONSET": FELT,
    "storage.bounded_log_price: left > _AT_ONSET -> left >= _AT_ONSET": FELT,
    "storage.beyond: np.minimum(SHARPNESS * distance, 12.0) -> np.minimum(SHARPNESS * distance, 24.0)": GONE,
    "storage._log_sum: apart > 0 -> apart >= 0": "terms of one size have equal parts by both branches",
    "war_and_peace.until_next_war: flows[0] -> flows[1]": "only to have a list to fill",
    "war_and_peace.logistic: log_odds >= 0 -> log_odds > 0": "even odds are even by both branches",
}
"""Changes that no test could notice, and why."""


def test_equivalent_mutants_are_changes_of_the_rules() -> None:
    assert not set(EQUIVALENT) - {mutant.change for mutant in mutants.all_mutants()}


def test_what_is_written_in_classes_is_changed_too() -> None:
    for module, names in ((buyer_policy, {"floor_payment", "Stockpile.after"}), (storage, {"StorageRule.steepness"})):
        assert names <= set(mutants.functions(vars(module), module.__name__))


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_fewer_than_one_change_in_twenty_goes_unnoticed(seed: int) -> None:
    noticeable = [mutant for mutant in mutants.all_mutants() if mutant.change not in EQUIVALENT]
    alive = mutants.survivors(random.Random(seed).sample(noticeable, DRAWN))
    assert 20 * len(alive) < DRAWN, "\n".join(mutant.change for mutant in alive)
