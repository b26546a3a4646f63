"""The controls of the page, made from the declarations of parameters: range, unit, meaning and source."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from typing import Any

from experiments.page.page_state import ASSUMPTIONS, OWN_NAME, SETTINGS, PageState, text_of, texts
from experiments.page.styles import CHOICE, HELP
from experiments.page.untyped_panel import pmu, pn
from experiments.plots.heat_maps import HYPOTHESES
from model import data
from model.parameters.declaration import Declaration
from model.parameters.presets import PRESETS
from model.parameters.table import DECLARATIONS
from model.states.deal import TERMS

STEPS = 100
"""Steps of a slider over its range, where its numbers are not whole."""
PRESET_WORDS = {
    "documented": "the best sources at hand",
    "as_reported": "the claims of a newspaper report: what they would imply",
    "quota_crisis_2010": "replay of the crisis from 2008 on, without talks",
    "long_run": "as documented, for 35 years",
    "licences_2025": "China's recorded acts from January 2024 on",
}
UNITLESS = ("share", "choice", "number")
OWN_TERMS = "terms of your own"


LABELS = {
    "tripwire": "Hypothesis of what a US stake does to safety",
    "talks": "The deal",
    "worlds": "Number of worlds",
    "seed": "Seed of the random draws",
    "trade_years": "Trade picture, from the start",
    "nato_path": "Path to NATO",
}


def label_of(name: str) -> str:
    """A parameter's name as people write it."""
    if name in LABELS:
        return LABELS[name]
    words = name.replace("_", " ").replace("united states", "United States").replace("china", "China")
    words = words.replace("ukraine", "Ukraine").replace("russia", "Russia")
    return f"{words[0].upper()}{words[1:]}"


def help_of(declared: Declaration) -> Any:
    """A line that opens by mouse, key or finger: what the control means, its unit, range, default and source."""
    source = source_of(declared)
    unit = "" if declared.unit in UNITLESS else f" {declared.unit}"
    name = html.escape(label_of(declared.name))
    text = f"{declared.meaning}. Range: {declared.range_text}{unit}; usual: {declared.default}{unit}. Source: {source}."
    body = f"<details><summary>What is {name}?</summary><p>{html.escape(text)}</p></details>"
    return pn.pane.HTML(body, stylesheets=[HELP], sizing_mode="stretch_width", margin=(0, 10, 6, 10))


def source_of(declared: Declaration) -> str:
    """Where a parameter comes from: title, publisher and year, or that it is assumed."""
    if declared.source == "design_assumption":
        return "an assumption of this model, not a finding"
    entry = data.sources().get(declared.source)
    if entry is None:
        return declared.source
    return ", ".join(str(entry[part]) for part in ("title", "publisher", "year") if part in entry)


def choice_of(label: str, options: Mapping[str, str], value: Any) -> Any:
    """A choice among words; the browser's own, since the Material one does not open by key (panel-material-ui 0.16)."""
    return pn.widgets.Select(
        label=label, options=dict(options), value=value, sizing_mode="stretch_width", stylesheets=[CHOICE]
    )


def widget_of(declared: Declaration, label: str, value: Any) -> Any:
    """The control of one declared value."""
    unit = "" if declared.unit in UNITLESS else f" ({declared.unit})"
    if declared.choices:
        words = {"tripwire": {key: f"{key}: {text}" for key, text in HYPOTHESES.items()}, "talks": TALKS_WORDS}
        named = words[declared.name]
        return choice_of(label, {text: each for each, text in named.items()}, value)
    look: dict[str, Any] = {"label": f"{label}{unit}", "value": value, "sizing_mode": "stretch_width"}
    if declared.integer:
        step = 100 if declared.high > STEPS else 1
        return pmu.IntSlider(start=int(declared.low), end=int(declared.high), step=step, **look)
    low, high = float(declared.low), float(declared.high)
    return pmu.FloatSlider(start=low, end=high, step=(high - low) / STEPS, **look)


TALKS_WORDS = {
    "fixed": "the deal is on the table, and may be refused",
    "imposed": "the deal is in force whatever anyone thinks",
}


def plain_number(value: Any) -> Any:
    """A number of a slider without the last digits that its steps leave, so that a link can say it; else the value."""
    return float(f"{value:.10g}") if isinstance(value, float) else value


class Controls:
    """All controls, what they say as one state, and a call when a visitor has moved one."""

    def __init__(self, state: PageState, moved: Callable[[], None]) -> None:
        self._moved, self._silent = moved, False
        self._second: list[Any] = []
        presets = {f"{name.replace('_', ' ')}: {PRESET_WORDS[name]}": name for name in PRESETS}
        self.preset = choice_of("Preset", presets, state.preset)
        self.compare = pmu.Switch(label="Compare with a second deal, B", value=state.compare)
        self.terms = {
            letter: {
                term: widget_of(DECLARATIONS[term], f"{label_of(term)}, deal {letter}", values[term]) for term in TERMS
            }
            for letter, values in (("A", state.terms), ("B", state.other))
        }  # fmt: skip
        self.text = {letter: self._text(letter) for letter in self.terms}
        self.assumptions = {
            name: widget_of(DECLARATIONS[name], label_of(name), state.assumptions[name]) for name in ASSUMPTIONS
        }
        self.settings = {
            name: widget_of(declared, label_of(name), state.settings[name]) for name, declared in SETTINGS.items()
        }
        for each in (self.preset, self.compare, *self.assumptions.values(), *self.settings.values()):
            self._watch(each, lambda *_: self._say())
        for letter in self.terms:
            self._watch(self.text[letter], lambda *_, letter=letter: self._take_text(letter))
            for each in self.terms[letter].values():
                self._watch(each, lambda *_, letter=letter: self._name_text(letter))

    def state(self) -> PageState:
        """What the controls say now."""
        values: dict[str, dict[str, Any]] = {
            letter: {term: plain_number(each.value) for term, each in own.items()} for letter, own in self.terms.items()
        }
        return PageState(
            self.preset.value,
            values["A"],
            values["B"],
            self.compare.value,
            {name: plain_number(each.value) for name, each in self.assumptions.items()},
            {name: each.value for name, each in self.settings.items()},
        )

    def panes(self) -> list[Any]:
        """The controls in the order of the page; those of the second deal are there when there is one."""
        terms = {
            letter: self._section({term: (DECLARATIONS[term], each) for term, each in own.items()})
            for letter, own in self.terms.items()
        }
        weights, assumed = ASSUMPTIONS[1:5], (ASSUMPTIONS[0], ASSUMPTIONS[5])
        look: dict[str, Any] = {"sizing_mode": "stretch_width", "title_variant": "h6", "margin": (4, 0)}
        first = pmu.Accordion(("Terms of deal A", terms["A"]), **look)
        second = pmu.Accordion(("Terms of deal B", terms["B"]), **look)
        others = pmu.Accordion(
            ("What the countries want", self._section(self._declared(weights))),
            ("What is assumed", self._section(self._declared(assumed), self.preset)),
            ("Worlds, draws, trade", self._section({n: (SETTINGS[n], w) for n, w in self.settings.items()})),
            **look,
        )
        self._second = [self.text["B"], second]
        self._show_second()
        return [self.text["A"], first, self.compare, *self._second, others]

    def _show_second(self) -> None:
        for each in self._second:
            each.visible = self.compare.value

    def _declared(self, names: tuple[str, ...]) -> Mapping[str, tuple[Declaration, Any]]:
        return {name: (DECLARATIONS[name], self.assumptions[name]) for name in names}

    @staticmethod
    def _section(declared: Mapping[str, tuple[Declaration, Any]], *first: Any) -> Any:
        rows = [part for each, widget in declared.values() for part in (widget, help_of(each))]
        return pn.Column(*first, *rows, sizing_mode="stretch_width")

    def _text(self, letter: str) -> Any:
        dated = {f"{row['label']}, {row['id']}": str(row["id"]) for row in data.table("drafts")}
        options = {f"{words[0].upper()}{words[1:]}": date for words, date in dated.items()}
        options |= {"Ukraine's own offer: half for a strong guarantee": OWN_NAME, OWN_TERMS: ""}
        terms = {term: each.value for term, each in self.terms[letter].items()}
        return choice_of(f"Text of deal {letter}", options, text_of(terms))

    def _watch(self, widget: Any, call: Callable[..., None]) -> None:
        widget.param.watch(call, "value_throttled" if "value_throttled" in widget.param else "value")

    def _take_text(self, letter: str) -> None:
        """Set the sliders to the chosen text; the choice of no text changes nothing."""
        if self._silent or not self.text[letter].value:
            return
        self._silent = True
        for term, value in texts()[self.text[letter].value].items():
            self.terms[letter][term].value = value
        self._silent = False
        self._say()

    def _name_text(self, letter: str) -> None:
        """Choose the text that the sliders spell, or none."""
        if self._silent:
            return
        self._silent = True
        self.text[letter].value = text_of({term: plain_number(each.value) for term, each in self.terms[letter].items()})
        self._silent = False
        self._say()

    def _say(self) -> None:
        self._show_second()
        if not self._silent:
            self._moved()
