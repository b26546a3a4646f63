"""The page in a browser: it asks no other host, every control moves by mouse and by key, and all has a name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from experiments.page.content.figures import FIGURES
from experiments.page.page_state import SETTINGS, WEIGHTS
from experiments.page.view import View
from model.states.deal import TERMS
from tests.page.accessibility import nameless, nodes
from tests.page.conftest import SMALL, Served, of_all, settle

pytestmark = pytest.mark.long

Visit = Callable[..., Any]
PHONE = {"width": 390, "height": 844}
SLIDERS = 2 * len(TERMS) + len(WEIGHTS) + len(SETTINGS)


PALEST = """least => {
    const all = root => [...root.querySelectorAll("*")].flatMap(
        each => [each, ...(each.shadowRoot ? all(each.shadowRoot) : [])]);
    const pictures = all(document).filter(each => each.tagName === "IMG");
    const opacity = each => each ? (each instanceof Element ? +getComputedStyle(each).opacity : 1)
        * opacity(each.parentNode || each.host) : 1;
    return Math.min(...pictures.map(opacity)) >= least;
}"""
"""Whether no picture on the page is paler than `least`, by whatever it stands in."""


OTHER_VALUE = "([slider, was]) => slider.value !== was"
SEEN = """() => [...Bokeh.documents[0].all_models].filter(each => "seen" in (each.data?.attributes ?? {}))
    .map(each => each.data.seen)"""
"""Of each section in their order, whether the browser says that it is on the screen."""


def open_all(page: Any) -> None:
    """Open every group of controls."""
    for name in ("Terms of deal A", "Terms of deal B", "What the countries want", "What is assumed", "Worlds, draws"):
        page.get_by_role("button", name=name).click()


def test_it_opens_with_words_numbers_and_pictures(visit: Visit) -> None:
    page = visit("")
    assert page.get_by_text("it does not predict").count() == 1
    assert page.get_by_role("table").count() >= 2
    shown = [name for name, figure in FIGURES.items() if figure.calculation != "countries"]
    pictures = of_all(page.get_by_role("img"), "[each.alt.length, each.naturalWidth]")
    assert len(pictures) == len(shown)
    assert all(words > 40 and width > 300 for words, width in pictures)
    page.wait_for_function(PALEST, arg=1)
    assert not page.get_by_text("...", exact=True).count()


def test_all_has_a_name_and_a_term_its_help(visit: Visit) -> None:
    page = visit(f"{SMALL}&compare=yes", settled=False)
    open_all(page)
    page.get_by_role("slider").nth(SLIDERS - 1).wait_for()
    settle(page)
    assert not nameless(page)
    named = [node.name for node in nodes(page) if node.role == "slider"]
    assert len(named) == len(set(named)) == SLIDERS
    help_line = page.get_by_text("What is Guarantee strength?").first
    help_line.focus()
    page.keyboard.press("Enter")
    assert "Range: 0 to 1" in page.locator("details[open]").inner_text()


@pytest.mark.parametrize(
    "which", [range(0, SLIDERS, 6), pytest.param(range(SLIDERS), marks=pytest.mark.slow)], ids=["some", "all"]
)
def test_sliders_move_by_key_and_by_mouse(visit: Visit, which: range) -> None:
    """Each by an arrow and by a click on its rail, and both reach the link."""
    page = visit(f"{SMALL}&compare=yes&ownership_share=0.5&b.ownership_share=0.5", settled=False)
    open_all(page)
    page.get_by_role("slider").nth(SLIDERS - 1).wait_for()
    for number in which:
        slider = page.get_by_role("slider").nth(number).element_handle()
        start, link = slider.input_value(), page.url
        slider.focus()
        page.keyboard.press("ArrowRight" if float(start) < float(slider.get_attribute("max")) else "ArrowLeft")
        page.wait_for_function(OTHER_VALUE, arg=[slider, start])
        page.wait_for_function("was => location.href !== was", arg=link)
        moved, link = slider.input_value(), page.url
        box = slider.query_selector("xpath=../..").bounding_box()
        page.mouse.click(box["x"] + 0.31 * box["width"], box["y"] + box["height"] / 2)
        page.wait_for_function(OTHER_VALUE, arg=[slider, moved])
        page.wait_for_function("was => location.href !== was", arg=link)


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("Text of deal A", "recognised_aid="),
        ("Hypothesis", "tripwire=H1"),
        pytest.param("Preset", "preset=as_reported", marks=pytest.mark.slow),
        pytest.param("The deal", "talks=imposed", marks=pytest.mark.slow),
    ],
)
def test_choices_move_by_key_and_by_mouse(visit: Visit, name: str, word: str) -> None:
    page = visit(settled=False)
    page.get_by_role("button", name="What is assumed").click()
    choice = page.get_by_role("combobox", name=name)
    start = choice.input_value()
    choice.focus()
    page.keyboard.press("ArrowDown")
    if name == "Text of deal A":  # the second draft credits as much aid; the third none
        page.keyboard.press("ArrowDown")
    page.wait_for_function("word => location.href.includes(word)", arg=word)
    choice.select_option(start)
    page.wait_for_function("word => !location.href.includes(word)", arg=word)


@pytest.mark.slow
def test_the_second_deal_comes_and_goes_by_key(visit: Visit) -> None:
    page = visit()
    switch = page.get_by_role("switch", name="Compare with a second deal")
    switch.focus()
    page.keyboard.press("Space")
    page.get_by_role("heading", name="Why Ukraine signs or refuses (deal B)").wait_for()
    settle(page)
    pictures = of_all(page.get_by_role("img", name="Bars of what signing"), "each.src")
    assert len(set(pictures)) == 4
    switch.click()
    page.get_by_role("heading", name="(deal B)").first.wait_for(state="hidden")


def test_what_is_on_the_screen_is_wanted_first(visit: Visit, served: Served) -> None:
    page = visit()
    page.wait_for_function(f"({SEEN})().join() === 'true,false,false,false,false,false'")
    page.get_by_role("heading", name="The four countries").scroll_into_view_if_needed()
    page.wait_for_function(f"({SEEN})().slice(-2).includes(true) && !({SEEN})()[0]")
    view = View(served.results, SMALL)
    assert view.in_view() >= set(view.wanted())
    for section in view.sections[:-2]:
        section.in_view.seen = False
    assert view.in_view() == {"trade", "countries"}
    view.close()


def test_a_phone_shows_all_without_scrolling_sideways(visit: Visit) -> None:
    page = visit(f"{SMALL}&compare=yes", **PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    boxes = of_all(page.get_by_role("img"), "(({x, width}) => [x, width])(each.getBoundingClientRect())")
    assert boxes and all(left >= 0 and 320 <= width <= PHONE["width"] for left, width in boxes)
    size = page.get_by_text("it does not predict").evaluate("each => parseFloat(getComputedStyle(each).fontSize)")
    assert size >= 16
