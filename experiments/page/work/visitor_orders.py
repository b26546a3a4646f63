"""What one visitor has on order: which tables and pictures, in which order, and what is still missing."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from experiments.page.content.calculations import CALCULATIONS, PLANE, Case
from experiments.page.content.figures import FIGURES, draw_figure
from experiments.page.work.shared_results import Failure, Results

MOST_AT_ONCE = 4
"""Tasks of one visitor begun at a time, and no more than there are processes: the order of what waits may change."""


def table_key(name: str, case: Case) -> Hashable:
    """What the tables of a calculation depend on."""
    return (name, CALCULATIONS[name].key(case))


def picture_key(name: str, form: str, case: Case, beside: Case | None) -> Hashable:
    """What a picture depends on: its tables, the deal marked on a map, and the tables it shares a scale with."""
    of, other = FIGURES[name].calculation, scale_of(name, beside)
    point = tuple(getattr(case.parameters, term) for term in PLANE) if of == "zone" else None
    return (name, form, table_key(of, case), point, case.preset, other and table_key(of, other))


def scale_of(name: str, beside: Case | None) -> Case | None:
    """The deal beside it whose scale a picture shares, if it shares any."""
    return beside if FIGURES[name].shares_scale else None


@dataclass(frozen=True)
class Shown:
    """What there is of one deal: tables by calculation and pictures by name, each a result or a Failure."""

    tables: Mapping[str, Any]
    pictures: Mapping[str, Any]


class Orders:
    """What one visitor wants now; begins it within MOST_AT_ONCE, and lets go of what is no longer wanted."""

    def __init__(self, results: Results) -> None:
        self._results = results
        self._cases: Mapping[str, Case] = {}
        self._names: tuple[str, ...] = ()
        self._in_view: frozenset[str] = frozenset()
        self._begun: dict[Hashable, str] = {}
        self._most = min(MOST_AT_ONCE, results.workers.count)
        self.full, self.waiting, self.waiting_in_view = False, False, False

    def want(self, cases: Mapping[str, Case], names: tuple[str, ...], in_view: frozenset[str] = frozenset()) -> None:
        """Want the calculations `names` of these deals, and their pictures, instead of what was wanted before.

        Nothing else is begun while something of those `in_view` is missing.
        """
        names = tuple(sorted(names, key=lambda name: name not in in_view))
        self._cases, self._names, self._in_view = cases, names, in_view
        wanted = {key for key, *_ in self._every()}
        for key in [key for key in self._begun if key not in wanted]:
            del self._begun[key]
            self._results.leave(key)
        self.advance()

    def advance(self) -> dict[str, Shown]:
        """Begin what can be begun; what there is, by the letter of the deal.

        Afterwards `waiting` says whether anything is missing in it, `waiting_in_view` whether that is in view, and
        `full` whether there was no room.
        """
        self.full, self.waiting, self.waiting_in_view = False, False, False
        tables: dict[str, dict[str, Any]] = {letter: {} for letter in self._cases}
        pictures: dict[str, dict[str, Any]] = {letter: {} for letter in self._cases}
        for key, letter, kind, name, words, work in self._every():
            result = self._results.get(key)
            if result is not None:
                self._begun.pop(key, None)
                (tables if kind == "table" else pictures)[letter][name] = result
                continue
            of = FIGURES[name].calculation if kind == "picture" else name
            in_view, failures = of in self._in_view, [isinstance(own.get(of), Failure) for own in tables.values()]
            missing = kind == "table" or not any(failures)
            self.waiting |= missing
            self.waiting_in_view |= in_view and missing
            if self.waiting_in_view and not in_view:
                continue
            if work is not None and key not in self._begun and len(self._begun) < self._most and not self.full:
                self.full = not self._results.begin(key, *work)
                if not self.full:
                    self._begun[key] = words
        return {letter: Shown(tables[letter], pictures[letter]) for letter in self._cases}

    def progress(self) -> tuple[str, int, int]:
        """What is being computed, in words, and the months done and in all of what has months."""
        parts = [self._results.progress(key) for key in self._begun]
        words = ", ".join(dict.fromkeys(self._begun.values()))
        return words, sum(done for done, _ in parts), sum(total for _, total in parts)

    def close(self) -> None:
        """Want nothing any more."""
        self.want({}, ())

    def _every(self) -> list[tuple[Hashable, str, str, str, str, Any]]:
        """Key, deal, kind, name, words and work of all that is wanted, in order; no work where tables are missing."""
        every: list[tuple[Hashable, str, str, str, str, Any]] = []
        for name in self._names:
            calculation = CALCULATIONS[name]
            for letter, case in self._cases.items():
                work: Any = (calculation.run, case)
                every.append((table_key(name, case), letter, "table", name, calculation.words, work))
            for figure in (each for each, of in FIGURES.items() if of.calculation == name):
                every += [self._picture(figure, letter) for letter in self._cases]
        return every

    def _picture(self, figure: str, letter: str) -> tuple[Hashable, str, str, str, str, Any]:
        """The same of one picture, which can be drawn once the tables of all deals are there."""
        case = self._cases[letter]
        beside = scale_of(figure, next((each for other, each in self._cases.items() if other != letter), None))
        of = FIGURES[figure].calculation
        tables = [self._results.get(table_key(of, each)) for each in (case, beside) if each is not None]
        ready = not any(each is None or isinstance(each, Failure) for each in tables)
        work = (draw_figure, figure, "png", case, tables[0], tables[1] if beside else None) if ready else None
        key = picture_key(figure, "png", case, beside)
        return key, letter, "picture", figure, "pictures", work
