"""How a study is run: a folder, a size, and what came out."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib as mpl

from model.talks.recorded_drafts import draft


class Size(NamedTuple):
    """How large a study is: worlds at each point of its design, points of an axis, months of a run."""

    worlds: int
    points: int
    months: int


LARGE, SMALL = Size(400, 11, 180), Size(20, 3, 72)

Study = Callable[[Path, Size], str]
"""A function that runs one question into a folder, in which it keeps a store and a picture, and says what came out."""


def years_seen(size: Size) -> float:
    """Years after a ceasefire that most worlds of a run see: ten of fifteen."""
    return size.months / 18


def terms_of(date: str, *varied: str) -> dict[str, Any]:
    """The terms of the recorded draft of a date, but for those that the design of a study varies."""
    return {name: value for name, value in draft(date).items() if name not in varied}


def run_study(study: Study, out: str | None, small: bool) -> str:
    """What came out of a study; its store and picture are in `out`, by default in results/studies or studies-small."""
    mpl.use("Agg")
    folder = Path(out or f"results/studies{'-small' if small else ''}")
    folder.mkdir(parents=True, exist_ok=True)
    return study(folder, SMALL if small else LARGE)


def main(study: Study) -> None:
    """Run a study from its own command line, and print what came out."""
    parser = argparse.ArgumentParser(description=study.__doc__)
    parser.add_argument("--out", metavar="FOLDER", help="folder for the store and the picture")
    parser.add_argument("--small", action="store_true", help="few worlds and points, for a first look")
    given = parser.parse_args()
    print(textwrap.fill(run_study(study, given.out, given.small), 100))
