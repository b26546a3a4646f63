"""One input moved at a time, all else as in the preset: a tornado of paired differences."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import xarray as xr

from experiments.analysis.paired_differences import paired_difference
from experiments.analysis.sensitivity.inputs_and_outcomes import USUAL_OUTCOMES, design_points
from experiments.designs.builders import scenarios
from experiments.designs.design import Design
from experiments.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

BASE = "base"
FEW = "an effect needs two pairs of worlds or more in which both are known: more replicates"


def one_at_a_time(ranges: Mapping[str, Mapping[str, Any]]) -> Design:
    """A row as in the sweep's preset, and one for each end of a range or each choice, along the dimension `scenario`.

    `ranges` are as in the facts of a sample: `low` and `high`, or `choices`, by the name of the input.
    """
    cases: dict[str, dict[str, Any]] = {BASE: {}}
    for name, given in ranges.items():
        for setting in given.get("choices") or (given["low"], given["high"]):
            cases[f"{name}={setting:g}" if isinstance(setting, float) else f"{name}={setting}"] = {name: setting}
    return scenarios(cases)


def tornado_table(results: xr.Dataset, outcomes: Sequence[str] = USUAL_OUTCOMES) -> pd.DataFrame:
    """What each setting changes against the preset, paired by random draws: one row per outcome, input and setting.

    Columns outcome, meaning, index ("change"), input, setting, base (the preset's), value, low, high (interval of
    95 %), unit, pairs, variance_ratio (of a `Difference`) and note. Settings that are the preset's own are left out.
    Raises InputError for results of another design.
    """
    import pandas as pd

    made = json.loads(results.attrs["design"])["method"]
    if made != "scenario" or BASE not in results["scenario"].values.tolist():
        raise InputError(f"a tornado needs one row per setting beside one called {BASE!r}: see `one_at_a_time`")
    points = design_points(results, outcomes)
    names = results["scenario"].values.tolist()
    base, rows = names.index(BASE), []
    for at, outcome in enumerate(points.outcomes):
        unit = points.labels[at]["unit"]
        for row, (name, _, setting) in enumerate(scenario.partition("=") for scenario in names):
            if row == base or points.inputs[name][row] == points.inputs[name][base]:
                continue
            effect = paired_difference(points.worlds[at, base], points.worlds[at, row], unit == "0/1")
            note = "" if effect.pairs == points.replicates else f"known in {effect.pairs} pairs of {points.replicates}"
            note = FEW if effect.pairs < 2 else note
            rows.append(
                {"outcome": outcome, "meaning": points.labels[at]["meaning"], "index": "change"}
                | {"input": name, "setting": setting, "base": points.inputs[name][base]}
                | {"value": effect.difference, "low": effect.low, "high": effect.high, "unit": unit}
                | {"pairs": effect.pairs, "variance_ratio": effect.variance_ratio, "note": note}
            )
    table = pd.DataFrame(rows)
    still = table["value"].eq(0).groupby(table["outcome"]).transform("all")
    return table.assign(note=table["note"].where(~still, "no setting changes it in any world of this run"))
