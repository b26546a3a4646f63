"""The bench: what the ensemble does in a second beside Mesa's own runner, in one run on one machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from experiments import bench

MONTHS = 180
PHASES = (
    "hear_news", "talks.meet", "set_export_policy", "invest", "trade", "fight", "settle_accounts", "learn",
    "recorder.record_month",
)  # fmt: skip
Row = dict[str, Any]


def measure(large: bool = False, quick: bool = False) -> list[Row]:
    """All rows of the bench: `what`, `value`, `unit` and `note` of each; takes minutes, `quick` one."""
    worlds, own_runs, empty_runs, rounds = (8_192, 24, 200, 1) if quick else (81_920, 80, 800, 2)
    common = {"months": MONTHS, "record": "outcomes", "store": ""}
    best: dict[str, dict[str, float]] = {}
    for _ in range(rounds):  # in turn, and the best of each: another user of the machine slows all alike
        _keep(best, "two", _contend("ensemble", worlds=worlds, processes=2, **common))
        _keep(best, "own", _contend("mesa_batch", worlds=own_runs, processes=2, months=MONTHS, empty=False))
        _keep(best, "empty", _contend("mesa_batch", worlds=empty_runs, processes=2, months=MONTHS, empty=True))
        _keep(best, "one", _contend("ensemble", worlds=worlds, processes=1, **common))
    paths = _contend("ensemble", worlds=worlds // 4, processes=2, **(common | {"record": "trajectories"}))
    with tempfile.TemporaryDirectory(prefix="subsoil-bench-") as place:
        kept = common | {"store": str(Path(place) / "bench.zarr"), "months": 12}
        _contend("ensemble", worlds=worlds, processes=2, **kept)
        again = _contend("ensemble", worlds=worlds, processes=2, **kept)
    two, one, own, empty = (best[name] for name in ("two", "one", "own", "empty"))
    rows = [
        _row("ensemble, outcomes, 2 processes", _rate(two), "worlds/s", f"{worlds:,} worlds of {MONTHS} months"),
        _row("ensemble, outcomes, 1 process", _rate(one), "worlds/s", "the same sweep"),
        _row("ensemble, all months kept, 2 processes", _rate(paths), "worlds/s", f"{worlds // 4:,} worlds"),
        _row("mesa.batch_run, this model, 2 processes", _rate(own), "worlds/s", f"{own_runs:,} runs of one world"),
        _row(
            "mesa.batch_run, empty model, 2 processes",
            _rate(empty),
            "worlds/s",
            f"{empty_runs:,} runs, agents do nothing",
        ),
        _row("ensemble over batch_run, this model", _rate(two) / _rate(own), "times", "goal: 100"),
        _row("ensemble over batch_run, empty model", _rate(two) / _rate(empty), "times", "goal: 10"),
        _row("efficiency of 2 processes", _rate(two) / _rate(one) / 2, "share", "starting them included"),
        _row("opening a finished sweep again", again["seconds"], "s", f"{worlds:,} worlds"),
    ]
    return rows + _starting() + _scaling(large, quick)


def _keep(best: dict[str, dict[str, float]], name: str, took: dict[str, float]) -> None:
    """Keep the faster of two measurements of one contender."""
    if name not in best or took["seconds"] < best[name]["seconds"]:
        best[name] = took


def _starting() -> list[Row]:
    help_seconds = min(_timed([sys.executable, "-m", "experiments", "--help"]) for _ in range(5))
    first = min(_timed(bench.command("first_result", worlds=100, months=MONTHS)) for _ in range(2))
    return [
        _row("subsoil --help", help_seconds, "s", "best of five; goal: 0.5"),
        _row("first result", first, "s", "from nothing imported to 100 worlds"),
    ]


def _scaling(large: bool, quick: bool) -> list[Row]:
    sizes = [100, 1_000, 10_000] + ([] if quick else [100_000]) + ([1_000_000] if large else [])
    rows = []
    for worlds in sizes:
        with tempfile.TemporaryDirectory(prefix="subsoil-bench-") as place:
            store = str(Path(place) / "scaling.zarr")
            took = _contend("ensemble", worlds=worlds, processes=2, months=MONTHS, record="outcomes", store=store)
        note = f"{took['seconds']:.1f} s; memory of all processes at most {took['peak_mib']:,.0f} MiB"
        rows.append(
            _row(f"{worlds:,} worlds, 2 processes", _rate(took), "worlds/s", note) | {"peak_mib": took["peak_mib"]}
        )
    return rows


def measure_phases(worlds: int = 4096, months: int = 60) -> list[Row]:
    """Where the time of a month goes, per phase of the model, in one process."""
    from model.economy import GeopoliticalEconomy

    started = time.perf_counter()
    model = GeopoliticalEconomy(worlds=worlds, months=months, record="all")
    spent = {"setting the stage": time.perf_counter() - started}
    for phase in PHASES:
        owner: Any = model
        *path, name = phase.split(".")
        for part in path:
            owner = getattr(owner, part)
        setattr(owner, name, _clocked(getattr(owner, name), phase, spent))
    started = time.perf_counter()
    model.simulate()
    total = time.perf_counter() - started
    model.close()
    spent["the rest"] = total - sum(spent[phase] for phase in PHASES)
    rows = []
    for name, seconds in sorted(spent.items(), key=lambda pair: -pair[1]):
        once = name == "setting the stage"
        note = f"{worlds:,} worlds, once" if once else f"{seconds / total:.1%} of {months} months of {worlds:,} worlds"
        rows.append(_row(name, 1e3 * seconds / (1 if once else months), "ms" if once else "ms/month", note))
    return rows


def _clocked(method: Callable[..., Any], name: str, spent: dict[str, float]) -> Callable[..., Any]:
    spent[name] = 0.0

    def timed(*arguments: Any) -> Any:
        started = time.perf_counter()
        try:
            return method(*arguments)
        finally:
            spent[name] += time.perf_counter() - started

    return timed


def report(rows: list[Row], as_json: bool) -> None:
    """Print the rows as a Markdown table, or as JSON."""
    if as_json:
        print(json.dumps(rows, indent=1))
        return
    print("| what | value | unit | note |\n| --- | ---: | --- | --- |")
    for row in rows:
        print(f"| {row['what']} | {_number(row['value'])} | {row['unit']} | {row['note']} |")
    machine = f"{os.cpu_count()} cores with Python {sys.version.split()[0]}"
    print(f"\nMeasured on {machine}. Where the time goes: subsoil bench --phases")


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _row(what: str, value: float, unit: str, note: str) -> Row:
    return {"what": what, "value": value, "unit": unit, "note": note}


def _rate(took: dict[str, float]) -> float:
    return took["worlds"] / took["seconds"]


def _contend(name: str, **settings: Any) -> dict[str, float]:
    done = subprocess.run(
        bench.command(name, **settings), capture_output=True, text=True, check=False, env=_environment()
    )
    if done.returncode:
        raise RuntimeError(f"the bench of {name} failed: {done.stderr.strip().rpartition(chr(10))[2]}")
    found: dict[str, float] = json.loads(done.stdout.strip().rpartition("\n")[2])
    return found


def _timed(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, capture_output=True, check=True, env=_environment())
    return time.perf_counter() - started


def _environment() -> dict[str, str]:
    """The environment, in which the project can be imported wherever the bench is called from."""
    found = [str(bench.folder()), os.environ.get("PYTHONPATH", "")]
    return os.environ | {"PYTHONPATH": os.pathsep.join(part for part in found if part)}
