"""The reference runs: six kinds, in both precisions. `python -m tests.golden.reference_runs` stores them anew."""

from __future__ import annotations

import hashlib
import json
import platform
from pathlib import Path
from typing import Any

import numpy as np
import scipy

from experiments.store.dataset import flat_columns
from model import GeopoliticalEconomy, Parameters, preset
from model.record.variables import DIMENSIONS

STORED = Path(__file__).with_name("reference_runs.json")
WORLDS, SEED = 64, 11
APRIL: dict[str, Any] = {
    "ownership_share": 0.5,
    "revenue_base": 0.4,
    "guarantee_strength": 0.3,
    "guarantee_buildup": 24,
    "tripwire": "H2",
    "reinvestment_years": 10,
    "future_aid": 2,
}
KINDS: dict[str, tuple[Parameters, int]] = {
    "fixed": (preset("documented", **APRIL), 180),
    "bargained": (preset("documented", talks="bargained"), 120),
    "scripted": (preset("documented", talks="scripted"), 120),
    "imposed": (preset("documented", talks="imposed", **APRIL), 180),
    "quota_crisis_2010": (preset("quota_crisis_2010"), 108),
    "licences_2025": (preset("licences_2025"), 36),
}
OUTCOMES = (
    "ukraine_accepts", "united_states_accepts", "signed", "ratified", "breakdowns", "guarantee_broken",
    "deal_with_russia", "deal_gain_ukraine", "deal_gain_united_states", "renewals", "months_of_fighting",
    "occupied_share_end", "china_mine_share_end", "entrant_defaults", "restricted_months", "peak_wedge_heavy",
    "price_magnet_end", "price_heavy_end", "welfare_ukraine", "welfare_china",
)  # fmt: skip
"""Twenty outcomes whose means are stored."""


def run(kind: str, precision: str) -> dict[str, Any]:
    """Means of the twenty outcomes, and a digest of every bit of all outcomes and monthly paths."""
    parameters, months = KINDS[kind]
    model = GeopoliticalEconomy(parameters, worlds=WORLDS, months=months, rng=SEED, precision=precision)
    record = flat_columns(model.run(), DIMENSIONS)
    digest = hashlib.sha256()
    for name in sorted(str(each) for each in record.data_vars):
        digest.update(name.encode() + np.ascontiguousarray(record[name].values).tobytes())
    means = {name: float(record[name].astype(float).mean()) for name in OUTCOMES}
    return {"means": means, "digest": digest.hexdigest()}


def environment() -> str:
    """What decides the last bit beside the code: NumPy, SciPy, and the instructions of the processor."""
    from numpy._core._multiarray_umath import __cpu_features__ as features

    found = ",".join(sorted(name for name, there in features.items() if there))
    return f"numpy {np.__version__}, scipy {scipy.__version__}, {platform.machine()}, {found}"


def every_run(stored: dict[str, Any]) -> dict[str, Any]:
    """All reference runs, by kind and precision, each mean beside the one that was `stored` before."""
    runs = {f"{kind} {precision}": run(kind, precision) for kind in KINDS for precision in ("double", "single")}
    return {name: found | {"before": stored[name]["means"]} for name, found in runs.items()}


if __name__ == "__main__":
    renewed = every_run(json.loads(STORED.read_text())["runs"])
    STORED.write_text(json.dumps({"environment": environment(), "runs": renewed}, indent=1) + "\n")
