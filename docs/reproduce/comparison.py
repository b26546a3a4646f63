"""A block beside the results that its mark names: what differs, and the block as it should be."""

from __future__ import annotations

import re
import shutil
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from matplotlib.testing.compare import compare_images
from matplotlib.testing.exceptions import ImageComparisonFailure

from docs.reproduce.blocks import PICTURE, Block
from docs.reproduce.results import Result

PIXELS = 2.0
"""Root mean square by which a picture may differ, of 255: what another version of a font library does."""
WIDTH = 120


@dataclass(frozen=True)
class Difference:
    """What is wrong in a block, and what mends it: `text` for what `was` written at an offset of the file."""

    message: str
    start: int = 0
    was: str = ""
    text: str = ""
    picture: tuple[Path, Path] | None = None
    """The picture as made anew, and where it stands."""


def unmarked(block: Block) -> str:
    """Why a block cannot be left as it is: it shows results and says neither what makes them nor why nothing does."""
    if block.reason == "":
        return f"{block.where}: `not reproduced` needs its reason"
    marked = block.named is not None or block.reason is not None
    if marked or not (block.numbers or block.kind in ("output", "picture")):
        return ""
    numbers = ", ".join(each.text for each in block.numbers[:6])
    shown = f"numbers ({numbers})" if numbers else {"output": "printed text"}.get(block.kind, "a picture")
    return f"{block.where}: shows {shown} without a mark (reproduce: NAMES, or not reproduced: REASON)"


def compare(block: Block, results: Mapping[str, Result], root: Path) -> list[Difference]:
    """What differs between a block marked `reproduce` and its results; pictures are looked for from the block's file.

    Names that no result has are differences, too.
    """
    missing = [name for name in block.names if name != "-" and name not in results]
    if missing:
        return [Difference(f"{block.where}: no result is called {', '.join(missing)}")]
    if block.kind == "output":
        return _compare_text(block, results[block.names[0]])
    if block.kind == "picture":
        return _compare_picture(block, results[block.names[0]], root)
    return _compare_numbers(block, results)


def _compare_numbers(block: Block, results: Mapping[str, Result]) -> list[Difference]:
    """Numbers in order beside the names in order."""
    numbers, names = block.numbers, block.names
    if len(numbers) != len(names):
        shown = " ".join(each.text for each in numbers)
        return [Difference(f"{block.where}: {len(numbers)} numbers ({shown}) and {len(names)} names in the mark")]
    differences = []
    for written, name in zip(numbers, names, strict=True):
        if name == "-":
            continue
        value = results[name]
        if not isinstance(value, int | float):
            differences.append(Difference(f"{block.where}: {name} is no number"))
        elif not written.agrees(value):
            text = written.rewritten(value)
            message = f"{block.where}: {written.text} is written, {text} comes out ({name})"
            differences.append(Difference(message, written.start, written.text, text))
    return differences


def _compare_text(block: Block, value: Result) -> list[Difference]:
    """Printed text, word by word; line breaks are the file's."""
    body = re.search(r"^([ \t]*)(`{3,}|~{3,})[^\n]*\n(.*?)^[ \t]*\2[ \t]*$", block.text, re.S | re.M)
    if body is None or not isinstance(value, str):
        return [Difference(f"{block.where}: printed text is expected between two fences")]
    was, now = body[3].split(), value.split()
    if was == now:
        return []
    at = next((n for n, (old, new) in enumerate(zip(was, now, strict=False)) if old != new), min(len(was), len(now)))
    old, new = (" ".join(words[max(at - 3, 0) : at + 5]) for words in (was, now))
    message = f"{block.where}: {old!r} is written, {new!r} comes out"
    return [Difference(message, block.start + body.start(3), body[3], _wrapped(value))]


def _wrapped(text: str) -> str:
    """Lines that fit, continued lines with four blanks before them."""
    filled = (
        textwrap.fill(line, WIDTH, subsequent_indent="    ", break_on_hyphens=False) if len(line) > WIDTH else line
        for line in text.rstrip().splitlines()
    )
    return "\n".join(filled) + "\n"


def _compare_picture(block: Block, value: Result, root: Path) -> list[Difference]:
    """A picture, pixel by pixel."""
    link = PICTURE.search(block.text)
    if link is None or not isinstance(value, Path):
        return [Difference(f"{block.where}: a picture is expected")]
    shown = (root / block.path).parent / link[1]
    if not value.is_file():
        return [Difference(f"{block.where}: the command wrote no {value.name}")]
    mend = (value, shown)
    if not shown.is_file():
        return [Difference(f"{block.where}: {link[1]} is not there", picture=mend)]
    copy = value.with_name(f"shown-{value.name}")
    shutil.copy(shown, copy)
    try:
        failed = compare_images(str(copy), str(value), PIXELS, in_decorator=True)
    except ImageComparisonFailure as error:  # another size
        return [Difference(f"{block.where}: {link[1]}: {error}".splitlines()[0], picture=mend)]
    if failed is None:
        return []
    message = f"{block.where}: {link[1]} differs by {failed['rms']:.1f} of 255 (allowed {PIXELS:g})"
    return [Difference(message, picture=mend)]


def mend(path: Path, differences: list[Difference]) -> list[Difference]:
    """Write what comes out instead of what is written, from the end of the file to its start; returns what is mended.

    What somebody has changed in the file since it was read is left as it is.
    """
    mended = [each for each in differences if each.picture]
    for made, shown in (each.picture for each in mended if each.picture):
        shutil.copy(made, shown)
    text = path.read_text(encoding="utf-8")
    for each in sorted((each for each in differences if each.text), key=lambda each: -each.start):
        end = each.start + len(each.was)
        if text[each.start : end] == each.was:
            text = text[: each.start] + each.text + text[end:]
            mended.append(each)
    if any(each.text for each in mended):
        path.write_text(text, encoding="utf-8")
    return mended
