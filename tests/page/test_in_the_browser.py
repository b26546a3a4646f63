"""The page in a browser: it asks no other host, every control moves by mouse and by key, and all has a name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from experiments.page.content.figures import FIGURES
from model.states.deal import TERMS
from tests.page.accessibility import nameless, nodes
from tests.page.conftest import SMALL, settle

Visit = Callable[..., Any]
PHONE = {"width": 390, "height": 844}


def open_all(page: Any) -> None:
    """Open every group of controls."""
    for name in ("Terms of deal A", "Terms of deal B", "What the countries want", "What is assumed", "Worlds, draws"):
        page.get_by_role("button", name=name).click()


def values(page: Any) -> dict[str, str]:
    """What each slider says, by its name."""
    sliders = page.get_by_role("slider").all()
    return {each.get_attribute("aria-label") or str(at): each.input_value() for at, each in enumerate(sliders)}


def test_it_opens_with_words_numbers_and_pictures(visit: Visit) -> None:
    page = visit("")
    assert page.get_by_text("it does not predict").count() == 1
    assert page.get_by_role("table").count() >= 2
    shown = [name for name, figure in FIGURES.items() if figure.calculation != "countries"]
    pictures = page.get_by_role("img").all()
    assert len(pictures) == len(shown)
    for picture in pictures:
        assert len(picture.get_attribute("alt")) > 40
        assert picture.evaluate("each => each.naturalWidth") > 300


def test_all_has_a_name_and_a_term_its_help(visit: Visit) -> None:
    page = visit(f"{SMALL}&compare=yes", settled=False)
    open_all(page)
    page.get_by_role("slider").nth(2 * len(TERMS)).wait_for()
    settle(page)
    assert not nameless(page)
    named = [each.name for each in nodes(page) if each.role == "slider"]
    assert len(named) == len(set(named)) == 2 * len(TERMS) + 4 + 3
    help_line = page.get_by_text("What is Guarantee strength?").first
    help_line.focus()
    page.keyboard.press("Enter")
    assert "Range: 0 to 1" in page.locator("details[open]").inner_text()


def test_every_slider_moves_by_key_and_by_mouse(visit: Visit) -> None:
    page = visit(f"{SMALL}&compare=yes&ownership_share=0.5&b.ownership_share=0.5", settled=False)
    open_all(page)
    page.get_by_role("slider").nth(2 * len(TERMS) + 6).wait_for()
    for slider in page.get_by_role("slider").all():
        start = slider.input_value()
        slider.focus()
        page.keyboard.press("ArrowRight" if float(start) < float(slider.get_attribute("max")) else "ArrowLeft")
        page.wait_for_function("([each, was]) => each.value !== was", arg=[slider.element_handle(), start])
        moved, link = slider.input_value(), page.url
        box = slider.locator("xpath=..").locator("xpath=..").bounding_box()
        page.mouse.click(box["x"] + 0.31 * box["width"], box["y"] + box["height"] / 2)
        page.wait_for_function("([each, was]) => each.value !== was", arg=[slider.element_handle(), moved])
        page.wait_for_function("was => location.href !== was", arg=link)
    settle(page)


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("Text of deal A", "guarantee_strength=0.7"),
        ("Hypothesis", "tripwire=H"),
        ("Preset", "preset="),
        ("The deal", "talks=imposed"),
    ],
)
def test_choices_move_by_key_and_by_mouse(visit: Visit, name: str, word: str) -> None:
    page = visit(settled=False)
    page.get_by_role("button", name="What is assumed").click()
    choice = page.get_by_role("combobox", name=name)
    choice.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("End")
    if name == "Text of deal A":
        page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_function("word => location.href.includes(word)", arg=word)
    page.get_by_role("listbox").wait_for(state="hidden")
    choice.click()
    page.get_by_role("option").first.click()
    page.wait_for_function("word => !location.href.includes(word)", arg=word)


def test_the_second_deal_comes_and_goes_by_key(visit: Visit) -> None:
    page = visit()
    switch = page.get_by_role("switch", name="Compare with a second deal")
    switch.focus()
    page.keyboard.press("Space")
    page.get_by_role("heading", name="Why Ukraine signs or refuses (deal B)").wait_for()
    settle(page)
    pictures = {each.get_attribute("src") for each in page.get_by_role("img", name="Bars of what signing").all()}
    assert len(pictures) == 4
    switch.click()
    page.get_by_role("heading", name="(deal B)").first.wait_for(state="hidden")


def test_a_phone_shows_all_without_scrolling_sideways(visit: Visit) -> None:
    page = visit(f"{SMALL}&compare=yes", **PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    for picture in page.get_by_role("img").all():
        box = picture.bounding_box()
        assert box["x"] >= 0 and 320 <= box["width"] <= PHONE["width"]
    size = page.get_by_text("it does not predict").evaluate("each => parseFloat(getComputedStyle(each).fontSize)")
    assert size >= 16
