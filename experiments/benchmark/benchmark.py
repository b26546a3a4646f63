"""The benchmark: what the ensemble does in a second beside Mesa's own runner, in one run on one machine."""

from __future__ import annotations

import functools
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from experiments.store.block_partition import OUTCOMES_BLOCK

MONTHS = 180
PHASES = (
    "hear_news", "talks.meet", "set_export_policy", "invest", "trade", "fight", "settle_accounts", "learn",
    "recorder.record_month",
)  # fmt: skip
Row = dict[str, Any]
Took = dict[str, float]


def measure(large: bool = False, quick: bool = False) -> list[Row]:
    """All rows of the benchmark: `what`, `value`, `unit`, `note` and, where there is a bar, whether it is `met`.

    Takes ten minutes, `large` some more, `quick` about two.
    """
    worlds, runs, empty_runs, rounds = (32_000, 16, 200, 1) if quick else (120_000, 80, 800, 3)
    with_ema = importlib.util.find_spec("ema_workbench") is not None
    best = _contest(worlds, runs, empty_runs, rounds, with_ema)
    rows = _rates(best, with_ema) + _ratios(best, with_ema)
    rows += _precision() + _starting() + _blocks(200 if quick else 1_000) + _share_of_the_market()
    return rows + _scaling(large, quick)


def _contest(worlds: int, runs: int, empty_runs: int, rounds: int, with_ema: bool) -> dict[str, Took]:
    """Every contender in turn, and the best of each: another user of the machine slows all alike."""
    sweep = {"months": MONTHS, "record": "outcomes", "store": ""}
    contenders: dict[str, tuple[str, dict[str, Any]]] = {}
    for count in (2, 1):
        contenders |= {
            f"ensemble {count}": ("ensemble", {"worlds": worlds, "processes": count, **sweep}),
            f"start {count}": ("ensemble", {"worlds": 2, "processes": count, **sweep, "months": 1}),
        }
        for model, number in (("our", runs), ("empty", empty_runs), ("bare", 5 * empty_runs)):
            settings = {"worlds": number, "processes": count, "months": MONTHS, "model": model}
            contenders[f"{model} {count}"] = ("mesa_batch", settings)
        if with_ema:
            contenders[f"ema {count}"] = ("ema", {"worlds": runs, "processes": count, "months": MONTHS})
    contenders["double 2"] = ("ensemble", {"worlds": worlds, "processes": 2, **sweep, "precision": "double"})
    # They stay on disk: read back, they fill the memory.
    monthly = {"worlds": max(8_000, worlds // 5), "processes": 2, **sweep, "record": "trajectories"}
    contenders["monthly 2"] = ("ensemble", monthly)
    best: dict[str, Took] = {}
    for _ in range(rounds):
        for name, (contender, settings) in contenders.items():
            with tempfile.TemporaryDirectory(prefix="subsoil-benchmark-") as folder:
                kept = {"store": str(Path(folder) / "monthly.zarr")} if name == "monthly 2" else {}
                took = _contend(contender, **(settings | kept))
            if name not in best or took["seconds"] < best[name]["seconds"]:
                best[name] = took
    return best


TITLES = {
    "ensemble": "ensemble, outcomes",
    "double": "ensemble, outcomes, double precision",
    "monthly": "ensemble, all months kept",
    "our": "mesa.batch_run, this model",
    "ema": "EMA workbench, this model",
    "empty": "mesa.batch_run, empty model",
    "bare": "mesa.batch_run, empty model that records nothing",
}
NOTES = {
    "our": "runs of one world",
    "ema": "experiments of one world",
    "empty": "runs, agents do nothing, as many reporters as ours",
    "bare": "runs, agents do nothing, no reporter",
}


def _rates(best: dict[str, Took], with_ema: bool) -> list[Row]:
    rows = []
    for name, title in TITLES.items():
        if name == "ema" and not with_ema:
            rows.append(_row(title, float("nan"), "worlds/s", "needs the package ema-workbench: make bench"))
        for count in (2, 1):
            if took := best.get(f"{name} {count}"):
                note = f"{took['worlds']:,} {NOTES.get(name, f'worlds of {MONTHS} months')}"
                rows.append(_row(f"{title}, {_processes(count)}", _rate(took), "worlds/s", note))
    return rows


def _ratios(best: dict[str, Took], with_ema: bool) -> list[Row]:
    rate = {name: _rate(took) for name, took in best.items()}
    bars = {("our", 2): 150, ("empty", 2): 20}  # they are set for two cores
    rows = []
    for count in (2, 1):
        for name in ("our", "empty", "bare", *["ema"] * with_ema):
            title = "the EMA workbench" if name == "ema" else TITLES[name].removeprefix("mesa.")
            ratio = rate[f"ensemble {count}"] / rate[f"{name} {count}"]
            what = f"ensemble over {title}, both on {_processes(count)}"
            rows.append(_row(what, ratio, "times", "", at_least=bars.get((name, count))))
    doubled = "a sweep's precision over that of a model run alone, both on 2 processes"
    rows.append(_row("single over double precision", rate["ensemble 2"] / rate["double 2"], "times", doubled))
    two, one, first_two, first_one = (
        best[name]["seconds"] for name in ("ensemble 2", "ensemble 1", "start 2", "start 1")
    )
    alone = (one - first_one) / (two - first_two) / 2
    rows.append(_row("efficiency of 2 processes, starting them included", one / two / 2, "share", "", at_least=0.8))
    rows.append(_row("efficiency of 2 processes, once they run", alone, "share", "less a sweep of two worlds each"))
    rows.append(_row("starting 2 processes", first_two - first_one, "s", "a sweep of two worlds, against 1 process"))
    return rows


def _precision() -> list[Row]:
    took = _contend("precision", worlds=OUTCOMES_BLOCK, months=MONTHS)
    note = f"of {took['worlds']:,}: an outcome differs by more than 1 %"
    return [_row("worlds that differ in double precision", took["differ"], "worlds", note)]


def _starting() -> list[Row]:
    help_seconds = min(_timed([sys.executable, "-m", "experiments", "--help"]) for _ in range(5))
    first = min(_timed(_command("first_result", worlds=100, months=MONTHS)) for _ in range(2))
    return [
        _row("subsoil --help", help_seconds, "s", "", at_most=0.5),
        _row("first result", first, "s", "from nothing imported to 100 worlds"),
    ]


def _blocks(count: int) -> list[Row]:
    """What a block costs beside its worlds: reading its rows, writing its chunks and its mark, its report."""
    rows = []
    for processes in (1, 2):
        with tempfile.TemporaryDirectory(prefix="subsoil-benchmark-") as folder:
            took = _contend("blocks", count=count, processes=processes, store=folder)
        note = f"{count:,} blocks of ten worlds in which nothing happens"
        cost = 1e3 * took["seconds"] / count
        rows.append(_row(f"overhead of a block, {_processes(processes)}", cost, "ms/block", note))
    return rows


def _share_of_the_market() -> list[Row]:
    """What clearing the market takes of a month."""
    months = {row["what"]: row["value"] for row in measure_phases(months=24) if row["unit"] == "ms/month"}
    share = months["trade"] / sum(months.values())
    return [_row("clearing the market", share, "share of a month", "the other phases: subsoil bench --phases")]


def _scaling(large: bool, quick: bool) -> list[Row]:
    """From a hundred worlds to a million: rate, memory of all processes, and opening what is finished again."""
    sizes = [100, 1_000, 10_000] + ([] if quick else [100_000]) + ([1_000_000] if large else [])
    rates, memory, again = [], [], []
    for worlds in sizes:
        with tempfile.TemporaryDirectory(prefix="subsoil-benchmark-") as folder:
            kept = {"store": str(Path(folder) / "scaling.zarr"), "months": MONTHS, "record": "outcomes"}
            took, opened = (_contend("ensemble", worlds=worlds, processes=2, **kept) for _ in range(2))
        what = f"{worlds:,} worlds, 2 processes"
        rates.append(_row(what, _rate(took), "worlds/s", f"{took['seconds']:.1f} s, the store included"))
        peak = took["peak_mib"]
        memory.append(_row(f"memory of all processes, {worlds:,} worlds", peak, "MiB", "", at_most=1024))
        again.append(_row(f"opening {worlds:,} finished worlds again", opened["seconds"], "s", "", at_most=2))
    return rates + memory + again


def measure_phases(worlds: int = OUTCOMES_BLOCK, months: int = 60) -> list[Row]:
    """Where the time of a month goes in a sweep, per phase of the model, in one process."""
    from model.simulation import GeopoliticalEconomy

    started = time.perf_counter()
    model = GeopoliticalEconomy(worlds=worlds, months=months, rng=0, record="all", precision="single")
    building = time.perf_counter() - started
    spent = dict.fromkeys(PHASES, 0.0)
    for phase in PHASES:
        *path, name = phase.split(".")
        owner: Any = functools.reduce(getattr, path, model)
        setattr(owner, name, _clocked(getattr(owner, name), phase, spent))
    started = time.perf_counter()
    model.simulate()
    total = time.perf_counter() - started
    model.close()
    spent["the rest"] = total - sum(spent.values())
    rows = [_row("building the model", 1e3 * building, "ms", f"{worlds:,} worlds, once")]
    for name, seconds in sorted(spent.items(), key=lambda pair: -pair[1]):
        note = f"{seconds / total:.1%} of {months} months of {worlds:,} worlds"
        rows.append(_row(name, 1e3 * seconds / months, "ms/month", note))
    return rows


def _clocked(method: Callable[..., Any], name: str, spent: dict[str, float]) -> Callable[..., Any]:
    """The same method, which adds the seconds it takes to `spent`."""

    def timed(*arguments: Any) -> Any:
        started = time.perf_counter()
        try:
            return method(*arguments)
        finally:
            spent[name] += time.perf_counter() - started

    return timed


def _row(
    what: str, value: float, unit: str, note: str, at_least: float | None = None, at_most: float | None = None
) -> Row:
    """A row, with its bar and whether its value meets it where there is one."""
    row: Row = {"what": what, "value": value, "unit": unit, "note": note}
    if at_least is None and at_most is None:
        return row
    met = value >= at_least if at_least is not None else at_most is not None and value <= at_most
    bar, words = (at_most, "most") if at_least is None else (at_least, "least")
    return row | {"note": f"goal: at {words} {bar:g}: {'met' if met else 'NOT met'}", "bar": bar, "met": met}


def _processes(count: int) -> str:
    return f"{count} process{'es' * (count > 1)}"


def _rate(took: Took) -> float:
    return took["worlds"] / took["seconds"]


def _contend(name: str, **settings: Any) -> Took:
    """What a contender took, run in a process of its own."""
    command = _command(name, **settings)
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=_environment())
    if done.returncode:
        raise RuntimeError(f"the benchmark of {name} failed: {done.stderr.strip().rpartition(chr(10))[2]}")
    took: Took = json.loads(done.stdout.strip().rpartition("\n")[2])
    return took


def _command(name: str, **settings: Any) -> list[str]:
    return [sys.executable, "-m", "experiments.benchmark.contenders", name, json.dumps(settings)]


def _timed(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, capture_output=True, check=True, env=_environment())
    return time.perf_counter() - started


def _environment() -> dict[str, str]:
    """The environment, in which the project can be imported wherever the benchmark is called from."""
    folders = [str(Path(__file__).resolve().parents[2]), os.environ.get("PYTHONPATH", "")]
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, folders))}
