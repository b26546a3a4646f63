"""The benchmark: what the ensemble does in a second beside Mesa's own runner, in one run on one machine."""

from __future__ import annotations

import cProfile
import importlib.util
import json
import os
import pstats
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from experiments.benchmark.machine_load import MachineLoad, cpu_seconds
from experiments.errors import SweepError
from experiments.store.block_partition import OUTCOMES_BLOCK

MONTHS = 180
Row = dict[str, Any]
Took = dict[str, float]


def measure(large: bool = False, quick: bool = False) -> list[Row]:
    """All rows of the benchmark: `what`, `value`, `unit`, `note` and, where there is a bar, whether it is `met`.

    Takes ten minutes, `large` some more, `quick` about two. On a machine busy with other work no bar is judged.
    """
    with MachineLoad() as load:
        best = _contest(32_000, 16, 200, 1) if quick else _contest(120_000, 80, 800, 3)
        rows = _rates(best) + _ratios(best) + _costs(200 if quick else 1_000) + _scaling(large, quick)
    return _machine(load) + [_unjudged(row) if load.is_loaded else row for row in rows]


def _machine(load: MachineLoad) -> list[Row]:
    """How busy the machine was, and whether its bars mean anything."""
    minute, loaded = f"processes of a minute, {load.cores} cores", "loaded: no goal is judged; run it again alone"
    return [
        _row("load before", load.before, "processes", minute),
        _row("load after", load.after, "processes", f"{minute}, the benchmark's own included"),
        _row("CPU time of the benchmark", load.cpu_seconds, "s", "of all its processes"),
        _row("CPU time of others meanwhile", load.others_share, "share of all cores", loaded * load.is_loaded),
    ]


def _unjudged(row: Row) -> Row:
    """A row whose bar nobody can say to be met or missed."""
    if "bar" not in row:
        return row
    return row | {"note": f"{row['note'].rpartition(':')[0]}: not judged, the machine is loaded", "met": None}


def _contest(worlds: int, runs: int, empty_runs: int, rounds: int) -> dict[str, Took]:
    """Every contender in turn, and the best of each: another user of the machine slows all alike."""
    sweep = {"worlds": worlds, "months": MONTHS, "processes": 2, "record": "outcomes", "store": ""}
    contenders: dict[str, tuple[str, Row]] = {}
    for count in (2, 1):
        several = {"processes": count, "months": MONTHS}
        contenders[f"ensemble {count}"] = "ensemble", sweep | several
        contenders[f"start {count}"] = "ensemble", sweep | several | {"worlds": 2, "months": 1}
        for model, number in (("our", runs), ("empty", empty_runs), ("bare", 5 * empty_runs)):
            contenders[f"{model} {count}"] = "mesa_batch", {"worlds": number, "model": model} | several
        if importlib.util.find_spec("ema_workbench"):
            contenders[f"ema {count}"] = "ema", {"worlds": runs} | several
    contenders["double 2"] = "ensemble", sweep | {"precision": "double"}
    # They stay on disk: read back, they fill the memory.
    monthly = {"worlds": max(8_000, worlds // 5), "record": "trajectories", "store": "monthly.zarr"}
    contenders["monthly 2"] = "ensemble", sweep | monthly
    best: dict[str, Took] = {}
    for _ in range(rounds):
        for name, (contender, settings) in contenders.items():
            took = _contend(contender, **settings)
            best[name] = min(took, best.get(name, took), key=lambda each: each["seconds"])
    return best


ONE_WORLD, IDLE = "runs of one world", "runs, agents do nothing"
CONTENDERS = {
    "ensemble": ("ensemble, outcomes", f"worlds of {MONTHS} months"),
    "double": ("ensemble, outcomes, double precision", f"worlds of {MONTHS} months"),
    "monthly": ("ensemble, all months kept", f"worlds of {MONTHS} months"),
    "our": ("mesa.batch_run, this model", ONE_WORLD),
    "ema": ("EMA workbench, this model", "experiments of one world"),
    "empty": ("mesa.batch_run, empty model", f"{IDLE}, as many reporters as ours"),
    "bare": ("mesa.batch_run, empty model that records nothing", f"{IDLE}, no reporter"),
}
"""Name -> title, and what is counted."""


def _rates(best: dict[str, Took]) -> list[Row]:
    rows = []
    for name, (title, counted) in CONTENDERS.items():
        for count in (2, 1):
            if took := best.get(f"{name} {count}"):
                what = f"{title}, {_processes(count)}"
                note = f"{took['worlds']:,} {counted}, {took['cpu_seconds']:.1f} s of CPU time"
                rows.append(_row(what, _rate(took), "worlds/s", note))
        if name == "ema" and "ema 1" not in best:
            rows.append(_row(title, float("nan"), "worlds/s", "needs the package ema-workbench: make bench"))
    return rows


def _ratios(best: dict[str, Took]) -> list[Row]:
    rate = {name: _rate(took) for name, took in best.items()}
    bars = {"our 2": 150, "empty 2": 20}  # they are set for two cores
    rows = []
    for count in (2, 1):
        for other in ("our", "empty", "bare", "ema"):
            if (name := f"{other} {count}") in rate:
                title = "the EMA workbench" if other == "ema" else CONTENDERS[other][0].removeprefix("mesa.")
                what = f"ensemble over {title}, both on {_processes(count)}"
                rows.append(_row(what, rate[f"ensemble {count}"] / rate[name], "times", at_least=bars.get(name)))
    doubled = "a sweep's precision over that of a model run alone, both on 2 processes"
    names = ("ensemble 2", "ensemble 1", "start 2", "start 1")
    two, one, first_two, first_one = (best[name]["seconds"] for name in names)
    alone = (one - first_one) / (two - first_two) / 2
    return [
        *rows,
        _row("single over double precision", rate["ensemble 2"] / rate["double 2"], "times", doubled),
        _row("efficiency of 2 processes, starting them included", one / two / 2, "share", at_least=0.8),
        _row("efficiency of 2 processes, once they run", alone, "share", "less a sweep of two worlds each"),
        _row("starting 2 processes", first_two - first_one, "s", "a sweep of two worlds, against 1 process"),
    ]


def _costs(count: int) -> list[Row]:
    """What precision changes, what starting and each of `count` blocks cost, what clearing the market takes."""
    run = f"import model; model.GeopoliticalEconomy(worlds=100, months={MONTHS}, record='outcomes').run()"
    help_seconds = min(_timed([sys.executable, "-m", "experiments", "--help"]) for _ in range(5))
    first = min(_timed([sys.executable, "-c", run]) for _ in range(2))
    precision = _contend("precision", worlds=OUTCOMES_BLOCK, months=MONTHS)
    counted = f"of {OUTCOMES_BLOCK:,}: an outcome differs by more than 1 %"
    empty = f"{count:,} blocks of ten worlds in which nothing happens"
    blocks = {each: _contend("blocks", count=count, processes=each)["seconds"] for each in (1, 2)}
    months = {row["what"]: row["value"] for row in measure_phases(months=24) if row["unit"] == "ms/month"}
    clearing = months["market.clear"] / sum(months.values())
    return [
        _row("worlds that differ in double precision", precision["differ"], "worlds", counted),
        _row("subsoil --help", help_seconds, "s", at_most=0.5),
        _row("first result", first, "s", "from nothing imported to 100 worlds"),
        *(_row(f"overhead of a block, {_processes(n)}", 1e3 * blocks[n] / count, "ms/block", empty) for n in blocks),
        _row("clearing the market", clearing, "share of a month", "all else: subsoil bench --phases"),
    ]


def _scaling(large: bool, quick: bool) -> list[Row]:
    """From a hundred worlds to a million: rate, memory of all processes, and opening what is finished again."""
    sizes = [100, 1_000, 10_000] + ([] if quick else [100_000]) + ([1_000_000] if large else [])
    rates, memory, again = [], [], []
    for worlds in sizes:
        with tempfile.TemporaryDirectory(prefix="subsoil-benchmark-") as folder:
            kept = {"store": str(Path(folder) / "scaling.zarr"), "months": MONTHS, "record": "outcomes"}
            took, opened = (_contend("ensemble", worlds=worlds, processes=2, **kept) for _ in range(2))
        stored = f"{took['seconds']:.1f} s, the store included"
        rates.append(_row(f"{worlds:,} worlds, 2 processes", _rate(took), "worlds/s", stored))
        memory.append(_row(f"memory of all processes, {worlds:,} worlds", took["peak_mib"], "MiB", at_most=1024))
        again.append(_row(f"opening {worlds:,} finished worlds again", opened["seconds"], "s", at_most=2))
    return rates + memory + again


def measure_phases(worlds: int = OUTCOMES_BLOCK, months: int = 60) -> list[Row]:
    """Where the time of a month goes in one process: what the month calls, from one per cent of the time on."""
    from model import simulation

    started = time.perf_counter()
    model = simulation.GeopoliticalEconomy(worlds=worlds, months=months, rng=0, record="all", precision="single")
    built = time.perf_counter()
    profile = cProfile.Profile(builtins=False)
    profile.runcall(model.simulate)
    total = time.perf_counter() - built
    model.close()
    spent: Counter[str] = Counter()
    passes = 0
    for (file, _, name), (calls, *_, callers) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        passes += calls * ((Path(file).stem, name) == ("equilibrium", "best_replies"))
        if file != simulation.__file__ and Path(file).is_relative_to(Path(simulation.__file__).parent):
            of_step = [seconds for (caller, _, _), (*_, seconds) in callers.items() if caller == simulation.__file__]
            spent[f"{Path(file).stem}.{name}"] += sum(of_step)
    large = {name: seconds for name, seconds in spent.most_common() if seconds >= 0.01 * total}
    rows = [_row("building the model", 1e3 * (built - started), "ms", f"{worlds:,} worlds, once")]
    for name, seconds in (large | {"the rest": total - sum(large.values())}).items():
        note = f"{seconds / total:.1%} of {months} months of {worlds:,} worlds"
        rows.append(_row(name, 1e3 * seconds / months, "ms/month", note))
    words = "over the worlds in which the situation has changed, mean over months"
    return [*rows, _row("passes of the war game", passes / months, "a month", words)]


def _row(
    what: str, value: float, unit: str, note: str = "", at_least: float | None = None, at_most: float | None = None
) -> Row:
    """A row, with its bar and whether its value meets it where there is one."""
    row: Row = {"what": what, "value": value, "unit": unit, "note": note}
    if at_least is not None:
        words, bar, met = "least", at_least, value >= at_least
    elif at_most is not None:
        words, bar, met = "most", at_most, value <= at_most
    else:
        return row
    return row | {"note": f"goal: at {words} {bar:g}: {'met' if met else 'NOT met'}", "bar": bar, "met": met}


def _processes(count: int) -> str:
    return f"{count} process{'es' * (count > 1)}"


def _rate(took: Took) -> float:
    return took["worlds"] / took["seconds"]


CONTEND = """
import json, sys
from multiprocessing import forkserver
from experiments.benchmark import compared_runners
print(json.dumps(getattr(compared_runners, sys.argv[1])(**json.loads(sys.argv[2]))))
forkserver._forkserver._stop()
"""
"""In a process of its own; the CPU time of workers counts once the server that forked them has ended."""


def _contend(name: str, **settings: Any) -> Took:
    """What a contender took, run in a process and a folder of its own."""
    command = [sys.executable, "-c", CONTEND, name, json.dumps(settings)]
    before = cpu_seconds()
    with tempfile.TemporaryDirectory(prefix="subsoil-benchmark-") as folder:
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=_environment(), cwd=folder)
    if done.returncode:
        raise SweepError(f"the benchmark of {name} failed: {done.stderr.strip().rpartition(chr(10))[2]}")
    took: Took = json.loads(done.stdout.strip().rpartition("\n")[2])
    return took | {"cpu_seconds": cpu_seconds() - before}


def _timed(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, capture_output=True, check=True, env=_environment())
    return time.perf_counter() - started


def _environment() -> dict[str, str]:
    """The environment, in which the project can be imported wherever the benchmark is called from."""
    folders = [str(Path(__file__).resolve().parents[2]), os.environ.get("PYTHONPATH", "")]
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, folders))}
