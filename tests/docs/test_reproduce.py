"""The tool that makes every shown result anew, on small files and small commands."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from matplotlib import image

from docs.reproduce.__main__ import main, texts
from docs.reproduce.blocks import Written, blocks_of
from docs.reproduce.comparison import unmarked
from docs.reproduce.facts import SOURCES
from docs.reproduce.results import ROOT, Printed, Source

PRINT = "python -c \"print('share 43.94\\nand -1,234.5 of them')\""
DRAW = "python -c \"import shutil; shutil.copy('{}', 'FOLDER/drawn.png')\""


def numbers(printed: Printed) -> dict[str, float | str]:
    first, last = printed.text.split()[1], printed.text.split()[3].replace(",", "")
    return {"share": float(first), "loss": float(last), "all": printed.text}


def picture(printed: Printed) -> dict[str, Path]:
    return {"picture": printed.folder / "drawn.png"}


@pytest.fixture
def drawn(tmp_path: Path) -> Path:
    """A picture that a command copies as if it drew it."""
    path = tmp_path / "made.png"
    image.imsave(path, np.tile(np.linspace(0, 1, 40), (30, 1)), cmap="gray")
    return path


def run(folder: Path, text: str, *options: str, draw: Path | None = None, command: str = PRINT) -> int:
    """What the tool says of one file with that text."""
    page = folder / "page.md"
    page.write_text(text, encoding="utf-8")
    sources = {"small": Source(command, numbers)}
    sources |= {"drawn": Source(DRAW.format(draw), picture)} if draw else {}
    return main([str(page), *options], sources, folder)


TEXT = """# A page of 2025

Since 2022-24, on 30 April, `x=5`, H2 and $1 - p$ are no results.

- <!-- reproduce: small.share, -, small.loss -->
  A share of 44 % in 7 years, and −1,234.5.

<!-- reproduce: small.all -->
```text
share 43.94 and
    -1,234.5 of them
```

<!-- not reproduced: a speed -->
| a | 17 |
|---|---|
"""


def test_what_is_right_passes_and_what_is_left_out_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, TEXT) == 0
    said = capsys.readouterr().out
    assert "page.md:14: a speed" in said
    assert "3 results in 1 files; none wrong" in said


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("44 %", "45 %", "page.md:5: 45 is written, 44 comes out (small.share)"),
        ("−1,234.5.", "−1,234.6.", "−1,234.6 is written, −1,234.5 comes out"),
        ("share 43.94 and", "share 43.95 and", "'share 43.95 and -1,234.5 of them' is written"),
        ("small.share, -,", "small.share,", "3 numbers (44 7 −1,234.5) and 2 names"),
        ("small.share", "small.shore", "no result is called small.shore"),
        ("<!-- not reproduced: a speed -->\n", "", "page.md:14: shows numbers (17) without a mark"),
        ("<!-- reproduce: small.all -->\n", "", "page.md:8: shows printed text without a mark"),
        ("reproduced: a speed", "reproduced: ", "needs its reason"),
    ],
)
def test_what_is_wrong_fails_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, message: str
) -> None:
    assert run(tmp_path, TEXT.replace(old, new)) == 1
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("no-such-command", "no-such-command: No such file or directory"),
        ('python -c "raise SystemExit(3)"', "ended with 3"),
        ("python -c \"print('nothing')\"", "lacks a result"),
    ],
)
def test_a_command_that_fails_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str, message: str
) -> None:
    assert run(tmp_path, TEXT, command=command) == 1
    assert message in capsys.readouterr().err


def test_update_rewrites_numbers_and_text_in_their_own_style(tmp_path: Path) -> None:
    wrong = TEXT.replace("44 %", "9 %").replace("−1,234.5.", "−1,234.0.").replace("43.94", "1.00")
    assert run(tmp_path, wrong, "--update") == 0
    assert main([str(tmp_path / "page.md")], {"small": Source(PRINT, numbers)}, tmp_path) == 0
    assert "A share of 44 % in 7 years, and −1,234.5." in (tmp_path / "page.md").read_text(encoding="utf-8")


def test_update_leaves_what_needs_judgement(tmp_path: Path) -> None:
    assert run(tmp_path, TEXT.replace("small.share, -,", "small.share,"), "--update") == 1


def test_update_leaves_what_was_changed_meanwhile(tmp_path: Path) -> None:
    """Runs take minutes, in which somebody may write in the same file."""
    path = tmp_path / "page.md"
    edit = (
        f"python -c \"p = r'{path}'; t = open(p).read(); open(p, 'w').write('new\\n' + t); print('share 1 and -2 of')\""
    )
    assert run(tmp_path, TEXT, "--update", command=edit) == 1
    assert path.read_text(encoding="utf-8") == "new\n" + TEXT


def test_a_picture_that_differs_fails_and_is_mended(tmp_path: Path, drawn: Path) -> None:
    text = "<!-- reproduce: drawn.picture -->\n![A picture](shown.png)\n"
    assert run(tmp_path, text, draw=drawn) == 1  # it is not there
    assert run(tmp_path, text, "--update", draw=drawn) == 0
    assert run(tmp_path, text, draw=drawn) == 0
    other = image.imread(tmp_path / "shown.png").copy()
    other[5:20, 5:20, :3] = 1.0
    image.imsave(tmp_path / "shown.png", other)
    assert run(tmp_path, text, draw=drawn) == 1
    image.imsave(tmp_path / "shown.png", other[:-3])  # another size
    assert run(tmp_path, text, draw=drawn) == 1


def test_a_picture_without_a_mark_fails(tmp_path: Path, drawn: Path) -> None:
    assert run(tmp_path, "![A picture](made.png)\n", draw=drawn) == 1


def test_a_file_that_is_not_there_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none.md")], {}, tmp_path) == 2
    assert "none.md" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "value", "written"),
    [
        ("0.9", 0.8686, "0.9"),
        (".35", 0.351, ".35"),
        ("+2.6", 1.0, "+1.0"),
        ("-5.4", 0.02, "0.0"),
        ("1,160", 987.6, "988"),
        ("988", 12345.6, "12,346"),
        ("−11.8", -3.14, "−3.1"),
    ],
)
def test_a_number_keeps_its_style(text: str, value: float, written: str) -> None:
    assert Written(0, text).rewritten(value) == written
    assert Written(0, written).agrees(value)


def test_only_the_newest_entry_of_a_changelog_is_held(tmp_path: Path) -> None:
    path = tmp_path / "CHANGELOG.md"
    path.write_text("# Changelog\n\n## 0.2.0\n\n- 5 new\n\n## 0.1.0\n\n- 7 old\n", encoding="utf-8")
    assert [each.text for block in blocks_of(path, path) for each in block.numbers] == ["5"]


@pytest.mark.parametrize("path", texts(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_result_of_the_texts_escapes(path: Path) -> None:
    """Every number, printed text and picture has a mark; the names are those of a command, as many as numbers."""
    blocks = blocks_of(path, path.relative_to(ROOT))
    assert not [message for block in blocks if (message := unmarked(block))]
    for block in blocks:
        if block.named is None:
            continue
        assert {name.partition(".")[0] for name in block.names} - {"-"} <= set(SOURCES), block.where
        assert len(block.names) == (len(block.numbers) if block.kind == "prose" else 1), block.where


def test_the_texts_show_results_of_every_command() -> None:
    named = {name.partition(".")[0] for path in texts() for block in blocks_of(path, path) for name in block.names}
    assert set(SOURCES) <= named
