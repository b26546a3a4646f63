"""What the controls of the page say, and the link that says the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from experiments.analysis.deal.standard_texts import OWN_OFFER
from experiments.page.content.calculations import Case
from model.errors import SubsoilError
from model.parameters.declaration import Declaration, ParameterError, Value, checked, nearest
from model.parameters.presets import PRESETS, preset
from model.parameters.table import DECLARATIONS
from model.record.variables import DECIDING
from model.states.deal import TERMS
from model.talks.recorded_drafts import draft, drafts

WEIGHTS = tuple(f"{country}_security_weight" for country in DECIDING)
HYPOTHESIS, TALKS = "tripwire", "talks"
ASSUMPTIONS = (HYPOTHESIS, *WEIGHTS, TALKS)
"""Parameters beside the terms that the page has a control for."""
TALKS_SHOWN = ("fixed", "imposed")
OTHER = "b."
"""What the terms of the second deal begin with in a link."""
COMPARE = "compare"
LONGEST_LINK = 4000
"""Characters of a link that are read."""
OWN_NAME = "own-offer"
"""Ukraine's own offer, among the texts that can be chosen."""

SETTINGS = {
    "worlds": Declaration(
        "worlds", 500, "number", 100, 2000, "worlds of the charts over time, each with its own random draws",
        "more worlds: narrower intervals, longer waiting", "policy", integer=True,
    ),
    "seed": Declaration(
        "seed", 0, "number", 0, 99, "where the random draws begin; another seed shows what is chance",
        "the same seed gives the same numbers", "policy", integer=True,
    ),
    "trade_years": Declaration(
        "trade_years", 0, "years", 0, 14, "years from the start of the run to the December of the trade picture",
        "the run", "policy", integer=True,
    ),
}  # fmt: skip
"""Settings of the page that are no parameters of the model, declared as those are."""


def texts() -> dict[str, dict[str, Value]]:
    """The recorded drafts by date and Ukraine's own offer, each with all terms of the deal."""
    usual: dict[str, Value] = {term: DECLARATIONS[term].default for term in TERMS}
    named = {date: usual | draft(date) for date in drafts()}
    return named | {OWN_NAME: usual | OWN_OFFER}


def text_of(terms: Mapping[str, Value]) -> str:
    """The text that has exactly these terms, empty where none has."""
    return next((name for name, each in texts().items() if dict(terms) == each), "")


@dataclass(frozen=True)
class PageState:
    """Preset, the terms of one deal and of another beside it, assumptions, and the page's own settings."""

    preset: str = "documented"
    terms: Mapping[str, Value] = field(default_factory=lambda: texts()["2025-02-12"])
    other: Mapping[str, Value] = field(default_factory=lambda: texts()["2025-04-30"])
    compare: bool = False
    assumptions: Mapping[str, Value] = field(
        default_factory=lambda: {name: DECLARATIONS[name].default for name in ASSUMPTIONS}
    )
    settings: Mapping[str, int] = field(
        default_factory=lambda: {name: int(each.default) for name, each in SETTINGS.items()}
    )

    def cases(self) -> dict[str, Case]:
        """The deals shown, by their letter."""
        shown = {"A": self.terms} | ({"B": self.other} if self.compare else {})
        return {
            letter: Case(self.preset, preset(self.preset, **terms, **self.assumptions), **self.settings)
            for letter, terms in shown.items()
        }


def to_query(state: PageState) -> str:
    """What differs from the page as it opens, as the query of a link, without the question mark."""
    usual = PageState()
    said: dict[str, Any] = {} if state.preset == usual.preset else {"preset": state.preset}
    said |= dict(_differing(state.terms, usual.terms))
    if state.compare:
        said |= {COMPARE: "yes"}
        said |= {f"{OTHER}{name}": value for name, value in _differing(state.other, usual.other)}
    said |= dict(_differing(state.assumptions, usual.assumptions))
    said |= dict(_differing(state.settings, usual.settings))
    return urlencode({name: f"{value:.12g}" if isinstance(value, float) else value for name, value in said.items()})


def _differing(values: Mapping[str, Any], usual: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    return ((name, value) for name, value in values.items() if value != usual[name])


def from_query(query: str) -> tuple[PageState, tuple[str, ...]]:
    """The state that a link gives, and what is wrong with it, a line each; what is wrong is left as it was."""
    if len(query) > LONGEST_LINK:
        return PageState(), (f"the link has {len(query):,} characters; at most {LONGEST_LINK:,} are read, so none is",)
    state, wrong, seen = PageState(), [], set()
    for name, text in parse_qsl(query.removeprefix("?"), keep_blank_values=True):
        try:
            if name in seen:
                raise ParameterError(f"{name} is given twice; the first stands")
            seen.add(name)
            state = _with(state, name, text)
        except SubsoilError as error:
            wrong.append(str(error)[:300])
    return state, tuple(wrong)


def _with(state: PageState, name: str, text: str) -> PageState:
    """The state with one thing that a link says; raises ParameterError."""
    term = name.removeprefix(OTHER)
    if name == "preset":
        if text not in PRESETS:
            raise ParameterError(f"unknown preset {text!r}: {nearest(text, PRESETS)}")
        return replace(state, preset=text)
    if name == COMPARE:
        if text not in ("yes", "no"):
            raise ParameterError(f"{COMPARE}={text!r}: allowed yes, no")
        return replace(state, compare=text == "yes")
    if term in TERMS:
        new = {term: checked(DECLARATIONS[term], text)}
        if name.startswith(OTHER):
            return replace(state, other={**state.other, **new})
        return replace(state, terms={**state.terms, **new})
    if name in ASSUMPTIONS:
        value = checked(DECLARATIONS[name], text)
        if name == TALKS and value not in TALKS_SHOWN:
            raise ParameterError(f"{TALKS}={text!r}: allowed on this page {', '.join(TALKS_SHOWN)}")
        return replace(state, assumptions={**state.assumptions, name: value})
    if name in SETTINGS:
        number = checked(SETTINGS[name], text)
        return replace(state, settings={**state.settings, name: int(float(number))})
    known = ["preset", COMPARE, *TERMS, *(OTHER + each for each in TERMS), *ASSUMPTIONS, *SETTINGS]
    raise ParameterError(f"unknown setting {name!r} in the link: {_closest(name, known)}")


def _closest(name: str, known: list[str]) -> str:
    """The setting most like a name, or where to see them all."""
    words = nearest(name, known)
    return words if words.startswith("did you mean") else "the controls below are those there are"
