"""The three texts that analyses set side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from model.talks.recorded_drafts import draft

OWN_OFFER = {"ownership_share": 0.5, "recognised_aid": 0.0, "guarantee_strength": 0.7, "guarantee_buildup": 0.0}
TEXTS: dict[str, Mapping[str, Any]] = {
    "February": draft("2025-02-12"),
    "April": draft("2025-04-30"),
    "own offer": OWN_OFFER,
}
"""The first American draft, what was signed, and Ukraine's own offer: half of all revenue for a strong guarantee."""
