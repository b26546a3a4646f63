"""Before a sweep: the corners of the design tried with one world each, and what the whole would cost."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from experiments.designs.design import Design
from experiments.ensemble.worker import Experiment
from experiments.errors import SweepError
from experiments.store import zarr_chunks as chunks
from experiments.store.manifest import Manifest

START_SECONDS = 1.5
"""Seconds until spawned processes have imported what they need."""


@dataclass(frozen=True)
class Forecast:
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
        return (
            f"{self.worlds:,} worlds in {blocks}; {self.variables} variables, "
            f"about {_size(self.bytes)} on disk; about {_duration(self.seconds)} on {self.processes} "
            f"process{'es' * (self.processes > 1)}"
        )


def forecast(design: Design, manifest: Manifest, processes: int, done: int) -> Forecast:
    """Measured on the first block, which is computed and thrown away. Raises what the model raises."""
    block, experiment = manifest.blocks[0], Experiment.of(manifest)
    rows = design.rows(block.rows.start, block.rows.stop)
    _warm(experiment, rows)
    started = time.perf_counter()
    values = experiment.simulate(rows, block.replicates)
    written = sum(len(chunks.encode(values[name], manifest.chunk_shape(name))) for name in manifest.fields)
    seconds = time.perf_counter() - started
    share = manifest.blocks.worlds / block.worlds
    left = share * (1 - done / len(manifest.blocks))
    used = min(processes, len(manifest.blocks))
    total = seconds * left / used + (START_SECONDS if processes > 1 and left else 0.0)
    return Forecast(
        manifest.blocks.worlds,
        len(manifest.blocks),
        done,
        len(manifest.fields),
        int(written * share),
        total,
        processes,
    )


def _warm(experiment: Experiment, rows: dict[str, np.ndarray]) -> None:
    """Import the model and read its tables, which only the first run pays."""
    experiment.simulate({name: column[:1] for name, column in rows.items()}, slice(0, 1))


def try_corners(design: Design, experiment: Experiment) -> str:
    """Run the corners of the design, one world each; what went wrong in some of them, empty if nothing did.

    Raises SweepError when all of them fail the same way.
    """
    corners = design.corners()
    rows = design.at(corners)
    try:
        experiment.simulate(rows, slice(0, 1))
    except Exception as error:
        wrong = {
            int(row): reason
            for place, row in enumerate(corners)
            if (reason := _reason(experiment, {name: column[place : place + 1] for name, column in rows.items()}))
        }
        if len(wrong) == len(corners) and len(set(wrong.values())) == 1:
            raise SweepError(f"every corner of the design fails: {next(iter(wrong.values()))}") from error
        if wrong:
            row, reason = next(iter(wrong.items()))
            return f"{len(wrong)} of {len(corners)} corners of the design fail, row {row} with {reason}"
        return f"the corners of the design fail together but not alone: {type(error).__name__}: {error}"
    return ""


def _reason(experiment: Experiment, rows: dict[str, np.ndarray]) -> str:
    try:
        experiment.simulate(rows, slice(0, 1))
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def _size(count: int) -> str:
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return f"{count} bytes"


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s" if seconds >= 1 else "a second"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
