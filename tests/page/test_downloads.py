"""Files of the page: the picture that is shown, the numbers that were computed, and plain errors."""

from __future__ import annotations

import base64
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from experiments.page.content.calculations import CALCULATIONS
from experiments.page.content.reproducing_code import csv_of
from experiments.page.page_state import from_query
from experiments.page.work.visitor_orders import table_key
from tests.page.conftest import SMALL, Served

pytestmark = pytest.mark.long

Visit = Callable[..., Any]


def downloaded(page: Any, name: str) -> Any:
    """The file behind a link of this name."""
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name, exact=True).click()
    return waiting.value


def test_files_are_what_is_shown(visit: Visit, served: Served) -> None:
    page = visit(SMALL)
    shown = page.get_by_role("img", name="Map of the US ownership share").get_attribute("src")
    picture = downloaded(page, "PNG: Who would sign where")
    assert picture.suggested_filename == "A-map.png"
    assert Path(picture.path()).read_bytes() == base64.b64decode(shown.partition(",")[2])
    drawn = ElementTree.fromstring(Path(downloaded(page, "SVG: Who would sign where").path()).read_bytes())
    assert drawn.tag.endswith("}svg") and len(list(drawn.iter())) > 50
    case = from_query(SMALL)[0].cases()["A"]
    for name, words in (("zone", "CSV: Map"), ("futures", "CSV: Futures"), ("answers", "CSV: Reasons")):
        text = Path(downloaded(page, words).path()).read_text(encoding="utf-8")
        assert text == csv_of(name, served.results.get(table_key(name, case)))
        assert len(text.splitlines()) > 10


@pytest.mark.parametrize(
    ("file", "status"),
    [
        ("map.svg?deal=B", 400),
        ("map.svg?deal=A&ownership_share=4", 400),
        ("nothing.csv?deal=A", 404),
        ("nothing.png?deal=A", 404),
        ("map.exe?deal=A", 404),
        ("zone.csv?deal=A&preset=quota_crisis_2010", 400),
    ],
)
def test_what_cannot_be_is_refused(served: Served, file: str, status: int) -> None:
    with pytest.raises(HTTPError) as refused:
        urlopen(f"{served.url}download/{file}")
    with refused.value as reply:
        assert reply.code == status and b"Traceback" not in reply.read()


def test_every_calculation_has_a_file(served: Served) -> None:
    for name in CALCULATIONS:
        if name != "countries":
            with urlopen(f"{served.url}download/{name}.csv?deal=A&{SMALL}") as reply:
                assert reply.status == 200 and reply.read().count(b"\n") > 5
