"""A Markdown file as blocks: paragraphs, items, tables, printed text and pictures, each with its mark."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

COMMENT = re.compile(r"<!--.*?-->", re.S)
MARK = re.compile(r"<!--\s*(reproduce|not reproduced):\s*(.*?)\s*-->", re.S)
CODE = re.compile(r"`[^`\n]*`")
PICTURE = re.compile(r"!\[[^\]]*\]\(([^)\s]+\.(?:png|svg))\)")
HIDDEN = re.compile(r"<!--.*?-->|`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]+\$|\]\([^)\s]*\)|https?://\S+", re.S)
"""What holds no result: comments, code, formulas, where a link leads."""
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
DATE = re.compile(rf"(?<![\d,.])(?:\d{{1,2}} (?={MONTHS})|(?:19|20)\d\d(?:[-–]\d\d){{0,2}}(?![\d.,]*\d))")
"""Days of a month, years, months and ranges of years, which are no results either."""
NUMBER = re.compile(
    r"(?<![\w.,])(?<![A-Za-z\d]-)(?:[+\-−](?=[\d.]))?(?:\d+(?:,\d{3})*(?:\.\d+)?|\.\d+)(?!\d|e[-+]?\d|,\d{3})"
)
"""A number with its sign; what follows a letter (H2), a version or an exponent is none."""


@dataclass(frozen=True)
class Written:
    """A number as it stands in a file: where it begins, and its text."""

    start: int
    text: str

    @property
    def value(self) -> float:
        """The number that the text spells."""
        return float(self.text.replace(",", "").replace("−", "-"))

    @property
    def decimals(self) -> int:
        """Digits after the point."""
        return len(self.text.partition(".")[2])

    def agrees(self, value: float) -> bool:
        """Whether a result rounds to what is written, but for what another machine may round the other way."""
        return abs(value - self.value) <= 0.505 * 10.0**-self.decimals

    def rewritten(self, value: float) -> str:
        """A result in the way this number is written: its decimals, its sign for minus, a plus and commas if it has."""
        style = "+" if self.text.startswith("+") else ""
        text = f"{value:{style},.{self.decimals}f}"
        text = re.sub(r"^[-+](?=0(?:\.0*)?$)", "", text)
        plain = text if "," in self.text or abs(value) >= 10_000 else text.replace(",", "")
        bare = re.sub(r"^([-+]?)0\.", r"\1.", plain) if re.match(r"[+\-−]?\.", self.text) else plain
        return bare.replace("-", "−") if "−" in self.text else bare


@dataclass(frozen=True)
class Block:
    """A piece of a file with its marks."""

    path: Path
    line: int
    kind: str
    """prose (a table too), output (printed text), picture or code."""
    start: int
    text: str
    named: str | None = None
    """What stands after `reproduce`, None without that mark."""
    reason: str | None = None
    """What stands after `not reproduced`."""

    @property
    def numbers(self) -> list[Written]:
        """What could be a result: every number but dates, code, formulas, links; none in headings or pictures."""
        if self.kind != "prose" or self.text.lstrip().startswith("#"):
            return []
        shown = DATE.sub(_blank, HIDDEN.sub(_blank, self.text))
        return [Written(self.start + each.start(), each[0]) for each in NUMBER.finditer(shown)]

    @property
    def names(self) -> list[str]:
        """The names in the mark, in order; `-` stands for a number that is no result, `-3` for three of them."""
        names: list[str] = []
        for each in re.split(r"[,\s]+", (self.named or "").strip()):
            skipped = re.fullmatch(r"-(\d*)", each)
            names += ["-"] * int(skipped[1] or 1) if skipped else [each]
        return names

    @property
    def where(self) -> str:
        """File and line, as messages name them."""
        return f"{self.path}:{self.line}"


def blocks_of(path: Path, shown: Path) -> list[Block]:
    """The blocks of a Markdown file, which messages call `shown`; of a changelog those of its newest entry."""
    text = path.read_text(encoding="utf-8")
    if path.name == "CHANGELOG.md":
        entries = [each.start() for each in re.finditer(r"^## ", text, re.M)]
        text = text[: entries[1]] if len(entries) > 1 else text
    blocks: list[Block] = []
    before = ""
    for start, piece in _pieces(text):
        kind = _kind(piece)
        read = "" if kind == "code" else CODE.sub("", before + piece)
        marks = {word: said for word, said in MARK.findall(read)}
        if not COMMENT.sub("", piece).strip():
            before += piece
            continue
        line = text.count("\n", 0, start) + 1
        blocks.append(Block(shown, line, kind, start, piece, marks.get("reproduce"), marks.get("not reproduced")))
        before = ""
    return blocks


def _pieces(text: str) -> list[tuple[int, str]]:
    """Offset and text of each piece: fences whole, else parted at blank lines, items and the end of a comment."""
    pieces: list[tuple[int, str]] = []
    fence, open_comment, at = "", False, 0
    for line in text.splitlines(keepends=True):
        opening = re.match(r"\s*(`{3,}|~{3,})", line)
        begins = bool(re.match(r"\s*(?:[-*+]|\d+\.)\s", line)) or bool(opening) or line.startswith("#")
        blank = not line.strip()
        fresh = not pieces or (begins and not open_comment) or blank or not pieces[-1][1].strip()
        if fence or (open_comment and not blank) or not fresh:
            pieces[-1] = (pieces[-1][0], pieces[-1][1] + line)
        else:
            pieces.append((at, line))
        if opening and not fence:
            fence = opening[1]
        elif fence and line.strip() == fence:
            fence = ""
            pieces.append((at + len(line), ""))
        open_comment = pieces[-1][1].count("<!--") > pieces[-1][1].count("-->")
        at += len(line)
    return [(start, piece) for start, piece in pieces if piece.strip()]


def _kind(piece: str) -> str:
    shown = COMMENT.sub("", piece).strip()
    if fence := re.match(r"(?:`{3,}|~{3,})\s*(\S*)", shown):
        return "output" if fence[1] == "text" else "code"
    return "picture" if PICTURE.match(shown) else "prose"


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])
