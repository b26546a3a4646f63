"""Before a sweep: the corners of the design tried with one world each, and what the whole would cost."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich import filesize

from experiments.ensemble.spec import SweepSpec
from experiments.errors import SweepError
from experiments.store import chunk_encoding as chunks
from experiments.store.manifest import Manifest

START_SECONDS = 1.5
"""Seconds until spawned processes have imported what they need."""


@dataclass(frozen=True)
class DryRun:
    """What a sweep would take: worlds, blocks, bytes on disk, and seconds on this many processes."""

    worlds: int
    blocks: int
    blocks_done: int
    variables: int
    bytes: int
    seconds: float
    processes: int

    def __str__(self) -> str:
        left = f", {self.blocks_done} of them done" if self.blocks_done else ""
        blocks = f"{self.blocks:,} block{'s' * (self.blocks != 1)}{left}"
        work = f"about {_duration(self.seconds)} on {self.processes} process{'es' * (self.processes > 1)}"
        size = f"{self.variables} variables, about {filesize.decimal(self.bytes)} on disk"
        return f"{self.worlds:,} worlds in {blocks}; {size}; {work}"


def measure(spec: SweepSpec, manifest: Manifest, processes: int, done: int) -> DryRun:
    """Measured on the first block, which is computed and thrown away. Raises what the model raises."""
    block = manifest.blocks[0]
    rows = spec.design.at(np.arange(block.rows.start, block.rows.stop))
    # One world first: it imports the model and reads its tables, which only the first run pays.
    spec.experiment.simulate({name: column[:1] for name, column in rows.items()}, slice(0, 1))
    started = time.perf_counter()
    values = spec.experiment.simulate(rows, block.replicates)
    written = sum(len(chunks.encode(values[name], manifest.chunk_shape(name))) for name in manifest.fields)
    seconds = time.perf_counter() - started
    share = manifest.blocks.worlds / block.worlds
    left = share * (1 - done / len(manifest.blocks))
    starting = START_SECONDS if processes > 1 and left else 0.0
    blocks, variables = len(manifest.blocks), len(manifest.fields)
    seconds = seconds * left / min(processes, blocks) + starting
    return DryRun(manifest.blocks.worlds, blocks, done, variables, int(written * share), seconds, processes)


def try_corners(spec: SweepSpec) -> str:
    """Run the corners of the design, one world each; what went wrong in some of them, empty if nothing did.

    Raises SweepError when all of them fail the same way.
    """
    corners = spec.design.corners()
    together = _failure(spec, corners)
    if not together:
        return ""
    reasons = {int(row): reason for row in corners if (reason := _failure(spec, np.array([row])))}
    if len(reasons) == len(corners) and len(set(reasons.values())) == 1:
        raise SweepError(f"every corner of the design fails: {next(iter(reasons.values()))}")
    if reasons:
        row, reason = next(iter(reasons.items()))
        return f"{len(reasons)} of {len(corners)} corners of the design fail, row {row} with {reason}"
    return f"the corners of the design fail together but not alone: {together}"


def _failure(spec: SweepSpec, rows: NDArray[np.int64]) -> str:
    """Why these rows cannot be run, with one world each; empty if they can."""
    try:
        spec.experiment.simulate(spec.design.at(rows), slice(0, 1))
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s" if seconds >= 1 else "a second"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
