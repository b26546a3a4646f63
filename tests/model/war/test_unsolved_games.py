"""A world whose war game has no equilibrium that is found is never returned as numbers, and someone says so."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments import failures, grid, sweep
from model import GeopoliticalEconomy, Parameters
from model.record.recorder import UNSOLVED
from model.states.war_game import Equilibrium, Game
from model.war_game import war_outlook
from model.war_game.equilibrium import solve

HOPELESS = 0.123
"""Discount rate of the worlds whose games are not solved here."""
RATES = np.array([0.10, HOPELESS, 0.10])
MODES = ("fixed", "bargained", "scripted", "imposed", "none")


@pytest.fixture(params=["every game", "games in which something is promised"])
def some_unsolved(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """No game of a world of that discount rate is solved, or none in which an American guarantee is built up."""

    def solved(game: Game, *near: Any) -> Equilibrium:
        hopeless = np.isclose(game.discount_rate, HOPELESS, rtol=1e-6)
        if request.param != "every game":
            hopeless = hopeless & (game.build_up > 0).any(axis=0)
        # Where it is not known when Russia attacks at the base rate, no pass comes to an end.
        return solve(replace(game, reference=np.where(hopeless, np.nan, game.reference)), *near)

    monkeypatch.setattr(war_outlook, "solve", solved)


def simulated(talks: str, **options: Any) -> GeopoliticalEconomy:
    """A run of three worlds, of which the middle one is hopeless where a guarantee is talked about."""
    parameters = Parameters(talks=talks, discount_rate=RATES, guarantee_strength=0.3)
    model = GeopoliticalEconomy(parameters, worlds=3, months=10, rng=0, replicates=np.zeros(3, dtype=int), **options)
    with np.errstate(invalid="ignore"):
        model.simulate()
    return model


@pytest.mark.long
@pytest.mark.usefixtures("some_unsolved")
@pytest.mark.parametrize("talks", MODES[:4])
def test_nothing_is_recorded_of_a_world_without_an_equilibrium(talks: str) -> None:
    """Not its peace, its answers or its prices, in no month; and its neighbours do not notice."""
    model = simulated(talks)
    for name, values in (model.outcomes() | model.trajectories()).items():
        assert np.isnan(values[..., 1]).all(), name
        np.testing.assert_array_equal(values[..., 0], values[..., 2], err_msg=name)
    assert (model.outcomes()["welfare_china"][[0, 2]] != 0).all()


@pytest.mark.usefixtures("some_unsolved")
def test_a_run_says_in_one_line_how_many_worlds_are_unknown() -> None:
    model = simulated("imposed")
    with pytest.warns(UserWarning, match=f"^1 of 3 worlds are unknown .nan.: {UNSOLVED}$") as said:
        record = model.run()
    assert len(said) == 1 and said[0].filename == __file__
    assert np.isnan(record["signed"].values[1]) and np.isfinite(record["signed"].values[[0, 2]]).all()


@pytest.mark.usefixtures("some_unsolved")
def test_mesas_collector_gets_no_numbers_either() -> None:
    model = GeopoliticalEconomy(talks="imposed", discount_rate=HOPELESS, guarantee_strength=0.3, months=4, rng=0)
    model.simulate()
    last = model.datacollector.get_model_vars_dataframe().iloc[-1]
    assert last.drop("seed").isna().all()


@pytest.mark.usefixtures("some_unsolved")
def test_a_sweep_counts_it_as_a_row_that_failed(tmp_path: Path) -> None:
    design = grid(discount_rate=RATES[:2].tolist(), guarantee_strength=[0.3, 0.4]).with_base(talks="imposed")
    with pytest.warns(UserWarning, match=f"have rows that failed and are NaN, the first by RangeError: {UNSOLVED}"):
        results = sweep(design, replicates=2, months=4, store=tmp_path / "a.zarr", progress=False)
    assert results.attrs["rows_failed"] == 2 and results.attrs["complete"] == 1
    unknown = results["peace_holds"].isnull().all("replicate").values
    np.testing.assert_array_equal(unknown, [[False] * 2, [True] * 2])
    listed = failures(tmp_path / "a.zarr")
    assert {each["parameters"]["discount_rate"] for each in listed} == {HOPELESS}
    assert {each["error"] for each in listed} == {f"RangeError: {UNSOLVED}"}


def test_worlds_with_an_equilibrium_are_all_known() -> None:
    for talks in MODES:
        model = simulated(talks, record="outcomes")
        assert model.outlook.solved.all()
        assert np.isfinite(model.outcomes()["peace_holds"]).all()
