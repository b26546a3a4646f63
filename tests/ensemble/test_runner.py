"""Sweeps: the same numbers however they are computed, failures that stay where they are, clear refusals."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from multiprocessing import forkserver
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import pytest
import xarray as xr

from experiments import (
    DryRun,
    InputError,
    StoreError,
    SweepError,
    failures,
    from_table,
    grid,
    latin_hypercube,
    open_results,
    plan,
    sweep,
)
from experiments.ensemble.pools import TRIMMING, gives_memory_back
from experiments.store.store import Store
from model import GeopoliticalEconomy, Parameters
from tests import stand_ins
from tests.sweeps import lines

pytestmark = pytest.mark.long

DESIGN = grid(ownership_share=3, guarantee_strength=[0.0, 0.4])
REAL: dict[str, Any] = {"replicates": 4, "months": 8, "progress": False}
QUICK: dict[str, Any] = {"replicates": 6, "months": 5, "block_worlds": 12, "progress": False}


@pytest.fixture(scope="module")
def undisturbed() -> xr.Dataset:
    """Six rows of four worlds of the real model, in one block, with their paths."""
    return sweep(DESIGN, record="trajectories", **REAL)


@pytest.mark.parametrize("block_worlds", [1, 7])
def test_bits_do_not_depend_on_the_block(undisturbed: xr.Dataset, block_worlds: int) -> None:
    xr.testing.assert_equal(sweep(DESIGN, record="trajectories", block_worlds=block_worlds, **REAL), undisturbed)


def test_bits_do_not_depend_on_the_number_of_processes(undisturbed: xr.Dataset, tmp_path: Path) -> None:
    two = sweep(DESIGN, record="trajectories", processes=2, block_worlds=8, store=tmp_path / "a.zarr", **REAL)
    xr.testing.assert_equal(two.load(), undisturbed)


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_bits_do_not_depend_on_a_cluster_and_its_workers_keep_their_memory(
    undisturbed: xr.Dataset, tmp_path: Path
) -> None:
    """Those that are started here do so by themselves; of others a warning says how, or nothing if they do."""
    distributed = pytest.importorskip("distributed")
    options: dict[str, Any] = {"record": "trajectories", "block_worlds": 8} | REAL
    sizes: dict[str, Any] = {"n_workers": 1, "threads_per_worker": 1, "dashboard_address": None}
    with mock.patch.dict(os.environ):  # Dask leaves in ours what it sets for its workers
        os.environ.pop(TRIMMING, None)
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            xr.testing.assert_equal(sweep(DESIGN, workers=2, **options), undisturbed)
        assert not any(TRIMMING in str(each.message) for each in said) and TRIMMING not in os.environ
        with (
            distributed.LocalCluster(**sizes) as cluster,
            pytest.warns(UserWarning, match=f"1 of 1 .*{TRIMMING} to null"),
        ):
            there = sweep(DESIGN, scheduler=cluster.scheduler_address, store=tmp_path / "a.zarr", **options)
            xr.testing.assert_equal(there.load(), undisturbed)


@pytest.mark.parametrize(
    ("threshold", "trims"), [("65536", True), (None, False), ("1073741824", False), ("", False), ("0", True)]
)
def test_a_small_threshold_is_one_that_costs_speed(threshold: str | None, trims: bool) -> None:
    assert gives_memory_back(threshold) is trims


@pytest.mark.parametrize("precision", ["single", "double"])
def test_a_row_is_the_model_run_by_hand_and_rows_share_random_numbers(undisturbed: xr.Dataset, precision: str) -> None:
    terms = Parameters(ownership_share=0.5, guarantee_strength=0.4)
    alone = GeopoliticalEconomy(terms, worlds=4, months=8, rng=0, precision=precision).run()
    swept = undisturbed
    if precision == "double":
        swept = sweep(DESIGN, record="trajectories", precision=precision, **REAL)
    row = swept.sel(ownership_share=0.5, guarantee_strength=0.4)
    for name in swept.data_vars:
        np.testing.assert_array_equal(row[name].values, alone[name].values, err_msg=str(name))


def test_replicates_of_one_row_can_be_cut(undisturbed: xr.Dataset) -> None:
    many = sweep(grid(ownership_share=[0.5]), replicates=7, months=8, block_worlds=3, progress=False)
    few = undisturbed.sel(ownership_share=[0.5], guarantee_strength=0.0)
    np.testing.assert_array_equal(many.signed[:, :4], few.signed)


def test_any_order_of_blocks_gives_the_same(tmp_path: Path) -> None:
    options = QUICK | {"model": stand_ins.Quick}
    first = sweep(DESIGN, store=tmp_path / "a.zarr", **options).load()
    store = Store(tmp_path / "a.zarr")
    for order in ([2], [0, 1], [1]):
        store.forget(order)
        # The store's own blocks stand, whatever size is asked for now.
        again = sweep(DESIGN, store=tmp_path / "a.zarr", **(options | {"block_worlds": 7}))
        xr.testing.assert_identical(again.drop_attrs(), first.drop_attrs())


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "months": ({"months": -1}, "months=-1: needs a whole number from 1"),
    "seed": ({"seed": -1}, "seed=-1: needs a whole number from 0"),
    "replicates": ({"replicates": 0}, "replicates=0"),
    "half a world": ({"replicates": 1.5}, "replicates=1.5"),
    "preset": ({"preset": "dokumented"}, "dokumented"),
    "record": ({"record": "everything"}, "record='everything': allowed outcomes, summaries, trajectories"),
    "variable": ({"record": ["tensoin"]}, "did you mean 'tension'"),
    "processes": ({"processes": 0}, "processes=0"),
    "block": ({"block_worlds": 0}, "block_worlds=0"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_before_anything_runs(case: str, tmp_path: Path) -> None:
    options, message = REFUSED[case]
    with pytest.raises(ValueError, match=message):
        sweep(DESIGN, store=tmp_path / "a.zarr", **options)
    assert not (tmp_path / "a.zarr").exists()


def test_only_designs_are_swept() -> None:
    with pytest.raises(InputError, match="needs a design, such as grid"):
        sweep({"ownership_share": 3})  # type: ignore[arg-type]


def test_a_row_that_fails_is_listed_and_the_others_go_on(tmp_path: Path) -> None:
    good = sweep(DESIGN, model=stand_ins.Quick, **QUICK)
    options = QUICK | {"model": stand_ins.FailsAtHalf, "store": tmp_path / "a.zarr", "block_worlds": 100}
    with pytest.warns(UserWarning, match="1 of 1 blocks have rows that failed"):
        results = sweep(DESIGN, **options)
    assert results.attrs["rows_failed"] == 2 and results.attrs["complete"] == 0
    assert np.isnan(results.sel(ownership_share=0.5).signed).all()
    for share in (0.0, 1.0):
        np.testing.assert_array_equal(results.sel(ownership_share=share).signed, good.sel(ownership_share=share).signed)
    rows = failures(tmp_path / "a.zarr")
    assert [row["parameters"]["ownership_share"] for row in rows] == [0.5, 0.5]
    assert rows[0]["error"] == "ZeroDivisionError: no world at one half"
    assert "in simulate" in rows[0]["traceback"] and rows[0]["row"] == 2


def test_corners_are_tried_first(tmp_path: Path) -> None:
    with pytest.raises(SweepError, match="every corner of the design fails: ArithmeticError: no world at all"):
        sweep(DESIGN, model=stand_ins.FailsAlways, store=tmp_path / "a.zarr", **QUICK)
    assert not lines(tmp_path / "a.zarr", "begin")
    design = grid(ownership_share=[0.5, 1.0])
    with pytest.warns(UserWarning) as said:
        sweep(design, model=stand_ins.FailsAtHalf, **QUICK)
    assert "1 of 2 corners of the design fail, row 0 with ZeroDivisionError" in str(said[0].message)


@pytest.mark.parametrize("processes", [1, 2])
def test_a_sweep_that_fails_everywhere_stops_at_once(tmp_path: Path, processes: int) -> None:
    design = from_table({"ownership_share": np.linspace(0, 1, 200)})
    options = QUICK | {"block_worlds": 6, "model": stand_ins.FailsLater, "processes": processes}
    with pytest.raises(SweepError, match="every block fails the same way: ArithmeticError: no world with"):
        sweep(design, store=tmp_path / "a.zarr", **options)
    store = Store(tmp_path / "a.zarr")
    assert not store.progress().done and len(lines(tmp_path / "a.zarr", "begin")) <= 6
    rows = failures(tmp_path / "a.zarr")
    assert rows[0]["parameters"]["ownership_share"] == 0.0 and "Traceback" in rows[0]["traceback"]


@pytest.mark.slow
def test_a_block_that_kills_its_worker_becomes_a_failure(tmp_path: Path) -> None:
    options = QUICK | {"model": stand_ins.DiesAtHalf, "processes": 2, "store": tmp_path / "a.zarr"}
    with pytest.warns(UserWarning, match="1 of 3 blocks"):
        results = sweep(DESIGN, **options)
    assert np.isnan(results.sel(ownership_share=0.5).signed).all()
    assert not np.isnan(results.sel(ownership_share=[0.0, 1.0]).signed).any()


def test_progress_counts_worlds(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    options = QUICK | {"model": stand_ins.Quick, "progress": lambda done, total: seen.append((done, total))}
    sweep(DESIGN, store=tmp_path / "a.zarr", **options)
    assert seen == [(12, 36), (24, 36), (36, 36)]
    Store(tmp_path / "a.zarr").forget([1])
    sweep(DESIGN, store=tmp_path / "a.zarr", **options)
    assert seen[3:] == [(36, 36)]


def test_a_dry_run_tells_and_writes_nothing(tmp_path: Path) -> None:
    options: dict[str, Any] = {"replicates": 6, "months": 5, "block_worlds": 12, "model": stand_ins.Quick}
    expected = plan(DESIGN, store=tmp_path / "a.zarr", processes=2, **options)
    assert isinstance(expected, DryRun) and expected.worlds == 36 and expected.blocks == 3
    assert expected.bytes > 0 and expected.seconds > 0 and "36 worlds in 3 blocks" in str(expected)
    told = sweep(DESIGN, store=tmp_path / "a.zarr", dry_run=True, **options)
    assert told.attrs["worlds"] == 36 and not told.data_vars and not (tmp_path / "a.zarr").exists()
    sweep(DESIGN, store=tmp_path / "a.zarr", progress=False, **options)
    assert plan(DESIGN, store=tmp_path / "a.zarr", **options).blocks_done == 3


def test_workers_find_our_code_wherever_the_run_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not the working folder's module of the same name, which the run would not import either."""
    (tmp_path / "model.py").write_text("raise RuntimeError('this is not the model')")
    monkeypatch.chdir(tmp_path)
    forkserver._forkserver._stop()  # a server that runs has imported already
    results = sweep(DESIGN, model=stand_ins.Quick, processes=2, **QUICK)
    assert results.attrs["complete"] == 1


def test_workers_with_other_code_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("experiments.ensemble.provenance.code_hash", lambda model: "0123456789abcdef")
    with pytest.raises(StoreError, match=r"code version is 0123456789abcdef in the run and .* in the worker on"):
        sweep(DESIGN, model=stand_ins.Quick, processes=2, store=tmp_path / "a.zarr", **QUICK)
    assert not Store(tmp_path / "a.zarr").progress().done


def test_a_missing_scheduler_is_one_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("experiments.ensemble.pools.CONNECT_SECONDS", 1)
    with pytest.raises(SweepError, match="no Dask scheduler answers at"):
        sweep(DESIGN, scheduler="tcp://127.0.0.1:1", model=stand_ins.Quick, **QUICK)


@pytest.mark.slow
@pytest.mark.parametrize("how", ["script", "console"])
def test_scripts_without_a_guard_and_consoles_use_processes(tmp_path: Path, project: Path, how: str) -> None:
    script = (
        "from experiments import grid, sweep\n"
        "r = sweep(grid(ownership_share=2), replicates=2, months=2, block_worlds=2, processes=2)\n"
        "print('complete', r.attrs['complete'], r.signed.shape)\n"
    )
    (tmp_path / "unguarded.py").write_text(script)
    arguments = [str(tmp_path / "unguarded.py")] if how == "script" else ["-c", script]
    run = subprocess.run(
        [sys.executable, *arguments], cwd=tmp_path, capture_output=True, text=True, env=_path(project), check=True
    )
    assert run.stdout.count("complete 1 (2, 2)") == 1, run.stderr


def _path(project: Path) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(project)}


@pytest.mark.slow
def test_memory_does_not_grow_with_the_number_of_worlds(tmp_path: Path, project: Path) -> None:
    script = (
        "import resource, sys\n"
        "from experiments import latin_hypercube, sweep\n"
        "design = latin_hypercube(int(sys.argv[1]), 'ownership_share')\n"
        "options = dict(replicates=64, months=3, block_worlds=512, progress=False)\n"
        "sweep(design, store=sys.argv[2], **options)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    )
    peaks = []
    for rows in (16, 400):
        command = [sys.executable, "-c", script, str(rows), str(tmp_path / f"{rows}.zarr")]
        run = subprocess.run(command, capture_output=True, text=True, check=True, env=_path(project))
        peaks.append(int(run.stdout))
    assert peaks[1] < peaks[0] + 30_000, "kilobytes: a block of 512 worlds is some 10,000 of them"


def test_results_of_a_sample_have_its_parameters_as_coordinates() -> None:
    results = sweep(latin_hypercube(5, "ownership_share", "tripwire"), model=stand_ins.Quick, **QUICK)
    assert results.signed.dims == ("design", "replicate")
    assert results.ownership_share.dims == results.tripwire.dims == ("design",)
    assert set(results.tripwire.values) <= {"H0", "H1", "H2", "H3", "H4", "H5"}
    with pytest.raises(Exception, match="not a store"):
        open_results("nowhere.zarr")
