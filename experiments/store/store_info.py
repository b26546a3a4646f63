"""What is in a store, for `subsoil info`: which sweep it holds, how far it is, how long it took."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.store.store import Store

ELSEWHERE = ("parameters", "caution")
"""What the text leaves out: the command line warns, and knows all parameters."""


@dataclass(frozen=True)
class Description:
    """What a store holds and how it came about; `str` gives it as text, `facts` as JSON."""

    facts: dict[str, Any]

    def __str__(self) -> str:
        lines = {name: value for name, value in self.facts.items() if name not in ELSEWHERE and value not in ("", [])}
        width = max(map(len, lines))
        return "\n".join(f"{name.replace('_', ' '):<{width}}  {_text(value)}" for name, value in lines.items())


def describe(store: str | Path) -> Description:
    """The sweep that a store holds, its variables, blocks, bytes and seconds. Raises StoreError."""
    source = Store(store)
    manifest, marks, progress = source.manifest, source.marks(), source.progress(content=True)
    about, failed = manifest.about, source.failures()
    worlds, seconds, size = (
        sum(mark.get(name, 0) for mark in marks.values()) for name in ("worlds", "seconds", "bytes")
    )
    by_dims: dict[str, list[str]] = {}
    for name, dims in manifest.fields.items():
        by_dims.setdefault(" × ".join(dims), []).append(name)
    facts: dict[str, Any] = {
        "store": source.address,
        "complete": progress.complete,
        "caution": progress.caution,
        "worlds": manifest.blocks.worlds,
        "worlds_done": worlds,
        "dimensions": dict(manifest.grid) | {"replicate": manifest.blocks.replicates},
        "columns": list(manifest.columns),
        "variables": by_dims,
        "blocks": progress.blocks,
        "blocks_done": len(progress.sound),
        "worlds_per_block": manifest.blocks.block_rows * manifest.blocks.block_replicates,
        "damaged": [*progress.lost_coordinates, *(f"block {number}" for number in progress.damaged)],
        "rows_failed": progress.rows_failed,
        "first_failure": failed[0]["error"] if failed else "",
        "bytes": size,
        "seconds_of_work": round(seconds, 2),
        "seconds_per_block": round(seconds / max(len(marks), 1), 3),
        "worlds_per_second_of_work": round(worlds / seconds) if seconds else 0,
    }
    elsewhere = ("design", "monthly", "parameters")
    facts |= {name: value for name, value in manifest.identity.items() if name not in elsewhere}
    return Description(facts | {name: about[name] for name in ("design_hash", "created", "versions", "parameters")})


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_text(each)}" for name, each in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
