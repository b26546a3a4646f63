"""A sweep as one value, checked when it is made, and the manifest of the store that will hold its results."""

from __future__ import annotations

import functools
import platform
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.designs.design import LABELS, Design, check_whole
from experiments.ensemble import provenance
from experiments.ensemble.worker import Experiment, importable_name
from experiments.errors import InputError
from experiments.store.block_partition import MONTHS_BLOCK, OUTCOMES_BLOCK, cut
from experiments.store.manifest import Manifest
from experiments.store.quantile_summaries import QUANTILES
from model.parameters.declaration import ParameterError
from model.parameters.table import DECLARATIONS, Parameters

RECORDS = ("outcomes", "summaries", "trajectories")
MOST_MONTHS = 600

Labelled = dict[str, tuple[list[str], dict[str, str]]]
"""Name -> dimensions, and what it is."""
Coordinates = dict[str, tuple[Sequence[str], list[Any], dict[str, str]]]
"""Name -> dimensions, values, and what it is."""


@dataclass(frozen=True)
class SweepSpec:
    """Every row of `design` with replicates 0, 1, ...; `experiments.sweep` says what each choice means.

    Raises ParameterError or InputError, in one line, for a choice that cannot be.
    """

    design: Design
    replicates: int = 200
    months: int = 180
    preset: str | None = None
    seed: int = 0
    record: str | Sequence[str] = "outcomes"
    precision: str = "single"
    block_worlds: int | None = None
    model: type | None = None

    def __post_init__(self) -> None:
        from model.run_arguments import dtype_of

        given: Any = self.design
        if not isinstance(given, Design):
            kind = type(given).__name__
            raise InputError(f"a sweep needs a design, such as grid(ownership_share=21), got {kind}")
        check_whole("months", self.months, 1, MOST_MONTHS)
        check_whole("seed", self.seed, 0, 2**63 - 1)
        check_whole("replicates", self.replicates, 1, 10**9)
        if self.block_worlds is not None:
            check_whole("block_worlds", self.block_worlds, 1, 10**7)
        dtype_of(self.precision)
        object.__setattr__(self, "design", given.filled(vars(self._shared)))
        _ = self.experiment  # raises what its parameters, its record and its model raise

    @property
    def preset_name(self) -> str:
        """The preset of the spec or of its design; raises ParameterError when they contradict each other."""
        own = self.design.base.preset
        if None not in (self.preset, own) and self.preset != own:
            raise ParameterError(f"preset={self.preset!r}, but the design is made for {own!r}")
        return self.preset or own or "documented"

    @property
    def _shared(self) -> Parameters:
        """What a row has of which it says nothing."""
        from model.parameters.presets import preset

        return preset(self.preset_name, **dict(self.design.base.changes))

    @functools.cached_property
    def experiment(self) -> Experiment:
        """How each row becomes numbers."""
        from model.simulation import GeopoliticalEconomy

        shared = {name: each for name, each in vars(self._shared).items() if name not in self.design.names}
        named = isinstance(self.record, str) and self.record in RECORDS
        return Experiment(
            parameters={name: each if isinstance(each, str) else float(each) for name, each in shared.items()},
            seed=int(self.seed),
            months=int(self.months),
            record=str(self.record) if named else ", ".join(self.monthly) or "outcomes",
            precision=self.precision,
            model=importable_name(self.model or GeopoliticalEconomy),
            monthly=self.monthly,
        )

    @functools.cached_property
    def monthly(self) -> list[str]:
        """The monthly variables that are kept, as paths or as summaries of them."""
        from model.record.recorder import recorded_names
        from model.record.variables import OUTCOMES, TRAJECTORIES

        if self.record in RECORDS:
            return [] if self.record == "outcomes" else list(TRAJECTORIES)
        names = {self.record} if isinstance(self.record, str) else {*self.record}
        if isinstance(self.record, str) and self.record not in TRAJECTORIES:
            allowed = f"{', '.join(RECORDS)} or a list of monthly variables"
            raise ParameterError(f"record={self.record!r}: allowed {allowed}")
        return recorded_names(sorted(names - (OUTCOMES.keys() - TRAJECTORIES.keys())))

    def manifest(self, processes: int = 1) -> Manifest:
        """What the store says of itself; its blocks give so many `processes` equal work, unless their size is given."""
        most = self.block_worlds or (MONTHS_BLOCK if self.monthly else OUTCOMES_BLOCK)
        sharing = 1 if self.block_worlds else processes
        identity = {
            "design": self.design.digest(),
            "preset": self.preset_name,
            "replicates": int(self.replicates),
            **vars(self.experiment),
            "code_version": provenance.code_hash(self.experiment.model_class),
            "data_hash": provenance.data_hash(),
        }
        known = {name: value for name, value in identity.items() if name not in ("design", "monthly")}
        made = {"design_hash": identity["design"], "design": self.design.facts(), "versions": provenance.versions()}
        made |= {"start": int(str(self._shared.start))}
        made |= {"created": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "host": platform.node()}
        variables, coords = self._variables(), self._coords()
        labels = {name: labels for name, (_, labels) in variables.items()}
        labels |= {name: labels for name, (_, _, labels) in coords.items()}
        texts = {name: np.unique(values).tolist() for name, (_, values, _) in coords.items()}
        return Manifest(
            identity=identity,
            about={"title": "Subsoil: ensemble of worlds", **known, **made},
            blocks=cut(len(self.design), int(self.replicates), int(most), self.record == "summaries", sharing),
            grid=self.design.dims,
            fields={name: dims for name, (dims, _) in variables.items()},
            columns=self.design.names,
            words=self.design.words() | {name: each for name, each in texts.items() if isinstance(each[0], str)},
            coords={name: (list(dims), values) for name, (dims, values, _) in coords.items()},
            labels=labels | {name: _column_labels(name) for name in self.design.names},
        )

    def _variables(self) -> Labelled:
        """Dimensions and labels of the variables of the results."""
        from model.record.variables import OUTCOMES, TRAJECTORIES

        variables: Labelled = {
            name: ([*each.dims, "design", "replicate"], each.attributes) for name, each in OUTCOMES.items()
        }
        for name in self.monthly:
            labels = TRAJECTORIES[name].attributes
            variables[name] = ["month", "design", "replicate"], labels
            if self.record == "summaries":
                mean = labels | {"long_name": f"mean {labels['long_name']}"}
                variables[name] = ["quantile", "month", "design"], labels
                variables[f"{name}_mean"] = ["month", "design"], mean
        return variables

    def _coords(self) -> Coordinates:
        """Dimensions, values and labels of what labels outcomes, and of the months and quantiles that are kept."""
        from model.record.variables import COORDINATES

        coords: Coordinates = {**COORDINATES}
        if not self.monthly:
            return coords
        year = self.experiment.parameters.get("start", DECLARATIONS["start"].default)
        first = np.datetime64(f"{year}-01", "M")
        days = (first + np.arange(self.experiment.months)).astype("datetime64[D]") - first.astype("datetime64[D]")
        since = f"days since {first.astype('datetime64[D]')}"
        months = {"long_name": "month", "units": since, "calendar": "proleptic_gregorian"}
        coords["month"] = ["month"], days.astype(np.int64).tolist(), months
        if self.record == "summaries":
            labels = {"long_name": "quantile over replicates", "unit": "share"}
            coords["quantile"] = ["quantile"], list(QUANTILES), labels
        return coords


def _column_labels(name: str) -> dict[str, Any]:
    if name in LABELS:
        return {"long_name": name, "meaning": f"name of the {name}", "unit": "name"}
    declared = DECLARATIONS[name]
    labels = {"unit": declared.unit, "long_name": name.replace("_", " "), "meaning": declared.meaning}
    return labels | {"source": declared.source, "low": float(declared.low), "high": float(declared.high)}
