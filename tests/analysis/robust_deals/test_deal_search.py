"""A search, small: it finds a deal, keeps every world, goes on where it was, and says what keeps a zone empty."""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments import deal_findings, search_deals
from experiments.analysis.robust_deals import deal_search
from experiments.analysis.robust_deals.deal_search import SearchSize, read_search
from experiments.analysis.robust_deals.report import markdown_report
from experiments.errors import InputError
from model.states.deal import TERMS

SMALL = SearchSize(points=6, worlds=24, states=2, state_worlds=4, compared=1)


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer levels and uncertain inputs than in earnest."""
    monkeypatch.setattr(deal_search, "LEVELS", 2)
    names = ("settlement_value", "intervention_cost", "trust_russia")
    monkeypatch.setattr(deal_search, "uncertain_parameters", lambda: names)


def report_of(folder: Path) -> str:
    search = read_search(folder, "peace_holds")
    return markdown_report(deal_findings(search), "peace", "made", [], "again")


@pytest.mark.slow
def test_a_search_finds_a_deal_and_what_breaks_it(tmp_path: Path) -> None:
    search = search_deals(tmp_path, size=SMALL, months=4, peace="peace_holds")
    findings = deal_findings(search)
    assert findings.best is not None and findings.table.loc[findings.best, "both_sign"] >= 0.5
    signable = findings.table[findings.table["signable"]]
    assert findings.table.loc[findings.best, "peace"] == signable["peace"].max()
    assert {"text: April", "text: February", "text: own offer"} <= set(findings.table.index)
    assert findings.robust is not None and set(findings.robust["group"]) == {"all", *(f"H{n}" for n in range(6))}
    assert findings.breaks is not None and set(findings.breaks["input"]) <= {*TERMS, *findings.tried}
    assert search.drawn == 2 * deal_search.DRAWN * SMALL.points and not findings.missing
    first = report_of(tmp_path)
    again = search_deals(tmp_path, size=SMALL, months=4, peace="peace_holds")
    assert again.deals.identical(search.deals) and report_of(tmp_path) == first
    other = deal_findings(search, threshold=1.0)
    assert other.breaks is None or other.best == findings.best


@pytest.mark.slow
def test_an_empty_zone_says_who_keeps_it_empty_and_what_fills_it(tmp_path: Path) -> None:
    """A signature that is worth nothing, in a world where an intervention costs most: Washington gains by none."""
    given = {"settlement_value": 0, "support_cost_share": 1, "support_at_stake": 0.8}
    search = search_deals(tmp_path, changes=given, size=SMALL, months=4, peace="peace_holds")
    findings = deal_findings(search)
    assert findings.best is None and findings.breaks is None and findings.nearest is not None
    assert findings.refuses == "the United States" and "support paid for" in findings.against
    assert all(part < 0 for part in findings.against.values())
    assert findings.fills is not None
    if findings.fills.empty:
        assert search.pairs is not None and max(map(len, search.pairs.moved)) == 2
    text = report_of(tmp_path)
    assert "The zone of agreement is empty" in text and f"It is {findings.refuses} that keeps it empty" in text


@pytest.mark.parametrize(
    ("changes", "size", "words"),
    [
        ({"ownership_share": 0.5}, SMALL, "ownership_share is a term of the deal"),
        ({"talks": "imposed"}, SMALL, "asks both for their answers"),
        ({"settlement_value": 1000}, SMALL, "settlement_value=1000: allowed 0 to 100"),
        ({"setlement_value": 1}, SMALL, "did you mean 'settlement_value'"),
        ({}, SearchSize(points=1), "points=1: needs 2 or more"),
        ({}, SearchSize(worlds=2), "worlds=2: needs 10 or more"),
    ],
)
def test_bad_input_is_refused_before_anything_runs(
    changes: dict[str, float], size: SearchSize, words: str, tmp_path: Path
) -> None:
    with pytest.raises((InputError, ValueError), match=words):
        search_deals(tmp_path / "new", changes=changes, size=size)
    assert not (tmp_path / "new").exists()
