"""Whether built pages fetch anything from elsewhere: `python -m docs.offline FOLDER` fails where one does."""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser
from pathlib import Path

FETCHED = {
    "img": ("src", "srcset"),
    "script": ("src",),
    "link": ("href",),
    "iframe": ("src",),
    "source": ("src", "srcset"),
    "video": ("src", "poster"),
    "audio": ("src",),
    "object": ("data",),
    "embed": ("src",),
}
"""Elements that a browser fetches without being asked, and the attributes that say from where."""
NOT_FETCHED = {"canonical", "next", "prev", "search", "index", "author", "license"}
"""Kinds of `link` that only point somewhere."""
ELSEWHERE = re.compile(r"(?:https?:)?//", re.I)
IN_STYLES = re.compile(r"""(?:@import\s*(?:url\()?|url\()\s*['"]?((?:https?:)?//[^'")\s]+)""", re.I)


class _Fetches(HTMLParser):
    """Collects the addresses elsewhere that a page fetches."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at the attributes that are fetched, and at styles of the element."""
        given = {name: value or "" for name, value in attrs}
        if tag == "link" and set(given.get("rel", "").split()) & NOT_FETCHED:
            return
        values = (given.get(name, "") for name in FETCHED.get(tag, ()))
        self.addresses += [value for value in values if ELSEWHERE.search(value) and not value.startswith("data:")]
        self.addresses += IN_STYLES.findall(given.get("style", ""))


def fetched_elsewhere(path: Path) -> list[str]:
    """Addresses elsewhere that a built file, HTML or CSS, has a browser fetch."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".css":
        return IN_STYLES.findall(text)
    page = _Fetches()
    page.feed(text)
    styles = re.findall(r"<style[^>]*>(.*?)</style>", text, re.S)
    return page.addresses + [address for style in styles for address in IN_STYLES.findall(style)]


def main(folder: str) -> int:
    """Look at every built file; the number that the process ends with."""
    files = [path for path in sorted(Path(folder).rglob("*")) if path.suffix in (".html", ".css")]
    if not files:
        print(f"{folder}: no built page", file=sys.stderr)
        return 2
    wrong = [f"{path}: fetches {address}" for path in files for address in fetched_elsewhere(path)]
    for message in wrong:
        print(message, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2] or ["docs/_build/html"]))
