"""What a user types twice or nearly right, and whether every call that is printed can be followed."""

from __future__ import annotations

import io
import re
import shlex
import sys
from pathlib import Path

import pytest

from experiments.cli.app import main
from tests.cli import refuses

pytestmark = [pytest.mark.cases, pytest.mark.long]

SMALL = ("--months", "8", "--processes", "1")


STORES: dict[str, list[str]] = {
    "run": ["run", "--worlds", "20", *SMALL, "--out"],
    "run of 2008": ["run", "--preset", "quota_crisis_2010", "--worlds", "20", *SMALL, "--out"],
    "run of 2008 without months": ["run", "--preset", "quota_crisis_2010", "--record", "outcomes", "--worlds", "20",
                                   *SMALL, "--out"],
    "run without months": ["run", "--worlds", "20", "--record", "outcomes", *SMALL, "--out"],
    "plane": ["sweep", "ownership_share=0:1:3", "guarantee_strength=0:1:3", "--replicates", "5", *SMALL, "--store"],
    "hypotheses": ["sweep", "ownership_share=0:1:2", "guarantee_strength=0:1:2", "tripwire=H0,H2", "--replicates", "5",
                   *SMALL, "--store"],
    "line": ["sweep", "ownership_share=0:1:3", "--replicates", "5", *SMALL, "--store"],
    "words": ["sweep", "tripwire=H0,H2", "--replicates", "5", *SMALL, "--store"],
    "sample": ["sweep", "--sample", "lhs", "--points", "4", "ownership_share", "guarantee_strength", "--replicates",
               "5", *SMALL, "--store"],
    "policies": ["sweep", "--design", "policies.csv", "--replicates", "5", *SMALL, "--store"],
}  # fmt: skip


def hints(text: str) -> list[list[str]]:
    """The calls that a text names, each to the end of its line or to what is no part of a call."""
    found = [line.partition("subsoil ")[2] for line in text.splitlines() if re.search(r"(?<!^)subsoil [a-z]+ ", line)]
    return [shlex.split(each) for each in found]


@pytest.mark.parametrize("name", STORES)
def test_every_hint_can_be_followed(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder with a blank in its name; the hints of the command, of info and of plot, and those of the hints."""
    Path("policies.csv").write_text("policy,ownership_share\nhalf,0.5\nnone,0\n")
    store = f"my results/{name}.zarr"
    assert main([*STORES[name], store]) == 0
    printed = capsys.readouterr()
    waiting, followed = [["info", store], *hints(printed.out + printed.err)], []
    assert len(waiting) > 1
    while waiting:
        call = waiting.pop()
        if call not in followed:
            followed.append(call)
            code, printed = main(call), capsys.readouterr()
            assert code == 0, f"subsoil {shlex.join(call)}: {printed.err}"
            waiting += hints(printed.out + printed.err)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "--worlds", "3", "--worlds", "4"], "--worlds"),
        (["run", "--terms", "2025-02-12", "--terms", "2025-04-30"], "--terms"),
        (["trade", "--seed", "1", "--seed", "2"], "--seed"),
        (["reasons", "--preset", "documented", "--preset", "as_reported"], "--preset"),
        (["reasons", "--terms", "2025-02-12", "--terms", "2025-02-12"], "twice"),
        (["reasons", "--set", "future_aid=1", "--set", "future_aid=2"], "twice"),
        (["reasons", "--terms", "2025-02-12", "--terms", "2025-04-30", "--drafts", "a.csv"], "--drafts"),
        (["windows", "--strengths", "0,0,1"], "gives a value twice"),
    ],
)
def test_what_is_given_twice_is_not_dropped(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refuses(arguments, words, capsys)


def test_a_near_name_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--worlds", "3", *SMALL, "--out", "a.zarr"]) == 0
    capsys.readouterr()
    fan = ["plot", "a.zarr", "--what", "fan", "--variable"]
    assert refuses([*fan, "peace"], "did you mean 'peace_holds'", capsys)
    assert refuses([*fan, "price_heavy_unitd_states"], "did you mean 'price_heavy_united_states'", capsys)


class Closed(io.StringIO):
    """What is printed to when whoever was reading has gone."""

    def write(self, _: str) -> int:
        """Raise what the system raises then."""
        raise BrokenPipeError(32, "Broken pipe")


@pytest.mark.parametrize("arguments", [["info", "presets"], ["sweep"], ["sweep", "--help"], []], ids=" ".join)
def test_whoever_stops_reading_is_not_told_of_it(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", Closed())
    assert main(arguments) == 0
    assert sys.stdout is None
