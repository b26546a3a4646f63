"""What the tables say, in words for someone who has never seen the model; every number is computed."""

from __future__ import annotations

import html
import math
from typing import Any

from experiments.analysis.deal.draft_responses import own_reasons
from experiments.page.content.calculations import Tables
from model.record.variables import NAMES
from model.states.reasons import SIGNATORIES

TITLE = "Subsoil: minerals for security"
INTRODUCTION = """
<h1>Minerals for security</h1>
<p>In February 2025 the United States asked for half of Ukraine's mineral revenue in return for past aid. Ukraine
refused; ten weeks later it signed something else. Here you can put a deal on the table and see in a model which side
refuses, for which reason, and what would turn it. Choose a text or move a slider below.</p>
<p>It explores what follows from stated assumptions; it does not predict. A <em>world</em> is one set of random draws:
a share of worlds is how often something happens among them.</p>
"""
PARTS = ("money", "security", "politics")
SMALL = 0.05
"""Reasons below this, percent of GDP, are left out of sentences."""


def answer_words(tables: Tables) -> str:
    """Which side signs or refuses, how often, and its largest reasons for and against, as HTML."""
    lines = [_answer(country, tables) for country in SIGNATORIES]
    chances = tables["chances"]
    vote = f"Once on the table the deal would come into force in {_percent(chances['in_force'])} of worlds"
    votes = f"the Rada's vote counted{'' if math.isnan(chances['congress']) else ', and that of Congress'}"
    return f"<ul>{''.join(f'<li>{line}</li>' for line in lines)}</ul><p>{vote} ({votes}).</p>"


def _answer(country: str, tables: Tables) -> str:
    own, chances = own_reasons(tables["reasons"], country), tables["chances"]
    gain, often = float(own["gain"]), _percent(chances[f"{country}_signs"])
    verb = "would sign" if gain >= 0 else "would refuse"
    parts = sorted(zip(own["contribution"].values, own["reason_meaning"].values, strict=True))
    against = [f"{words} ({value:+.1f})" for value, words in parts[:2] if value < -SMALL]
    favour = [f"{words} ({value:+.1f})" for value, words in parts[::-1][:2] if value > SMALL]
    reasons = [f"{name}: {', '.join(each)}" for name, each in (("against", against), ("for", favour)) if each]
    said = f"signing is worth {gain:+.1f} % of Ukraine's GDP to it. {_capital('; '.join(reasons))}."
    views = f"With views of its own that nobody else knows it signs in {often} of worlds."
    return f"<strong>{_capital(NAMES[country])} {verb}</strong>: {html.escape(f'{said} {views}')}"


def turning_words(tables: Tables) -> str:
    """For each side that refuses, which terms alone would turn it, and what the other says then; as HTML."""
    refusing = [country for country in SIGNATORIES if tables[country].attrs["gain"] < 0]
    if not refusing:
        return "<p>Neither side has to be won over: before private views, both gain by signing.</p>"
    return "".join(_turning(country, tables[country]) for country in refusing)


def _turning(country: str, table: Any) -> str:
    other = _capital(NAMES[table.attrs["other"]])
    lines = []
    for term in table["term"].values:
        one = table.sel(term=term)
        if math.isnan(float(one["needed"])):
            continue
        unit = "" if str(one["unit"].values) == "share" else f" {one['unit'].values}"
        still = "still signs" if float(one["other_gain"]) >= 0 else "then refuses"
        change = f"{_plain(str(term))} {float(one['needed']):.3g}{unit} instead of {float(one['now']):.3g}"
        lines.append(f"<li>{html.escape(change)} ({other} {still})</li>")
    who = NAMES[country]
    if not lines:
        return f"<p>No other value of any one term would make {who} sign.</p>"
    return f"<p>What alone would make {who} sign:</p><ul>{''.join(lines)}</ul>"


def worth_table(tables: Tables) -> str:
    """Money, security, politics and all together for either side, as an HTML table."""
    rows = []
    for country in SIGNATORIES:
        own = own_reasons(tables["reasons"], country)
        sums = [float(own["contribution"].where(own["part"] == part).sum()) for part in PARTS]
        cells = "".join(f"<td>{value:+.2f}</td>" for value in (*sums, float(own["gain"])))
        rows.append(f'<tr><th scope="row">{_capital(NAMES[country])}</th>{cells}</tr>')
    heads = "".join(f'<th scope="col">{name}</th>' for name in (*PARTS, "together"))
    caption = "Worth of signing, weighted, in percent of Ukraine's GDP; below 0 it rather refuses"
    return (
        f'<table><caption>{caption}</caption><thead><tr><th scope="col">to</th>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def dependence_words(tables: Tables) -> str:
    """What China controls of each country's use, as an HTML table; what the tables do not hold is said."""
    rows = []
    for row in tables["dependence"].to_dict("records"):
        loss = row["loss_million_usd"]
        dollars = "not known" if math.isnan(loss) else f"{loss:,.0f}"
        cells = f"<td>{row['controlled_by_china']:.2f}</td><td>{row['loss_percent_of_gdp']:.3f}</td><td>{dollars}</td>"
        name = f"{_capital(NAMES[row['country']])}, {row['material']}"
        rows.append(f'<tr><th scope="row">{name}</th>{cells}</tr>')
    heads = ("buyer, material", "controlled by China (0-1)", "loss if cut off, % of GDP", "million USD a year")
    head = "".join(f'<th scope="col">{each}</th>' for each in heads)
    caption = "Dependence on China, medians of worlds"
    return f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _percent(share: float) -> str:
    return "an unknown share" if math.isnan(share) else f"{100 * share:.0f} %"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
