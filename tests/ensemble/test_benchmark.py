"""The benchmark: what its rows say follows from what the contenders took. How fast they are is no test."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from experiments.benchmark import benchmark, compared_runners, machine_load, memory_usage
from experiments.benchmark.machine_load import MachineLoad
from experiments.cli import output

pytestmark = pytest.mark.long

SECONDS = {"ensemble": {1: 160.0, 2: 100.0}, "mesa_batch": {1: 16.0, 2: 8.0}, "ema": {1: 8.0, 2: 4.0}}


def pretend(name: str, **settings: Any) -> dict[str, float]:
    """What a contender would say if it took round numbers of seconds."""
    if name == "blocks":
        return {"worlds": 10 * settings["count"], "seconds": 2.0 * settings["processes"]}
    if name == "ensemble" and settings["store"] and settings["record"] == "outcomes":
        return {"worlds": settings["worlds"], "seconds": 1.0, "peak_mib": 1500.0}
    if name == "precision":
        return {"worlds": settings["worlds"], "seconds": 3.0, "differ": 7}
    seconds = SECONDS[name][settings["processes"]]
    if settings.get("precision") == "double":
        seconds *= 2
    if settings["worlds"] == 2:
        seconds = {1: 1.0, 2: 5.0}[settings["processes"]]
    return {"worlds": settings["worlds"], "seconds": seconds, "peak_mib": 100.0, "cpu_seconds": 1.5 * seconds}


@pytest.fixture
def is_loaded() -> bool:
    """Whether the machine is busy with other work."""
    return False


@pytest.fixture
def rows(is_loaded: bool, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> dict[str, benchmark.Row]:
    """The rows of a quick benchmark by what they are about, with or without the EMA workbench."""
    monkeypatch.setattr(benchmark, "_contend", pretend)
    monkeypatch.setattr(benchmark, "_timed", lambda command: 0.25)
    monkeypatch.setattr(MachineLoad, "is_loaded", is_loaded)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: request.param)
    return {row["what"]: row for row in benchmark.measure(quick=True)}


@pytest.mark.parametrize("rows", ["there"], indirect=True)
def test_ratios_and_bars_follow_from_seconds(rows: dict[str, benchmark.Row]) -> None:
    ours = 32_000 / 100
    assert rows["ensemble, outcomes, 2 processes"]["value"] == pytest.approx(ours)
    over_own = rows["ensemble over batch_run, this model, both on 2 processes"]
    assert over_own["value"] == pytest.approx(ours / (16 / 8)) and over_own["met"]
    over_empty = rows["ensemble over batch_run, empty model, both on 2 processes"]
    assert over_empty["value"] == pytest.approx(ours / (200 / 8)) and not over_empty["met"]
    assert over_empty["note"] == "goal: at least 20: NOT met"
    over_bare = rows["ensemble over batch_run, empty model that records nothing, both on 2 processes"]
    assert over_bare["value"] == pytest.approx(ours / (1000 / 8)) and "bar" not in over_bare
    assert rows["ensemble over the EMA workbench, both on 1 process"]["value"] == pytest.approx(32_000 / 160 / 2)
    assert rows["efficiency of 2 processes, starting them included"]["value"] == pytest.approx(0.8)
    assert rows["efficiency of 2 processes, once they run"]["value"] == pytest.approx(159 / 95 / 2)
    assert rows["single over double precision"]["value"] == pytest.approx(2)
    assert rows["worlds that differ in double precision"]["value"] == 7
    assert rows["overhead of a block, 2 processes"]["value"] == pytest.approx(20)
    assert rows["memory of all processes, 10,000 worlds"]["met"] is False


@pytest.mark.parametrize("rows", ["there"], indirect=True)
@pytest.mark.parametrize("is_loaded", [True])
def test_a_loaded_machine_is_said_to_be_and_judges_no_goal(rows: dict[str, benchmark.Row]) -> None:
    judged = [row for row in rows.values() if "bar" in row]
    assert len(judged) > 5 and all(row["met"] is None for row in judged)
    over_empty = rows["ensemble over batch_run, empty model, both on 2 processes"]
    assert over_empty["note"] == "goal: at least 20: not judged, the machine is loaded"
    assert rows["CPU time of others meanwhile"]["note"].startswith("loaded: no goal is judged")


@pytest.mark.parametrize("rows", ["there"], indirect=True)
def test_load_and_cpu_time_are_rows(rows: dict[str, benchmark.Row]) -> None:
    assert rows["load before"]["value"] >= 0 and rows["load after"]["value"] >= 0
    assert rows["CPU time of the benchmark"]["value"] >= 0 and rows["CPU time of others meanwhile"]["note"] == ""
    assert rows["ensemble, outcomes, 2 processes"]["note"].endswith("150.0 s of CPU time")


def test_others_are_told_from_the_benchmark_itself(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Of the ticks that the system counts as busy, those of this process and its children are its own."""
    ticks, cores = os.sysconf("SC_CLK_TCK"), os.cpu_count() or 1
    monkeypatch.setattr(machine_load, "STAT", tmp_path / "stat")
    monkeypatch.setattr(os, "getloadavg", lambda: (0.0, 0.0, 0.0))
    clock = iter([0.0, 100.0])
    monkeypatch.setattr(machine_load, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    own = iter([0.0, 20.0])
    monkeypatch.setattr(machine_load, "cpu_seconds", lambda: next(own))
    machine_load.STAT.write_text("cpu  0 0 0 0 0 0 0 0 0 0\ncpu0 1\n")
    with MachineLoad() as load:
        machine_load.STAT.write_text(f"cpu  {10 * ticks} 0 {10 * ticks} 900 9 0 0 {int(30 * ticks)} 0 0\ncpu0 1\n")
    assert load.others_share == pytest.approx(30 / 100 / cores) and load.cpu_seconds == 20
    assert load.is_loaded == (0.3 / cores > machine_load.BUSY_MEANWHILE)


def test_where_the_system_says_nothing_nothing_is_claimed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def unknown() -> None:
        raise OSError

    monkeypatch.setattr(os, "getloadavg", unknown)
    monkeypatch.setattr(machine_load, "STAT", tmp_path / "nothing")
    with MachineLoad() as load:
        pass
    assert math.isnan(load.before) and math.isnan(load.others_share) and not load.is_loaded


@pytest.mark.parametrize("rows", [None], indirect=True)
def test_without_the_ema_workbench_one_row_says_so(
    rows: dict[str, benchmark.Row], capsys: pytest.CaptureFixture[str]
) -> None:
    about = [row for what, row in rows.items() if "EMA" in what]
    assert len(about) == 1 and math.isnan(about[0]["value"])
    assert about[0]["note"] == "needs the package ema-workbench: make bench"
    output.print_markdown({name: row[name] for name in ("what", "value", "unit")} for row in rows.values())
    assert "| EMA workbench, this model | - | worlds/s |" in capsys.readouterr().out


def test_blocks_without_worlds_are_swept_and_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    took = compared_runners.blocks(3, 1)
    assert took["worlds"] == 30
    assert [len(list((tmp_path / f"{n}.zarr" / "ledger").glob("done-*"))) for n in (2, 4, 7)] == [2, 4, 7]


@pytest.mark.parametrize("processes", [1, 2])
def test_blocks_are_swept_by_workers_too(processes: int) -> None:
    assert benchmark._contend("blocks", count=3, processes=processes)["worlds"] == 30


def test_one_world_gives_every_outcome() -> None:
    low, high = (compared_runners.one_world(share, months=2) for share in (0.0, 1.0))
    assert low.keys() == high.keys() and all(math.isfinite(each) or math.isnan(each) for each in low.values())


@pytest.mark.skipif(not memory_usage.PROC.is_dir(), reason="needs /proc")
def test_memory_of_a_child_counts() -> None:
    code = "import sys; big = bytearray(b'x') * (80 * 2**20); print(len(big), flush=True); sys.stdin.read()"
    with memory_usage.PeakMemory() as before:
        pass
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None and child.stdout.readline()
        with memory_usage.PeakMemory() as during:
            pass
        child.communicate(b"")
    assert during.peak > before.peak + 40


@pytest.mark.slow
def test_the_ema_workbench_runs_our_model() -> None:
    pytest.importorskip("ema_workbench")
    took = benchmark._contend("ema", worlds=3, processes=1, months=3)
    assert took["worlds"] == 3 and took["seconds"] > 0
