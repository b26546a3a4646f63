"""What users met: levels, numbers, policies and calendars of designs; what is not known in a store; more replicates."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from experiments import (
    Design,
    StoreError,
    describe,
    export,
    from_table,
    grid,
    latin_hypercube,
    open_results,
    policies,
    scenarios,
    sobol,
    sweep,
)
from experiments.store.store import Store
from model import ParameterError, Parameters
from tests.stand_ins import Quick

pytestmark = pytest.mark.cases

QUICK: dict[str, Any] = {"replicates": 6, "months": 5, "block_worlds": 12, "progress": False, "model": Quick}
DESIGN = grid(ownership_share=[0.8, 0.2, 0.5], guarantee_strength=[0.0, 0.4])


# Order and duplicates


def test_levels_and_axes_keep_the_order_in_which_they_are_typed() -> None:
    results = sweep(grid(guarantee_strength=[0.4, 0], ownership_share=(1, 0, 3), tripwire=["H2", "H0"]), **QUICK)
    assert results.signed.dims[:3] == ("guarantee_strength", "ownership_share", "tripwire")
    assert results.ownership_share.values.tolist() == [1, 0.5, 0]
    assert results.tripwire.values.tolist() == ["H2", "H0"]
    ascending = sweep(grid(guarantee_strength=[0, 0.4], ownership_share=(0, 1, 3), tripwire=["H0", "H2"]), **QUICK)
    xr.testing.assert_equal(results.sortby(list(ascending.signed.dims[:3])).signed, ascending.signed)


TWICE: dict[str, tuple[Callable[[], Design], str]] = {
    "listed": (lambda: grid(ownership_share=[0.5, 0.5]), r"ownership_share: the level 0\.5 is given twice"),
    "not beside each other": (lambda: grid(ownership_share=[0.1, 0.5, 0.1]), r"the level 0\.1 is given twice"),
    "a range without width": (lambda: grid(ownership_share=(0, 0, 5)), r"the level 0\.0 is given twice"),
    "the same decimal": (lambda: grid(ownership_share=[0.3, 0.1 * 3]), r"the level 0\.3 is given twice"),
    "words": (lambda: grid(tripwire=["H0", "H2", "H0"]), "tripwire: the level H0 is given twice"),
    "numbers and text": (lambda: grid(ownership_share=["0.5", 0.5]), r"the level 0\.5 is given twice"),
    "whole numbers": (lambda: grid(talks_start=[3, 3.0]), r"talks_start: the level 3.* is given twice"),
    "words of a sample": (lambda: latin_hypercube(4, tripwire=["H2", "H2"]), "the level H2 is given twice"),
}


@pytest.mark.parametrize("case", TWICE)
def test_a_level_given_twice_is_refused_by_name(case: str) -> None:
    make, message = TWICE[case]
    with pytest.raises(ParameterError, match=message):
        make()


def test_columns_of_a_sample_stand_in_the_order_typed() -> None:
    names = {"ownership_share": None, "recognised_aid": (0, 500), "support_at_stake": None}
    assert list(sobol(4, **names).columns) == list(names)  # type: ignore[arg-type]
    assert list(latin_hypercube(4, "settlement_value", **names).columns) == ["settlement_value", *names]  # type: ignore[arg-type]


# Numbers as decimals


def test_levels_are_the_decimals_one_writes() -> None:
    tenths = [round(0.1 * level, 1) for level in range(11)]
    for given in (11, (0, 1, 11), np.linspace(0, 1, 11), np.arange(11) * 0.1, np.linspace(0, 1, 11, dtype=np.float32)):
        levels = sweep(grid(ownership_share=given), **QUICK).ownership_share
        assert levels.values.tolist() == tenths and levels.sel(ownership_share=0.3) == 0.3
    assert grid(rare_earth_cost_share=(1e-6, 1e-2, 5), log=["rare_earth_cost_share"]).table()[
        "rare_earth_cost_share"
    ].tolist() == [1e-6, 1e-5, 1e-4, 1e-3, 1e-2]
    assert grid(intervention_cost=[20, 1 / 3 * 1e3]).table()["intervention_cost"].tolist() == [20, 333.333333333]


@pytest.mark.parametrize("seven", [7, np.int64(7), np.uint8(7), np.array(7)])
def test_whole_numbers_of_any_type_count_points(seven: Any) -> None:
    wanted = [0, 20, 40, 60, 80, 100, 120]
    assert grid(guarantee_buildup=seven).table()["guarantee_buildup"].tolist() == wanted
    assert len(grid(ownership_share=(0, 1, np.int64(7)))) == len(grid(ownership_share=(0, 1, 7.0))) == 7


def test_numbers_as_text_are_numbers() -> None:
    for design in (
        grid(ownership_share=["0.2", "0.3"]),
        from_table({"ownership_share": ["0.2", "0.3"]}),
        from_table(pd.DataFrame({"ownership_share": ["0.2", " 0.3 "]})),
        policies({"a": {"ownership_share": "0.2"}, "b": {"ownership_share": "0.3"}}),
        grid(ownership_share=("0.2", "0.3", 2)),
    ):
        column = design.table()["ownership_share"]
        assert column.dtype == np.float64 and column.tolist() == [0.2, 0.3]
    assert Parameters(ownership_share="0.3") == Parameters(ownership_share=0.3)
    with pytest.raises(ParameterError, match="ownership_share='much': needs a number"):
        grid(ownership_share=[0.1, "much"])


@pytest.mark.parametrize("year", [2008, "2008", 2008.0, "2008.0", np.int64(2008), np.array([2008, 2008])])
def test_a_year_is_a_word_however_it_is_written(year: Any) -> None:
    assert np.all(np.asarray(Parameters(start=year).start) == "2008")


def test_a_year_of_a_sweep_is_known_to_its_results() -> None:
    for year in (2008, 2008.0, "2008"):
        results = sweep(DESIGN.with_base(start=year), record=["tension"], **QUICK)
        assert results.attrs["start"] == 2008 and str(results.month.values[0])[:7] == "2008-01"


OTHERS: dict[str, tuple[Design, str]] = {
    "a level": (grid(ownership_share=[0.8, 0.3, 0.5], guarantee_strength=[0, 0.4]), r"ownership_share .* 0\.3 only he"),
    "one level more": (grid(ownership_share=[0.8, 0.2, 0.5], guarantee_strength=[0, 0.4, 1]), r"strength .*1\.0 only"),
    "one level less": (grid(ownership_share=[0.8, 0.2], guarantee_strength=[0, 0.4]), r"share .* 0\.5 only th"),
    "order of levels": (grid(ownership_share=[0.2, 0.8, 0.5], guarantee_strength=[0, 0.4]), r"0\.8 there and 0\.2 h"),
    "order of axes": (grid(guarantee_strength=[0, 0.4], ownership_share=[0.8, 0.2, 0.5]), "the axes are owner"),
    "an axis": (DESIGN * grid(tripwire=["H0", "H2"]), "tripwire is a column of the design only here"),
    "its shape": (from_table(DESIGN.table()), "the axes are .*_share × guarantee_strength there and design here"),
}  # fmt: skip


@pytest.mark.parametrize("case", OTHERS)
def test_a_store_of_another_design_is_refused_by_parameter_and_level(case: str, tmp_path: Path) -> None:
    sweep(DESIGN, store=tmp_path / "a.zarr", **QUICK)
    design, message = OTHERS[case]
    with pytest.raises(StoreError, match=message) as refusal:
        sweep(design, store=tmp_path / "a.zarr", **QUICK)
    assert "\n" not in str(refusal.value)


def test_rows_of_tables_that_differ_are_named(tmp_path: Path) -> None:
    table = {"ownership_share": [0.1, 0.2, 0.3], "policy": ["a", "b", "c"]}
    sweep(from_table(table), store=tmp_path / "a.zarr", **QUICK)
    for changed, message in (
        ({"policy": ["a", "x", "c"]}, "policy of design has the value x only here"),
        (
            {"ownership_share": [0.1, 0.3, 0.2]},
            r"ownership_share of design has 0\.2 there and 0\.3 here as its value 1",
        ),
    ):
        with pytest.raises(StoreError, match=message):
            sweep(from_table(table | changed), store=tmp_path / "a.zarr", **QUICK)


# Presets and calendars


@pytest.mark.parametrize("named", [policies, scenarios])
def test_a_policy_over_a_preset_has_its_values_where_it_says_nothing(named: Callable[..., Design]) -> None:
    cases = {"as it is": {}, "less": {"recognised_aid": 100}, "word": {"tripwire": "H2"}}
    for design, chosen in (
        (named(cases), {"preset": "as_reported"}),
        (named(cases, preset="as_reported"), {}),
        (named(cases).with_base("as_reported"), {}),
        (named(cases) * grid(guarantee_strength=[0, 0.4]), {"preset": "as_reported"}),
    ):
        results = sweep(design, **QUICK, **chosen)
        assert results.recognised_aid.values.tolist() == [500, 100, 500]
        assert results.tripwire.values.tolist() == ["H0", "H0", "H2"]
    assert sweep(named(cases), **QUICK).recognised_aid.values.tolist() == [0, 100, 0]


STARTS: dict[str, Callable[[], Design]] = {
    "grid": lambda: grid(start=[2008, 2025]),
    "all": lambda: grid(start="all"),
    "one": lambda: grid(start=2008),
    "table": lambda: from_table({"start": [2008, 2025]}),
    "policies": lambda: policies({"a": {"start": 2008}, "b": {}}),
    "sample": lambda: latin_hypercube(4, "start", "ownership_share"),
}


@pytest.mark.parametrize("kind", STARTS)
def test_the_start_is_no_axis(kind: str) -> None:
    with pytest.raises(ParameterError, match="start is no axis, since a sweep has one calendar") as refusal:
        STARTS[kind]()
    assert "\n" not in str(refusal.value)


# What is not known in a store


@pytest.fixture
def finished(tmp_path: Path) -> Path:
    """A finished store of six rows in three blocks."""
    sweep(DESIGN, store=tmp_path / "a.zarr", record=["tension"], **QUICK)
    return tmp_path / "a.zarr"


@pytest.fixture
def unfinished(finished: Path) -> Path:
    """The same, but block 1 was never computed."""
    store = Store(finished)
    store.forget([1])
    for name in store.fields:
        (finished / store.chunk_key(name, store.blocks[1])).unlink()
    return finished


SAID = "2 of 3 blocks are done; the same sweep goes on with the rest, which is unknown until then"


def test_every_reader_of_an_unfinished_store_says_so(unfinished: Path, tmp_path: Path) -> None:
    readers: list[Callable[[], Any]] = [
        lambda: open_results(unfinished),
        lambda: describe(unfinished),
        lambda: export(unfinished, tmp_path / "a.csv"),
    ]
    for read in readers:
        with pytest.warns(UserWarning, match=SAID) as said:
            read()
        assert len(said) == 1
    with pytest.warns(UserWarning, match=rf"12 of 36 rows in .*b\.csv are unknown: {SAID}"):
        assert export(unfinished, tmp_path / "b.csv", ["signed"]) == 36
    assert pd.read_csv(tmp_path / "b.csv").signed.isna().sum() == 12


COORDINATES: dict[str, Callable[[Path], Any]] = {
    "removed": shutil.rmtree,
    "chunk removed": lambda folder: (folder / "c.0").unlink(),
    "cut short": lambda folder: (folder / "c.0").write_bytes((folder / "c.0").read_bytes()[:3]),
    "emptied": lambda folder: (folder / "c.0").write_bytes(b""),
    "flipped": lambda folder: (folder / "c.0").write_bytes(bytes([b ^ 1 for b in (folder / "c.0").read_bytes()])),
    "swapped": lambda folder: shutil.copy(folder.parent / "guarantee_strength" / "c.0", folder / "c.0"),
    "its description": lambda folder: (folder / "zarr.json").write_text("{}"),
}


@pytest.mark.parametrize("name", ["ownership_share", "month"])
@pytest.mark.parametrize("how", COORDINATES)
def test_a_damaged_coordinate_is_named_and_mended_by_the_same_sweep(
    finished: Path, how: str, name: str, tmp_path: Path
) -> None:
    before = open_results(finished).load()
    COORDINATES[how](finished / name)
    with pytest.raises(StoreError, match=rf"coordinate {name} of .* is damaged or lost; the same sweep mends it"):
        open_results(finished)
    with pytest.raises(StoreError, match=f"coordinate {name}"):
        export(finished, tmp_path / "a.csv")
    assert not (tmp_path / "a.csv").exists()
    with pytest.warns(UserWarning, match="3 of 3 blocks"):
        assert describe(finished).facts["damaged"] == [name]
    log = (finished / "ledger" / "log").read_text()
    sweep(DESIGN, store=finished, record=["tension"], **QUICK)
    assert (finished / "ledger" / "log").read_text() == log, "nothing is computed again"
    xr.testing.assert_identical(open_results(finished).load(), before)


BLOCKS: dict[str, Callable[[Path], Any]] = {
    "removed": lambda folder: (folder / "c.1.0").unlink(),
    "another's": lambda folder: shutil.copy(folder / "c.0.0", folder / "c.1.0"),
    "cut short": lambda folder: (folder / "c.1.0").write_bytes((folder / "c.1.0").read_bytes()[:10]),
    "emptied": lambda folder: (folder / "c.1.0").write_bytes(b""),
    "the whole variable": shutil.rmtree,
}


@pytest.mark.parametrize("how", BLOCKS)
def test_a_damaged_block_is_named_by_every_reader_and_mended(finished: Path, how: str, tmp_path: Path) -> None:
    before = open_results(finished).load()
    BLOCKS[how](finished / "signed")
    for read in (open_results, lambda store: export(store, tmp_path / "a.csv")):
        with pytest.raises(StoreError, match=r"block [01] .* is damaged or lost; the same sweep mends it"):
            read(finished)
    assert not list(tmp_path.glob("a.csv*"))
    with pytest.warns(UserWarning, match="blocks are done"):
        assert "block 1" in describe(finished).facts["damaged"]
    sweep(DESIGN, store=finished, record=["tension"], **QUICK)
    xr.testing.assert_identical(open_results(finished).load(), before)


def test_other_readers_see_words_under_the_numbers_of_the_table(tmp_path: Path) -> None:
    sweep(grid(tripwire=["H2", "H0"], ownership_share=[0.5]), store=tmp_path / "c.zarr", **QUICK)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        plain = xr.open_zarr(tmp_path / "c.zarr")
    assert plain.tripwire.values.tolist() == [2, 0] and plain.tripwire.attrs["high"] == 5
    assert plain.tripwire.attrs["flag_meanings"].split()[2] == "H2"
    assert open_results(tmp_path / "c.zarr").tripwire.values.tolist() == ["H2", "H0"]


# More replicates


@pytest.mark.parametrize("block_worlds", [4, 5, 6, 12, 1000])
@pytest.mark.parametrize("record", ["outcomes", "tension"])
def test_more_replicates_are_computed_on_top_of_those_that_are_there(
    tmp_path: Path, block_worlds: int, record: str
) -> None:
    choices = QUICK | {"block_worlds": block_worlds, "record": record if record == "outcomes" else [record]}
    store = tmp_path / "a.zarr"
    sweep(DESIGN, store=store, **choices)
    kept = {path: path.read_bytes() for path in store.rglob("c.*") if path.is_file()}
    log = store / "ledger" / "log"
    computed = log.read_text().count('"done"')
    for replicates in (12, 17):
        results = sweep(DESIGN, store=store, **(choices | {"replicates": replicates}))
        fresh = sweep(DESIGN, **(choices | {"replicates": replicates}))
        for name in fresh.data_vars:
            np.testing.assert_array_equal(results[name].values, fresh[name].values)
        assert results.attrs["replicates"] == replicates == results.sizes["replicate"] and results.attrs["complete"]
    whole = 6 % Store(store).blocks.block_replicates == 0
    if whole:
        assert all(path.read_bytes() == content for path, content in kept.items())
        assert log.read_text().count('"done"') - computed <= 2 * (len(Store(store).blocks) - computed)
    with xr.open_zarr(store) as plain:
        assert plain.sizes["replicate"] == 17 and bool(np.isfinite(plain.signed.values).all())
    with pytest.raises(StoreError, match="replicates is 17 there and 6 here"):
        sweep(DESIGN, store=store, **choices)


def test_more_replicates_of_an_unfinished_sweep(unfinished: Path) -> None:
    results = sweep(DESIGN, store=unfinished, record=["tension"], **(QUICK | {"replicates": 9}))
    fresh = sweep(DESIGN, record=["tension"], **(QUICK | {"replicates": 9}))
    for name in fresh.data_vars:
        np.testing.assert_array_equal(results[name].values, fresh[name].values)


def test_quantiles_of_all_replicates_cannot_grow(tmp_path: Path) -> None:
    sweep(DESIGN, store=tmp_path / "a.zarr", record="summaries", **QUICK)
    with pytest.raises(StoreError, match="replicates is 6 there and 9 here"):
        sweep(DESIGN, store=tmp_path / "a.zarr", record="summaries", **(QUICK | {"replicates": 9}))
