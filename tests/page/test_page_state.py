"""The link of the page: what it says comes back, and what is wrong in it is named and changes nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.page.page_state import OTHER, OWN_NAME, PageState, from_query, text_of, texts, to_query
from model.parameters.table import DECLARATIONS
from model.states.deal import TERMS


def test_the_page_as_it_opens_needs_no_link() -> None:
    assert to_query(PageState()) == ""
    assert from_query("") == (PageState(), ())


@given(st.data())
def test_a_link_restores_the_state(data: st.DataObject) -> None:
    def terms() -> dict[str, float]:
        ranges = {term: (DECLARATIONS[term].low, DECLARATIONS[term].high) for term in TERMS}
        return {term: float(f"{data.draw(st.floats(*ends)):.10g}") for term, ends in ranges.items()}

    hypothesis = data.draw(st.sampled_from(DECLARATIONS["tripwire"].choices))
    usual = PageState()
    state = replace(
        usual, terms=terms(), other=terms(), compare=True, assumptions={**usual.assumptions, "tripwire": hypothesis},
        settings={"worlds": data.draw(st.integers(100, 2000)), "seed": data.draw(st.integers(0, 99)), "trade_years": 3},
    )  # fmt: skip
    assert from_query(f"?{to_query(state)}") == (state, ())


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("ownership_share=2", "ownership_share=2: allowed 0 to 1"),
        ("ownership_share=nan", "ownership_share=nan: allowed 0 to 1"),
        ("ownership_share=half", "ownership_share='half': needs a number"),
        ("ownership_shar=0.2", "did you mean 'ownership_share'?"),
        (f"{OTHER}future_aid=-1", "future_aid=-1: allowed 0 to 60"),
        ("tripwire=H9", "tripwire='H9': allowed H0"),
        ("talks=bargained", "allowed on this page fixed, imposed"),
        ("preset=documentd", "did you mean 'documented'?"),
        ("worlds=1000000", "worlds=1e+06: allowed 100 to 2000"),
        ("worlds=150.5", "needs a whole number"),
        ("seed=", "needs a number"),
        ("compare=perhaps", "allowed yes, no"),
        ("seed=1&seed=2", "seed is given twice"),
        ("=", "unknown setting ''"),
        ("x=" + "9" * 5000, "at most 4,000 are read"),
    ],
)
def test_what_is_wrong_is_named_and_changes_nothing(query: str, words: str) -> None:
    state, wrong = from_query(query)
    assert len(wrong) == 1 and words in wrong[0]
    first = from_query(query.split("&")[0])[0] if "&" in query else PageState()
    assert state == first


def test_the_rest_of_a_link_stands() -> None:
    state, wrong = from_query("guarantee_strength=0.4&future_aid=x&preset=as_reported")
    assert (state.terms["guarantee_strength"], state.preset, len(wrong)) == (0.4, "as_reported", 1)


def test_texts_have_all_terms_and_are_known_by_them() -> None:
    assert OWN_NAME in texts() and len(texts()) > 3
    for name, terms in texts().items():
        assert set(terms) == set(TERMS)
        assert text_of(terms) == name
    assert text_of({**texts()[OWN_NAME], "nato_path": 0.123}) == ""


def test_a_case_is_what_its_changes_say() -> None:
    from model.parameters.presets import preset

    state, _ = from_query("preset=as_reported&guarantee_strength=0.4&tripwire=H2&compare=yes")
    for case in state.cases().values():
        assert preset(case.preset, **case.changes) == case.parameters
