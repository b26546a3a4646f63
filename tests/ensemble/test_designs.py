"""Designs: what rows they have, that rows can be had by index, and what they refuse."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from SALib.analyze import morris as morris_analysis
from SALib.analyze import sobol as sobol_analysis
from SALib.sample import sobol as sobol_sample

from experiments import Design, from_table, grid, latin_hypercube, morris, policies, scenarios, sobol
from experiments.designs.design import MOST_ROWS
from experiments.designs.sampling import morris_points, saltelli_points
from model import ParameterError
from model.parameters import preset


def test_grid_spans_the_declared_range_by_count_range_or_list() -> None:
    design = grid(ownership_share=5, guarantee_strength=(0.2, 0.4, 3), tripwire=["H0", "H2"])
    assert design.dims == {"ownership_share": 5, "guarantee_strength": 3, "tripwire": 2}
    rows = design.table()
    assert rows["ownership_share"][:: 3 * 2].tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert rows["guarantee_strength"][: 3 * 2 : 2] == pytest.approx([0.2, 0.3, 0.4])
    assert rows["tripwire"][:3].tolist() == ["H0", "H2", "H0"]
    assert len(design) == len(rows["tripwire"]) == 30


def test_grid_by_equal_ratios_whole_numbers_and_all_choices() -> None:
    assert grid(choice_precision=(0.1, 10, 3), log=["choice_precision"]).table()["choice_precision"] == pytest.approx(
        [0.1, 1, 10]
    )
    assert grid(talks_months=(1, 9, 3)).table()["talks_months"].tolist() == [1, 5, 9]
    assert len(grid(tripwire="all")) == 6
    assert grid(ownership_share=[0.5]).dims == {"ownership_share": 1}


REFUSED: dict[str, tuple[Callable[[], Design], str]] = {
    "misspelt": (lambda: grid(ownership_shar=3), "did you mean 'ownership_share'"),
    "out of range": (lambda: grid(ownership_share=[0.5, 1.5]), "ownership_share=1.5: allowed 0 to 1"),
    "no words counted": (lambda: grid(tripwire=3), "needs a list of H0, H1"),
    "no such word": (lambda: grid(tripwire=["H0", "H9"]), "tripwire='H9'"),
    "too many whole numbers": (lambda: grid(talks_start=60), "no 60 whole numbers"),
    "ratios from zero": (lambda: grid(ownership_share=3, log=["ownership_share"]), "above 0"),
    "nan in a row": (lambda: from_table({"ownership_share": [0.1, float("nan")]}), "row 1: has no ownership_share"),
    "word that is none": (lambda: from_table({"tripwire": ["H0", "H9"]}), "row 1: tripwire='H9'"),
    "value in a scenario": (lambda: scenarios({"a": {}, "b": {"seats": -1}}), "scenario b: seats=-1: allowed"),
    "late row": (
        lambda: from_table({"ownership_share": [*[0.1] * 70_000, -3]}),
        "row 70000: ownership_share=-3: allowed",
    ),
    "unknown column": (lambda: from_table({"share": [0.1]}), "unknown column 'share'"),
    "no rows": (lambda: from_table({"ownership_share": []}), "no rows"),
    "ragged": (
        lambda: from_table({"ownership_share": [0.1], "discount_rate": [0.1, 0.2]}),
        "differ in length",
    ),
    "word for a number": (lambda: from_table({"ownership_share": ["much"]}), "row 0: .*needs a number"),
    "no power of two": (lambda: sobol(100, "discount_rate"), "power of two such as 128"),
    "odd levels": (lambda: morris(4, "discount_rate", levels=3), "even number of levels"),
    "no points": (lambda: latin_hypercube(0, "discount_rate"), "n=0: needs a whole number from 1"),
    "nothing to sample": (lambda: latin_hypercube(8), "at least one parameter"),
    "range turned": (lambda: latin_hypercube(8, discount_rate=(0.2, 0.1)), "cannot sample from 0.2 to 0.1"),
    "twice": (lambda: grid(discount_rate=2) * grid(discount_rate=3), "given twice"),
    "columns differ": (lambda: grid(discount_rate=2) + grid(ownership_share=2), "same columns"),
    "lengths differ": (lambda: grid(discount_rate=2).zip(grid(ownership_share=3)), "2 and 3 rows"),
    "presets differ": (
        lambda: grid(discount_rate=2).with_base("documented") * grid(ownership_share=2).with_base("as_reported"),
        "different presets",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_refused_in_one_line(case: str) -> None:
    make, message = REFUSED[case]
    with pytest.raises(ValueError, match=message) as refusal:
        make()
    assert "\n" not in str(refusal.value)


def combinations() -> list[Design]:
    """Designs of every kind and combination, of a few hundred rows at most."""
    few, sample = grid(ownership_share=3, tripwire=["H0", "H1"]), latin_hypercube(7, "discount_rate", seed=3)
    talks = scenarios({"calm": {"renewal_hazard": 0.05}, "poor": {"recognised_aid": 300}})
    return [
        few,
        sample,
        sobol(4, "discount_rate", "leverage_value"),
        sobol(4, "discount_rate", "leverage_value", second_order=True),
        morris(5, "discount_rate", "leverage_value", talks_months=(1, 9)),
        few * sample,
        talks * few,
        sample * morris(2, "leverage_value"),
        few + few + grid(tripwire="all", ownership_share=[0.3]),
        few.zip(latin_hypercube(6, "discount_rate")),
        policies({"low": {"ownership_share": 0.1}, "high": {"ownership_share": 0.9}}) * talks * sample,
    ]


@given(st.sampled_from(range(11)), st.integers(0, 10**6), st.integers(1, 50))
def test_rows_by_index_are_the_rows_of_the_table(which: int, start: int, count: int) -> None:
    design = combinations()[which]
    start %= len(design)
    table, rows = design.table(), design.at(np.arange(start, min(start + count, len(design))))
    for name, column in table.items():
        np.testing.assert_array_equal(rows[name], column[start : start + count])
        assert len(column) == len(design) == np.prod(list(design.dims.values()))


def test_rows_of_a_vast_grid_take_no_memory() -> None:
    design = grid(ownership_share=5000, discount_rate=5000)
    tracemalloc.start()
    rows = design.at(np.arange(len(design) - 1000, len(design)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(design) == 25_000_000 and len(rows["discount_rate"]) == 1000 and peak < 2**20


VAST: dict[str, Callable[[], Design]] = {
    "levels": lambda: grid(ownership_share=10**9),
    "grid": lambda: grid(ownership_share=10**4, discount_rate=10**5),
    "latin hypercube": lambda: latin_hypercube(10**9, "discount_rate"),
    "sobol": lambda: sobol(2**25, "discount_rate"),
    "morris": lambda: morris(10**8, "discount_rate"),
    "product": lambda: grid(ownership_share=10**4) * latin_hypercube(10**4, "discount_rate"),
}


@pytest.mark.parametrize("kind", VAST)
def test_more_rows_than_memory_holds_are_refused_before_it_is_used(kind: str) -> None:
    tracemalloc.start()
    with pytest.raises(ParameterError, match=f"rows is too large: at most {MOST_ROWS:,}"):
        VAST[kind]()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * 2**20


def test_latin_hypercube_has_one_point_in_each_slice() -> None:
    rows = latin_hypercube(512, "ownership_share", "recognised_aid", seed=1).table()
    for column, high in ((rows["ownership_share"], 1), (rows["recognised_aid"], 1000)):
        assert np.array_equal(np.sort(np.floor(column / high * 512)), np.arange(512))
    assert abs(np.corrcoef(rows["ownership_share"], rows["recognised_aid"])[0, 1]) < 0.15


def test_samples_of_words_whole_numbers_and_ratios() -> None:
    rows = latin_hypercube(
        600, "tripwire", "talks_start", choice_precision=(0.1, 10), log=["choice_precision"], seed=2
    ).table()
    assert np.unique(rows["tripwire"], return_counts=True)[1].tolist() == [100] * 6
    assert np.unique(rows["talks_start"], return_counts=True)[1].tolist() == [24] * 25
    assert np.mean(rows["choice_precision"] < 1) == pytest.approx(0.5, abs=0.005)


def test_another_seed_is_another_sample() -> None:
    one, two, again = (latin_hypercube(64, "discount_rate", seed=seed) for seed in (0, 1, 0))
    assert one.digest() == again.digest() != two.digest()
    assert sobol(8, "discount_rate", seed=0).digest() != sobol(8, "discount_rate", seed=1).digest()
    assert morris(8, "discount_rate", seed=0).digest() != morris(8, "discount_rate", seed=1).digest()


PROBLEM = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0, 1]] * 3}


@pytest.mark.parametrize("second_order", [True, False])
def test_sobol_rows_are_those_of_salib(second_order: bool) -> None:
    theirs = sobol_sample.sample(PROBLEM, 64, calc_second_order=second_order, seed=np.random.default_rng(5))
    np.testing.assert_array_equal(saltelli_points(64, 3, 5, second_order), theirs)


def test_sobol_indices_of_ishigami_come_out() -> None:
    x = (saltelli_points(1024, 3, 0, True) * 2 - 1) * np.pi
    y = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    found = sobol_analysis.analyze(PROBLEM, y, calc_second_order=True, seed=1)
    assert np.asarray(found["S1"]) == pytest.approx([0.314, 0.442, 0.0], abs=0.03)
    assert np.asarray(found["ST"]) == pytest.approx([0.558, 0.442, 0.244], abs=0.03)


@pytest.mark.parametrize("levels", [4, 8])
def test_morris_finds_the_slopes_of_a_plane(levels: int) -> None:
    x = morris_points(20, 3, 1, levels)
    found = morris_analysis.analyze(PROBLEM, x, x @ [1.0, -2.0, 3.0], num_levels=levels, seed=1)
    assert np.asarray(found["mu"]) == pytest.approx([1, -2, 3])
    assert np.asarray(found["sigma"]) == pytest.approx([0, 0, 0], abs=1e-9)
    assert set(np.round(np.unique(x) * (levels - 1), 9)) == set(range(levels))


def test_products_keep_dimensions_and_samples_flatten() -> None:
    crossed = grid(ownership_share=3) * latin_hypercube(4, "discount_rate")
    assert crossed.dims == {"ownership_share": 3, "design": 4}
    assert (crossed * latin_hypercube(2, "leverage_value")).dims == {"design": 24}


def test_tables_from_file_frame_and_mapping_agree(tmp_path: Path) -> None:
    frame = pd.DataFrame({"ownership_share": [0.1, 0.9], "tripwire": ["H0", "H2"], "scenario": ["a", "b"]})
    frame.to_csv(tmp_path / "rows.csv", index=False)
    mapping = {name: list(frame[name]) for name in frame}
    designs = [from_table(frame), from_table(tmp_path / "rows.csv"), from_table(mapping)]
    assert len({design.digest() for design in designs}) == 1
    assert designs[0].table()["scenario"].tolist() == ["a", "b"]
    (tmp_path / "rows.csv").write_text("Scenario;Ownership share;tripwire\n# mine\na;0,1;H0\nb;0,9;H2\n")
    with pytest.warns(UserWarning, match=r"rows.csv: 1 row of comment left out \(line 2\)"):
        assert from_table(tmp_path / "rows.csv").table().keys() == designs[0].table().keys()


def test_scenarios_fill_in_from_their_preset() -> None:
    said = scenarios({"as is": {}, "poor": {"recognised_aid": 300}, "open": {"discount_rate": 0.05}})
    rows = said.filled(vars(preset("documented"))).table()
    assert rows["scenario"].tolist() == ["as is", "poor", "open"]
    assert rows["recognised_aid"][1] == 300 and rows["recognised_aid"][0] == rows["recognised_aid"][2]


def test_base_is_shared_and_contradictions_are_refused() -> None:
    design = grid(ownership_share=2).with_base("documented", tripwire="H2", discount_rate=0.05)
    assert design.base.preset == "documented"
    assert design.with_base(discount_rate=0.07).base.changes == {"tripwire": "H2", "discount_rate": 0.07}
    other = grid(guarantee_strength=2).with_base(tripwire="H3")
    with pytest.raises(ParameterError, match="tripwire is H2 in one design, H3"):
        _ = design * other
    with pytest.raises(ParameterError, match="given twice"):
        design.with_base(ownership_share=0.5)


def test_corners_are_the_ends_of_every_axis() -> None:
    rows = grid(ownership_share=5, guarantee_strength=4)
    assert rows.corners().tolist() == [0, 3, 16, 19]
    sample = latin_hypercube(50, "discount_rate", "ownership_share")
    tried = sample.at(sample.corners())
    for name, column in sample.table().items():
        assert {column.min(), column.max()} <= set(tried[name])
    assert len(grid(ownership_share=2, discount_rate=2, leverage_value=2, seats=2, quota=2).corners()) <= 16
