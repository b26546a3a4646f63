"""The sections of the page: for every calculation its words, pictures, numbers and how to get the same elsewhere."""

from __future__ import annotations

import base64
import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from experiments.page.content import plain_words
from experiments.page.content.calculations import Case, Tables
from experiments.page.content.equivalents import command_lines, python_lines
from experiments.page.content.figures import FIGURES, FORMATS
from experiments.page.panel_parts import pn
from experiments.page.styles import TEXT
from experiments.page.work.orders import Shown
from experiments.page.work.results import Failure

Render = Callable[[str, str, Case, Shown, str], "str | Failure | None"]
"""Heading, letter, deal, what there is of it, and the query of the link -> HTML, why there is none, or not yet."""


@dataclass(frozen=True)
class Item:
    """One thing shown of each deal: its heading and how it becomes HTML."""

    heading: str
    render: Render


def words_item(calculation: str, heading: str, words: Callable[[Tables], str]) -> Item:
    """Tables in words."""

    def render(heading: str, letter: str, case: Case, shown: Shown, query: str) -> str | Failure | None:
        tables: Any = shown.tables.get(calculation)
        if tables is None or isinstance(tables, Failure):
            return tables
        return f"<h3>{heading}</h3>{words(tables)}"

    return Item(heading, render)


def figure_item(name: str) -> Item:
    """A picture with its words, and links to it as files."""
    figure = FIGURES[name]

    def render(heading: str, letter: str, case: Case, shown: Shown, query: str) -> str | Failure | None:
        tables: Any = shown.tables.get(figure.calculation)
        picture: Any = shown.pictures.get(name)
        if isinstance(tables, Failure):
            return tables
        if tables is None or picture is None or isinstance(picture, Failure):
            return picture
        words = html.escape(figure.words(tables))
        source = f"data:image/png;base64,{base64.b64encode(picture).decode()}"
        links = " ".join(_link(f"{name}.{form}", form.upper(), heading, letter, query) for form in FORMATS)
        return (
            f'<figure><h3>{heading}</h3><img alt="{words}" src="{source}"></figure><p class="links">{links}</p>'
            f"<details><summary>{heading} in words</summary><p>{words}</p></details>"
        )

    return Item(html.escape(figure.heading), render)


def numbers_item(calculation: str, heading: str) -> Item:
    """The numbers of a calculation as a file, and what gives the same in Python and on the command line."""

    def render(heading: str, letter: str, case: Case, shown: Shown, query: str) -> str | Failure | None:
        tables: Any = shown.tables.get(calculation)
        if tables is None or isinstance(tables, Failure):
            return tables
        link = _link(f"{calculation}.csv", "CSV", heading, letter, query)
        python, commands = (html.escape(lines(calculation, case)) for lines in (python_lines, command_lines))
        return (
            f'<p class="links">{link}</p><details><summary>{heading}: the same in Python and on the command line'
            f'</summary><pre class="python">{python}</pre><pre class="commands">{commands}</pre></details>'
        )

    return Item(heading, render)


def _link(file: str, kind: str, heading: str, letter: str, query: str) -> str:
    address = html.escape(f"download/{file}?deal={letter}{'&' if query else ''}{query}")
    return f'<a href="{address}" download="{letter}-{file}" aria-label="{kind}: {heading}">{kind}</a>'


class Section:
    """A heading and, for each of its items, a pane per deal, beside each other or on a phone below."""

    def __init__(self, calculation: str, heading: str, items: list[Item], *before: Any) -> None:
        self.calculation, self._items = calculation, items
        self._panes = {(at, letter): _pane() for at in range(len(items)) for letter in "AB"}
        head = pn.pane.HTML(f"<h2>{heading}</h2>", stylesheets=[TEXT], sizing_mode="stretch_width", margin=0)
        body = pn.FlexBox(*self._panes.values(), flex_wrap="wrap", gap="4px 22px", sizing_mode="stretch_width")
        self.layout = pn.Column(head, *before, body, sizing_mode="stretch_width")
        self._latest: dict[tuple[int, str], str] = {}

    def show(self, cases: Mapping[str, Case], shown: Mapping[str, Shown], query: str, wanted: bool) -> None:
        """Show what there is; what is not there yet stays as it was, paler."""
        for (at, letter), pane in self._panes.items():
            item = self._items[at]
            pane.visible = wanted and letter in cases
            if not pane.visible:
                continue
            heading = f"{item.heading} (deal {letter})" if len(cases) > 1 else item.heading
            new = item.render(heading, letter, cases[letter], shown[letter], query)
            if isinstance(new, Failure):
                new = f'<h3>{heading}</h3><p class="alert">Not known: {html.escape(new.words)}.</p>'
            if new is not None:
                self._latest[at, letter] = new
            old = self._latest.get((at, letter), f'<h3>{heading}</h3><p class="wait">...</p>')
            text = new or f'<div class="old" aria-busy="true">{old}</div>'
            if text != pane.object:
                pane.object = text


def _pane() -> Any:
    look = {"flex": "1 1 340px", "min-width": "0", "max-width": "620px"}
    return pn.pane.HTML("", stylesheets=[TEXT], styles=look, margin=(0, 0, 8, 0), sizing_mode=None)


def sections(*switch: Any) -> list[Section]:
    """All sections in the order of the page; `switch` stands above the one that is made on demand."""
    prices = ["price-magnet", "price-heavy", "china", "dependence", "war", "in-force"]
    effects = [name for name, figure in FIGURES.items() if figure.calculation == "countries"]
    return [
        Section("answers", "Who would sign, and why", [
            words_item("answers", "Answers", plain_words.answer_words),
            words_item("answers", "Worths", plain_words.worth_table),
            figure_item("ukraine"), figure_item("united-states"), numbers_item("answers", "Reasons"),
        ]),
        Section("turning", "What would turn it", [
            words_item("turning", "One term alone", plain_words.turning_words),
            numbers_item("turning", "Turning points"),
        ]),
        Section("zone", "Where both would sign", [figure_item("map"), numbers_item("zone", "Map")]),
        Section("futures", "What follows", [*map(figure_item, prices), numbers_item("futures", "Futures")]),
        Section("trade", "Trade and dependence", [
            figure_item("trade"), words_item("trade", "Who depends on China", plain_words.dependence_words),
            numbers_item("trade", "Trade"),
        ]),
        Section("countries", "The four countries, with the deal in force and without", [
            *map(figure_item, effects), numbers_item("countries", "Countries"),
        ], *switch),
    ]  # fmt: skip
