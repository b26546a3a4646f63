"""What discoveries say, in tables, words and Markdown; every number is computed from the points of the results."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments.analysis.discovery.boxes import HIGH, LOW, WORDS, Limit, Side, measures
from experiments.analysis.discovery.discovery import HALVES, Discovery, Restriction
from experiments.analysis.discovery.failures_by_point import FailurePoints
from experiments.analysis.sensitivity.report import markdown_table
from experiments.analysis.shares_and_survival import percent
from model.parameters.table import DECLARATIONS

if TYPE_CHECKING:
    import pandas as pd

MEANINGS = {
    "coverage": "of all worlds that fail, the share inside the box; in brackets the interval of 95 %",
    "density": "of the worlds inside the box, the share that fails; likewise",
    "mass": "of all known worlds, the share inside the box",
    "in the other half": f"the box found in half of the points and measured in the other, mean of {HALVES} halvings: "
    "what new points would show on the same draws, for a box is flattered by the points that it was chosen on",
    "quasi-p": "chance of as many failures without this restriction (one-sided binomial, Bryant and Lempert 2010); "
    "small is necessary and not sufficient, for the box was chosen on these points",
    "seen again": "part of half-samples whose own box restricts that side too; those below half are dropped",
}
POINTS = (
    "A point of the design is a row with its worlds, of which the share that fails counts. Worlds of one point are not "
    "independent: quasi-p counts as many as the spread between points is worth (Rao and Scott 1992); intervals add the "
    "random draws, which all points share (Cameron, Gelbach and Miller 2011). A box is reported only if the same "
    "outcomes, dealt at random to the points, give none as good in 99 trials."
)


class Extent(NamedTuple):
    """What an input varies over: numbers from `low` to `high`, by equal ratios if `log`, or `words`; and its unit."""

    low: float
    high: float
    log: bool
    words: tuple[str, ...]
    unit: str


def extent(points: FailurePoints, name: str) -> Extent:
    """What an input of the points varies over: as it was sampled, else as it is."""
    asked, column = points.ranges.get(name, {}), points.inputs[name]
    unit = DECLARATIONS[name].unit if name in DECLARATIONS else ""
    if column.dtype.kind != "f":
        known = set(column.tolist())
        order = asked.get("choices") or (DECLARATIONS[name].choices if name in DECLARATIONS else sorted(known))
        return Extent(np.nan, np.nan, False, tuple(word for word in order if word in known), unit)
    low, high = (float(asked.get(end, pick(column))) for end, pick in (("low", np.min), ("high", np.max)))
    return Extent(low, high, bool(asked.get("log", False)), (), unit)


def side_words(side: Side, limit: Limit) -> str:
    """A restriction without its input: at least 0.31, one of H2, H4, or is H2."""
    if isinstance(limit, tuple):
        return f"{WORDS} {', '.join(limit)}" if len(limit) > 1 else f"is {limit[0]}"
    return f"{side[1]} {limit:.3g}"


def range_words(points: FailurePoints, name: str) -> str:
    """What an input varies over, with its unit."""
    whole = extent(points, name)
    unit = f" {whole.unit}" if whole.unit not in ("", "1", "choice", "share", "0/1") else ""
    return ", ".join(whole.words) if whole.words else f"{whole.low:.3g} to {whole.high:.3g}{unit}"


def box_words(discovery: Discovery) -> str:
    """All restrictions of a box in one line; the note where there is none."""
    parts = [f"{each.side[0].replace('_', ' ')} {side_words(each.side, each.limit)}" for each in ordered(discovery)]
    return "; ".join(parts) if parts else discovery.note


def ordered(discovery: Discovery) -> list[Restriction]:
    """The restrictions, sides of one input beside each other, the one of the smallest quasi-p first."""
    least: dict[str, float] = {}
    for each in discovery.restrictions:
        least[each.side[0]] = min(each.quasi_p, least.get(each.side[0], 1.0))
    sides = {LOW: 0, HIGH: 1, WORDS: 2}
    return sorted(discovery.restrictions, key=lambda each: (least[each.side[0]], each.side[0], sides[each.side[1]]))


def restriction_table(discoveries: Sequence[Discovery]) -> pd.DataFrame:
    """One row for each restriction that is in a box, or was dropped from one (`kept`)."""
    import pandas as pd

    columns = ("failure", "input", "side", "limit", "range", "quasi_p", "seen_again", "kept")
    rows = []
    for found in discoveries:
        for kept, each in [(True, each) for each in ordered(found)] + [(False, each) for each in found.left_out]:
            limit = ", ".join(each.limit) if isinstance(each.limit, tuple) else each.limit
            whole = range_words(found.points, each.side[0])
            rows.append((found.failure.name, *each.side, limit, whole, each.quasi_p, each.seen_again, kept))
    return pd.DataFrame(rows, columns=list(columns))


def summary_table(discoveries: Sequence[Discovery]) -> pd.DataFrame:
    """One row for each failure: how often it comes, what is unknown, and its box's measures, else NaN."""
    import pandas as pd

    return pd.DataFrame([_summary(found) for found in discoveries])


def _summary(found: Discovery) -> dict[str, Any]:
    points, box = found.points, bool(found.restrictions)
    row: dict[str, Any] = {
        "failure": found.failure.name, "rule": found.failure.rule, "meaning": found.failure.meaning,
        "method": found.method, "points": points.rows, "worlds": points.worlds, "unknown": points.unknown,
        "fails": points.base, "box": box_words(found) if box else "", "mass": found.measures.mass if box else np.nan,
    }  # fmt: skip
    for name in ("coverage", "density"):
        estimate = found.intervals[name] if box else (np.nan,) * 3
        row |= dict(zip((name, f"{name}_low", f"{name}_high"), map(float, estimate), strict=True))
        row[f"{name}_in_other_half"] = getattr(found.held_out, name) if box else np.nan
    return row | {"note": found.note}


def candidate_table(found: Discovery) -> pd.DataFrame:
    """The boxes that one was chosen from: their measures and how many inputs each restricts."""
    import pandas as pd

    rows = [
        measures(found.points, box)._asdict() | {"restricted": len({name for name, _ in box})}
        for box in found.candidates
    ]
    return pd.DataFrame(rows, columns=["mass", "coverage", "density", "correlation", "restricted"])


def restriction_rows(found: Discovery) -> list[dict[str, str]]:
    """The restrictions of a box in words, for a table."""
    return [
        {"input": each.side[0], "restricted to": side_words(each.side, each.limit)}
        | {"of": range_words(found.points, each.side[0]), "quasi-p": small(each.quasi_p)}
        | {"seen again": share_words(each.seen_again)}
        for each in ordered(found)
    ]


def share_words(share: float) -> str:
    """A share in words: 93.0 %."""
    return f"{100 * share:.1f} %"


def small(value: float) -> str:
    """A quasi-p in words."""
    return "below 0.001" if value < 0.001 else f"{value:.3f}"


def base_words(found: Discovery) -> str:
    """How often it fails, and what is unknown, in one sentence."""
    points = found.points
    if not points.rows:
        return f"Known in none of {points.worlds:,} worlds."
    unknown = f"; unknown in {share_words(points.unknown)} of worlds, which are left out" if points.unknown > 0 else ""
    return f"Fails in {share_words(points.base)} of known worlds, {points.rows:,} points{unknown}."


def measure_words(found: Discovery) -> str:
    """Coverage, density and mass of a box, and what the other halves say, in words."""
    said = [f"{name} {percent(*map(float, estimate))}" for name, estimate in found.intervals.items()]
    assert found.held_out is not None
    other = f"coverage {share_words(found.held_out.coverage)}, density {share_words(found.held_out.density)}"
    return sentence(f"{', '.join(said)}, mass {share_words(found.measures.mass)}; in the other half {other}")


def sentence(words: str) -> str:
    """Words with a capital at their beginning and a full stop at their end."""
    return f"{words[:1].upper()}{words[1:]}."


def left_out_words(found: Discovery) -> str:
    """Which restrictions were dropped and why, in one sentence; "" if none."""
    said = []
    for each in found.left_out:
        why = f"quasi-p {small(each.quasi_p)}, seen again {share_words(each.seen_again)}"
        said.append(f"{each.side[0]} {side_words(each.side, each.limit)} ({why})")
    return f"Dropped as weak or not seen again: {'; '.join(said)}." if said else ""


def markdown_report(discoveries: Sequence[Discovery], made: Sequence[str], picture: str, again: str) -> str:
    """The report: what was run (lines `made`), the picture's file, a part for each failure, and the call `again`."""
    lines = ["# When it fails", "", *made, "", f"![Discovery]({picture})", ""]
    lines += [POINTS, "", *(f"- **{name}**: {words}." for name, words in MEANINGS.items())]
    lines += ["", "The same numbers from the store:", "", "```sh", again, "```"]
    for found in discoveries:
        lines += [
            "",
            f"## {sentence(found.failure.meaning)[:-1]}",
            "",
            f"`{found.failure.rule}`. {base_words(found)}",
            "",
        ]
        if found.restrictions:
            lines += [*markdown_table(restriction_rows(found)), "", measure_words(found)]
        else:
            lines += [f"**{sentence(found.note)}**"]
        lines += ["", left_out_words(found)] if found.left_out else []
    return "\n".join(lines).rstrip() + "\n"
