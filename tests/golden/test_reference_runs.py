"""A reference run of every kind gives what it gave: the means everywhere, the bits where the machine is alike."""

from __future__ import annotations

import json

import pytest

from tests.golden.reference_runs import KINDS, STORED, environment, run

STORE = json.loads(STORED.read_text())


@pytest.mark.parametrize("precision", ["double", "single"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_reference_run_gives_what_it_gave(kind: str, precision: str) -> None:
    found, kept = run(kind, precision), STORE["runs"][f"{kind} {precision}"]
    assert found["means"] == pytest.approx(kept["means"], rel=1e-6, nan_ok=True)
    if environment() == STORE["environment"]:
        assert found["digest"] == kept["digest"]
