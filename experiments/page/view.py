"""The page of one visitor: controls, what there is so far, and what is still being computed."""

from __future__ import annotations

import html
from typing import Any

from experiments.page.content.calculations import CALCULATIONS
from experiments.page.content.plain_words import INTRODUCTION
from experiments.page.controls import Controls
from experiments.page.page_state import from_query, to_query
from experiments.page.sections import sections
from experiments.page.styles import TEXT
from experiments.page.untyped_panel import pmu, pn
from experiments.page.work.shared_results import Results
from experiments.page.work.visitor_orders import Orders

POLL = 25
"""Milliseconds between two looks at what has been computed."""
ON_DEMAND = "countries"
ALWAYS = tuple(name for name in CALCULATIONS if name != ON_DEMAND)


class View:
    """What one visitor sees. `query` is that of the link by which they came."""

    def __init__(self, results: Results, query: str) -> None:
        self._state, wrong = from_query(query)
        self._cases = self._state.cases()
        self._orders = Orders(results)
        self._polling: Any = None
        self.controls = Controls(self._state, self.update)
        self._alert, self._status, self._link = _html(_alert(wrong)), _html(""), _html("")
        self._demand = pmu.Switch(label="Compute the four countries (takes some seconds)", value=False)
        self._demand.param.watch(lambda *_: self.update(), "value")
        self.sections = sections(self._demand)
        for each in self.sections:
            each.in_view.param.watch(lambda *_: self._want(), "seen")
        shown = [each.layout for each in self.sections]
        self._right = pn.Column(self._status, *shown, styles=RIGHT)
        self._want()
        self._show()

    def layout(self) -> Any:
        """Words first, then controls beside (on a phone above) what they lead to."""
        left = pn.Column(*self.controls.panes(), self._link, styles=_flex(290, 1, 370))
        body = pn.FlexBox(left, self._right, flex_wrap="wrap", gap="8px 26px", sizing_mode="stretch_width")
        whole = {"padding": "0 10px", "box-sizing": "border-box"}
        return pn.Column(self._alert, _html(INTRODUCTION), body, sizing_mode="stretch_width", styles=whole)

    def update(self) -> None:
        """Want what the controls say, show what there is of it, and put it into the link."""
        self._state = self.controls.state()
        self._cases = self._state.cases()
        query = to_query(self._state)
        if pn.state.location is not None:
            pn.state.location.search = f"?{query}" if query else ""
        self._link.object = (
            f'<p><a href="?{html.escape(query)}">Link to this page as it is now</a>: it restores every control.</p>'
        )
        self._want()
        self.poll()

    def poll(self) -> None:
        """Show what has been computed since, and look again soon while something is missing."""
        self._show()
        waiting = self._orders.waiting
        self._say(waiting)
        if waiting and self._polling is None:
            self._polling = pn.state.add_periodic_callback(self.poll, period=POLL)
        elif not waiting and self._polling is not None:
            self._polling.stop()
            self._polling = None

    def wanted(self) -> tuple[str, ...]:
        """What the page shows."""
        return ALWAYS + (ON_DEMAND,) * bool(self._demand.value)

    def in_view(self) -> frozenset[str]:
        """What of it is on the visitor's screen."""
        return frozenset(each.calculation for each in self.sections if each.in_view.seen)

    def _want(self) -> None:
        """Order what the page shows, what is on the visitor's screen before the rest."""
        self._orders.want(self._cases, self.wanted(), self.in_view())

    def close(self) -> None:
        """The visitor has left: nothing of theirs is computed any more."""
        self._orders.close()

    def _show(self) -> None:
        """Show what there is of everything; how pale the rest is goes out as one style, since each lays out anew."""
        shown = self._orders.advance()
        query, wanted = to_query(self._state), self.wanted()
        missing = [
            name for each in self.sections for name in each.show(self._cases, shown, query, each.calculation in wanted)
        ]
        look = RIGHT | dict.fromkeys(missing, "0.45")
        if look != self._right.styles:
            self._right.styles = look

    def _say(self, waiting: bool) -> None:
        """What is being computed and how far it is."""
        words, done, total = self._orders.progress()
        said = f"Computing {words or 'what comes next'} ..." if waiting else "All is up to date."
        if waiting and not self._orders.waiting_in_view:
            said = f"What you see is up to date. {said}"
        if self._orders.full:
            said = "Many are here at once; yours comes as soon as there is room."
        bar = f'<progress max="{total}" value="{done}" aria-label="months computed"></progress>' if total else ""
        new = f'<p class="wait" role="status">{html.escape(said)}</p>{bar if waiting else ""}'
        if new != self._status.object:
            self._status.object = new


def _flex(width: int, grow: int, most: int) -> dict[str, str]:
    return {"flex": f"{grow} 1 {width}px", "min-width": "0", "max-width": f"{most}px"}


RIGHT = _flex(310, 3, 1010)
"""How wide that is which the controls lead to."""


def _html(text: str) -> Any:
    return pn.pane.HTML(text, stylesheets=[TEXT], sizing_mode="stretch_width", margin=(0, 6))


def _alert(wrong: tuple[str, ...]) -> str:
    """What is wrong with a link, in its own words."""
    if not wrong:
        return ""
    lines = "".join(f"<li>{html.escape(each)}</li>" for each in wrong)
    return f'<div class="alert" role="alert"><p>Of the link this could not be used:</p><ul>{lines}</ul></div>'
