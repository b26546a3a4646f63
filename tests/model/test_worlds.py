"""A world does not notice its neighbours, the order of countries, or the size of its block."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import GeopoliticalEconomy, Parameters
from model.agents.country_classes import CAST
from model.parameters.table import DECLARATIONS

MONTHS = 60


def draws(worlds: int, seed: int = 0) -> dict[str, np.ndarray]:
    """Every parameter drawn from the middle of its range, one value per world."""
    rng = np.random.default_rng(seed)
    values: dict[str, np.ndarray] = {}
    for name, declared in DECLARATIONS.items():
        if name == "start":
            continue  # one for all worlds of a run
        if declared.choices:
            values[name] = rng.choice(declared.choices, worlds)
        else:
            reach = 0.25 * (declared.high - declared.low)
            low, high = (
                max(declared.low, float(declared.default) - reach),
                min(declared.high, float(declared.default) + reach),
            )
            values[name] = rng.uniform(low, high, worlds)
            if declared.integer:
                values[name] = np.round(values[name])
    return values


def run(values: dict[str, np.ndarray], chosen: np.ndarray, **options: object) -> dict[str, np.ndarray]:
    """Outcomes and monthly variables of the chosen worlds of a design."""
    model = GeopoliticalEconomy(
        Parameters(**{name: column[chosen] for name, column in values.items()}),
        worlds=len(chosen),
        months=MONTHS,
        rng=5,
        replicates=chosen,
        **options,  # type: ignore[arg-type]
    )
    model.simulate()
    record = model.outcomes() | model.trajectories()
    model.close()
    return record


WORLDS = 23
VALUES = draws(WORLDS, seed=1)
VALUES["european_guarantee"][::2] = 0.0  # the war game has more phases where some world has one
TOGETHER = run(VALUES, np.arange(WORLDS))


def test_the_design_makes_things_happen() -> None:
    """Otherwise the tests below would prove little: every event of the model occurs in these worlds."""
    assert TOGETHER["signed"].any()
    assert TOGETHER["ratified"].any()
    assert not TOGETHER["ratified"].all()
    assert (TOGETHER["renewals"] > 0).any()
    assert (TOGETHER["peace_holds"] > 0).any()
    assert (TOGETHER["restricted_months"] > 0).any()
    assert (TOGETHER["breakdowns"] > 0).any()
    assert (TOGETHER["peak_wedge_heavy"] > 0).any()
    assert TOGETHER["deal_with_russia"].any()
    assert (np.diff(TOGETHER["mined_world"], axis=0) > 0).any()


@pytest.mark.long
@settings(max_examples=8)
@given(st.lists(st.integers(0, WORLDS - 1), min_size=1, max_size=WORLDS, unique=True))
def test_any_subset_in_any_order_gives_the_same_bits(chosen: list[int]) -> None:
    apart = run(VALUES, np.array(chosen))
    for name, together in TOGETHER.items():
        np.testing.assert_array_equal(apart[name], together[..., chosen], err_msg=name)


@pytest.mark.parametrize("world", [0, 7, 22])
def test_a_world_alone_gives_the_same_bits(world: int) -> None:
    alone = run(VALUES, np.array([world]))
    for name, together in TOGETHER.items():
        np.testing.assert_array_equal(alone[name], together[..., [world]], err_msg=name)


@pytest.mark.parametrize("precision", ["single", "double"])
def test_a_world_does_not_notice_that_another_has_one_more_guarantor(precision: str) -> None:
    """Its game has more phases then; what it expects is the same to the last bit, not only what it records."""

    def expected(european: list[float], tripwires: list[str]) -> tuple[np.ndarray, ...]:
        model = GeopoliticalEconomy(
            Parameters(talks="imposed", guarantee_strength=0.5, european_guarantee=np.array(european)),
            worlds=len(european),
            months=30,
            rng=1,
            precision=precision,
            tripwire=np.array(tripwires),
        )
        model.simulate()
        model.close()
        outlook = model.outlook
        return outlook.hazard, outlook.war_years, outlook.equilibrium.wants, outlook.equilibrium.value

    alone = expected([0.0] * 20, ["H0", "H2"] * 10)
    for own, others in zip(alone, expected([0.0] * 20 + [0.6, 0.3], ["H0", "H2"] * 10 + ["H4", "H5"]), strict=True):
        np.testing.assert_array_equal(own, others[..., :20])


def test_reversing_the_countries_changes_nothing() -> None:
    reversed_cast = run(VALUES, np.arange(WORLDS), cast=CAST[::-1])
    for name, together in TOGETHER.items():
        np.testing.assert_array_equal(reversed_cast[name], together, err_msg=name)


def test_a_longer_run_keeps_the_earlier_months() -> None:
    values = {name: column[:4] for name, column in VALUES.items()}
    short, long = (
        GeopoliticalEconomy(Parameters(**values), worlds=4, months=months, rng=5, replicates=np.arange(4))
        for months in (24, 36)
    )
    short.simulate()
    long.simulate()
    for name, path in short.trajectories().items():
        np.testing.assert_array_equal(path, long.trajectories()[name][:24], err_msg=name)


def test_two_policies_share_their_random_numbers() -> None:
    """What a policy does not touch is the same in both worlds of a replicate."""
    shares = np.repeat([0.0, 1.0], 6)
    replicates = np.tile(np.arange(6), 2)
    model = GeopoliticalEconomy(
        Parameters(ownership_share=shares, china_policy="open", support_at_stake=0),
        worlds=12,
        months=24,
        replicates=replicates,
        rng=0,
    )
    model.simulate()
    prices = model.trajectories()["price_magnet_china"]
    np.testing.assert_array_equal(prices[:, :6], prices[:, 6:])
    assert len(np.unique(prices[-1, :6])) == 6


def test_seeds_differ_and_zero_is_a_seed() -> None:
    first, again, other = (
        GeopoliticalEconomy(worlds=3, months=12, rng=seed).run()["price_magnet_china"].values for seed in (0, 0, 1)
    )
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()
