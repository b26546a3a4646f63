"""The sections of the page: for every calculation its words, pictures, numbers and how to get the same elsewhere."""

from __future__ import annotations

import base64
import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from experiments.page.content import plain_words
from experiments.page.content.calculations import Case, Tables
from experiments.page.content.figures import FIGURES, FORMATS
from experiments.page.content.reproducing_code import command_lines, python_lines
from experiments.page.in_view import in_view
from experiments.page.styles import TEXT
from experiments.page.untyped_panel import pn
from experiments.page.work.shared_results import Failure
from experiments.page.work.visitor_orders import Shown

Body = Callable[[str, Tables, Any], str]
"""Heading, tables and picture -> HTML that stays while these do."""
Links = Callable[[str, str, Case, str], str]
"""Heading, letter and deal, and the query of the link -> HTML below it."""


@dataclass(frozen=True)
class Item:
    """One thing shown of each deal: the calculation and perhaps the picture it is of, and how it becomes HTML."""

    calculation: str
    figure: str
    heading: str
    body: Body
    links: Links


def words_item(calculation: str, heading: str, words: Callable[[Tables], str]) -> Item:
    """Tables in words."""
    return Item(calculation, "", heading, lambda heading, tables, _: f"<h3>{heading}</h3>{words(tables)}", _no_links)


def _no_links(heading: str, letter: str, case: Case, query: str) -> str:
    return ""


def figure_item(name: str) -> Item:
    """A picture with its words, and links to it as files."""
    figure = FIGURES[name]

    def body(heading: str, tables: Tables, picture: Any) -> str:
        words = html.escape(figure.words(tables))
        source = f"data:image/png;base64,{base64.b64encode(picture).decode()}"
        return (
            f'<figure><h3>{heading}</h3><img alt="{words}" src="{source}"></figure>'
            f"<details><summary>{heading}, in words</summary><p>{words}</p></details>"
        )

    def links(heading: str, letter: str, case: Case, query: str) -> str:
        every = " ".join(_link(f"{name}.{form}", form.upper(), heading, letter, query) for form in FORMATS)
        return f'<p class="links">{every}</p>'

    return Item(figure.calculation, name, html.escape(figure.heading), body, links)


def numbers_item(calculation: str, heading: str) -> Item:
    """The numbers of a calculation as a file, and what gives the same in Python and on the command line."""

    def links(heading: str, letter: str, case: Case, query: str) -> str:
        link = _link(f"{calculation}.csv", "CSV", heading, letter, query)
        python, commands = (html.escape(lines(calculation, case)) for lines in (python_lines, command_lines))
        return (
            f'<p class="links">{heading}: {link}</p><details><summary>{heading} in Python and on the command line'
            f'</summary><pre class="python">{python}</pre><pre class="commands">{commands}</pre></details>'
        )

    return Item(calculation, "", heading, lambda *_: "", links)


def _link(file: str, kind: str, heading: str, letter: str, query: str) -> str:
    address = html.escape(f"download/{file}?deal={letter}{'&' if query else ''}{query}")
    return f'<a href="{address}" download="{letter}-{file}" aria-label="{kind}: {heading}">{kind}</a>'


class Cell:
    """One item of one deal on the page; what is not there yet stays as it was, paler."""

    def __init__(self, item: Item, letter: str) -> None:
        self._item, self._drawn = item, ("", None)
        self._body, self._links = _pane(), _pane()
        self.opacity = f"--{letter}-{item.calculation}-{'-'.join(item.heading.split())}".translate(PLAIN)
        styles = LOOK | {"opacity": f"var({self.opacity}, 1)"}
        self.layout = pn.Column(self._body, self._links, styles=styles, sizing_mode=None)

    def show(self, heading: str, letter: str, case: Case, shown: Shown, query: str) -> bool:
        """Show what there is of this deal, and say whether it is there; a picture is sent again only when another."""
        tables: Any = shown.tables.get(self._item.calculation)
        picture = shown.pictures.get(self._item.figure) if self._item.figure else tables
        content: Any = tables if isinstance(tables, Failure) else picture
        ready = tables is not None and content is not None
        if not ready:
            if not self._body.object:
                self._body.object = f'<h3>{heading}</h3><p class="wait">...</p>'
            return False
        failed = isinstance(content, Failure)
        if self._drawn[0] != heading or self._drawn[1] is not content:
            why = f'<h3>{heading}</h3><p class="alert">Not known: {html.escape(getattr(content, "words", ""))}.</p>'
            self._body.object = why if failed else self._item.body(heading, tables, content)
            self._drawn = (heading, content)
        links = "" if failed else self._item.links(heading, letter, case, query)
        if links != self._links.object:
            self._links.object = links
        return True


class Section:
    """A heading and, for each of its items, a cell per deal, beside each other or on a phone below."""

    def __init__(self, calculation: str, heading: str, items: list[Item], *before: Any) -> None:
        self.calculation = calculation
        self._items = items
        self._letters: tuple[str, ...] = ()
        self._cells: dict[tuple[str, str], Cell] = {}
        head = pn.pane.HTML(f"<h2>{heading}</h2>", stylesheets=[TEXT], sizing_mode="stretch_width", margin=0)
        self.in_view: Any = in_view()
        self._body = pn.FlexBox(flex_wrap="wrap", gap="4px 22px", sizing_mode="stretch_width")
        self.layout = pn.Column(self.in_view, head, *before, self._body, sizing_mode="stretch_width")

    def show(self, cases: Mapping[str, Case], shown: Mapping[str, Shown], query: str, wanted: bool) -> list[str]:
        """Show what there is of all deals, and name the opacities of what is not there yet, which stays, paler.

        Cells are made when they are first wanted.
        """
        letters = tuple(cases) if wanted else ()
        cells, missing = [], []
        for item, letter in product(self._items, letters):
            if (item.heading, letter) not in self._cells:
                self._cells[item.heading, letter] = Cell(item, letter)
            cell = self._cells[item.heading, letter]
            full = f"{item.heading} (deal {letter})" if len(cases) > 1 else item.heading
            if not cell.show(full, letter, cases[letter], shown[letter], query):
                missing.append(cell.opacity)
            cells.append(cell.layout)
        if letters != self._letters:
            self._letters, self._body.objects = letters, cells
        return missing


LOOK = {"flex": "1 1 340px", "min-width": "0", "max-width": "620px"}
"""As wide as half of the page, or on a phone all of it."""
PLAIN = {ord(each): None for each in ",'%/"}
"""Characters of headings that names in a style have not."""


def _pane() -> Any:
    return pn.pane.HTML("", stylesheets=[TEXT], margin=(0, 0, 4, 0), sizing_mode="stretch_width")


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
