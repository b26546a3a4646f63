"""A notebook may name a preset of its own; no other test meets it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from model import PRESETS


@pytest.fixture(autouse=True)
def forget_new_presets() -> Iterator[None]:
    """Take away the presets that a notebook has added."""
    known = set(PRESETS)
    yield
    for name in set(PRESETS) - known:
        del PRESETS[name]
