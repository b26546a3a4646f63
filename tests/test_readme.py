"""README: its blocks work as they are pasted into a bare shell."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(sh|python)\n(.*?)^```", README.partition("## Ask your own question")[2], re.S | re.M)


@pytest.mark.slow
@pytest.mark.cases
def test_blocks_work_in_a_bare_shell(tmp_path: Path) -> None:
    """In the order in which they stand, after the activation that README gives; the code is that of this folder."""
    (tmp_path / ".venv").symlink_to(sys.prefix)
    lines = ["set -e"]
    for number, (language, block) in enumerate(BLOCKS):
        script = tmp_path / f"block{number}.py"
        if language == "python":
            script.write_text(block, encoding="utf-8")
        lines.append(block if language == "sh" else f"python {script.name}")
    bare = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    call = ["sh", "-c", "\n".join(lines)]
    done = subprocess.run(call, check=False, cwd=tmp_path, env=bare, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr and "usage" not in done.stderr.lower()
    for path in ("results/mine.csv", "results/mine.png", "results/slow.zarr", "pictures/matrix-market.png"):
        assert (tmp_path / path).exists()


@pytest.mark.slow
def test_the_ten_lines_are_those_of_the_demo(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from experiments.cli.app import main

    assert main(["demo", "--out", str(tmp_path / "results")]) == 0
    printed = capsys.readouterr().out.partition("\n\n")[0]
    written = README.partition("```text\n")[2].partition("```")[0]
    assert printed.split() == written.split()


def test_activation_comes_before_what_needs_it() -> None:
    assert BLOCKS[0] == ("sh", ". .venv/bin/activate\n")
    assert not re.search(r"^subsoil ", README.partition("## Ask your own question")[0], re.M)


def test_commands_of_the_readme_exist() -> None:
    from experiments.cli.app import COMMANDS

    known = {module.__name__.rpartition(".")[2] for module in COMMANDS}
    assert {name for name in re.findall(r"\bsubsoil ([a-z]+)\b", README)} <= known
