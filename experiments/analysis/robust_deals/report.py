"""The findings about deals in words and Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from experiments.analysis.robust_deals.best_and_rivals import DealFindings, terms_words
from experiments.analysis.robust_deals.robustness import ALL
from experiments.analysis.sensitivity.report import markdown_table
from experiments.analysis.shares_and_survival import percent
from model.parameters.table import DECLARATIONS
from model.states.deal import TERMS

MOST_DEALS, MOST_CHANGES, MOST_RIVALS = 10, 10, 5
COMPARED = 6
"""Deals that are shown across states; regrets are to the best of all."""
SIGNERS = {"both_sign": "both would sign", "ukraine_signs": "Ukraine", "united_states_signs": "United States"}


def share_words(row: Any, name: str) -> str:
    """A share of a row of `deal_table` and its interval."""
    return percent(*(float(row[f"{name}{end}"]) for end in ("", "_low", "_high")))


def portion(share: float) -> str:
    """A threshold in words."""
    return "half" if share == 0.5 else f"{share:.0%}"


def answer_lines(findings: DealFindings, peace: str) -> list[str]:
    """The answer in sentences: the deal that keeps the peace most often, or what keeps the zone of agreement empty."""
    table, half = findings.table, portion(findings.threshold)
    known = table["both_sign"].notna()
    lines = [
        f"Of {len(table):,} deals both would sign {int(table['signable'].sum()):,} in at least {half} of worlds; "
        f"{int(table['pareto'].sum()):,} are in the Pareto set of both gains and the peace."
    ]
    if (unknown := int((~known).sum())) and known.any():
        lines.append(f"Of {unknown:,} deals no answer is known; they count neither way.")
    if findings.best is None:
        return lines + _empty_lines(findings)
    own = table.loc[findings.best]
    lines += [
        f"The deal that keeps the peace most often is {findings.best}: {terms_words(table, findings.best)}.",
        f"Both would sign it in {share_words(own, 'both_sign')} of worlds (Ukraine in "
        f"{share_words(own, 'ukraine_signs')}, the United States in {share_words(own, 'united_states_signs')}); peace "
        f"in {share_words(own, 'peace')} ({peace}; known in {int(own['peace_known']):,} worlds).",
        f"Ukraine gains {own['ukraine_gain']:+.2f} and the United States {own['united_states_gain']:+.2f} percent of "
        f"Ukraine's GDP, before private types. It is the best in {own['best_sure']:.0%} of resamples of the draws.",
    ]
    if findings.checked_peace == findings.checked_peace:
        lines.append(
            "Chosen by one half of the draws and measured by the other, the deal that is best keeps the peace in "
            f"{100 * findings.checked_peace:.1f} %: the best of many looks better than it is."
        )
    if findings.rivals:
        more = "" if len(findings.rivals) <= MOST_RIVALS else " and others"
        listed = ", ".join(findings.rivals[:MOST_RIVALS])
        lines.append(f"{len(findings.rivals)} other deals cannot be told from it by their peace: {listed}{more}.")
    return lines + _break_lines(findings)


def _break_lines(findings: DealFindings) -> list[str]:
    if findings.breaks is None:
        return []
    assumed = findings.breaks[~findings.breaks["input"].isin(TERMS)]
    if not set(findings.tried) - set(TERMS):
        return []
    if assumed.empty:
        return [
            "No single change of an assumption that was tried makes one of the two refuse in more than half of worlds."
        ]
    row = assumed.iloc[0]
    return [f"What would break it soonest: {change_words(row)}; then {row['refuses']} refuses in most worlds."]


def _empty_lines(findings: DealFindings) -> list[str]:
    table = findings.table
    if findings.nearest is None:
        return []
    if table["signable"].any():
        return ["Which of these keeps the peace most often is not known."]
    counts = [f"{int((table[name] >= findings.threshold).sum()):,}" for name in list(SIGNERS)[1:]]
    own = table.loc[findings.nearest]
    reasons = "; ".join(f"{words} {part:+.1f}" for words, part in findings.against.items())
    lines = [
        f"The zone of agreement is empty: Ukraine would sign {counts[0]} of them and the United States {counts[1]}, "
        f"each in at least {portion(findings.threshold)} of worlds, but both none.",
        f"Nearest is {findings.nearest} ({terms_words(table, findings.nearest)}), which both would sign in "
        f"{share_words(own, 'both_sign')}: Ukraine in {share_words(own, 'ukraine_signs')}, the United States in "
        f"{share_words(own, 'united_states_signs')}.",
        f"It is {findings.refuses} that keeps it empty there, for {reasons} (percent of Ukraine's GDP).",
    ]
    if findings.fills is not None and not findings.fills.empty:
        lines.append(f"The smallest single change that fills it: {change_words(findings.fills.iloc[0])}.")
    elif findings.fills is not None:
        pair = findings.pair
        lines.append("No single change that was tried fills it.")
        if pair is None:
            lines.append("Nor do two together, of those tried.")
        else:
            both = " and ".join(_move(each["input"], each["now"], each["needed"]) for each in pair["moves"])
            lines.append(
                f"Two together do, of those tried the smallest: {both}; then both sign in {pair['both_sign']:.0%}."
            )
    return lines


def change_words(row: Any) -> str:
    """A change of one input: what, from where to where with its interval, and how large in units of its range."""
    interval = "" if pd.isna(row["low"]) else f" ({row['low']:.3g} to {row['high']:.3g})"
    size = "a switch" if DECLARATIONS[row["input"]].choices else f"{row['size']:.1%} of its range"
    return f"{_move(row['input'], row['now'], row['needed'])}{interval}, {size}"


def _move(name: str, now: Any, needed: Any) -> str:
    unit = DECLARATIONS[name].unit
    words = "" if unit in ("1", "share", "choice", "probability") else f" {unit}"
    values = [each if isinstance(each, str) else f"{each:.3g}" for each in (now, needed)]
    return f"{name.replace('_', ' ')} from {values[0]} to {values[1]}{words}"


def _shown_order(table: pd.DataFrame) -> pd.DataFrame:
    """The signable deals by their peace, then the others of the Pareto set by how often both would sign."""
    order = table.assign(score=table["peace"].where(table["signable"], table["both_sign"] - 2))
    order = order[order["signable"] | order["pareto"]]
    return order.sort_values(["score", "both_sign"], ascending=False, kind="stable")


def shown_robust(findings: DealFindings) -> pd.DataFrame | None:
    """The rows of `robustness` of at most COMPARED deals: those that are shown first among all deals, then others."""
    if findings.robust is None:
        return None
    there = set(findings.robust["deal"])
    order = [*(name for name in _shown_order(findings.table).index if name in there), *findings.robust["deal"]]
    chosen = list(dict.fromkeys(order))[:COMPARED]
    rows = [findings.robust[findings.robust["deal"] == name] for name in chosen]
    return pd.concat(rows, ignore_index=True)


def deal_rows(table: pd.DataFrame, most: int = MOST_DEALS) -> list[dict[str, str]]:
    """The signable deals by their peace, then the others of the Pareto set by how often both would sign."""
    order = _shown_order(table)
    rows = []
    for name, row in order.head(most).iterrows():
        sure = "" if pd.isna(row["pareto_sure"]) else f"{row['pareto_sure']:.0%}"
        shares = {words: share_words(row, share) for share, words in {**SIGNERS, "peace": "peace"}.items()}
        gains = {f"gain {who}": f"{row[key]:+.2f}" for key, who in
                 (("ukraine_gain", "Ukraine"), ("united_states_gain", "United States"))}  # fmt: skip
        rows.append({"deal": str(name), **shares, **gains, "in the Pareto set": sure})
    return rows


def term_rows(table: pd.DataFrame, deals: Sequence[str]) -> list[dict[str, str]]:
    """The terms of some deals, one row for each term."""
    terms = [name for name in TERMS if name in table]
    return [
        {"term": name.replace("_", " "), "unit": DECLARATIONS[name].unit}
        | {deal: f"{table.loc[deal, name]:.3g}" for deal in deals}
        for name in terms
    ]


def robustness_rows(robust: pd.DataFrame) -> list[dict[str, str]]:
    """One row for each deal over all states: in how many it satisfies, and how much is regretted at worst."""
    rows = []
    for row in robust[robust["group"] == ALL].to_dict("records"):
        rows.append(
            {"deal": row["deal"], "satisfies in": percent(row["share"], row["low"], row["high"])}
            | {"states known": f"{row['known']} of {row['states']}", "largest regret": _number(row["max_regret"])}
            | {"checked": _number(row["checked_regret"])}
        )
    return rows


def group_rows(robust: pd.DataFrame) -> list[dict[str, str]]:
    """One row for each deal: the share of states in which it satisfies, and its largest regret, by group of states."""
    groups = [group for group in dict.fromkeys(robust["group"]) if group != ALL]
    rows = []
    for deal, own in robust.set_index("group").groupby("deal", sort=False):
        cells = {}
        for group in groups:
            row = own.loc[group]
            share = "unknown" if pd.isna(row["share"]) else f"{100 * row['share']:.0f} %"
            cells[group] = f"{share} / {_number(row['max_regret'])}"
        rows.append({"deal": str(deal), **cells})
    return rows if groups else []


def _number(value: float) -> str:
    return "unknown" if pd.isna(value) else f"{value:.2f}"


def change_rows(table: pd.DataFrame, most: int = MOST_CHANGES) -> list[dict[str, str]]:
    """The smallest changes, one a row."""
    rows = []
    for row in table.head(most).to_dict("records"):
        unit = DECLARATIONS[row["input"]].unit
        values = [each if isinstance(each, str) else f"{each:.3g}" for each in (row["now"], row["needed"])]
        interval = "" if pd.isna(row["low"]) else f" ({row['low']:.3g} to {row['high']:.3g})"
        of_range = "a switch" if DECLARATIONS[row["input"]].choices else f"{row['size']:.1%}"
        kind = "term" if row["input"] in TERMS else "assumption"
        rows.append(
            {"input": row["input"].replace("_", " "), "kind": kind, "unit": unit, "now": values[0]}
            | {"needed": values[1] + interval, "of its range": of_range, "in resamples": f"{row['sure']:.0%}"}
            | {"less willing there": row["refuses"]}
        )
    return rows


def markdown_report(
    findings: DealFindings, peace: str, made: str, pictures: Sequence[tuple[str, str]], again: str
) -> str:
    """The report: how it was `made`, the answer, `pictures` (title, file), tables, and the call to get it `again`."""
    title = "# The deal both would sign that keeps the peace most often"
    lines = [title, "", f"{made}.", "", *(f"{line}\n" for line in answer_lines(findings, peace))]
    lines += [f"![{words}]({file})\n" for words, file in pictures]
    lines += [
        "Numbers in brackets are intervals of 95 %. The same numbers from what is kept:",
        "",
        "```sh",
        again,
        "```",
    ]
    table, half = findings.table, portion(findings.threshold)
    if rows := deal_rows(table):
        named = [row["deal"] for row in rows]
        lines += ["", "## Deals", "", f"Those that both would sign in at least {half} of worlds, by their peace, then "
                  "others of the Pareto set; the last column is the share of resamples of the draws in which a deal "
                  f"belongs to that set. At most {MOST_DEALS} are shown.", "", *markdown_table(rows)]  # fmt: skip
        lines += ["", *markdown_table(term_rows(table, named))]
    if (robust := shown_robust(findings)) is not None:
        lines += ["", "## Across states of the world", "",
                  f"A deal satisfies in a state where both sign in {half} of its worlds and the peace holds in "
                  f"{findings.holds:.0%} of them (Starr 1962). Regret (Savage 1951) is what the best deal "
                  "reaches in a state less what the deal does, in the share of worlds in which both sign and the peace "
                  "holds; the largest over states errs upwards by noise, the checked one, rival and state chosen in "
                  "one half of the draws and measured in the other, downwards.", "",
                  *markdown_table(robustness_rows(robust))]  # fmt: skip
        if rows := group_rows(robust):
            lines += ["", "Share of states in which it satisfies / largest regret, by hypothesis of what a US stake "
                      "does to safety:", "", *markdown_table(rows)]  # fmt: skip
    for words, changes in (("break", findings.breaks), ("fill", findings.fills)):
        if changes is not None and not changes.empty:
            lines += ["", f"## What would {words} it", "",
                      "Each input alone, all else as assumed; interpolated between the levels tried. At most "
                      f"{MOST_CHANGES} are shown, the smallest first.", "",
                      *markdown_table(change_rows(changes))]  # fmt: skip
    lines += ["", *(f"- {line}" for line in findings.missing)] if findings.missing else []
    return "\n".join(lines).rstrip() + "\n"
