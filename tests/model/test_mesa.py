"""Mesa's own tools on this model: batch runs with fresh seeds, its collector, copies, one-line refusals."""

from __future__ import annotations

import importlib.metadata
import pickle
import warnings

import mesa
import numpy as np
import pytest

from model import GeopoliticalEconomy, ParameterError, Parameters
from model.record.variables import OUTCOMES, TRAJECTORIES

MESA = importlib.metadata.version("mesa")


def test_iterations_of_a_batch_run_are_independent_runs() -> None:
    """No seed is a fresh one, which the table keeps, beside every outcome."""
    batch_run = pytest.importorskip("mesa.batchrunner").batch_run
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Mesa 3.5 would rather be given a list of seeds
        rows = batch_run(GeopoliticalEconomy, {"months": 2}, iterations=6, display_progress=False)
    assert len(rows) == len({row["seed"] for row in rows}) == len({row["price_heavy_end"] for row in rows}) == 6
    columns = {column for outcome in OUTCOMES.values() for column in outcome.columns}
    assert columns | set(TRAJECTORIES) <= set(rows[0])
    again = GeopoliticalEconomy(months=2, rng=rows[3]["seed"])
    again.simulate()
    assert again.outcomes()["price_heavy_end"][0] == np.float32(rows[3]["price_heavy_end"])


def test_no_seed_is_a_fresh_one() -> None:
    """Also said as `rng=None`, which is how Mesa 3.5 asks for iterations of its own."""
    seeds = {GeopoliticalEconomy(months=1, **given).seed for given in ({}, {"rng": None}) for _ in range(3)}
    assert len(seeds) == 6


def test_the_collector_keeps_the_outcomes_of_the_run() -> None:
    model = GeopoliticalEconomy(months=3, rng=4)
    model.simulate()
    last = model.datacollector.get_model_vars_dataframe().iloc[-1]
    for name, values in model.outcomes().items():
        for column, index in OUTCOMES[name].columns.items():
            np.testing.assert_array_equal(np.float32(last[column]), values[*index, 0], err_msg=column)


def test_many_worlds_have_no_collector_and_say_what_to_do() -> None:
    with pytest.raises(AttributeError, match=r"one number a step, not 3: use worlds=1, or run\(\)"):
        _ = GeopoliticalEconomy(worlds=3, months=1, rng=0).datacollector


@pytest.mark.parametrize("worlds", [1, 3])
def test_a_model_is_pickled_in_the_middle_and_goes_on_to_the_same_bits(worlds: int) -> None:
    model = GeopoliticalEconomy(worlds=worlds, months=30, rng=0)
    for _ in range(14):
        model.step()
    copy = pickle.loads(pickle.dumps(model))
    model.simulate()
    copy.simulate()
    for name, values in model.outcomes().items():
        np.testing.assert_array_equal(values, copy.outcomes()[name], err_msg=name)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"parameters": {"ownership_share": 0.3}}, "parameters: needs Parameters"),
        ({"worlds": 2, "replicates": np.array([0.7, 1.2])}, "replicates: needs one whole number of 0 or more"),
        ({"rng": 0.5}, "rng=0.5: needs a whole number"),
    ],
)
def test_what_is_no_argument_is_refused_in_one_line(arguments: dict[str, object], words: str) -> None:
    with pytest.raises(ParameterError) as caught:
        GeopoliticalEconomy(**arguments)  # type: ignore[arg-type]
    assert words in str(caught.value) and "\n" not in str(caught.value)


def test_parameters_are_equal_when_their_values_are() -> None:
    shares = np.array([0.1, 0.2])
    assert Parameters(ownership_share=shares) == Parameters(ownership_share=shares.copy())
    assert Parameters(seats=401) == Parameters(seats=401.0)
    assert hash(Parameters(seats=401)) == hash(Parameters(seats=401.0))
    assert Parameters() != Parameters(ownership_share=0.4)
    assert Parameters() != 3


def test_model_and_countries_say_what_they_are() -> None:
    model = GeopoliticalEconomy(worlds=1500, months=24, rng=0)
    assert repr(model) == "<GeopoliticalEconomy: 1,500 worlds, month 0 of 24 from 2025>"
    assert repr(model.ukraine).startswith("<ukraine: mean utility")
    assert {repr(agent) for agent in model.agents} == {repr(country) for country in model.cast}


@pytest.mark.skipif(not MESA.startswith("4."), reason="for Mesa 4, whose batch_run is gone")
def test_a_world_steps_under_mesa_4() -> None:
    model = GeopoliticalEconomy(months=3, rng=0)
    assert isinstance(model, mesa.Model)
    model.simulate()
    assert np.isfinite(model.outcomes()["price_heavy_end"]).all()
