"""The words of the Makefile that ask what a machine has."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.source_tree import ROOT


def browser(folder: Path, **programs: str) -> tuple[int, str]:
    """What `make browser` ends with and says on a machine that has only these programs, each a line of shell."""
    for name in ("sh", "make"):
        (folder / name).symlink_to(str(shutil.which(name)))
    for name, line in programs.items():
        path = folder / name.replace("_", "-")
        path.write_text(f"#!{folder / 'sh'}\n{line}\n", encoding="utf-8")
        path.chmod(0o755)
    done = subprocess.run(
        [str(folder / "make"), "--silent", "--no-print-directory", "SHELL=sh", "browser"],
        cwd=ROOT,
        env={"PATH": str(folder), "MAKEFLAGS": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["chromium", "google_chrome"])
def test_a_browser_that_is_there_is_taken(tmp_path: Path, name: str) -> None:
    assert browser(tmp_path, id="echo 0", **{name: "true"}) == (0, "")


@pytest.mark.parametrize(
    ("programs", "why"),
    [
        ({"id": "echo 1000", "apt_get": "exit 1"}, "only root may install it"),
        ({"id": "echo 0"}, "there is no apt-get to install it"),
        ({"id": "echo 0", "apt_get": "echo much; exit 100"}, "apt-get could not install it"),
    ],
)
def test_without_one_a_line_says_why_and_nothing_fails(tmp_path: Path, programs: dict[str, str], why: str) -> None:
    status, said = browser(tmp_path, **programs)
    assert status == 0
    left_out = f"Tests that need a browser will be left out: there is no Chromium, and {why}."
    assert said.splitlines()[-1] == left_out
    assert "much" not in said


def test_root_installs_it_without_being_asked_anything(tmp_path: Path) -> None:
    log = tmp_path / "calls"
    status, said = browser(tmp_path, id="echo 0", apt_get=f'echo "$DEBIAN_FRONTEND $*" >> {log}')
    assert status == 0 and said.startswith("Installing Chromium") and len(said.splitlines()) == 1
    update, install = log.read_text(encoding="utf-8").splitlines()
    assert update.endswith(" update")
    assert re.fullmatch(r"noninteractive .* install -y --no-install-recommends chromium", install)


def test_every_word_is_listed_and_phony() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    words = set(re.findall(r"^([a-z-]+):", text, re.M))
    phony = set(re.findall(r"^\.PHONY: (.*)", text, re.M)[0].split())
    described = set(re.findall(r"^([a-z-]+):.*## ", text, re.M))
    assert words == phony == described


def test_pins_of_every_kind_agree() -> None:
    """A package has one version, whatever is installed on top of what runs."""
    versions: dict[str, set[str]] = {}
    files = sorted(ROOT.glob("requirements*.txt"))
    for path in files:
        for name, version in re.findall(r"^([\w.-]+)==([^\s;]+)", path.read_text(encoding="utf-8"), re.M):
            versions.setdefault(name, set()).add(version)
    assert len(files) == 4
    assert not {name: several for name, several in versions.items() if len(several) > 1}
