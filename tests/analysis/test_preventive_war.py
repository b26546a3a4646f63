"""A guarantee that takes time to build opens a window for war, which the solved game and runs of the model agree on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from experiments.analysis.run_worlds import outcomes
from experiments.analysis.shares_and_survival import share_interval
from experiments.analysis.war.preventive_war import windows
from experiments.analysis.war.solved_war_game import generator, solved_cases
from experiments.analysis.war.war_game_targets import GUARANTEE_ALONE, NOTHING, american, european
from experiments.errors import InputError
from model import ParameterError, preset
from model.parameters.declaration import Value
from model.rules import war_and_peace

STRENGTHS, BUILDUPS = (0.0, 0.4, 1.0), (0.0, 12.0, 60.0, 120.0)


@pytest.fixture(scope="module")
def table() -> xr.Dataset:
    """The window at two speeds of rearming."""
    return windows(STRENGTHS, BUILDUPS, (0.02, 0.06), (1.0, 2.0, 10.0))


def test_while_it_is_unbuilt_a_guarantee_invites_war(table: xr.Dataset) -> None:
    """The rate of attacks is above that with nothing promised, the more so the stronger and the sooner it comes."""
    attack = table["attack"].sel(guarantee_buildup=slice(1, None))
    assert (attack.sel(guarantee_strength=[0.4, 1.0]) > 1).all()
    assert (attack.diff("guarantee_strength") > 0).all()
    assert (attack.sel(guarantee_strength=1.0).diff("guarantee_buildup") < 0).all()
    assert (attack.sel(guarantee_strength=1.0).diff("regrouping") > 0).all()
    assert float(attack.sel(guarantee_strength=1.0, guarantee_buildup=120, regrouping=0.06)) == pytest.approx(
        1.15, abs=0.01
    )


def test_the_window_is_open_early_and_for_slow_strong_guarantees_alone(table: xr.Dataset) -> None:
    """Within ten years every guarantee makes renewed war rarer; within one or two a slow and strong one does not."""
    renewed = table["renewed"].sel(regrouping=0.06)
    assert (renewed.sel(years=10, guarantee_strength=[0.4, 1.0]) < 1).all()
    full = renewed.sel(guarantee_strength=1.0)
    assert (full.sel(years=[1, 2], guarantee_buildup=[60, 120]) > 1).all()
    assert (full.sel(guarantee_buildup=[0, 12]).sel(years=[2, 10]) < 1).all()
    assert (full.diff("guarantee_buildup").sel(years=10) > 0).all()


def test_without_a_guarantee_there_is_no_window(table: xr.Dataset) -> None:
    none = table.sel(guarantee_strength=0.0)
    np.testing.assert_array_equal(none["renewed"], 1.0)
    np.testing.assert_array_equal(none["attack"].sel(guarantee_buildup=slice(1, None)), 1.0)


def test_a_guarantee_built_at_once_is_never_unbuilt(table: xr.Dataset) -> None:
    assert table["attack"].sel(guarantee_buildup=0).isnull().all()
    assert table["renewed"].notnull().all()


def test_a_european_guarantee_opens_a_narrower_window(table: xr.Dataset) -> None:
    """Nothing ends with a European promise that is not kept, and Europe throws in less."""
    theirs = windows(STRENGTHS, BUILDUPS, (0.02, 0.06), (10.0,), guarantor="european")
    attack = theirs["attack"].sel(european_guarantee=1.0, european_buildup=slice(1, None)).values
    assert (attack > 1).all()
    assert (attack < table["attack"].sel(guarantee_strength=1.0, guarantee_buildup=slice(1, None)).values).all()


def test_a_stake_that_pulls_its_owner_in_deters_before_the_guarantee_stands() -> None:
    """Under H2 a large stake makes an answer likelier from the first day; under H0 it does nothing."""
    open_at = {}
    for name in ("H0", "H2"):
        stake: dict[str, Value] = {"tripwire": name, "ownership_share": 0.8}
        open_at[name] = float(windows((1.0,), (60.0,), (0.06,), (2.0,), changes=stake)["renewed"].squeeze())
    assert open_at["H2"] < 1 < open_at["H0"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"start": "2008"}, "the war game is played from 2025 on"), ({"war_cost_ukraine": 7}, "war_cost_ukraine=7")],
)
def test_what_cannot_be_solved_is_refused(changes: dict[str, Value], words: str) -> None:
    with pytest.raises((InputError, ParameterError), match=words):
        windows((1.0,), (60.0,), changes=changes)
    with pytest.raises(InputError, match="years 0: needs a number above 0"):
        windows((1.0,), (60.0,), years=(0.0,))


# The chain of phases


def test_the_chain_agrees_with_the_closed_form_and_loses_only_what_attacks_take() -> None:
    """The discounted years until the next war, from the chain by a linear solve, are those of the model's rule."""
    base = preset("documented", **GUARANTEE_ALONE)
    game = solved_cases(
        base, [NOTHING, american(0.7, 30.0), european(0.5, 60.0), american(1.0) | {"european_guarantee": 1}]
    )
    moves = generator(game.clocks, game.equilibrium.attack)
    np.testing.assert_allclose(moves.sum(axis=-1), -game.equilibrium.attack.T, rtol=1e-9)
    rate = game.clocks.discount_rate
    system = rate[:, None, None] * np.eye(moves.shape[-1]) - moves
    solved = np.linalg.solve(system, np.ones((*moves.shape[:2], 1)))[..., 0].T
    ones, attack = np.ones_like(game.equilibrium.attack), game.equilibrium.attack
    clocks = game.clocks.rearming, list(game.clocks.build_up), game.clocks.settlement
    np.testing.assert_allclose(solved, war_and_peace.until_next_war(list(ones), list(attack), rate, *clocks), rtol=1e-9)


def test_a_world_without_an_equilibrium_is_unknown() -> None:
    base = preset("documented", **GUARANTEE_ALONE)
    game = solved_cases(base, [NOTHING, american(0.7)])
    attack = np.where([True, False], game.equilibrium.attack, np.nan)
    unsolved = replace(game, equilibrium=replace(game.equilibrium, attack=attack))
    assert np.isnan(unsolved.renewed(10.0)).tolist() == [False, True]


STEADY: dict[str, Value] = {
    "talks_start": 0,
    "europe_fatigue": 0.0,
    "sanctions_kept": 1.0,
    "ceasefire_hazard": 0.4,
    "prior_honoured": 20,
    "prior_broken": 40,
    "promise_months": 240,
}
"""What a run sees stays nearly as at the start (a US deal with Russia would ease sanctions); fighting soon stops."""


@pytest.mark.long
@pytest.mark.parametrize("case", [NOTHING, american(1.0), american(1.0, 60.0)], ids=["none", "at once", "slow"])
def test_runs_of_the_model_give_the_solved_chance_of_renewed_war(case: dict[str, Value]) -> None:
    parameters = preset("documented", **(GUARANTEE_ALONE | STEADY | case))
    game = solved_cases(parameters, [{}])
    run = outcomes(parameters, 3000, 144, seed=3)
    early = run["ceasefire_month"] < 24
    for years, name in ((5.0, "renewed_war_5y"), (10.0, "renewed_war_10y")):
        share = share_interval(run[name][early])
        error = np.sqrt(share.share * (1 - share.share) / share.known)
        assert share.known > 1500 and abs(share.share - game.renewed(years)[0]) < 3 * error
