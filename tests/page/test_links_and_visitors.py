"""Links that are shared, visitors beside each other, wrong links, and whoever leaves in the middle."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from experiments.page.page_state import from_query
from experiments.page.work.visitor_orders import table_key
from tests.page.conftest import SMALL, Served, of_all, settle

pytestmark = pytest.mark.long

Visit = Callable[..., Any]
SHOWN = f"{SMALL}&compare=yes&ownership_share=0.31&b.guarantee_strength=0.62&tripwire=H2&preset=as_reported&seed=3"


def shown(page: Any) -> dict[str, Any]:
    """All that a visitor can compare: numbers, pictures and choices."""
    return {
        "tables": of_all(page.get_by_role("table"), "each.innerText"),
        "pictures": of_all(page.get_by_role("img"), "each.src"),
        "choices": of_all(page.get_by_role("combobox"), "each.value"),
    }


def document_at(url: str) -> str:
    """All that the server sends to a visitor who connects, as text."""
    from bokeh.client import pull_session

    session = pull_session(url=url.rstrip("/"))
    sent = str(session.document.to_json())
    session.close()
    return sent


def test_a_shared_link_shows_the_same(visit: Visit) -> None:
    first = visit(SHOWN)
    link = first.get_by_role("link", name="Link to this page").get_attribute("href")
    assert from_query(link) == from_query(SHOWN)
    second = visit(link.removeprefix("?"))
    assert shown(first) == shown(second)


def test_two_visitors_do_not_see_each_other(visit: Visit) -> None:
    one, other = (visit(f"{SMALL}&seed={seed}", settled=False, apart=True) for seed in (1, 2))
    settle(one)
    settle(other)
    before = shown(other)
    assert shown(one)["pictures"] != before["pictures"]
    one.get_by_role("switch", name="Compare with a second deal").click()
    one.get_by_role("heading", name="(deal B)").first.wait_for()
    assert shown(other) == before and "compare" in one.url and "compare" not in other.url


def test_a_wrong_link_gets_a_message_and_a_page(visit: Visit) -> None:
    page = visit(f"{SMALL}&ownership_share=7&<script>window.hit=1</script>=1&guarante_strength=.1&b.nato_path=x")
    said = page.get_by_role("alert").inner_text()
    for words in (
        "ownership_share=7: allowed 0 to 1",
        "did you mean 'guarantee_strength'?",
        "nato_path='x'",
        "<script>",
    ):
        assert words in said
    assert page.evaluate("window.hit") is None
    assert "Traceback" not in page.content() and page.get_by_role("img").count() > 5


@pytest.mark.slow
def test_a_replay_without_talks_says_so_and_shows_the_rest(visit: Visit) -> None:
    page = visit(f"{SMALL}&preset=quota_crisis_2010")
    assert page.get_by_text("Not known: a run that begins in 2008 has no talks").count() >= 2
    assert page.get_by_role("img", name="Price of magnet material").count() == 1
    assert page.get_by_role("img", name="Map of").count() == 0


def test_whoever_leaves_in_the_middle_is_computed_for_no_longer(visit: Visit, served: Served) -> None:
    query = "worlds=2000&seed=77&preset=long_run&compare=yes"  # more work than fits before they count as gone
    page = visit(query, settled=False)
    page.get_by_role("switch", name="Compute the four countries").click()
    page.get_by_role("progressbar").first.wait_for()
    end = time.monotonic() + 60
    while not served.results.workers.busy:  # for a moment between two tasks
        assert time.monotonic() < end, "nothing is computed for a visitor who is there"
    page.close()
    while served.results.workers.busy:
        assert time.monotonic() < end, "still busy a minute after the visitor left"
        time.sleep(0.1)
    cases = from_query(query)[0].cases().values()
    assert len(cases) == 2
    assert not all(served.results.get(table_key("countries", case)) for case in cases)


def test_who_comes_back_after_counting_as_gone_is_not_sent_to_another_host(served: Served) -> None:
    """The connection alone, without the page before it, as when a busy browser was away for too long."""
    with ThreadPoolExecutor(1) as apart:  # from the event loop of the browser
        sent = apart.submit(document_at, served.url).result()
    assert "static/extensions/panel/css/" in sent
    assert not re.findall(r"https?://[^'\"]*(?:cdn|\.css|\.js)[^'\"]*", sent)
