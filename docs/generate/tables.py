"""Parameters, presets, outcomes, reasons, drafts and sources as tables, from the model's own declarations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from docs.generate.markdown import table
from model import data
from model.parameters.declaration import KINDS, Declaration
from model.parameters.presets import PRESETS, months_of
from model.parameters.table import DECLARATIONS
from model.record.variables import OUTCOMES, TRAJECTORIES
from model.states.reasons import REASONS


def declared_tables() -> dict[str, str]:
    """The text of every table, by the name of its file."""
    cited = data.sources()
    rows: dict[str, list[dict[str, object]]] = {
        "kinds.md": [{"kind": f"`{kind}`", "meaning": words} for kind, words in KINDS.items()],
        "presets.md": [
            {
                "preset": f"`{name}`",
                "months": months_of(name),
                "differs from the defaults in": _assignments(changes) or "nothing",
            }
            for name, changes in PRESETS.items()
        ],
        "outcomes.md": [
            {"outcome": f"`{each.name}`", "by": ", ".join(each.dims), "unit": each.unit, "meaning": each.meaning}
            for each in OUTCOMES.values()
        ],
        "monthly.md": [
            {"monthly variable": f"`{each.name}`", "unit": each.unit, "meaning": each.meaning}
            for each in TRAJECTORIES.values()
        ],
        "reasons.md": [
            {"reason": f"`{each.name}`", "to": signatory.replace("_", " "), "counts as": part, "meaning": words}
            for each in REASONS
            for signatory, (part, words) in each.sides.items()
        ],
        "drafts.md": [
            {
                "date": row["id"],
                "text": row["label"],
                "what happened": row["outcome"],
                **{term.replace("_", " "): _blank(row[term]) for term in TERMS},
                "source": f"`{row['source']}`",
            }
            for row in data.table("drafts")
        ],
        "sources.md": [
            {"id": f"`{name}`"} | {key: each.get(key, "") for key in ("title", "publisher", "year", "terms")}
            for name, each in cited.items()
        ],
    }
    tables = {name: table(each) for name, each in rows.items()}
    return tables | {"parameters.md": _parameters(DECLARATIONS.values())}


TERMS = ("ownership_share", "revenue_base", "recognised_aid", "guarantee_strength", "reinvestment_years", "future_aid")


def _parameters(declared: Iterable[Declaration]) -> str:
    return table(
        {
            "parameter": f"`{each.name}`",
            "default": each.default,
            "unit": each.unit,
            "range": each.range_text,
            "meaning": each.meaning,
            "kind": f"`{each.kind}`",
            "source": f"`{each.source}`",
        }
        for each in declared
    )


def _assignments(changes: Mapping[str, object]) -> str:
    return ", ".join(f"`{name}={value}`" for name, value in changes.items())


def _blank(value: object) -> object:
    return "" if value is None else value
