"""Results by name: which command makes each of them, and how it is read off what the command prints."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
Result = float | str | Path
"""A number, a printed text, or a picture."""


@dataclass(frozen=True)
class Printed:
    """What a command printed, and the folder that it wrote into."""

    text: str
    folder: Path

    @property
    def json(self) -> Any:
        """The text read as JSON."""
        return json.loads(self.text)

    @property
    def words(self) -> str:
        """The text with one blank for each run of white space, so that no line break is in the way."""
        return " ".join(self.text.split())


@dataclass(frozen=True)
class Source:
    """A command as a user types it, with FOLDER for a folder to write into, and what is read off it by name."""

    command: str
    read: Callable[[Printed], Mapping[str, Result]]

    def run(self, folder: Path) -> dict[str, Result]:
        """Run the command; raises CommandError with the end of what it said where it fails or lacks a result."""
        folder.mkdir(parents=True, exist_ok=True)
        words = [word.replace("FOLDER", str(folder)) for word in shlex.split(self.command)]
        program = {"subsoil": [sys.executable, "-m", "experiments"], "python": [sys.executable]}
        call = [*program.get(words[0], words[:1]), *words[1:]]
        environment = os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "120", "MPLBACKEND": "Agg"}
        try:
            done = subprocess.run(call, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        except OSError as error:
            raise CommandError(f"{self.command}: {error.strerror}") from None
        if done.returncode:
            raise CommandError(f"{self.command}: ended with {done.returncode}: {done.stderr.strip()[-300:]}")
        try:
            return dict(self.read(Printed(done.stdout, folder)))
        except (KeyError, IndexError, TypeError, ValueError, StopIteration) as error:
            kind = type(error).__name__
            raise CommandError(f"{self.command}: what it printed lacks a result ({kind}: {error})") from None


class CommandError(Exception):
    """A command that fails, or that does not print what is read off it."""


def run_sources(
    sources: Mapping[str, Source], needed: set[str], folder: Path, say: Callable[[str], None]
) -> tuple[dict[str, Result], list[str]]:
    """Results by `source.result` of the sources that are needed, and what is wrong with the others."""
    results: dict[str, Result] = {}
    wrong = []
    for name in [each for each in sources if each in needed]:
        started = time.perf_counter()
        try:
            own = sources[name].run(folder / name)
        except CommandError as error:
            wrong.append(str(error))
            continue
        results |= {f"{name}.{key}": value for key, value in own.items()}
        say(f"{time.perf_counter() - started:4.0f} s  {sources[name].command}")
    return results, wrong
