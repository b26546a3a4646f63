"""Numbers that leave their range, runs that are too large, options as they were typed, and signals."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments import (
    export,
    failures,
    from_table,
    grid,
    open_results,
    sweep,
)
from experiments.cli.app import main
from experiments.ensemble.spec import SweepSpec
from experiments.ensemble.worker import out_of_range
from experiments.store.store import Store
from model.parameters.table import DECLARATIONS
from tests.stand_ins import LeavesItsRange, Quick
from tests.sweeps import wait_for

pytestmark = [pytest.mark.cases, pytest.mark.long]

QUICK: dict[str, Any] = {"replicates": 6, "months": 5, "block_worlds": 12, "progress": False, "model": Quick}
DESIGN = grid(ownership_share=[0.8, 0.2, 0.5], guarantee_strength=[0.0, 0.4])


# Numbers that leave their range


def test_rows_whose_numbers_leave_their_range_are_failed_rows_and_not_averaged(tmp_path: Path) -> None:
    choices = QUICK | {"model": LeavesItsRange, "store": tmp_path / "a.zarr"}
    with pytest.warns(UserWarning, match=r"1 of 3 blocks have rows that failed.*price_magnet_end is inf") as said:
        results = sweep(DESIGN, **choices)
    assert [each.category for each in said] == [UserWarning], "no raw warnings of NumPy's"
    assert results.attrs["rows_failed"] == 2 and results.attrs["complete"] == 1
    assert results.signed.isnull().all("replicate").values.tolist() == [[False] * 2, [False] * 2, [True] * 2]
    assert not np.isinf(results.price_magnet_end).any()
    listed = failures(tmp_path / "a.zarr")
    assert [each["row"] for each in listed] == [4, 5] and listed[0]["parameters"]["ownership_share"] == 0.5
    assert listed[0]["error"] == "RangeError: price_magnet_end is inf, allowed 0 to inf"
    log = (tmp_path / "a.zarr" / "ledger" / "log").read_text()
    assert sweep(DESIGN, **choices).attrs["rows_failed"] == 2
    assert (tmp_path / "a.zarr" / "ledger" / "log").read_text() == log, "it would only fail again"
    with pytest.warns(UserWarning, match=r"^2 rows failed; subsoil info --failures says why; what is not known is NaN"):
        open_results(tmp_path / "a.zarr")
    with pytest.warns(UserWarning, match=r"12 of 36 rows in .* are unknown: 2 rows failed"):
        export(tmp_path / "a.zarr", tmp_path / "a.csv", ["signed"])


RANGES = {
    "inf": ("price_magnet_end", np.inf, True),
    "nan that must be known": ("welfare_china", np.nan, True),
    "below": ("signed", -1.0, True),
    "above": ("occupied_share_end", 1.5, True),
    "not yet": ("month_signed", np.nan, False),
    "inf that never was": ("month_signed", np.inf, True),
    "rounded": ("occupied_share_end", 1.0000001, False),
    "month": ("tension", np.nan, True),
    "month below": ("tension", -2.0, True),
    "month of a utility": ("utility_china", -1e20, False),
}


@pytest.mark.parametrize("case", RANGES)
def test_what_is_out_of_range(case: str) -> None:
    name, value, wrong = RANGES[case]
    spec = SweepSpec(DESIGN, 3, 4, record=["tension", "utility_china"], model=Quick)
    manifest = spec.manifest()
    values = {each: np.full([manifest.sizes[dim] for dim in dims], 0.5) for each, dims in manifest.fields.items()}
    assert out_of_range(values, manifest) == {}
    values[name][..., 2, 1] = value
    assert list(out_of_range(values, manifest)) == [2] * wrong


def test_corners_of_all_ranges_leave_no_infinite_number(recwarn: pytest.WarningsRecorder) -> None:
    numbers = {name: each for name, each in DECLARATIONS.items() if not each.choices}
    rng = np.random.default_rng(3)
    ends = {name: rng.choice([each.low, each.high], 150) for name, each in numbers.items()}
    results = sweep(from_table(ends), replicates=2, months=60, progress=False)
    assert results.attrs["rows_failed"] == int(results.peace_holds.isnull().all("replicate").sum()) > 0
    for name in ("price_magnet_end", "welfare_united_states", "welfare_china"):
        assert np.isfinite(results[name]).sum() == 2 * (150 - results.attrs["rows_failed"])
    assert not [each for each in recwarn if issubclass(each.category, RuntimeWarning)]


# Size


def test_what_takes_too_much_room_is_asked_about_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("experiments.cli.design_options.LARGE", 20e3)
    for call, less in (
        (["run", "--worlds", "40"], True),
        (["sweep", "ownership_share=0:1:9", "--replicates", "99"], False),
    ):
        assert main([*call, "--months", "6"]) == 2
        said = capsys.readouterr().err
        assert "kB on disk" in said and "give --yes if that is meant" in said and said.count("\n") == 1
        assert ("--record outcomes" in said) == less
        assert not list(tmp_path.iterdir())
        assert main([*call, "--months", "6", "--yes"]) == 0
        assert main([*call, "--months", "6"]) == 0, "it is there, and nothing is left to ask"
        shutil.rmtree(tmp_path / "results")
        capsys.readouterr()


@pytest.mark.parametrize("points", ["999999999", "1000000000000000"])
def test_a_vast_design_is_one_line_at_once(points: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", f"ownership_share=0:1:{points}", "--dry-run"]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and ("too large" in said or "whole number" in said)


def test_blanks_in_lists_mean_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    call = ["sweep", "ownership_share=0, 1", "--record", "fighting, tension", "--replicates", "2", "--months", "3"]
    assert main([*call, "--store", "a.zarr"]) == 0
    assert {"fighting", "tension"} <= set(open_results("a.zarr").data_vars)


def test_a_start_is_taken_wherever_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.chdir(tmp_path)
    for year in ("2008", "2008.0"):
        call = ["run", "--set", f"start={year}", "--worlds", "3", "--months", "3", "--out", f"{year}.zarr"]
        assert main(call) == 0
        assert open_results(f"{year}.zarr").attrs["start"] == 2008
    capsys.readouterr()
    assert main(["sweep", "start=2008,2024", "--store", "b.zarr"]) == 2
    said = capsys.readouterr().err
    assert "start is no axis" in said and said.count("\n") == 1 and not Path("b.zarr").exists()


# Signals


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
@pytest.mark.parametrize("group", [True, False])
@pytest.mark.parametrize("after", [0.5, 1.5, "done"])
def test_signals_end_a_sweep_in_one_line_and_lose_nothing(
    name: str, group: bool, after: float | str, tmp_path: Path
) -> None:
    store = tmp_path / "a.zarr"
    call = ["sweep", "ownership_share=0:1:21", "guarantee_strength=0:1:21", "--replicates", "100", "--months", "60"]
    command = [sys.executable, "-m", "experiments", *call, "--block-worlds", "500", "--processes", "2"]
    project = str(Path(__file__).parent.parent.parent)
    environment = os.environ | {"PYTHONPATH": project}
    with subprocess.Popen(
        [*command, "--store", str(store)], env=environment, stderr=subprocess.PIPE, start_new_session=True, cwd=tmp_path
    ) as run:
        if isinstance(after, float):
            time.sleep(after)
        else:
            wait_for(store, "done", 1)
        (os.killpg if group else os.kill)(run.pid, getattr(signal, name))
        said = run.communicate(timeout=90)[1].decode()
    assert run.returncode in (130, -signal.SIGINT), "Python ends itself by the signal where it came amid an import"
    assert said.startswith("subsoil: stopped") and said.count("\n") == 1
    if after == "done":
        assert "blocks are done in" in said and "the same call goes on with the rest" in said
        assert not Store(store).progress(content=True).damaged
