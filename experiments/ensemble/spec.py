"""From the arguments of a sweep to the manifest of the store that answers it; everything is checked here."""

from __future__ import annotations

import platform
import time
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from experiments.designs.design import LABELS, Design
from experiments.ensemble import provenance, worker
from experiments.errors import SweepError
from experiments.store import quantile_summaries as summaries
from experiments.store.block_partition import MONTHS_BLOCK, OUTCOMES_BLOCK, cut
from experiments.store.manifest import Field, Manifest
from model.parameters.declaration import ParameterError
from model.parameters.table import DECLARATIONS

RECORDS = ("outcomes", "summaries", "trajectories")
MOST_MONTHS = 600


def ask(
    design: Design,
    replicates: int,
    months: int,
    preset: str | None,
    seed: int,
    record: str | Sequence[str],
    block_worlds: int | None,
    precision: str,
    model: type | None,
    processes: int,
) -> Manifest:
    """The manifest of the sweep that is asked for. Raises ParameterError or ValueError, in one line.

    Where no size of the blocks is given, they are cut so that so many `processes` have equal work.
    """
    if not isinstance(design, Design):
        raise TypeError(f"a sweep needs a design, such as grid(ownership_share=21), got {type(design).__name__}")
    months = _whole("months", months, 1, MOST_MONTHS)
    seed = _whole("seed", seed, 0, 2**63 - 1)
    replicates = _whole("replicates", replicates, 1, 10**9)
    name, parameters = _base(design, preset)
    monthly, kept = _monthly(record)
    fields = _fields(monthly, kept)
    if block_worlds is None:
        block_worlds = MONTHS_BLOCK if monthly else OUTCOMES_BLOCK
    else:
        block_worlds, processes = _whole("block_worlds", block_worlds, 1, 10**7), 1
    clash = sorted(set(fields) & {*design.names, *design.dims, "replicate", "month", "quantile"})
    if clash:
        raise ParameterError(f"{clash[0]} is a variable of the results and cannot be a column of the design")
    identity = {
        "design": design.digest(),
        "preset": name,
        "parameters": parameters,
        "seed": seed,
        "months": months,
        "replicates": replicates,
        "record": kept,
        "precision": _precision(precision),
        "model": _model_name(model),
        "code_version": provenance.code_hash(_model(model)),
        "data_hash": provenance.data_hash(),
        "monthly": monthly,
    }
    coords, coord_attrs = _coords(str(parameters.get("start", DECLARATIONS["start"].default)), months, monthly, kept)
    return Manifest(
        identity=identity,
        about=_about(identity, design),
        blocks=cut(len(design), replicates, block_worlds, kept == "summaries", processes),
        grid=design.dims,
        fields=fields,
        columns={column: _column_attrs(column) for column in design.names},
        words=_words(design),
        coords=coords,
        coord_attrs=coord_attrs,
    )


def _whole(name: str, value: Any, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or not low <= value <= high:
        raise ParameterError(f"{name}={value}: needs a whole number from {low} to {high}")
    return int(value)


def _precision(name: str) -> str:
    """The precision, if there is one of that name."""
    from model.simulation import dtype_of

    dtype_of(name)
    return name


def _base(design: Design, preset: str | None) -> tuple[str, dict[str, float | str]]:
    """The preset's name, and the parameters that all rows share."""
    from model.parameters.presets import preset as parameters_of

    own = design.base.preset
    if preset is not None and own is not None and preset != own:
        raise ParameterError(f"preset={preset!r}, but the design is made for {own!r}")
    name = preset or own or "documented"
    base = parameters_of(name, **dict(design.base.changes))
    shared = [each for each in DECLARATIONS if each not in design.names]
    return name, {each: _plain(getattr(base, each)) for each in shared}


def _plain(value: Any) -> float | str:
    scalar = np.asarray(value).item()
    return scalar if isinstance(scalar, str) else float(scalar)


def _monthly(record: str | Sequence[str]) -> tuple[list[str], str]:
    """The monthly variables to keep, and what is kept of them: nothing, summaries or their paths."""
    from model.record.recorder import OUTCOMES, TRAJECTORIES, chosen

    if isinstance(record, str):
        if record in RECORDS:
            return (list(TRAJECTORIES) if record != "outcomes" else []), record
        if record not in TRAJECTORIES:
            raise ParameterError(f"record={record!r}: allowed {', '.join(RECORDS)} or a list of monthly variables")
        record = [record]
    names = [name for name in dict.fromkeys(record) if name not in OUTCOMES or name in TRAJECTORIES]
    chosen(names)
    return sorted(names), ", ".join(sorted(names)) or "outcomes"


def _fields(monthly: list[str], kept: str) -> dict[str, Field]:
    from model.record.recorder import OUTCOMES, TRAJECTORIES

    fields = {name: Field(name, ("design", "replicate"), _labels(OUTCOMES[name])) for name in OUTCOMES}
    for name in monthly:
        labels = _labels(TRAJECTORIES[name])
        if kept == "summaries":
            fields[name] = Field(name, ("quantile", "month", "design"), labels)
            mean = labels | {"long_name": f"mean {labels['long_name']}"}
            fields[f"{name}_mean"] = Field(f"{name}_mean", ("month", "design"), mean)
        else:
            fields[name] = Field(name, ("month", "design", "replicate"), labels)
    return fields


def _labels(variable: Any) -> dict[str, str]:
    return {
        "unit": variable.unit,
        "long_name": variable.name.replace("_", " "),
        "meaning": variable.meaning,
    }


def _column_attrs(name: str) -> dict[str, Any]:
    if name in LABELS:
        return {"long_name": name, "meaning": f"name of the {name}", "unit": "name"}
    declared = DECLARATIONS[name]
    labels = {"unit": declared.unit, "long_name": name.replace("_", " "), "meaning": declared.meaning}
    return labels | {"source": declared.source, "low": float(declared.low), "high": float(declared.high)}


def _words(design: Design) -> dict[str, list[str]]:
    """The words in each column of words, sorted."""
    found: dict[str, set[str]] = {}
    for _, rows in design.pieces():
        for name, column in rows.items():
            if column.dtype.kind not in "fiub":
                found.setdefault(name, set()).update(np.unique(column).tolist())
    return {name: sorted(words) for name, words in found.items()}


def _coords(year: str, months: int, monthly: list[str], kept: str) -> tuple[dict[str, Any], dict[str, Any]]:
    coords: dict[str, Any] = {}
    attrs: dict[str, Any] = {}
    if monthly:
        first = np.datetime64(f"{year}-01", "M")
        days = (first + np.arange(months)).astype("datetime64[D]") - first.astype("datetime64[D]")
        coords["month"] = days.astype(np.int64)
        since = f"days since {first.astype('datetime64[D]')}"
        attrs["month"] = {"long_name": "month", "units": since, "calendar": "proleptic_gregorian"}
    if monthly and kept == "summaries":
        coords["quantile"] = np.array(summaries.QUANTILES)
        attrs["quantile"] = {"long_name": "quantile over replicates", "unit": "share"}
    return coords, attrs


def _about(identity: Mapping[str, Any], design: Design) -> dict[str, Any]:
    """What the reader of the store wants to know first."""
    said = (
        "preset",
        "parameters",
        "seed",
        "months",
        "replicates",
        "record",
        "precision",
        "model",
        "code_version",
        "data_hash",
    )
    return {
        "title": "Subsoil: ensemble of worlds",
        **{name: identity[name] for name in said},
        "design_hash": identity["design"],
        "design": design.facts(),
        "versions": provenance.versions(),
        "created": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "host": platform.node(),
    }


def _model(model: type | None) -> type:
    if model is not None:
        return model
    from model.simulation import GeopoliticalEconomy

    return GeopoliticalEconomy  # type: ignore[no-any-return,unused-ignore]


def _model_name(model: type | None) -> str:
    """The name "module:class" by which workers import it; this process also knows a notebook's class."""
    chosen = _model(model)
    if not isinstance(chosen, type):
        raise SweepError(f"model={model!r}: needs a class with the signature of GeopoliticalEconomy")
    name = f"{chosen.__module__}:{chosen.__qualname__}"
    worker.OWN_MODELS[name] = chosen
    return name
