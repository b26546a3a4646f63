"""What a sweep's outcomes depend on, in words and Markdown, every number of which the table of indices holds."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from experiments.analysis.sensitivity.indices_for_design import DRAWS, WIDE, index_table
from experiments.analysis.sensitivity.inputs_and_outcomes import USUAL_OUTCOMES, design_points
from experiments.analysis.sensitivity.one_at_a_time import tornado_table
from experiments.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

MAIN = ("total", "mean absolute effect", "Shapley", "change")
"""The index of each kind of design by which inputs are ranked."""
MEANINGS = {
    "total": "part of the variance of the expected outcome that is left when all other inputs are known (Sobol')",
    "first order": "part of that variance that goes if this input, or all of a group, alone is known (closed)",
    "second order": "part of that variance that two inputs or groups make together, beyond each alone",
    "mean absolute effect": "mean change, up or down, over a step of the whole range (Morris); of a group, all at once",
    "mean effect": "the same with its sign; of words, in the order of the choices",
    "deviation of effects": "spread of that change: large where the input interacts or bends",
    "Shapley": "share of the variance of the expected outcome, also of correlated inputs",
    "PAWN": "distance between the distribution with the input held in a slice and the whole one, 0 to 1",
    "change": "mean difference to the same worlds with the preset's own value",
}
MOST_PAIRS = 5
SMALL = 0.05
"""Shares below this are no leading ones."""


def sensitivity_table(
    results: xr.Dataset, outcomes: Sequence[str] = USUAL_OUTCOMES, groups: Mapping[str, Sequence[str]] | None = None
) -> pd.DataFrame:
    """The tornado of a one-at-a-time design, the indices of any other; see `tornado_table` and `index_table`.

    Raises InputError for `groups` beside a tornado, too.
    """
    if "scenario" not in results.coords:
        return index_table(results, outcomes, groups=groups)
    if groups:
        raise InputError("a tornado moves one input at a time: groups go with sobol, morris and lhs")
    return tornado_table(results, outcomes)


def main_index(table: pd.DataFrame) -> str:
    """The index by which inputs are ranked."""
    return next(name for name in MAIN if (table["index"] == name).any())


def ranked_inputs(table: pd.DataFrame, outcome: str) -> list[str]:
    """Inputs of an outcome, from the one whose main index, or largest change, is greatest; unknown ones last."""
    own = table[(table["outcome"] == outcome) & (table["index"] == main_index(table))]
    size = own.assign(size=np.abs(own["value"])).groupby("input", sort=False)["size"].max()
    return [str(name) for name in size.sort_values(ascending=False, kind="stable", na_position="last").index]


def outcome_rows(table: pd.DataFrame, outcome: str) -> list[dict[str, str]]:
    """One row for each input of an outcome, ranked, with a column for each index: estimate and interval in words."""
    own, main = table[table["outcome"] == outcome], main_index(table)
    ranks = {name: at for at, name in enumerate(ranked_inputs(table, outcome))}
    if main == "change":
        own = own.sort_values("input", key=lambda names: names.map(ranks), kind="stable")
        if (own["value"] == 0).all():
            return []
        return [
            {"input": row["input"], "set to": row["setting"], "change": estimate_words(row)}
            for row in own.to_dict("records")
        ]
    rows: dict[str, dict[str, str]] = {name: {"input": name} for name in ranks}
    for row in own[~own["index"].isin(["variance", "second order"])].to_dict("records"):
        rows.setdefault(row["input"], {"input": row["input"]})[row["index"]] = estimate_words(row)
    columns = dict.fromkeys(name for row in rows.values() for name in row)
    return [{name: row.get(name, "") for name in columns} for row in rows.values()]


def leading_words(table: pd.DataFrame, most: int = 2) -> str:
    """For each outcome the inputs with the largest main index, in one line; "perhaps" where its interval is too wide.

    Shares of less than SMALL are left out.
    """
    own, said = table[table["index"] == main_index(table)], []
    for outcome in dict.fromkeys(table["outcome"]):
        rows = own[own["outcome"] == outcome].set_index("input").loc[ranked_inputs(table, outcome)]
        seen = rows[(rows["value"] >= SMALL) | ((rows["unit"] != "share") & rows["value"].notna())].head(most)
        words = []
        for name, row in seen.to_dict("index").items():
            vague = row["unit"] == "share" and row["high"] - row["low"] > WIDE
            words.append(f"{name} {'perhaps ' * vague}{estimate_words(row)}")
        said.append(f"{rows['meaning'].iloc[0]}: {', '.join(words) or 'nothing can be told from so few runs'}")
    return "; ".join(said)


def pair_rows(table: pd.DataFrame, outcome: str) -> list[dict[str, str]]:
    """The pairs of inputs with the largest second-order indices of an outcome, at most MOST_PAIRS."""
    own = table[(table["outcome"] == outcome) & (table["index"] == "second order")].dropna(subset="value")
    largest = own.sort_values("value", ascending=False, kind="stable").head(MOST_PAIRS)
    return [{"pair": row["input"], "second order": estimate_words(row)} for row in largest.to_dict("records")]


def notes(table: pd.DataFrame, outcome: str) -> list[str]:
    """What is to be known of an outcome's numbers, each said once."""
    own = table[(table["outcome"] == outcome) & (table["note"] != "")]
    return list(dict.fromkeys(own["note"]))


def draws_words(table: pd.DataFrame, outcome: str) -> str:
    """Where the variance of single worlds comes from, in one sentence; "" for a tornado."""
    own = table[(table["outcome"] == outcome) & (table["index"] == "variance")].set_index("input")
    if own.empty:
        return ""
    parts = {name: estimate_words(own.loc[name].to_dict()) for name in DRAWS.values()}
    inputs, draws, both = parts.values()
    return f"Variance between single worlds: inputs {inputs}, random draws {draws}, draws that act with inputs {both}."


def estimate_words(row: dict[str, Any]) -> str:
    """An estimate and its interval: 0.72 (0.44 to 1.07), or what is not known."""
    value, low, high = (float(row[name]) for name in ("value", "low", "high"))
    if np.isnan(value):
        return "not known"
    form = {"share": ".2f", "distance": ".2f", "0/1": ".3f"}.get(row["unit"], ".3g")
    numbers = [f"{each:{form}}" for each in (value, low, high)]
    numbers = [number.removeprefix("-") if float(number) == 0 else number for number in numbers]
    return numbers[0] if np.isnan(low) else f"{numbers[0]} ({numbers[1]} to {numbers[2]})"


def range_words(results: xr.Dataset) -> str:
    """Between what the inputs of these results vary, in words: as the sample was asked for, else as it is."""
    points, said = design_points(results), []
    for name, column in points.inputs.items():
        asked = points.made.get("ranges", {}).get(name, {})
        if column.dtype.kind in "fiu":
            said.append(f"{name} {asked.get('low', column.min()):.4g} to {asked.get('high', column.max()):.4g}")
        else:
            said.append(f"{name} {', '.join(asked.get('choices', sorted(set(column.tolist()))))}")
    return "; ".join(said)


def group_words(attrs: Mapping[str, Any], groups: Mapping[str, Sequence[str]] | None = None, most: int = 1000) -> str:
    """The groups of inputs, of results with these `attrs` or else `groups`, in words; "" where each stands alone.

    Of more than `most` inputs only how many they are.
    """
    made = json.loads(attrs.get("design", "{}")).get("groups", groups or {})
    several = {name: members for name, members in made.items() if list(members) != [name]}
    return "; ".join(
        f"{name} ({', '.join(members) if len(members) <= most else f'{len(members)} inputs'})"
        for name, members in several.items()
    )


def markdown_report(table: pd.DataFrame, made: Sequence[str], picture: str, again: str) -> str:
    """The report: what was run (lines `made`), the picture's file, the tables, and the call that gives them `again`."""
    lines = ["# What the outcomes depend on", "", *made, "", f"![Sensitivity]({picture})", ""]
    indices = [name for name in MEANINGS if (table["index"] == name).any()]
    lines += [f"- **{name}**: {MEANINGS[name]}." for name in indices]
    lines += ["", "In brackets the interval of 95 %. The same numbers from the store:", "", "```sh", again, "```"]
    for outcome in dict.fromkeys(table["outcome"]):
        own = table[table["outcome"] == outcome].iloc[0]
        unit = f" ({own['unit']})" if main_index(table) in ("change", "mean absolute effect") else ""
        lines += ["", f"## {outcome}", "", f"{own['meaning']}{unit}.", ""]
        for rows in (outcome_rows(table, outcome), pair_rows(table, outcome)):
            lines += [*markdown_table(rows), ""] if rows else []
        lines += [draws_words(table, outcome), *(f"- {note}" for note in notes(table, outcome))]
    return "\n".join(lines).rstrip() + "\n"


def markdown_table(rows: Sequence[dict[str, str]]) -> list[str]:
    """The lines of a table in Markdown."""
    cells = [list(rows[0]), ["---"] * len(rows[0]), *(list(row.values()) for row in rows)]
    return [f"| {' | '.join(each)} |" for each in cells]
