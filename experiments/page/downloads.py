"""Files of the page: a picture or a table of the deal that a link describes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from typing import Any

from tornado.web import HTTPError, RequestHandler

from experiments.page.content.calculations import CALCULATIONS, Case, Tables
from experiments.page.content.figures import FIGURES, FORMATS, draw_figure
from experiments.page.content.reproducing_code import csv_of
from experiments.page.page_state import from_query
from experiments.page.work.shared_results import Failure, Results
from experiments.page.work.visitor_orders import picture_key, scale_of, table_key

KINDS = {"png": "image/png", "svg": "image/svg+xml", "csv": "text/csv; charset=utf-8"}
LOOK = 0.05
"""Seconds between two looks at whether a result is there."""


class Download(RequestHandler):
    """`download/map.svg?deal=A&...`: computed by the same workers as the page, and kept with its results."""

    def initialize(self, results: Results) -> None:
        """Take the results that the page shares."""
        self._results, self._left = results, False

    def on_connection_close(self) -> None:
        """Whoever wanted the file has left."""
        self._left = True

    async def get(self, name: str, form: str) -> None:
        """The file; 400 for a link that says what cannot be, 404 for no such file, 503 when too much is waiting."""
        query = self.request.query
        letter = self.get_query_argument("deal", "A")
        rest = "&".join(part for part in query.split("&") if not part.startswith("deal="))
        state, wrong = from_query(rest)
        cases = state.cases()
        if wrong or letter not in cases:
            raise HTTPError(400, reason="the link says what cannot be; the page says what")
        beside = next((case for other, case in cases.items() if other != letter), None)
        content = await (self._table if form == "csv" else self._picture)(name, form, cases[letter], beside)
        self.set_header("Content-Type", KINDS[form])
        self.set_header("Content-Disposition", f'attachment; filename="{letter}-{name}.{form}"')
        self.write(content)

    async def _table(self, name: str, form: str, case: Case, beside: Case | None) -> str:
        if name not in CALCULATIONS:
            raise HTTPError(404)
        return csv_of(name, await self._tables(name, case))

    async def _picture(self, name: str, form: str, case: Case, beside: Case | None) -> bytes:
        if name not in FIGURES or form not in FORMATS:
            raise HTTPError(404)
        of = FIGURES[name].calculation
        tables = await self._tables(of, case)
        other = scale_of(name, beside)
        others = None if other is None else await self._tables(of, other)
        key = picture_key(name, form, case, beside)
        picture: bytes = await self._result(key, draw_figure, name, form, case, tables, others)
        return picture

    async def _tables(self, name: str, case: Case) -> Tables:
        tables: Tables = await self._result(table_key(name, case), CALCULATIONS[name].run, case)
        return tables

    async def _result(self, key: Hashable, work: Callable[..., Any], *arguments: Any) -> Any:
        if self._results.get(key) is None:
            if not self._results.begin(key, work, *arguments):
                raise HTTPError(503, reason="too much is waiting; try again in a moment")
            while self._results.get(key) is None and not self._left:
                await asyncio.sleep(LOOK)
            if self._left:
                self._results.leave(key)
                raise HTTPError(499, reason="left")
        result = self._results.get(key)
        if isinstance(result, Failure):
            raise HTTPError(400, reason="not known for this deal; the page says why")
        return result
