"""What moves what: the matrix, the levers, the worths, and the zone's shifts are those of the model."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from experiments.analysis import run_worlds
from experiments.analysis.deal.standard_texts import TEXTS
from experiments.analysis.deal.texts_in_changed_worlds import levers
from experiments.analysis.deal.worth_of_parts import reversals, worths
from experiments.analysis.deal.zone_shifts import SHIFTING, zone_shifts
from experiments.analysis.parameter_outcome_matrix import COLUMNS, MODES, SECTIONS, coupling, groups, why_empty
from experiments.errors import InputError
from model.parameters.presets import preset
from model.parameters.table import DECLARATIONS

pytestmark = pytest.mark.long


def test_every_parameter_that_is_no_mode_is_moved_in_one_group() -> None:
    listed = [name for names in groups().values() for name in names]
    assert sorted([*listed, *MODES]) == sorted(DECLARATIONS)
    assert set(SECTIONS) <= set(DECLARATIONS)


@pytest.fixture(scope="module")
def matrix() -> xr.Dataset:
    return coupling(replicates=4, months=12)


def test_the_guarantee_moves_worths_and_answers_and_no_price(matrix: xr.Dataset) -> None:
    cell = matrix.sel(group="guarantee")
    assert float(cell.effect.sel(outcome="worth_ukraine")) > 5
    assert float(cell.effect.sel(outcome="signs_united_states")) == 1
    assert bool(cell.empty.sel(outcome="price"))
    assert "mines next to nothing" in str(cell.reason.sel(outcome="price").values)


def test_no_mineral_moves_the_war(matrix: xr.Dataset) -> None:
    for group in ("market", "investment", "geology", "China"):
        assert float(matrix.effect.sel(group=group, outcome="fighting")) == 0
        assert "holds minerals" in why_empty(group, "fighting")


def test_an_effect_is_what_two_runs_of_the_model_differ_by(matrix: xr.Dataset) -> None:
    name = str(matrix.parameter.sel(group="resources", outcome="worth_ukraine").values)
    declared, same = DECLARATIONS[name], np.arange(4)
    gains = [
        run_worlds.outcomes(preset("documented", **{**TEXTS["February"], name: end}), 4, 2, 0, same)["deal_gain"][0]
        for end in (declared.low, declared.high)
    ]
    found = float(matrix.effect.sel(group="resources", outcome="worth_ukraine"))
    assert found == pytest.approx(abs(float(np.mean(gains[1] - gains[0]))), rel=1e-6)


def test_a_matrix_of_one_world_is_refused() -> None:
    with pytest.raises(InputError, match="replicates=1"):
        coupling(replicates=1)
    assert {"signed", "peace"} <= set(COLUMNS)


def test_runs_without_talks_are_refused() -> None:
    for ask in (worths, reversals, zone_shifts, lambda name: coupling(name, replicates=2)):
        with pytest.raises(InputError, match="begins in 2008 has no talks"):
            ask("quota_crisis_2010")


def test_levers_move_worths_by_their_honest_size() -> None:
    moved = levers(replicates=200)
    plain = moved.sel(lever="as documented")

    def shift(lever: str, text: str) -> float:
        return float((moved.worth.sel(lever=lever) - plain.worth).sel(text=text, signatory="ukraine"))

    reported = "as reported: Ukraine mines 5 % of the world"
    assert 0.3 <= -shift(reported, "February") <= 0.8
    assert 0.15 <= -shift(reported, "own offer") <= 0.4
    assert shift("all resource revenue half as large again", "February") <= -1.5
    answers = abs(moved.signs.sel(lever="rare-earth prices doubled") - plain.signs)
    assert float(answers.max()) < 0.01
    assert shift("base rate of renewed war doubled", "own offer") > 1


def test_security_dwarfs_minerals_and_the_command_says_what_reverses_it() -> None:
    worth = {(row["what"], row["to"]): row["worth"] for row in worths()}
    values = list(worth.values())
    assert 10 <= values[0] <= 14
    assert -14 <= values[1] <= -10
    assert 5.5 <= worth["all resource revenue of today", "Ukraine"] <= 5.7
    assert 0.005 <= worth["rare earths, as documented", "Ukraine"] <= 0.02
    assert 0.67 <= worth["rare earths, as reported (5 % of the world)", "Ukraine"] <= 1.57
    table = reversals()
    assert np.isnan(table.turn.sel(parameter="price_level"))
    turning = table.turn.sel(parameter="full_intervention")
    assert 0.05 < float(turning) < 0.41
    at = table.sel(parameter="full_intervention")
    gap = np.interp(float(turning), at.value, (at.guarantee - at.resources).values)
    assert abs(gap) < 0.05


def test_the_zone_shrinks_with_political_costs_and_vanishes_without_a_worth_of_signing() -> None:
    rows = {row["assumption"]: row for row in zone_shifts()}
    assert set(rows) == set(SHIFTING)
    costs = rows["sovereignty_per_ownership"]
    assert costs["zone_low"] > costs["zone_now"] > costs["zone_high"]
    assert rows["settlement_value"]["zone_low"] < 0.01


def test_a_costlier_war_moves_the_bargain_by_a_jump_with_the_whole_share_in_it() -> None:
    """Nash's point on the map: next to nothing is promised until war costs enough, then much, for all revenue."""
    share, guarantee = (each.ravel() for each in np.meshgrid(*[np.linspace(0.0, 1.0, 21)] * 2))
    points = []
    for cost in (0.2, 0.31, 0.4, 0.5):
        plane = {"ownership_share": share, "guarantee_strength": guarantee, "war_cost_ukraine": cost}
        parameters = preset("documented", talks="fixed", guarantee_buildup=0, **plane)
        gains = run_worlds.outcomes(parameters, share.size, 2, 0, np.zeros(share.size, dtype=int))["deal_gain"]
        product = np.where((gains > 0).all(axis=0), gains[0] * gains[1], -np.inf)
        points.append((share[product.argmax()], guarantee[product.argmax()]))
    assert max(strength for _, strength in points[:2]) <= 0.1
    assert min(strength for _, strength in points[2:]) >= 0.4
    assert {portion for portion, _ in points[2:]} == {1.0}
