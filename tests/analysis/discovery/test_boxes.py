"""PRIM and CART find a planted box and nothing in noise; quasi-p count points, not replicates."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import binomtest, norm

from experiments.analysis.discovery.boxes import box_intervals, independent_worlds, inside, measures
from experiments.analysis.discovery.discovery import METHODS, Choice, discover_table
from experiments.analysis.discovery.failures_by_point import points_of_table
from experiments.analysis.discovery.prim_peeling import peeled_boxes
from experiments.analysis.discovery.quasi_p_values import quasi_p, strong
from experiments.errors import SweepError
from tests.analysis.discovery import planted_tables as tables

SIDES = set(tables.LIMITS)


def agrees(box: Any, tolerance: float) -> bool:
    """Whether a box has the planted sides and no other, and their limits."""
    numbers = {side: limit for side, limit in tables.LIMITS.items() if side[1] != "one of"}
    near = all(abs(box[side] - limit) < tolerance for side, limit in numbers.items() if side in box)
    return set(box) == SIDES and near and box[("word", "one of")] == ("b", "c")


@pytest.mark.parametrize("method", METHODS)
def test_the_planted_box_of_three_ranges_and_a_category(method: str) -> None:
    columns, failed = tables.planted(10_000)
    points, truth = points_of_table(columns, failed), tables.within(columns)
    box = strong(points, Choice(method).box(points, METHODS[method](points)))
    found = measures(points, box)
    assert agrees(box, 0.02)
    assert found.coverage == pytest.approx(failed[truth].sum() / failed.sum(), abs=0.03)
    assert found.density == pytest.approx(failed[truth].mean(), abs=0.03)


@pytest.mark.parametrize("method", METHODS)
def test_the_whole_search_holds_up_on_new_points(method: str) -> None:
    found = discover_table(*tables.planted(1000, seed=3), method=method)
    assert agrees(found.box, 0.08) and not found.note and found.shuffled == (0, 99)
    assert all(each.quasi_p < 0.01 and each.seen_again > 0.7 for each in found.restrictions)
    fresh = points_of_table(*tables.planted(20_000, seed=4))
    elsewhere = measures(fresh, found.box)
    assert found.held_out is not None
    assert found.held_out.density == pytest.approx(elsewhere.density, abs=0.1)
    assert found.held_out.coverage == pytest.approx(elsewhere.coverage, abs=0.1)


@pytest.mark.parametrize("method", METHODS)
def test_a_box_without_chance_is_cut_where_the_box_is(method: str) -> None:
    columns, _ = tables.planted(4000)
    points = points_of_table(columns, tables.within(columns))
    found = measures(points, Choice(method).box(points, METHODS[method](points)))
    assert found.coverage > 0.95 and found.density > 0.95


def test_noise_gives_nothing() -> None:
    for seed in range(12):
        found = discover_table(*tables.noise(300, seed))
        assert found.note.startswith("nothing found") and found.box == {} and found.restrictions == ()
    assert "nothing found" in discover_table(*tables.noise(300, 1), method="cart").note
    assert "nothing found" in discover_table(*tables.noise(300, 2, replicates=20)).note


@pytest.mark.slow
@pytest.mark.parametrize("replicates", [1, 20])
def test_false_alarms_are_one_in_a_hundred(replicates: int) -> None:
    alarms = [bool(discover_table(*tables.noise(300, seed, replicates)).restrictions) for seed in range(100, 400)]
    assert sum(alarms) <= 8  # three are expected at most; nine or more have a chance of 0.4 %


def test_quasi_p_is_the_binomial_test_where_a_point_is_one_world() -> None:
    points = points_of_table(*tables.planted(800))
    box = {("x0", "at least"): 0.5, ("x3", "at most"): 0.5}
    for side in box:
        wide = inside({each: limit for each, limit in box.items() if each != side}, points)
        narrow = inside(box, points)
        share = points.failing[wide].mean()
        exact = binomtest(int(points.failing[narrow].sum()), int(narrow.sum()), share, alternative="greater").pvalue
        expected = exact if points.failing[narrow].mean() > share else 1
        assert quasi_p(points, box, side) == pytest.approx(expected, rel=1e-9)


def test_worlds_of_one_point_do_not_count_as_points() -> None:
    """Rows written twice, and replicates that all agree, change nothing; replicates of their own say more."""
    columns, failed = tables.planted(400, inside=0.4, outside=0.3)
    box = {("x0", "at least"): 0.3}
    (side,) = box
    single = quasi_p(points_of_table(columns, failed), box, side)
    twice = points_of_table({name: np.tile(column, 2) for name, column in columns.items()}, np.tile(failed, 2))
    alike = points_of_table(columns, np.repeat(failed[:, None], 30, axis=1))
    assert twice.rows == alike.rows == 400
    assert quasi_p(twice, box, side) == pytest.approx(single) == pytest.approx(quasi_p(alike, box, side))
    own = np.random.default_rng(1).random((400, 30)) < np.where(columns["x0"] >= 0.3, 0.4, 0.3)[:, None]
    assert quasi_p(points_of_table(columns, own), box, side) < 1e-6


def test_quasi_p_of_a_box_named_beforehand_are_no_smaller_than_they_should() -> None:
    """Points that differ for reasons of their own, twenty worlds each: one in twenty below .05 at most."""
    small, naive = [], []
    box, side = {("x0", "at least"): 0.5}, ("x0", "at least")
    for seed in range(200):
        random = np.random.default_rng(seed)
        worlds = random.random((200, 20)) < random.beta(0.6, 1.4, (200, 1))
        points = points_of_table({"x0": random.random(200), "x1": random.random(200)}, worlds)
        small.append(quasi_p(points, box, side) < 0.05)
        chosen = worlds[inside(box, points)]
        naive.append(binomtest(int(chosen.sum()), chosen.size, worlds.mean(), alternative="greater").pvalue < 0.05)
    assert np.mean(small) <= 0.05 and np.mean(naive) > 0.15


def test_intervals_hold_the_truth_where_all_points_share_draws() -> None:
    """Of a fixed box, over new points and new draws; those that only look at points do not."""
    hits, alone = [], []
    box, truth = {("x0", "at least"): 0.5}, norm.cdf(-0.5 / np.sqrt(1 + 1 + 0.25))
    for seed in range(200):
        random = np.random.default_rng(seed)
        own, draws, worlds = (random.standard_normal(size) for size in ((150, 1), (1, 30), (150, 30)))
        points = points_of_table({"x0": random.random(150)}, 0.5 * own + draws + worlds < -0.5)
        low, high = box_intervals(points, box)["density"][1:]
        hits.append(low < truth < high)
        within = inside(box, points)
        count = independent_worlds(points.failing[within], points.known[within])
        share = measures(points, box).density
        alone.append(abs(share - truth) < 1.96 * np.sqrt(share * (1 - share) / count))
    assert np.mean(hits) > 0.9 and np.mean(alone) < 0.7


def test_a_box_is_chosen_by_coverage_if_asked() -> None:
    points = points_of_table(*tables.planted(2000))
    boxes = peeled_boxes(points)
    for least in (0.3, 0.9):
        found = measures(points, Choice(coverage=least).box(points, boxes))
        assert found.coverage >= least
        others = [each for each in (measures(points, box) for box in boxes) if each.coverage >= least]
        assert found.density == max(each.density for each in others)


def test_few_values_and_many_words_are_peeled_whole() -> None:
    random = np.random.default_rng(1)
    level, word = random.integers(0, 4, 2000).astype(float), random.choice(list("uvwxyz"), 2000)
    failed = (level >= 2) & np.isin(word, ["w", "z"])
    box = Choice().box(points := points_of_table({"level": level, "word": word}, failed), peeled_boxes(points))
    assert box == {("level", "at least"): 2.0, ("word", "one of"): ("w", "z")}


def test_cart_names_the_extra_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(SweepError, match=r"subsoil\[discovery\]"):
        discover_table(*tables.planted(200), method="cart")


WORKBENCH = """
import json, warnings
warnings.simplefilter("ignore")
import numpy as np, pandas as pd
from ema_workbench.analysis import prim
from tests.analysis.discovery.planted_tables import planted
columns, failed = planted(10_000)
box = prim.Prim(pd.DataFrame(columns), failed, threshold=0.1).find_box()
path = box.peeling_trajectory.iloc[1:]
goodness = (path["density"] - failed.mean()) * np.sqrt(path["mass"] / (1 - path["mass"]))
at = int(goodness.idxmax())
limits, start = box.box_lims[at], box.box_lims[0]
names = [name for name in limits if not (limits[name] == start[name]).all()]
print(json.dumps({
    "measures": [float(path[name][at]) for name in ("mass", "coverage", "density")],
    "limits": {name: [sorted(end) if isinstance(end, set) else float(end) for end in limits[name]] for name in names},
    "quasi_p": {name: list(map(float, values)) for name, values in box._calculate_quasi_p(at, names).items()},
}))
"""
"""The box of the highest correlation on the workbench's own peeling trajectory; it warns when it is imported."""


@pytest.mark.slow
def test_prim_equals_the_ema_workbench(project: Path) -> None:
    if importlib.util.find_spec("ema_workbench") is None:
        pytest.skip("needs the extra bench")
    run = subprocess.run([sys.executable, "-c", WORKBENCH], cwd=project, capture_output=True, text=True, check=True)
    theirs = json.loads(run.stdout.strip().rpartition("\n")[2])
    points = points_of_table(*tables.planted(10_000))
    box = Choice().box(points, peeled_boxes(points))
    assert measures(points, box)[:3] == pytest.approx(theirs["measures"], abs=0.01)
    assert {name for name, _ in box} == set(theirs["limits"])
    for (name, side), limit in box.items():
        end = int(side == "at most")
        expected = theirs["limits"][name][end]
        assert list(limit) == expected if side == "one of" else limit == pytest.approx(expected, abs=0.015)
        assert np.log(quasi_p(points, box, (name, side))) == pytest.approx(
            np.log(theirs["quasi_p"][name][end]), rel=0.05
        )
