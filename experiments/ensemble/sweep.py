"""Sweeps: every row of a design with every replicate, in blocks, computed and kept; knows no statistics."""

from __future__ import annotations

import contextlib
import functools
import tempfile
import uuid
import warnings
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import xarray as xr

from experiments.designs.design import Design
from experiments.ensemble.dry_run import DryRun, measure, try_corners
from experiments.ensemble.progress import Bar, Listener, progress_bar
from experiments.ensemble.scheduler import Scheduling, dispatch
from experiments.ensemble.signals import held_back
from experiments.ensemble.spec import SweepSpec
from experiments.ensemble.worker import Report, run_block
from experiments.errors import StoreError, SweepError, SweepInterrupted
from experiments.store import creation
from experiments.store.dataset import read_results
from experiments.store.filesystem import files_at
from experiments.store.lock import locked
from experiments.store.manifest import Manifest, another
from experiments.store.store import Store

FAILURES_THAT_STOP = 3
"""So many failing blocks, all alike and none that worked, end a sweep."""


def sweep(  # noqa: PLR0913 - every choice of a sweep, each with its default
    design: Design,
    *,
    replicates: int = 200,
    months: int = 180,
    preset: str | None = None,
    seed: int = 0,
    store: str | Path | None = None,
    record: str | Sequence[str] = "outcomes",
    processes: int = 1,
    block_worlds: int | None = None,
    precision: str = "single",
    scheduler: str | None = None,
    workers: int | None = None,
    progress: bool | Listener = True,
    resume: bool = True,
    dry_run: bool = False,
    model: type | None = None,
) -> xr.Dataset:
    """Run every row of `design` with replicates 0, 1, ...; the results, labelled.

    Replicate r of every row has the same random numbers, so rows can be compared pair by pair. `record` is
    "outcomes", "summaries" (quantiles and means of the monthly variables over replicates as well),
    "trajectories" (their paths as well) or the names of some monthly variables. `store` is a folder or
    an fsspec address; a sweep that was interrupted goes on there, as one with more replicates does, a finished
    one is only opened, another one's is refused. Without `store` the results are held in memory. `processes` of
    this machine share the blocks, or the `workers` of a local Dask cluster, or those of the cluster at
    `scheduler`, whose workers should keep freed memory: Dask's own setting makes them give it back after every
    array, and a warning says how to change it. Worlds are
    computed in the "single" `precision` in which they are kept, or in "double" as by a model run alone, on
    the same random numbers, `block_worlds` together (default up to 8,192, half as many where months are kept).
    `progress` shows a bar, or is called with (worlds done, worlds in all). `dry_run` computes one block
    and returns an empty dataset whose attributes say what the whole would take (see `plan`). `model`
    replaces GeopoliticalEconomy by a class of the same signature.

    Raises ParameterError or InputError before anything runs, StoreError, SweepError when everything fails the
    same way, and SweepInterrupted after Ctrl-C. Rows that fail are NaN, and listed by `failures`.
    """
    spec = SweepSpec(design, replicates, months, preset, seed, record, precision, block_worlds, model)
    scheduling = Scheduling(processes, workers, scheduler)
    if dry_run:
        expected = dry_run_of(spec, store, scheduling)
        return xr.Dataset(attrs=asdict(expected) | {"dry_run": str(expected)})
    return run_sweep(spec, store, scheduling, progress, resume)


def plan(design: Design, *, store: str | Path | None = None, processes: int = 1, **choices: Any) -> DryRun:
    """What `sweep` with the same choices would take; computes one block to know it, and writes nothing."""
    return dry_run_of(SweepSpec(design, **choices), store, Scheduling(processes))


def failures(store: str | Path) -> list[dict[str, Any]]:
    """The rows of a store that failed: row, replicates, parameters, error and traceback of each."""
    return Store(store).failures()


def dry_run_of(spec: SweepSpec, store: str | Path | None, scheduling: Scheduling) -> DryRun:
    """What the sweep would take, or what is left of it in `store`; writes nothing."""
    manifest, done = spec.manifest(scheduling.count), 0
    if store is not None and creation.exists(store):
        kept = _same(store, spec, manifest)
        manifest, done = kept.manifest.with_replicates(manifest.blocks.replicates), len(kept.progress().sound)
    return measure(spec, manifest, scheduling.count, done)


def run_sweep(
    spec: SweepSpec,
    store: str | Path | None = None,
    scheduling: Scheduling = Scheduling(),
    progress: bool | Listener = True,
    resume: bool = True,
) -> xr.Dataset:
    """The results of the sweep; computes what `store` lacks of them, or all of them in memory. See `sweep`."""
    if store is not None:
        _fill(store, spec, scheduling, progress, resume)
        return _results(store)
    with tempfile.TemporaryDirectory(prefix="subsoil-") as folder:
        try:
            _fill(Path(folder) / "results.zarr", spec, scheduling, progress, resume)
        except SweepInterrupted:
            raise SweepInterrupted("stopped, and nothing is kept; with store=... the same call can go on") from None
        results = _results(Path(folder) / "results.zarr").load()
        del results.attrs["store"]
        return results


def _results(address: str | Path) -> xr.Dataset:
    """What a sweep has just put in a store; it has already said what failed."""
    store = Store(address)
    return read_results(store, store.progress())


def _same(address: str | Path, spec: SweepSpec, manifest: Manifest) -> Store:
    """The store that is there; raises StoreError, naming what differs, when it holds another experiment."""
    store = Store(address)
    if store.manifest.identity["design"] != manifest.identity["design"]:
        raise another(store.address, spec.design.difference(store.manifest.grid, store.rows(slice(None))))
    store.manifest.compare(manifest.identity, store.address)
    return store


def _fill(
    address: str | Path, spec: SweepSpec, scheduling: Scheduling, progress: bool | Listener, resume: bool
) -> None:
    """Compute what the store lacks; nothing, and without a lock, when it lacks nothing."""
    manifest = spec.manifest(scheduling.count)
    if creation.exists(address):
        if not resume:
            raise StoreError(f"{Store(address).address} exists; go on with it (resume) or choose another store")
        store = _same(address, spec, manifest)
        grows = store.blocks.replicates < manifest.blocks.replicates
        if not grows and store.attributes.get("complete") and store.progress(content=True).complete:
            return
    scheduling.prepare()
    with locked(files_at(address)):
        if not creation.exists(address):
            with held_back():
                store = creation.create(address, manifest, spec.design.pieces())
        else:
            store = _same(address, spec, manifest)
            store.files.remove_partial()
            if store.blocks.replicates < manifest.blocks.replicates:
                with held_back():
                    store = creation.add_replicates(store, manifest.blocks.replicates)
        there = store.progress(content=True)
        if there.lost_coordinates:
            store = creation.mend_coordinates(store, manifest, spec.design.pieces())
        store.forget(there.done - there.sound)
        store.say_complete(False)
        if there.missing:
            _compute(store, there.missing, spec, scheduling, progress)
            store.files.remove_partial()  # a worker that was killed may have left half a file
        with held_back():
            store.pack()
        store.say_complete(store.progress().complete)


def _compute(
    store: Store, missing: list[int], spec: SweepSpec, scheduling: Scheduling, progress: bool | Listener
) -> None:
    task = functools.partial(run_block, store.address, run=uuid.uuid4().hex[:8])
    with contextlib.ExitStack() as starting:
        with held_back():
            pool = scheduling.open_pool(task, len(missing))
            starting.callback(pool.close, at_once=True)
        if wrong := try_corners(spec):  # while the workers start
            warnings.warn(wrong, stacklevel=5)
        starting.pop_all()
    todo = sum(store.blocks[number].worlds for number in missing)
    with progress_bar(store.blocks.worlds, store.blocks.worlds - todo, progress) as bar:
        judge = _Judge(bar, min(FAILURES_THAT_STOP, len(missing)))
        try:
            dispatch(pool, missing, judge.receive)
        except KeyboardInterrupt:
            store.pack()
            done = f"{len(store.progress().sound)} of {len(store.blocks)} blocks are done in {store.address}"
            raise SweepInterrupted(f"stopped: {done}; the same call goes on with the rest") from None
    if judge.wrong:
        some = f"{len(judge.wrong)} of {len(store.blocks)} blocks have rows that failed and are NaN"
        first = _last_line(judge.wrong[0])
        warnings.warn(f"{some}, the first by {first}; failures(store) lists them", stacklevel=5)


@dataclass
class _Judge:
    """Takes in reports, counts worlds, and ends a sweep after so many failures of a kind, of which none worked."""

    bar: Bar
    most: int
    worked: int = 0
    wrong: list[str] = field(default_factory=list)

    def receive(self, report: Report) -> None:
        """Count a block; raises StoreError or SweepError when there is no point in going on."""
        if report.status == "stop":
            raise StoreError(report.message)
        self.bar.advance(report.worlds)
        self.worked += report.status in ("done", "partial")
        if report.status == "done":
            return
        self.wrong.append(report.message)
        if not self.worked and len(self.wrong) >= self.most and len(set(map(_last_line, self.wrong))) == 1:
            raise SweepError(f"every block fails the same way: {_last_line(report.message)}")


def _last_line(text: str) -> str:
    return text.strip().rpartition("\n")[2]
